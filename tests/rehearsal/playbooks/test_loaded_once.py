# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every fork of a playbook needs is loaded before the forks are made."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

WITNESS = '''
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: witness
type: notification
short_description: What the process of the playbook has read itself
description: Prints it.
"""

class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "witness"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_stats(self, stats):
        from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog import catalog
        print("catalogs read:", catalog._built_in.cache_info().currsize)
'''


@pytest.mark.parametrize("module", ["host_info", "update", "rollback"])
def test_the_catalog_is_read_by_the_playbook_itself(fleet: Any, module: str) -> None:
    (fleet.folder / "callbacks").mkdir()
    (fleet.folder / "callbacks" / "witness.py").write_text(WITNESS)
    book = fleet.folder / "book.yml"
    book.write_text(f"[{{hosts: all, gather_facts: false, tasks: [{{winops.hotpatch.{module}: }}]}}]")
    env = {"ANSIBLE_CALLBACK_PLUGINS": str(fleet.folder / "callbacks"), "ANSIBLE_CALLBACKS_ENABLED": "witness"}
    assert "catalogs read: 1" in run_playbook(fleet.folder, str(book), fleet.inventory(), "--check", env=env).output
