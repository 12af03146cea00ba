# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of one simulated host in the inventory, checked as a whole before anything is played."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .faults.active import FAULT
from .host import values
from .host.model import HostDescription
from .host.problems import DescriptionError
from .windows import editions
from .windows.events import EVENT
from .windows.release_data import LINES, cumulatives, releases

PREFIX = "hotpatch_rehearsal_"
_LONGEST = 120
PENDING_SOURCES = (
    "component_based_servicing",
    "windows_update",
    "pending_file_rename",
    "pending_computer_rename",
    "domain_join",
    "server_manager",
    "configmgr",
)

_OS = values.mapping(
    {
        "edition_id": values.text,
        "installation_type": values.choice("Server", "Server Core", "Client"),
        "product_name": values.text,
        "display_version": values.text,
        "sku": values.at_least(0),
        "product_type": values.choice(1, 2, 3),
        "build": values.at_least(1),
        "ubr": values.at_least(0),
    }
)
_EXTRA_OFFER = values.mapping(
    {
        "kb": values.kb,
        "title": values.text,
        "reboot_behavior": values.choice(0, 1, 2),
        "requires_restart": values.boolean,
        "from": values.moment,
        "to": values.moment,
        "categories": values.list_of(values.text),
    },
    required=("kb",),
)
_MONITOR_ERROR = values.mapping({"id": values.at_least(0), "level": values.choice("error", "warning", "critical"), "message": values.text})

# Everything that can be said of a host: how it is checked, and what holds when nothing is said.
_VARIABLES: dict[str, tuple[values.Check, Any]] = {
    "truth": (values.text, None),
    "calls": (values.text, None),
    "now": (values.moment, None),
    "line": (values.choice(*LINES, "none"), "ws2025"),
    "os": (_OS, {}),
    "architecture": (values.choice("amd64", "arm64"), "amd64"),
    "platform": (values.choice("azure", "azure_local", "arc", "on_premises"), None),
    "arc_status": (values.choice("Connected", "Disconnected", "Expired", "none"), None),
    "enrolled": (values.boolean, None),
    "enrollment": (values.choice("enrolled", "not_enrolled", "pending", "stuck"), None),
    "vbs_configured": (values.choice(0, 1, "none"), None),
    "vbs_status": (values.choice(0, 1, 2), 2),
    "secure_boot": (values.boolean, True),
    "chpe_off": (values.boolean, True),
    "start_kb": (values.kb, None),
    "start_extra": (values.list_of(values.kb), []),
    "update_source": (values.choice("windows_update", "wsus", "configmgr"), "windows_update"),
    "wsus_approved": (values.list_of(values.kb), []),
    "no_auto_update": (values.choice(0, 1, "none"), None),
    "wuauserv": (values.choice("auto", "manual", "disabled"), "manual"),
    "free_bytes": (values.at_least(0), 30_000_000_000),
    "pending": (values.list_of(values.choice(*PENDING_SOURCES)), []),
    "servicing_busy": (values.boolean, False),
    "roles": (values.list_of(values.choice("failover_cluster", "domain_controller")), []),
    "cluster": (values.text, None),
    "domain": (values.text, None),
    "site": (values.text, None),
    "powershell": (values.text, None),
    "administrator": (values.boolean, True),
    "monitor": (values.choice("running", "stopped", "missing"), "running"),
    "monitor_errors": (values.list_of(_MONITOR_ERROR), []),
    "offers_extra": (values.list_of(_EXTRA_OFFER), []),
    "events": (values.list_of(EVENT), []),
    "faults": (values.list_of(FAULT), []),
    "speed": (values.at_least(0), 0),
    "machine": (values.text, None),
}
OPTIONS = tuple(_VARIABLES)


def file_name(host: str) -> str:
    """A host's name as a file name that is safe everywhere, and that of no other host."""
    safe = quote(host, safe="", errors="surrogatepass")
    safe = f"%2E{safe[1:]}" if safe.startswith(".") else safe
    return safe if len(safe) <= _LONGEST else f"{safe[:_LONGEST]}%{sha256(host.encode('utf-8', 'surrogatepass')).hexdigest()}"


