# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the collection in which Windows is replaced by doubles."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PAYLOAD, PLUGINS, SKIP, find_pwsh


@lru_cache(maxsize=1)
def compile_doubles() -> Path:
    """Compile the types that the doubles need, once for all processes that load them, and return the library."""
    folder = Path(tempfile.mkdtemp(prefix="hotpatch-doubles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    source, library = PAYLOAD / "doubles" / "Registry.cs", folder / "HotpatchDoubles.dll"
    script = f"Add-Type -TypeDefinition ([IO.File]::ReadAllText('{source}')) -OutputAssembly '{library}'"
    pwsh = find_pwsh()
    assert pwsh, SKIP
    subprocess.run([pwsh, "-NoProfile", "-NonInteractive", "-Command", script], check=True, timeout=300)
    return library


def doubles_text() -> str:
    """All doubles of Windows as one text; what starts them comes last."""
    scripts = sorted((PAYLOAD / "doubles").glob("*.ps1"), key=lambda path: (path.name == "start.ps1", path.name))
    return "\n".join(path.read_text(encoding="utf-8") for path in scripts)


def make_collection(root: Path, module: str, limits: dict[str, int], instead: str | None = None) -> str:
    """Copy what travels to a host, put the doubles in front of the payload, and shorten the time limits that are named.

    Returns the payload's own text. INSTEAD is run in its place, and starts the doubles by itself.
    """
    collection = root / "ansible_collections" / "winops" / "hotpatch"
    for folder in ("modules", "module_utils", "doc_fragments"):
        shutil.copytree(PLUGINS / folder, collection / "plugins" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    doubles = doubles_text()
    script = collection / "plugins" / "modules" / f"{module}.ps1"
    text = script.read_text(encoding="utf-8")
    for name, seconds in limits.items():
        text = replace_limit(text, name, seconds)
    # Everything up to the options stays first: core reads the requirements there.
    head, mark, rest = text.partition("Set-StrictMode -Version Latest\n")
    assert mark, f"{script.name} has no strict mode"
    body = f"{mark}{rest}"
    if instead is not None:
        doubles = doubles[: doubles.rindex("Add-Type")]
    script.write_text(f"{head}{doubles}\n{instead or body}", encoding="utf-8")
    return body


def replace_limit(text: str, name: str, seconds: int) -> str:
    head, mark, rest = text.partition("$limits = @{")
    line, end, tail = rest.partition("}")
    parts = dict(part.strip().split(" = ") for part in line.split(";"))
    assert name in parts, f"the payload has no time limit {name}"
    parts[name] = str(seconds)
    return f"{head}{mark} {'; '.join(f'{key} = {value}' for key, value in parts.items())} {end}{tail}"


def make_shell(folder: Path, pwsh: str) -> None:
    """Make the folder in which ansible-core finds the shell under the names that it calls it by."""
    folder.mkdir()
    for name in ("PowerShell", "powershell", "powershell.exe"):
        (folder / name).symlink_to(Path(pwsh).resolve())
