# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error of the rehearsal that a user causes and can mend."""

from __future__ import annotations

# Characters of a value; what cannot be printed does not stand in a repr.
_SHOWN = 500


class DescriptionError(ValueError):
    """The inventory describes a host that cannot be played; the text names the variable, the value and the remedy."""

    def __init__(self, variable: str, value: object, remedy: str) -> None:
        self.variable = variable
        shown = repr(value)
        super().__init__(f"{variable}: the value {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '...'} cannot be used. {remedy}")
