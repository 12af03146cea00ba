# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call to a simulated host from beginning to end: find its state, let time move, play the call, keep the state, write the log."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from . import calls, truth_file
from .answers import manifest, modules, raw_commands
from .answers.manifest import Call, ModuleCall, RawCall, ScriptCall
from .faults.active import Faults
from .faults.fault import Interruption
from .host import times
from .host.model import HostDescription, Truth
from .host.problems import DescriptionError
from .host_description import PREFIX
from .windows import events, install
from .windows.first_appearance import appear

_TEMP = "C:\\Users\\Administrator\\AppData\\Local\\Temp"


class ConnectionLostError(Exception):
    """No answer came back; the host may or may not have got the request."""


class BadRequestError(Exception):
    """The connection fails in the words of its library, which is no word of ansible-core's for a lost host."""


# What winrm raises once its shell is open, and core hands on as it is. Without that library it is known by the name of its module.
BadRequestError.__module__ = "winrm.exceptions"


@dataclass(frozen=True)
class Answer:
    """The answer that comes back over the wire."""

    rc: int
    stdout: str
    stderr: str = ""


class Session:
    """The connection to one host. The workers of win_updates that it started live as long as it does."""

    def __init__(self, description: HostDescription) -> None:
        self._description = description
        self._jobs: modules.Jobs = {}
        self._files: dict[str, bytes] = {}

    def keep(self, path: str, data: bytes) -> None:
        """Keeps a module that core sends as a file, until it is run."""
        self._files[path] = data

    def execute(self, command: str, data: bytes | None) -> Answer:
        """Plays one call. Others of the same host wait: two controllers may ask at once."""
        data = data or self._files.get(manifest.file_of(command) or "")
        call = manifest.read(command, data)
        check_mode = isinstance(call, ModuleCall) and call.check_mode
        with truth_file.locked(self._description.truth, make=not check_mode):
            answer, interruption = self._execute(call, check_mode, len(data or b""))
        if interruption:
            time.sleep(interruption.seconds)
        if interruption and interruption.lost == "none" and answer is not None:
            return answer
        if interruption and interruption.seen_as == "garbled":
            return Answer(0, "")
        if interruption and interruption.seen_as == "http_400":
            raise BadRequestError("http", 400, "")
        if answer is None or interruption:
            # The name of the host is not in it: what a connection raises is a template to ansible-core before 2.19.
            raise ConnectionLostError(f"Failed to connect to the host: {interruption.message if interruption else 'it restarted'}.")
        return answer

    def pass_time(self, seconds: float) -> None:
        """The clock of the host goes on, and nothing is asked of it."""
        with truth_file.locked(self._description.truth, make=False):
            state, new = self._state()
            if not new:
                state.clock = times.later(state.clock, seconds / 60)
                truth_file.save(self._description.truth, state)

    def _execute(self, call: Call, check_mode: bool, sent_bytes: int) -> tuple[Answer | None, Interruption | None]:
        description = self._description
        state, new = self._state()
        faults = Faults(description.faults, state)
        # By the clock of the host, which may be ahead of the fleet's: an installation takes its time.
        until = max(state.clock, _moved(state, description))
        happened = events.happen(state, description, faults, until)
        state.clock = max(state.clock, until)
        happened |= install.go_on(state, description, faults)
        number = calls.next_number(description.calls, description.now)
        entry = {
            "n": number,
            "now": description.now,
            "at": state.clock,
            "check_mode": check_mode,
            "sent_bytes": sent_bytes,
            **_named(call),
        }
        interruption = self._interruption(state, faults, number)
        stage = modules.Stage(state, description, faults, self._jobs, number)
        outcome = "error"
        try:
            answer = None if interruption and interruption.lost == "request" else _play(stage, call)
            if not check_mode and (new or happened or stage.changed_truth or description.speed):
                state.fleet_now = description.now
                truth_file.save(description.truth, state)
            outcome = "lost" if answer is None or (interruption and interruption.lost != "none") else "answered"
            return answer, interruption
        finally:
            calls.append(description.calls, {**entry, "outcome": outcome})

    def _state(self) -> tuple[Truth, bool]:
        description = self._description
        found = truth_file.load(description.truth)
        if found is None:
            return appear(description), True
        if found.line != description.line:
            raise DescriptionError(
                PREFIX + "line", description.line, f"The host appeared as {found.line}. Remove {description.truth}, and it starts anew."
            )
        if description.now < found.fleet_now:
            raise DescriptionError(
                PREFIX + "now", description.now, f"It was {found.fleet_now} already. Give a later time, or remove {description.truth}."
            )
        return found, False

    def _interruption(self, state: Truth, faults: Faults, number: int) -> Interruption | None:
        if state.down_until is not None and state.clock < state.down_until:
            return Interruption("request", 0, "it has not come back from its restart")
        return next((found for fault in faults.active() if (found := fault.interrupts(number))), None)


def _moved(state: Truth, description: HostDescription) -> str:
    """Return the fleet's time as the host sees it: it moves, while a run is at work, as fast as the inventory says."""
    if not description.speed:
        return description.now
    if state.seen_at is None or state.fleet_now != description.now:
        state.seen_at, state.fleet_now = time.time(), description.now
    return times.later(description.now, (time.time() - state.seen_at) * description.speed / 60)


def _named(call: Call) -> dict[str, Any]:
    if isinstance(call, ModuleCall):
        return {"kind": "module", "name": call.name, "operation": modules.operation(call)}
    name = call.name if isinstance(call, ScriptCall) else " ".join(call.script.split())[:80]
    return {"kind": "raw", "name": name, "operation": None}


def _play(stage: modules.Stage, call: Call) -> Answer | None:
    if isinstance(call, RawCall):
        return Answer(*raw_commands.run(stage, call.script))
    if isinstance(call, ScriptCall):
        return _play_script(call)
    try:
        return Answer(0, json.dumps(modules.run(stage, call)))
    except modules.HostGoneError:
        return None


def _play_script(call: ScriptCall) -> Answer:
    """Core's own scripts: a folder for temporary files, and a user's home."""
    if "mkdtemp" in call.name:
        return Answer(0, f"{_TEMP}\\{call.params.get('Name', 'ansible-tmp')}")
    if "expand_user" in call.name:
        return Answer(0, str(call.params.get("Path", "~")).replace("~", "C:\\Users\\Administrator", 1))
    return Answer(1, "", f"The rehearsal does not play core's script {call.name}.")
