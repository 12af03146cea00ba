# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a rehearsal (_rehearsal/page.py and its template): nothing that a host says becomes markup or a template."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._rehearsal.page import as_page
from ansible_collections.winops.hotpatch.plugins.plugin_utils._rehearsal.tables import Table

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}{% if %}\"'&<img src=x onerror=alert(2)>"
COUNTS = {"hosts": 2, "installed": 1, "refused": 1, "waiting": 0, "restarts_planned": 1, "restarts_not_allowed": 3}


class Reader(HTMLParser):
    """Keeps the texts of a page, and its elements with their classes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs).get("class")))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(text: str, refusals: dict[str, int]) -> Reader:
    """Return the page of a rehearsal in which everything that can be named is called TEXT."""
    row = {"line": text, "planned_kind": text, "kind": "unplanned_baseline", "kb": text, "build": text, **COUNTS}
    summary: dict[str, Any] = {
        "from": text,
        "to": text,
        "hosts": 2,
        "months": [{"month": "2026-05", "rows": [row, row]}, {"month": "2026-06", "rows": [row]}],
        "refusals": refusals,
        "restarts_per_host": {text: 3},
    }
    state = {"host": text, "line": text, "state": text, "kb": text, "build": text, "restarts": 1, "summary": text}
    found = Reader()
    found.feed(as_page(summary, [state], Table(text, text, ("host", text), [(text, text)])))
    return found


def test_no_text_becomes_markup_or_a_template() -> None:
    found = page(HOSTILE, {HOSTILE: 1})
    names = {name for name, _css in found.elements}
    assert names.isdisjoint({"script", "img"})
    assert found.texts.count(HOSTILE) == 25
    assert "49" not in found.texts
    assert found.texts.count(f"Rehearsal {HOSTILE} to {HOSTILE}") == 2


def test_what_needs_an_eye_is_marked() -> None:
    found = page("srv01", {})
    assert found.elements.count(("tr", "first")) == 2
    assert found.elements.count(("td", "number bad")) == 3
    assert ("b", "bad") in found.elements
    assert ("b", None) in found.elements
    assert found.elements.count(("td", "warn")) == 4
    assert "none" in found.texts
