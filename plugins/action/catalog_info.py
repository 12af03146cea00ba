# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows the months of each product line, the forecast, the age of the data and the differences between two catalogs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..plugin_utils._actions.controller import ControllerAction, load_overlays, moment_of, read_month
from ..plugin_utils._actions.options import OptionError
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._catalog.catalog_diff import Change, compare_catalogs
from ..plugin_utils._catalog.forecast import forecast_line
from ..plugin_utils._catalog.months import month_names, months_of
from ..plugin_utils._catalog.sources import sources_of
from ..plugin_utils._reports.catalog_table import catalog_lines, change_lines
from ..plugin_utils._values.patch_tuesday import current_month, month_after


class ActionModule(ControllerAction):
    """Files of the controller in, nothing out but the result."""

    _hotpatch_spec = SPECS["catalog_info"]

    def _hotpatch_look(self, args: Mapping[str, Any], clock: datetime) -> dict[str, Any]:
        lines = list(dict.fromkeys(args["line"]))
        if not lines:
            raise OptionError("line: the list is empty. Name product lines, or leave the option out for all of them.")
        now = moment_of(args, clock)
        names = _names(args, now)
        compare_with = args["compare_with"]
        catalog = load_overlays("catalog", args["catalog"])
        changes: tuple[Change, ...] | None = None
        if compare_with is not None:
            within = {args["month"]} if args["month"] else None
            changes = compare_catalogs(load_overlays("compare_with", compare_with), catalog, lines, within)
        sources = sources_of(catalog, lines, now.date())
        stale = [line for line in lines if catalog.view(line, now).is_stale]
        months = [month for line in lines for month in months_of(catalog, line, names, now, origin=args["show_origin"])]
        forecasts = [forecast_line(catalog, line, now) for line in lines]
        result: dict[str, Any] = {
            "changed": False,
            "months": [month.to_dict() for month in months],
            "forecast": [forecast.to_dict() for forecast in forecasts],
            "changes": [change.to_dict() for change in changes or ()],
            "sources": [source.to_dict() for source in sources],
            "stale": stale,
            "table": catalog_lines(sources, stale, months, forecasts, changes, origin=args["show_origin"]),
            "msg": _sentence(len(months), changes),
        }
        if args["fail_on_change"] and changes:
            result |= {"failed": True, "msg": "\n".join([_sentence(len(months), changes), *change_lines(changes)])}
        return result


def _names(args: Mapping[str, Any], now: datetime) -> list[str]:
    """Return the months to show: the one asked for, or those up to the current one, of a year where no first one is given."""
    month, since = read_month("month", args["month"]), read_month("since", args["since"])
    if month:
        return [month]
    current = current_month(now)
    if since and since > current:
        raise OptionError(f"since: {since!r} is after {current}, the month of the latest Patch Tuesday. Give an earlier month.")
    return month_names(since or month_after(current, -11), current)


def _sentence(months: int, changes: tuple[Change, ...] | None) -> str:
    if changes is None:
        return f"{months} months shown."
    return f"{months} months shown; {len(changes) or 'no'} difference{'' if len(changes) == 1 else 's'} between the two catalogs."
