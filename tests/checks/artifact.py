# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built archive: build it, install it as a user would, import it as Galaxy would."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from .bill import write_bill
from .running import BUILD, COPY, PACKAGE, CheckError, Log

DOC_TYPES = {"module": "modules", "connection": "connection", "filter": "filter", "lookup": "lookup", "callback": "callback"}


def archive() -> Path:
    found = sorted(BUILD.glob("winops-hotpatch-*.tar.gz"))
    if len(found) != 1:
        raise CheckError(f"expected one built archive in build/, found {[path.name for path in found]}")
    return found[0]


def check_build(log: Log) -> None:
    """Build the archive, and beside it its bill of materials and the SHA-256 sums."""
    for old in (*BUILD.glob("winops-hotpatch-*.tar.gz"), *BUILD.glob("winops-hotpatch-*.cdx.json")):
        old.unlink()
    log.run("ansible-galaxy", "collection", "build", "--force", "--output-path", BUILD, cwd=COPY)
    log.notes.append(f"{archive().name}, {write_bill(archive()).name}, SHA256SUMS")


def check_install(log: Log) -> None:
    """Install the archive as a user would, and let ansible-doc show everything in it with its options."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"ANSIBLE_COLLECTIONS_PATH": folder, "ANSIBLE_GALAXY_CACHE_DIR": f"{folder}/cache"}
        log.run("ansible-galaxy", "collection", "install", archive(), "--no-deps", "--offline", "-p", folder, cwd=BUILD, env=env)
        installed = Path(folder, *PACKAGE.split("."))
        seen: dict[str, int] = {}
        for kind, directory in DOC_TYPES.items():
            stems = {path.stem for path in (installed / "plugins" / directory).glob("*.*") if not path.name.startswith("internal_")}
            listing = log.run("ansible-doc", "-t", kind, "--json", "--list", "winops.hotpatch", cwd=BUILD, env=env) if stems else "{}"
            listed = set(json.loads(listing))
            missing = {f"winops.hotpatch.{stem}" for stem in stems} - listed
            if missing:
                raise CheckError(f"ansible-doc does not list {kind}: {', '.join(sorted(missing))}")
            for stem in sorted(stems):
                log.run("ansible-doc", "-t", kind, f"winops.hotpatch.{stem}", cwd=BUILD, env=env)
            seen[kind] = len(stems)
        # Other roles than the internal one, which nobody outside may call, say what they take.
        roles = {path.name for path in (installed / "roles").glob("*") if path.is_dir() and not path.name.startswith("internal_")}
        for role in sorted(roles):
            text = log.run("ansible-doc", "-t", "role", "--json", f"winops.hotpatch.{role}", cwd=BUILD, env=env)
            if not json.loads(text).get(f"winops.hotpatch.{role}", {}).get("entry_points"):
                raise CheckError(f"ansible-doc shows no argument specification of role {role}")
        seen["role"] = len(roles)
    log.notes.append(", ".join(f"{count} {kind}s" for kind, count in seen.items() if count))


def check_importer(log: Log) -> None:
    """Import the archive as Galaxy does. flake8 stays off: it would be fed PowerShell and YAML."""
    config = BUILD / "galaxy-importer.cfg"
    config.write_text(
        "[galaxy-importer]\nCHECK_CHANGELOG = True\nREQUIRE_V1_OR_GREATER = True\nRUN_ANSIBLE_DOC = True\nRUN_ANSIBLE_LINT = False\n"
        "RUN_FLAKE8 = False\nRUN_ANSIBLE_TEST = False\nCHECK_REQUIRED_TAGS = True\n",
        encoding="utf-8",
    )
    with tempfile.TemporaryDirectory() as folder:  # it leaves a result file where it runs
        env = {"GALAXY_IMPORTER_CONFIG": str(config)}
        log.run(sys.executable, "-m", "galaxy_importer.main", archive(), cwd=Path(folder), env=env)
    refuse_complaints(log)


def refuse_complaints(log: Log) -> None:
    """Raise CheckError with the errors and warnings that an import has written to the log, except the one that is known."""
    # The entries for the cores before 2.18 (CONTRIBUTING.md) are told as warnings.
    known = r"WARNING: Ignore files skip ansible-test sanity tests, found ignore-2\.1[67]\.txt with 3 statement\(s\)$"
    problems = re.findall(rf"^(?!{known})(?:ERROR|WARNING): .*$", log.path.read_text(encoding="utf-8"), re.MULTILINE)
    if problems:
        raise CheckError("\n".join(problems))
