# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are read into the engine's types, and what cannot be used is refused with option, value and remedy."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.options import OptionError, read_as_of, read_options
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.specs import SPECS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.plain import plain

NOW = datetime(2026, 6, 9, 18, tzinfo=UTC)


def read(**given: Any) -> Any:
    args = ArgumentSpecValidator(deepcopy(SPECS["update"]["argument_spec"])).validate(given)
    assert not args.error_messages
    return read_options(args.validated_parameters, NOW)


def test_defaults_are_the_careful_ones() -> None:
    options = read()
    assert (str(options.restart_policy), str(options.intent), options.store, options.kb) == ("never", "auto", None, None)
    assert options.now == NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-09", datetime(2026, 6, 9, 23, 59, 59, tzinfo=UTC)),
        ("2026-06-09T20:00:00Z", datetime(2026, 6, 9, 20, tzinfo=UTC)),
        ("2026-06-09T20:00:00+02:00", datetime(2026, 6, 9, 18, tzinfo=UTC)),
        ("2026-06-09 20:00", datetime(2026, 6, 9, 20, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert read_as_of(text) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"as_of": "tomorrow"}, ["as_of", "tomorrow", "ISO 8601"]),
        ({"as_of": "2026-13-01"}, ["as_of", "2026-13-01", "ISO 8601"]),
        ({"kb": "5094125"}, ["kb", "5094125", "KB5094125"]),
        ({"kb": "KB12"}, ["kb", "KB12"]),
        ({"sha256": "abc", "source": "C:\\x.msu", "kb": "KB5094125"}, ["sha256", "abc", "64"]),
        (
            {"source": "C:\\x.msu", "kb": "KB5094125", "prerequisites": [{"path": "C:\\y.msu", "sha256": "zz"}]},
            ["prerequisites[0].sha256", "zz"],
        ),
        ({"restart_timeout": 0}, ["restart_timeout", "0", "1200"]),
        ({"restart_timeout": -5}, ["restart_timeout", "-5"]),
        ({"run_id": " "}, ["run_id"]),
        ({"catalog": ["/nowhere/at/all.yml"]}, ["catalog", "/nowhere/at/all.yml"]),
        ({"policy": {"deny": ["KB1"]}}, ["deny", "KB1"]),
        ({"policy": {"deny": [{"kb": "KB5070881", "until": "soon"}]}}, ["until", "soon"]),
        ({"policy": {"deny": [7.5]}}, ["deny", "7.5"]),
        ({"policy": {"freezes": [{"from": "2026-12-31", "to": "2026-12-01"}]}}, ["freezes", "2026-12-01"]),
        ({"policy": {"windows": [{"from": "night", "to": "2026-12-01"}]}}, ["windows", "night"]),
        ({"policy": {"hold": {"reason": "audit", "until": "x"}}}, ["hold", "x"]),
        ({"policy": {"observation_max_age_hours": -1}}, ["observation_max_age_hours", "-1"]),
        ({"policy": {"catalog_max_age_days": 0}}, ["catalog_max_age_days", "0"]),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(OptionError) as caught:
        read(**given)
    for word in words:
        assert word in str(caught.value), f"{caught.value} does not say {word}"


def test_a_file_in_the_place_of_the_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionError, match="records"):
        read(records=str(tmp_path / "file"))


def test_package_takes_no_restart_policy() -> None:
    assert "restart_policy" not in SPECS["package"]["argument_spec"]


def test_the_product_lines_of_the_catalog_can_be_asked_for() -> None:
    assert SPECS["catalog_info"]["argument_spec"]["line"]["choices"] == list(LINES)


def test_plain_drops_subclasses() -> None:
    class Tagged(str):
        __slots__ = ()

    found = plain({Tagged("a"): [Tagged("b"), 1, True, None, 2.5]})
    assert found == {"a": ["b", 1, True, None, 2.5]}
    assert not isinstance(found["a"][0], Tagged)
    assert not isinstance(next(iter(found)), Tagged)
