# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account of one run over all of its hosts: which batches have begun, how each host ended, and whether another host may begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._values.printable import clean
from .host_run import BEGINS, NOTHING, HostRun
from .host_table import some_of
from .run_batches import Batches

# The table has the whole sentence.
_WIDEST = 200
# So many hosts of a batch that all failed are more than chance.
_TELLING = 3
_NO_MORE_BEGIN = "so no new host begins. The hosts at work finish first and are put back into service."


@dataclass(slots=True)
class RunAccount:
    """What is known so far of a run of C(playbook) on C(hosts).

    C(fail_on) are the events that fail a host as well, by host: C(changes), C(restarts), C(refusals) and C(drift), which is the refusal
    C(plan_drift). C(ahead) are the hosts that were looked at before the first batch, and what came of it. Without a limit nothing but a
    batch that failed as a whole spends the budget. What follows after the account is C(closed) is not of the run any more.
    """

    playbook: str = ""
    hosts: list[str] = field(default_factory=list)
    fail_on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    runs: dict[str, HostRun] = field(default_factory=dict)
    batches: list[Sequence[str]] = field(default_factory=list)
    max_fail_percentage: float = 100
    rollback_max: int | None = None
    closed: bool = False
    ahead: Batches = field(default_factory=Batches)

    def of(self, host: str) -> HostRun:
        """Return what is known of HOST."""
        return self.runs.setdefault(host, HostRun())

    def begin_batch(self, hosts: Sequence[str]) -> None:
        """Note that HOSTS begin together. A strategy that knows no run_once says so once for each of them."""
        if list(hosts) not in self.batches:
            self.batches.append(list(hosts))

    def spent(self) -> str | None:
        """Return the reason for which no other host may begin; None if the budget is not spent."""
        unhealthy = sorted(host for host, run in self.runs.items() if run.unhealthy)
        if self.rollback_max is not None and len(unhealthy) > self.rollback_max:
            return (
                f"The health tasks failed on {_hosts(unhealthy)}, more than hotpatch_rollback_max ({self.rollback_max}) allows,"
                f" {_NO_MORE_BEGIN}"
            )
        for batch in self.batches:
            failed = sorted(host for host in batch if host in self.runs and self.runs[host].ended_badly)
            if failed and len(failed) == len(batch) and self._tells_of_others(failed):
                return f"A batch failed as a whole ({_named(failed)}), {_NO_MORE_BEGIN}"
            if len(failed) * 100 > self.max_fail_percentage * len(batch):
                return (
                    f"{len(failed)} of the {len(batch)} hosts of a batch failed ({_named(failed)}), more than"
                    f" hotpatch_max_fail_percentage ({self.max_fail_percentage:g}) allows, {_NO_MORE_BEGIN}"
                )
        return None

    def _tells_of_others(self, failed: Sequence[str]) -> bool:
        """Return False if FAILED, a whole batch, says nothing of the hosts after it.

        Where nobody has given the size of batches, one host may be a batch, and hosts that were not reached may be one.
        """
        return not self.ahead.sizes_are_own or (len(failed) >= _TELLING and not all(self.runs[host].not_reached for host in failed))

    def hold_back(self, why: str) -> None:
        """Note that whoever has something to do and has not begun does not begin any more, because of WHY."""
        for host in self.hosts:
            run = self._begun(host)
            waits = run.decision.get("action") in BEGINS if run.asked else not run.failed
            if waits and not (run.acted or run.explained or run.given_up):
                run.hold_back(why)

    def hold_back_beside(self, held: Mapping[str, str]) -> None:
        """Note that the run does not begin on the hosts of HELD, each for the reason that is given."""
        for host, why in held.items():
            self._begun(host).hold_back(why)

    def refuse(self, refused: Mapping[str, Mapping[str, Any]]) -> None:
        """Note that the run does not come to the hosts of REFUSED, each with the decision that says why."""
        for host, decision in refused.items():
            run = self._begun(host)
            run.asked, run.decision = True, decision

    def held_beside(self, batch: Iterable[str]) -> dict[str, str]:
        """Return the hosts of BATCH that must not begin because a member of their group has ended badly or is out of service, and why."""
        bad = [host for host in self.ahead.groups if (run := self._latest(host)) and (run.ended_badly or run.out_of_service)]
        return self.ahead.held_beside(bad, batch)

    def _latest(self, host: str) -> HostRun | None:
        run = self.runs.get(host)
        return run if run is not None and (run.asked or run.failed) else self.ahead.seen.get(host)

    def _begun(self, host: str) -> HostRun:
        """Return what is known of HOST: where the run has not come to it, what was seen before the first batch."""
        run = self.of(host)
        if host in self.ahead.seen and not (run.asked or run.failed):
            run = self.runs[host] = self.ahead.seen[host]
        return run

    def to_fail(self) -> dict[str, str]:
        """Return the hosts that fail the run, each with the beginning of its last word."""
        found = {}
        for host in self.hosts:
            run = self.of(host)
            outcome, reason = run.last_word()
            events = ", ".join(run.events(self.fail_on.get(host, ())))
            # A host that was not come to had failed before the run, or something else has ended it.
            if run.ended_badly or outcome == NOTHING:
                found[host] = clean(f"{outcome}: {reason}", _WIDEST)
            elif events:
                found[host] = clean(f"{outcome}, which hotpatch_fail_on ({events}) makes a failure: {reason}", _WIDEST)
        return found

    def figures(self) -> dict[str, Any]:
        """Return the numbers of hosts by state and by outcome."""
        runs = [self.of(host) for host in self.hosts]
        return {
            "states": dict(Counter(clean(run.state) for run in runs)),
            "outcomes": dict(Counter(str(run.last_word()[0]) for run in runs)),
        }


class _Current:
    """The run that is under way in this process. The workers of ansible-core are forks, so each sees it as it was when its task began."""

    account = RunAccount(closed=True)


def current() -> RunAccount:
    """Return the account of the run that is under way."""
    return _Current.account


def open_account(
    playbook: str = "", hosts: Iterable[str] = (), fail_on: Mapping[str, Sequence[str]] | None = None, ahead: Batches | None = None
) -> RunAccount:
    """Begin the account of a run of PLAYBOOK on HOSTS, in place of the one before, and return it.

    FAIL_ON and AHEAD are as the account has them.
    """
    _Current.account = RunAccount(playbook, list(hosts), fail_on or {}, closed=not playbook, ahead=ahead or Batches())
    return _Current.account


def note_limits(account: RunAccount, limits: Mapping[str, Any]) -> None:
    """Take over into ACCOUNT what LIMITS, a result of the first look at the budget, says of it."""
    if limits.get("max_fail_percentage") is not None:
        account.max_fail_percentage = float(limits["max_fail_percentage"])
    if limits.get("rollback_max") is not None:
        account.rollback_max = int(limits["rollback_max"])


def _named(names: Sequence[str]) -> str:
    return some_of([clean(name) for name in names])


def _hosts(names: Sequence[str]) -> str:
    return f"{len(names)} host{'' if len(names) == 1 else 's'} ({_named(names)})"
