# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of the memory on a host under test, and the program that closes it to others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def folder_of(programs: Path) -> Path:
    """Return the folder of the memory below Program Files."""
    return programs / "winops" / "hotpatch"


def fill(programs: Path, memory: dict[str, Any]) -> None:
    """Put files into the folder: text or bytes by their names, or what is no file. Closed to others, unless C(open) is among them."""
    folder = folder_of(programs)
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: content for name, content in memory.items() if name != "open"}
    if "open" not in memory:
        (folder.parent / "hotpatch.closed").touch()
    for name, content in files.items():
        path = folder / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif "hex" in content:
            path.write_bytes(bytes.fromhex(content["hex"]))
        elif "size" in content:
            path.write_bytes(b"x" * content["size"])
        elif "link" in content:
            path.symlink_to(content["link"])
        elif content.get("is") == "folder":
            path.mkdir()
            (path / "full").touch()
        else:
            os.mkfifo(path)


def make_icacls(folder: Path, manner: str) -> Path:
    """Make the program, which notes its calls. MANNER: works, fails, does nothing, or writes a memory meanwhile. Return its Windows."""
    program = folder / "Windows" / "System32" / "icacls.exe"
    program.parent.mkdir(parents=True, exist_ok=True)
    owned = f'{folder}/owned $(basename "$1")'
    done = f'case "$2" in /setowner) touch "{owned}" ;; *) touch "$1.closed" ;; esac'
    # Long enough for another writer to come as far as this.
    does = {"works": f"sleep 0.2\n{done}", "fails": "exit 5", "does nothing": ":", "writes": f'{done}\necho other >"$1/memory.json"'}
    program.write_text(f'#!/bin/sh\necho "icacls $(basename "$1") $2 $3 $4 $5" >>"{folder}/calls"\n{does[manner]}\n', encoding="utf-8")
    program.chmod(0o755)
    return folder / "Windows"
