# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a verification to the outcome of a run."""

from __future__ import annotations

from datetime import datetime

from .._decision.decision import Action, Decision
from .._decision.verification import Verification, VerificationVerdict
from .._run_records.run_record import RunRecord
from .._values.moments import utc_text
from .._values.outcome import Outcome

_OUTCOME_OF_VERDICT = {
    VerificationVerdict.VERIFIED: Outcome.INSTALLED,
    VerificationVerdict.UNVERIFIED: Outcome.UNVERIFIED,
    VerificationVerdict.DEGRADED: Outcome.UNVERIFIED,
    VerificationVerdict.RESTART_PENDING: Outcome.UNVERIFIED,
    VerificationVerdict.ROLLED_BACK: Outcome.FAILED,
    VerificationVerdict.FAILED: Outcome.FAILED,
}


def outcome_of(decision: Decision, verification: Verification, *, ok: bool) -> Outcome:
    """Return the outcome of a run that carried DECISION out. OK says that it met no error on the way."""
    if not ok:
        return Outcome.FAILED
    found = _OUTCOME_OF_VERDICT[verification.verdict]
    return Outcome.RESTARTED if found is Outcome.INSTALLED and decision.action is Action.RESTART else found


def note_verification(run: RunRecord, verification: Verification, now: datetime) -> None:
    """Put VERIFICATION into RUN, with every restart that was not allowed."""
    run.verification = verification.to_dict()
    unwanted = {"at": utc_text(now), "allowed": False, "cause": "the host restarted by itself"}
    run.restarts += [dict(unwanted)] * verification.restarts_not_allowed
