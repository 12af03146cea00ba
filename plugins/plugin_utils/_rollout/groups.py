# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The groups of hosts whose members must not restart together: failover clusters, domain controllers of a site, and what operators name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .._observation.facts import Observation, Os, Roles
from .._values.printable import clean

CLUSTER, CONTROLLER, SPREAD = "failover cluster", "domain controller", "hotpatch_spread"
# ProductType of Win32_OperatingSystem.
_CLIENT, _CONTROLLER = 1, 2
# The name of a directory service, such as CN=NTDS Settings,CN=DC01,CN=Servers,CN=Paris,CN=Sites and so on.
_SITE = re.compile(r",CN=Servers,CN=((?:[^,\\]|\\.)+),CN=Sites,", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its kind, and the names that tell it from others of that kind, the widest first.

    A name that is not known is left out together with those behind it, so that such a group may be any of those that begin like it: a node
    that cannot tell its cluster may be one of any cluster.
    """

    kind: str
    names: tuple[str, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def path(self) -> tuple[str, ...]:
        """The kind and the names, from the widest to the narrowest."""
        return (self.kind, *self.names)

    @property
    def is_known(self) -> bool:
        """True if nothing that belongs to it is left out."""
        return len(self.names) == (2 if self.kind == CONTROLLER else 1)


def shared(some: Iterable[Group], others: Iterable[Group]) -> Group | None:
    """Return a group of SOME for which a host must not restart together with one that has OTHERS, or None."""
    paths = [group.path for group in others]
    return next((group for group in some if any(_within(group.path, path) for path in paths)), None)


def _within(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def groups_of(seen: Observation | None, spread: Iterable[str] = ()) -> tuple[Group, ...]:
    """Return the groups of a host. SEEN is what it reported, None if it could not be asked; SPREAD are the groups that operators name."""
    named = [Group(SPREAD, (name.strip().casefold(),), f"{SPREAD} {clean(name)}") for name in spread]
    roles, system = (seen.roles, seen.os) if seen is not None else (None, None)
    if system is not None and system.product_type == _CLIENT:
        # Windows for clients is neither a node of a failover cluster nor a domain controller.
        return tuple(named)
    return tuple(dict.fromkeys([*_cluster(roles), *_controller(roles, system), *named]))


def _cluster(roles: Roles | None) -> list[Group]:
    if roles is not None and roles.cluster_name:
        return [Group(CLUSTER, (roles.cluster_name.casefold(),), f"{CLUSTER} {clean(roles.cluster_name)}")]
    if roles is not None and roles.failover_cluster is False:
        return []
    return [Group(CLUSTER, (), f"a {CLUSTER} whose name is not known")]


def _controller(roles: Roles | None, system: Os | None) -> list[Group]:
    told = roles.domain_controller if roles is not None else None
    kind = system.product_type if system is not None else None
    if kind != _CONTROLLER and (told is False or (told is None and kind is not None)):
        return []
    if roles is None or not roles.domain:
        return [Group(CONTROLLER, (), f"{CONTROLLER}s whose domain is not known")]
    domain, text = roles.domain.casefold(), f"{CONTROLLER}s of {clean(roles.domain)}"
    site = _site(roles)
    if site is None:
        return [Group(CONTROLLER, (domain,), f"{text} whose site is not known")]
    return [Group(CONTROLLER, (domain, site.casefold()), f"{text} in {clean(site)}")]


def _site(roles: Roles) -> str | None:
    """Return the site of a domain controller. Two places tell it; it is not known where they contradict one another."""
    match = _SITE.search(roles.directory_name or "")
    told = [name for name in (_ESCAPED.sub(r"\1", match[1]) if match else None, roles.netlogon_site) if name]
    return told[0] if len({name.casefold() for name in told}) == 1 else None
