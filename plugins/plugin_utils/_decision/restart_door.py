# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy asked once more right before a restart: an installation takes its time, and meanwhile windows end and freezes begin."""

from __future__ import annotations

from datetime import datetime, timedelta

from .._host.offers import Restart
from .decision import Decision, DecisionInput
from .host_gates import not_held
from .refusals import Refusal

# A host is away for so long, with room to spare. A window that ends, or a freeze that begins, within this time is too near.
RESTART_MINUTES = 15


def restart_put_off(case: DecisionInput, servicing: bool | None) -> Decision | None:
    """Return the reason for which a restart that was decided must not begin now, or None.

    SERVICING is the answer of the host to whether it is installing something; what it cannot say is no reason.
    """
    stopped = not_held(case) or case.restart_veto(None) or next(filter(None, (_too_near(case, moment) for moment in case.moments)), None)
    if stopped is None and servicing:
        stopped = case.refuse(Refusal.BUSY, "Windows is servicing itself now.", restart=Restart.YES)
    return stopped


def _too_near(case: DecisionInput, moment: datetime) -> Decision | None:
    back = moment + timedelta(minutes=RESTART_MINUTES)
    # One that is over again before the host is back counts too.
    freeze = next((span for span in case.policy.freezes if moment <= span.begin <= back), None)
    hold = next((hold for hold in case.policy.holds if hold.begin and moment <= hold.begin <= back), None)
    if freeze is not None:
        code, what = Refusal.FROZEN, f"A freeze in {freeze.layer} begins at {freeze.begin:%Y-%m-%d %H:%M} UTC"
    elif hold is not None:
        code, what = Refusal.HELD, f"A hold in {hold.layer} begins at {hold.begin:%Y-%m-%d %H:%M} UTC"
    elif case.policy.closes_by(moment, back):
        code, what = Refusal.OUTSIDE_WINDOW, f"The window ends before {back:%Y-%m-%d %H:%M} UTC"
    else:
        return None
    return case.refuse(code, f"{what}, and a restart is given {RESTART_MINUTES} minutes.", restart=Restart.YES)
