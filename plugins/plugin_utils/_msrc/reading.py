# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a file to a document: unpacked piece by piece, never more than the limits say, and told apart by what it begins with."""

from __future__ import annotations

import codecs
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .document import REMEDY, Document, Draft
from .json_document import JsonReader
from .limits import Limits, too_large
from .problems import DAMAGED, CvrfError
from .product_lines import is_wanted
from .xml_document import XmlReader

PIECE = 64 * 1024
SUFFIXES = (".xml", ".json", ".xml.gz", ".json.gz")
# Not unpacked, but refused by name: a folder must not lose a month in silence.
_REFUSED = (".xml.zst", ".json.zst")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def document_files(path: Path) -> list[Path]:
    """Return the documents that PATH is or, where it is a folder, holds; raise CvrfError when there is none."""
    if path.is_dir():
        try:
            found = sorted(item for item in path.iterdir() if item.name.lower().endswith((*SUFFIXES, *_REFUSED)) and item.is_file())
        except OSError as error:
            raise _unreadable(path, error) from error
        # An index of the archive lies beside its documents and is not one of them.
        found = [item for item in found if item.name != "index.json"]
        if not found:
            raise CvrfError(str(path), "holds no document", f"Documents end in {', '.join(SUFFIXES)}.")
        return found
    if not path.exists():
        raise CvrfError(str(path), "does not exist", "Give a file, a folder of documents, or a URL.")
    if not path.is_file():
        raise CvrfError(str(path), "is neither a file nor a folder", "Give a file, a folder of documents, or a URL.")
    return [path]


def read_file(path: Path, limits: Limits) -> Document:
    """Return the document in the file PATH; raise CvrfError if it is not a document."""
    try:
        with path.open("rb") as stream:
            return read_stream(str(path), stream, limits)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_bytes(source: str, data: bytes, limits: Limits) -> Document:
    """Return the document that DATA is; raise CvrfError if it is not a document."""
    return read_stream(source, io.BytesIO(data), limits)


def read_stream(source: str, stream: BinaryIO, limits: Limits) -> Document:
    """Return the document that STREAM yields; raise CvrfError naming SOURCE when it yields none."""
    draft = Draft(source, is_wanted)
    digest = hashlib.sha256()
    pieces = _limited(source, _unpacked(source, stream, limits), limits, digest)
    first = _beginning(pieces)
    if not first.strip():
        raise CvrfError(source, "is empty", DAMAGED)
    reader = _reader(source, first, draft)
    reader.read(_joined(first, pieces))
    return draft.finish(digest.hexdigest())


def _unreadable(path: Path, error: OSError) -> CvrfError:
    return CvrfError(str(path), f"cannot be read: {error.strerror or error}", "Check that it exists and who may read it.")


def _beginning(pieces: Iterator[bytes]) -> bytes:
    """Return the first piece that is long enough to tell the form."""
    first = b""
    for piece in pieces:
        first += piece
        # Enough to tell the form by, or so many blanks that it is none.
        if len(first.lstrip()) >= 4 or len(first) >= PIECE:
            break
    return first


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _reader(source: str, first: bytes, draft: Draft) -> XmlReader | JsonReader:
    sign = first[:64].removeprefix(codecs.BOM_UTF8)
    if sign.startswith(_UTF16):
        sign = sign[2:].replace(b"\0", b"")
    mark = sign.lstrip()[:1]
    if mark == b"<":
        return XmlReader(draft)
    if mark == b"{":
        return JsonReader(draft)
    raise CvrfError(source, f"is neither XML nor JSON: it begins with {first[:12]!r}", REMEDY)


def _read_pieces(source: str, stream: BinaryIO, limit: int) -> Iterator[bytes]:
    length = 0
    while piece := stream.read(PIECE):
        length += len(piece)
        if length > limit:
            raise too_large(source, "is larger", limit)
        yield piece


def _limited(source: str, pieces: Iterator[bytes], limits: Limits, digest: Any) -> Iterator[bytes]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > limits.unpacked:
            raise too_large(source, "unpacks to more", limits.unpacked)
        digest.update(piece)
        yield piece


def _unpacked(source: str, stream: BinaryIO, limits: Limits) -> Iterator[bytes]:
    pieces = _read_pieces(source, stream, limits.packed)
    first = _beginning(pieces)
    if first.startswith(_GZIP):
        return _gunzipped(source, _joined(first, pieces))
    if first.startswith(_ZSTD):
        raise CvrfError(source, "is packed with zstd", "Unpack it first (zstd -d).")
    return _joined(first, pieces)


def _gunzipped(source: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder: Any = None
    try:
        for piece in pieces:
            data = piece
            while data:
                # A file may be several packed files one after the other, and zeros may fill it up.
                data = data if decoder else data.lstrip(b"\0")
                if not data:
                    break
                decoder = decoder or zlib.decompressobj(wbits=31)
                yield decoder.decompress(data, PIECE)
                data, decoder = (decoder.unused_data, None) if decoder.eof else (decoder.unconsumed_tail, decoder)
        while decoder and (rest := decoder.decompress(b"", PIECE)):
            yield rest
    except zlib.error as error:
        raise CvrfError(source, f"is damaged gzip: {error}", DAMAGED) from None
    if decoder and not decoder.eof:
        raise CvrfError(source, "ends within its gzip data", DAMAGED)
