# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telling a lost connection from every other error."""

from __future__ import annotations

# The libraries below the connection plugins. Once their shell is open, winrm and psrp let the errors of these through as they are.
_TRANSPORTS = frozenset({"requests", "urllib3", "winrm", "pypsrp", "psrpcore", "http", "ssl", "socket"})

# How core's winrm puts it into words when the module could not be handed over.
_SEND_FAILED = "winrm send_input failed"


def is_connection_loss(error: BaseException) -> bool:
    """True if ERROR is a failure of the transport: the request may or may not have run."""
    if isinstance(error, ConnectionError | TimeoutError) or _SEND_FAILED in str(error):
        return True
    return any(kind.__module__.partition(".")[0] in _TRANSPORTS for kind in type(error).__mro__)
