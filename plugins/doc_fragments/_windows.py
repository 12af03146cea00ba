# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes and notes of every module that reads or changes a Windows host. Private: other collections should not extend it."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragments, C(winops.hotpatch._windows) and C(winops.hotpatch._windows.notes)."""

    # It runs on the controller and sends PowerShell to one host at a time.
    DOCUMENTATION = r"""
options: {}
attributes:
  platform:
    platforms:
      - windows
  action:
    support: full
  async:
    support: none
  bypass_host_loop:
    support: none
"""

    NOTES = r"""
options: {}
notes:
  - Decisions are made on the controller. The host only reports facts and carries out single steps, in PowerShell 5.1 or 7.
  - The connection user must be an administrator of the host.
  - On a network logon (WinRM, PSRP or SSH without become) Windows refuses the downloader and installer of the update
    client, so the restart check gives no answer and says C(access denied by network logon). Run the task with
    C(become=true), C(become_method=runas) and C(become_user=SYSTEM) to get it.
"""
