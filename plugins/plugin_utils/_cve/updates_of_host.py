# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updates of a host according to its records: in force, waiting for a restart, shown as installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .._catalog.release import LINES
from .._values.build import Build
from .._values.moments import iso, read_moment
from .._values.names import is_kb
from .._values.outcome import Outcome
from .._values.printable import clean

RECORD = "winops.hotpatch/record/1"
RUN = "winops.hotpatch/run/1"


@dataclass(frozen=True, slots=True)
class HostUpdates:
    """One host. C(problem) says why nothing can be concluded; then nothing else of it counts."""

    host: str
    line: str | None = None
    observed_at: datetime | None = None
    build: Build | None = None
    release_kb: str | None = None
    kind: str | None = None
    proof: int = 0
    staged_kb: str | None = None
    restart: str = "unknown"
    installed: frozenset[str] | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class HostSnapshot:
    """One entry that tells of a host at a time. A run that could not reach the host has neither record nor problem."""

    host: str
    at: datetime
    record: Mapping[str, Any] | None
    problem: str | None


def unpack(name: str, data: Mapping[str, Any]) -> HostSnapshot:
    """Return the updates in DATA, called NAME: a record (winops.hotpatch/record/1), a run record or a result of host_info.

    Raises ValueError where it is not one of these.
    """
    inner = data.get("record")
    record: Mapping[str, Any] = inner if data.get("schema") is None and isinstance(inner, Mapping) else data
    schema, host = record.get("schema"), record.get("host")
    if schema not in (RECORD, RUN) or not isinstance(host, str):
        raise ValueError(f"{name} is neither a record, a run record nor a result of host_info; its schema is {clean(repr(schema))}")
    if schema == RECORD:
        # A host that was not reached has no time of its own; its record then says nothing, and an older one stands.
        at = read_moment(record.get("observed_at"))
        return HostSnapshot(host, at or datetime.min.replace(tzinfo=UTC), record, None)
    started = read_moment(record.get("started_at"))
    if started is None:
        raise ValueError(f"{name} has no time at which it started, but {clean(repr(record.get('started_at')))}")
    after, before, outcome = record.get("after"), record.get("before"), Outcome.read(record.get("outcome"))
    if isinstance(after, Mapping):
        return HostSnapshot(host, started, after, None)
    # A run that left the host alone saw before what is still true. After any other one the host has to be seen again.
    if outcome is None or not outcome.leaves_the_host_alone:
        problem = f"its last run ended as {outcome or 'unknown'} at {iso(started)}, and the host was not seen since; assess it again"
        return HostSnapshot(host, started, None, problem)
    # A run that saw nothing before tells nothing, and an older record stands.
    return HostSnapshot(host, started, before if isinstance(before, Mapping) and before.get("observed_at") else None, None)


def hosts_of(entries: Iterable[HostSnapshot], expected: Iterable[str], now: datetime, max_age: timedelta) -> tuple[HostUpdates, ...]:
    """Return the hosts that ENTRIES, in any order, tell of by name; with EXPECTED, these hosts and no other.

    What is dated after NOW is not seen; what is older than MAX_AGE says nothing of NOW.
    """
    names = list(dict.fromkeys(expected))
    newest: dict[str, HostSnapshot] = {}
    known: set[str] = set()
    for seen in entries:
        if seen.at > now or (names and seen.host not in names):
            continue
        known.add(seen.host)
        if (seen.record is not None or seen.problem) and (seen.host not in newest or seen.at >= newest[seen.host].at):
            newest[seen.host] = seen
    found = [_read(seen, now, max_age) for seen in newest.values()]
    found += [HostUpdates(name, problem="it was never reached") for name in known - newest.keys()]
    found += [HostUpdates(name, problem="there is no record of it") for name in names if name not in known]
    return tuple(sorted(found, key=lambda item: item.host))


def _read(entry: HostSnapshot, now: datetime, max_age: timedelta) -> HostUpdates:
    host, record = entry.host, entry.record
    if record is None:
        return HostUpdates(host, problem=entry.problem)
    seen = read_moment(record.get("observed_at"))
    if seen is None:
        return HostUpdates(host, problem="its last record holds no observation; the host was not reached")
    if now - seen > max_age:
        return HostUpdates(
            host, observed_at=seen, problem=f"its record is dated {seen:%Y-%m-%d}, older than {max_age.days} days; assess it again"
        )
    line = _mapping(record, "os").get("product_line")
    if line not in LINES:
        return HostUpdates(host, observed_at=seen, problem="it belongs to no product line that the catalog has")
    force = _mapping(record, "in_force")
    proof, restart, installed = force.get("proof"), _mapping(record, "restart").get("needed"), record.get("installed")
    return HostUpdates(
        host=host,
        line=str(line),
        observed_at=seen,
        build=_build(force.get("build")),
        release_kb=_kb(force.get("release_kb")),
        kind=str(force["kind"]) if force.get("kind") else None,
        proof=proof if isinstance(proof, int) else 0,
        staged_kb=_kb(record.get("staged_kb")),
        restart=str(restart) if restart else "unknown",
        installed=frozenset(str(item) for item in installed) if isinstance(installed, list) else None,
    )


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _kb(value: object) -> str | None:
    return value if isinstance(value, str) and is_kb(value) else None


def _build(value: object) -> Build | None:
    try:
        return Build.parse(value)
    except ValueError:
        return None
