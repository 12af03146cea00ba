# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verification of an installation: the host before compared with the host after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .._host.boot import BOOT_TOLERANCE, boot_differs
from .._host.health import HealthVerdict
from .._host.installed import FAILED, newest_entry
from .._host.pending_restart import Needed
from .._host.restart_journal import Act, JournalEntry, RestartKind, journal_of
from .._host.starts import starts_since
from .._record.record import Record
from .._values.plain_fields import PlainFields
from .decision import Action, Decision

_HEALTH_BEFORE = {
    HealthVerdict.OK: "It was healthy before the update.",
    HealthVerdict.DEGRADED: "It was already degraded before the update.",
    HealthVerdict.UNKNOWN: "It was not known before the update either.",
}


class VerificationVerdict(StrEnum):
    """The verdict on an installation. C(unverified) means that something is not known and nothing contradicts."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DEGRADED = "degraded"
    RESTART_PENDING = "restart_pending"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VerificationFinding(PlainFields):
    """One comparison: pass, fail or unknown."""

    check: str
    result: str
    reason: str

    def __str__(self) -> str:
        return f"{self.check}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Verification(PlainFields):
    """The verdict, what it rests on, and how many restarts the run brought about without leave."""

    verdict: VerificationVerdict
    findings: tuple[VerificationFinding, ...]
    restarts_not_allowed: int
    restarted: bool | None

    def result_of(self, check: str) -> str:
        """Return pass, fail or unknown for CHECK."""
        return next(finding.result for finding in self.findings if finding.check == check)

    @property
    def waits(self) -> bool:
        """True if nothing is missing but the restart."""
        return self.verdict in (VerificationVerdict.RESTART_PENDING, VerificationVerdict.UNVERIFIED)

    def problems(self) -> tuple[VerificationFinding, ...]:
        """Return the findings that failed or are unknown."""
        return tuple(finding for finding in self.findings if finding.result != "pass")


def boot_changed(before: Record, after: Record) -> bool | None:
    """Return True if the host restarted between the two records, None where a time of start is not known."""
    differs = boot_differs(before.observation.boot_time, after.observation.boot_time)
    return False if differs and _clock_was_set(before, after) else differs


def _clock_was_set(before: Record, after: Record) -> bool:
    """Return True if the start of the host has moved because its clock was set, and not because it has started again.

    Windows counts that time back from its clock. Such a start lies before the earlier record, and the host has been up since as long as it
    was then, and for the time that has passed by the clock of the controller.
    """
    old, new = before.observation, after.observation
    if old.boot_time is None or new.boot_time is None or old.observed_at is None or new.observed_at is None:
        return False
    was_up, is_up, passed = old.observed_at - old.boot_time, new.observed_at - new.boot_time, after.now - before.now
    return new.boot_time <= old.observed_at and is_up - was_up - passed >= -BOOT_TOLERANCE


def restarts_between(before: Record, after: Record, *, allowed: bool, asked: int, run_id: str | None = None) -> tuple[JournalEntry, ...]:
    """Return the restarts between the two records that nobody asked for here, where ASKED were, in the run RUN_ID.

    ALLOWED says that the host had leave to restart.
    """
    if not boot_changed(before, after):
        return ()
    act = Act(run_id, allowed, asked, until=after.observation.boot_time)
    return journal_of(starts_since(after.observation, before.observation.boot_time), act)


def verify(before: Record, after: Record, decision: Decision, restart_allowed: bool, restarted_by_run: bool) -> Verification:
    """Return the verdict on DECISION. A finding fails only on a fact that contradicts; a fact that could not be read is unknown.

    RESTART_ALLOWED says that the host had leave to restart, RESTARTED_BY_RUN that the run told it to.
    """
    restarted = boot_changed(before, after)
    journal = restarts_between(before, after, allowed=restart_allowed, asked=int(restarted_by_run))
    unwanted = sum(entry.kind is RestartKind.NOT_ALLOWED for entry in journal)
    findings = [
        _boot(before, after, journal, restarted_by_run),
        _build(before, after, decision),
        _installed(after, decision),
        _pending(after),
        _vbs(before, after),
        _health(before, after),
    ]
    results = {finding.check: finding.result for finding in findings}
    return Verification(_verdict(before, after, decision, restarted, results), tuple(findings), unwanted, restarted)


def _verdict(before: Record, after: Record, decision: Decision, restarted: bool | None, results: dict[str, str]) -> VerificationVerdict:
    if results["build"] != "pass" or results["installed"] == "fail":
        if after.restart.needed is Needed.YES and results["installed"] != "fail":
            return VerificationVerdict.RESTART_PENDING
        undone = decision.build is not None and restarted and after.in_force.build == before.in_force.build != decision.build
        if undone and results["build"] == "fail" and decision.action in (Action.INSTALL, Action.RESTART):
            return VerificationVerdict.ROLLED_BACK
        if results["installed"] == "fail":
            return VerificationVerdict.FAILED
    if results["pending"] == "fail":
        return VerificationVerdict.RESTART_PENDING
    if "fail" in (results["build"], results["vbs"]):
        return VerificationVerdict.FAILED
    if results["health"] == "fail":
        return VerificationVerdict.DEGRADED
    return VerificationVerdict.UNVERIFIED if "unknown" in results.values() else VerificationVerdict.VERIFIED


def _boot(before: Record, after: Record, journal: tuple[JournalEntry, ...], by_run: bool) -> VerificationFinding:
    restarted = boot_changed(before, after)
    if restarted is None:
        when, record = ("before", before) if before.observation.boot_time is None else ("after", after)
        reason = f"The time of the last start is not known {when} the update ({record.observation.error_of('boot')})"
        return VerificationFinding("boot", "unknown", f"{reason}, so a restart cannot be ruled out.")
    if not restarted:
        if by_run:
            return VerificationFinding("boot", "unknown", "This run restarted the host, and the time of its last start is unchanged.")
        return VerificationFinding("boot", "pass", "The host has not restarted.")
    told = " ".join(map(str, journal))
    if any(entry.kind is RestartKind.NOT_ALLOWED for entry in journal):
        return VerificationFinding("boot", "fail", told)
    asked = "The host has restarted as this run asked it to." if by_run else ""
    return VerificationFinding("boot", "pass", " ".join(filter(None, (asked, told))) or "The host has restarted.")


def _build(before: Record, after: Record, decision: Decision) -> VerificationFinding:
    build = after.in_force.build
    if build is None:
        reason = f"The build of the host is not known after the installation: {after.observation.error_of('os')}."
        return VerificationFinding("build", "unknown", reason)
    if decision.build is None:
        return VerificationFinding("build", "pass", "This update has no build of its own to compare.")
    release = after.view.by_kb(decision.kb) if after.view and decision.kb else None
    if build == decision.build or (release is not None and build in release.builds):
        return VerificationFinding("build", "pass", f"The host is on {build}, the build of {decision.kb}.")
    reason = f"The host is on {build}, and {decision.kb} is {decision.build}"
    if build == before.in_force.build and after.restart.needed is Needed.UNKNOWN:
        # The old build contradicts nothing as long as the new one may be waiting for a restart.
        return VerificationFinding("build", "unknown", f"{reason}; it is not known whether that waits for a restart.")
    return VerificationFinding("build", "fail", f"{reason}.")


def _installed(after: Record, decision: Decision) -> VerificationFinding:
    kb = decision.kb
    if kb is None:
        return VerificationFinding("installed", "pass", "The decision was about no update.")
    entry = newest_entry(after.observation, kb)
    if entry is not None and entry.operation == "install" and entry.result_code in FAILED:
        code = f"0x{entry.hresult & 0xFFFFFFFF:08X}" if entry.hresult is not None else "no error code"
        return VerificationFinding("installed", "fail", f"The history of the host says that {kb} failed ({code}).")
    if after.evidence.has(kb):
        return VerificationFinding("installed", "pass", f"{kb} is listed in the history, quick fixes or packages of the host.")
    if after.staged_kb == kb:
        return VerificationFinding("installed", "pass", f"{kb} is staged and waits for the restart.")
    seen = after.observation
    unread = [probe for probe in ("history", "quick_fixes", "packages") if getattr(seen, probe) is None]
    if unread:
        # What could not be read may be where it stands: not every update stands in all three.
        reason = f"{kb} cannot be looked up everywhere, since {', '.join(unread)} could not be read: {seen.error_of(*unread)}."
        return VerificationFinding("installed", "unknown", reason)
    if after.in_force.build is not None and after.in_force.build == decision.build:
        return VerificationFinding("installed", "unknown", f"{kb} is in none of the lists of the host, although the host has its build.")
    return VerificationFinding("installed", "fail", f"{kb} is listed in neither the history, the quick fixes nor the packages of the host.")


def _pending(after: Record) -> VerificationFinding:
    need = after.restart
    if need.needed is Needed.UNKNOWN:
        return VerificationFinding(
            "pending", "unknown", f"It is not known whether a restart is pending: {after.observation.error_of('pending')}."
        )
    if need.needed is Needed.YES:
        return VerificationFinding("pending", "fail", f"A restart is pending: {need.causes[0]}.")
    return VerificationFinding("pending", "pass", "No restart is pending that concerns the update.")


def _vbs(before: Record, after: Record) -> VerificationFinding:
    old = before.observation.vbs.status if before.observation.vbs else None
    new = after.observation.vbs.status if after.observation.vbs else None
    if new is None:
        reason = f"The status of virtualization-based security is not known after the installation: {after.observation.error_of('vbs')}."
        return VerificationFinding("vbs", "unknown", reason)
    if new == 2:
        return VerificationFinding("vbs", "pass", "Virtualization-based security is running (status 2).")
    return VerificationFinding(
        "vbs", "fail", f"Virtualization-based security has status {new} (before: {old}), so hotpatches cannot apply."
    )


def _health(before: Record, after: Record) -> VerificationFinding:
    if after.health.verdict is HealthVerdict.OK:
        return VerificationFinding("health", "pass", "The hotpatch monitor reports no trouble.")
    result = "fail" if after.health.verdict is HealthVerdict.DEGRADED else "unknown"
    reason = after.health.findings[0] if after.health.findings else "The monitor is not known."
    return VerificationFinding("health", result, f"{reason} {_HEALTH_BEFORE[before.health.verdict]}")
