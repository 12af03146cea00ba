# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vulnerabilities that are fixed on each host, and the hosts that lack a fix. An unknown answer never counts as fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.vulnerabilities import Cve, Fix
from .._values.plain_fields import PlainFields
from .judge import Answer, Has, Running, answer, build_of, carrier_of, running
from .remedy import ASSESS, remedy_of
from .updates_of_host import HostUpdates


class Fixed(StrEnum):
    """The state of one vulnerability on a host. NOT_LISTED: the document names no fix for its product line."""

    IN_FORCE = "in_force"
    PENDING_RESTART = "pending_restart"
    EXPOSED = "exposed"
    UNKNOWN = "unknown"
    NOT_LISTED = "not_listed"


# Whoever is in one of these still lacks the fix, as far as anyone can tell.
LACKING = (Fixed.PENDING_RESTART, Fixed.EXPOSED, Fixed.UNKNOWN)


@dataclass(frozen=True, slots=True)
class HostFix(PlainFields):
    """One host and one vulnerability."""

    host: str
    line: str | None
    state: Fixed
    carrier: str | None
    kb: str | None
    build: str | None
    hotpatch_lacks_it: bool
    reason: str
    remedy: str | None


@dataclass(frozen=True, slots=True)
class CveView:
    """One vulnerability and all hosts."""

    cve: Cve
    hosts: tuple[HostFix, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The number of hosts in each state."""
        found = Counter(item.state for item in self.hosts)
        return {state.value: found[state] for state in Fixed}

    @property
    def by_carrier(self) -> dict[str, int]:
        """By which kind of update the fix is in force, on how many hosts."""
        found = Counter(item.carrier for item in self.hosts if item.state is Fixed.IN_FORCE)
        return {name: found[name] for name in ("hotpatch", "lcu", "component")}

    @property
    def lacking(self) -> tuple[HostFix, ...]:
        """The hosts that still lack the fix, the exposed ones first."""
        order = (Fixed.EXPOSED, Fixed.UNKNOWN, Fixed.PENDING_RESTART)
        return tuple(sorted((item for item in self.hosts if item.state in LACKING), key=lambda item: (order.index(item.state), item.host)))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "cve": self.cve.cve,
            "month": self.cve.month,
            "title": self.cve.title,
            "severity": self.cve.severity,
            "exploited": self.cve.exploited,
            "fixes": [fix.to_dict() for fix in self.cve.fixes],
            "counts": self.counts,
            "by_carrier": self.by_carrier,
            "lacking": [item.host for item in self.lacking],
            "hosts": [item.to_dict() for item in self.hosts],
        }


def view_cves(catalog: Catalog, cves: Sequence[Cve], hosts: Sequence[HostUpdates], now: datetime) -> tuple[CveView, ...]:
    """Return the state of CVES on HOSTS at NOW, one view for each CVE."""
    views = {line: catalog.view(line, now) for line in {host.line for host in hosts if host.line}}
    return tuple(CveView(cve, _hosts(catalog, views, cve, hosts)) for cve in cves)


def _hosts(catalog: Catalog, views: dict[str, CatalogView], cve: Cve, hosts: Sequence[HostUpdates]) -> tuple[HostFix, ...]:
    """Judge hosts that are alike once: a fleet of thousands has a handful of update levels."""
    kbs = frozenset(fix.kb for fix in cve.fixes)
    judged: dict[HostUpdates, HostFix] = {}
    found: list[HostFix] = []
    for host in hosts:
        alike = replace(host, host="", observed_at=None, installed=None if host.installed is None else host.installed & kbs)
        if alike not in judged:
            judged[alike] = _one(catalog, views, cve, alike)
        found.append(replace(judged[alike], host=host.host))
    return tuple(found)


def _one(catalog: Catalog, views: dict[str, CatalogView], cve: Cve, host: HostUpdates) -> HostFix:
    if host.problem is not None or host.line is None:
        return _result(host, Fixed.UNKNOWN, _sentence(host.problem or "its product line is not known"), remedy=ASSESS)
    fixes = cve.fixes_of(host.line)
    if not fixes:
        return _result(host, Fixed.NOT_LISTED, f"The document of {cve.month} names no update for {host.line}.")
    view = views[host.line]
    now = running(view, host.release_kb)
    if now is None:
        return _unlisted(view, host, fixes)
    answers = [(fix, answer(catalog, view, host, now, fix, cve.month)) for fix in fixes]
    yes = next((item for _fix, item in answers if item.has is Has.YES), None)
    if yes is not None:
        return _in_force(host, yes)
    after = running(view, host.staged_kb)
    if after is not None:
        later = [answer(catalog, view, host, after, fix, cve.month) for fix in fixes]
        if any(item.has is Has.YES for item in later):
            reason = f"{host.staged_kb} is installed and not in force until the host restarts."
            return _result(host, Fixed.PENDING_RESTART, reason, remedy="Restart the host in a window that allows it.")
    lacks = _hotpatch_lacks(catalog, view, now, fixes, cve)
    unknown = [item for _fix, item in answers if item.has is Has.UNKNOWN]
    if unknown:
        return _result(host, Fixed.UNKNOWN, _sentence(unknown[0].reason), lacks=lacks, remedy=ASSESS)
    if lacks:
        names = " or ".join(sorted({fix.kb for fix in fixes}))
        reason = f"The hotpatch {now.kb} of {now.month} does not carry this fix; only {names} does."
    else:
        reason = _sentence("; ".join(item.reason for _fix, item in answers))
    return _result(host, Fixed.EXPOSED, reason, lacks=lacks, remedy=remedy_of(catalog, view, now, fixes))


def _in_force(host: HostUpdates, yes: Answer) -> HostFix:
    """A component needs no build of its own, so a pending restart may be for it: then it is not in force for sure."""
    if yes.carrier == "component" and host.restart not in ("no", "deferrable"):
        reason = f"{_sentence(yes.reason)} It is not known before the pending restart whether it is in force."
        return _result(host, Fixed.PENDING_RESTART, reason, remedy="Restart the host in a window that allows it, or assess it again.")
    return _result(host, Fixed.IN_FORCE, _sentence(yes.reason), carrier=yes.carrier)


def _unlisted(view: CatalogView, host: HostUpdates, fixes: Sequence[Fix]) -> HostFix:
    """A build that the catalog cannot name lacks the fix for sure only where it is below every build that has it."""
    builds = [build_of(view, fix) for fix in fixes]
    known = [build for build in builds if build is not None]
    if host.build is not None and len(known) == len(builds) and host.build < min(known):
        reason = f"The host is on {host.build}, which the catalog does not name, below {min(known)}, the first build with this fix."
        return _result(host, Fixed.EXPOSED, reason, remedy=f"Install the newest baseline of {view.line}, with its restart.")
    what = f"{host.build}, which the catalog does not name" if host.build else "a build that could not be read"
    return _result(host, Fixed.UNKNOWN, f"The host is on {what}.", remedy="Update the catalog, or find out what was installed.")


def _hotpatch_lacks(catalog: Catalog, view: CatalogView, now: Running, fixes: Sequence[Fix], cve: Cve) -> bool:
    """True if the host has the newest hotpatch and still lacks the fix, since no hotpatch carries it."""
    carriers = {carrier_of(catalog, view, fix) for fix in fixes}
    return now.is_hotpatch and now.month >= cve.month and carriers.isdisjoint({"hotpatch", "unknown"})


def _result(
    host: HostUpdates, state: Fixed, reason: str, *, carrier: str | None = None, lacks: bool = False, remedy: str | None = None
) -> HostFix:
    build = str(host.build) if host.build else None
    return HostFix(host.host, host.line, state, carrier, host.release_kb, build, lacks, reason, remedy)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else text
