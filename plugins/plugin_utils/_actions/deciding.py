# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a decision to what a module returns and a run record keeps."""

from __future__ import annotations

from typing import Any

from .._decision.decide import Decision
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._run_records.store import DUE

# What a run record says where nothing was done.
OUTCOME_OF_ACTION = {"refuse": "refused", "wait": "waiting", "none": "none"}
# And where it is still to be done.
OUTCOME_OF_DUE = {"install": DUE, "restart": DUE}
WOULD = {"install": "would_install", "restart": "would_restart"}


def note_decision(run: RunRecord, before: Record, decision: Decision) -> None:
    """Put what was seen and decided into RUN."""
    run.before = before.to_dict()
    run.decision = decision.to_dict()
    run.line = before.to_dict()["os"].get("product_line")
    run.month = run.decision.get("month") or (run.before.get("month") or {}).get("month")


def acts(decision: Decision) -> bool:
    """Return True if DECISION changes the host."""
    return str(decision.action) in WOULD


def sentence(decision: Decision) -> str:
    """Return DECISION as one line for people."""
    data = decision.to_dict()
    parts = [str(data["action"])]
    if data.get("code"):
        parts.append(str(data["code"]))
    if data.get("kb"):
        parts.append(str(data["kb"]))
    text = f"{' '.join(parts)}: {data.get('reason') or ''}".strip()
    return f"{text} {data['remedy']}" if data.get("remedy") else text


def diff(before: Record, decision: Decision, after: Record | None = None) -> dict[str, str]:
    """Return the diff of a run: what is in force before, and after it (in check mode: what would be)."""
    data = decision.to_dict()
    new = _lines(after.to_dict()) if after else _expected(before.to_dict(), data)
    return {"before_header": before.host, "after_header": before.host, "before": _lines(before.to_dict()), "after": new}


def _lines(record: dict[str, Any]) -> str:
    in_force = record.get("in_force") or {}
    return f"state: {record.get('state')}\nin force: {in_force.get('release_kb')} ({in_force.get('build')})\n"


def _expected(record: dict[str, Any], decision: dict[str, Any]) -> str:
    if decision["action"] == "install":
        return f"state: current\nin force: {decision.get('kb')} ({decision.get('build')})\n"
    return _lines(record)
