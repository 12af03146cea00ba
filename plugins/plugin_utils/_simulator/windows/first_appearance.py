# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a simulated host when it is met for the first time."""

from __future__ import annotations

from ..host import times
from ..host.model import HostDescription, Installed, Truth
from . import editions, titles
from .release_data import BASELINES, HOTPATCHES, Cumulative, Release, cumulatives, releases


def appear(description: HostDescription) -> Truth:
    """The state that the inventory describes, with the updates of the time before on the host."""
    line = description.line
    ubr = description.os["ubr"] if line == "none" else int(editions.MEDIA_BUILD[line].split(".")[1])
    os = {**{key: value for key, value in description.os.items() if key != "ubr"}, "media_ubr": ubr}
    truth = Truth(
        host=description.host,
        line=line,
        os=os,
        build=f"{os['build']}.{ubr}",
        clock=description.now,
        fleet_now=description.now,
        enrollment=description.enrollment,
        arc_status=description.arc_status,
        vbs={"configured": description.vbs_configured, "status": description.vbs_status},
        monitor={"service": description.monitor, "broken_by": None, "events": []},
        servicing_busy=description.servicing_busy,
        free_bytes=description.free_bytes,
    )
    for release in _earlier(description):
        _put(truth, description, release)
    for kb in description.start_extra:
        _put(truth, description, _named(line, kb))
    booted = max([times.later(description.now, -60 * 24 * 30), *(entry.at for entry in truth.installed[-1:])])
    truth.boots.append({"at": times.later(booted, 6), "cause": "the host was set up", "requested_by": "setup", "kb": None})
    truth.clock = max(truth.clock, truth.boot_time)
    for error in description.monitor_errors:
        truth.monitor["events"].append(
            {
                "time": times.later(truth.boot_time, 30),
                "level": error.get("level", "error"),
                "id": error.get("id", 107),
                "source": "Microsoft-Windows-Hotpatch-Monitor",
                "message": error.get("message", "The hotpatch monitor found a problem."),
            }
        )
    truth.add_pending(*description.pending)
    return truth


def _earlier(description: HostDescription) -> list[Release | Cumulative]:
    """The start release and, beneath a hotpatch, the baseline that it stands on."""
    known = releases(description.line)
    if description.start_kb:
        start = _named(description.line, description.start_kb)
    else:
        day = description.now[:10]
        regular: list[Release | Cumulative]
        if description.enrollment == "enrolled":
            regular = [release for release in known if release.released < day and (release.is_baseline or release.kind == "hotpatch")]
        else:
            regular = [entry for entry in cumulatives(description.line) if entry.released < day and entry.kind != "oob_lcu"]
        if not regular:
            return []
        start = regular[-1]
    if start.kind not in HOTPATCHES:
        return [start]
    beneath = [release for release in known if release.is_baseline and release.released <= start.released]
    return [*beneath[-1:], start]


def _named(line: str, kb: str) -> Release | Cumulative:
    every: list[Release | Cumulative] = [*releases(line), *cumulatives(line)]
    return next(entry for entry in every if entry.kb == kb)  # the description has checked that there is one


def _put(truth: Truth, description: HostDescription, release: Release | Cumulative) -> None:
    at = times.later(times.show(release.at), 60 * 24)
    at = min(at, times.later(description.now, -60))
    title = titles.title(truth.line, description.architecture, release.month, release.kb, release.build)
    for other in truth.installed:
        if release.kind not in HOTPATCHES or other.kind not in BASELINES:
            other.state, other.superseded_by = "Superseded", release.kb
    truth.installed.append(Installed(release.kb, release.kind, release.build, at, "Installed", title))
    truth.build = release.build
    truth.history.insert(0, {"kb": release.kb, "title": title, "date": at, "operation": "install", "result_code": 2, "hresult": 0})
