# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of probes that the model of Windows plays and makes fail."""

from __future__ import annotations

from typing import Any

HEAD = '''# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from the option gather in plugins/doc_fragments/_common.py. Change that.
"""The probes of an observation, by their names."""

from __future__ import annotations
'''


def render_probes(fragments: dict[str, dict[str, Any]]) -> str:
    """Return the text of probes.py: what can be gathered from a host, in the order of the documentation."""
    lines = [f'    "{name}",\n' for name in fragments["gather"]["gather"].get("choices", [])]
    return f"{HEAD}\nPROBES = (\n{''.join(lines)})\n"
