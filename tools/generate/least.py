# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The oldest versions that the collection works with, as its metadata has them, for the check before each task."""

from __future__ import annotations

import re

import yaml

from .documentation import ROOT, SourceError
from .literals import python

HEAD = '''# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from meta/runtime.yml and galaxy.yml. Change those.
"""The oldest ansible-core and collections with which this collection works. An installed collection has no galaxy.yml to ask."""

from __future__ import annotations

'''


def render_least() -> str:
    """Return the text of least.py. Raises SourceError where a requirement names no oldest version."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    core = least_of("requires_ansible", runtime["requires_ansible"])
    collections = {name: least_of(name, wanted) for name, wanted in galaxy["dependencies"].items()}
    return f'{HEAD}LEAST_CORE = "{core}"\nLEAST_COLLECTIONS = {python(collections)}\n'


def least_of(name: str, requirement: str) -> str:
    """Return the oldest version that REQUIREMENT, the one of NAME, allows."""
    found = re.findall(r">=\s*([0-9.]+)", requirement)
    if len(found) != 1:
        raise SourceError(f"{name}: {requirement!r} names no oldest version; write it like >=3.0.0")
    return str(found[0])
