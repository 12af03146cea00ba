# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of checks that make a host eligible. To add one, write its function beside its like and name it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import hardware_checks as checks_platform
from . import update_checks as checks_updates
from . import windows_checks as checks_windows
from .check import Check, CheckInput

CHECKS: Sequence[Callable[[CheckInput], Check]] = (
    checks_windows.os_release,
    checks_windows.edition,
    checks_windows.architecture,
    checks_windows.build_floor,
    checks_platform.vbs_running,
    checks_platform.secure_boot,
    checks_platform.chpe_disabled,
    checks_platform.arc_connected,
    checks_updates.policy_allows,
    checks_updates.update_source,
    checks_updates.update_service,
    checks_updates.disk_free,
    checks_updates.servicing_idle,
)
