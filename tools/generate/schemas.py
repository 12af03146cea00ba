# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schemas of records and run records, made from the values that the code knows and the keys listed here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from typing import Any

# The product is found beside this package, whichever name the checkout goes by.
_UTILS = f"{__name__.partition('tools.')[0]}plugins.plugin_utils"
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_MONTH = {"type": "string", "pattern": r"^\d{4}-\d\d$"}
_KB = {"type": "string", "pattern": r"^KB\d{6,8}$"}
_BUILD = {"type": "string", "pattern": r"^\d{5}\.\d{1,6}$"}
_TEXT = {"type": "string"}
_BOOL = {"type": "boolean"}
_INT = {"type": "integer"}
_LINE = {"type": "string", "minLength": 1}


def record_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/record/1: the interpreted state of one host."""
    return _page("record", "The state of one host at one time, as interpreted", _record())


def run_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/run/1: what one run did to one host. It holds the schema of the record that it needs."""
    record = {"anyOf": [{"$ref": "#/$defs/record"}, {"type": "null"}]}
    verdicts = _code("_decision.verification", "VerificationVerdict")
    # A run in check mode writes no record.
    outcomes = [value for value in _values("_values.outcome", "Outcome") if not value.startswith("would_")]
    finding = _object(check=_TEXT, result=_enum(["pass", "fail", "unknown"]), reason=_TEXT)
    verification = _object(verdict=verdicts, findings=_list(finding), restarts_not_allowed=_INT, restarted=_null(_BOOL))
    keys = _object(
        schema={"const": "winops.hotpatch/run/1"},
        host=_LINE,
        run_id=_LINE,
        started_at=_MOMENT,
        finished_at=_null(_MOMENT),
        check_mode={"const": False},
        restart_policy=_code("_policy.policy", "RestartPolicy"),
        intent=_enum([*_values("_policy.policy", "Intent"), "rollback"]),
        line=_null(_LINE),
        month=_null(_MONTH),
        decision={"anyOf": [_decision(), _decision(removal=True), {"type": "null"}]},
        outcome=_enum(outcomes),
        installed=_list(_KB),
        removed=_list(_TEXT),
        restarts=_list(_object(at=_MOMENT, allowed=_BOOL, cause=_TEXT)),
        before=record,
        after=record,
        verification=_null(verification),
        exposure=_null(_exposure()),
        denied=_list(_denial()),
        messages=_list(_TEXT),
    )
    return {**_page("run", "What one run did to one host", keys), "$defs": {"record": _record()}}


def render_schema(schema: dict[str, Any]) -> str:
    """Return the text of a schema's file."""
    return json.dumps(schema, indent=1) + "\n"


