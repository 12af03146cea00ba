# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing exactly one KB, by the update client or from a file; neither ever restarts the host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._values.printable import clean, clean_all
from .host import Host

# How much of its titles and reasons goes into a message.
_TITLE, _MOST = 200, 3
# Codes that win_updates gives no words for.
_WORDS = {0x8007045B: "Windows was being shut down or restarted meanwhile."}
# A title as long as this was cut where it was read.
_CUT = 500


@dataclass(frozen=True, slots=True)
class Installed:
    """The result that an installation reports. Only the observation after it proves it.

    C(told) is False where nothing says what became of the update: the answer was lost on its way.
    """

    ok: bool
    changed: bool
    message: str = ""
    kbs: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    told: bool = True


def accepted(kb: str, title: str | None) -> str:
    """Return the regular expression by which the update client is asked for the update KB that was offered as TITLE, and for no other.

    The client compares it, without regard to case, with title and KB numbers joined into one string. A number alone would also fit an
    update whose title names it, such as one that replaces it. Blanks were made alike when the title was read.
    """
    words = (title or "").split()
    if not words or len(title or "") >= _CUT:
        return rf"{kb}(?!\d)"
    whole = r"\s+".join(map(re.escape, words))
    return rf"^(?=.*{kb[2:]}(?!\d))\s*{whole}\s*(?:KB)?[0-9 ]*$"


def install_offered(host: Host, kb: str, server_selection: str, *, title: str | None, limit: float) -> Installed:
    """Install the update KB through ansible.windows.win_updates, without a restart. TITLE: it was on offer so when that was decided.

    C(reboot) is never handed over: on any failure it would restart the host although nothing asks for it. Raises HostLostError where it
    has not ended after LIMIT seconds.
    """
    result = host.action(
        "ansible.windows.win_updates",
        {
            "category_names": ["*"],
            "accept_list": [accepted(kb, title)],
            "state": "installed",
            "reboot": False,
            "server_selection": server_selection,
        },
        limit,
    )
    updates = clean_all(result.get("updates") or {})
    details = {
        "updates": updates,
        "found_update_count": result.get("found_update_count", len(updates)),
        "installed_update_count": result.get("installed_update_count", 0),
        "failed_update_count": result.get("failed_update_count", 0),
        "reboot_required": bool(result.get("reboot_required")),
    }
    changed = bool(result.get("changed"))
    strangers = sorted({clean(item.get("title"), _TITLE) for item in updates.values() if f"KB{kb[2:]}" not in _kbs(item)})
    if strangers:
        return Installed(
            False, changed, f"The update client selected more than {kb}: {_some(strangers)}. Report this with the titles.", [], details
        )
    failures = [item for item in updates.values() if item.get("failure_msg") or "failure_hresult_code" in item]
    if failures or result.get("failed"):
        return Installed(False, changed, f"Installing {kb} failed: {_why(failures, result)}", [], details, told=bool(failures))
    if not updates:
        gone = f"{kb} was offered when the host was observed ({clean(title, _TITLE)}) and is no longer offered so. Run again."
        return Installed(False, changed, gone if title else f"{kb} is not offered to this host.", [], details)
    return Installed(True, changed, "", [kb for item in updates.values() if item.get("installed") for kb in _kbs(item)], details)


def install_file(host: Host, kb: str, args: Mapping[str, Any]) -> Installed:
    """Install KB from the .msu on the host that ARGS names, through the package payload."""
    wanted = {"state": "present", "path": args["source"], "sha256": args.get("sha256"), "prerequisites": args.get("prerequisites") or []}
    result = host.module("winops.hotpatch.package", {name: value for name, value in wanted.items() if value})
    told = ("packages", "restart_needed", "exit_code", "hresult", "message")
    details: dict[str, Any] = {name: clean_all(result[name]) for name in told if name in result}
    changed = bool(result.get("changed"))
    if result.get("failed"):
        return Installed(
            False,
            changed,
            f"Installing {kb} from {clean(args['source'])} failed: {clean(result.get('msg') or result.get('message'))}",
            [],
            details,
        )
    return Installed(True, changed, "", [kb] if changed else [], details)


def _kbs(item: Mapping[str, Any]) -> list[str]:
    return [f"KB{str(number).upper().removeprefix('KB')}" for number in item.get("kb") or []]


def _why(failures: list[dict[str, Any]], result: Mapping[str, Any]) -> str:
    parts = []
    for item in failures:
        code = item.get("failure_hresult_code")
        shown = f"0x{code & 0xFFFFFFFF:08X}" if isinstance(code, int) else str(code)
        words = _WORDS.get(code & 0xFFFFFFFF) if isinstance(code, int) else None
        parts.append(clean(f"{shown} {words or item.get('failure_msg') or ''}"))
    return _some(parts) or clean(result.get("msg") or "the update client gave no reason")


def _some(texts: list[str]) -> str:
    """Return the first of TEXTS, and how many there are besides."""
    more = f"; and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return "; ".join(texts[:_MOST]) + more
