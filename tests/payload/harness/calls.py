# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One execution of a payload on one host, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Call:
    """One execution of a payload on one host."""

    host: dict[str, Any]
    args: dict[str, Any] = field(default_factory=dict)
    check: bool = False


@dataclass
class Answer:
    """What came back, which doubles were called, in order, and what is left in the folder of the memory and in the temporary one."""

    result: dict[str, Any]
    calls: list[str]
    memory: dict[str, bytes]
    left: list[str]

    @property
    def observation(self) -> dict[str, Any]:
        assert "observation" in self.result, self.result
        return dict(self.result["observation"])

    def problems(self, probe: str) -> list[dict[str, Any]]:
        return [item for item in self.observation["errors"] if item["probe"] == probe]


Run = Callable[..., dict[str, Answer]]
