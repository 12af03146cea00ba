# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for the releases of one line, and for the lines among each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from .catalog_error import CatalogError
from .release import MONTHLY, Release

Key = tuple[str, str]


def key_of(release: Release) -> Key:
    """Return the key of a release within its line."""
    return release.month, release.kb


def check_chain(path: str, releases: tuple[Release, ...], own: Mapping[Key, str]) -> None:
    """Raise CatalogError unless each KB is one release, each month was one thing, and builds rise along the track.

    OWN names the entries that stand in the file at PATH: of two that do not fit, the blame falls on the one that came last.
    A release that was withdrawn left the chain, and one whose kind is not settled is not in it yet.
    """
    _check_kbs(path, releases, own)
    chain = [release for release in releases if release.withdrawn is None and release.is_settled]
    _check_months(path, chain, own)
    _check_builds(path, chain, own)


def _error(path: str, own: Mapping[Key, str], first: Release, second: Release, rule: str, other: str) -> CatalogError:
    """Blame SECOND with RULE, or FIRST with OTHER where only that one is of this file."""
    if key_of(second) not in own and key_of(first) in own:
        return CatalogError(path, own[key_of(first)], other)
    return CatalogError(path, own.get(key_of(second), " ".join(key_of(second))), rule)


def _check_kbs(path: str, releases: Iterable[Release], own: Mapping[Key, str]) -> None:
    kbs: dict[str, Release] = {}
    for release in releases:
        known = kbs.setdefault(release.kb, release)
        if known is not release:
            rule = f"{release.kb} is already the release of {{}}; a KB is one release"
            raise _error(path, own, known, release, rule.format(known.month), rule.format(release.month))


def _check_months(path: str, chain: Iterable[Release], own: Mapping[Key, str]) -> None:
    months: dict[str, Release] = {}
    for release in chain:
        if release.kind not in MONTHLY:
            continue
        known = months.setdefault(release.month, release)
        if known is not release:
            rule = f"month {release.month} already has {{}}; a month has one baseline or one hotpatch"
            raise _error(path, own, known, release, rule.format(known), rule.format(release))


def _check_builds(path: str, chain: Collection[Release], own: Mapping[Key, str]) -> None:
    newest: Release | None = None
    for release in chain:
        if not release.on_track:
            continue
        if newest is not None and max(release.builds) <= newest.build and release.disputed_build is None:
            above = f"build {release.build} is not above {newest.build} of the track release {newest.kb} before it"
            below = f"build {newest.build} is not below {release.build} of the track release {release.kb} after it"
            raise _error(path, own, newest, release, above, below)
        newest = release
    off = {release.build: release for release in chain if not release.on_track}
    for release in chain:
        other = off.get(release.build) if release.on_track else None
        if other is not None and release.note is None:
            rule = f"{release.kb} has the build {release.build} of {other.kb}, which leaves the track; say in note of {release.kb} why"
            raise _error(path, own, other, release, rule, rule)


def check_lines(path: str, lines: Mapping[str, tuple[Release, ...]], own: Mapping[tuple[str, Key], str]) -> None:
    """Raise CatalogError unless a KB means the same on all LINES: the same day, one track or the other, and an alias one update."""
    _check_aliases(path, [release for releases in lines.values() for release in releases], own)
    kbs: dict[str, Release] = {}
    beside: dict[str, Release] = {}
    for release in (release for releases in lines.values() for release in releases):
        known = kbs.setdefault(release.kb, release)
        if known is release:
            continue
        for what, mine, theirs in (
            ("released", release.released.isoformat(), known.released.isoformat()),
            ("of kind", release.kind.value, known.kind.value),
        ):
            if mine != theirs and (what == "released" or (release.is_settled and known.is_settled)):
                rule = f"{release.kb} is {what} {mine} here and {what} {theirs} on {known.line}; a KB means the same on each line"
                other = f"{release.kb} is {what} {theirs} here and {what} {mine} on {release.line}; a KB means the same on each line"
                raise _line_error(path, own, known, release, rule, other)
    for release in (release for releases in lines.values() for release in releases):
        if release.lcu_kb is not None:
            beside.setdefault(release.lcu_kb, release)
    for kb, release in beside.items():
        twin = kbs.get(kb)
        if twin is not None and twin.on_track:
            rule = f"{kb} is the lcu_kb of {release.kb} and, on {twin.line}, {twin} of the track; a KB is on one side only"
            raise _line_error(path, own, twin, release, rule, rule)


def _check_aliases(path: str, releases: Collection[Release], own: Mapping[tuple[str, Key], str]) -> None:
    installed: dict[str, Release] = {}
    for release in releases:
        for kb in (release.kb, release.lcu_kb):
            if kb is not None:
                installed.setdefault(kb, release)
    owners: dict[str, Release] = {}
    for release in releases:
        for alias in release.aliases:
            other = owners.setdefault(alias, release)
            if alias in installed:
                rule = f"{alias} is among the aliases of {release.kb} and installs itself ({installed[alias]}); an alias is a number alone"
                raise _line_error(path, own, installed[alias], release, rule, rule)
            if other.kb != release.kb:
                rule = f"{alias} is an alias of {other.kb} and of {release.kb}; it stands for one of them"
                raise _line_error(path, own, other, release, rule, rule)


def _line_error(path: str, own: Mapping[tuple[str, Key], str], first: Release, second: Release, rule: str, other: str) -> CatalogError:
    mine, theirs = (second.line, key_of(second)), (first.line, key_of(first))
    if mine not in own and theirs in own:
        return CatalogError(path, own[theirs], other)
    return CatalogError(path, own.get(mine, " ".join((second.line, *key_of(second)))), rule)
