# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run whose ansible-playbook is gone acts no more: nobody would bring back into service what it takes out, nor read what it says."""

from __future__ import annotations

from .._run_records.process import is_orphan, playbook_pid
from .errors import ActionError


class OrphanError(ActionError):
    """The process that made this worker is gone, so the act was not begun."""


def refuse_orphan(host: str, act: str) -> None:
    """Raise OrphanError before ACT, like C(installing KB5094125), if ansible-playbook has ended without this worker."""
    if is_orphan():
        raise OrphanError(
            f"{act[0].upper()}{act[1:]} on {host} was not begun: the ansible-playbook that started this run (process {playbook_pid()}) has"
            " ended, so nobody would go on from there. Run again: the next run looks at the host first."
        )
