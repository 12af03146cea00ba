# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what ansible-core sends to a Windows host. This is core's private format: nothing outside this file knows it.

A module call is a command with ``-EncodedCommand`` and a standard input of two parts with four NUL characters between
them: a script or manifest that starts things, and the execution manifest.

- core 2.18: JSON with ``module_args`` and ``module_entry``.
- core 2.19 to 2.21: JSON with ``actions``; the last one's ``params`` hold ``Script`` and ``Variables``.
- core 2.22: the same as base64 of gzip, and the arguments as text in ``ArgumentJSON``.

With ``ANSIBLE_KEEP_REMOTE_FILES`` the standard input lies in a file that was sent before, and the command begins with ``type "<file>" |``
or, from core 2.22 on, has the file among the arguments of its script.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
from dataclasses import dataclass, field
from typing import Any

_MODULE_FILE = re.compile(r"(?:^|[\\/])AnsiballZ_[^\\/]+\Z")
_FROM_FILE = re.compile(r"""type\s+(?P<quote>["']?)(?P<path>[^"'|]+?)(?P=quote)\s*\|""")
# From core 2.22 on the path is an argument of the script: PowerShell's XML in UTF-16, in base64.
_ARGUMENTS = re.compile(r"-EncodedArguments\s+'?([A-Za-z0-9+/=]+)", re.IGNORECASE)
_ARGUMENT = re.compile(r"<S\b[^>]*>([^<]+)</S>")
_FOLDER = re.compile(r"New-Item -Type Directory -Path \$tmp_path -Name '(?P<name>[^']+)'")
_ENCODED = re.compile(r"-EncodedCommand\s+([A-Za-z0-9+/=]+)", re.IGNORECASE)


class ManifestError(ValueError):
    """The data sent is in none of the forms that are known."""


@dataclass(frozen=True)
class ModuleCall:
    """One module that core wants to run."""

    name: str
    args: dict[str, Any]
    check_mode: bool
    script: str = ""


@dataclass(frozen=True)
class ScriptCall:
    """One of core's own small scripts (make a folder, expand a user's home)."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RawCall:
    """A command line, decoded where it was encoded."""

    script: str


Call = ModuleCall | ScriptCall | RawCall


def is_module_file(path: str) -> bool:
    """Return True if core sends the file PATH to run it."""
    return _MODULE_FILE.search(path) is not None


def file_of(command: str) -> str | None:
    """Return the path of the file that COMMAND takes its standard input from."""
    found = _FROM_FILE.match(command)
    if found:
        return found["path"]
    given = _ARGUMENTS.search(command)
    try:
        text = base64.b64decode(given.group(1)).decode("utf-16-le") if given else ""
    except (binascii.Error, UnicodeDecodeError):
        return None
    return next((path for path in _ARGUMENT.findall(text) if is_module_file(path)), None)


def read(command: str, data: bytes | None) -> Call:
    """The request in the command and its standard input."""
    if data and b"\0\0\0\0" in data:
        return _from_manifest(_payload(data))
    if data and data.lstrip().startswith(b"{"):
        return _from_manifest(_load(data))
    found = _ENCODED.search(command)
    if not found:
        return RawCall(command)
    try:
        script = base64.b64decode(found.group(1)).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ManifestError(f"an encoded command could not be decoded: {error}") from error
    # Up to core 2.18 the folder for temporary files is made by a command and not by a script of its own.
    folder = _FOLDER.search(script)
    return ScriptCall("powershell_mkdtemp", {"Name": folder["name"]}) if folder else RawCall(script)


def _payload(data: bytes) -> dict[str, Any]:
    parts = [part.strip() for part in data.split(b"\0\0\0\0")]
    parts = [part for part in parts if part]
    # With input for the script there is a third part; the manifest is the second one then, and the last one otherwise.
    return _load(parts[1] if len(parts) > 1 else parts[0])


def _load(text: bytes) -> dict[str, Any]:
    try:
        if not text.startswith(b"{"):
            text = gzip.decompress(base64.b64decode(text, validate=True))
        loaded = json.loads(text)
    except (ValueError, OSError, EOFError) as error:
        raise ManifestError(f"the execution manifest is in no known form: {error}") from error
    if not isinstance(loaded, dict):
        raise ManifestError("the execution manifest is not an object")
    return loaded


def _from_manifest(manifest: dict[str, Any]) -> Call:
    if "module_args" in manifest:
        script = base64.b64decode(manifest.get("module_entry", "")).decode("utf-8", "replace")
        return _module(manifest["module_args"], script)
    actions = manifest.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[-1], dict):
        raise ManifestError(f"the execution manifest has no actions, but {sorted(manifest)}")
    last = actions[-1]
    params = last.get("params") or {}
    if "ArgumentJSON" in params:
        return _module(json.loads(params["ArgumentJSON"]))
    for variable in params.get("Variables") or []:
        if variable.get("Name") == "complex_args":
            return _module(variable["Value"])
    return ScriptCall(str(last.get("name", "")), dict(params))


def _module(args: Any, script: str = "") -> ModuleCall:
    if not isinstance(args, dict) or "_ansible_module_name" not in args:
        raise ManifestError("the module's arguments do not name the module")
    own = {key: value for key, value in args.items() if not key.startswith("_ansible_")}
    return ModuleCall(str(args["_ansible_module_name"]), own, bool(args.get("_ansible_check_mode")), script)
