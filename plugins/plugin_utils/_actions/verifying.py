# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a verification to the outcome of a run."""

from __future__ import annotations

from .._decision.decision import Action, Decision
from .._decision.verification import Verification, VerificationVerdict, restarts_between
from .._host.restart_journal import RestartKind
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.moments import utc_text
from .._values.outcome import Outcome

_OUTCOME_OF_VERDICT = {
    VerificationVerdict.VERIFIED: Outcome.INSTALLED,
    VerificationVerdict.UNVERIFIED: Outcome.UNVERIFIED,
    VerificationVerdict.DEGRADED: Outcome.UNVERIFIED,
    VerificationVerdict.RESTART_PENDING: Outcome.UNVERIFIED,
    VerificationVerdict.ROLLED_BACK: Outcome.FAILED,
    VerificationVerdict.FAILED: Outcome.FAILED,
}


def outcome_of(decision: Decision, verification: Verification, *, ok: bool) -> Outcome:
    """Return the outcome of a run that carried DECISION out. OK says that it met no error on the way."""
    if not ok:
        return Outcome.FAILED
    found = _OUTCOME_OF_VERDICT[verification.verdict]
    return Outcome.RESTARTED if found is Outcome.INSTALLED and decision.action is Action.RESTART else found


def note_restarts(run: RunRecord, before: Record, after: Record, *, allowed: bool) -> None:
    """Put into RUN the restarts between the records BEFORE and AFTER that it did not ask for. ALLOWED says that the host had leave."""
    asked = sum(entry["allowed"] for entry in run.restarts)
    found = restarts_between(before, after, allowed=allowed, asked=asked, run_id=run.run_id)
    run.restart_journal += [entry.to_dict() for entry in found]
    unwanted = [entry for entry in found if entry.kind is RestartKind.NOT_ALLOWED]
    run.restarts += [{"at": utc_text(entry.at), "allowed": False, "cause": entry.cause} for entry in unwanted]
