# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlays that cannot be used: each is refused before any host is touched, with the file, the entry and the rule that it breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import CatalogError, load_catalog
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import NEXT_BASELINE

TOP = "line: ws2025\ngenerated: 2026-11-22\n"
MANY = "format: winops.hotpatch/catalog/1\ngenerated: 2026-11-22\n"
AUGUST = {"month": "2026-08", "kb": "KB5120228"}
HERE = "releases[1] 2026-08 KB5120228"
ADDED = "releases[1] 2026-10 KB5999001"
DOCUMENT = {"id": "2026-Oct", "title": "October", "revision": "1.0", "revised": "2026-10-13", "sha256": "0f" * 32}
CVE: dict[str, Any] = {"cve": "CVE-2026-12345", "month": "2026-10", "title": "A hole", "fixes": []}


def one(*entries: dict[str, Any], **more: Any) -> str:
    return yaml.safe_dump({"line": "ws2025", "generated": "2026-11-22", "releases": list(entries), **more})


def many(**more: Any) -> str:
    return yaml.safe_dump({"format": "winops.hotpatch/catalog/1", "generated": "2026-11-22", **more})


def new(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**NEXT_BASELINE, **changes}.items() if value != "absent"}


BAD: dict[str, tuple[str, str, str]] = {
    # The file as such.
    "empty": ("", "top level", "a mapping is expected, not NoneType"),
    "a key twice": (TOP + "releases: []\nreleases: []\n", "file", "the key 'releases' appears twice"),
    "a line twice": (MANY + "lines:\n  ws2025: {}\n  ws2025: {}\n", "file", "the key 'ws2025' appears twice"),
    "another format": ("format: winops.hotpatch/catalog/2\n", "top level", "format must be one of winops.hotpatch/catalog/1"),
    "both forms": (MANY + "line: ws2025\n", "top level", "unknown key 'line'"),
    "a line that is none": (many(lines={"ws2019": {}}), "lines", "unknown key 'ws2019'"),
    "a line without content": (many(lines={"ws2025": None}), "lines.ws2025", "a mapping is expected, not NoneType"),
    "no date": ("line: ws2025\n", "top level", "generated must be a date such as 2026-06-09, not None"),
    "a time for a date": (one(generated="2026-11-22T10:00:00"), "top level", "generated must be a date"),
    "a date without dashes": (one(generated="20261122"), "top level", "generated must be a date"),
    "a program": ("!!python/object/apply:os.system ['true']", "file", "is not YAML or JSON"),
    "a list in itself": (TOP + "releases: &all [*all]\n", "releases[1]", "a mapping is expected, not list"),
    "a text without end": (one({**AUGUST, "kind": "x" * 100_000}), HERE, "kind must be one of"),
    "too deep": ("[" * 20_000, "file", "is not YAML or JSON"),
    # Single fields.
    "a misspelt key": (one({**AUGUST, "witdrawn": True}), HERE, "unknown key 'witdrawn'; known keys are"),
    "no KB": (one({"month": "2026-08"}), "releases[1] 2026-08", "kb is missing"),
    "no month": (one({"kb": "KB5120228"}), "releases[1] KB5120228", "month is missing"),
    "a KB in small letters": (one({**AUGUST, "kb": "kb5120228"}), "releases[1] 2026-08 kb5120228", "kb must be KB and six to eight digits"),
    "a KB with a line break": (one({**AUGUST, "kb": "KB5120228\n"}), "releases[1] 2026-08", "kb must be KB and six to eight digits"),
    "a KB in other digits": (one({**AUGUST, "kb": "KB512022\u0668"}), "releases[1] 2026-08", "kb must be KB and six to eight digits"),
    "a build without quotes": (
        TOP + "releases:\n- {month: 2026-08, kb: KB5120228, build: 26100.33220}\n",
        HERE,
        "write the build in quotes",
    ),
    "a build of another line": (one({**AUGUST, "build": "26200.33222"}), HERE, "build 26200.33222 does not belong to this line, ws2025"),
    "yes for true": (one({**AUGUST, "withdrawn": "yes"}), HERE, "withdrawn must be true or false, not 'yes'"),
    "an empty note": (one({**AUGUST, "note": " "}), HERE, "note must be a string"),
    "a number among hosts": (
        one({**AUGUST, "denied": True, "reason": "r", "denied_except": ["a", 7]}),
        HERE,
        "denied_except must be a list",
    ),
    "planned out of band": (one({**AUGUST, "planned_kind": "oob_lcu"}), HERE, "planned_kind must be one of baseline, hotpatch"),
    # What one entry must make plain.
    "withdrawn without reason": (one({**AUGUST, "withdrawn": True}), HERE, "reason is missing: an entry with withdrawn: true must say why"),
    "denied without reason": (one({**AUGUST, "denied": True}), HERE, "reason is missing: an entry with denied: true must say why"),
    "a reason for nothing": (one({**AUGUST, "reason": "r"}), HERE, "reason belongs to withdrawn or denied"),
    "a date without denial": (one({**AUGUST, "denied_until": "2026-12-01"}), HERE, "denied_until has no meaning without denied: true"),
    "hosts without denial": (one({**AUGUST, "denied_except": ["a"]}), HERE, "denied_except has no meaning without denied: true"),
    "a correction of nothing": (one({**AUGUST, "kb": "KB5120229"}), "releases[1] 2026-08 KB5120229", "there is nothing to correct"),
    "incomplete": (one(new(restart="absent")), ADDED, "restart is missing: nothing earlier has KB5999001 of 2026-10 for ws2025"),
    "open and without build": (one(new(kind="unknown", build="absent")), ADDED, "build is missing"),
    "a day of another month": (one(new(released="2026-11-10")), ADDED, "released 2026-11-10 is not in month 2026-10"),
    "off Patch Tuesday": (one(new(released="2026-10-14")), ADDED, "is not the Patch Tuesday of 2026-10 (2026-10-13)"),
    "out of band on Patch Tuesday": (
        one(new(kind="oob_lcu", planned_kind="absent")),
        ADDED,
        "kind oob_lcu is out of band; say why in note",
    ),
    "a baseline that was planned otherwise": (one(new(planned_kind="hotpatch")), ADDED, "kind baseline contradicts planned_kind hotpatch"),
    "a baseline without restart": (one(new(restart=False)), ADDED, "restart cannot be false where kind is baseline"),
    "a baseline beside its update": (
        one(new(lcu_kb="KB5999002", lcu_build="26100.33700")),
        ADDED,
        "lcu_kb has no meaning where kind is baseline",
    ),
    "an alias that is no KB": (one({**AUGUST, "aliases": ["August"]}), HERE, "aliases must be"),
    "an alias of itself": (one({**AUGUST, "aliases": "KB5120228"}), HERE, "aliases has KB5120228 itself"),
    "an alias that installs itself": (
        one({**AUGUST, "aliases": ["KB5122871"]}),
        HERE,
        "KB5122871 is among the aliases of KB5120228 and installs",
    ),
    "an alias of two": (one({**AUGUST, "aliases": ["KB5100456"]}), HERE, "KB5100456 is an alias of KB5"),
    "half an update beside it": (one({**AUGUST, "lcu_build": None}), HERE, "lcu_kb and lcu_build go together"),
    "a hotpatch beside itself": (one({**AUGUST, "lcu_kb": "KB5120228"}), HERE, "lcu_kb is KB5120228 itself"),
    "a dispute that nobody explains": (one(new(disputed_build="26100.33651")), ADDED, "disputed_build needs a note"),
    "a dispute about nothing": (one(new(disputed_build="26100.33650", note="n")), ADDED, "disputed_build is 26100.33650 itself"),
    # The chain of a line.
    "twice in a file": (
        one(NEXT_BASELINE, NEXT_BASELINE),
        "releases[2] 2026-10 KB5999001",
        "KB5999001 of 2026-10 appears twice in this file",
    ),
    "a KB of another month": (one(new(kb="KB5120228")), "releases[1] 2026-10 KB5120228", "KB5120228 is already the release of 2026-08"),
    "a KB of a later month": (
        one(new(kb="KB5120228", month="2026-06", released="2026-06-10", note="n", kind="oob_lcu", planned_kind="absent")),
        "releases[1] 2026-06 KB5120228",
        "KB5120228 is already the release of 2026-08",
    ),
    "two baselines": (
        one(NEXT_BASELINE, new(kb="KB5999002", build="26100.33651")),
        "releases[2] 2026-10 KB5999002",
        "already has KB5999001",
    ),
    "a second hotpatch": (
        one(new(month="2026-08", released="2026-08-11", kind="hotpatch", planned_kind="hotpatch", restart=False, build="26100.33221")),
        "releases[1] 2026-08 KB5999001",
        "month 2026-08 already has KB5120228",
    ),
    "a build that falls": (one(new(build="26100.33437")), ADDED, "build 26100.33437 is not above 26100.33438"),
    "a build above the next": (one({**AUGUST, "build": "26100.33500"}), HERE, "build 26100.33500 is not below 26100.33438"),
    "a build on both sides": (
        one(new(kind="oob_hotpatch", planned_kind="absent", released="2026-09-15", month="2026-09", build="26100.33451", restart=False)),
        "releases[1] 2026-09 KB5999001",
        "which leaves the track; say in note of KB5999001 why",
    ),
    # The lines among each other.
    "two days of one KB": (
        one({"month": "2025-10", "kb": "KB5066835", "released": "2025-10-15", "note": "n"}),
        "releases[1] 2025-10 KB5066835",
        "released 2025-10-14 on win11_24h2",
    ),
    "two kinds of one KB": (
        one({"month": "2025-10", "kb": "KB5066835", "kind": "unplanned_baseline", "planned_kind": "hotpatch"}),
        "releases[1] 2025-10 KB5066835",
        "of kind baseline on win11_24h2",
    ),
    "on the track and off it": (
        many(lines={"win11_24h2": {"releases": [{"month": "2026-08", "kb": "KB5120994", "lcu_kb": "KB5122871"}]}}),
        "lines.win11_24h2.releases[1] 2026-08 KB5120994",
        "KB5122871 is the lcu_kb of KB5120994 and, on ws2025, KB5122871",
    ),
    # Everything else that a file may hold.
    "an announcement of something else": (
        one(announced=[{"month": "2026-12", "planned_kind": "unplanned_baseline"}]),
        "announced[1] 2026-12",
        "planned_kind must be one of baseline, hotpatch",
    ),
    "a component of another line": (
        one(component_updates=[{"kb": "KB5999003", "build": "20348.1"}]),
        "component_updates[1] KB5999003",
        "build",
    ),
    "an end that is not a date": (one(hotpatch_ends="soon"), "top level", "hotpatch_ends must be a date"),
    "a digest that is none": (many(documents=[{**DOCUMENT, "sha256": "0F" * 32}]), "documents[1] 2026-Oct", "sha256 must be 64"),
    "a document twice": (many(documents=[DOCUMENT, DOCUMENT]), "documents[2] 2026-Oct", "2026-Oct appears twice in this file"),
    "a CVE that is none": (many(cves=[{**CVE, "cve": "2026-12345"}]), "cves[1] 2026-12345 2026-10", "cve must be a name such as CVE-2026"),
    "a severity that is none": (
        many(cves=[{**CVE, "severity": "High"}]),
        "cves[1] CVE-2026-12345 2026-10",
        "severity must be one of Critical",
    ),
    "a fix on no line": (
        many(cves=[{**CVE, "fixes": [{"line": "ws2019", "kb": "KB5999001", "carrier": "lcu"}]}]),
        "cves[1] CVE-2026-12345 2026-10 fixes[1]",
        "line must be one of ws2022_azure",
    ),
    "a finding without decision": (
        many(findings=[{"month": "2026-10", "rule": "build_differs", "message": "It differs."}]),
        "findings[1] 2026-10",
        "decision must be a string, not None",
    ),
}


