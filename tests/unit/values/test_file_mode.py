# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rights of files as an operator writes them (_values/file_mode)."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.file_mode import folder_mode, read_mode


@pytest.mark.parametrize(("text", "mode"), [("0640", 0o640), ("640", 0o640), (" 0600 ", 0o600), ("0664", 0o664), ("0644", 0o644)])
def test_a_mode_is_octal_text(text: str, mode: int) -> None:
    assert read_mode(text) == mode


# Without quotes YAML makes 416 of 0640.
@pytest.mark.parametrize("odd", [416, None, "", "0666", "0400", "0o640", "u=rw", "1640", "640\n7", ["0640"], True, "\u0660640"])
def test_what_is_no_such_mode_is_refused(odd: object) -> None:
    assert read_mode(odd) is None


def test_who_may_read_may_enter() -> None:
    assert [folder_mode(mode) for mode in (0o600, 0o640, 0o644, 0o660)] == [0o700, 0o750, 0o755, 0o770]
