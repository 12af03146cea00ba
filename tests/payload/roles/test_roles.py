# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe of the roles for which a host must not restart together with others."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer
from ansible_collections.winops.hotpatch.tests.payload.roles.role_cases import DIRECTORY

DOMAIN = "corp.example.com"


def roles(
    cluster: Any = False, name: Any = None, controller: Any = False, domain: Any = None, directory: Any = None, site: Any = None
) -> dict[str, Any]:
    return {
        "failover_cluster": cluster,
        "cluster_name": name,
        "domain_controller": controller,
        "domain": domain,
        "directory_name": directory,
        "netlogon_site": site,
    }


@pytest.mark.parametrize(
    ("host", "expected", "failed"),
    [
        ("node", roles(True, "SQL01"), []),
        ("node_stopped", roles(True), []),
        ("node_denied", roles(True, None, True, DOMAIN), ["name of the failover cluster"]),
        ("controller", roles(False, None, True, DOMAIN, DIRECTORY, "Paris"), []),
        ("controller_dynamic", roles(False, None, True, DOMAIN, None, "Lyon"), []),
        ("controller_denied", roles(False, None, True), ["domain of the domain controller", "site of the domain controller"]),
    ],
)
def test_roles_and_the_names_that_go_with_them(observed: dict[str, Answer], host: str, expected: dict[str, Any], failed: list[str]) -> None:
    assert observed[host].observation["roles"] == expected
    assert [problem["message"].split(":")[0] for problem in observed[host].problems("roles")] == failed


def test_a_name_of_a_megabyte_is_cut_on_the_host(observed: dict[str, Answer]) -> None:
    told = observed["node_lies"].observation["roles"]["cluster_name"]
    assert told == "{{ x }} " + "A" * 292
