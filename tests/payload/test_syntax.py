# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every payload is valid in Windows PowerShell 5.1, calls nothing that 5.1 or 7 lacks, and nothing that would restart or alter the host."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
PLUGINS = HERE.parent.parent / "plugins"
SCRIPTS = sorted([*(PLUGINS / "modules").glob("*.ps1"), *(PLUGINS / "module_utils").glob("*.psm1")])
EVERYWHERE = sorted([*SCRIPTS, *HERE.rglob("*.ps1")])
LONGEST = 160  # what ansible-test's pslint takes
TABLE: dict[str, Any] = json.loads((HERE / "data" / "commands-5.1.json").read_text(encoding="utf-8"))
COMMANDS = {name.lower(): {item.lower() for item in parameters} for name, parameters in TABLE["commands"].items()}
_SEVEN: dict[str, Any] = json.loads((HERE / "data" / "commands-7.json").read_text(encoding="utf-8"))
IN_SEVEN = {name.lower(): {item.lower() for item in parameters} for name, parameters in _SEVEN["commands"].items()}
IN_SEVEN |= {name.lower(): COMMANDS[name.lower()] for name in _SEVEN["windows"]}
COMMON = {name.lower() for name in TABLE["common_parameters"]}

# What changes a host: only in the file that is made for it, and DISM only with -NoRestart.
DISM = {"add-windowspackage": "_PackageChange.psm1", "remove-windowspackage": "_PackageChange.psm1"}
BATCH = {f"{verb}-scheduledtask": "_BatchLogon.psm1" for verb in ("register", "start", "stop", "unregister")}
BATCH["remove-item"] = "_BatchLogon.psm1"
CHANGING = DISM | BATCH
# Commands of PowerShell itself, and of its package management, that doubles and payloads have names like.
BUILT_IN = {name for name in COMMANDS if not re.search("scheduledtask|windowspackage|secureboot", name)} | {"save-package"}
FORBIDDEN_WORDS = re.compile(r"(?i)restart-computer|stop-computer|shutdown|win32shutdown|initiatesystemshutdown|invoke-expression")
# Methods of the update client and of others that install, accept or restart.
FORBIDDEN_MEMBERS = {"install", "download", "uninstall", "accepteula", "begininstall", "begindownload", "reboot"}

