# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every overlay that the guide on the catalog shows can be copied from it, and does what the guide says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import Denial, Kind, Release
from ansible_collections.winops.hotpatch.tests.guides import code_blocks, read_guide

BLOCKS = code_blocks(read_guide("catalog"), "yaml")
_NAME = re.compile(r"# hotpatch-catalog/([a-z0-9-]+\.yml)")
OVERLAYS = {named[1]: block for block, named in ((block, _NAME.match(block)) for block in BLOCKS) if named}


def laid(folder: Path, *names: str) -> Catalog:
    for index, name in enumerate(names):
        (folder / f"{index}-{name}").write_text(OVERLAYS[name], encoding="utf-8")
    return load_catalog([folder])


def found(catalog: Catalog, line: str, kb: str) -> Release:
    release = catalog.find(line, kb)
    assert release is not None
    return release


def test_every_yaml_of_the_page_is_known() -> None:
    """Every block is an overlay, and none slips through the pattern."""
    assert len(BLOCKS) == len(OVERLAYS) == 9


@pytest.mark.parametrize("name", sorted(set(OVERLAYS) - {"settled.yml"}))
def test_each_overlay_loads_by_itself(tmp_path: Path, name: str) -> None:
    assert laid(tmp_path, name).overlays


def test_all_of_them_load_together(tmp_path: Path) -> None:
    assert len(laid(tmp_path, *OVERLAYS).overlays) == len(OVERLAYS)


def test_add(tmp_path: Path) -> None:
    release = found(laid(tmp_path, "10-ws2025-october.yml"), "ws2025", "KB5999999")
    assert (release.month, release.kind) == ("2026-10", Kind.BASELINE)


def test_announce(tmp_path: Path) -> None:
    catalog = laid(tmp_path, "20-december-plan.yml")
    assert {line: catalog.generated_for(line) for line in ("ws2022_azure", "ws2025")} == {
        "ws2022_azure": date(2026, 12, 1),
        "ws2025": date(2026, 12, 2),
    }
    assert catalog.lines["ws2025"].announced[-1].month == "2026-12"


def test_correct(tmp_path: Path, catalog: Catalog) -> None:
    before, after = found(catalog, "win11_24h2", "KB5129241"), found(laid(tmp_path, "30-corrections.yml"), "win11_24h2", "KB5129241")
    assert (before.confidence, after.confidence) == ("seen", "documented")
    assert before.build == after.build


def test_withdraw(tmp_path: Path) -> None:
    assert found(laid(tmp_path, "40-withdrawn.yml"), "ws2025", "KB5120228").withdrawn == "Microsoft pulled it on 2026-08-20."


def test_deny_and_lift(tmp_path: Path) -> None:
    denied = found(laid(tmp_path, "50-denied.yml"), "ws2025", "KB5122871").denial
    assert denied == Denial("Remote Desktop Services become unstable.", date(2026, 10, 12), ("pilot1", "pilot2"))
    assert found(laid(tmp_path, "50-denied.yml", "60-lifted.yml"), "ws2025", "KB5122871").denial is None


def test_settle(tmp_path: Path) -> None:
    assert found(laid(tmp_path, "msrc.yml"), "win11_25h2", "KB5999998").kind is Kind.UNKNOWN
    assert found(laid(tmp_path, "msrc.yml", "settled.yml"), "win11_25h2", "KB5999998").kind is Kind.BASELINE


def test_the_variable_is_one() -> None:
    (text,) = code_blocks(read_guide("air_gapped"), "yaml")
    assert list(yaml.safe_load(text)) == ["hotpatch_catalog"]
