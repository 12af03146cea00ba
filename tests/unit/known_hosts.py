# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as observations: a good one per product line, and small changes to it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decide import Decision, decide
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.layers import read_policy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Intent, Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.interpret import interpret
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.record import Record

CATALOG = load_catalog()
LINES = ("ws2022_azure", "ws2025", "win11_24h2", "win11_25h2")
Raw = dict[str, Any]

# A release that the built-in data does not have, as an entry of an overlay of Windows Server 2025. The KB is made up.
NEXT_BASELINE: dict[str, Any] = {
    "month": "2026-10",
    "released": "2026-10-13",
    "kind": "baseline",
    "planned_kind": "baseline",
    "kb": "KB5999001",
    "build": "26100.33650",
    "restart": True,
}


# Who loosens a rule has to say this.
ANSWERED = {"owner": "Windows team", "reason": "agreed with the owner of the application"}


def policy_of(raw: object = None) -> Policy:
    """Return the policy of the one layer RAW, as the option of a module gives it."""
    return read_policy({"policy": raw})


def at(text: str) -> datetime:
    """Return the moment TEXT; a day alone means 18:00 UTC, as the modules take it."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T18:00:00").replace(tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """Return MOMENT as observations write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


NAMES_OF_ROLES = ("cluster_name", "domain", "directory_name", "netlogon_site")
_OS: dict[str, Raw] = {
    "ws2022_azure": {"edition_id": "ServerTurbine", "installation_type": "Server", "sku": 407, "product_type": 3, "build": 20348},
    "ws2025": {"edition_id": "ServerDatacenter", "installation_type": "Server", "sku": 8, "product_type": 3, "build": 26100},
    "win11_24h2": {"edition_id": "Enterprise", "installation_type": "Client", "sku": 4, "product_type": 1, "build": 26100},
    "win11_25h2": {"edition_id": "Enterprise", "installation_type": "Client", "sku": 4, "product_type": 1, "build": 26200},
}


def builds_of(line: str) -> dict[str, tuple[int, str]]:
    """Return every KB of LINE with its revision and its day."""
    found: dict[str, tuple[int, str]] = {}
    for release in CATALOG.releases(line):
        found[release.kb] = (release.build.revision, release.released.isoformat())
        if release.lcu_kb and release.lcu_build:
            found.setdefault(release.lcu_kb, (release.lcu_build.revision, release.released.isoformat()))
    return found


def host(line: str, *kbs: str, now: str = "2026-08-20") -> Raw:
    """Return an enrolled host of LINE in perfect order, with KBS installed in this order, each on the day of its release.

    The host last started after its last baseline or ordinary cumulative update; the last KB is in force.
    """
    builds = builds_of(line)
    last = kbs[-1]
    os = {"product_name": "Windows", "display_version": "24H2", "architecture": "amd64", "ubr": builds[last][0], **_OS[line]}
    history = [_installed(kb, builds[kb][1]) for kb in reversed(kbs)]
    started = [kb for kb in kbs if not is_hotpatch(line, kb)] or [last]
    boot = at(f"{builds[started[-1]][1]}T21:00:00")
    client, arc = line.startswith("win11"), line == "ws2025"
    return {
        "schema": "winops.hotpatch/observation/1",
        "observed_at": stamp(at(now)),
        "powershell": {"edition": "Desktop", "version": "5.1.26100.32995", "administrator": True},
        "os": os,
        "boot_time": stamp(boot),
        "platform": {
            "azure_vm": line == "ws2022_azure",
            "arc": {"installed": arc, "status": "Connected" if arc else None, "agent_version": "1.50" if arc else None},
            "manufacturer": "VMware, Inc.",
            "model": "VMware20,1",
        },
        "vbs": {"configured": 1, "status": 2},
        "secure_boot": {"enabled": True},
        "chpe": {"hotpatch_restrictions": None},
        "enrollment": {
            "dynamic_installed_name": "Hotpatch Enrollment Package" if line == "ws2022_azure" else None,
            "dynamic_installed_version": "10.0.20348.1129" if line == "ws2022_azure" else None,
            "hotpatch_table_size": 4096,
            "enrollment_package_kb5003508": None,
            "arc_subscription": 1 if arc else None,
            "environment_allow_rebootless": 1 if arc else None,
            "policy_allow_rebootless": 1 if client else None,
            "policy_provider_set": None,
            "policy_winning_provider": None,
            "policy_report": None,
            "licensing_mutex": False,
        },
        "update_source": {
            "wu_server": None,
            "use_wu_server": 0,
            "no_auto_update": None,
            "defer_quality_days": None,
            "service_start": "manual",
            "configmgr_client": False,
        },
        "pending": {"causes": []},
        "history": history,
        "quick_fixes": [last],
        "packages": [package(line, kb, "Installed" if kb == last else "Superseded") for kb in kbs],
        "offers": [],
        "monitor": {"service": "running", "task": "ready", "events": []},
        "disk": {"system_free_bytes": 40 * 1024**3},
        "servicing": {"in_progress": False, "asked": "update_client"},
        "roles": {"failover_cluster": False, "domain_controller": False, **dict.fromkeys(NAMES_OF_ROLES)},
        "restarts": [],
        "errors": [],
        "timings_ms": {"os": 3},
    }


