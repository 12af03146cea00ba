# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of the machine below a simulated host: what its firmware and its Windows call it."""

from __future__ import annotations

import uuid


def machine_of(seed: str) -> dict[str, str | None]:
    """The same SEED always gives the same machine, and no other seed does."""
    firmware, windows = (uuid.uuid5(uuid.NAMESPACE_URL, f"winops.hotpatch/rehearsal/{part}/{seed}") for part in ("smbios", "windows"))
    return {"smbios_uuid": str(firmware).upper(), "machine_guid": str(windows)}
