# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that are imported are text: in the overlay, in the difference that is shown and in the catalog that they make.

Like the failures of hosts, this is run on the oldest ansible-core that is supported as well, which takes what is raised for a template.
"""

from __future__ import annotations

import json

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_answers import make_collection
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, Played, template
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import document, fix, vulnerability


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """Documents whose texts are hostile are imported, shown as a difference, and the catalog that they make is shown."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "documents").mkdir()
    text = f"{template('document')}\x1b[2J\nws2025 2026-10 KB9999999: kind hotpatch"
    found = vulnerability(
        "CVE-2026-90001",
        fix("KB5990001", "12436", "26100.39000", text),
        fix("KB5990002", "12436", f"={text}", text, restart=text, supersedes=text, url=text),
    )
    found["Title"]["Value"] = text
    found["RevisionHistory"][0]["Number"] = text
    data = document(found, number=text)
    data["DocumentTitle"]["Value"] = text
    (folder / "documents" / f"{template('document')}.json").write_text(json.dumps(data), encoding="utf-8")
    inventory = folder / "inventory.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    given = {
        "hotpatch_catalog_dest": str(folder / "msrc.json"),
        "hotpatch_catalog_sources": [str(folder / "documents")],
    }
    shown = {"hotpatch_catalog": [str(folder / "msrc.json")], "hotpatch_catalog_compare_with": [], "hotpatch_catalog_lines": ["ws2025"]}
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller"))}
    return {
        "update": Played(
            folder, run_playbook(folder, "winops.hotpatch.catalog_update", inventory, "--diff", "-e", json.dumps(given), env=env)
        ),
        "show": Played(folder, run_playbook(folder, "winops.hotpatch.catalog", inventory, "-e", json.dumps(shown), env=env)),
    }


@pytest.mark.parametrize("step", ["update", "show"])
def test_documents_are_text(imported: dict[str, Played], step: str) -> None:
    found = imported[step]
    assert found.run.returncode == 0, found.run.output
    assert not list(found.folder.rglob("mark-of-*"))
    assert PRODUCT not in found.run.output + json.dumps(found.run.results)
    assert {character for character in found.run.output if not character.isprintable()} <= {"\n"}
    assert not [line for line in found.run.output.splitlines() if line.lstrip("+ ").startswith("ws2025 2026-10 KB9999999")]


def test_the_overlay_can_be_read_by_people(imported: dict[str, Played]) -> None:
    text = (imported["update"].folder / "msrc.json").read_text(encoding="utf-8")
    assert text.isascii()
    assert "\\u202e" not in text
    assert "\\u001b" not in text
