# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the connection plugin needs of the model, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._values.plain import plain
from .answers.manifest import ManifestError
from .host.problems import DescriptionError
from .host_description import OPTIONS, describe
from .session import ConnectionLostError, Session
from .truth_file import TruthError

__all__ = ["MISTAKES", "OPTIONS", "ConnectionLostError", "name_of", "open_session", "plain"]

MISTAKES = (DescriptionError, ManifestError, TruthError)


def name_of(host: str | None, short_name: str | None, address: str | None) -> str:
    """The host that is spoken to.

    In a delegated task `inventory_hostname` is still the host that the task began on. Only the short name and the address are those of the
    other host, and where it has no address, Ansible puts its name there.
    """
    if not short_name or (host or "").split(".")[0] == short_name:
        return str(host or "")
    if (address or "").split(".")[0] != short_name:
        raise DescriptionError(
            "ansible_host", address, "A task can be delegated to a simulated host only by name. Remove ansible_host from it."
        )
    return str(address)


def open_session(host: object, given: Mapping[str, Any]) -> Session:
    """A session with the host that the connection's options describe."""
    return Session(describe(str(host or ""), {name: plain(value) for name, value in given.items()}))
