# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remedies for a vulnerability that is not fixed on a host; those that keep the track come first."""

from __future__ import annotations

from collections.abc import Sequence

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.vulnerabilities import Fix
from .judge import Running, build_of, carrier_of

ASSESS = "Remove the cause and assess the host again."


def remedy_of(catalog: Catalog, view: CatalogView, now: Running, fixes: Sequence[Fix]) -> str:
    """Return the remedy for a host that runs NOW and has none of FIXES."""
    carriers = {fix.kb: carrier_of(catalog, view, fix) for fix in fixes}
    baseline = view.newest_baseline()
    if baseline is not None and baseline.released > now.released and _brings(view, fixes, carriers, baseline.kb):
        return f"Install the baseline {baseline.kb} ({baseline.month}), with its restart."
    newest = view.newest_track()
    by_hotpatch = [kb for kb, carrier in carriers.items() if carrier == "hotpatch"]
    if now.on is not None and by_hotpatch and newest is not None and newest.released >= now.released:
        first = f"the baseline {baseline.kb}, with its restart, and then " if baseline and baseline.released > now.released else ""
        return f"Install {first}{newest.kb} ({newest.month}){', with its restart' if newest.restart else ''}."
    components = sorted(kb for kb, carrier in carriers.items() if carrier == "component")
    lcus = sorted(kb for kb, carrier in carriers.items() if carrier == "lcu")
    ways: list[str] = []
    if components:
        ways.append(f"install {' or '.join(components)}, with a restart where it asks for one")
    if lcus:
        back = view.next_planned_baseline()
        leaves = f"; it takes the host off the hotpatch track until the baseline planned for {back.date}" if now.on is not None else ""
        ways.append(f"install {' or '.join(lcus)}, with its restart{leaves}")
        if now.on is not None:
            ways.append("wait for that baseline and stay exposed until then")
    text = ", or ".join(ways) or f"install {' or '.join(sorted(carriers))}"
    return f"{text[0].upper()}{text[1:]}."


def _brings(view: CatalogView, fixes: Sequence[Fix], carriers: dict[str, str], kb: str) -> bool:
    """True if the baseline KB contains one of FIXES."""
    baseline = view.by_kb(kb)
    if baseline is None:
        return False
    for fix in fixes:
        build = build_of(view, fix)
        if fix.kb == kb or (build is not None and build <= baseline.build):
            return True
        release = view.by_kb(fix.kb)
        if carriers[fix.kb] == "hotpatch" and release is not None and release.released < baseline.released:
            return True
    return False
