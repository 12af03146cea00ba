# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import of documents knows no other programs; only the download knows Ansible, the network and the clock."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.test_imports import files, imported_packages


def test_only_the_download_knows_ansible_the_network_and_the_clock() -> None:
    for path in files("_msrc"):
        assert imported_packages(path) & {"subprocess", "random"} == set(), path.name
        world = {"ansible", "time", "urllib", "http", "socket", "ssl"}
        assert path.name == "fetching.py" or not imported_packages(path) & world, path.name
