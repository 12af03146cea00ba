# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fix is in force on which host: real months in which a build threshold gives the wrong answer, and every state of a host."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.vulnerabilities import Cve, Fix
from ansible_collections.winops.hotpatch.plugins.plugin_utils._cve.cve_view import HostFix, view_cves
from ansible_collections.winops.hotpatch.plugins.plugin_utils._cve.updates_of_host import hosts_of, unpack
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.cve_table import cve_lines
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.build import Build
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import Raw, at, change, host, package, record_of

WEEK = timedelta(days=7)
S22 = "ws2022_azure"
S25 = "ws2025"


def fix(line: str, kb: str, build: str | None, carrier: str) -> Fix:
    return Fix(line, kb, Build.parse(build) if build else None, carrier)


# MSRC on CVE-2022-37966: the Kerberos fix was not in the hotpatch; hotpatched domain controllers had to install the cumulative update.
KERBEROS = Cve("CVE-2022-37966", "2022-11", "Kerberos", "Critical", False, (fix(S22, "KB5019081", "20348.1249", "lcu"),))
# As nearly every vulnerability of that month: in both.
ORDINARY = Cve("CVE-2022-41039", "2022-11", "", None, None, (*KERBEROS.fixes, fix(S22, "KB5019080", "20348.1251", "hotpatch")))
# August 2026: an update of its own, with a restart, beside the hotpatch (MSRC document of the month).
BESIDE = Cve(
    "CVE-2026-30001",
    "2026-08",
    "",
    "Important",
    None,
    (fix(S22, "KB5120242", "20348.5499", "lcu"), fix(S22, "KB5123303", "20348.5499", "component")),
)
AUGUST = Cve(
    "CVE-2026-30002",
    "2026-08",
    "",
    "Critical",
    True,
    (
        fix(S22, "KB5120242", "20348.5499", "lcu"),
        fix(S22, "KB5120229", "20348.5440", "hotpatch"),
        fix(S25, "KB5120233", "26100.33296", "lcu"),
        fix(S25, "KB5120228", "26100.33222", "hotpatch"),
    ),
)


def judged(catalog: Catalog, cve: Cve, raw: Raw | None, now: str) -> HostFix:
    """Return how the host RAW, as it is recorded at NOW, stands to CVE."""
    hosts = hosts_of([unpack("it", record_of(raw, now).to_dict())], [], at(now), WEEK)
    (view,) = view_cves(catalog, [cve], hosts, at(now))
    (found,) = view.hosts
    return found


def test_the_hotpatch_of_november_2022_did_not_carry_the_kerberos_fix(catalog: Catalog) -> None:
    """Its build, 1251, is above 1249, the build of the cumulative update that did: a threshold calls this host fixed."""
    found = judged(catalog, KERBEROS, host(S22, "KB5018421", "KB5019080", now="2022-11-20"), "2022-11-20")
    assert (found.state, found.kb, found.build, found.hotpatch_lacks_it) == ("exposed", "KB5019080", "20348.1251", True)
    assert found.reason == "The hotpatch KB5019080 of 2022-11 does not carry this fix; only KB5019081 does."
    assert found.remedy == (
        "Install KB5019081, with its restart; it takes the host off the hotpatch track until the baseline planned for 2023-01-10,"
        " or wait for that baseline and stay exposed until then."
    )


def test_the_same_hotpatch_carried_the_others(catalog: Catalog) -> None:
    found = judged(catalog, ORDINARY, host(S22, "KB5018421", "KB5019080", now="2022-11-20"), "2022-11-20")
    assert (found.state, found.carrier, found.reason) == ("in_force", "hotpatch", "KB5019080 is in force.")


def test_whoever_left_the_track_has_the_kerberos_fix(catalog: Catalog) -> None:
    found = judged(catalog, KERBEROS, host(S22, "KB5018421", "KB5019081", now="2022-11-20"), "2022-11-20")
    assert (found.state, found.carrier, found.kb) == ("in_force", "lcu", "KB5019081")


