# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a role's tasks that hand its variables on: as options to a module, or as variables to the internal role.

Two forms of mark ask for them. Both take everything that the roles know (roles.yml) but the names at the end:

- C(# BEGIN options of update from internal_apply_ but kb) within the call of a module
- C(# BEGIN internal_apply_ from cycle_ but policy) within the variables of an imported role
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from .documentation import ROOT, Module, SourceError, all_options
from .roles import Variable, read_roles

_MARK = re.compile(
    r"^(?P<pad> *)# BEGIN (?:options of (?P<module>\w+)|(?P<to>\w+_)) from (?P<prefix>\w+_)(?: but (?P<but>[\w ]+))?, written by .*\n"
    r"(?P<old>(?:(?! *# END options).*\n)*)(?P<end> *# END options\n)",
    re.MULTILINE,
)


def render_tasks(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> dict[Path, str]:
    """Return the text of each file of tasks that has a mark. Raises SourceError for a mark that names what is not there."""
    roles = read_roles(modules, fragments)
    options = {module.name: all_options(module, fragments) for module in modules}
    found = {}
    for path in sorted((ROOT / "roles").glob("*/tasks/*.yml")):
        before = path.read_text(encoding="utf-8")
        if "# BEGIN " in before:
            found[path] = _MARK.sub(partial(_lines, path=path, roles=roles, options=options), before)
    return found


def _lines(
    match: re.Match[str], path: Path, roles: dict[str, tuple[str, list[Variable]]], options: dict[str, dict[str, dict[str, Any]]]
) -> str:
    pad, module, prefix, but = match["pad"], match["module"], match["prefix"], (match["but"] or "").split()
    # Each variable once, by the name that it has in every role.
    known: dict[str, Variable] = {}
    for own, variables in roles.values():
        if own == prefix or prefix not in {taken for taken, _all in roles.values()}:
            known = {item.name.removeprefix(own): item for item in variables} | known
    taken = {name: item for name, item in known.items() if item.of_module and (module is None or name in options.get(module, {}))}
    if not taken or set(but) - set(taken):
        raise SourceError(f"{path.relative_to(ROOT)}: the mark '{match[0].splitlines()[0].strip()}' names what is not there")
    lines = []
    for name, item in taken.items():
        if name not in but:
            lines.append(f'{pad}{match["to"] or ""}{name}: "{{{{ {prefix}{name}{_otherwise(item, bool(module))} }}}}"\n')
    head = match[0][: match.start("old") - match.start()]
    return f"{head}{''.join(lines)}{match['end']}"


def _otherwise(variable: Variable, to_module: bool) -> str:
    """Return the filter for a variable that may be blank, as a survey gives it."""
    if to_module:
        return " | default(omit, true)" if variable.default == "" else ""
    return " | default([], true)" if variable.option.get("type") == "list" else ""
