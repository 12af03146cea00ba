# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write docs/docsite/rst/reference.rst, the tables of states and refusals, from the code that gives them.

Usage: python -m tools.generate.reference [--check]. With --check nothing is written, and the exit code is 1 if the file is not up to date.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path

importlib.import_module("tests.conftest")  # makes the checkout importable as a collection

from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import TEXTS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import MEANING, SEVERITY, State

PAGE = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "reference.rst"
# A code that no run gives yet is not listed.
RESERVED = {"plan_drift"}
TEMPLATE = """\
.. Copyright: (c) 2026, winops.hotpatch contributors
.. GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Written by python -m tools.generate.reference; edit plugin_utils/_record/state.py and plugin_utils/_decision/refusals.py instead.

.. _ansible_collections.winops.hotpatch.docsite.reference:

States and refusals
===================

States
------

Each host has exactly one state. It is derived from independent answers (eligibility, enrollment, track, offers, in force, restart,
health), and the first state in this list that fits is the one shown. The record of the host has the reason and the next step.

{states}
Severities: ``good`` needs nothing, ``info`` is a normal condition, ``warn`` asks for planned work, ``bad`` asks for a person now,
and ``unknown`` means that the answer is missing. An unknown host never counts as good.

Refusals
--------

A refusal is a result and not a failure: the host is left as it is, and the record says why and what to do. The codes are stable, so
playbooks and reports may match on them. A role fails on a refusal only with ``hotpatch_on_refusal: fail``.

{refusals}"""


def list_table(*rows: Iterable[str]) -> str:
    """Return ROWS as a table in reStructuredText, the first one as its header, with a line feed at its end."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'* -' if index == 0 else '  -'} {cell}" for index, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def render() -> str:
    """Return the whole text of the page."""
    states = [(f"``{state}``", MEANING[state], f"``{SEVERITY[state]}``") for state in State]
    refusals = [(f"``{code}``", f"{text.title}.", text.remedy) for code, text in TEXTS.items() if code not in RESERVED]
    return TEMPLATE.format(
        states=list_table(("state", "meaning", "severity"), *states),
        refusals=list_table(("code", "meaning", "what to do"), *refusals),
    )


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; return the exit code: 0, 1 for a page that is not up to date, 2 for unknown arguments."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    text = render()
    if not arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE.name} is not up to date: run python -m tools.generate.reference", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
