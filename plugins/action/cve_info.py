# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports the vulnerabilities that are fixed on each host, the update that fixes them, and the hosts that lack a fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..plugin_utils._actions.controller import ControllerAction, load_overlays, moment_of, read_month
from ..plugin_utils._actions.options import OptionError, shown
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._catalog.catalog import CatalogError, load_catalog
from ..plugin_utils._catalog.vulnerabilities import Cve
from ..plugin_utils._cve.cve_view import CveView, Fixed, view_cves
from ..plugin_utils._cve.updates_of_host import HostUpdates, hosts_of, unpack
from ..plugin_utils._reports.cve_table import cve_lines
from ..plugin_utils._run_records.all_records import AllRecords, read_all
from ..plugin_utils._run_records.store import RecordsError
from ..plugin_utils._values.names import is_cve
from ..plugin_utils._values.patch_tuesday import current_month
from ..plugin_utils._values.printable import clean


class ActionModule(ControllerAction):
    """Files of the controller in, nothing out but the result."""

    _hotpatch_spec = SPECS["cve_info"]

    def _hotpatch_look(self, args: Mapping[str, Any], clock: datetime) -> dict[str, Any]:
        now = moment_of(args, clock)
        month = read_month("month", args["month"])
        for name in args["cves"]:
            if not is_cve(name):
                raise OptionError(f"cves: {shown(name)} is not the name of a CVE. Write it like CVE-2026-12345.")
        if args["record_max_age_days"] < 1:
            default = self._hotpatch_spec["argument_spec"]["record_max_age_days"]["default"]
            raise OptionError(
                f"record_max_age_days: {args['record_max_age_days']} is not a number of days above 0. The default is {default}."
            )
        catalog = load_overlays("catalog", args["catalog"])
        cves = _cves(args, month, now)
        stored = _stored(args)
        hosts = _hosts(args, stored, now)
        views = view_cves(catalog, cves, hosts, now)
        return {
            "changed": False,
            "cves": [view.to_dict() for view in views],
            "hosts": _by_host(views),
            "lacking": [view.cve.cve for view in views if view.lacking],
            "unreadable": sorted(set(stored.unreadable.values())),
            "table": cve_lines(views, sorted(set(stored.unreadable.values()))),
            "msg": _sentence(views, len(hosts)),
        }


def _cves(args: Mapping[str, Any], month: str | None, now: datetime) -> list[Cve]:
    """Return the vulnerabilities asked for: by name, of a month, or else of the newest month that there are any of."""
    option = "catalog" if args["cve_files"] is None else "cve_files"
    try:
        known = load_catalog(args[option]).cves
    except CatalogError as error:
        raise OptionError(f"{option}: {error}") from error
    if not known:
        raise OptionError(f"{option}: these files name no CVE. Import the documents of MSRC into an overlay file, and name it here.")
    missing = [name for name in args["cves"] if name not in {item.cve for item in known}]
    if missing:
        raise OptionError(
            f"cves: {shown(missing[0])} is not among the {len(known)} CVEs of {known[0].month} to {known[-1].month}."
            " Correct the name, or import the document of its month."
        )
    if month is not None and month not in {item.month for item in known}:
        raise OptionError(f"month: there is no CVE of {month}. There are some of {', '.join(sorted({item.month for item in known}))}.")
    if month is None and not args["cves"]:
        past = [item.month for item in known if item.month <= current_month(now)]
        if not past:
            raise OptionError(f"month: no CVE is older than {now:%Y-%m-%d}; the first ones are of {known[0].month}. Give a later date.")
        month = past[-1]
    found = [item for item in known if (month is None or item.month == month) and (not args["cves"] or item.cve in args["cves"])]
    if not found:
        raise OptionError(f"cves: none of these is in the document of {month}: {', '.join(args['cves'])}. Leave out month, or correct it.")
    return found


def _stored(args: Mapping[str, Any]) -> AllRecords:
    if args["records"] is None:
        return AllRecords()
    try:
        return read_all(str(args["records"]))
    except RecordsError as error:
        raise OptionError(str(error)) from error


def _hosts(args: Mapping[str, Any], stored: AllRecords, now: datetime) -> list[HostUpdates]:
    try:
        seen = [unpack(f"results[{index}]", data) for index, data in enumerate(args["results"] or ())]
    except ValueError as error:
        raise OptionError(f"{error}. Give records, or results of winops.hotpatch.host_info.") from error
    try:
        seen += [unpack(f"records: run {clean(data.get('run_id'))} of {clean(data['host'])}", data) for data in stored.records]
    except ValueError as error:
        raise OptionError(f"{error}. Take its file out of the folder.") from error
    hosts = {host.host: host for host in hosts_of(seen, args["hosts"], now, timedelta(days=args["record_max_age_days"]))}
    for name, file in stored.unreadable.items():
        if not args["hosts"] or name in args["hosts"]:
            problem = f"a record of it cannot be read ({file}); assess it again"
            hosts[name] = replace(hosts.get(name, HostUpdates(name)), problem=problem)
    if not hosts:
        raise OptionError(f"as_of: no record is dated {now:%Y-%m-%d} or earlier. Give a later date, or assess the hosts.")
    return [hosts[name] for name in sorted(hosts)]


def _by_host(views: Sequence[CveView]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for index, host in enumerate(views[0].hosts if views else ()):
        states = Counter(view.hosts[index].state for view in views)
        lacking = [view.cve.cve for view in views if view.hosts[index] in view.lacking]
        counts = {state.value: states[state] for state in Fixed}
        found.append({"host": host.host, "line": host.line, "kb": host.kb, "build": host.build, "counts": counts, "lacking": lacking})
    return found


def _sentence(views: Sequence[CveView], hosts: int) -> str:
    fixed = sum(1 for view in views if not view.lacking)
    asked = f"{len(views)} CVE{'' if len(views) == 1 else 's'} checked on {hosts} host{'' if hosts == 1 else 's'}"
    return f"{asked}; {fixed} {'is' if fixed == 1 else 'are'} fixed on every host."