def test_the_next_baseline_brought_the_kerberos_fix(catalog: Catalog) -> None:
    """December 2022 was to be a hotpatch and became a baseline, which is a cumulative update."""
    on_hotpatch = judged(catalog, KERBEROS, host(S22, "KB5018421", "KB5019080", now="2022-12-14"), "2022-12-14")
    assert (on_hotpatch.state, on_hotpatch.remedy) == ("exposed", "Install the baseline KB5021249 (2022-12), with its restart.")
    on_baseline = judged(catalog, KERBEROS, host(S22, "KB5018421", "KB5019080", "KB5021249", now="2022-12-14"), "2022-12-14")
    assert (on_baseline.state, on_baseline.carrier) == ("in_force", "lcu")


def test_august_2026_needed_an_update_beside_the_hotpatch(catalog: Catalog) -> None:
    found = judged(catalog, BESIDE, host(S22, "KB5099540", "KB5120229", now="2026-08-20"), "2026-08-20")
    assert (found.state, found.hotpatch_lacks_it) == ("exposed", True)
    assert found.reason == "The hotpatch KB5120229 of 2026-08 does not carry this fix; only KB5120242 or KB5123303 does."
    assert (found.remedy or "").startswith(
        "Install KB5123303, with a restart where it asks for one, or install KB5120242, with its restart"
    )


def test_august_2026_with_that_update(catalog: Catalog) -> None:
    raw = host(S22, "KB5099540", "KB5120229", now="2026-08-20")
    raw["quick_fixes"].append("KB5123303")
    found = judged(catalog, BESIDE, raw, "2026-08-20")
    assert (found.state, found.carrier, found.reason) == ("in_force", "component", "KB5123303 is installed.")
    pending = judged(
        catalog, BESIDE, change(raw, pending={"causes": [{"source": "component_based_servicing", "detail": None}]}), "2026-08-20"
    )
    assert pending.state == "pending_restart"
    not_asked = judged(catalog, BESIDE, change(raw, pending=None), "2026-08-20")
    assert not_asked.state == "pending_restart"


def test_what_is_installed_could_not_be_read(catalog: Catalog) -> None:
    raw = host(S22, "KB5099540", "KB5120229", now="2026-08-20") | {"history": None, "quick_fixes": None, "packages": None}
    found = judged(catalog, BESIDE, raw, "2026-08-20")
    assert (found.state, found.hotpatch_lacks_it) == ("unknown", True)
    assert found.reason == "The records do not say whether KB5123303 is installed."


def test_september_2026_has_both(catalog: Catalog) -> None:
    for cve in (BESIDE, AUGUST):
        found = judged(catalog, cve, host(S22, "KB5099540", "KB5120229", "KB5122882", now="2026-09-20"), "2026-09-20")
        assert (found.state, found.carrier) == ("in_force", "lcu")


@pytest.mark.parametrize(
    ("kbs", "state", "carrier"),
    [
        (("KB5099536", "KB5120228"), "in_force", "hotpatch"),
        (("KB5099536", "KB5120233"), "in_force", "lcu"),
        (("KB5099536",), "exposed", None),
        (("KB5094125",), "exposed", None),
    ],
)
def test_by_hotpatch_or_by_lcu(catalog: Catalog, kbs: tuple[str, ...], state: str, carrier: str | None) -> None:
    found = judged(catalog, AUGUST, host(S25, *kbs), "2026-08-20")
    assert (found.state, found.carrier) == (state, carrier)


def test_remedies_of_hosts_that_are_behind(catalog: Catalog) -> None:
    one_month = judged(catalog, AUGUST, host(S25, "KB5099536"), "2026-08-20")
    assert one_month.remedy == "Install KB5120228 (2026-08)."
    assert one_month.reason == (
        "KB5099536 (26100.33158) is older than KB5120233 (26100.33296); KB5099536 (26100.33158) is older than KB5120228."
    )
    two_months = judged(catalog, AUGUST, host(S25, "KB5094125"), "2026-08-20")
    assert two_months.remedy == "Install the baseline KB5099536, with its restart, and then KB5120228 (2026-08)."


