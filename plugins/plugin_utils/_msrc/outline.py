# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes in an overlay, one line an entry. The whole file would be hundreds of thousands of lines of CVEs."""

from __future__ import annotations

from typing import Any

from .._values.printable import MESSAGE, clean


def outline(data: dict[str, Any] | None) -> str:
    """Return documents, releases, component updates, findings and the number of CVEs a month, one line each."""
    if data is None:
        return ""
    lines = [f"document {row['id']}: revision {row['revision']} of {row['revised']}" for row in data["documents"]]
    for line, content in sorted(data["lines"].items()):
        for row in content["releases"]:
            known = ", ".join(f"{key} {row[key]}" for key in ("kind", "build", "released", "lcu_kb") if row.get(key) is not None)
            lines.append(f"{line} {row['month']} {row['kb']}: {known}")
        lines += [f"{line} component {row['kb']} after {row['after']}" for row in content["component_updates"]]
    months: dict[str, int] = {}
    for row in data["cves"]:
        months[row["month"]] = months.get(row["month"], 0) + 1
    lines += [f"CVEs of {month}: {count}" for month, count in sorted(months.items())]
    lines += [f"finding {row['month']} {row['line']} {row['kb']} {row['rule']}: {row['message']}" for row in data["findings"]]
    # The file may not be as it was written, and a line of its own must not look like another entry.
    return "".join(f"{clean(line, MESSAGE)}\n" for line in lines)
