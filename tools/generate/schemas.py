# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schemas of records and run records, made from the values that the code knows and the keys listed here."""

from __future__ import annotations

from typing import Any

from .json_schema import (
    BOOL,
    BUILD,
    DAY,
    INT,
    KB,
    LINE,
    MOMENT,
    MONTH,
    TEXT,
    code,
    enum,
    list_of,
    nullable,
    object_of,
    page,
    product_module,
    values_of,
)


def record_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/record/1: the interpreted state of one host."""
    return page("record", "The state of one host at one time, as interpreted", _record())


def run_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/run/1: what one run did to one host. It holds the schema of the record that it needs."""
    record = {"anyOf": [{"$ref": "#/$defs/record"}, {"type": "null"}]}
    verdicts = code("_decision.verification", "VerificationVerdict")
    # A run in check mode writes no record.
    outcomes = [value for value in values_of("_values.outcome", "Outcome") if not value.startswith("would_")]
    finding = object_of(check=TEXT, result=enum(["pass", "fail", "unknown"]), reason=TEXT)
    verification = object_of(
        verdict=verdicts,
        findings=list_of(finding),
        restarts_not_allowed=INT,
        restarted=nullable(BOOL),
    )
    keys = object_of(
        schema={"const": "winops.hotpatch/run/1"},
        host=LINE,
        run_id=LINE,
        started_at=MOMENT,
        finished_at=nullable(MOMENT),
        check_mode={"const": False},
        restart_policy=code("_policy.policy", "RestartPolicy"),
        intent=enum([*values_of("_policy.policy", "Intent"), "rollback"]),
        line=nullable(LINE),
        month=nullable(MONTH),
        decision={"anyOf": [_decision(), _decision(removal=True), {"type": "null"}]},
        outcome=enum(outcomes),
        installed=list_of(KB),
        removed=list_of(TEXT),
        restarts=list_of({"anyOf": [_asked_restart(), object_of(at=MOMENT, allowed={"const": False}, cause=TEXT)]}),
        restart_journal=_journal(),
        boot_time=nullable(MOMENT),
        before=record,
        after=record,
        verification=nullable(verification),
        exposure=nullable(_exposure()),
        denied=list_of(_denial()),
        messages=list_of(TEXT),
        controller=object_of(host=nullable(TEXT), boot=nullable(TEXT), namespace=nullable(TEXT), playbook=_process(), worker=_process()),
    )
    return {**page("run", "The record of one run on one host", keys), "$defs": {"record": _record()}}


def _asked_restart() -> dict[str, Any]:
    return object_of(
        at=MOMENT,
        allowed={"const": True},
        cause=TEXT,
        pending=list_of(TEXT),
        boot_time=nullable(MOMENT),
        outlived=nullable(list_of(TEXT)),
    )


def _journal() -> dict[str, Any]:
    return list_of(object_of(at=MOMENT, kind=code("_host.restart_journal", "RestartKind"), cause=TEXT, run_id=nullable(TEXT)))


