# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account without rights: much of what it reads is missing or wrong, and nothing says so but the account itself."""

from __future__ import annotations

from .decision import Decision, DecisionInput
from .refusals import Refusal

_REASON = "The account of this run is not an administrator of the host, or its token is filtered, so what it reads is incomplete."
_REMEDY = (
    "Use a domain account that is a local administrator, or run the tasks with become, become_method runas, become_user SYSTEM. A local"
    " account over the network needs LocalAccountTokenFilterPolicy 1 (DWORD,"
    " HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System)."
)


def without_rights(case: DecisionInput) -> Decision | None:
    """The account that asked has all rights on the host; an observation that does not say is taken for one that has."""
    shell = case.record.observation.powershell
    if shell is None or shell.administrator is not False:
        return None
    return case.refuse(Refusal.UNKNOWN_HOST, _REASON, remedy=_REMEDY)
