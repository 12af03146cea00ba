# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the connection plugin needs of the model, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .host_description import OPTIONS, describe
from .manifest import ManifestError
from .problems import DescriptionError
from .session import ConnectionLostError, Session
from .truth import TruthError

__all__ = ["MISTAKES", "OPTIONS", "ConnectionLostError", "open_session", "plain"]

MISTAKES = (DescriptionError, ManifestError, TruthError)


def open_session(host: object, given: Mapping[str, Any]) -> Session:
    """A session with the host that the connection's options describe."""
    return Session(describe(str(host or ""), {name: plain(value) for name, value in given.items()}))


def plain(value: Any) -> Any:
    """The value without what Ansible attaches to it (its origin, and whether it may be trusted)."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return str(value) if isinstance(value, str) else value
