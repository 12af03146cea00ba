# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of an action that cannot do its task."""

from __future__ import annotations

from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean


class ActionError(Exception):
    """The action fails, and this text says all about it: what is wrong and what to do."""

    def __init__(self, text: object) -> None:
        super().__init__(clean(text, MESSAGE))


class NoAnswerError(ActionError):
    """The host was reached, and what came back is not what was asked for: the text has the words of its shell, or of the payload."""


class HostLostError(ActionError):
    """The host cannot be reached, or was lost on the way; what became of the last request is not known.

    C(outcome) is how the run has ended, if it had got so far that this can be told.
    """

    outcome: Outcome | None = None
