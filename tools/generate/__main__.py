# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write, or with --check compare, every file that is made from the documentation of the modules or from the code."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from .catalog import catalog_schema
from .documentation import MODULES, ROOT, SourceError, read_fragments, read_modules
from .json_schema import render_schema
from .least import render_least
from .memory_answer import memory_answer_schema
from .observation import observation_schema, render_returns
from .payloads import render_payload
from .probes import render_probes
from .reference import render_reference
from .role_tasks import render_tasks
from .roles import render_roles
from .schemas import record_schema, run_schema
from .specs import render_specs
from .variables import render_rehearsal_variables, render_variables

ACTIONS = ROOT / "plugins" / "plugin_utils" / "_actions"
REFERENCE = ROOT / "docs" / "docsite" / "rst" / "reference.rst"
DATA = ACTIONS.with_name("data")
REHEARSAL = ACTIONS.with_name("_rehearsal")
SIMULATOR = ACTIONS.with_name("_simulator")


def targets() -> dict[Path, str]:
    """Return the text that each generated file should have. Raises SourceError where a source contradicts itself."""
    modules, fragments = read_modules(), read_fragments()
    # The product does not know the rehearsal, so what its modules take lies in its own room.
    rehearsal = [module for module in modules if module.name.startswith("internal_rehearsal_")]
    wanted = {
        ACTIONS / "specs.py": render_specs([module for module in modules if module not in rehearsal], fragments),
        REHEARSAL / "specs.py": render_specs(rehearsal, fragments),
        SIMULATOR / "host" / "probes.py": render_probes(fragments),
    }
    wanted[ACTIONS.with_name("_inputs") / "variables.py"] = render_variables(modules, fragments)
    wanted[REHEARSAL / "variables.py"] = render_rehearsal_variables(modules, fragments)
    wanted[ACTIONS / "least.py"] = render_least()
    wanted[DATA / "record.schema.json"] = render_schema(record_schema())
    wanted[DATA / "run.schema.json"] = render_schema(run_schema())
    wanted[DATA / "catalog.schema.json"] = render_schema(catalog_schema())
    wanted[DATA / "memory_answer.schema.json"] = render_schema(memory_answer_schema())
    wanted[REFERENCE] = render_reference()
    wanted[DATA / "observation.schema.json"] = render_schema(observation_schema())
    wanted[MODULES / "host_info.yml"] = render_returns(MODULES / "host_info.yml")
    wanted |= render_roles(modules, fragments)
    wanted |= render_tasks(modules, fragments)
    for path in sorted(MODULES.glob("*.ps1")):
        wanted[path] = render_payload(path, modules, fragments)
    return wanted


def differences(wanted: dict[Path, str]) -> list[str]:
    """Return the lines of a unified diff from the files as they are to those in WANTED."""
    lines: list[str] = []
    for path, text in wanted.items():
        name = str(path.relative_to(ROOT))
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        lines += difflib.unified_diff(before.splitlines(), text.splitlines(), name, f"{name} (generated)", lineterm="")
    return lines


def main(arguments: list[str]) -> int:
    """Return 0, or 1 where --check found a difference, or 2 where a source cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; show the differences and end with 1 if there are any")
    given = parser.parse_args(arguments)
    try:
        wanted = targets()
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    lines = differences(wanted)
    if given.check:
        print("\n".join(lines) or "Every generated file is up to date.")
        return 1 if lines else 0
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
