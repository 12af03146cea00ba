# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a host after a run: what stands on it, what is not known, and what to do."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.conclusion import Conclusion, conclude
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Decision
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.explanation import NOTHING_INSTALLED, STAYS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.verification import verify
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import Raw, change, decision_of, good_offer, host, record_of

NOW = "2026-08-20"
BEFORE = change(host("ws2025", "KB5099536", now=NOW), offers=[good_offer("ws2025", "KB5120228")])
AFTER = change(host("ws2025", "KB5099536", "KB5120228", now=NOW), boot_time=BEFORE["boot_time"])
PENDING = {"causes": [{"source": "component_based_servicing", "detail": None}]}
RESTARTED = "2026-08-20T18:20:00Z"
FAILED = {"kb": "KB5120228", "title": "x", "date": "2026-08-20T18:10:00Z", "operation": "install", "result_code": 4, "hresult": -2145124318}
NOTHING: dict[str, Any] = {"os__ubr": 33158, "history": [FAILED, *BEFORE["history"]], "packages": [], "quick_fixes": []}
ROLLBACK = (
    "ansible-playbook winops.hotpatch.rollback -e hotpatch_hosts=srv01 -e hotpatch_rollback_kb=KB5120228 -e hotpatch_restart_policy=allowed"
)


def of(
    after: Raw, *, name: str = "srv01", changed: bool = True, ok: bool = True, decision: Decision | None = None, allowed: bool = False
) -> Conclusion:
    """Return what is said of a host on which the hotpatch of August 2026 was to be installed."""
    made = decision or decision_of(BEFORE, NOW)
    return conclude(name, made, verify(record_of(BEFORE, NOW), record_of(after, NOW), made, allowed, False), changed=changed, ok=ok)


def test_nothing_is_to_be_said_of_a_verified_host() -> None:
    """It stands, and that is all."""
    assert of(AFTER).to_dict() == {"stands": True, "unverified": False, "reason": None, "remedy": None}


@pytest.mark.parametrize(
    ("changes", "stands", "there"),
    [
        ({"vbs": None}, True, "KB5120228 is installed and stays; nothing was removed."),
        ({"history": None, "packages": None, "quick_fixes": None}, True, "is installed, as the build of the host says, and stays"),
        ({"os": None, "history": None, "packages": None, "quick_fixes": None}, True, "KB5120228 may be installed; nothing was removed."),
        ({"pending": PENDING}, True, "KB5120228 is installed, waits for a restart and stays; nothing was removed."),
        (NOTHING, False, "KB5120228 was not installed, and nothing was removed."),
        ({**NOTHING, "boot_time": RESTARTED}, False, "Windows removed KB5120228 again during the restart; this run removed nothing."),
    ],
)
def test_the_reason_says_first_what_is_on_the_host(changes: dict[str, Any], stands: bool, there: str) -> None:
    """And in each case that nothing was removed."""
    found = of(change(AFTER, **changes))
    assert found.stands is stands
    assert there in (found.reason or "")


def test_what_is_not_known_is_named_with_its_cause() -> None:
    """The probe and its error stand in the reason."""
    error = {"probe": "vbs", "hresult": "0x800705B4", "message": "The timeout period expired."}
    found = of(change(AFTER, vbs=None, errors=[error]))
    assert found.reason is not None
    assert found.reason.endswith("Not known: vbs: The status of virtualization-based security is not known after the installation: "
                                 "probe vbs failed: 0x800705B4 The timeout period expired.")  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"monitor": None}, "Look again in a few minutes"),
        ({"monitor__service": "missing"}, ROLLBACK),
        ({"os__ubr": 33158}, ROLLBACK),
        ({"vbs__status": 1}, ROLLBACK),
        ({"boot_time": RESTARTED}, "event 1074"),
        ({"boot_time": RESTARTED, "vbs": None}, "event 1074"),
        ({"pending": PENDING}, "Run again in a window with restart_policy allowed."),
        (NOTHING, "Remove the cause and run again."),
    ],
)
def test_the_remedy_fits_what_is_wrong(changes: dict[str, Any], remedy: str) -> None:
    """Unknown is looked at again, what contradicts goes to a person, who gets the command for a rollback."""
    assert remedy in (of(change(AFTER, **changes)).remedy or "")


@pytest.mark.parametrize(
    ("changes", "unverified"),
    [
        ({}, False),
        ({"vbs": None}, True),
        ({"vbs": None, "monitor__service": "missing"}, False),
        ({"vbs": None, "boot_time": RESTARTED}, False),
        ({"pending": PENDING}, False),
        (NOTHING, False),
    ],
)
def test_only_what_could_not_be_read_makes_a_host_unverified(changes: dict[str, Any], unverified: bool) -> None:
    """One finding that contradicts, or a restart that was not allowed, and the host goes no further."""
    found = of(change(AFTER, **changes))
    assert found.unverified is unverified
    # A host that goes further can fail later, and then the update is still there; of one that does not, the reason says all.
    assert found.explanation == (STAYS if unverified or not changes else None)


def test_a_host_with_an_error_of_the_installation_is_not_merely_unverified() -> None:
    """Something else failed than the reading."""
    found = of(change(AFTER, vbs=None), ok=False)
    assert (found.unverified, found.explanation) == (False, None)


def test_no_rollback_is_advised_because_something_is_not_known() -> None:
    """Whatever cannot be read, alone or together with others: look again, and nothing else."""
    probes = ("vbs", "monitor", "pending", "boot_time", "history", "packages", "quick_fixes", "os")
    for number in range(1, len(probes) + 1):
        for unread in itertools.combinations(probes, number):
            found = of(change(AFTER, **dict.fromkeys(unread)))
            assert found.stands
            assert "winops.hotpatch.rollback" not in (found.remedy or ""), unread
            assert "Wrong" not in (found.reason or ""), unread


def test_an_error_of_the_installation_is_never_called_verified() -> None:
    """The update client selected more than the update, say; whether it stands is still told."""
    found = of(AFTER, ok=False)
    assert (found.stands, found.reason) == (True, "KB5120228 is installed and stays; nothing was removed.")
    assert ROLLBACK in (found.remedy or "")
    found = of(change(BEFORE, offers=[]), changed=False, ok=False)
    assert (found.stands, found.remedy) == (False, "Remove the cause and run again.")
    assert "Nothing was installed and nothing was removed." in (found.reason or "")


def test_a_restart_alone_leaves_nothing_that_could_be_taken_off() -> None:
    """It has no KB, so there is nothing to name in a command."""
    raw = change(AFTER, pending=PENDING)
    decision = decision_of(raw, NOW, restart="allowed")
    found = of(change(AFTER, boot_time=RESTARTED, vbs=None), decision=decision, allowed=True)
    assert found.stands is False
    assert found.explanation == NOTHING_INSTALLED
    assert (found.reason or "").startswith("Nothing was installed and nothing was removed. Not known: vbs: ")


def test_a_strange_host_name_is_quoted_in_commands() -> None:
    """The command is to be copied into a shell."""
    assert "-e 'hotpatch_hosts=a;b c'" in (of(change(AFTER, vbs=None), name="a;b c").remedy or "")
