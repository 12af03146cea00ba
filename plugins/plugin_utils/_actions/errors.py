# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors of an action that cannot do its task."""

from __future__ import annotations

from .._run_records.process import is_orphan, playbook_pid
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


class LeaseLostError(ActionError):
    """Another run has taken the host over, so this one does nothing more on it."""

    outcome = Outcome.INTERRUPTED


class OrphanError(ActionError):
    """The process that made this worker is gone, so the act was not begun."""


def refuse_orphan(host: str, act: str) -> None:
    """Raise OrphanError before ACT, like C(installing KB5094125), if ansible-playbook has ended without this worker.

    Nobody would bring the host back into service, nor read what became of it.
    """
    if is_orphan():
        raise OrphanError(
            f"{act[0].upper()}{act[1:]} on {host} was not begun: the ansible-playbook that started this run (process {playbook_pid()}) has"
            " ended, so nobody would go on from there. Run again: the next run looks at the host first."
        )
