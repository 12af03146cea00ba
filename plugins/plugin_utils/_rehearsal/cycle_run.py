# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the cycle as a process of its own, as an operator would start it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._values.printable import clean_lines
from .folder import Folder
from .results import left_over, records_of_run

# Exit codes of ansible-playbook with which the run itself went on to its end: hosts failed, hosts unreachable, both, all of a batch.
_ENDED = (0, 2, 4, 6, 8, 10, 12, 14)
_TAIL = 15
# The output goes to a file; and what simulated hosts need is loaded once a run, not once a task.
_SETTINGS = {
    "ANSIBLE_NOCOLOR": "1",
    "NO_COLOR": "1",
    "ANSIBLE_RETRY_FILES_ENABLED": "0",
    "ANSIBLE_CALLBACKS_ENABLED": "winops.hotpatch.internal_rehearsal_warm_up",
}


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run."""

    ok: bool
    hosts: list[str]
    text: str
    log: str
    seconds: float


def hosts_for(folder: Folder, run: Mapping[str, Any], hosts: Sequence[str]) -> list[str]:
    """Return the hosts that RUN is for: all of HOSTS, or what the run before it left over."""
    if not run.get("follows"):
        return list(hosts)
    return left_over(list(hosts), records_of_run(folder, str(run["follows"])))


def make_run(folder: Folder, run: Mapping[str, Any], hosts: Sequence[str], inventory: str, python: str, forks: int) -> RunResult:
    """Run the cycle for HOSTS at the date of RUN and wait for its end."""
    run_id = str(run["run_id"])
    variables = {
        "hotpatch_now": run["now"],
        "hotpatch_rehearsal_now": run["now"],
        "hotpatch_restart_policy": run["restart_policy"],
        "hotpatch_policy_run": {"windows": list(run.get("windows") or [])} if run.get("windows") else {},
        "hotpatch_run_id": run_id,
        "hotpatch_records": str(folder.records),
        "hotpatch_rehearsal_truth": str(folder.truth),
        "hotpatch_rehearsal_calls": str(folder.calls),
    }
    vars_file = folder.runs / f"{run_id}.vars.json"
    vars_file.write_text(json.dumps(variables, indent=1) + "\n", encoding="utf-8")
    argv = [python, "-m", "ansible", "playbook", "winops.hotpatch.cycle", "-i", inventory, "-e", f"@{vars_file}", "--forks", str(forks)]
    log = folder.logs / f"{run_id}.log"
    started = time.monotonic()
    # Ansible takes a limit apart at blanks, also within a path, so the list lies where no folder of the user's is in its name.
    with log.open("wb") as stream, tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="hotpatch-", suffix=".limit") as limit:
        if run.get("follows"):
            limit.write("".join(f"{host}\n" for host in hosts))
            limit.flush()
            argv += ["--limit", f"@{limit.name}"]
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, **_SETTINGS}, check=False
        )
    seconds = time.monotonic() - started
    records = records_of_run(folder, run_id)
    note = {**run, "hosts": list(hosts), "exit_code": done.returncode, "seconds": round(seconds, 1)}
    (folder.runs / f"{run_id}.run.json").write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    if done.returncode not in _ENDED or not (records or _began(log)):
        return RunResult(
            False, list(hosts), f"ansible-playbook ended with {done.returncode}; the end of {log}:\n{_tail(log)}", str(log), seconds
        )
    return RunResult(True, list(hosts), _in_words(hosts, records), str(log), seconds)


def _in_words(hosts: Sequence[str], records: Mapping[str, Mapping[str, Any]]) -> str:
    outcomes = Counter(str(records[host]["outcome"]) if host in records else "no record" for host in hosts)
    codes = Counter(
        str(record["decision"]["code"]) for record in records.values() if (record.get("decision") or {}).get("action") == "refuse"
    )
    text = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    reasons = ", ".join(f"{count} {code}" for code, count in codes.most_common())
    return f"{text} ({reasons})" if reasons else text


def _began(log: Path) -> bool:
    """Return True if the run came to its hosts. One that did not was refused as a whole, and every run after it would be."""
    return b"TASK [winops.hotpatch.cycle : " in log.read_bytes()


def _tail(log: Path) -> str:
    return clean_lines(log.read_text(encoding="utf-8", errors="replace"), _TAIL)
