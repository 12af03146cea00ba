# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requirements of this collection on the controller, and the sentence for each that is not met."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import yaml
from ansible.module_utils.compat.version import LooseVersion
from ansible.release import __version__ as core
from ansible.utils.version import SemanticVersion

from .least import LEAST_COLLECTIONS, LEAST_CORE


def unmet() -> str:
    """Return the missing requirements and the commands that install them, on one line; empty if none is missing."""
    problems = [core_problem(core, LEAST_CORE), *(collection_problem(*needed) for needed in LEAST_COLLECTIONS.items())]
    return ". ".join(filter(None, problems))


def core_problem(found: str, least: str) -> str:
    """Return the problem of ansible-core FOUND where LEAST is needed."""
    if LooseVersion(found) >= LooseVersion(least):
        return ""
    needed = f"winops.hotpatch needs {least} or later"
    return f"ansible-core is {found}, and {needed}. Install that in a virtual environment: pip install 'ansible-core>={least}'"


def collection_problem(name: str, least: str) -> str:
    """Return the problem of the collection NAME, as Ansible finds it, where LEAST is needed."""
    install = f"ansible-galaxy collection install '{name}:>={least}'"
    folder = _folder_of(name)
    if folder is None:
        return f"{name} is not installed, and winops.hotpatch needs {least} or later. Install it: {install}"
    try:
        found = _version_in(folder)
        if SemanticVersion(found) >= SemanticVersion(least):
            return ""
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError):
        return (
            f"{name} in {folder} does not state its version, and winops.hotpatch needs {least} or later."
            f" Install it again: {install} --force"
        )
    return f"{name} in {folder} is {found}, and winops.hotpatch needs {least} or later. Upgrade it: {install} --upgrade"


def _folder_of(name: str) -> Path | None:
    try:
        spec = find_spec(f"ansible_collections.{name}")
    except ImportError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _version_in(folder: Path) -> str:
    """Return the version of the collection in FOLDER: installed, it has a manifest, and as a checkout its source."""
    manifest = folder / "MANIFEST.json"
    if manifest.is_file():
        return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
    return str(yaml.safe_load((folder / "galaxy.yml").read_text(encoding="utf-8"))["version"])


# Looked up once, when the actions are loaded: the processes that run the tasks of each host are forked from that one and have it.
UNMET = unmet()
