# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick reader finds exactly what a YAML parser finds."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host import times
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.windows import release_data


@pytest.mark.parametrize("line", release_data.LINES)
def test_the_quick_reader_agrees_with_yaml(line: str) -> None:
    text = (release_data.DATA / f"{line}.yml").read_text(encoding="utf-8")
    quick = release_data._read_plainly(text)
    wanted = [{key: value for key, value in entry.items() if key in release_data._WANTED} for entry in yaml.safe_load(text)["releases"]]
    assert quick == wanted
    assert len(release_data.releases(line)) == len(wanted)


@pytest.mark.parametrize("unusual", ["kb: >-\n      KB5046696", "kb: [KB5046696]", "month: 2024-11 # when"])
def test_what_is_unusual_goes_through_the_yaml_parser(unusual: str) -> None:
    key = unusual.split(":", maxsplit=1)[0]
    entry = {
        "month": '"2024-11"',
        "released": '"2024-11-12"',
        "kind": "hotpatch",
        "kb": "KB5046696",
        "build": '"26100.2240"',
        "restart": "false",
    }
    lines = [unusual if name == key else f"{name}: {value}" for name, value in entry.items()]
    text = "releases:\n  - " + "\n    ".join(lines) + "\n"
    assert release_data._read_plainly(text) is None
    assert len(release_data._read_as_yaml(text)) == 1


def test_a_line_that_is_none_has_no_releases() -> None:
    assert release_data.releases("none") == ()
    assert release_data.cumulatives("none") == ()


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-06-09", "2026-06-09T17:00:00Z"),
        ("2026-01-13", "2026-01-13T18:00:00Z"),
        ("2026-03-10", "2026-03-10T17:00:00Z"),
        ("2025-11-11", "2025-11-11T18:00:00Z"),
    ],
)
def test_releases_come_at_ten_in_redmond(day: str, moment: str) -> None:
    assert times.show(times.published_at(day)) == moment


def test_a_boot_time_is_a_file_time() -> None:
    assert times.filetime("1601-01-01T00:00:01Z") == 10_000_000
    assert times.filetime("1970-01-01T00:00:00Z") == 116_444_736_000_000_000
