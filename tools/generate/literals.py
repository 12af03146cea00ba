# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain values as source text: Python in the shape that ruff gives it, and PowerShell."""

from __future__ import annotations

from typing import Any

PYTHON_WIDTH = 140
POWERSHELL_WIDTH = 120


def python(value: Any, indent: int = 0, used: int = 0) -> str:
    """Return VALUE as a Python literal, in one line where it fits; USED is the width of what stands before it and behind it."""
    line = _python_line(value)
    if indent + used + len(line) <= PYTHON_WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + 4
    pad = " " * inner
    if isinstance(value, list):
        body = "".join(f"{pad}{python(item, inner, 1)},\n" for item in value)
        return f"[\n{body}{' ' * indent}]"
    body = "".join(f"{pad}{_text(key)}: {python(item, inner, len(_text(key)) + 3)},\n" for key, item in value.items())
    return f"{{\n{body}{' ' * indent}}}"


def _python_line(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(key)}: {_python_line(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_python_line(item) for item in value)}]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def powershell(value: Any, indent: int = 0, used: int = 0) -> str:
    """Return VALUE as a PowerShell literal, in one line where it fits; USED is the width of what stands before it."""
    line = _powershell_line(value)
    if indent + used + len(line) <= POWERSHELL_WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + 4
    pad = " " * inner
    if isinstance(value, list):
        return f"@(\n{_filled(value, inner)}{' ' * indent})"
    body = "".join(f"{pad}{key} = {powershell(item, inner, len(key) + 3)}\n" for key, item in value.items())
    return f"@{{\n{body}{' ' * indent}}}"


def _filled(items: list[Any], indent: int) -> str:
    """Return the elements of an array, as many in each line as fit. In PowerShell the end of a line parts elements as a comma does."""
    if any(isinstance(item, dict | list) for item in items):
        # A comma before a nested array keeps PowerShell from taking its elements for elements of the outer one.
        return "".join(f"{' ' * indent}{', ' if isinstance(item, list) else ''}{powershell(item, indent, 2)}\n" for item in items)
    lines: list[str] = []
    for text in map(_powershell_line, items):
        if lines and indent + len(lines[-1]) + len(text) + 2 <= POWERSHELL_WIDTH:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _powershell_line(value: Any) -> str:
    if isinstance(value, dict):
        return f"@{{ {'; '.join(f'{key} = {_powershell_line(item)}' for key, item in value.items())} }}" if value else "@{}"
    if isinstance(value, list):
        comma = ", " if len(value) == 1 and isinstance(value[0], list) else ""
        return f"@({comma}{', '.join(_powershell_line(item) for item in value)})"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"
