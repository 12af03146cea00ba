# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the raw answer of a host. A host may answer anything: nothing here raises, and nothing wrong becomes a fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from .._values.moments import read_moment
from .._values.names import normalize_kb
from .._values.printable import clean
from . import facts as o

Observation = o.Observation
SCHEMA = "winops.hotpatch/observation/1"
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_SHORT, _LONG = 120, 500
_MAX_ITEMS = 5000
_MAX_ERRORS = 50
T = TypeVar("T")


class _BadValueError(Exception):
    """A value is not what the contract says; the section it belongs to is not known."""


class _Fields:
    """One mapping of the answer. A field of the wrong type is a reason to distrust the whole section."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise _BadValueError(f"an object is expected, not {type(data).__name__}")
        self.data = data

    def _get(self, key: str, kind: type, what: str) -> Any:
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise _BadValueError(f"{key} must be {what}, not {type(value).__name__}")
        return value

    def text(self, key: str, length: int = _SHORT) -> str | None:
        value = self._get(key, str, "a text")
        return None if value is None else clean(value, length)

    def number(self, key: str) -> int | None:
        value: int | None = self._get(key, int, "a whole number")
        if value is not None and abs(value) >= 2**63:
            raise _BadValueError(f"{key} is out of range")
        return value

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._get(key, bool, "true or false")
        return value

    def word(self, key: str, words: tuple[str, ...]) -> str | None:
        value = self.text(key)
        if value is not None and value not in words:
            raise _BadValueError(f"{key} must be one of {', '.join(words)}, not {value!r}")
        return value

    def code(self, key: str, codes: tuple[int, ...]) -> int | None:
        value = self.number(key)
        if value is not None and value not in codes:
            raise _BadValueError(f"{key} must be one of {', '.join(map(str, codes))}, not {value}")
        return value

    def moment(self, key: str) -> datetime | None:
        return _moment(self.data.get(key), key)

    def items(self, key: str, read: Callable[[Any], T]) -> tuple[T, ...] | None:
        value = self.data.get(key)
        return None if value is None else _items(value, read)


def _moment(value: Any, key: str) -> datetime | None:
    if value is None:
        return None
    moment = read_moment(value) if isinstance(value, str) and _TIME.match(value) else None
    if moment is None or moment.year < 1990:
        raise _BadValueError(f"{key} must be a time such as 2026-06-09T18:00:00Z")
    return moment


def _items(value: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise _BadValueError(f"a list is expected, not {type(value).__name__}")
    if len(value) > _MAX_ITEMS:
        raise _BadValueError(f"a list of {len(value)} items is longer than the {_MAX_ITEMS} that can be true")
    return tuple(read(item) for item in value)


def _kb(value: Any) -> str:
    kb = normalize_kb(value)
    if kb is None:
        raise _BadValueError("a KB number is expected")
    return kb


def _os(data: Any) -> o.Os:
    f = _Fields(data)
    return o.Os(
        edition_id=f.text("edition_id"),
        installation_type=f.text("installation_type"),
        product_name=f.text("product_name"),
        display_version=f.text("display_version"),
        sku=f.number("sku"),
        product_type=f.code("product_type", (1, 2, 3)),
        build=f.number("build"),
        ubr=f.number("ubr"),
        architecture=f.word("architecture", ("amd64", "arm64", "x86")),
    )


def _platform(data: Any) -> o.Platform:
    f = _Fields(data)
    raw = f.data.get("arc")
    arc = None
    if raw is not None:
        a = _Fields(raw)
        arc = o.Arc(a.flag("installed"), a.text("status"), a.text("agent_version"))
    return o.Platform(f.flag("azure_vm"), arc, f.text("manufacturer"), f.text("model"))


def _vbs(data: Any) -> o.Vbs:
    f = _Fields(data)
    return o.Vbs(f.number("configured"), f.code("status", (0, 1, 2)))


def _enrollment(data: Any) -> o.EnrollmentMarkers:
    f = _Fields(data)
    return o.EnrollmentMarkers(
        dynamic_installed_name=f.text("dynamic_installed_name"),
        dynamic_installed_version=f.text("dynamic_installed_version"),
        hotpatch_table_size=f.number("hotpatch_table_size"),
        enrollment_package_kb5003508=f.flag("enrollment_package_kb5003508"),
        arc_subscription=f.number("arc_subscription"),
        environment_allow_rebootless=f.number("environment_allow_rebootless"),
        policy_allow_rebootless=f.number("policy_allow_rebootless"),
        policy_provider_set=f.number("policy_provider_set"),
        policy_winning_provider=f.text("policy_winning_provider"),
        policy_report=None if f.data.get("policy_report") is None else _policy_report(f.data["policy_report"]),
        licensing_mutex=f.flag("licensing_mutex"),
    )


def _policy_report(data: Any) -> o.PolicyReport:
    f = _Fields(data)
    return o.PolicyReport(f.moment("time"), f.number("id"), f.text("message", _LONG))


def _update_source(data: Any) -> o.UpdateSource:
    f = _Fields(data)
    return o.UpdateSource(
        wu_server=f.text("wu_server", _LONG),
        use_wu_server=f.number("use_wu_server"),
        no_auto_update=f.number("no_auto_update"),
        defer_quality_days=f.number("defer_quality_days"),
        service_start=f.text("service_start"),
        configmgr_client=f.flag("configmgr_client"),
    )


def _cause(data: Any) -> o.PendingCause:
    f = _Fields(data)
    source = f.text("source")
    if not source:
        raise _BadValueError("source of a cause is missing")
    return o.PendingCause(source, f.text("detail", _LONG))


def _pending(data: Any) -> tuple[o.PendingCause, ...]:
    causes = _Fields(data).items("causes", _cause)
    if causes is None:
        raise _BadValueError("causes is missing")
    return causes


def _history_entry(data: Any) -> o.HistoryEntry:
    f = _Fields(data)
    raw = f.data.get("kb")
    return o.HistoryEntry(
        kb=None if raw is None else _kb(raw),
        title=f.text("title", _LONG),
        date=f.moment("date"),
        operation=f.text("operation"),
        result_code=f.number("result_code"),
        hresult=f.number("hresult"),
    )


def _package(data: Any) -> o.Package:
    f = _Fields(data)
    identity = f.text("identity", _LONG)
    if not identity:
        raise _BadValueError("identity of a package is missing")
    raw = f.data.get("kb")
    return o.Package(identity, f.text("state"), f.text("release_type"), f.moment("install_time"), None if raw is None else _kb(raw))


def _text_item(value: Any) -> str:
    if not isinstance(value, str):
        raise _BadValueError("a text is expected")
    return clean(value, _SHORT)


def _restart_check(data: Any) -> o.RestartCheck:
    f = _Fields(data)
    asked = f.flag("asked")
    return o.RestartCheck(bool(asked), f.flag("answer"), f.text("hresult"), f.text("message", _LONG))


def _offer(data: Any) -> o.Offer:
    f = _Fields(data)
    kbs = f.items("kbs", _kb)
    if kbs is None:
        raise _BadValueError("kbs of an offer is missing")
    raw = f.data.get("restart_check")
    return o.Offer(
        update_id=f.text("update_id"),
        kbs=kbs,
        title=f.text("title", _LONG),
        categories=f.items("categories", _text_item) or (),
        size_bytes=f.number("size_bytes"),
        reboot_behavior=f.code("reboot_behavior", (0, 1, 2)),
        restart_check=None if raw is None else _restart_check(raw),
    )


def _event(data: Any) -> o.MonitorEvent:
    f = _Fields(data)
    level = f.text("level")
    if not level:
        raise _BadValueError("level of an event is missing")
    return o.MonitorEvent(f.moment("time"), level, f.number("id"), f.text("source"), f.text("message", _LONG))


def _monitor(data: Any) -> o.Monitor:
    f = _Fields(data)
    return o.Monitor(f.text("service"), f.text("task"), f.items("events", _event))


def _servicing(data: Any) -> o.Servicing:
    f = _Fields(data)
    return o.Servicing(f.flag("in_progress"), f.text("asked"))


def _roles(data: Any) -> o.Roles:
    f = _Fields(data)
    return o.Roles(f.flag("failover_cluster"), f.flag("domain_controller"))


def _error(data: Any) -> o.ProbeError:
    f = _Fields(data)
    return o.ProbeError(f.text("probe") or "unknown", f.text("hresult"), f.text("message", _LONG))


def parse_observation(raw: object) -> o.Observation:
    """Return the observation in RAW, the answer of a host. A missing or wrong value becomes None and a probe error; never raises."""
    errors: list[o.ProbeError] = []
    data: dict[Any, Any] = {}
    if not isinstance(raw, dict):
        errors.append(o.ProbeError("schema", None, f"the answer is not an object but {type(raw).__name__}"))
    elif raw.get("schema") != SCHEMA:
        errors.append(o.ProbeError("schema", None, f"the answer is of schema {clean(repr(raw.get('schema')), _SHORT)}, not {SCHEMA}"))
    else:
        data = raw
        _host_errors(data, errors)

    def section(name: str, read: Callable[[Any], T]) -> T | None:
        value = data.get(name)
        try:
            if value is not None:
                return read(value)
            if data and name not in data:
                errors.append(o.ProbeError(name, None, "the answer lacks this section"))
        except (_BadValueError, RecursionError) as error:
            errors.append(o.ProbeError(name, None, clean(f"the answer cannot be used: {error}", _LONG)))
        return None

    return o.Observation(
        observed_at=section("observed_at", lambda value: _moment(value, "observed_at")),
        os=section("os", _os),
        boot_time=section("boot_time", lambda value: _moment(value, "boot_time")),
        platform=section("platform", _platform),
        vbs=section("vbs", _vbs),
        secure_boot=section("secure_boot", lambda value: o.SecureBoot(_Fields(value).flag("enabled"))),
        chpe=section("chpe", lambda value: o.Chpe(_Fields(value).number("hotpatch_restrictions"))),
        enrollment=section("enrollment", _enrollment),
        update_source=section("update_source", _update_source),
        pending=section("pending", _pending),
        history=section("history", lambda value: _items(value, _history_entry)),
        quick_fixes=section("quick_fixes", lambda value: _items(value, _kb)),
        packages=section("packages", lambda value: _items(value, _package)),
        offers=section("offers", lambda value: _items(value, _offer)),
        monitor=section("monitor", _monitor),
        disk=section("disk", lambda value: o.Disk(_Fields(value).number("system_free_bytes"))),
        servicing=section("servicing", _servicing),
        roles=section("roles", _roles),
        errors=tuple(errors[:_MAX_ERRORS]),
    )


def _host_errors(data: dict[Any, Any], errors: list[o.ProbeError]) -> None:
    try:
        errors.extend(_items(data.get("errors", []), _error)[:_MAX_ERRORS])
    except _BadValueError as error:
        errors.append(o.ProbeError("errors", None, clean(f"the answer cannot be used: {error}", _LONG)))
