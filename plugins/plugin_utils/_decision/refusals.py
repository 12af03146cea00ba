# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reasons for which nothing is done. The codes are stable: playbooks and reports match on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """The code of a refusal to act on a host."""

    RESTART_NOT_ALLOWED = "restart_not_allowed"
    RESTART_UNKNOWN = "restart_unknown"
    MONTH_TURNED_BASELINE = "month_turned_baseline"
    CATALOG_STALE = "catalog_stale"
    CATALOG_MISSING_MONTH = "catalog_missing_month"
    OFFER_CONTRADICTS_CATALOG = "offer_contradicts_catalog"
    OFFER_AMBIGUOUS = "offer_ambiguous"
    NOT_OFFERED = "not_offered"
    DENIED = "denied"
    LEAVES_TRACK = "leaves_track"
    PENDING_RESTART = "pending_restart"
    RESTART_DID_NOT_HELP = "restart_did_not_help"
    NOT_ON_BASELINE = "not_on_baseline"
    FROZEN = "frozen"
    OUTSIDE_WINDOW = "outside_window"
    HELD = "held"
    MANAGED_ELSEWHERE = "managed_elsewhere"
    NOT_ELIGIBLE = "not_eligible"
    NOT_ENROLLED = "not_enrolled"
    UNKNOWN_HOST = "unknown_host"
    NOT_WINDOWS = "not_windows"
    PLAN_DRIFT = "plan_drift"
    MEMORY_UNWRITABLE = "memory_unwritable"
    BUDGET_SPENT = "budget_spent"
    GROUP_SPLIT = "group_split"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class RefusalText:
    """The title of a refusal, and its remedy."""

    title: str
    remedy: str


TEXTS: dict[Refusal, RefusalText] = {
    Refusal.RESTART_NOT_ALLOWED: RefusalText(
        "The update needs a restart and this run may not restart",
        "Run again in a window with restart_policy planned (a month that was planned as a baseline) or allowed.",
    ),
    Refusal.RESTART_UNKNOWN: RefusalText(
        "It is not known whether the update restarts the host",
        "Gather again with the restart check, or install it in a window with restart_policy allowed.",
    ),
    Refusal.MONTH_TURNED_BASELINE: RefusalText(
        "The month was planned as a hotpatch and became a baseline",
        "Plan a restart for this baseline and run again in that window with restart_policy allowed.",
    ),
    Refusal.CATALOG_STALE: RefusalText(
        "The catalog is older than the latest Patch Tuesday",
        "Update the collection, or add the month to an overlay file (option catalog), and run again.",
    ),
    Refusal.CATALOG_MISSING_MONTH: RefusalText(
        "The catalog does not say what this month is",
        "Update the collection, or add the month to an overlay file (option catalog), and run again.",
    ),
    Refusal.OFFER_CONTRADICTS_CATALOG: RefusalText(
        "The host and the catalog disagree on whether the update restarts the host",
        "Compare the offer with Microsoft's release notes; correct the catalog with an overlay, or install with restart_policy allowed.",
    ),
    Refusal.OFFER_AMBIGUOUS: RefusalText(
        "Two updates on offer cannot be told apart",
        "Decline or hide the one that is not wanted at the update source, and run again; or install from a file (option source).",
    ),
    Refusal.NOT_OFFERED: RefusalText(
        "The host is not offered the update",
        "Check the update source, approvals, deferrals and the network of the host, then run again; a scan can take hours to follow.",
    ),
    Refusal.DENIED: RefusalText(
        "The update is denied for this host",
        "Wait until the denial ends, or remove it from deny of the policy that is named.",
    ),
    Refusal.LEAVES_TRACK: RefusalText(
        "The update would take the host off the hotpatch track",
        "Leave it out. To install it anyway, name it (kb, hotpatch_kb), with leave_track in a policy that says who answers for it.",
    ),
    Refusal.PENDING_RESTART: RefusalText(
        "A restart is pending",
        "Restart the host in a window with restart_policy allowed, then run again.",
    ),
    Refusal.RESTART_DID_NOT_HELP: RefusalText(
        "A restart is pending that the last restart did not settle, so another one would not either",
        "Find out what keeps asking for it: CBS.log for component_based_servicing (DISM /Online /Cleanup-Image /RestoreHealth repairs it),"
        " the update client for windows_update. Remove the cause, or the mark if it is stale, then run again.",
    ),
    Refusal.NOT_ON_BASELINE: RefusalText(
        "The host is not on the current baseline",
        "Install the baseline in a window with restart_policy allowed; the hotpatch follows without a restart.",
    ),
    Refusal.FROZEN: RefusalText(
        "A freeze forbids restarts, or every change, now",
        "Run again after the freeze, or change freezes of the policy that is named.",
    ),
    Refusal.OUTSIDE_WINDOW: RefusalText(
        "Restarts are only allowed in a window",
        "Run again in the next window, or change windows of the policy that is named.",
    ),
    Refusal.HELD: RefusalText(
        "The host is held by an operator",
        "Ask the owner of the hold, or remove hold of the policy that is named.",
    ),
    Refusal.MANAGED_ELSEWHERE: RefusalText(
        "Another system decides on the updates of this host",
        "Patch it there, or set allow_managed in a policy, with owner and reason, once that system offers hotpatches.",
    ),
    Refusal.NOT_ELIGIBLE: RefusalText(
        "The host cannot be hotpatched",
        "Follow the remedy of each failed check; ordinary updates remain its correct path until then.",
    ),
    Refusal.NOT_ENROLLED: RefusalText(
        "The host is not enrolled for hotpatching",
        "Enroll it in Azure, Azure Arc or Intune, as the record says for its product line, then run again.",
    ),
    Refusal.UNKNOWN_HOST: RefusalText(
        "Some facts about the host could not be read",
        "Read the probe errors of the record, remove their cause and run again.",
    ),
    Refusal.NOT_WINDOWS: RefusalText(
        "The host is not a Windows host, or its connection does not use a Windows shell",
        "Set ansible_connection to winrm or psrp (over SSH, ansible_shell_type to powershell or cmd), or take the host out of the group.",
    ),
    Refusal.PLAN_DRIFT: RefusalText(
        "The host, the policy or the catalog has changed since it was decided what to do",
        "Run again: the next run decides anew, and takes the host out of service if that is needed.",
    ),
    Refusal.MEMORY_UNWRITABLE: RefusalText(
        "The host cannot remember what is done on it",
        "Use an account that is an administrator of the host, or set hotpatch_memory to records where nothing may be written on hosts.",
    ),
    Refusal.BUDGET_SPENT: RefusalText(
        "Too many hosts of the run have failed, so no new one begins",
        "See why the hosts before it failed, remove the cause and run again: hosts that are done have nothing left to do.",
    ),
    Refusal.GROUP_SPLIT: RefusalText(
        "The run sees a part of the inventory, and hosts that this one must not restart together with may be in another part",
        "Let one job have all of them: set the slice count of the job template to 1. If the job is not a slice, give its workflow another"
        " name than that of the job template.",
    ),
    Refusal.BUSY: RefusalText(
        "Windows or another run is servicing the host",
        "Wait until it has finished and run again.",
    ),
}
