# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of argument specs that the actions give to ansible-core's validator."""

from __future__ import annotations

from typing import Any

from .documentation import Module, spec_of
from .literals import python

HEAD = '''# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from plugins/modules/*.yml, their fragments and tools/generate/constraints.yml. Change those.
"""The specs of each module, by its name: the arguments of ansible-core's C(validate_argument_spec)."""

from __future__ import annotations

from typing import Any
'''


def render_specs(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> str:
    """Return the text of specs.py: the options of each fragment once, then each module."""
    used = {name for module in modules for name in module.fragments}
    parts = [HEAD]
    for name, options in fragments.items():
        if name in used:
            parts.append(f"\n{_constant(name)}: dict[str, Any] = {_options(options, [])}\n")
    entries = "".join(f'    "{module.name}": {_module(module)},\n' for module in modules)
    parts.append(f"\nSPECS: dict[str, dict[str, Any]] = {{\n{entries}}}\n")
    return "".join(parts)


def _constant(fragment: str) -> str:
    return "_COMMON" if fragment == "documentation" else f"_{fragment.upper()}"


def _module(module: Module) -> str:
    lines = [f'        "argument_spec": {_options(module.own, module.fragments, 8)},\n']
    lines += [f'        "{kind}": {python(value, 8, len(kind) + 5)},\n' for kind, value in module.constraints.items()]
    return f"{{\n{''.join(lines)}    }}"


def _options(options: dict[str, Any], fragments: list[str], indent: int = 0) -> str:
    pad = " " * (indent + 4)
    lines = [f"{pad}**{_constant(name)},\n" for name in fragments]
    for name, option in options.items():
        lines.append(f'{pad}"{name}": {python(spec_of(option), indent + 4, len(name) + 5)},\n')
    return f"{{\n{''.join(lines)}{' ' * indent}}}"