@pytest.mark.parametrize(("text", "entry", "rule"), BAD.values(), ids=BAD)
def test_a_bad_overlay_is_refused(tmp_path: Path, text: str, entry: str, rule: str) -> None:
    path = tmp_path / "overlay.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog([path])
    assert (caught.value.file, caught.value.entry) == (str(path), entry)
    assert rule in caught.value.rule
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"line": "ws2025", "line": "ws2025"}', "the key 'line' appears twice"),
        ('{"line": "ws2025", "generated": NaN}', "NaN is not a JSON value"),
        ("line: ws2025\n", "is not YAML or JSON"),
        ("[" * 100_000, "is not YAML or JSON"),
    ],
)
def test_bad_json_is_refused(tmp_path: Path, text: str, rule: str) -> None:
    """A file named .json is read as JSON and as nothing else."""
    path = tmp_path / "overlay.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"overlay\.json: file: ") as caught:
        load_catalog([path])
    assert rule in caught.value.rule


@pytest.mark.parametrize(("name", "limit"), [("overlay.yml", 8 * 1024 * 1024), ("overlay.json", 64 * 1024 * 1024)])
def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, name: str, limit: int) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(limit + 1)
    with pytest.raises(CatalogError, match=f"is larger than {limit} bytes"):
        load_catalog([path])


