# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of states and refusals is the one that the code gives, and its check notices a page that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import TEXTS, Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import MEANING, SEVERITY, State
from ansible_collections.winops.hotpatch.tests.guides import read_guide, table_rows
from ansible_collections.winops.hotpatch.tools.generate import reference


def test_the_page_is_up_to_date() -> None:
    assert reference.main(["--check"]) == 0


def test_an_old_page_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reference, "PAGE", tmp_path / "reference.rst")
    assert reference.main(["--check"]) == 1
    reference.PAGE.write_text(reference.render() + "By hand.\n", encoding="utf-8")
    assert reference.main(["--check"]) == 1
    assert "python -m tools.generate.reference" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert reference.main(["--chekc"]) == 2


def test_every_state_and_refusal_is_on_it() -> None:
    rows = table_rows(read_guide("reference"))
    for state in State:
        assert (f"``{state}``", MEANING[state], f"``{SEVERITY[state]}``") in rows
    for code in set(Refusal) - {Refusal.PLAN_DRIFT}:
        assert (f"``{code}``", f"{TEXTS[code].title}.", TEXTS[code].remedy) in rows
