# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes out of what a host said all that tells whose host it is: names, addresses, accounts, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address
from typing import Any

# Identifiers that are the same on every machine: those of updates.
_PUBLIC_KEYS = frozenset({"id"})
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bS-1-5-21(?:-\d+)+\b"), "S-1-5-21-0"),
    (re.compile(r"(?i)\bhttps?://(?:[^\s\"'<>@]{0,100}@){1,9}"), "http://"),
    (re.compile(r"(?i)\bhttps?://[^/\s\"'<>]+"), "http://host.example.test"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "user@example.test"),
    (re.compile(r"\\\\(?![?.]\\)[\w.-]+"), r"\\\\HOST"),
    (re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "00000000-0000-0000-0000-000000000000"),
    (re.compile(r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"), "00-00-00-00-00-00"),
    (re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)"), "0.0.0.0"),
    (re.compile(r"(?i)(\\Users\\)[^\\\s\"']+"), r"\1USER"),
    # An account with its domain, which is not part of a path.
    (re.compile(r"(?<![\\:\w])[A-Za-z][\w.-]*\\(?![\w.$-]*\\)[\w.$-]+"), r"DOMAIN\\USER"),
)
# What may be an address of IPv6; the standard library knows which ones are.
_COLONS = re.compile(r"(?<![\w:.])[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?![\w:])")
# A package's version looks like an address. Its identity is public, and must stay as it is.
_IDENTITY = re.compile(r"^[\w.-]+~[0-9a-f]{16}~[^~]*~[^~]*~[\d.]+$")


def strip(value: Any, names: Iterable[str]) -> Any:
    """Return VALUE without what names the host or its owner. NAMES are those that the host gave of itself."""
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" for name in known), re.IGNORECASE) if known else None
    return _strip(value, pattern)


def _address(found: re.Match[str]) -> str:
    text = found.group().rstrip(".")
    try:
        IPv6Address(text)
    except AddressValueError:
        return found.group()
    return "::" + found.group()[len(text) :]


def _strip(value: Any, names: re.Pattern[str] | None) -> Any:
    if isinstance(value, dict):
        return {key: item if key in _PUBLIC_KEYS else _strip(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_strip(item, names) for item in value]
    if not isinstance(value, str) or _IDENTITY.match(value):
        return value
    for pattern, instead in _RULES:
        value = pattern.sub(instead, value)
    value = _COLONS.sub(_address, value)
    return names.sub("NAME", value) if names else value
