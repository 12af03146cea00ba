# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors in the input of a rehearsal."""

from __future__ import annotations

from .._values.printable import clean


class RehearsalError(ValueError):
    """The rehearsal cannot be done as it was asked for; the message names the variable, its value and the remedy."""

    def __init__(self, variable: str, value: object, remedy: str) -> None:
        super().__init__(f"hotpatch_rehearsal_{variable}: {clean(repr(value))} cannot be used. {clean(remedy)}")
