# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between two catalogs, in the words of someone who waits for Patch Tuesday."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .._values.plain_fields import PlainFields
from .catalog import Catalog
from .release import BASELINES, Announced, Release

# The fields of a release that change what a run does. Notes and sources do not.
FIELDS = ("kind", "planned_kind", "released", "build", "disputed_build", "lcu_kb", "lcu_build", "restart", "aliases")
_NAMES = {"planned_kind": "planned", "disputed_build": "disputed build", "lcu_kb": "LCU", "lcu_build": "LCU build"}


@dataclass(frozen=True, slots=True)
class Change(PlainFields):
    """One difference. C(change) is added, removed, replaced, changed, withdrawn, restored, denied, allowed, announced or dropped."""

    line: str
    month: str
    change: str
    kb: str | None
    field: str | None
    before: str | None
    after: str | None
    text: str


def compare_catalogs(before: Catalog, after: Catalog, lines: Collection[str], months: Collection[str] | None = None) -> tuple[Change, ...]:
    """Return the differences of AFTER from BEFORE for LINES (and of MONTHS, where given), by line and month."""
    found: list[Change] = []
    for line in sorted(lines):
        changes = _releases(before, after, line) + _announced(before, after, line)
        found += sorted(changes, key=lambda item: (item.month, item.kb or "", item.change, item.field or ""))
    found = [item for item in found if months is None or item.month in months]
    return tuple(found + _support(before, after, sorted(lines)))


def _releases(before: Catalog, after: Catalog, line: str) -> list[Change]:
    old = {(item.month, item.kb): item for item in before.releases(line)}
    new = {(item.month, item.kb): item for item in after.releases(line)}
    plans = {item.month: item for item in before.lines[line].announced}
    found: list[Change] = []
    gone = {month: item for (month, kb), item in old.items() if (month, kb) not in new and item.is_of_month}
    replaced: set[str] = set()
    for key, release in new.items():
        if key in old:
            found += _same(old[key], release)
        elif release.is_of_month and release.month in gone:
            found.append(_replaced(gone[release.month], release))
            replaced.add(gone[release.month].kb)
        else:
            found.append(_added(release, plans.get(release.month)))
            found += _marks(None, release)
    for key, release in old.items():
        if key not in new and release.kb not in replaced:
            text = f"{_where(release)}: {_kind(release)} {release.kb} ({release.build}) is no longer listed"
            found.append(_change(release, "removed", text, before=str(release)))
    return found


def _added(release: Release, plan: Announced | None) -> Change:
    """A month that was planned a hotpatch and became a baseline says so first: it is why anyone compares catalogs."""
    planned = release.planned_kind or (plan.planned_kind if plan else None)
    text = (
        f"{_where(release)}: {_outcome(release, planned.value if planned else None)}, {release.kb} ({release.build}), {_restart(release)}"
    )
    return _change(release, "added", text, before=f"planned {planned.value}" if planned else None, after=str(release))


def _outcome(release: Release, planned: str | None) -> str:
    if not release.is_of_month:
        return f"new {_kind(release)}"
    if planned is None:
        return f"now {_kind(release)}"
    became = "baseline" if release.kind in BASELINES else _kind(release)
    return f"planned {planned}, now {became}" if became != planned else f"{planned} as planned"


def _replaced(old: Release, new: Release) -> Change:
    planned = f"planned {new.planned_kind.value}, " if new.planned_kind else ""
    text = f"{_where(new)}: {planned}was {_kind(old)} {old.kb} ({old.build}), now {_kind(new)} {new.kb} ({new.build}), {_restart(new)}"
    return _change(new, "replaced", text, before=str(old), after=str(new))