def describe(host: str, given: Mapping[str, Any]) -> HostDescription:
    """Checks what is given by the names of the connection's options. The first thing that is wrong raises DescriptionError."""
    if not host:
        raise DescriptionError("inventory_hostname", host, "Give the host a name in the inventory.")
    unknown = sorted(set(given) - set(_VARIABLES))
    if unknown:
        raise DescriptionError(
            PREFIX + unknown[0], given[unknown[0]], f"There is no such variable; known: {', '.join(PREFIX + name for name in OPTIONS)}."
        )
    found: dict[str, Any] = {}
    for name, (check, default) in _VARIABLES.items():
        value = given.get(name)
        found[name] = default if value is None else check(PREFIX + name, value)
    for name in ("vbs_configured", "arc_status", "no_auto_update"):
        found[name + "_given"] = given.get(name) is not None
        if found[name] == "none":
            found[name] = None
    return _whole(found.pop("machine") or host, found)


def _whole(host: str, found: dict[str, Any]) -> HostDescription:
    if not found["truth"]:
        raise DescriptionError(PREFIX + "truth", None, "Name the directory in which the simulated hosts keep their state.")
    if not found["now"]:
        raise DescriptionError(PREFIX + "now", None, "Say which date it is for the fleet, such as 2026-06-09T18:00:00Z.")
    if found["cluster"] and "failover_cluster" not in found["roles"]:
        found["roles"] = [*found["roles"], "failover_cluster"]
    line = found["line"]
    platform = found["platform"] or {"ws2022_azure": "azure", "ws2025": "arc"}.get(line, "on_premises")
    os = editions.os_facts(line, platform) | found["os"]
    if line == "none":
        for key in ("build", "ubr", "sku", "installation_type"):
            if os.get(key) is None:
                raise DescriptionError(f"{PREFIX}os.{key}", None, f"A host that is in no product line needs {key} in {PREFIX}os.")
    else:
        os["build"] = int(editions.MEDIA_BUILD[line].split(".")[0])
        if "build" in found["os"] or "ubr" in found["os"]:
            raise DescriptionError(
                f"{PREFIX}os", found["os"], f"The build follows from the line {line}; use {PREFIX}start_kb, or {PREFIX}line: none."
            )
    os["architecture"] = found["architecture"]
    if "domain_controller" in found["roles"] and "product_type" not in found["os"]:
        os["product_type"] = 2
    _check_releases(line, found)
    truth = Path(found["truth"]).expanduser()
    arc_default = "Connected" if platform == "arc" else None
    return HostDescription(
        host=host,
        truth=truth / f"{file_name(host)}.json",
        calls=(Path(found["calls"]).expanduser() if found["calls"] else truth.parent / "calls") / f"{file_name(host)}.jsonl",
        now=found["now"],
        line=line,
        os=os,
        architecture=found["architecture"],
        platform=platform,
        arc_status=found["arc_status"] if found["arc_status_given"] else arc_default,
        enrollment=_enrollment(line, platform, found),
        vbs_configured=found["vbs_configured"] if found["vbs_configured_given"] else (1 if found["vbs_status"] else 0),
        **{
            name: found[name]
            for name in (
                "vbs_status",
                "secure_boot",
                "chpe_off",
                "start_kb",
                "start_extra",
                "update_source",
                "wsus_approved",
                "no_auto_update",
                "wuauserv",
                "free_bytes",
                "pending",
                "servicing_busy",
                "roles",
                "cluster",
                "domain",
                "site",
                "powershell",
                "administrator",
                "monitor",
                "monitor_errors",
                "offers_extra",
                "events",
                "faults",
                "speed",
            )
        },
    )


def _enrollment(line: str, platform: str, found: Mapping[str, Any]) -> str:
    enrolled, enrollment = found["enrolled"], found["enrollment"]
    if enrollment is None:
        if enrolled is None:
            # A server at home without Arc and a host in no line cannot be enrolled; all others are unless told otherwise.
            enrolled = line != "none" and not (line == "ws2025" and platform == "on_premises")
        return "enrolled" if enrolled else "not_enrolled"
    if enrolled is not None and enrolled != (enrollment == "enrolled"):
        raise DescriptionError(PREFIX + "enrolled", enrolled, f"It contradicts {PREFIX}enrollment: {enrollment}. Give only one of the two.")
    return str(enrollment)


def _check_releases(line: str, found: Mapping[str, Any]) -> None:
    known = (
        {release.kb for release in releases(line)} | {entry.kb for entry in cumulatives(line)}
        if found["start_kb"] or found["start_extra"]
        else set()
    )
    for name in ("start_kb", "start_extra"):
        for kb in [found[name]] if isinstance(found[name], str) else found[name] or []:
            if kb not in known:
                raise DescriptionError(
                    PREFIX + name, kb, f"No release of the line {line} has this number; the numbers are in the collection's release data."
                )
