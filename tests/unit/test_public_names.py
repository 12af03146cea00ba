# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection promises under semantic versioning: the names without an underscore in front."""

from __future__ import annotations

from pathlib import Path

PLUGINS = Path(__file__).parents[2] / "plugins"
# A name that is added here stays until the next major release.
PUBLIC = {
    "connection": {"rehearsal"},
    "modules": {
        "catalog_info",
        "catalog_update",
        "cve_info",
        "field_probe",
        "host_info",
        "package",
        "package_info",
        "rollback",
        "update",
    },
}


def test_only_these_plugins_and_modules_are_public() -> None:
    folders = [path for path in PLUGINS.iterdir() if path.is_dir() and path.name not in ("action", "plugin_utils")]
    found = {folder.name: {path.stem for path in folder.glob("*.*") if not path.name.startswith(("_", "internal_"))} for folder in folders}
    assert {kind: names for kind, names in found.items() if names} == PUBLIC
