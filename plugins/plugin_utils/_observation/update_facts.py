# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts about updates that one host reported: their source, the history, the packages, the offers, and what watches over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from .shape import Hresult, Kb, LongText, Rule


@dataclass(frozen=True, slots=True)
class UpdateSource:
    """The source of updates, and the policies about it."""

    wu_server: Annotated[LongText | None, "The address of the update server that a policy names."]
    use_wu_server: Annotated[int | None, "1 if that server is used."]
    no_auto_update: Annotated[int | None, "1 if automatic updates are off."]
    defer_quality_days: Annotated[int | None, "The days by which quality updates are deferred."]
    service_start: Annotated[str | None, "The start type of the update client.", Rule(words=("auto", "manual", "disabled"))]
    configmgr_client: Annotated[bool | None, "True if the client of Configuration Manager is installed."]


_CAUSES = (
    "component_based_servicing",
    "windows_update",
    "pending_file_rename",
    "pending_computer_rename",
    "domain_join",
    "server_manager",
    "configmgr",
)


@dataclass(frozen=True, slots=True)
class PendingCause:
    """One cause of a pending restart."""

    # A cause that is not known here is a cause all the same.
    source: Annotated[str, "The part of Windows that waits for it.", Rule(words=_CAUSES)]
    detail: Annotated[LongText | None, "The file, the names or the value in which it shows, where there is one."]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of the update history."""

    kb: Annotated[Kb | None, "The KB number in its title."]
    title: Annotated[LongText | None, "The title of the update."]
    date: Annotated[datetime | None, "The time of the operation."]
    operation: Annotated[str | None, "The operation.", Rule(words=("install", "uninstall", "other"), always=True)]
    result_code: Annotated[int | None, "1 in progress, 2 succeeded, 3 succeeded with errors, 4 failed, 5 aborted."]
    hresult: Annotated[int | None, "The error as a signed number, 0 without one."]


@dataclass(frozen=True, slots=True)
class Package:
    """One servicing package of an update."""

    identity: Annotated[LongText, "The identity, as DISM writes it."]
    state: Annotated[str | None, "The state, as DISM writes it."]
    release_type: Annotated[str | None, "The kind of update, as DISM writes it."]
    install_time: Annotated[datetime | None, "The time of its installation."]
    kb: Annotated[Kb | None, "The KB number, where it is known."]


@dataclass(frozen=True, slots=True)
class RestartCheck:
    """The answer of the update client for this update on this host, null where the build has no such interface."""

    asked: Annotated[bool, "True if the update client was asked.", Rule(otherwise=False)]
    answer: Annotated[bool | None, "True if the update requires a restart on this host, false if not, null without an answer."]
    hresult: Annotated[Hresult | None, "The error that came instead of an answer."]
    message: Annotated[LongText | None, "The text of that error."]


@dataclass(frozen=True, slots=True)
class Offer:
    """One update that the host would install now."""

    update_id: Annotated[str | None, "The identity under which Windows Update offers it.", Rule(always=True)]
    kbs: Annotated[tuple[Kb, ...], "The KB numbers of the update."]
    title: Annotated[LongText | None, "The title of the update."]
    categories: Annotated[tuple[str, ...], "The categories of the update.", Rule(otherwise=())]
    size_bytes: Annotated[int | None, "The size of the largest download, in bytes."]
    reboot_behavior: Annotated[Literal[0, 1, 2] | None, "0 never, 1 always, 2 can request."]
    restart_check: RestartCheck | None


@dataclass(frozen=True, slots=True)
class MonitorEvent:
    """One event of the hotpatch monitor."""

    time: Annotated[datetime | None, "The time of the event."]
    level: Annotated[str, "The level of the event.", Rule(words=("error", "warning", "critical"))]
    id: Annotated[int | None, "The number of the event."]
    source: Annotated[str | None, "The source of the event."]
    message: Annotated[LongText | None, "The text of the event."]


_EVENTS = "Errors and warnings about hotpatching in the Application log since the last start, fifty at most."


@dataclass(frozen=True, slots=True)
class Monitor:
    """The hotpatch monitor."""

    service: Annotated[str | None, "The state of its service.", Rule(words=("running", "stopped", "disabled", "missing"))]
    task: Annotated[str | None, "The state of its scheduled task.", Rule(words=("ready", "disabled", "missing"))]
    events: Annotated[tuple[MonitorEvent, ...] | None, _EVENTS, Rule(most=50)]


_ASKED = "The source of the answer: the update client, or the list of processes where it refuses the logon."


@dataclass(frozen=True, slots=True)
class Servicing:
    """The state of servicing at this moment."""

    in_progress: Annotated[bool | None, "True during an installation."]
    asked: Annotated[str | None, _ASKED, Rule(words=("update_client", "processes"))]
