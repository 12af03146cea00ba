# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host says is data, all the way from its registry and its update client to the run record: never templated, executed or escaped.

The payload makes one line of a text, without control characters and of 300 characters at most; beyond that a text arrives as it is.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.hosts import WINDOWS, offer, server_2025, with_registry
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, USER, Wire

MARK = "hotpatch-was-executed"
LIMIT = 300
# As the host has it, and as the record must have it.
TITLES = {
    "html": ("<script>alert('1')</script> &lt;b&gt; \"quoted\" &amp;", None),
    "template": (f"{{{{ lookup('pipe', 'touch {MARK}') }}}} {{% set x = 1 %}} {{# no comment #}} {{{{ 7 * 7 }}}}", None),
    "powershell": (f"$(New-Item {MARK}) `\"; New-Item {MARK}; exit 1 # '@ $env:PATH", None),
    "json": ('{"changed": true, "ansible_facts": {"ansible_connection": "local"}, "unreachable": true}', None),
    "markers": ("#< CLIXML !unsafe !vault __ansible_unsafe $REDACTED$ VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", None),
    "backslashes": (r"C:\Windows\new\temp \\host\share \u0041 %SystemRoot% \", \x00", None),
    "letters": ("Größe 更新プログラム обновление \u201equoted\u201c e\u0301 \U0001f525 \U0001f468\u00b7", None),
    "escapes": ("\x1b[31mred\x1b[0m \x07bell \x9b31m", "[31mred [0m bell 31m"),
    "lines": ("first\r\nsecond\n\tthird\u2028fourth\u202efifth\u0000sixth", "first second third fourth fifth sixth"),
    "limit": ("é" * LIMIT, None),
    "megabyte": ("x{{ 7 * 7 }}" * 90_000, ("x{{ 7 * 7 }}" * 90_000)[:LIMIT]),
}
EXPECTED = {f"KB60000{number:02}": (text if kept is None else kept) for number, (text, kept) in enumerate(TITLES.values())}
OFFERS = [offer(f"KB60000{number:02}", title=text) for number, (text, _dummy) in enumerate(TITLES.values())]
TEMPLATE, HTML = TITLES["template"][0], TITLES["html"][0]
VALUES = {"EditionID": TEMPLATE, "DisplayVersion": HTML, "InstallationType": TITLES["letters"][0]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def ran(wire: Wire, folder: Path) -> Run:
    """A play that keeps a record, and uses what it was told in a template, as users do."""
    host = with_registry(server_2025(offers=OFFERS), {WINDOWS: VALUES})
    host["packages"][0]["Description"] = TEMPLATE
    wire.host("hostile", host)
    ask = {"as_of": NOW, "records": str(folder / "records"), "keep_record": True}
    return wire.play(
        folder,
        ["hostile"],
        {"name": "ask", "winops.hotpatch.host_info": ask, "register": "info"},
        {"name": "use", "ansible.builtin.set_fact": {"titles": "{{ info.record.offers | map(attribute='title') | list }}"}},
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ titles }} {{ info.record.os.edition_id }}"}},
        more=("-vvvv",),
    )


def test_titles_arrive_as_they_are(ran: Run) -> None:
    assert ran.returncode == 0, ran.output
    record = ran.of("hostile", "ask")["record"]
    assert {entry["kb"]: entry["title"] for entry in record["offers"]} == EXPECTED
    assert [entry["title"] for entry in ran.of("hostile", "ask")["observation"]["offers"]] == list(EXPECTED.values())


def test_registry_values_arrive_as_they_are(ran: Run) -> None:
    found = ran.of("hostile", "ask")["record"]["os"]
    assert (found["edition_id"], found["display_version"], found["installation_type"]) == tuple(VALUES.values())


def test_using_them_in_a_template_does_not_template_them(ran: Run) -> None:
    assert ran.of("hostile", "use")["ansible_facts"]["titles"] == list(EXPECTED.values())
    assert TEMPLATE in str(ran.of("hostile", "show")["msg"])


def test_nothing_was_executed(ran: Run, wire: Wire, folder: Path) -> None:
    assert ran.results
    assert not [path for place in (folder, wire.root, Path.cwd()) for path in place.rglob(MARK)]
    assert len(wire.endpoint.of("hostile", "Command")) == 1


def test_the_answer_says_nothing_about_itself(ran: Run) -> None:
    """A text that looks like a result is none."""
    result = ran.of("hostile", "ask")
    assert result["changed"] is False
    assert "ansible_facts" not in result
    assert "unreachable" not in result


def test_the_terminal_is_left_alone(ran: Run) -> None:
    assert "\x1b" not in ran.output
    assert "\x07" not in ran.output


def run_record(folder: Path) -> tuple[str, dict[str, Any]]:
    (path,) = (folder / "records" / "hostile").glob("*.json")
    text = path.read_text(encoding="utf-8")
    return text, json.loads(text)


def test_run_record_has_them_as_they_are(ran: Run, folder: Path) -> None:
    text, data = run_record(folder)
    assert data["decision"] == ran.of("hostile", "ask")["decision"]
    assert data["before"] == ran.of("hostile", "ask")["record"]
    assert [entry["title"] for entry in data["before"]["offers"]] == list(EXPECTED.values())
    assert len(text) < 50_000, "a host can make the files of the controller grow"


def test_the_password_is_nowhere(ran: Run, wire: Wire, folder: Path) -> None:
    forms = (
        wire.password,
        base64.b64encode(wire.password.encode()).decode(),
        base64.b64encode(f"{USER}:{wire.password}".encode()).decode(),
    )
    told = {
        "output": ran.output,
        "results": json.dumps(ran.results),
        "record": run_record(folder)[0],
        "endpoint": repr(wire.endpoint.operations) + repr(wire.endpoint.refused),
    }
    assert "ESTABLISH WINRM CONNECTION" in ran.output
    assert [name for name, text in told.items() for form in forms if form in text] == []
    left = [path for path in folder.rglob("*") if path.is_file() and wire.password in path.read_text(encoding="utf-8", errors="replace")]
    assert [path.name for path in left] == ["inventory.json"]
