# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README is short, says first what has not been proven, names every module, and its links work wherever it is shown."""

from __future__ import annotations

import re

from ansible_collections.winops.hotpatch.tests.guides import GUIDES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
HERE = "https://github.com/winops/hotpatch/blob/main/"
# Playbooks of the collection call these; nobody else does.
INTERNAL = "internal_"


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", text)


def test_it_is_short() -> None:
    assert len(README.split()) <= 900


def test_the_status_is_on_the_first_screen_and_before_the_installation() -> None:
    lines = README.splitlines()
    status = next(index for index, line in enumerate(lines) if "not yet run on Windows" in line)
    assert status < 25
    assert status < next(index for index, line in enumerate(lines) if "git clone" in line or "collection install" in line)


def test_links_are_absolute_and_lead_somewhere() -> None:
    for target in links(README):
        assert target.startswith("https://"), target
        if target.startswith(HERE):
            assert (ROOT / target.removeprefix(HERE).partition("#")[0]).exists(), target


def test_links_of_other_pages_lead_somewhere() -> None:
    for page in [ROOT / "CONTRIBUTING.md", *(ROOT / "roles").glob("*/README.md")]:
        for target in links(page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "#")):
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.name} points to {target}, which is not there"


def test_every_guide_is_linked() -> None:
    for guide in GUIDES.glob("*.rst"):
        assert f"{HERE}docs/docsite/rst/{guide.name}" in links(README), guide.name


def test_the_table_has_every_module() -> None:
    table = README.partition("## Modules")[2].partition("\n## ")[0]
    named = {name for line in table.splitlines() if line.startswith("| `") for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.yml")}
    assert named == {name for name in modules if not name.startswith(INTERNAL)}
