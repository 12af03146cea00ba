# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions that every collection can have (antsibull-nox.toml), and the suites of this one. `nox --list` shows all.

`make test` runs the sessions license-check and extra-checks with all other checks; those that need containers run in the workflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import antsibull_nox
import nox

if TYPE_CHECKING:
    from collections.abc import Callable

antsibull_nox.load_antsibull_nox_toml()

# Checks of tests/checks, each of which makes its environment by itself.
SUITES = ("lint", "unit", "rehearsal", "payload", "seam", "wire", "oldest-core", "molecule", "docs", "build", "sanity", "certification")
# The same test of ansible-core as the sessions of ansible-test-sanity, in virtual environments instead of containers.
CORES = ("2.16", "2.17", "2.18", "2.19", "2.20", "2.21", "2.22")


def run(target: str, *arguments: str) -> Callable[[nox.Session], None]:
    """Return a session that runs a target of the Makefile."""

    def session(session: nox.Session) -> None:
        session.run("make", target, *arguments, external=True)

    session.__doc__ = f"make {' '.join((target, *arguments))}"
    return session


for suite in SUITES:
    nox.session(run(f"test-{suite}"), name=suite, python=False, default=False)
for core in CORES:
    nox.session(run("sanity-matrix", f"CORES={core}"), name=f"sanity-{core}", python=False, default=False)
