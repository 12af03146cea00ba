# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state that a run has left on a host, in words, and the next step.

Nothing here removes an update. An update goes off a host only when a person says so, or when a health task of the user has failed:
a finding that is unknown proves nothing, and one that failed fails the host, so that a person looks.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from .._values.plain_fields import PlainFields
from .decision import Decision
from .explanation import NOTHING_INSTALLED, STAYS
from .verification import Verification, VerificationVerdict


@dataclass(frozen=True, slots=True)
class Conclusion(PlainFields):
    """The state that a run has left on a host.

    C(stands): an update of this run is on the host, or that cannot be ruled out. C(unverified): some facts could not be
    read and none contradicts the update, so the role continues as after a success. C(reason) and C(remedy) are null if all is verified.
    """

    stands: bool
    unverified: bool
    reason: str | None
    remedy: str | None

    @property
    def explanation(self) -> str | None:
        """The sentence for a run that fails after this, as with health tasks that cannot be loaded; None if C(reason) says it."""
        if self.reason is not None and not self.unverified:
            return None
        return STAYS if self.stands else NOTHING_INSTALLED


def conclude(host: str, decision: Decision, verification: Verification, *, changed: bool, ok: bool) -> Conclusion:
    """Return the conclusion on HOST after DECISION was carried out.

    CHANGED and OK are what the installation said of itself: that it changed the host, and that it met no error.
    """
    stands = changed and decision.kb is not None and verification.result_of("installed") != "fail"
    if ok and verification.verdict is VerificationVerdict.VERIFIED and not verification.restarts_not_allowed:
        return Conclusion(stands, False, None, None)
    parts = [_what_is_there(decision.kb, verification, changed)]
    for result, heading in (("fail", "Wrong"), ("unknown", "Not known")):
        found = [str(finding) for finding in verification.findings if finding.result == result]
        parts += [f"{heading}: {' '.join(found)}"] if found else []
    unverified = ok and _merely_unverified(verification)
    return Conclusion(stands, unverified, " ".join(parts), _what_to_do(host, decision.kb if stands else None, verification, ok))


def _merely_unverified(verification: Verification) -> bool:
    return verification.verdict is VerificationVerdict.UNVERIFIED and not verification.restarts_not_allowed


def _what_is_there(kb: str | None, verification: Verification, changed: bool) -> str:
    seen, verdict = verification.result_of("installed"), verification.verdict
    if kb is None or (not changed and seen != "pass"):
        return "Nothing was installed and nothing was removed."
    if seen == "fail" and verdict is VerificationVerdict.ROLLED_BACK:
        return f"Windows removed {kb} again during the restart; this run removed nothing."
    if seen == "fail":
        return f"{kb} was not installed, and nothing was removed."
    if verdict is VerificationVerdict.RESTART_PENDING:
        return f"{kb} is installed, waits for a restart and stays; nothing was removed."
    if seen == "pass":
        return f"{kb} is installed and stays; nothing was removed."
    if verification.result_of("build") == "pass":
        return f"{kb} is installed, as the build of the host says, and stays; nothing was removed."
    return f"{kb} may be installed; nothing was removed."


def _what_to_do(host: str, kb: str | None, verification: Verification, ok: bool) -> str:
    """KB is the update that stands on the host, if one does."""
    named = shlex.quote(f"hotpatch_hosts={host}")
    verdict = verification.verdict
    if ok and _merely_unverified(verification):
        return (
            "Look again in a few minutes, with the next run or with"
            f' "ansible-playbook winops.hotpatch.assess -e {named}": neither installs the update again.'
            " If something is still unknown then, remove the cause named here and look once more."
        )
    if verdict is VerificationVerdict.RESTART_PENDING and ok and not verification.restarts_not_allowed:
        return "Run again in a window with restart_policy allowed."
    if kb is None and not verification.restarts_not_allowed:
        return "Remove the cause and run again."
    if verification.restarts_not_allowed:
        first = "Find out what restarted the host: event 1074 in its System log names the process and the user."
    else:
        first = "Check the host."
    if kb is None:
        return f"{first} Then run again."
    command = f"ansible-playbook winops.hotpatch.rollback -e {named} -e hotpatch_rollback_kb={kb} -e hotpatch_restart_policy=allowed"
    return f'{first} If {kb} is the cause, remove it in a maintenance window, since that restarts the host: "{command}"'
