# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts with a PowerShell 7 that are not Windows."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025

LINUX = server_2025(not_windows=True, powershell={"edition": "Core", "version": "7.6.1"})
CASES = {"linux": Call(LINUX), "linux_check": Call(LINUX, check=True)}
# What each payload must be given.
OPTIONS = {"internal_observe": {}, "package_info": {}, "field_probe": {"dest": "x"}, "package": {"state": "absent", "kb": "KB5087538"}}
