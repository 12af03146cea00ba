# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The releases that this model of Windows knows, read from the collection's own data.

A whole YAML parser takes longer for one file than all else that a call does, so the few plain keys that are needed are
read line by line. Anything unusual in one of them sends the whole file through the YAML parser instead.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..host import times

DATA = Path(__file__).resolve().parents[2] / "data" / "releases"
LINES = ("ws2022_azure", "ws2025", "win11_24h2", "win11_25h2")
BASELINES = ("baseline", "unplanned_baseline")
HOTPATCHES = ("hotpatch", "oob_hotpatch")

_WANTED = {"month", "released", "kind", "kb", "build", "lcu_kb", "lcu_build", "restart"}
_ENTRY_LINE = re.compile(r"^(  - |    )([a-z_]+): (.*)$")
_PLAIN = re.compile(r'^"([0-9.\-]+)"$|^([A-Za-z0-9_]+)$')


@dataclass(frozen=True)
class Release:
    """One thing that Windows Update can give to a host of the line."""

    month: str
    released: str
    kind: str
    kb: str
    build: str
    restart: bool
    lcu_kb: str | None = None
    lcu_build: str | None = None

    @property
    def at(self) -> datetime:
        """From when on it can be had."""
        return times.published_at(self.released)

    @property
    def is_baseline(self) -> bool:
        """True for planned and unplanned baselines."""
        return self.kind in BASELINES

    @property
    def is_hotpatch(self) -> bool:
        """True for what keeps a host on the track between baselines."""
        return self.kind in HOTPATCHES


@dataclass(frozen=True)
class Cumulative:
    """One cumulative update: the month's ordinary one (which a baseline is, too) or an out-of-band one."""

    month: str
    released: str
    kind: str
    kb: str
    build: str

    @property
    def at(self) -> datetime:
        """From when on it can be had."""
        return times.published_at(self.released)


@lru_cache(maxsize=8)
def releases(line: str) -> tuple[Release, ...]:
    """All releases of a product line in order of their date; none for a host that is in no line."""
    if line not in LINES:
        return ()
    text = (DATA / f"{line}.yml").read_text(encoding="utf-8")
    entries = _read_plainly(text)
    if entries is None:
        entries = _read_as_yaml(text)
    return tuple(sorted((_release(entry) for entry in entries), key=lambda release: release.released))


@lru_cache(maxsize=8)
def cumulatives(line: str) -> tuple[Cumulative, ...]:
    """All cumulative updates of a product line in order of their date."""
    found = []
    for release in releases(line):
        if release.kind == "hotpatch" and release.lcu_kb and release.lcu_build:
            found.append(Cumulative(release.month, release.released, "lcu", release.lcu_kb, release.lcu_build))
        elif release.is_baseline or release.kind == "oob_lcu":
            found.append(Cumulative(release.month, release.released, release.kind, release.kb, release.build))
    return tuple(found)


def _release(entry: dict[str, Any]) -> Release:
    return Release(
        month=entry["month"],
        released=entry["released"],
        kind=entry["kind"],
        kb=entry["kb"],
        build=entry["build"],
        restart=bool(entry["restart"]),
        lcu_kb=entry.get("lcu_kb"),
        lcu_build=entry.get("lcu_build"),
    )


def _read_plainly(text: str) -> list[dict[str, Any]] | None:
    entries: list[dict[str, Any]] = []
    for line in _release_lines(text):
        found = _ENTRY_LINE.match(line)
        if not found:
            continue
        dash, key, raw = found.groups()
        if dash == "  - ":
            if key != "month":
                return None
            entries.append({})
        if key not in _WANTED:
            continue
        plain = _PLAIN.match(raw)
        if not plain or not entries:
            return None
        value: Any = plain.group(1) or plain.group(2)
        if key == "restart":
            if value not in ("true", "false"):
                return None
            value = value == "true"
        entries[-1][key] = value
    needed = _WANTED - {"lcu_kb", "lcu_build"}
    return entries if entries and all(needed <= entry.keys() for entry in entries) else None


def _release_lines(text: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines():
        if line[:1] not in (" ", "", "#"):
            inside = line.startswith("releases:")
        elif inside:
            yield line


def _read_as_yaml(text: str) -> list[dict[str, Any]]:
    yaml: Any = importlib.import_module("yaml")  # only in the rare case: importing it takes longer than a call
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return list(loaded["releases"])
