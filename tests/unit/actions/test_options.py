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
    until = given.pop("deny_until", None)  # an option of another module
    args = ArgumentSpecValidator(deepcopy(SPECS["update"]["argument_spec"])).validate(given)
    assert not args.error_messages
    return read_options({**args.validated_parameters, "deny_until": until} if until else args.validated_parameters, NOW)


@pytest.mark.parametrize("kb", ["KB5094125", "kb5094125", "5094125", 5094125])
def test_a_kb_goes_without_its_letters(kb: Any) -> None:
    assert read(kb=kb).kb == "KB5094125"


def test_the_day_of_the_decision_may_be_the_last_of_a_denial() -> None:
    assert read(deny_until="2026-06-09").args["deny_until"] == "2026-06-09"


def test_defaults_are_the_careful_ones() -> None:
    options = read()
    assert (str(options.restart_policy), str(options.intent), options.store, options.kb) == ("never", "auto", None, None)
    assert options.now == NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-09", datetime(2026, 6, 9, 23, 59, 59, tzinfo=UTC)),
        ("20260609", datetime(2026, 6, 9, 23, 59, 59, tzinfo=UTC)),
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
        ({"kb": "KB5094125.*"}, ["kb", "KB5094125.*", "KB5094125"]),
        ({"as_of": "9999-12-31"}, ["as_of", "9999-12-31"]),
        ({"as_of": "1999-12-31T23:59:59Z"}, ["as_of", "1999-12-31", "2000 to 2100"]),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, ["as_of", "0001-01-01", "ISO 8601"]),
        ({"deny_until": "2026-06-08"}, ["deny_until", "2026-06-08", "2026-06-09 18:00 UTC", "nothing would be denied"]),
        ({"restart_timeout": 10**30}, ["restart_timeout", "604800"]),
        ({"settle_wait": 0}, ["settle_wait", "0", "The default is 5."]),
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
