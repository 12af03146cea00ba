# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update means the same by the number of Microsoft's page as by the KB that it installs as: denied, lifted, and asked for by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, CatalogError, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.given_policy import unknown_updates
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import RestartPolicy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    CATALOG,
    at,
    change,
    decision_of,
    good_offer,
    host,
    outcome,
    policy_of,
    record_of,
)

# June 2026 of Windows 11: the number of Microsoft's page, and what is installed.
PAGE, JUNE = "KB5100456", "KB5094126"
LINE, NOW = "win11_25h2", "2026-06-14"
HISTORY = HostHistory(denied=[{"kb": JUNE, "until": "2026-07-14"}])


def asked(**given: Any) -> Any:
    raw = change(host(LINE, "KB5083769", "KB5089466", now=NOW), offers=[good_offer(LINE, JUNE)])
    return decision_of(raw, NOW, restart="allowed", **given)


def laid(tmp_path: Path, **entry: Any) -> Catalog:
    path = tmp_path / "overlay.yml"
    path.write_text(yaml.safe_dump({"line": LINE, "generated": "2026-11-22", "releases": [{"month": "2026-06", **entry}]}))
    return load_catalog([path])


def test_a_denial_by_the_number_of_the_page_holds() -> None:
    assert outcome(asked()) == f"install:{JUNE}"
    found = asked(policy={"deny": [PAGE]})
    assert outcome(found) == "refuse:denied"
    assert found.reason == f"{JUNE} is denied by policy (as {PAGE}, another number of it)."
    assert unknown_updates(policy_of({"deny": [PAGE]}), CATALOG, at(NOW)) == []


def test_a_lift_by_the_number_of_the_page_counts() -> None:
    lift = {"owner": "team", "reason": "fixed", "lift": [{"kb": PAGE, "until": "2026-06-30"}]}
    assert outcome(asked(context=HISTORY)) == "refuse:denied"
    assert outcome(asked(context=HISTORY, policy=lift)) == f"install:{JUNE}"


@pytest.mark.parametrize("name", [PAGE, "5100456", "kb5100456"])
def test_asked_for_by_the_number_of_the_page_the_update_itself_is_named_and_installed(name: str) -> None:
    found = asked(kb=name)
    assert (outcome(found), found.kb) == (f"install:{JUNE}", JUNE)
    assert found.reason.endswith(f"{PAGE} is another number of {JUNE}.")


def test_a_rollback_by_the_number_of_the_page_removes_the_update() -> None:
    record = record_of(host(LINE, "KB5083769", JUNE, now=NOW), NOW)
    found = decide_removal(record, CATALOG, policy_of(), RestartPolicy.ALLOWED, at(NOW), PAGE)
    assert (outcome(found), found.kb) == (f"remove:{JUNE}", JUNE)


def test_an_overlay_may_deny_by_the_number_of_the_page(tmp_path: Path) -> None:
    catalog = laid(tmp_path, kb=PAGE, denied=True, reason="no")
    assert outcome(asked(catalog=catalog)) == "refuse:denied"
    assert catalog.find(LINE, PAGE) is None


def test_a_number_that_no_release_has_denies_what_comes_later_and_is_told() -> None:
    policy = {"deny": ["KB5999999"]}
    (told,) = unknown_updates(policy_of(policy), CATALOG, at(NOW))
    assert "KB5999999, and no release in the catalog has that number. It counts all the same" in told
    assert outcome(asked(policy=policy)) == f"install:{JUNE}"


def test_an_overlay_gives_a_release_another_number(tmp_path: Path) -> None:
    catalog = laid(tmp_path, kb=JUNE, aliases=[PAGE, "KB5999997"])
    assert outcome(asked(catalog=catalog, policy={"deny": ["KB5999997"]})) == "refuse:denied"
    assert catalog.names_of(JUNE) == (JUNE, PAGE, "KB5999997")
    assert outcome(asked(catalog=laid(tmp_path, kb=JUNE, aliases=None), policy={"deny": ["KB5999997"]})) == f"install:{JUNE}"


@pytest.mark.parametrize("alias", ["KB5083769", "KB5089466"])
def test_an_alias_is_never_what_another_release_installs_as(tmp_path: Path, alias: str) -> None:
    with pytest.raises(CatalogError, match=f"{alias} is among the aliases of {JUNE} and installs itself"):
        laid(tmp_path, kb=JUNE, aliases=[alias])
