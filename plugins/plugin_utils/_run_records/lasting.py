# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the folder of run records outlives the job, or the container, that this run is in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._values.atomic_file import create_atomically
from .._values.file_mode import OWNER_ALONE
from .._values.moments import utc_text
from .._values.printable import clean
from .process import machine
from .reading import UnreadableError, bytes_of

# The file by which a later job knows the folder again.
MARKER = ".hotpatch-records"
SCHEMA = "winops.hotpatch/records/1"
_JOB_VARIABLES = ("awx_job_id", "tower_job_id")
_NUMBER = re.compile(r"[0-9]{1,20}")
_PRIVATE = "/runner"
_SIGNS = ("/.dockerenv", "/run/.containerenv")
_MOUNTS = "/proc/self/mountinfo"
# File systems of which a container has its own layer, and no machine its root.
_LAYERS = ("overlay", "aufs", "fuse.fuse-overlayfs", "fuse-overlayfs")
_MOST = 4096
_WARNED = (
    "A record that is missing there proves nothing; each host remembers by itself what later runs have to know. To keep the records, mount"
    " a volume into the job and set hotpatch_records to a folder on it."
)
_REFUSED = (
    "With hotpatch_memory: records nothing else is remembered, so a denial would be forgotten. Mount a volume into the job and set"
    f" hotpatch_records to a folder on it, or do without hotpatch_memory. If it is the volume, make the file {MARKER} there by hand,"
    " once and empty."
)


@dataclass(frozen=True, slots=True)
class Job:
    """What this run is in, and ends with: a job of AWX, or a container. C(private) are folders that are removed with it."""

    job: str | None = None
    private: tuple[str, ...] = ()
    container: Mapping[str, Any] = field(default_factory=machine, hash=False)

    def __str__(self) -> str:
        return f"AWX job {self.job}" if self.job else "this container"

    @property
    def identity(self) -> dict[str, Any]:
        """What the marker says of the run that has made it."""
        return {"job": self.job, **self.container}


def job_of(variables: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Job | None:
    """Return the job or the container that this run is in, by the VARIABLES of the play and the ENVIRONMENT; None on a plain controller.

    Without ENVIRONMENT that of this process counts.
    """
    environment = os.environ if environment is None else environment
    private = environment.get("AWX_PRIVATE_DATA_DIR")
    given = [variables.get(name) for name in _JOB_VARIABLES] + ([environment.get("JOB_ID")] if private else [])
    found = next((str(value) for value in given if _NUMBER.fullmatch(str(value))), None)
    if found is not None:
        return Job(found, (_PRIVATE, private or _PRIVATE))
    return Job() if _in_container() else None


def doubt(root: Path, job: Job | None) -> str | None:
    """Return the sentence on why nothing shows that ROOT, the folder of records, outlives JOB; None where something does."""
    if job is None:
        return None
    where = repr(clean(root, 300))
    if any(Path(os.path.realpath(root)).is_relative_to(os.path.realpath(folder)) for folder in job.private):
        return f"hotpatch_records: {where} lies in the private folder of {job}, which is removed when the job has ended."
    if _knows(root / MARKER, job):
        return None
    return (
        f"hotpatch_records: nothing shows that {where} outlives {job}: the file {MARKER} is not in it, or this run has made it. Either the"
        " folder is used for the first time, and the next job says no more about it, or its volume is not mounted here."
    )


def told(sentence: str) -> str:
    """Return SENTENCE, a doubt, as the warning of a run whose hosts remember by themselves."""
    return f"{sentence} {_WARNED}"


def refused(sentence: str) -> str:
    """Return SENTENCE, a doubt, as the refusal of a run that would remember nothing but by its records."""
    return f"{sentence} {_REFUSED}"


def mark(root: Path, job: Job, mode: int = OWNER_ALONE) -> None:
    """Make the marker of JOB in ROOT, with the rights MODE, if none is there.

    A folder that cannot be written is told by whoever writes its records.
    """
    made = {"schema": SCHEMA, "made_at": utc_text(datetime.now(UTC)), "made_by": job.identity}
    with suppress(OSError):
        # An empty one, of a run that was cut off or of a full disk, would be that of a person.
        create_atomically(root / MARKER, f"{json.dumps(made, sort_keys=True)}\n".encode(), mode)


def _knows(path: Path, job: Job) -> bool:
    """Return True if the marker in PATH was made by another job than JOB, or by a person: that one may hold anything."""
    try:
        text = bytes_of(path)[:_MOST]
    except (OSError, UnreadableError):
        return False
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return True
    return not isinstance(data, dict) or data.get("made_by") != job.identity


def _in_container() -> bool:
    """Return True in a container, whose root is a layer that goes with it. A machine that was made from its image has the sign alone."""
    if not any(Path(sign).exists() for sign in _SIGNS):
        return False
    try:
        lines = Path(_MOUNTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    # Field 4 is the folder of the file system that is mounted, field 5 where; the type comes behind a dash.
    roots = [line.split() for line in lines if line.split()[4:5] == ["/"]]
    return not roots or any(words[3] != "/" or words[words.index("-") + 1] in _LAYERS for words in roots if "-" in words[:-1])