def test_a_baseline_that_waits_for_its_restart_is_not_in_force(catalog: Catalog) -> None:
    raw = host(S25, "KB5099536", "KB5120228", now="2026-09-10")
    raw["packages"].append(package(S25, "KB5122871", "Install Pending"))
    raw["pending"] = {"causes": [{"source": "component_based_servicing", "detail": None}]}
    cve = Cve("CVE-2026-30003", "2026-09", "", None, None, (fix(S25, "KB5122871", "26100.33438", "lcu"),))
    found = judged(catalog, cve, raw, "2026-09-10")
    assert (found.state, found.reason) == ("pending_restart", "KB5122871 is installed and not in force until the host restarts.")
    assert judged(catalog, AUGUST, raw, "2026-09-10").state == "in_force"


def test_a_hotpatch_by_its_build_alone_is_not_proven(catalog: Catalog) -> None:
    raw = host(S25, "KB5099536", "KB5120228") | {"history": [], "quick_fixes": [], "packages": []}
    found = judged(catalog, AUGUST, raw, "2026-08-20")
    assert (found.state, found.reason) == ("unknown", "KB5120228 is in force by its build only; neither history nor packages show it.")


def test_builds_that_the_catalog_does_not_name(catalog: Catalog) -> None:
    raw = host(S25, "KB5099536", "KB5120228")
    media = judged(catalog, AUGUST, change(raw, os__ubr=1742), "2026-08-20")
    assert (media.state, media.remedy) == ("exposed", "Install the newest baseline of ws2025, with its restart.")
    assert judged(catalog, AUGUST, change(raw, os__ubr=33300), "2026-08-20").state == "unknown"
    assert judged(catalog, AUGUST, change(raw, os__ubr=None), "2026-08-20").state == "unknown"
    assert judged(catalog, AUGUST, change(raw, os=None), "2026-08-20").state == "unknown"


def test_one_build_of_two_updates_of_october_2025(catalog: Catalog) -> None:
    """KB5070881 and KB5070893 are both 26100.6905; each carries the WSUS fix, and the November hotpatch is not said to."""
    fixes = (fix(S25, "KB5070881", "26100.6905", "lcu"), fix(S25, "KB5070893", "26100.6905", "component"))
    wsus = Cve("CVE-2025-59287", "2025-10", "WSUS", "Critical", True, fixes)
    assert judged(catalog, wsus, host(S25, "KB5066835", "KB5070893", now="2025-10-28"), "2025-10-28").carrier == "component"
    assert judged(catalog, wsus, host(S25, "KB5066835", "KB5070881", now="2025-10-28"), "2025-10-28").carrier == "lcu"
    assert judged(catalog, wsus, host(S25, "KB5066835", now="2025-10-28"), "2025-10-28").state == "exposed"
    assert judged(catalog, wsus, host(S25, "KB5066835", "KB5070893", "KB5068966", now="2025-11-20"), "2025-11-20").state == "in_force"
    assert judged(catalog, wsus, host(S25, "KB5066835", "KB5068966", now="2025-11-20"), "2025-11-20").state == "unknown"
    assert judged(catalog, wsus, host(S25, "KB5066835", "KB5068966", "KB5073379", now="2026-01-20"), "2026-01-20").carrier == "lcu"


