# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role hands on every option that it takes, and a mark that names what is not there is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tools.generate import documentation, role_tasks
from ansible_collections.winops.hotpatch.tools.generate.documentation import SourceError

AFTER = ", written by `python -m tools.generate`\n"


def rendered(monkeypatch: pytest.MonkeyPatch, folder: Path, mark: str) -> str:
    """Return what stands between the marks, in a file that has but these."""
    modules, known = documentation.read_modules(), documentation.read_fragments()
    path = folder / "roles" / "any" / "tasks" / "main.yml"
    path.parent.mkdir(parents=True)
    path.write_text(f"before\n    # BEGIN {mark}{AFTER}    old: 1\n    # END options\nafter\n", encoding="utf-8")
    monkeypatch.setattr(role_tasks, "ROOT", folder)
    text = role_tasks.render_tasks(modules, known)[path]
    first, last = f"before\n    # BEGIN {mark}{AFTER}", "    # END options\nafter\n"
    assert text.startswith(first)
    assert text.endswith(last)
    return text.removeprefix(first).removesuffix(last)


def test_variables_for_the_internal_role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = rendered(monkeypatch, tmp_path, "internal_apply_ from baseline_ but intent").splitlines()
    assert '    internal_apply_restart_timeout: "{{ baseline_restart_timeout }}"' in lines
    assert '    internal_apply_catalog: "{{ baseline_catalog | default([], true) }}"' in lines
    # A hook is no option, and this role does not take the third.
    assert not [line for line in lines if any(name in line for name in ("intent: ", "drain", "deny_until"))]


def test_options_for_a_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = rendered(monkeypatch, tmp_path, "options of rollback from internal_apply_ but reason").splitlines()
    assert '    kb: "{{ internal_apply_kb | default(omit, true) }}"' in lines
    assert '    restart_policy: "{{ internal_apply_restart_policy }}"' in lines
    assert not [line for line in lines if "reason" in line or "intent" in line]


@pytest.mark.parametrize(
    "mark",
    ["options of updates from internal_apply_", "options of update from internal_apply_ but kbs", "internal_apply_ from cycle_ but drain"],
)
def test_a_mark_that_names_what_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mark: str) -> None:
    with pytest.raises(SourceError, match="names what is not there"):
        rendered(monkeypatch, tmp_path, mark)