def _record() -> dict[str, Any]:
    kinds = values_of("_catalog.release", "Kind")
    severities = sorted(set(product_module("_record.state").SEVERITY.values()))
    check = object_of(
        id=TEXT,
        result=code("_host.checks.check", "Result"),
        observed=nullable(TEXT),
        required=TEXT,
        reason=TEXT,
        remedy=nullable(TEXT),
        needs_restart=nullable(BOOL),
        source=nullable(TEXT),
    )
    version = ["edition_id", "installation_type", "product_name", "display_version", "architecture"]
    numbers = ["sku", "product_type", "build", "ubr"]
    os = object_of(
        ["product_line"],
        **{name: nullable(TEXT) for name in version},
        **{name: nullable(INT) for name in numbers},
        product_line=nullable(LINE),
    )
    month = object_of(
        month=MONTH,
        planned_kind=nullable(enum(kinds)),
        kind=enum(kinds),
        kb=KB,
        build=BUILD,
        released=DAY,
        restart=nullable(BOOL),
        source=list_of(TEXT),
    )
    offer = object_of(
        **{"kb": nullable(KB), "title": TEXT, "class": code("_host.offers", "OfferClass")},
        restart=code("_host.offers", "Restart"),
        reason=TEXT,
    )
    following = object_of(date=nullable(DAY), cause=TEXT, confidence=TEXT)
    return object_of(
        schema={"const": "winops.hotpatch/record/1"},
        host=LINE,
        observed_at=nullable(MOMENT),
        catalog=object_of(generated=DAY, overlays=list_of(TEXT)),
        os=os,
        platform=object_of(kind=code("_host.platform", "PlatformKind"), reason=TEXT),
        eligibility=object_of(verdict=code("_host.eligibility", "EligibilityVerdict"), checks=list_of(check)),
        enrollment=object_of(
            verdict=code("_host.enrollment", "EnrollmentVerdict"), evidence=list_of(TEXT), reason=TEXT, remedy=nullable(TEXT)
        ),
        track=object_of(
            verdict=code("_host.track", "TrackVerdict"),
            baseline_kb=nullable(KB),
            baseline_build=nullable(BUILD),
            expected_baseline_kb=nullable(KB),
            position=nullable(TEXT),
            off_since=nullable(MOMENT),
            off_cause=nullable(TEXT),
            earliest_return=nullable(DAY),
            reason=TEXT,
        ),
        month=nullable(month),
        offers=nullable(list_of(offer)),
        in_force=object_of(
            build=nullable(BUILD), release_kb=nullable(KB), kind=nullable(TEXT), installed_at=nullable(MOMENT), proof=INT, proof_name=TEXT
        ),
        installed=nullable(list_of(KB)),
        staged_kb=nullable(TEXT),
        policy=_policy(),
        out_of_service=nullable(TEXT),
        boot_time=nullable(MOMENT),
        restart_journal=_journal(),
        restart=object_of(needed=code("_host.pending_restart", "Needed"), causes=list_of(TEXT), next=nullable(following)),
        health=object_of(verdict=code("_host.health", "HealthVerdict"), findings=list_of(TEXT)),
        errors=list_of(object_of(probe=TEXT, hresult=nullable(TEXT), message=nullable(TEXT))),
        state=code("_record.state", "State"),
        severity=enum(severities),
        summary=TEXT,
        next_step=object_of(action=TEXT, when=nullable(TEXT)),
    )


def _decision(*, removal: bool = False) -> dict[str, Any]:
    step = object_of(
        action=code("_decision.step", "Action"),
        kb=nullable(KB),
        title=nullable(TEXT),
        update_ids=list_of(TEXT),
        package=nullable(TEXT),
        restart=code("_host.offers", "Restart"),
    )
    keys = {
        "action": code("_decision.step", "Action"),
        "code": nullable(code("_decision.refusals", "Refusal")),
        "kb": nullable(KB),
        "build": nullable(BUILD),
        "kind": nullable(TEXT),
        "month": nullable(MONTH),
        "restart": code("_host.offers", "Restart"),
        "restart_allowed": BOOL,
        "reason": TEXT,
        "remedy": nullable(TEXT),
        "until": nullable(DAY),
        "steps": list_of(step),
    }
    if removal:
        keys |= {
            "remove": list_of(TEXT),
            "restore_kb": nullable(KB),
            "restore_build": nullable(BUILD),
            "restore_needed": BOOL,
            "exposure": nullable(_exposure()),
            "deny": list_of(_denial()),
        }
    return object_of(**keys)


def _policy() -> dict[str, Any]:
    end: dict[str, Any] = {"anyOf": [DAY, MOMENT]}
    limit = nullable(object_of(value=INT, layer=TEXT))
    span: dict[str, Any] = {"from": MOMENT, "to": end, "layer": TEXT}
    return object_of(
        deny=list_of(object_of(kb=KB, until=nullable(end), reason=nullable(TEXT), layer=TEXT)),
        holds=list_of(
            object_of(**{"reason": TEXT, "owner": nullable(TEXT), "from": nullable(MOMENT), "until": nullable(end), "layer": TEXT})
        ),
        freezes=list_of(object_of(forbids=code("_policy.rules", "Forbids"), reason=nullable(TEXT), **span)),
        windows=list_of(object_of(**span)),
        observation_max_age_hours=limit,
        catalog_max_age_days=limit,
        opted_out=list_of(TEXT),
        allow_managed=list_of(TEXT),
        leave_track=list_of(TEXT),
        lift=list_of(object_of(kb=KB, until=end, layer=TEXT)),
    )


def _process() -> dict[str, Any]:
    return object_of(pid=INT, started=nullable(INT))


def _exposure() -> dict[str, Any]:
    return object_of(since=MOMENT, until=nullable(DAY), kbs=list_of(KB))


def _denial() -> dict[str, Any]:
    return object_of(kb=KB, until=nullable(DAY))
