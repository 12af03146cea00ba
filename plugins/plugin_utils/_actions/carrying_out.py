# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carrying out the steps of a decision, in their order and no further than they succeed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._decision.decision import Action, Decision, Step
from .._host.offers import Restart
from .._host.pending_restart import Needed
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .claiming import claim_in_time
from .errors import refuse_orphan
from .host import Host
from .installing import install_file, install_offered
from .removing import remove
from .restarting import restart
from .settling import settle


@dataclass(slots=True)
class Work:
    """The result of the steps of a decision, as they report it. The observation after them shows whether it is true.

    C(ok) is False where an installation or a removal failed, for C(problem). C(stopped) says that the host was told to restart and did
    not come back as expected, C(put_off) why a restart that was decided was not begun. C(asks_for_restart) is what the host said since
    its last restart, C(details) what the last installation said of itself.
    """

    ok: bool = True
    problem: str = ""
    changed: bool = False
    restarted: bool = False
    stopped: bool = False
    put_off: Decision | None = None
    asks_for_restart: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def carry_out(host: Host, run: RunRecord, before: Record, decision: Decision) -> Work:
    """Do the steps of DECISION, made on the record BEFORE, on HOST, write each into RUN, and return what they came to.

    The first step that fails ends the work. Only a restart that was decided still follows packages that are gone: their removal is
    half done without it. The record is saved after each step, because whatever follows can lose the host.
    """
    work = Work()
    for step in decision.steps:
        if work.stopped or work.put_off:
            break
        if step.action is Action.RESTART:
            _restart(host, run, before, decision, step, work)
        elif work.ok and step.action is Action.INSTALL:
            _install(host, run, before, step, work)
        elif work.ok and step.action is Action.REMOVE:
            _remove(host, run, step, work)
    if work.ok and work.asks_for_restart and all(step.action is not Action.RESTART for step in decision.steps):
        # Nobody has taken the host out of service for it, so it waits even where restarts are allowed.
        run.note(f"{decision.kb} asks for a restart that was not expected; the host was not restarted.")
    return work


def _install(host: Host, run: RunRecord, before: Record, step: Step, work: Work) -> None:
    args, kb = host.options.args, str(step.kb)
    refuse_orphan(host.name, f"installing {kb}")
    claim_in_time(host)
    if args.get("source"):
        installed = install_file(host, kb, args)
    else:
        selection, limit = str(args.get("server_selection") or "default"), float(args["install_timeout"])
        installed = install_offered(host, kb, selection, title=step.title, limit=limit)
    work.ok, work.problem, work.details = installed.ok, installed.message, installed.details
    work.changed |= installed.changed
    work.asks_for_restart = bool(installed.details.get("reboot_required") or installed.details.get("restart_needed"))
    run.installed += installed.kbs
    run.note(installed.message)
    run.save()
    # What was there before proves nothing of this installation.
    if not installed.told and not _has(before, kb):
        _believe_the_host(host, run, kb, work)


def _believe_the_host(host: Host, run: RunRecord, kb: str, work: Work) -> None:
    """Ask the host for KB, since the answer of its installation was lost: what is there was installed, and the work goes on."""
    seen = settle(host, lambda record: _has(record, kb) or not _is_at_work(record), restarted=False)
    if not _has(seen, kb):
        return
    work.ok = work.changed = True
    work.asks_for_restart = seen.restart.needed is Needed.YES
    run.installed.append(kb)
    run.note(f"The host has {kb}: the answer was lost, and the installation was not.")
    run.save()


def _has(record: Record, kb: str) -> bool:
    return record.evidence.has(kb) or record.staged_kb == kb


def _is_at_work(record: Record) -> bool:
    servicing = record.observation.servicing
    return servicing is None or servicing.in_progress is not False


def _remove(host: Host, run: RunRecord, step: Step, work: Work) -> None:
    identity = str(step.package)
    refuse_orphan(host.name, f"removing {identity}")
    claim_in_time(host)
    work.problem = remove(host, identity)
    work.ok = not work.problem
    if work.ok:
        work.changed = work.asks_for_restart = True
        run.removed.append(identity)
    run.note(work.problem)
    run.save()


def _restart(host: Host, run: RunRecord, before: Record, decision: Decision, step: Step, work: Work) -> None:
    half_removed = decision.action is Action.REMOVE and work.asks_for_restart
    if not (work.ok or half_removed) or (step.restart is not Restart.YES and not work.asks_for_restart):
        return
    cause = step.kb or "a pending restart"
    if decision.action is Action.REMOVE:
        cause = f"the rollback of {step.kb}" if step.kb == decision.kb else f"the baseline {step.kb}"
    work.put_off = host.restart_put_off(before, look=work.changed)
    if work.put_off is not None:
        run.note(f"The restart for {cause} was put off. {work.put_off.reason} {work.put_off.remedy}")
        return
    timeout = int(host.options.args["restart_timeout"])
    done = restart(host, run, before, allowed=decision.restart_allowed, cause=cause, timeout=timeout)
    work.restarted |= done.done
    work.stopped = not done.done
    work.asks_for_restart &= not done.done
    run.note(done.message)
