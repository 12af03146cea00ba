# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies beside the archive: a software bill of materials (CycloneDX) and the SHA-256 sums of both."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from .running import COPY


def write_bill(archive: Path) -> Path:
    """Write the bill of materials of ARCHIVE and SHA256SUMS beside it, the same bytes for the same archive; return the bill."""
    bill = archive.with_name(archive.name.removesuffix(".tar.gz") + ".cdx.json")
    bill.write_text(json.dumps(describe(archive), indent=2) + "\n", encoding="utf-8")
    sums = [f"{digest(path)}  {path.name}\n" for path in (bill, archive)]
    archive.with_name("SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    return bill


def describe(archive: Path) -> dict[str, Any]:
    """Return the bill. The archive contains no code of others: what it names are the two parts that an operator installs with it."""
    galaxy = yaml.safe_load((COPY / "galaxy.yml").read_text(encoding="utf-8"))
    core = yaml.safe_load((COPY / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    name = f"{galaxy['namespace']}.{galaxy['name']}"
    needed = {"ansible-core": core, **galaxy["dependencies"]}
    collection = {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": str(galaxy["version"]),
        "description": galaxy["description"].strip(),
        "licenses": [{"license": {"id": license_id}} for license_id in galaxy["license"]],
        "hashes": [{"alg": "SHA-256", "content": digest(archive)}],
        "externalReferences": [{"type": "vcs", "url": galaxy["repository"]}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": collection},
        "components": [
            {
                "type": "framework" if part == "ansible-core" else "library",
                "bom-ref": part,
                "name": part,
                "scope": "required",
                "properties": [{"name": "winops.hotpatch:versions", "value": versions}],
            }
            for part, versions in needed.items()
        ],
        "dependencies": [{"ref": name, "dependsOn": list(needed)}],
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
