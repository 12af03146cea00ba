# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One import: the documents that are asked for, laid over what the overlay file has."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._catalog.catalog import Catalog, CatalogError, load_catalog
from .._values.atomic_file import write_atomically
from .contribution import Contribution, contribution
from .document import Document, id_of_month
from .fetching import Fetching, check_url, fetched, redact_url
from .limits import Limits
from .overlay import lay_over, read_overlay, render
from .problems import CvrfError
from .reading import document_files, read_file

MSRC = "https://api.msrc.microsoft.com/cvrf/v3.0/cvrf"


@dataclass(frozen=True)
class Wanted:
    """The sources of an import, and its settings."""

    sources: tuple[str, ...]
    months: tuple[str, ...]
    base_url: str = MSRC
    limits: Limits = field(default_factory=Limits)
    fetching: Fetching = field(default_factory=Fetching)

    def check(self) -> None:
        """Raise CvrfError when there is nothing to read or a source cannot be one. Nothing is fetched yet."""
        if not self.sources and not self.months:
            raise CvrfError("sources", "is empty and so is months", "Give files, folders or URLs in sources, or months such as 2026-06.")
        for source in self.locations():
            if is_url(source):
                check_url(source)
            else:
                document_files(Path(source).expanduser())

    def locations(self) -> tuple[str, ...]:
        """Return the sources, or where there are none, the URLs of the months at MSRC."""
        return self.sources or tuple(f"{self.base_url.rstrip('/')}/{id_of_month(month)}" for month in self.months)


@dataclass(frozen=True)
class Import:
    """The result of an import: the overlay before and after, and the result of each document."""

    before: dict[str, Any] | None
    after: dict[str, Any]
    documents: list[dict[str, Any]]
    contributions: list[Contribution]

    @property
    def changed(self) -> bool:
        """True if the file is to be written."""
        return self.before is None or render(self.before) != render(self.after)


def is_url(source: str) -> bool:
    """Return True if SOURCE is a URL and no path."""
    return "://" in source


def run_import(wanted: Wanted, catalog: Catalog, dest: Path) -> Import:
    """Read all documents and return what DEST would become. Nothing is written. Raises CvrfError."""
    wanted.check()
    before = read_overlay(dest)
    contributions: list[Contribution] = []
    seen: list[tuple[str, str, str]] = []
    for source, document in _documents(wanted):
        if wanted.sources and wanted.months and document.month not in wanted.months:
            continue
        if not wanted.sources and document.month not in wanted.months:
            raise CvrfError(source, f"holds the document {document.id}, which was not asked for", "Check url and proxy.")
        contributions.append(contribution(document, catalog))
        seen.append((source, document.id, document.sha256))
    if not contributions:
        raise CvrfError("months", f"none of the documents is of {', '.join(wanted.months)}", "Correct months, or leave it out to read all.")
    after, _taken = lay_over(before, contributions)
    in_force = {item["id"]: item for item in after["documents"]}
    documents = []
    for (source, identifier, sha256), item in zip(seen, contributions, strict=True):
        documents.append({**item.document, "source": source, "used": in_force[identifier]["sha256"] == sha256})
    used = [item for item in contributions if in_force[item.document["id"]] == item.document]
    return Import(before, after, sorted(documents, key=lambda row: (row["id"], row["source"])), used)


def _documents(wanted: Wanted) -> Iterator[tuple[str, Document]]:
    for location in wanted.locations():
        if not is_url(location):
            for path in document_files(Path(location).expanduser()):
                yield str(path), read_file(path, wanted.limits)
            continue
        with fetched(location, wanted.fetching) as path:
            try:
                document = read_file(path, wanted.limits)
            except CvrfError as error:
                raise CvrfError(redact_url(location), error.what, error.remedy) from None
        yield redact_url(location), document


def check_dest(dest: Path) -> None:
    """Raise CvrfError when DEST cannot become the overlay: before anything is read or fetched."""
    if dest.is_dir():
        raise CvrfError(f"dest {dest}", "is a folder", "Give the path of a file in it, such as msrc.json.")
    if dest.suffix != ".json":
        raise CvrfError(f"dest {dest}", "does not end in .json, and catalogs are told apart by that", "Give a path that ends in .json.")
    if not dest.parent.is_dir():
        raise CvrfError(f"dest {dest}", f"cannot be written: the folder {dest.parent} does not exist", "Create the folder.")
    if not os.access(dest.parent, os.W_OK):
        raise CvrfError(f"dest {dest}", f"cannot be written: no right to write in {dest.parent}", "Give a folder that can be written.")


def verify(result: Import, below: Sequence[Path], dest: Path) -> None:
    """Raise CvrfError unless the overlay makes a catalog, over the built-in one and the files BELOW: it must not stop the next run."""
    with tempfile.TemporaryDirectory(prefix="hotpatch-catalog-") as folder:
        path = Path(folder) / dest.name
        path.write_text(render(result.after), encoding="utf-8")
        try:
            load_catalog([*below, path])
        except CatalogError as error:
            text = str(error).replace(str(path), str(dest))
            remedy = "Nothing was written. Leave the month of that entry out, or correct the entry below in an overlay given in catalog."
            raise CvrfError(f"dest {dest}", f"would not make a valid catalog: {text}", remedy) from error


def write(result: Import, dest: Path) -> None:
    """Write the overlay. What was there before stays whole until the new file is complete."""
    try:
        write_atomically(dest, render(result.after).encode())
    except OSError as error:
        raise CvrfError(
            f"dest {dest}", f"cannot be written: {error.strerror or error}", "Check who may write there, and the space left."
        ) from error
