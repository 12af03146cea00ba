# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a decision: each is one thing done to one host, with the identity of its update."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .._host.offers import JudgedOffer, Restart
from .._values.plain_fields import PlainFields


class Action(StrEnum):
    """The action of a decision on a host, and of each of its steps."""

    INSTALL = "install"
    REMOVE = "remove"
    RESTART = "restart"
    WAIT = "wait"
    REFUSE = "refuse"
    NONE = "none"

    @property
    def acts(self) -> bool:
        """True if the host is to be changed."""
        return self in (Action.INSTALL, Action.REMOVE, Action.RESTART)


@dataclass(frozen=True, slots=True)
class Step(PlainFields):
    """One thing to be done.

    C(restart) of an installation or a removal says if it makes the host need a restart. A restart whose C(restart) is unknown is
    carried out only if the host asks for it after the steps before. C(package) is the identity of the package that a removal takes off.
    """

    action: Action
    kb: str | None
    title: str | None = None
    update_ids: tuple[str, ...] = ()
    package: str | None = None
    restart: Restart = Restart.YES


def install_steps(kb: str, offer: JudgedOffer | None, restart: Restart) -> tuple[Step, ...]:
    """Return the installation of KB, as OFFER (None: from a file, or not yet known) has it, and the restart that it may need."""
    update = offer.offer.update_id if offer else None
    install = Step(Action.INSTALL, kb, offer.title if offer else None, (update,) if update else (), restart=restart)
    return (install,) if restart is Restart.NO else (install, Step(Action.RESTART, kb, restart=restart))
