# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the connection plugin needs of the model, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._values.plain import plain
from .answers.manifest import ManifestError, is_module_file
from .host.problems import DescriptionError
from .host_description import OPTIONS, describe
from .session import ConnectionLostError, Session
from .truth_file import TruthError

__all__ = ["MISTAKES", "OPTIONS", "ConnectionLostError", "is_module_file", "open_session", "plain"]

MISTAKES = (DescriptionError, ManifestError, TruthError)


def open_session(host: object, given: Mapping[str, Any]) -> Session:
    """A session with the host that the connection's options describe."""
    return Session(describe(str(host or ""), {name: plain(value) for name, value in given.items()}))
