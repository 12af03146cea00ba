# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input ends in an error that names option, value and remedy, before anything is sent to a host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

# name: (module, arguments, what the message must say)
BAD: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "restart policy": ("update", {"restart_policy": "sometimes"}, ["restart_policy", "sometimes", "never, planned, allowed"]),
    "intent": ("update", {"intent": "patch"}, ["intent", "patch", "auto, hotpatch, baseline, lcu"]),
    "unknown option": ("update", {"reboot": True}, ["reboot", "Supported parameters"]),
    "kb of letters": ("update", {"kb": "newest"}, ["kb", "newest", "KB5094125"]),
    "kb too short": ("update", {"kb": "KB1"}, ["kb", "KB1", "KB5094125"]),
    "kb as a pattern": ("update", {"kb": "KB5094125.*"}, ["kb", "KB5094125.*"]),
    "as_of is not a date": ("update", {"as_of": "soon"}, ["as_of", "soon", "2026-06-09"]),
    "as_of is not a real day": ("host_info", {"as_of": "2026-02-30"}, ["as_of", "2026-02-30", "ISO 8601"]),
    "timeout is not a number": ("update", {"restart_timeout": "long"}, ["restart_timeout", "long"]),
    "timeout is nought": ("update", {"restart_timeout": 0}, ["restart_timeout", "0", "1200"]),
    "server selection": ("update", {"server_selection": "wsus"}, ["server_selection", "wsus", "managed_server"]),
    "file without kb": ("update", {"source": "C:\\b.msu"}, ["kb", "missing", "source"]),
    "checksum without file": ("update", {"sha256": "0" * 64}, ["sha256", "source"]),
    "checksum": ("update", {"kb": "KB5094125", "source": "C:\\b.msu", "sha256": "12ab"}, ["sha256", "12ab", "64"]),
    "catalog is not there": ("update", {"catalog": ["/nowhere/releases.yml"]}, ["catalog", "/nowhere/releases.yml"]),
    "catalog is not YAML": ("update", {"catalog": ["{folder}/broken.yml"]}, ["catalog", "broken.yml"]),
    "catalog of an unknown line": ("update", {"catalog": ["{folder}/line.yml"]}, ["catalog", "line.yml", "ws2031"]),
    "catalog with an unknown kind": ("update", {"catalog": ["{folder}/kind.yml"]}, ["catalog", "kind.yml", "warmpatch"]),
    "catalog with a month that is none": ("update", {"catalog": ["{folder}/month.yml"]}, ["catalog", "month.yml", "2026-14"]),
    "catalog with a bad build": ("update", {"catalog": ["{folder}/build.yml"]}, ["catalog", "build.yml", "26100"]),
    "policy is not a mapping": ("update", {"policy": "strict"}, ["policy", "strict"]),
    "hold is not a mapping": ("update", {"policy": {"hold": True}}, ["policy.hold", "true", "reason, owner, from, until"]),
    "hold that is a word": ("update", {"policy": {"hold": "yes"}}, ["policy.hold", '"yes"', "reason, owner, from, until"]),
    "freezes that are a text": ("update", {"policy": {"freezes": "December"}}, ["policy.freezes", "December", "Write a list"]),
    "a window that is a list": ("update", {"policy": {"windows": [[]]}}, ["policy.windows[0]", "[]", "from, to"]),
    "a freeze that is null": ("update", {"policy": {"freezes": [None]}}, ["policy.freezes[0]", "null", "from and to"]),
    "a denial that is null": ("update", {"policy": {"deny": [None]}}, ["policy.deny[0]", "null", "KB5070881"]),
    "an age beyond measure": ("update", {"policy": {"observation_max_age_hours": 10**30}}, ["observation_max_age_hours", "87600"]),
    "leaving the track unasked": ("update", {"policy": {"leave_track": True}}, ["policy.leave_track", "owner and reason"]),
    "policy with an unknown key": ("update", {"policy": {"denied": []}}, ["denied", "deny"]),
    "denied kb": ("update", {"policy": {"deny": ["everything"]}}, ["deny", "everything", "KB5070881"]),
    "hold without reason": ("update", {"policy": {"hold": {"owner": "x"}}}, ["hold", "reason"]),
    "freeze that runs backwards": (
        "update",
        {"policy": {"freezes": [{"from": "2026-12-31", "to": "2026-12-01"}]}},
        ["freezes", "2026-12-01"],
    ),
    "window without an end": ("update", {"policy": {"windows": [{"from": "2026-12-31"}]}}, ["windows", "to"]),
    "records is a file": ("update", {"records": "{folder}/broken.yml"}, ["records", "broken.yml", "folder"]),
    "records are a truth": ("update", {"records": True}, ["records", "True", "absolute path"]),
    "records are relative": ("update", {"records": "./records"}, ["records", "./records", "absolute path"]),
    "records of nobody": ("update", {"records": "~nosuchuser/records"}, ["records", "nosuchuser", "absolute path"]),
    "catalog without data": ("update", {"catalog": ["{folder}/nothing"]}, ["catalog", "nothing", "no file of release data"]),
    "time beyond measure": ("update", {"restart_timeout": 10**30}, ["restart_timeout", "604800"]),
    "time in parts": ("update", {"restart_timeout": 10.5}, ["restart_timeout", "10.5", "whole number"]),
    "last day of all": ("update", {"as_of": "9999-12-31T23:59:59Z"}, ["as_of", "9999", "2000 to 2100"]),
    "first day of all": ("update", {"as_of": "0001-01-01T00:00:00+14:00"}, ["as_of", "0001", "ISO 8601"]),
    "rollback until yesterday": ("rollback", {"deny_until": "2020-01-01"}, ["deny_until", "2020-01-01", "nothing would be denied"]),
    "gather": ("host_info", {"gather": ["everything"]}, ["gather", "everything", "offers"]),
    "rollback until": ("rollback", {"deny_until": "never"}, ["deny_until", "never", "2026-06-09"]),
    "rollback kb": ("rollback", {"kb": "all"}, ["kb", "all", "KB5094125"]),
    "package without path": ("package", {"state": "present"}, ["path", "missing", "present"]),
    "package without identity": ("package", {"state": "absent"}, ["identity", "missing", "absent"]),
    "package with both": ("package", {"state": "absent", "identity": "x", "path": "C:\\b.msu"}, ["path", "absent"]),
    "package with identity and kb": ("package", {"state": "absent", "identity": "x", "kb": "KB5094125"}, ["exclusive", "identity", "kb"]),
    "package with an empty path": ("package", {"state": "present", "path": ""}, ["path", "empty"]),
    "package with a null path": ("package", {"state": "present", "path": None}, ["path", "missing", "present"]),
    "file whose name is empty": ("update", {"source": "", "sha256": "0" * 64}, ["source", "empty"]),
    "checkpoint without file": ("update", {"prerequisites": [{"path": "C:\\a.msu"}]}, ["prerequisites", "source"]),
    "package state": ("package", {"state": "installed"}, ["state", "installed", "present, absent"]),
}

