# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The overlay file that C(catalog_update) writes: the same documents in any order give the same bytes."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from .contribution import Contribution
from .document import canonical_id, document_age, id_of_month, month_of_id
from .problems import CvrfError

FORMAT = "winops.hotpatch/catalog/1"
_MAX_BYTES = 64 * 1024 * 1024
_KEYS = {"format", "generated", "lines", "documents", "cves", "findings"}
_REMEDY = "catalog_update only adds to a file that it wrote itself. Give another dest, or move this file away."


def read_overlay(path: Path) -> dict[str, Any] | None:
    """Return the overlay at PATH, or None where there is no file; raise CvrfError if catalog_update did not write it."""
    try:
        if not path.exists():
            return None
        if path.stat().st_size > _MAX_BYTES:
            raise CvrfError(str(path), f"is larger than {_MAX_BYTES} bytes", _REMEDY)
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CvrfError(str(path), f"cannot be read: {error.strerror or error}", "Check who may read it.") from error
    except (ValueError, RecursionError) as error:
        raise CvrfError(str(path), f"is not JSON: {error}", _REMEDY) from None
    problem = _problem(data)
    if problem is not None:
        raise CvrfError(str(path), problem, _REMEDY)
    return dict(data)


def _problem(data: Any) -> str | None:
    """Return the reason why DATA is not an overlay of catalog_update, or None."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return f"is not an overlay of the format {FORMAT}"
    if set(data) != _KEYS:
        return f"lacks the keys {', '.join(sorted(_KEYS))}"
    documents, lines = data["documents"], data["lines"]
    if not isinstance(documents, list) or not all(_is_document(item) for item in documents):
        return "documents: each needs id, title, revision, revised and sha256"
    if not isinstance(lines, dict) or not all(isinstance(line, dict) for line in lines.values()):
        return "lines must be a mapping of mappings"
    rows: list[Any] = [*_as_list(data["cves"]), *_as_list(data["findings"])]
    for line in lines.values():
        rows += _as_list(line.get("releases"))
        components = _as_list(line.get("component_updates"))
        if not all(isinstance(row, dict) and isinstance(row.get("kb"), str) and isinstance(row.get("after"), str) for row in components):
            return "component_updates: each needs kb and after"
    if not all(isinstance(row, dict) and isinstance(row.get("month"), str) for row in rows):
        return "releases, cves and findings: each needs its month"
    return None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _is_document(item: Any) -> bool:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("id", "title", "revision", "revised", "sha256")):
        return False
    try:
        date.fromisoformat(item["revised"])
        return canonical_id(item["id"]) == str(item["id"])
    except ValueError:
        return False


def _age(document: dict[str, Any]) -> tuple[str, tuple[int, ...], str]:
    return document_age(document["revised"], document["revision"], document["sha256"])


def lay_over(old: dict[str, Any] | None, contributions: Iterable[Contribution]) -> tuple[dict[str, Any], list[str]]:
    """Return the overlay OLD with CONTRIBUTIONS in it, and the ids of those that were newer than what it had.

    All entries of a month come from the newest revision of its document; an older one changes nothing.
    """
    data = deepcopy(old) if old else {"documents": [], "lines": {}, "cves": [], "findings": []}
    documents = {item["id"]: item for item in data["documents"]}
    newest: dict[str, Contribution] = {}
    for item in contributions:
        identifier = item.document["id"]
        if identifier not in newest or _age(newest[identifier].document) < _age(item.document):
            newest[identifier] = item
    taken = [item for key, item in sorted(newest.items()) if key not in documents or _age(documents[key]) <= _age(item.document)]
    for item in taken:
        # 2017-May-B stands beside 2017-May and does not replace it.
        if item.document["id"] == id_of_month(item.month):
            _drop_month(data, item.month)
        documents[item.document["id"]] = item.document
        _add(data, item)
    return _sorted(data, documents), [item.document["id"] for item in taken]


def _drop_month(data: dict[str, Any], month: str) -> None:
    data["cves"] = [row for row in data["cves"] if row["month"] != month]
    data["findings"] = [row for row in data["findings"] if row["month"] != month]
    for line in data["lines"].values():
        line["releases"] = [row for row in line["releases"] if row["month"] != month]
        line["component_updates"] = [row for row in line["component_updates"] if row["after"] != month]


def _add(data: dict[str, Any], item: Contribution) -> None:
    data["cves"] += item.cves
    data["findings"] += item.findings
    for rows, key in ((item.releases, "releases"), (item.components, "component_updates")):
        for line, entries in rows.items():
            data["lines"].setdefault(line, {"releases": [], "component_updates": []})[key] += entries


def _covered_until(document: dict[str, Any]) -> str:
    """Return the day until which DOCUMENT knows what came out: a later revision of an old month says nothing of newer months."""
    month = month_of_id(document["id"])
    year, number = int(month[:4]), int(month[5:7])
    last = date(year, number, calendar.monthrange(year, number)[1]).isoformat()
    return min(last, str(document["revised"]))


def _sorted(data: dict[str, Any], documents: dict[str, dict[str, Any]]) -> dict[str, Any]:
    generated = max((_covered_until(item) for item in documents.values()), default=None)
    named = {fix["line"] for row in data["cves"] for fix in row["fixes"]} | set(data["lines"])
    lines = {}
    for name in sorted(named):
        line = data["lines"].get(name, {"releases": [], "component_updates": []})
        lines[name] = {
            "generated": generated,
            "releases": _one_per_kb(line["releases"], _release_rank, lambda row: (row["month"], row["kb"])),
            "announced": [],
            "component_updates": _one_per_kb(line["component_updates"], lambda row: row["after"], lambda row: row["kb"]),
            "hotpatch_ends": None,
        }
    return {
        "format": FORMAT,
        "generated": generated,
        "lines": lines,
        "documents": sorted(documents.values(), key=lambda row: row["id"]),
        "cves": _unique(data["cves"], lambda row: (row["month"], row["cve"])),
        "findings": _unique(data["findings"], lambda row: (row["month"], row["line"] or "", row["kb"] or "", row["rule"], row["message"])),
    }


def _release_rank(row: dict[str, Any]) -> Any:
    """Rank two entries of one KB in two months: the settled one first, then the earlier."""
    return row.get("kind") == "unknown", row["month"]


def _one_per_kb(rows: list[dict[str, Any]], rank: Any, order: Any) -> list[dict[str, Any]]:
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (rank(row), json.dumps(row, sort_keys=True))):
        best.setdefault(row["kb"], row)
    return sorted(best.values(), key=order)


def _unique(rows: list[dict[str, Any]], key: Any) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (key(row), json.dumps(row, sort_keys=True))):
        found.setdefault(key(row), row)
    return [found[item] for item in sorted(found)]


def render(data: dict[str, Any]) -> str:
    """Return the text of the overlay file. It is ASCII: people review it, and must see what stands in it."""
    return json.dumps(data, indent=2, sort_keys=True) + "\n"
