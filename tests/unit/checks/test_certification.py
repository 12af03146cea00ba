# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Partner certification: asked for by its name only, and nothing in the collection makes it look away."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.winops.hotpatch.tests import run_matrix
from ansible_collections.winops.hotpatch.tests.checks import __main__ as runner
from ansible_collections.winops.hotpatch.tests.checks import certification
from ansible_collections.winops.hotpatch.tests.checks.running import ROOT, CheckError, tracked_files

# What Red Hat's partner engineering lets nobody skip.
ENFORCED = {
    "command-instead-of-module",
    "command-instead-of-shell",
    "meta-no-info",
    "meta-runtime",
    "no-changed-when",
    "no-handler",
    "no-log-password",
    "package-latest",
    "risky-file-permissions",
    "risky-shell-pipe",
    "unnamed-task",
}
NOQA = re.compile(r"#\s*noqa:?\s*(.+)$", re.MULTILINE)


@pytest.mark.parametrize(
    ("wanted", "selected"),
    [([], False), (["lint"], False), (["certification"], True), (["cert-lint"], True), (["cert-2.16"], False)],
)
def test_certification_is_run_when_it_is_asked_for(wanted: list[str], selected: bool) -> None:
    assert runner.is_selected("certification", "cert-lint", wanted) is selected


def test_all_other_checks_are_run_unless_others_are_asked_for() -> None:
    groups = [(group, name) for group, name, dummy in runner.checks()]
    assert {group for group, name in groups if not runner.is_selected(group, name, [])} == {"certification"}
    parts = [name for group, name in groups if group == "certification"]
    assert parts == ["cert-lint", "cert-import", "cert-2.16", "cert-2.18", "cert-2.20"]


def test_versions_are_those_of_certification() -> None:
    pinned = {}
    for name in ("lint", "import"):
        text = (ROOT / "requirements" / f"certification-{name}.txt").read_text(encoding="utf-8")
        pinned[name] = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    assert (pinned["lint"]["ansible-core"], pinned["lint"]["ansible-lint"]) == ("2.16.0", "24.12.2")
    assert (pinned["import"]["ansible-core"], pinned["import"]["galaxy-importer"]) == ("2.16.0", "0.4.31")


def test_rows_need_no_requirements_of_their_own() -> None:
    known = {(row.core, row.windows) for row in run_matrix.ROWS}
    assert {(row.core, row.windows) for row in certification.ROWS} <= known


def test_missing_python_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_matrix, "find_python", lambda version: None)
    with pytest.raises(CheckError, match=r"needs Python 3\.12"):
        certification.environment("certification-lint")


def test_no_enforced_rule_is_skipped() -> None:
    config = yaml.safe_load((ROOT / ".ansible-lint").read_text(encoding="utf-8"))
    assert config["profile"] == "production"
    assert not {"skip_list", "warn_list", "enable_list", "rulesdir"} & set(config)
    assert not [path for path in tracked_files() if path.name in {".ansible-lint-ignore", "ansible-lint-ignore.txt"}]
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in tracked_files() if path.suffix in {".yml", ".yaml"}]
    skipped = {rule.split("[")[0] for text in texts for rules in NOQA.findall(text) for rule in re.split(r"[\s,]+", rules)}
    assert not skipped & ENFORCED


def test_only_the_documentation_beside_a_payload_is_ignored_by_sanity() -> None:
    allowed = {f"plugins/action/{name}.py action-plugin-docs" for name in ("field_probe", "package", "package_info")}
    files = sorted((ROOT / "tests" / "sanity").glob("ignore-*.txt"))
    assert [path.name for path in files] == ["ignore-2.16.txt", "ignore-2.17.txt"]
    for path in files:
        assert {line.split(" #")[0] for line in path.read_text(encoding="utf-8").splitlines()} == allowed
