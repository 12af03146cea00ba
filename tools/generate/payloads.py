# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a PowerShell payload that declares its options, between two marks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .documentation import Module, SourceError, all_options, spec_of
from .literals import powershell

# The first mark may name the module whose options are meant, and which of them: "of host_info: gather".
_MARKED = re.compile(
    r"^(?P<first># BEGIN options(?: of (?P<module>\w+))?(?:: (?P<only>[\w, ]+))?, written by `python -m tools\.generate`\n)"
    r".*?^(?P<last># END options\n)",
    re.MULTILINE | re.DOTALL,
)


def render_payload(path: Path, modules: list[Module], fragments: dict[str, dict[str, Any]]) -> str:
    """Return the text of the payload at PATH with its options written anew. Raises SourceError if it has no marks."""
    text = path.read_text(encoding="utf-8")
    found = _MARKED.search(text)
    if found is None:
        raise SourceError(f"{path.name}: there is no pair of marks '# BEGIN options, written by ...' and '# END options'")
    name = found["module"] or path.stem
    module = next((module for module in modules if module.name == name), None)
    if module is None:
        raise SourceError(f"{path.name}: there is no module {name}")
    options = all_options(module, fragments)
    only = re.findall(r"\w+", found["only"] or "") or list(options)
    unknown = [option for option in only if option not in options]
    if unknown:
        raise SourceError(f"{path.name}: {name} does not have these options: {', '.join(unknown)}")
    constraints = {} if found["only"] else module.constraints
    spec = {"options": {option: spec_of(options[option]) for option in only}, **constraints, "supports_check_mode": True}
    return f"{text[: found.start()]}{found['first']}$spec = {powershell(spec, 0, 200)}\n{found['last']}{text[found.end() :]}"