def test_an_out_of_band_hotpatch_that_made_good_what_the_month_lacked(catalog: Catalog) -> None:
    """CVE-2025-29971 of May 2025: not in the hotpatch of the month, but in KB5061258 three days later, and in those after it."""
    line = "win11_24h2"
    fixes = (fix(line, "KB5058411", "26100.4061", "lcu"), fix(line, "KB5061258", None, "hotpatch"))
    cve = Cve("CVE-2025-29971", "2025-05", "", None, None, fixes)
    month = judged(catalog, cve, host(line, "KB5055523", "KB5058497", now="2025-05-20"), "2025-05-20")
    assert (month.state, month.remedy) == ("exposed", "Install KB5061258 (2025-05).")
    assert judged(catalog, cve, host(line, "KB5055523", "KB5058497", "KB5061258", now="2025-05-20"), "2025-05-20").carrier == "hotpatch"
    june = judged(catalog, cve, host(line, "KB5055523", "KB5060841", now="2025-06-20"), "2025-06-20")
    assert (june.state, june.reason) == ("in_force", "KB5060841 is newer than KB5061258 and contains it.")


def test_updates_of_which_too_little_is_known(catalog: Catalog) -> None:
    raw = host(S25, "KB5099536", "KB5120228")
    for one in (
        fix(S25, "KB5999990", None, "lcu"),
        fix(S25, "KB5999990", None, "hotpatch"),
        fix(S25, "KB5999990", "26100.33250", "unknown"),
    ):
        assert judged(catalog, Cve("CVE-2026-1000", "2026-08", "", None, None, (one,)), raw, "2026-08-20").state == "unknown", one
    newer = fix(S25, "KB5999990", "26100.33250", "hotpatch")
    assert judged(catalog, Cve("CVE-2026-1000", "2026-08", "", None, None, (newer,)), raw, "2026-08-20").state == "exposed"


def test_a_fix_that_only_a_hotpatch_is_named_for(catalog: Catalog) -> None:
    """A cumulative update of a later day contains it; for that of the same day nobody says so."""
    cve = Cve("CVE-2026-1001", "2026-08", "", None, None, (fix(S25, "KB5120228", "26100.33222", "hotpatch"),))
    assert judged(catalog, cve, host(S25, "KB5099536", "KB5120233"), "2026-08-20").state == "unknown"
    assert judged(catalog, cve, host(S25, "KB5099536", "KB5129235", now="2026-09-20"), "2026-09-20").state == "in_force"
    assert judged(catalog, cve, host(S25, "KB5082063", "KB5087539"), "2026-08-20").state == "exposed"


def test_lines_that_the_document_does_not_name(catalog: Catalog) -> None:
    found = judged(catalog, KERBEROS, host(S25, "KB5099536", "KB5120228"), "2026-08-20")
    assert (found.state, found.reason) == ("not_listed", "The document of 2022-11 names no update for ws2025.")


def test_hosts_without_a_record_are_unknown(catalog: Catalog) -> None:
    hosts = hosts_of(
        [unpack("it", record_of(host(S25, "KB5099536", "KB5120228"), "2026-08-20").to_dict())], ["host1", "web02"], at("2026-08-20"), WEEK
    )
    (view,) = view_cves(catalog, [AUGUST], hosts, at("2026-08-20"))
    assert view.counts == {"in_force": 1, "pending_restart": 0, "exposed": 0, "unknown": 1, "not_listed": 0}
    assert view.by_carrier == {"hotpatch": 1, "lcu": 0, "component": 0}
    (lacking,) = view.lacking
    assert (lacking.host, lacking.reason) == ("web02", "There is no record of it.")


def test_the_table_groups_what_the_same_hosts_lack(catalog: Catalog) -> None:
    other = Cve("CVE-2026-30009", "2026-08", "", None, None, AUGUST.fixes)
    entry = unpack("it", record_of(host(S25, "KB5099536"), "2026-08-20").to_dict())
    lines = cve_lines(
        view_cves(catalog, [AUGUST, other], hosts_of([entry], [], at("2026-08-20"), WEEK), at("2026-08-20")), ["x.json: bad\x1b[2J"]
    )
    assert "Hosts that lack CVE-2026-30002, CVE-2026-30009" in lines
    assert sum(line.startswith("Hosts that lack") for line in lines) == 1
    assert lines[-1] == "  x.json: bad?[2J"
    assert "    Install KB5120228 (2026-08)." in [line[2:] for line in lines]
