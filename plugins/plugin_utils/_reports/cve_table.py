# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vulnerabilities and hosts as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .._cve.cve_view import CveView, Fixed, HostFix
from .._values.printable import as_cell
from .._values.text_table import table_lines

_NAMES_SHOWN = 6
_WIDEST = 240
_COLUMNS = (
    "CVE", "month", "severity", "exploited", "in force", "by hotpatch", "by LCU", "by component",
    "pending restart", "exposed", "unknown", "not listed",
)  # fmt: skip


def cve_lines(views: Sequence[CveView], problems: Sequence[str]) -> list[str]:
    """Return the whole table: vulnerabilities, hosts, who still lacks what, and records that could not be read."""
    lines = ["CVEs: how many hosts have the fix", *(f"  {line}" for line in table_lines(_COLUMNS, [_cve(view) for view in views]))]
    lines += ["", "Hosts: how many of these CVEs are fixed", *(f"  {line}" for line in _hosts(views))]
    for names, hosts in _alike(views):
        lines += ["", f"Hosts that lack {names}", *(f"  {line}" for line in _lacking(hosts))]
    if problems:
        lines += ["", "Records that could not be read", *(f"  {as_cell(problem, _WIDEST)}" for problem in problems)]
    return lines


def _cve(view: CveView) -> tuple[object, ...]:
    cve, counts, by = view.cve, view.counts, view.by_carrier
    exploited = "not known" if cve.exploited is None else "yes" if cve.exploited else "no"
    states = [counts[state.value] for state in (Fixed.PENDING_RESTART, Fixed.EXPOSED, Fixed.UNKNOWN, Fixed.NOT_LISTED)]
    return (cve.cve, cve.month, cve.severity, exploited, counts["in_force"], by["hotpatch"], by["lcu"], by["component"], *states)


def _hosts(views: Sequence[CveView]) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for index, host in enumerate(views[0].hosts if views else ()):
        found = Counter(view.hosts[index].state for view in views)
        rows.append((host.host, host.line, host.kb, host.build, *(found[state] for state in Fixed)))
    return table_lines(("host", "line", "KB", "build", *(state.value.replace("_", " ") for state in Fixed)), rows)


def _alike(views: Sequence[CveView]) -> list[tuple[str, tuple[HostFix, ...]]]:
    """Return the vulnerabilities that the same hosts lack for the same reasons as one: a month has a hundred of them."""
    groups: dict[tuple[HostFix, ...], list[str]] = {}
    for view in views:
        if view.lacking:
            groups.setdefault(view.lacking, []).append(view.cve.cve)
    found: list[tuple[str, tuple[HostFix, ...]]] = []
    for hosts, cves in groups.items():
        names = list(dict.fromkeys(cves))
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        found.append((f"{', '.join(names[:_NAMES_SHOWN])}{more}", hosts))
    return found


def _lacking(hosts: Sequence[HostFix]) -> list[str]:
    rows = [(item.host, item.line, item.state.value, item.kb, item.build) for item in hosts]
    heads = table_lines(("host", "line", "state", "KB", "build"), rows)
    lines = [heads[0]]
    for head, item in zip(heads[1:], hosts, strict=True):
        lines += [head, f"    {as_cell(item.reason, _WIDEST)}"]
        if item.remedy:
            lines.append(f"    {as_cell(item.remedy, _WIDEST)}")
    return lines
