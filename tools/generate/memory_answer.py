# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of what a host answers about its memory, which payload and rehearsal are both held to."""

from __future__ import annotations

from typing import Any

from .json_schema import BOOL, MOMENT, TEXT, nullable, object_of, page

_PURPOSE = (
    "The contract between the PowerShell payload, the rehearsal and the reader of the memory. The document is the text that was found after"
    " the operation; to a host it means nothing."
)
_REVISION = {"type": "string", "pattern": "^([0-9a-f]{64}|too-large)?$"}
_HRESULT = {"type": "string", "pattern": "^0x[0-9A-F]{8}$"}


def memory_answer_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/memory_answer/1: the result key C(memory) of internal_observe."""
    keys = object_of(
        document=nullable(TEXT),
        revision=_REVISION,
        written=BOOL,
        writable=BOOL,
        error=nullable(object_of(hresult=nullable(_HRESULT), message=TEXT)),
        machine=object_of(smbios_uuid=nullable(TEXT), machine_guid=nullable(TEXT)),
        clock=MOMENT,
    )
    return page("memory_answer", "The memory of one host, after it was read or written", keys) | {"description": _PURPOSE}
