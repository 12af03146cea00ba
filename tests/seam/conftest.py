# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The payload runs as in the payload tests."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.payload.conftest import payload_for_many, pwsh, pytest_report_header

__all__ = ["payload_for_many", "pwsh", "pytest_report_header"]
