# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of variables that an operator may set, for the check of what was asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from .documentation import ROOT, Module, SourceError, all_options
from .literals import python
from .roles import COLLECTION_WIDE, read_roles

VARIABLES = ROOT / "tools" / "generate" / "variables.yml"
CONNECTION = ROOT / "plugins" / "connection" / "rehearsal.py"
SIMULATED = "hotpatch_rehearsal_"
# What begins the name of any layer of a policy.
LAYER = "hotpatch_policy_"
HEAD = '''# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from tools/generate/variables.yml, the connection, the roles and the playbooks. Change those.
"""The variables C(hotpatch_*): how their values are checked, who reads them, and which other names roles and playbooks use."""

from __future__ import annotations

from typing import Any

'''


def read_variables(modules: list[Module], fragments: dict[str, dict[str, Any]], part: str = "variables") -> dict[str, dict[str, Any]]:
    """Return the check of each variable of PART. Raises SourceError for an option that no module has."""
    options = {f"{module.name}.{name}": option for module in modules for name, option in all_options(module, fragments).items()}
    table: dict[str, dict[str, Any]] = {}
    for name, entry in _source()[part].items():
        option = entry.get("option")
        if option is not None and option not in options:
            raise SourceError(f"{VARIABLES.name}: {name} feeds {option}, which is not an option of a module")
        documented = options.get(option, {})
        found = {"choices": entry.get("choices") or documented.get("choices"), "default": documented.get("default")}
        found |= {"check": entry.get("check")}
        table[name] = {key: value for key, value in found.items() if value is not None}
    return table


def render_variables(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> str:
    """Return the text of variables.py."""
    table = read_variables(modules, fragments)
    used = {name for name in names_used() - set(table) if not name.startswith((SIMULATED, LAYER))}
    read = "".join(f"    {text}" for text in _readers(set(table)))
    return (
        f"{HEAD}{_table(table)}\n"
        f"# Which of them the playbooks without a role read.\nREAD_BY: dict[str, frozenset[str]] = {{\n{read}}}\n\n"
        f"# What roles and playbooks keep for themselves, or hand to one another.\n{_names('OTHERS', used)}\n"
        f"# The variables of the roles that playbooks import.\n{_names('OF_ROLES', _of_roles(modules, fragments))}"
    )


def render_rehearsal_variables(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> str:
    """Return the text of variables.py of the rehearsal, which the product does not know."""
    table = read_variables(modules, fragments, "rehearsal")
    used = {name for name in names_of_connection() if name.startswith(SIMULATED)} - set(table)
    return f"{HEAD}{_table(table)}\n# What describes a simulated host, which its connection checks.\n{_names('OTHERS', used)}"


def names_used() -> set[str]:
    """Return every variable with the prefix of the collection that a role or a playbook mentions."""
    found: set[str] = set()
    for folder in ("roles", "playbooks"):
        for path in sorted((ROOT / folder).rglob("*.yml")):
            found |= _names_in(path)
    return found


def names_of_connection() -> set[str]:
    """Return every variable with the prefix of the collection that the connection to a simulated host documents."""
    return set(re.findall(r"(?m)^ +- name: (hotpatch_\w+)$", CONNECTION.read_text(encoding="utf-8")))


def _table(table: dict[str, dict[str, Any]]) -> str:
    entries = "".join(f'    "{name}": {python(entry, 4, len(name) + 5)},\n' for name, entry in table.items())
    return f"VARIABLES: dict[str, dict[str, Any]] = {{\n{entries}}}\n"


def _names(name: str, found: set[str]) -> str:
    lines = "".join(f'        "{item}",\n' for item in sorted(found))
    return f"{name} = frozenset(\n    {{\n{lines}    }}\n)\n"


def _names_in(path: Path) -> set[str]:
    return set(re.findall(r"(?<![\w.])hotpatch_\w*[a-z]\b", path.read_text(encoding="utf-8")))


def _of_roles(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> set[str]:
    """Return the variables of the roles that have a prefix of their own."""
    roles = read_roles(modules, fragments).values()
    return {variable.name for prefix, variables in roles if prefix != COLLECTION_WIDE for variable in variables}


def _readers(known: set[str]) -> list[str]:
    """Return an entry for each playbook that checks its variables and has no role, in Python."""
    found = []
    for path in sorted((ROOT / "playbooks").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        if "check_inputs" in text and SIMULATED not in text and "role" not in re.sub(r"#.*|rollback", "", text):
            names = "".join(f'            "{name}",\n' for name in sorted(_names_in(path) & known))
            found.append(f'"{path.stem}": frozenset(\n        {{\n{names}        }}\n    ),\n')
    return found


def _source() -> dict[str, Any]:
    return dict(yaml.safe_load(VARIABLES.read_text(encoding="utf-8")))
