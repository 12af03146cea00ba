# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast: a plan, and how well such plans have held. The figures were counted by hand from Microsoft's release notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog import planned_cadence
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.forecast import forecast_line
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.planned_cadence import Period, forecast_by_cadence, kind_by_cadence
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES, Kind
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import at

JUNE_SEPTEMBER = ("2026-06", "2026-09")
# Since the first month of the line, up to September 2026: planned hotpatch months, those that became baselines, planned baselines.
# 2022-01 to 2026-09 are 57 months with 19 quarters begun; 2024-11 to 2026-09 are 23 with 7; 2025-10 to 2026-09 are 12 with 4.
BY_HAND = {
    "ws2022_azure": ("2022-01", 38, ("2022-05", "2022-08", "2022-12", "2024-08", *JUNE_SEPTEMBER), 19),
    "ws2025": ("2024-11", 16, JUNE_SEPTEMBER, 7),
    "win11_24h2": ("2024-11", 16, JUNE_SEPTEMBER, 7),
    "win11_25h2": ("2025-10", 8, JUNE_SEPTEMBER, 4),
}


@pytest.mark.parametrize("line", LINES)
def test_figures(catalog: Catalog, line: str) -> None:
    since, planned, turned, baselines = BY_HAND[line]
    history = forecast_line(catalog, line, at("2026-09-20")).history
    assert (history.since, history.hotpatches.planned, history.hotpatches.turned) == (since, planned, turned)
    assert (history.baselines.planned, history.baselines.turned) == (baselines, ())
    # October 2025 to September 2026 had eight months planned as a hotpatch on every line.
    assert (history.recent.planned, history.recent.turned) == (8, JUNE_SEPTEMBER)
    assert history.not_known == ()


def test_the_sentence(catalog: Catalog) -> None:
    assert forecast_line(catalog, "ws2025", at("2026-09-20")).history.sentence == (
        "2 of 16 months planned as a hotpatch turned into a baseline since 2024-11, 2 of 8 in the last 12 months."
    )


def test_months_that_are_not_known_are_named_and_not_counted(catalog: Catalog) -> None:
    """October and November 2026 are only planned in the built-in data."""
    history = forecast_line(catalog, "ws2025", at("2026-11-25")).history
    assert history.not_known == ("2026-10", "2026-11")
    assert (history.hotpatches.planned, history.recent.planned) == (16, 7)
    assert history.sentence.endswith("; not counted, since the release is not known: 2026-10, 2026-11.")


def test_nothing_of_the_future_is_known(catalog: Catalog) -> None:
    """In May 2026 nobody knew of June: the plan said hotpatch, and no plan of this line had failed."""
    forecast = forecast_line(catalog, "ws2025", at("2026-05-20"))
    june = forecast.months[0]
    assert (june.month, june.date, june.planned_kind, june.restart) == ("2026-06", date(2026, 6, 9), "hotpatch", "not_planned")
    assert june.text == "0 of 13 turned into a baseline since 2024-11"
    assert forecast.history.hotpatches.turned == ()


def test_twelve_months_and_the_next_baselines(catalog: Catalog) -> None:
    forecast = forecast_line(catalog, "ws2025", at("2026-09-20"))
    assert [item.month for item in forecast.months] == [
        *(f"2026-{month}" for month in (10, 11, 12)),
        *(f"2027-{m:02d}" for m in range(1, 10)),
    ]
    assert [item.date for item in forecast.next_baselines] == [date(2026, 10, 13), date(2027, 1, 12), date(2027, 4, 13), date(2027, 7, 13)]
    assert [item.basis for item in forecast.months] == ["announced"] * 2 + ["planned_cadence"] * 10
    assert forecast.months[0].restart == "planned"


def test_on_the_evening_before_patch_tuesday_the_month_is_still_ahead(catalog: Catalog) -> None:
    assert forecast_line(catalog, "ws2025", at("2026-06-08")).months[0].month == "2026-06"
    assert forecast_line(catalog, "ws2025", at("2026-06-09")).months[0].month == "2026-07"


def test_the_first_month_of_a_line_has_no_history(catalog: Catalog) -> None:
    history = forecast_line(catalog, "win11_25h2", at("2025-09-20")).history
    assert (history.since, history.hotpatches.planned) == (None, 0)
    assert history.sentence == "No month that was planned as a hotpatch has come out yet, so history says nothing."
    assert forecast_line(catalog, "win11_25h2", at("2025-09-20")).months[0].text == "no history"


def test_after_the_end_of_hotpatching_there_is_no_plan(catalog: Catalog) -> None:
    line = "ws2022_azure"
    ending = replace(catalog, lines={**catalog.lines, line: replace(catalog.lines[line], hotpatch_ends=date(2027, 2, 28))})
    months = {item.month: item for item in forecast_line(ending, line, at("2026-09-20")).months}
    assert months["2027-02"].planned_kind == "hotpatch"
    assert (months["2027-03"].planned_kind, months["2027-03"].restart, months["2027-03"].basis) == (None, "ordinary_updates", "ended")


def test_it_is_plain_data(catalog: Catalog) -> None:
    data = forecast_line(catalog, "ws2025", at("2026-09-20")).to_dict()
    assert data["after"] == "2026-09"
    assert data["history"]["hotpatches"] == {"planned": 16, "turned": 2, "months": list(JUNE_SEPTEMBER)}
    assert data["next_baselines"][0] == {"month": "2026-10", "date": "2026-10-13"}


@pytest.mark.parametrize("line", LINES)
def test_the_calendar_has_a_cadence_for_every_line_and_it_goes_on(line: str) -> None:
    assert kind_by_cadence(line, "2020-01") is None
    assert [month for month in range(1, 13) if forecast_by_cadence(line, f"2030-{month:02d}") is Kind.BASELINE] == [1, 4, 7, 10]


def test_importer_and_forecast_follow_one_calendar(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cadence that Microsoft changes for one line from some month on, and a calendar that ends, change both."""
    periods = (
        Period("ws2025", "2024-11", "2030-06", frozenset({1, 4, 7, 10})),
        Period("ws2025", "2030-07", "2030-12", frozenset({2, 8})),
    )
    monkeypatch.setattr(planned_cadence, "_periods", lambda: periods)
    forecast = forecast_line(catalog, "ws2025", at("2030-05-20"))
    assert [item.month for item in forecast.next_baselines] == ["2030-08", "2031-02"]
    assert [month for month in range(6, 13) if kind_by_cadence("ws2025", f"2030-{month:02d}") is Kind.BASELINE] == [8]
    assert kind_by_cadence("ws2025", "2031-02") is None
    assert catalog.view("ws2025", at("2030-05-20")).next_planned_baseline().month == "2030-08"
