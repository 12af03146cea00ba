# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All releases that are known: built in, and from the overlay files of an operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from .catalog_error import CatalogError
from .catalog_file import LINES, CatalogFile, read_catalog_file
from .catalog_view import CatalogView
from .release import MONTHLY, Announced, ComponentUpdate, Release

__all__ = ["LINES", "Catalog", "CatalogError", "LineData", "load_catalog"]

_BUILT_IN = Path(__file__).resolve().parent.parent / "data" / "releases"
_SUFFIXES = (".yml", ".yaml", ".json")


@dataclass(frozen=True, slots=True)
class LineData:
    """What is known of one product line, in the order of release."""

    line: str
    name: str
    generated: date
    hotpatch_ends: date | None
    releases: tuple[Release, ...]
    announced: tuple[Announced, ...]
    components: tuple[ComponentUpdate, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The releases of every product line. It knows no today: ask C(view) for what is visible at a time."""

    lines: dict[str, LineData]
    overlays: list[str]

    @property
    def generated(self) -> date:
        """The date of the oldest of its lines, since a catalog is only as fresh as that."""
        return min(data.generated for data in self.lines.values())

    def generated_for(self, line: str | None) -> date:
        """Return the date of the data of LINE, or of the whole catalog where the line is not known."""
        return self.lines[line].generated if line in self.lines else self.generated

    def releases(self, line: str) -> tuple[Release, ...]:
        """Return every release of LINE, in the order of release, without regard to the date."""
        return self.lines[line].releases

    def find(self, line: str, kb: str) -> Release | None:
        """Return the release of LINE that installs as KB."""
        return next((release for release in self.lines[line].releases if release.kb == kb), None)

    def find_any(self, kb: str) -> tuple[Release, ...]:
        """Return the releases of all lines that install as KB."""
        return tuple(release for data in self.lines.values() for release in data.releases if release.kb == kb)

    def find_component(self, kb: str) -> ComponentUpdate | None:
        """Return the component update KB of any line, unless a line also lists it as a release."""
        return next((item for data in self.lines.values() for item in data.components if item.kb == kb), None)

    def view(self, line: str, now: datetime) -> CatalogView:
        """Return what can be seen of LINE at NOW."""
        data = self.lines[line]
        return CatalogView(
            line=line,
            now=now,
            generated=data.generated,
            hotpatch_ends=data.hotpatch_ends,
            releases=tuple(release for release in data.releases if release.available_at <= now),
            later=tuple(release for release in data.releases if release.available_at > now),
            announced=data.announced,
        )


def load_catalog(overlays: Sequence[str | Path] = ()) -> Catalog:
    """Return the built-in catalog with the files (or folders of files) OVERLAYS laid over it, later ones winning.

    An entry of an overlay replaces the entry of the same line, month and KB, or is added. Raises CatalogError.
    """
    lines = dict(_built_in())
    used: list[str] = []
    for path in _overlay_files(overlays):
        file = read_catalog_file(path)
        lines[file.line] = _merge(lines[file.line], file)
        used.append(file.path)
    return Catalog(lines=lines, overlays=used)


@lru_cache(maxsize=1)
def _built_in() -> dict[str, LineData]:
    """Read the built-in files once a process: they ship with the collection and do not change under it."""
    lines: dict[str, LineData] = {}
    for line in LINES:
        file = read_catalog_file(_BUILT_IN / f"{line}.yml")
        if file.line != line:
            raise CatalogError(file.path, "top level", f"line must be {line}, as the file is named")
        lines[line] = _merge(LineData(line, file.name or line, file.generated, None, (), (), ()), file)
    return lines


def _overlay_files(overlays: Sequence[str | Path]) -> list[Path]:
    files: list[Path] = []
    for overlay in overlays:
        path = Path(overlay).expanduser()
        if path.is_dir():
            files += sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES and item.is_file())
        else:
            files.append(path)
    return files


def _merge(base: LineData, file: CatalogFile) -> LineData:
    seen: set[tuple[str, str]] = set()
    for release in file.releases:
        if (release.month, release.kb) in seen:
            raise CatalogError(file.path, f"{release.month} {release.kb}", "stands twice in this file")
        seen.add((release.month, release.kb))
    kept = [release for release in base.releases if (release.month, release.kb) not in seen]
    releases = tuple(sorted((*kept, *file.releases), key=lambda release: (release.released, release.build)))
    _check_chain(file.path, releases)
    months = {item.month for item in file.announced}
    kbs = {item.kb for item in file.components}
    return LineData(
        line=base.line,
        name=base.name,
        generated=max(base.generated, file.generated),
        hotpatch_ends=file.hotpatch_ends or base.hotpatch_ends,
        releases=releases,
        announced=(*(item for item in base.announced if item.month not in months), *file.announced),
        components=(*(item for item in base.components if item.kb not in kbs), *file.components),
    )


def _check_chain(path: str, releases: tuple[Release, ...]) -> None:
    """Raise CatalogError unless each month was one thing, each KB one release, and builds rise along the track."""
    months: dict[str, Release] = {}
    kbs: dict[str, Release] = {}
    newest: Release | None = None
    for release in releases:
        entry = f"{release.month} {release.kb}"
        if release.kb in kbs:
            raise CatalogError(path, entry, f"{release.kb} is already the release of {kbs[release.kb].month}")
        kbs[release.kb] = release
        if release.kind in MONTHLY:
            other = months.get(release.month)
            if other is not None:
                raise CatalogError(path, entry, f"month {release.month} already has {other}; a month has one baseline or one hotpatch")
            months[release.month] = release
        if not release.on_track:
            continue
        if newest is not None and max(release.builds) <= newest.build and release.disputed_build is None:
            raise CatalogError(path, entry, f"build {release.build} is not above {newest.build} of the track release {newest.kb} before it")
        newest = release
