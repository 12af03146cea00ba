# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on a host, case by case, for each playbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HOTPATCH, AFTER, BASELINE = "2025-11-11", "2025-11-18", "2026-01-13"


@dataclass(frozen=True)
class Case:
    """What a host does, how Ansible must report it, and whether its text must be seen in the result of a task."""

    rules: tuple[dict[str, Any], ...]
    status: str = "failed"
    shown: bool = True
    variables: dict[str, Any] = field(default_factory=dict)
    now: str = HOTPATCH


def rule(module: str = "internal_observe", nth: int = 1, **does: Any) -> tuple[dict[str, Any], ...]:
    return ({"module": module, "nth": nth, **does},)


# What stands for the text of a host: it is another one for each host, so that a mark tells which one was executed.
TEXT = "@TEXT@"
FAILED = {"failed": True, "msg": TEXT}
# What an observation can be, for each playbook.
OBSERVATION = {
    "failed": Case(rule(answer=FAILED)),
    "failed-huge": Case(rule(answer={"failed": True, "msg": f"{TEXT}{'y' * 1_000_000}"})),
    "failed-list": Case(rule(answer={"failed": True, "msg": [{TEXT: TEXT}]})),
    "unreachable": Case(rule(answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "stderr": Case(rule(answer={"module_stderr": TEXT})),
    "no-json": Case(rule(raw=[1, "", TEXT]), shown=False),
    "no-json-out": Case(rule(raw=[0, TEXT, ""]), shown=False),
    "raises-connection": Case(rule(raises="connection", text=TEXT), "unreachable"),
    "raises-transport": Case(rule(raises="transport", text=TEXT), "unreachable"),
    "raises-ansible": Case(rule(raises="ansible", text=TEXT)),
    "raises-other": Case(rule(raises="other", text=TEXT)),
}
# What looks like an observation and is none: the host is judged by what can be read of it, so the run of it goes on.
SHAPES = {
    "text": Case(rule(answer={"observation": TEXT}), "ok"),
    "keys": Case(rule(answer={"observation": {TEXT: TEXT}, TEXT: TEXT}), "ok"),
    "schema": Case(
        rule(answer={"observation": {"schema": TEXT, "os": {TEXT: {TEXT: TEXT}}, "errors": TEXT, "timings_ms": {TEXT: TEXT}}}), "ok"
    ),
    "os": Case(rule(replace=["ServerDatacenter", TEXT]), "ok"),
}
RESTARTS = {"hotpatch_restart_policy": "allowed"}
NAMED: dict[str, Any] = {"hotpatch_rollback_kb": "KB5068966"}
HOOKS = {"hotpatch_drain": "{folder}/hook.yml", "hotpatch_resume": "{folder}/hook.yml", "hotpatch_resume_after_failure": "always"}
# After the first observation nothing that a host says may count either, through rescue, handlers and the last word of a role.
CYCLE = {
    "second-failed": Case(rule(nth=2, answer=FAILED)),
    "second-unreachable": Case(rule(nth=2, answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "second-stderr": Case(rule(nth=2, answer={"module_stderr": TEXT})),
    "second-raises": Case(rule(nth=2, raises="other", text=TEXT)),
    "third-failed": Case(rule(nth=3, answer=FAILED)),
    "updates-failed": Case(rule("win_updates", answer=FAILED)),
    "updates-unreachable": Case(rule("win_updates", answer={"unreachable": True, "msg": TEXT}), shown=False),
    "updates-raise": Case(rule("win_updates", raises="ansible", text=TEXT)),
    "updates-say": Case(
        rule("win_updates", replace=["Failed to install all updates", TEXT]),
        variables={"hotpatch_rehearsal_faults": [{"fault": "install_error", "hresult": "0x80073712"}]},
        shown=False,
    ),
    "updates-title": Case(rule("win_updates", replace=["An update of the rehearsal.", TEXT]), "ok", shown=False),
    "updates-stranger": Case(rule("win_updates", nth=2, replace=["KB5068966", TEXT])),
    "baseline-failed": Case(rule(nth=3, answer=FAILED), now=BASELINE, variables=RESTARTS),
    "baseline-hooks": Case(rule(nth=3, answer=FAILED), now=BASELINE, variables=RESTARTS | HOOKS),
    "restart-raises": Case(rule("raw", raises="other", text=TEXT), now=BASELINE, variables=RESTARTS),
    "restart-lost": Case(rule("raw", raises="connection", text=TEXT), "unreachable", now=BASELINE, variables=RESTARTS),
    # A health task of the user fails, so that a handler rolls back, which is answered so too.
    "handler-failed": Case(
        (*rule(nth=4, answer=FAILED), *rule("package", answer=FAILED)),
        variables=RESTARTS | {"hotpatch_health": "{folder}/unhealthy.yml"},
    ),
    "overlay-key": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}, shown=False),
    "overlay-sum": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}),
    "overlay-broken": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}, shown=False),
    "overlay-name": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}),
    "records": Case((), "ok", shown=False),
}
ROLLBACK = {
    "second-failed": Case(rule(nth=2, answer=FAILED)),
    "second-unreachable": Case(rule(nth=2, answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "package-failed": Case(rule("package", answer=FAILED)),
    "package-message": Case(rule("package", answer={"failed": True, "message": TEXT})),
    "package-raises": Case(rule("package", raises="transport", text=TEXT), "unreachable"),
    "restart-raises": Case(rule("raw", raises="other", text=TEXT), shown=False),
    "restart-lost": Case(rule("raw", raises="connection", text=TEXT), "unreachable"),
    "identity": Case(rule(replace=["Package_for_", TEXT])),
}
PLAYBOOKS: dict[str, dict[str, Case]] = {
    "assess": OBSERVATION | SHAPES,
    "cycle": OBSERVATION | CYCLE,
    "rollback": {
        name: Case(case.rules, case.status, case.shown, RESTARTS | NAMED, AFTER) for name, case in (OBSERVATION | ROLLBACK).items()
    },
}
