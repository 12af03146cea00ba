# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every host, however strange: no restart that is not allowed, no way off the track, no good state from garbage."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decide import Action
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.offers import LEAVING, class_of_kb
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import SEVERITY
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    ANSWERED,
    CATALOG,
    LINES,
    Raw,
    builds_of,
    change,
    decision_of,
    host,
    offer,
    record_of,
)
from hypothesis import given
from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just("2026-08-20T18:00:00Z"), st.just("KB5120228")
)
JSON = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)), max_leaves=12
)
NOWS = ("2025-10-25", "2025-11-12", "2026-06-10", "2026-07-20", "2026-08-20", "2026-09-20", "2026-11-15", "2026-12-20")


@st.composite
def hosts(draw: st.DrawFn) -> tuple[str, Raw]:
    """Return a line and a host of it: any releases installed, anything offered, things out of order."""
    line = draw(st.sampled_from(LINES))
    known = sorted(builds_of(line))
    recent = [release.kb for release in CATALOG.releases(line)][-16:]
    installed = draw(st.lists(st.sampled_from(recent + known), min_size=1, max_size=3, unique=True))
    raw = host(line, *installed)
    offers = draw(
        st.lists(
            st.builds(
                offer,
                st.sampled_from([*recent, *known, "KB5111111"]),
                restart_check=st.sampled_from([True, False, None, "not_asked", "none"]),
                behavior=st.sampled_from([None, 0, 1, 2]),
                title=st.sampled_from([None, ".NET Framework", "Driver"]),
            ),
            max_size=4,
        )
    )
    causes = draw(st.lists(st.sampled_from(["windows_update", "pending_file_rename", "odd"]), max_size=1))
    raw = change(raw, offers=offers, pending={"causes": [{"source": cause, "detail": None} for cause in causes]})
    changes: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "vbs__status": st.sampled_from([0, 1, 2, None]),
                "quick_fixes": st.sampled_from([[], None]),
                "history": st.sampled_from([[], None]),
                "packages": st.just([]),
                "monitor": st.none(),
                "os__architecture": st.sampled_from(["arm64", None]),
                "servicing__in_progress": st.sampled_from([True, None]),
                "update_source__use_wu_server": st.sampled_from([0, 1]),
            },
        )
    )
    return line, change(raw, **changes)


@given(
    hosts(),
    st.sampled_from(NOWS),
    st.sampled_from(["never", "planned", "allowed"]),
    st.sampled_from(["auto", "hotpatch", "baseline", "lcu"]),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_promises(made: tuple[str, Raw], now: str, restart: str, intent: str, leave: bool, named: bool, data: st.DataObject) -> None:
    """No surprise restart; nobody leaves the track unasked; each decision explains itself."""
    line, raw = made
    kb = data.draw(st.sampled_from([*sorted(builds_of(line))[-12:], "KB5111111"])) if named else None
    offline = data.draw(st.booleans())
    decision = decision_of(raw, now, restart=restart, intent=intent, kb=kb, policy={"leave_track": leave, **ANSWERED}, offline=offline)
    if decision.action in (Action.INSTALL, Action.RESTART):
        assert decision.code is None
        assert decision.restart.value == "no" or decision.restart_allowed
    if restart == "never":
        assert decision.action is not Action.RESTART
        assert not decision.restart_allowed
    if decision.action is Action.INSTALL:
        assert decision.kb
        view = CATALOG.view(line, record_of(raw, now).now)
        assert leave or class_of_kb(view, CATALOG, decision.kb) not in LEAVING
        if kb is None and intent == "auto":
            release = view.by_kb(decision.kb)
            assert release is not None
            assert release.on_track
    if decision.action is Action.REFUSE:
        assert decision.code is not None
        assert decision.remedy
    assert decision.reason.endswith(".")
    json.dumps(decision.to_dict())


@given(hosts(), st.sampled_from(NOWS))
def test_good_states_rest_on_evidence(made: tuple[str, Raw], now: str) -> None:
    """A good state needs a known release of the month, running VBS, nothing pending and a KB that is seen somewhere."""
    line, raw = made
    record = record_of(raw, now)
    data = record.to_dict()
    json.dumps(data)
    if SEVERITY[record.state] == "good":
        assert raw["vbs"]["status"] == 2
        assert raw["pending"]["causes"] == []
        assert record.month is not None
        assert record.in_force.proof >= 5
        assert record.in_force.release_kb == CATALOG.view(line, record.now).newest_track().kb  # type: ignore[union-attr]


@given(JSON)
def test_garbage_is_read_and_never_good(raw: object) -> None:
    """Whatever a host answers, it is read, and nothing is made of it."""
    record = record_of(raw, "2026-08-20")
    assert SEVERITY[record.state] != "good"
    assert decision_of(raw, "2026-08-20", restart="allowed").action not in (Action.INSTALL, Action.RESTART)


@given(st.sampled_from(sorted(host("ws2025", "KB5099536"))), JSON, st.booleans())
def test_garbage_in_one_section_never_raises(section: str, garbage: object, inside: bool) -> None:
    """A section of the wrong shape becomes unknown; the others stay. Nothing that is installed then restarts the host."""
    raw = change(host("ws2025", "KB5099536"), offers=[offer("KB5120228", restart_check=False, behavior=0)])
    if inside and isinstance(raw[section], dict) and raw[section]:
        raw = change(raw, **{f"{section}__{min(raw[section])}": garbage})
    elif inside and isinstance(raw[section], list):
        raw = change(raw, **{section: [*raw[section], garbage]})
    else:
        raw = change(raw, **{section: garbage})
    json.dumps(record_of(raw, "2026-08-20").to_dict())
    decision = decision_of(raw, "2026-08-20")
    assert decision.action is not Action.RESTART
    assert decision.action is not Action.INSTALL or decision.restart.value == "no"


@given(hosts(), st.sampled_from(NOWS))
def test_the_same_question_has_the_same_answer(made: tuple[str, Raw], now: str) -> None:
    """No clock, no memory: twice the same."""
    _line, raw = made
    assert record_of(raw, now).to_dict() == record_of(raw, now).to_dict()
    context = HostHistory(last_outcome=Outcome.NONE)
    assert decision_of(raw, now).to_dict() == decision_of(raw, now, context=context).to_dict()
