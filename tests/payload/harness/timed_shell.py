# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the shell that ansible-core calls: runs it, and writes down how long it lived after the last byte of its output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Run the command in C($HOTPATCH_TIMED) with the arguments, input and output of this process."""
    said = started = time.monotonic()
    with subprocess.Popen([os.environ["HOTPATCH_TIMED"], *sys.argv[1:]], stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        # Ends when nobody holds the output anymore, which is what a connection waits for as well.
        while block := os.read(shell.stdout.fileno(), 65536):
            said = time.monotonic()
            sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
    ended = time.monotonic()
    path = Path(os.environ["HOTPATCH_TIMES"], f"{os.getpid()}.json")
    path.write_text(json.dumps({"worked": said - started, "lingered": ended - said}), encoding="utf-8")
    return shell.returncode


if __name__ == "__main__":
    sys.exit(main())