ENTRY = """line: {line}
generated: "2026-11-22"
releases:
  - month: "{month}"
    released: "2026-10-13"
    kind: {kind}
    planned_kind: baseline
    kb: KB5999999
    build: "{build}"
    restart: true
    confidence: documented
    source: ["https://support.microsoft.com/help/5999999"]
"""
GOOD = {"line": "ws2025", "month": "2026-10", "kind": "baseline", "build": "26100.33650"}
FILES = {"line": {"line": "ws2031"}, "kind": {"kind": "warmpatch"}, "month": {"month": "2026-14"}, "build": {"build": "26100"}}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, fleet_type: Any) -> Any:
    """Each bad input in a task of one play, over one simulated host that must never hear of it."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "nothing" / "within").mkdir(parents=True)
    (folder / "nothing" / "within" / "overlay.yml").write_text(ENTRY.format(**GOOD))
    (folder / "broken.yml").write_text("line: [ws2025\n")
    for name, change in FILES.items():
        (folder / f"{name}.yml").write_text(ENTRY.format(**{**GOOD, **change}))
    fleet = fleet_type(folder)
    tasks = []
    for name, (module, args, _words) in BAD.items():
        filled: dict[str, Any] = {
            key: [str(item).format(folder=folder) for item in value] if key == "catalog" else value for key, value in args.items()
        }
        if isinstance(filled.get("records"), str):
            filled["records"] = filled["records"].format(folder=folder)
        tasks.append({f"winops.hotpatch.{module}": filled, "name": name, "ignore_errors": True})
    return fleet, fleet.play(*tasks)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_refused_by_name(outcome: Any, name: str) -> None:
    _fleet, run = outcome
    assert run.status("srv01", name) == "failed"
    message = run.of("srv01", name)["msg"]
    for word in BAD[name][2]:
        assert word in message, f"{message!r} does not say {word!r}"


def test_nothing_was_sent_to_the_host(outcome: Any) -> None:
    fleet, run = outcome
    assert len([entry for entry in run.results if entry["status"] == "failed"]) == len(BAD) >= 25
    assert not fleet.truth.exists()
    assert not fleet.calls.exists() or not list(Path(fleet.calls).iterdir())


def test_the_good_overlay_is_taken(fleet: Any) -> None:
    """The counterproof: the same file without its mistake is not a bad input."""
    (fleet.folder / "good.yml").write_text(ENTRY.format(**GOOD))
    fleet.now = "2026-10-13"
    fleet.hosts = {"srv01": {"start_kb": "KB5122871"}}
    run = fleet.play({"winops.hotpatch.update": {"as_of": fleet.now, "catalog": [str(fleet.folder / "good.yml")]}})
    decision = run.of("srv01")["decision"]
    assert (decision["kb"], decision["code"]) == ("KB5999999", "restart_not_allowed"), run.output
