# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of one run, each with its last word, as lines for a terminal: figures first, then whoever needs a person, then the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .._values.printable import MESSAGE, clean
from .._values.text_table import table_lines
from .host_run import NOTHING, HostRun

_COLUMNS = ("host", "state", "outcome", "KB", "reason")
_WIDEST = 110
# So many hosts are named with a remedy.
_NAMED = 5
# So many sentences that the table had to cut are told in full.
_MOST = 20
# A fleet of at most so many hosts is listed in full.
FEW = 40
_RESUME = "Run winops.hotpatch.resume for them once they are healthy; the next winops.hotpatch.cycle does it as well."


def host_lines(
    hosts: Mapping[str, HostRun], others: Iterable[str] = (), fail_on: Mapping[str, Sequence[str]] | None = None, *, in_full: bool = False
) -> list[str]:
    """Return the table of HOSTS and of OTHERS, which the run has not come to, and below it the remedies, each with its hosts.

    FAIL_ON are the events that fail a host as well, by host. A larger fleet has those hosts alone in its table that need a person, unless
    it is to be shown IN_FULL.
    """
    rows = {**{name: HostRun() for name in others}, **hosts}
    needing = [name for name in sorted(rows) if rows[name].needs_person]
    calm = [name for name in sorted(rows) if not rows[name].needs_person]
    hidden = [] if in_full or len(rows) <= FEW else calm
    shown = [name for name in (*needing, *calm) if name not in set(hidden)]
    lines = _figures(rows, len(needing))
    if shown:
        lines += ["", *table_lines(_COLUMNS, [rows[name].cells(name) for name in shown], widest=_WIDEST)]
    if hidden:
        lines += ["", f"{_hosts(len(hidden))}{' more' if needing else ''} need no person, and -v lists them."]
    return [*lines, *_out_of_service(rows), *_failed_on(rows, fail_on or {}), *_remedy_lines(rows)]


def _figures(rows: Mapping[str, HostRun], needing: int) -> list[str]:
    person = "none of them needs a person" if not needing else f"{needing} of them need{'s' if needing == 1 else ''} a person"
    return [
        f"{_hosts(len(rows))}, {person}",
        f"  by state:   {_counted(run.state for run in rows.values())}",
        f"  by outcome: {_counted(_outcome(run) for run in rows.values())}",
    ]


def _counted(words: Iterable[str]) -> str:
    most_first = sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {clean(word)}" for word, count in most_first)


def _outcome(run: HostRun) -> str:
    outcome = str(run.last_word()[0])
    return "not begun" if outcome == NOTHING else outcome


def _hosts(count: int) -> str:
    return f"{count} host{'' if count == 1 else 's'}"


def _out_of_service(rows: Mapping[str, HostRun]) -> list[str]:
    names = [clean(name) for name in sorted(rows) if rows[name].out_of_service]
    back = [clean(name) for name in sorted(rows) if rows[name].brought_back]
    told = [f"Out of service ({len(names)}): {', '.join(names)}", f"  {_RESUME}"] if names else []
    told += [f"Back in service, where an earlier run had left them out ({len(back)}): {', '.join(back)}"] if back else []
    return ["", *told] if told else []


def _failed_on(rows: Mapping[str, HostRun], fail_on: Mapping[str, Sequence[str]]) -> list[str]:
    events = {name: rows[name].events(fail_on.get(name, ())) for name in sorted(rows)}
    names = [f"{clean(name)} ({', '.join(found)})" for name, found in events.items() if found and not rows[name].ended_badly]
    return ["", f"Failed by hotpatch_fail_on ({len(names)}): {some_of(names)}"] if names else []


def _remedy_lines(rows: Mapping[str, HostRun]) -> list[str]:
    by_remedy: dict[str, list[str]] = {}
    cut: dict[str, list[str]] = {}
    for name in sorted(rows):
        reason = rows[name].cells(name)[-1]
        if remedy := clean(rows[name].next_step(), MESSAGE):
            by_remedy.setdefault(remedy, []).append(clean(name))
        elif rows[name].needs_person and len(reason) > _WIDEST:
            # What to do stands at the end of it.
            cut.setdefault(reason.replace(f" on {name} ", " on the host "), []).append(clean(name))
    most_first = sorted(by_remedy.items(), key=lambda item: (-len(item[1]), item[0]))
    lines = [line for remedy, names in most_first for line in (f"  {some_of(names)}:", f"    {remedy}")]
    told = list(cut.items())
    lines += [line for reason, names in told[:_MOST] for line in (f"  {some_of(names)}:", f"    {reason}")]
    if more := [name for reason, names in told[_MOST:] for name in names]:
        lines += [f"  {some_of(more)}:", "    The output above has the reason of each, and so has its run record."]
    return ["", "What to do", *lines] if lines else []


def some_of(names: Sequence[str]) -> str:
    """Return the first of NAMES, which are printable, and how many there are besides."""
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMED])} and {more} more"
