# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of files and of runs that are safe on every file system."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_MAX_LENGTH = 120
# What a changed name looks like. A name that is safe by itself and looks like one is changed as well.
_LIKE_CHANGED = re.compile(r".*_.*-[0-9a-f]{8}")
_OWN_ID = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


def safe_name(name: str) -> str:
    """Return NAME as one path component that can neither climb out of its folder nor collide with another name.

    A name that had to be changed carries eight digits of its SHA-256, so that C(a/b) and C(a_b) stay two files. So does one that looks as
    if it had been changed, so that no host can be given the name of another one's folder.
    """
    changed = _UNSAFE.sub("_", name)[:_MAX_LENGTH]
    if changed.startswith("."):
        changed = "_" + changed[1:]
    if changed == name and not _LIKE_CHANGED.fullmatch(name):
        return name
    return f"{changed}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def new_run_id() -> str:
    """Return the id of a run that was given none: when it began (UTC) and eight random digits, so ids sort by time.

    Ansible imports an action before it makes the processes that work on the hosts, so all hosts of one run share this id.
    """
    return _OWN_ID
