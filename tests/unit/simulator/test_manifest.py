# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form in which core has packed a module call since 2.18."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.answers import manifest

ARGS = {"_ansible_module_name": "ansible.windows.win_ping", "_ansible_check_mode": True, "data": "hello"}
BECOME = {"name": "become_wrapper.ps1", "params": {"BecomeUser": "SYSTEM"}}


def _packed(payload: dict[str, Any]) -> bytes:
    return base64.b64encode(gzip.compress(json.dumps(payload).encode(), mtime=0))


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(
            json.dumps({"module_args": ARGS, "module_entry": "", "actions": ["become_wrapper", "module_wrapper"]}).encode(), id="2.18"
        ),
        pytest.param(
            json.dumps({"actions": [BECOME, {"name": "m", "params": {"Variables": [{"Name": "complex_args", "Value": ARGS}]}}]}).encode(),
            id="2.19",
        ),
        pytest.param(_packed({"actions": [BECOME, {"name": "m", "params": {"ArgumentJSON": json.dumps(ARGS)}}]}), id="2.22"),
    ],
)
@pytest.mark.parametrize("separator", [b"\0\0\0\0", b"\n\0\0\0\0\n"])
def test_a_module_call_is_read(payload: bytes, separator: bytes) -> None:
    call = manifest.read("PowerShell -EncodedCommand AA==", b"bootstrap" + separator + payload)
    assert isinstance(call, manifest.ModuleCall)
    assert (call.name, call.args, call.check_mode) == ("ansible.windows.win_ping", {"data": "hello"}, True)


def test_a_script_of_core_is_read() -> None:
    payload = json.dumps({"actions": [{"name": "powershell_mkdtemp.ps1", "params": {"Name": "x"}}]}).encode()
    assert manifest.read("c", b"b\n\0\0\0\0\n" + payload) == manifest.ScriptCall("powershell_mkdtemp.ps1", {"Name": "x"})


def test_an_encoded_command_is_decoded() -> None:
    encoded = base64.b64encode("whoami".encode("utf-16-le")).decode()
    assert manifest.read(f"PowerShell -NoProfile -EncodedCommand {encoded}", None) == manifest.RawCall("whoami")


@pytest.mark.parametrize(
    "payload", [b"no manifest", b"{}", b'{"actions": []}', b"[1]", _packed({"actions": [{"params": {"ArgumentJSON": "{}"}}]})]
)
def test_an_unknown_form_says_so(payload: bytes) -> None:
    with pytest.raises(manifest.ManifestError, match=r"manifest|arguments"):
        manifest.read("c", b"b\0\0\0\0" + payload)


def test_the_folder_that_core_up_to_2_18_makes_is_a_script_of_core() -> None:
    script = "$tmp = New-Item -Type Directory -Path $tmp_path -Name 'ansible-tmp-1'\nWrite-Output -InputObject $tmp.FullName"
    command = f"PowerShell -EncodedCommand {base64.b64encode(script.encode('utf-16-le')).decode()}"
    assert manifest.read(command, None) == manifest.ScriptCall("powershell_mkdtemp", {"Name": "ansible-tmp-1"})


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_command_that_reads_a_file_names_it(quote: str) -> None:
    path = "C:\\Users\\x y\\AppData\\Local\\Temp\\ansible-tmp-1\\AnsiballZ_win_ping.ps1"
    assert manifest.file_of(f"type {quote}{path}{quote} | PowerShell -EncodedCommand QQA=") == path
    assert manifest.file_of("PowerShell -EncodedCommand QQA=") is None
    assert manifest.is_module_file(path)
    assert not manifest.is_module_file("C:\\AnsiballZ_folder\\mine.txt")
