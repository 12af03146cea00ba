# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that do something if they are taken for a template, and what is seen then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run

SUM, PRODUCT = "{{ 7 * 7777777 }}", "54444439"


@dataclass
class Played:
    """A playbook that was run over hosts that say what they should not, or do not let it in."""

    folder: Path
    run: Run


def template(name: str) -> str:
    """A text that leaves a file beside the playbook if it is taken for a template, and that can be the name of a file."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch mark-of-{name}') }}}}{SUM}\u202e"