def is_hotpatch(line: str, kb: str) -> bool:
    """Tell whether KB is a hotpatch that needs no restart."""
    release = CATALOG.find(line, kb)
    return release is not None and not release.restart


def _installed(kb: str, day: str, result: int = 2) -> Raw:
    return {
        "kb": kb,
        "title": f"Security Update ({kb})",
        "date": stamp(at(f"{day}T20:00:00")),
        "operation": "install",
        "result_code": result,
        "hresult": 0,
    }


def package(line: str, kb: str, state: str = "Installed", *, named: bool = True) -> Raw:
    """Return the package of KB in the component store; not NAMED: only its identity tells whose it is."""
    revision, day = builds_of(line)[kb]
    base = _OS[line]["build"]
    return {
        "identity": f"Package_for_RollupFix~31bf3856ad364e35~amd64~~{base}.{revision}.1.{int(kb[2:]) % 20 + 1}",
        "state": state,
        "release_type": "Security Update",
        "install_time": stamp(at(f"{day}T20:00:00")),
        "kb": kb if named else None,
    }


def offer(
    kb: str,
    *,
    restart_check: bool | str | None = "none",
    behavior: int | None = 2,
    title: str | None = None,
    category: str = "Security Updates",
) -> Raw:
    """Return an offer of KB. RESTART_CHECK: its answer; None: asked without answer; C(none): the build has no such interface."""
    answer: Raw | None = None
    if restart_check == "not_asked":
        answer = {"asked": False, "answer": None, "hresult": None, "message": None}
    elif restart_check != "none":
        answer = {"asked": True, "answer": restart_check, "hresult": "0x80246007" if restart_check is None else None, "message": None}
    return {
        "update_id": "00000000-0000-0000-0000-000000000001",
        "kbs": [kb],
        "title": title or f"2026 Security Update ({kb})",
        "categories": [category],
        "size_bytes": 1000,
        "reboot_behavior": behavior,
        "restart_check": answer,
    }


def good_offer(line: str, kb: str) -> Raw:
    """Return the offer of a release of LINE as an honest host makes it."""
    restart = not is_hotpatch(line, kb)
    restart_check: bool | str = "none" if line == "ws2022_azure" else restart
    return offer(kb, restart_check=restart_check, behavior=2 if restart else 0)


def change(raw: Raw, **changes: Any) -> Raw:
    """Return a copy of RAW with CHANGES: C(vbs__status=1) sets a field, C(vbs=None) a section."""
    result = copy.deepcopy(raw)
    for name, value in changes.items():
        section, _sep, key = name.partition("__")
        if key:
            result[section][key] = value
        else:
            result[section] = value
    return result


def record_of(
    raw: object, now: str, *, policy: Raw | None = None, context: HostHistory | None = None, catalog: Catalog = CATALOG
) -> Record:
    """Return the record of the host RAW at NOW."""
    observation = None if raw is None else parse_observation(raw)
    return interpret("host1", observation, catalog, policy_of(policy), at(now), context)


def decision_of(
    raw: object,
    now: str,
    *,
    restart: str = "never",
    intent: str = "auto",
    kb: str | None = None,
    policy: Raw | None = None,
    context: HostHistory | None = None,
    catalog: Catalog = CATALOG,
    offline: bool = False,
) -> Decision:
    """Return the decision about the host RAW at NOW."""
    record = record_of(raw, now, policy=policy, context=context, catalog=catalog)
    rules = policy_of(policy)
    return decide(record, catalog, rules, RestartPolicy(restart), Intent(intent), at(now), kb=kb, offline=offline)


def outcome(decision: Decision) -> str:
    """Return action and code of DECISION in one word."""
    return f"{decision.action.value}:{decision.code.value}" if decision.code else f"{decision.action.value}:{decision.kb}"


def later(text: str, **delta: float) -> str:
    """Return the stamp of TEXT moved by a time delta."""
    return stamp(at(text) + timedelta(**delta))
