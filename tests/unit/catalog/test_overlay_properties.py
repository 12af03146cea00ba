# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every overlay: it is used or refused by name, and nothing that it forbids is ever installed."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, CatalogError, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import MONTHLY
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, change, decision_of, good_offer, host
from hypothesis import given
from hypothesis import strategies as st

LINE = "ws2025"
RECENT = [release for release in CATALOG.releases(LINE) if release.month >= "2026-04"]
DATES = ("2026-08-11", "2026-09-08", "2026-10-13", "2026-12-31", "2026-02-30")
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "released": st.sampled_from(DATES),
    "kind": st.sampled_from(["baseline", "unplanned_baseline", "hotpatch", "oob_hotpatch", "oob_lcu", "unknown", "other"]),
    "planned_kind": st.sampled_from(["baseline", "hotpatch", "unknown", None]),
    "build": st.sampled_from(["26100.33158", "26100.33223", "26100.33438", "26100.33650", "26100.1", "20348.1", 26100.5]),
    "disputed_build": st.sampled_from(["26100.33159", None]),
    "lcu_kb": st.sampled_from(["KB5999009", "KB5122871", None]),
    "lcu_build": st.sampled_from(["26100.33300", None]),
    "restart": st.sampled_from([True, False, None, "yes"]),
    "note": st.sampled_from(["A note.", "", None]),
    "withdrawn": st.booleans(),
    "denied": st.booleans(),
    "reason": st.sampled_from(["A reason.", None]),
    "denied_until": st.sampled_from([*DATES, None]),
    "denied_except": st.sampled_from([[], ["host1"], ["host2"], "host1", [7]]),
}
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Return an entry of a known release or of a new one, most often with few fields, and marked as often as not."""
    keys = [(release.month, release.kb) for release in RECENT]
    month, kb = draw(st.sampled_from([*keys, ("2026-10", "KB5999001"), ("2026-10", "KB5999002")]))
    fields = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=4, unique=True))
    entry = {"month": month, "kb": kb, **{field: draw(FIELDS[field]) for field in fields}}
    mark = draw(st.sampled_from(["withdrawn", "denied", None, None]))
    return {**entry, mark: True, "reason": "Marked."} if mark else entry


def load(*overlays: Any) -> Catalog | None:
    """Return the catalog with OVERLAYS, or None where they are refused, which must be by file, entry and rule."""
    with tempfile.TemporaryDirectory() as folder:
        for index, data in enumerate(overlays):
            (Path(folder) / f"{index}.json").write_text(json.dumps(data), encoding="utf-8")
        refused: CatalogError | None = None
        try:
            return load_catalog([folder])
        except CatalogError as error:
            refused = error
        assert refused.file.startswith(folder)
        assert refused.entry
        assert refused.rule
        assert "\n" not in str(refused)
        return None


def of_line(*releases: dict[str, Any]) -> dict[str, Any]:
    return {"line": LINE, "generated": "2026-11-22", "releases": list(releases)}


@given(st.lists(st.lists(entries(), max_size=3), min_size=1, max_size=2))
def test_what_is_used_makes_sense(files: list[list[dict[str, Any]]]) -> None:
    catalog = load(*(of_line(*releases) for releases in files))
    if catalog is None:
        return
    releases = catalog.releases(LINE)
    assert len({release.kb for release in releases}) == len(releases)
    chain = [release for release in releases if release.withdrawn is None and release.is_settled]
    months = [release.month for release in chain if release.kind in MONTHLY]
    assert len(set(months)) == len(months)
    builds = [release.build for release in chain if release.on_track and release.disputed_build is None]
    assert builds == sorted(builds)
    for release in releases:
        origin = catalog.origin(LINE, release.month, release.kb)
        assert set(origin.values()) <= {"built-in", *catalog.overlays}
        assert {"month", "released", "kind", "kb", "build"} <= origin.keys()


@given(st.lists(entries(), min_size=1, max_size=3), st.sampled_from(RECENT), st.sampled_from(["2026-07-20", "2026-08-20", "2026-09-20"]))
def test_nothing_forbidden_is_installed(releases: list[dict[str, Any]], running: Any, now: str) -> None:
    """Whatever host, offer and day: a withdrawn or denied release is not installed, and nothing is while a kind is open."""
    catalog = load(of_line(*releases))
    if catalog is None:
        return
    raw = change(host(LINE, "KB5082063", running.kb, now=now), offers=[good_offer(LINE, release.kb) for release in RECENT])
    for kb in (None, running.kb, "KB5120228", "KB5122871"):
        decision = decision_of(raw, now, restart="allowed", catalog=catalog, kb=kb)
        if decision.action.value != "install":
            continue
        assert decision.kb is not None
        release = catalog.find(LINE, decision.kb)
        assert release is None or (release.withdrawn is None and release.is_settled)
        moment = catalog.view(LINE, at(now))
        assert release is None or release.denial is None or not release.denial.applies_to("host1", moment.now)
        assert kb is not None or moment.open_question() is None


@given(JUNK, st.sampled_from(["lines", "documents", "cves", "findings", "generated", "format", "note", "other"]))
def test_junk_is_refused_or_used(junk: Any, key: str) -> None:
    """No other error than the one that names file, entry and rule comes out of any file."""
    many = {"format": "winops.hotpatch/catalog/1", "generated": "2026-11-22"}
    load(junk)
    load({**many, key: junk})
    load({**many, "lines": {LINE: junk}})
    load({**many, "lines": {LINE: {"releases": [junk]}}})
    load(of_line({"month": "2026-08", "kb": "KB5120228", "note": junk, "source": junk, "denied_except": junk}))
