# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell that the payloads run on, and where they and what replaces Windows lie."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

HARNESS = Path(__file__).resolve().parent
PAYLOAD = HARNESS.parent
PLUGINS = PAYLOAD.parent.parent / "plugins"
SKIP = "no PowerShell: set HOTPATCH_PWSH, or put pwsh on the PATH, to run the payload tests"


def find_pwsh() -> str | None:
    """Return the PowerShell to use, or None. One that is named and not there is an error, not a reason to skip."""
    named = os.environ.get("HOTPATCH_PWSH")
    if named and not shutil.which(named):
        raise pytest.UsageError(f"HOTPATCH_PWSH={named} cannot be run.")
    return shutil.which(named or "pwsh")
