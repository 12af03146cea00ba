# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module and its playbook, run by the real Ansible."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import SAMPLES, as_xml, document, fix, vulnerability
from ansible_collections.winops.hotpatch.tests.unit.msrc.web_server import Answer, serve

NEW = document(
    vulnerability("CVE-2026-90001", fix("KB5990001", "11923", "20348.6000"), fix("KB5990002", "11923", "20348.5950", "AzureHotpatch"))
)


@dataclass
class Done:
    """How a run of Ansible ended."""

    code: int
    output: str

    @property
    def result(self) -> dict[str, Any]:
        """The result of the module, as an ad-hoc command prints it."""
        found, _end = json.JSONDecoder().raw_decode(self.output.split("localhost | ", 1)[1].split("=> ", 1)[1])
        return dict(found)


def run(*command: str, folder: Path) -> Done:
    """Run Ansible as an operator does."""
    env = os.environ | {
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "ansible", *command], cwd=folder, capture_output=True, text=True, timeout=120, check=False, env=env
    )
    return Done(done.returncode, done.stdout + done.stderr)


def module(folder: Path, *flags: str, **options: Any) -> Done:
    """Run the module on localhost."""
    return run("adhoc", "localhost", "-m", "winops.hotpatch.catalog_update", "-a", json.dumps(options), *flags, folder=folder)


def playbook(folder: Path, *flags: str, **variables: Any) -> Done:
    """Run the playbook of the collection."""
    return run("playbook", "winops.hotpatch.catalog_update", "-e", json.dumps(variables), *flags, folder=folder)


def test_an_import_in_check_mode_then_for_real_then_again(tmp_path: Path) -> None:
    dest = tmp_path / "msrc.json"
    options = {"sources": [str(SAMPLES)], "dest": str(dest)}
    checked = module(tmp_path, "--check", "--diff", **options)
    assert checked.result["changed"] is True
    assert not dest.exists()
    assert "+ws2025 2026-08 KB5120228: kind hotpatch" in checked.output
    first = module(tmp_path, **options).result
    assert first["changed"] is True
    assert first["dest"] == str(dest)
    assert first["bytes"] == dest.stat().st_size
    assert first["cves"] == len(json.loads(dest.read_text())["cves"]) == 11
    assert [row["id"] for row in first["documents"]] == sorted(path.stem for path in SAMPLES.glob("*.json"))
    assert {row["line"] for row in first["releases"]} == {"ws2022_azure", "ws2025", "win11_24h2", "win11_25h2"}
    assert {row["rule"] for row in first["findings"]} >= {"restart_not_believed", "planned_hotpatch_not_found"}
    before = dest.read_bytes()
    again = module(tmp_path, "--diff", **options)
    assert again.result["changed"] is False
    assert dest.read_bytes() == before


def test_months_from_a_server_with_a_cache(tmp_path: Path) -> None:
    with serve() as server:
        server.answers["/cvrf/2026-Dec"] = [Answer(body=as_xml(NEW), headers={"ETag": '"1"'})]
        options = {
            "months": ["2026-12"],
            "url": f"{server.url}/cvrf",
            "dest": str(tmp_path / "msrc.json"),
            "cache": str(tmp_path / "cache"),
        }
        assert module(tmp_path, "--check", **options).result["changed"] is True
        assert not (tmp_path / "cache").exists()
        found = module(tmp_path, **options).result
        assert [(row["line"], row["kb"], row["kind"]) for row in found["releases"]] == [("ws2022_azure", "KB5990002", "hotpatch")]
        assert "1 of them not in the catalog" in found["msg"]
        assert module(tmp_path, **options).result["changed"] is False
        assert [headers.get("If-None-Match") for _path, headers in server.asked] == [None, None, '"1"']