def test_the_second_of_two_overlays_is_named(tmp_path: Path) -> None:
    """Each is good by itself; it is the later one that does not fit, whichever that is."""
    for name, kb in (("a.yml", "KB5999001"), ("b.yml", "KB5999002")):
        (tmp_path / name).write_text(one(new(kb=kb)), encoding="utf-8")
        load_catalog([tmp_path / name])
    for order in (["a.yml", "b.yml"], ["b.yml", "a.yml"]):
        with pytest.raises(CatalogError, match="a month has one baseline") as caught:
            load_catalog([tmp_path / name for name in order])
        assert caught.value.file == str(tmp_path / order[1])


@pytest.mark.parametrize("mark", ["withdrawn", "denied"])
def test_a_reason_cannot_be_taken_away_alone(tmp_path: Path, mark: str) -> None:
    """The mark would stay, and nobody could say why; the mark has to go with it."""
    line = 'line: ws2025\ngenerated: "2026-11-22"\nreleases:\n  - month: "2026-08"\n    kb: KB5120228\n'
    (tmp_path / "1.yml").write_text(f'{line}    {mark}: true\n    reason: "Why."\n', encoding="utf-8")
    (tmp_path / "2.yml").write_text(f"{line}    reason: null\n", encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog([tmp_path])
    assert caught.value.file.endswith("2.yml")
    assert f"a release with {mark}: true must say why" in caught.value.rule
    (tmp_path / "2.yml").write_text(f"{line}    {mark}: false\n    reason: null\n", encoding="utf-8")
    assert load_catalog([tmp_path]).find("ws2025", "KB5120228") is not None
