# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that keeps a host's state: the same life gives the same bytes, and what contradicts it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.truth_file import TruthError


def test_time_never_goes_back(host: Any) -> None:
    srv = host()
    srv.update("KB5068966")
    with pytest.raises(ValueError, match="hotpatch_rehearsal_now"):
        srv.at("2025-11-10").observe()


def test_a_host_cannot_change_its_line(host: Any) -> None:
    srv = host()
    srv.observe()
    srv.given["line"] = "ws2022_azure"
    with pytest.raises(ValueError, match="hotpatch_rehearsal_line"):
        srv.observe()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"schema": "other"}', b'{"schema": "winops.hotpatch/truth/1", "packages": [], "installed": []}']
)
def test_a_damaged_truth_file_is_named(host: Any, content: bytes) -> None:
    srv = host()
    srv.observe()
    srv.truth_path.write_bytes(content)
    with pytest.raises(TruthError, match=r"srv01\.json is not a state of a simulated host"):
        srv.observe()


def test_the_same_year_gives_the_same_bytes(host: Any) -> None:
    found = []
    for _life in range(2):
        srv = host(now="2025-10-14")
        for now, kb in (("2025-10-14", "KB5066835"), ("2025-11-11", "KB5068966"), ("2025-12-09", "KB5072014"), ("2026-01-13", "KB5073379")):
            srv.at(now).update(kb)
            if srv.truth().pending:
                srv.restart()
        found.append(srv.truth_path.read_text())
        srv.truth_path.unlink()
    assert found[0] == found[1]