Scan = Callable[[list[Path]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def scan(powershell: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Read the syntax trees of scripts."""

    def run(paths: list[Path]) -> list[dict[str, Any]]:
        listing = tmp_path_factory.mktemp("scan") / "paths.json"
        listing.write_text(json.dumps([str(path) for path in paths]), encoding="utf-8")
        answers: list[dict[str, Any]] = json.loads(powershell(str(HERE / "harness" / "scan.ps1"), str(listing)))
        return answers

    return run


@pytest.fixture(scope="session")
def payloads(scan: Scan) -> list[dict[str, Any]]:
    """What the syntax trees of all payloads say."""
    assert len(SCRIPTS) >= 7
    return scan(SCRIPTS)


def findings(script: dict[str, Any], functions: dict[str, set[str]]) -> Iterator[str]:
    """Yield what is wrong with SCRIPT. FUNCTIONS are those that the payloads bring along, with their parameters."""
    name = Path(script["path"]).name
    yield from (f"{name}: does not parse: {error}" for error in script["errors"])
    yield from (f"{name}:{item['line']}: not in 5.1: {item['what']}" for item in script["constructs"])
    for command in script["commands"]:
        yield from _command_findings(name, command, functions)
    for member in script["members"]:
        if member["name"].lower() in FORBIDDEN_MEMBERS:
            yield f"{name}:{member['line']}: forbidden method {member['name']}"
    for number, line in enumerate(script["text"].splitlines(), 1):
        if FORBIDDEN_WORDS.search(line):
            yield f"{name}:{number}: forbidden word: {line.strip()}"
        if not line.isascii():
            yield f"{name}:{number}: not ASCII, which 5.1 reads in the code page of the host"


def _command_findings(script: str, command: dict[str, Any], functions: dict[str, set[str]]) -> Iterator[str]:
    where = f"{script}:{command['line']}"
    if command["name"] is None:
        # A command held in a variable: the probes, by name, from the payload's own table.
        if not re.match(r"& \$(Command|source)\b", command["text"]):
            yield f"{where}: a command that is not a name: {command['text']}"
        return
    name = command["name"].lower()
    known = functions.get(name, COMMANDS.get(name))
    if known is None:
        yield f"{where}: not a command of 5.1 that is known here, or an alias: {command['name']}"
        return
    for parameter in command["parameters"]:
        if parameter.lower() not in known | COMMON:
            yield f"{where}: {command['name']} has no parameter {parameter} in 5.1"
        if name not in functions and parameter.lower() not in IN_SEVEN.get(name, known) | COMMON:
            yield f"{where}: {command['name']} has no parameter {parameter} in 7"
    if name not in functions and name not in IN_SEVEN:
        yield f"{where}: not a command of 7: {command['name']}"
    if name == "join-path" and command["positional"] > 2:
        yield f"{where}: Join-Path takes two parts in 5.1, not {command['positional']}"
    if name in CHANGING:
        if script != CHANGING[name]:
            yield f"{where}: {command['name']} changes the host"
        if name in DISM and "norestart" not in {parameter.lower() for parameter in command["parameters"]}:
            yield f"{where}: {command['name']} without -NoRestart may restart the host"


def own_functions(scripts: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the functions that the scripts define, by name in lower case."""
    return {name.lower(): {item.lower() for item in parameters} for script in scripts for name, parameters in script["functions"].items()}


def test_payloads_are_windows_powershell(payloads: list[dict[str, Any]]) -> None:
    functions = own_functions(payloads)
    assert [finding for script in payloads for finding in findings(script, functions)] == []


def test_payloads_are_strict(payloads: list[dict[str, Any]]) -> None:
    for script in payloads:
        assert "\nSet-StrictMode -Version Latest\n" in script["text"], script["path"]


def test_table_has_no_more_than_is_used(payloads: list[dict[str, Any]]) -> None:
    used = {command["name"].lower() for script in payloads for command in script["commands"] if command["name"]}
    assert sorted(set(COMMANDS) - used) == []
    assert sorted(set(IN_SEVEN) - set(COMMANDS)) == []


def test_a_command_that_7_lacks_shows(samples: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(IN_SEVEN, "get-process")
    assert any("not a command of 7: Get-Process" in item for script in samples for item in findings(script, {}))


def test_the_list_of_7_is_true_of_this_shell(powershell: Callable[..., str], tmp_path: Path) -> None:
    """For what payloads use, as far as this system has it: commands and parameters of 7 alone change from release to release."""
    script = tmp_path / "list.ps1"
    script.write_text(
        "$made = @{}\nforeach ($name in ($args[0] -split ',')) { $made[$name] = @((Get-Command -Name $name).Parameters.Keys) }\n"
        "ConvertTo-Json -InputObject $made -Depth 3 -Compress",
        encoding="utf-8",
    )
    there = json.loads(powershell(str(script), ",".join(_SEVEN["commands"])))
    for name, parameters in there.items():
        gone = (COMMANDS[name.lower()] & IN_SEVEN[name.lower()]) - {item.lower() for item in parameters}
        assert gone <= {"stream", "comobject"}, name


def style_findings(script: dict[str, Any]) -> Iterator[str]:
    """Yield what PSScriptAnalyzer, which is not on every machine, would say of SCRIPT under the rules of ansible-test."""
    name = Path(script["path"]).name
    yield from (f"{name}:{line}: opened within a call; give it a name first" for line in script["opened"])
    for number, line in enumerate(script["text"].splitlines(), 1):
        if len(line) > LONGEST:
            yield f"{name}:{number}: {len(line)} characters"
    for function in script["functions"]:
        line = rf"(?mi)^Function {re.escape(function)} "
        if function.lower() in BUILT_IN and not re.search(
            rf"{line}\{{\n(\s*#.*\n)*\s*\[.*'PSAvoidOverwritingBuiltInCmdlets'", script["text"]
        ):
            yield f"{name}: {function} is a command of PowerShell"


def test_scripts_are_in_style(scan: Scan) -> None:
    assert len(EVERYWHERE) >= 25
    assert [finding for script in scan(EVERYWHERE) for finding in style_findings(script)] == []


def test_style_rules_catch(scan: Scan, tmp_path: Path) -> None:
    lines = ["$null = $a.Add(@{", "    b = 1", "})", f"$c = '{'x' * LONGEST}'", "Function Get-Date {", "    1", "}", ""]
    (tmp_path / "odd.ps1").write_text("\n".join(lines), encoding="utf-8")
    (script,) = scan([tmp_path / "odd.ps1"])
    assert list(style_findings(script)) == [
        "odd.ps1:1: opened within a call; give it a name first",
        "odd.ps1:4: 167 characters",
        "odd.ps1: Get-Date is a command of PowerShell",
    ]


# What each rule catches: a line, and a part of the finding.
SAMPLES = [
    ("$a = $true ? 1 : 2", "not in 5.1: ternary"),
    ("$a = $b ?? 1", "not in 5.1: null coalescing"),
    ("$a ??= 1", "not in 5.1: null coalescing"),
    ("${a}?.b", "not in 5.1: null conditional"),
    ("${a}?.b()", "not in 5.1: null conditional"),
    ("${a}?[0]", "not in 5.1: null conditional"),
    ("Get-Date && Get-Date", "not in 5.1: pipeline chain"),
    ("Get-Date || Get-Date", "not in 5.1: pipeline chain"),
    ("Get-Date &", "not in 5.1: background pipeline"),
    ("function f { process { 1 } clean { 2 } }", "not in 5.1: clean block"),
    ('$a = "`e[0m"', "not in 5.1: escape"),
    ('$a = "`u{2014}"', "not in 5.1: escape"),
    ("$a = 0b1", "not in 5.1: number"),
    ("$a = 12u", "not in 5.1: number"),
    ("if ($a) {", "does not parse"),
    ("Get-ChildItem -LiteralPath x | % { $_ }", "or an alias: %"),
    ("Get-ChildItem -LiteralPath x | where { $_ }", "or an alias: where"),
    ("Get-Uptime", "not a command of 5.1"),
    ("ConvertFrom-Json -InputObject x -AsHashtable", "no parameter AsHashtable"),
    ("Sort-Object -Property a -Top 3", "no parameter Top"),
    ("Sort-Object -Property a -Bottom 3", "no parameter Bottom"),
    ("Sort-Object -Property a -Stable", "no parameter Stable"),
    ("Get-Date -AsUTC", "no parameter AsUTC"),
    ("ConvertFrom-Json -InputObject x -NoEnumerate", "no parameter NoEnumerate"),
    ("ConvertFrom-Json -InputObject x -Depth 9", "no parameter Depth"),
    ("ConvertTo-Json -InputObject x -AsArray", "no parameter AsArray"),
    ("ConvertTo-Json -InputObject x -EnumsAsStrings", "no parameter EnumsAsStrings"),
    ("Get-Content -LiteralPath x -AsByteStream", "not a command of 5.1 that is known here"),
    ("Join-Path a b c", "Join-Path takes two parts in 5.1, not 3"),
    ("Join-Path -Path a -ChildPath b -AdditionalChildPath c", "no parameter AdditionalChildPath"),
    ("Split-Path -Path a -LeafBase", "no parameter LeafBase"),
    ("Split-Path -Path a -Extension", "no parameter Extension"),
    ("$call = @{ ClassName = 'x'; Fast = $true }; Get-CimInstance @call", "no parameter Fast"),
    ("$call = @{ ClassName = 'x' }; $call.Fast = 1; Get-CimInstance @call", "no parameter Fast"),
    ("Get-Process -ComputerName x", "no parameter ComputerName in 7"),
    ("Get-Item -Path x -UseTransaction", "no parameter UseTransaction in 7"),
    ("Get-WmiObject -Class x", "not a command of 5.1 that is known here, or an alias: Get-WmiObject"),
    ("ConvertTo-Number -Number 1", "no parameter Number"),
    ("Restart-Computer -Force", "forbidden word"),
    ("Stop-Computer", "forbidden word"),
    ("$a = 'shutdown.exe'", "forbidden word"),
    ("& shutdown.exe /r", "forbidden word"),
    ("& $what", "a command that is not a name"),
    ("$installer.Install()", "forbidden method Install"),
    ("$downloader.Download()", "forbidden method Download"),
    ("$update.AcceptEula()", "forbidden method AcceptEula"),
    ("Remove-WindowsPackage -Online -PackageName x -NoRestart", "changes the host"),
    ("Add-WindowsPackage -Online -PackagePath x", "may restart the host"),
    ("Register-ScheduledTask -TaskName x", "changes the host"),
    ("Remove-Item -LiteralPath x", "changes the host"),
    ("$a = '\u2014'", "not ASCII"),
]


@pytest.fixture(scope="session")
def samples(scan: Scan, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the syntax trees of the samples say, all read in one go."""
    folder = tmp_path_factory.mktemp("samples")
    paths = [folder / f"{number}.ps1" for number in range(len(SAMPLES))]
    for path, (text, _finding) in zip(paths, SAMPLES, strict=True):
        path.write_text(f"{text}\n", encoding="utf-8")
    return scan(paths)


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=[text for text, _finding in SAMPLES])
def test_rules_catch(samples: list[dict[str, Any]], payloads: list[dict[str, Any]], number: int) -> None:
    found = list(findings(samples[number], own_functions(payloads)))
    assert any(SAMPLES[number][1] in item for item in found), found
