# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All releases that are known: built in, and from the overlay files of an operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from .._values.patch_tuesday import current_month
from .catalog_error import CatalogError
from .catalog_file import CatalogFile, read_catalog_file
from .catalog_view import CatalogView
from .consistency import check_lines
from .merge import LineData, merge_items, merge_line
from .release import LINES, ComponentUpdate, Release
from .vulnerabilities import Cve, Discrepancy, Document

__all__ = ["BUILT_IN", "Catalog", "CatalogError", "CatalogSource", "LineData", "load_catalog", "overlay_files"]

# What origins and sources call the data that ships with the collection.
BUILT_IN = "built-in"
_FOLDER = Path(__file__).resolve().parent.parent / "data" / "releases"
_SUFFIXES = (".yml", ".yaml", ".json")
_NO_DATA = (
    "there is no file of release data in it, so nothing would be denied or corrected. Put files ending in .yml, .yaml or .json right into"
    " it, since folders within are not looked through, or leave it out"
)


@dataclass(frozen=True, slots=True)
class CatalogSource:
    """One file (or the built-in data) that the catalog was made from, the date of what it says of each line, and what it was made of."""

    path: str
    generated: Mapping[str, date]
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """The releases of every product line. It knows no today: ask C(view) for what is visible at a time."""

    lines: dict[str, LineData]
    overlays: list[str]
    sources: tuple[CatalogSource, ...] = ()
    documents: tuple[Document, ...] = ()
    cves: tuple[Cve, ...] = ()
    findings: tuple[Discrepancy, ...] = ()

    @property
    def generated(self) -> date:
        """The date of the oldest of its lines, since a catalog is only as fresh as that."""
        return min(data.generated for data in self.lines.values())

    def generated_for(self, line: str | None) -> date:
        """Return the date of the data of LINE, or of the whole catalog where the line is not known."""
        return self.lines[line].generated if line in self.lines else self.generated

    def releases(self, line: str) -> tuple[Release, ...]:
        """Return every release of LINE, in the order of release, without regard to the date; withdrawn ones say so."""
        return self.lines[line].releases

    def origin(self, line: str, month: str, kb: str) -> dict[str, str]:
        """Return for each field of an entry the file that it came from, C(built-in) for the built-in data; none for no entry."""
        data = self.lines.get(line)
        known = data.entries.get((month, kb)) if data else None
        return dict(known.origins) if known else {}

    def find(self, line: str, kb: str) -> Release | None:
        """Return the release of LINE that installs as KB."""
        return next((release for release in self.lines[line].releases if release.kb == kb), None)

    def find_any(self, kb: str) -> tuple[Release, ...]:
        """Return the releases of all lines that install as KB."""
        return tuple(release for data in self.lines.values() for release in data.releases if release.kb == kb)

    def find_component(self, kb: str) -> ComponentUpdate | None:
        """Return the component update KB of any line, unless a line also lists it as a release."""
        return next((item for data in self.lines.values() for item in data.components if item.kb == kb), None)

    def knows(self, kb: str) -> bool:
        """Return True if any line has KB as a release, as the cumulative update beside one, or as a component update."""
        releases = (release for data in self.lines.values() for release in data.releases)
        found = any(kb in (release.kb, release.lcu_kb, *release.aliases) for release in releases)
        return found or self.find_component(kb) is not None

    def names_of(self, kb: str) -> tuple[str, ...]:
        """Return KB and the other numbers under which people read of what installs as KB."""
        return tuple(dict.fromkeys((kb, *(alias for release in self.find_any(kb) for alias in release.aliases))))

    def installs_as(self, number: str) -> str:
        """Return the KB that the release with NUMBER installs as: NUMBER itself, unless that is another number of a release."""
        releases = (release for data in self.lines.values() for release in data.releases)
        return next((release.kb for release in releases if number in release.aliases), number)

    def view(self, line: str, now: datetime) -> CatalogView:
        """Return the part of LINE that can be seen at NOW."""
        data = self.lines[line]
        return CatalogView(
            line=line,
            now=now,
            month=current_month(now),
            generated=data.generated,
            hotpatch_ends=data.hotpatch_ends,
            index=data.index,
            chain=data.index.chain(now),
        )


def load_catalog(overlays: Sequence[str | Path] = ()) -> Catalog:
    """Return the built-in catalog with the files (or folders of files) OVERLAYS laid over it, later ones winning.

    An entry of an overlay corrects the fields that it names of the entry of the same line, month and KB, or is added.
    Raises CatalogError.
    """
    catalog = _built_in()
    for overlay in overlays:
        if not overlay_files([overlay]):
            raise CatalogError(str(overlay), "the folder", _NO_DATA)
    for path in overlay_files(overlays):
        catalog = _lay_over(catalog, read_catalog_file(path))
    return catalog


@lru_cache(maxsize=1)
def _built_in() -> Catalog:
    """Read the built-in files once a process: they ship with the collection and do not change under it."""
    lines: dict[str, LineData] = {}
    for line in LINES:
        file = read_catalog_file(_FOLDER / f"{line}.yml")
        part = file.lines[0]
        if part.line != line:
            raise CatalogError(file.path, "top level", f"line must be {line}, as the file is named")
        lines[line] = merge_line(LineData.empty(line, part.name or line, part.generated), file.path, BUILT_IN, part)
    check_lines(str(_FOLDER), {line: data.releases for line, data in lines.items()}, {})
    return Catalog(lines=lines, overlays=[], sources=(CatalogSource(BUILT_IN, {line: data.generated for line, data in lines.items()}),))


def overlay_files(overlays: Sequence[str | Path]) -> list[Path]:
    """Return the files that OVERLAYS (files and folders) name, in the order in which they are laid over one another."""
    files: list[Path] = []
    for overlay in overlays:
        path = Path(overlay).expanduser()
        if path.is_dir():
            files += sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES and item.is_file())
        else:
            files.append(path)
    return files


def _lay_over(catalog: Catalog, file: CatalogFile) -> Catalog:
    lines = dict(catalog.lines)
    for part in file.lines:
        lines[part.line] = merge_line(lines[part.line], file.path, file.path, part)
    own = {(part.line, (entry.month, entry.kb)): entry.where for part in file.lines for entry in part.releases}
    check_lines(file.path, {line: data.releases for line, data in lines.items()}, own)
    return replace(
        catalog,
        lines=lines,
        overlays=[*catalog.overlays, file.path],
        sources=(*catalog.sources, CatalogSource(file.path, {part.line: part.generated for part in file.lines}, file.documents)),
        documents=merge_items(catalog.documents, file.documents, "id"),
        cves=merge_items(catalog.cves, file.cves, "month", "cve"),
        findings=merge_items(catalog.findings, file.findings, "month", "line", "kb", "rule"),
    )