BAD_OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing to read": ({}, "sources: is empty and so is months"),
    "no dest": ({"dest": None, "sources": [str(SAMPLES)]}, "dest"),
    "a month in words": ({"months": ["June 2026"]}, "months: 'June 2026' is not a month"),
    "a month too many": ({"months": ["2026-13"]}, "months: '2026-13' is not a month"),
    "a source that is missing": ({"sources": ["/no/such/folder"]}, "/no/such/folder: does not exist"),
    "a source of another scheme": ({"sources": ["file:///etc/passwd"]}, "neither http nor https"),
    "a url with a password": ({"sources": ["https://me:Secret1@example.com/x"]}, "https://example.com/x: holds a user or a password"),
    "a time-out of nothing": ({"sources": [str(SAMPLES)], "timeout": 0}, "timeout: 0 is below 1"),
    "retries below nothing": ({"sources": [str(SAMPLES)], "retries": -1}, "retries: -1 is below 0"),
    "a limit of nothing": ({"sources": [str(SAMPLES)], "max_bytes": 1}, "max_bytes: 1 is below 1024"),
    "a limit that is not a number": ({"sources": [str(SAMPLES)], "max_bytes": "many"}, "max_bytes"),
    "an option that is none": ({"sources": [str(SAMPLES)], "retry": 3}, "retry"),
    "a cache that is a file": ({"sources": [str(SAMPLES)], "cache": str(SAMPLES / "README.md")}, "cache: "),
    "a certificate that is missing": (
        {"sources": [str(SAMPLES)], "ca_path": "/no/such/ca.pem"},
        "ca_path: '/no/such/ca.pem' is not a file",
    ),
    "a key without its certificate": ({"sources": [str(SAMPLES)], "client_key": "/no/such/key.pem"}, "client_cert"),
    "a catalog that is none": ({"sources": [str(SAMPLES)], "catalog": [str(SAMPLES / "README.md")]}, "README.md"),
    "documents that are larger": ({"sources": [str(SAMPLES)], "max_bytes": 2048}, "is larger than 2048 bytes"),
    "a folder as dest": ({"sources": [str(SAMPLES)], "dest": str(SAMPLES)}, "is a folder"),
    "a folder that is missing": (
        {"sources": [str(SAMPLES)], "dest": "/no/such/folder/msrc.json"},
        "the folder /no/such/folder does not exist",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD_OPTIONS))
def test_bad_options_end_in_a_sentence_and_write_nothing(name: str, tmp_path: Path) -> None:
    options, message = BAD_OPTIONS[name]
    done = module(tmp_path, **{"dest": str(tmp_path / "msrc.json"), **options})
    assert done.code != 0
    assert message in done.output.replace("\\'", "'")
    assert "Secret1" not in done.output
    assert "Traceback" not in done.output
    assert not list(tmp_path.glob("*.json"))


def test_the_playbook_shows_what_is_open(tmp_path: Path) -> None:
    dest = tmp_path / "msrc.json"
    done = playbook(tmp_path, hotpatch_catalog_dest=str(dest), hotpatch_catalog_sources=str(SAMPLES), hotpatch_catalog_months=["2026-06"])
    assert done.code == 0, done.output
    assert "1 documents read: 4 releases found, 0 of them not in the catalog" in done.output
    assert "2026-06 ws2025: the document does not settle the kind of KB5094125" in done.output
    assert json.loads(dest.read_text())["documents"][0]["id"] == "2026-Jun"


@pytest.mark.parametrize("option", ["ca_path", "client_cert"])
def test_the_playbook_hands_on_the_files_for_https(option: str, tmp_path: Path) -> None:
    variables: dict[str, Any] = {f"hotpatch_catalog_{option}": "/no/such/file.pem", "hotpatch_catalog_months": ["2026-06"]}
    done = playbook(tmp_path, hotpatch_catalog_dest=str(tmp_path / "msrc.json"), **variables)
    assert done.code != 0
    assert f"{option}: '/no/such/file.pem' is not a file that can be read" in done.output


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "hotpatch_catalog_dest: "),
        ({"hotpatch_catalog_dest": "msrc.json"}, '"msrc.json\\" is not an absolute path'),
        ({"hotpatch_catalog_dest": "/catalog/msrc.json"}, "hotpatch_catalog_months: not set"),
        ({"hotpatch_catalog_dest": "/catalog/msrc.json", "hotpatch_catalog_months": ["June"]}, "is not a month. Write it like 2026-06"),
        ({"hotpatch_catalog_dest": "/catalog/msrc.json", "hotpatch_catalog_sources": [{"a": 1}]}, "is not a string"),
    ],
)
def test_the_playbook_checks_its_input(variables: dict[str, Any], message: str, tmp_path: Path) -> None:
    done = playbook(tmp_path, **variables)
    assert done.code != 0
    assert message in done.output
    assert "Import the documents" not in done.output