def _same(old: Release, new: Release) -> list[Change]:
    found: list[Change] = []
    for field in FIELDS:
        was, now = _value(old, field), _value(new, field)
        if was == now:
            continue
        if field == "restart":
            text = f"{_where(new)}: {new.kb} {_restart(new)} (before: {_restart(old)})"
        elif field == "kind" and old.planned_kind is not None and new.kind in BASELINES and old.kind not in BASELINES:
            text = f"{_where(new)}: planned {old.planned_kind.value}, now baseline, {new.kb} ({new.build}), {_restart(new)}"
        else:
            text = f"{_where(new)}: {new.kb} {_NAMES.get(field, field)} {was or 'none'} is now {now or 'none'}"
        found.append(_change(new, "changed", text, field, was, now))
    return found + _marks(old, new)


def _marks(old: Release | None, new: Release) -> list[Change]:
    withdrawn_before = old is not None and old.withdrawn is not None
    before = str(old.denial) if old and old.denial else None
    after = str(new.denial) if new.denial else None
    name = f"{_where(new)}: {new.kb}"
    found: list[Change] = []
    if new.withdrawn is not None and not withdrawn_before:
        found.append(_change(new, "withdrawn", f"{name} withdrawn, no longer installed nor expected: {new.withdrawn}"))
    elif withdrawn_before and new.withdrawn is None:
        found.append(_change(new, "restored", f"{name} no longer withdrawn"))
    if new.denial and after != before:
        found.append(_change(new, "denied", f"{name} {after}: {new.denial.reason}", before=before, after=after))
    elif before and not after:
        found.append(_change(new, "allowed", f"{name} no longer denied (before: {before})", before=before))
    return found


def _announced(before: Catalog, after: Catalog, line: str) -> list[Change]:
    """Plans that are new, other or gone. A plan whose month has come out in the meantime is told by its release."""
    old = {item.month: item for item in before.lines[line].announced}
    new = {item.month: item for item in after.lines[line].announced}
    out = {item.month for item in after.releases(line) if item.is_of_month}
    found: list[Change] = []
    for month in sorted(old.keys() | new.keys()):
        was, now = _plan(old.get(month)), _plan(new.get(month))
        if was == now or month in out:
            continue
        if was is None:
            found.append(Change(line, month, "announced", None, "planned_kind", None, now, f"{line} {month}: announced as {now}"))
        elif now is None:
            found.append(Change(line, month, "dropped", None, "planned_kind", was, None, f"{line} {month}: no longer announced as {was}"))
        else:
            text = f"{line} {month}: announced as {was}, now as {now}"
            found.append(Change(line, month, "changed", None, "planned_kind", was, now, text))
    return found


def _plan(item: Announced | None) -> str | None:
    if item is None:
        return None
    return f"{item.planned_kind.value} (fixes from {item.fixed_build})" if item.fixed_build else item.planned_kind.value


def _support(before: Catalog, after: Catalog, lines: list[str]) -> list[Change]:
    found: list[Change] = []
    for line in lines:
        was, now = before.lines[line].hotpatch_ends, after.lines[line].hotpatch_ends
        if was != now:
            text = f"{line}: hotpatches end {now or 'at a date not known'} (before: {was or 'not known'})"
            month = f"{now or was:%Y-%m}"
            found.append(Change(line, month, "changed", None, "hotpatch_ends", str(was) if was else None, str(now) if now else None, text))
    return found


def _change(
    release: Release, change: str, text: str, field: str | None = None, before: str | None = None, after: str | None = None
) -> Change:
    return Change(release.line, release.month, change, release.kb, field, before, after, text)


def _value(release: Release, field: str) -> str | None:
    value = getattr(release, field)
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or None
    return str(value)


def _where(release: Release) -> str:
    return f"{release.line} {release.month}"


def _kind(release: Release) -> str:
    if release.kind.value == "unknown":
        return "kind not settled"
    return release.kind.value.replace("_", " ").replace("oob lcu", "out-of-band LCU").replace("oob", "out-of-band")


def _restart(release: Release) -> str:
    restart: bool | None = release.restart
    return "restart not known" if restart is None else "restart" if restart else "no restart"
