# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loads once what every task of a rehearsal would otherwise load again."""

from __future__ import annotations

DOCUMENTATION = """
name: internal_rehearsal_warm_up
type: aggregate
short_description: Makes runs on simulated hosts about twice as fast
version_added: "1.0.0"
description:
  - For use inside this collection only; it can change in any release. The playbook C(winops.hotpatch.rehearse) switches it on for
    its runs. It is of no use with real hosts.
  - ansible-core works on each task of each host in a process of its own, and compiles the code of collections there anew.
    For simulated hosts, where nothing waits for a network, that is most of the time.
  - This callback loads the connection P(winops.hotpatch.rehearsal#connection) with its model of Windows, the actions that
    are called within others and the catalog before the first such process is made. It prints and changes nothing.
options: {}
author:
  - winops.hotpatch contributors (@winops)
"""

import gc

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import action_loader, connection_loader

from ..plugin_utils._catalog.catalog import load_catalog
from ..plugin_utils._simulator import gate

_CONNECTION = "winops.hotpatch.rehearsal"
# Importing the model is what counts; this keeps it.
_MODEL = gate
_INNER_ACTIONS = ("ansible.windows.win_updates", "ansible.windows.win_reboot")


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core has no types
    """Has nothing to say; being loaded is all that it does."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "winops.hotpatch.internal_rehearsal_warm_up"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: object) -> None:
        """Load before the first task. What cannot be loaded here fails later where it is used, with a message that fits."""
        connection_loader.get(_CONNECTION, class_only=True)
        for name in _INNER_ACTIONS:
            action_loader.get(name, class_only=True)
        load_catalog()
        gc.collect()
        gc.freeze()