def _record() -> dict[str, Any]:
    kinds = _values("_catalog.release", "Kind")
    severities = sorted(set(_module("_record.state").SEVERITY.values()))
    check = _object(
        id=_TEXT,
        result=_code("_host.checks.check", "Result"),
        observed=_null(_TEXT),
        required=_TEXT,
        reason=_TEXT,
        remedy=_null(_TEXT),
        needs_restart=_null(_BOOL),
        source=_null(_TEXT),
    )
    version = ["edition_id", "installation_type", "product_name", "display_version", "architecture"]
    numbers = ["sku", "product_type", "build", "ubr"]
    os = _object(
        ["product_line"], **{name: _null(_TEXT) for name in version}, **{name: _null(_INT) for name in numbers}, product_line=_null(_LINE)
    )
    month = _object(
        month=_MONTH,
        planned_kind=_null(_enum(kinds)),
        kind=_enum(kinds),
        kb=_KB,
        build=_BUILD,
        released=_DAY,
        restart=_null(_BOOL),
        source=_list(_TEXT),
    )
    offer = _object(
        **{"kb": _null(_KB), "title": _TEXT, "class": _code("_host.offers", "OfferClass")},
        restart=_code("_host.offers", "Restart"),
        reason=_TEXT,
    )
    following = _object(date=_null(_DAY), cause=_TEXT, confidence=_TEXT)
    return _object(
        schema={"const": "winops.hotpatch/record/1"},
        host=_LINE,
        observed_at=_null(_MOMENT),
        catalog=_object(generated=_DAY, overlays=_list(_TEXT)),
        os=os,
        platform=_object(kind=_code("_host.platform", "PlatformKind"), reason=_TEXT),
        eligibility=_object(verdict=_code("_host.eligibility", "EligibilityVerdict"), checks=_list(check)),
        enrollment=_object(
            verdict=_code("_host.enrollment", "EnrollmentVerdict"), evidence=_list(_TEXT), reason=_TEXT, remedy=_null(_TEXT)
        ),
        track=_object(
            verdict=_code("_host.track", "TrackVerdict"),
            baseline_kb=_null(_KB),
            baseline_build=_null(_BUILD),
            expected_baseline_kb=_null(_KB),
            position=_null(_TEXT),
            off_since=_null(_MOMENT),
            off_cause=_null(_TEXT),
            earliest_return=_null(_DAY),
            reason=_TEXT,
        ),
        month=_null(month),
        offers=_null(_list(offer)),
        in_force=_object(
            build=_null(_BUILD), release_kb=_null(_KB), kind=_null(_TEXT), installed_at=_null(_MOMENT), proof=_INT, proof_name=_TEXT
        ),
        installed=_null(_list(_KB)),
        staged_kb=_null(_TEXT),
        restart=_object(needed=_code("_host.pending_restart", "Needed"), causes=_list(_TEXT), next=_null(following)),
        health=_object(verdict=_code("_host.health", "HealthVerdict"), findings=_list(_TEXT)),
        errors=_list(_object(probe=_TEXT, hresult=_null(_TEXT), message=_null(_TEXT))),
        state=_code("_record.state", "State"),
        severity=_enum(severities),
        summary=_TEXT,
        next_action=_object(action=_TEXT, when=_null(_TEXT)),
    )


def _decision(*, removal: bool = False) -> dict[str, Any]:
    step = _object(
        action=_code("_decision.step", "Action"),
        kb=_null(_KB),
        title=_null(_TEXT),
        update_ids=_list(_TEXT),
        package=_null(_TEXT),
        restart=_code("_host.offers", "Restart"),
    )
    keys = {
        "action": _code("_decision.step", "Action"),
        "code": _null(_code("_decision.refusals", "Refusal")),
        "kb": _null(_KB),
        "build": _null(_BUILD),
        "kind": _null(_TEXT),
        "month": _null(_MONTH),
        "restart": _code("_host.offers", "Restart"),
        "restart_allowed": _BOOL,
        "reason": _TEXT,
        "remedy": _null(_TEXT),
        "until": _null(_DAY),
        "steps": _list(step),
    }
    if removal:
        keys |= {
            "remove": _list(_TEXT),
            "restore_kb": _null(_KB),
            "restore_build": _null(_BUILD),
            "restore_needed": _BOOL,
            "exposure": _null(_exposure()),
            "deny": _list(_denial()),
        }
    return _object(**keys)


def _exposure() -> dict[str, Any]:
    return _object(since=_MOMENT, until=_null(_DAY), kbs=_list(_KB))


def _denial() -> dict[str, Any]:
    return _object(kb=_KB, until=_null(_DAY))


def _page(name: str, title: str, keys: dict[str, Any]) -> dict[str, Any]:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"winops.hotpatch/{name}/1", "title": title}
    return head | {"description": "Times are UTC. What is null is not known, or does not apply."} | keys


def _object(required_keys: list[str] | None = None, /, **keys: dict[str, Any]) -> dict[str, Any]:
    """Return an object of exactly KEYS, each of them required unless REQUIRED_KEYS names fewer."""
    return {"type": "object", "additionalProperties": False, "required": required_keys or list(keys), "properties": keys}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _null(item: dict[str, Any]) -> dict[str, Any]:
    if "enum" in item:
        return {"enum": [*item["enum"], None]}
    return {**item, "type": [item["type"], "null"]}


def _enum(values: Iterable[str]) -> dict[str, Any]:
    return {"enum": list(dict.fromkeys(map(str, values)))}


def _code(module: str, name: str) -> dict[str, Any]:
    return _enum(_values(module, name))


def _values(module: str, name: str) -> list[str]:
    return [str(item.value) for item in getattr(_module(module), name)]


def _module(name: str) -> Any:
    return import_module(f"{_UTILS}.{name}")
