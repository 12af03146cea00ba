# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of the checks must not be able to call a failure a success."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.checks import __main__ as runner
from ansible_collections.winops.hotpatch.tests.checks import running, suites
from ansible_collections.winops.hotpatch.tests.checks.running import CheckError, Log, Totals, base_environment, read_junit

JUNIT = """<testsuites>
<testsuite tests="5" failures="1" errors="1" skipped="1">
  <testcase/><testcase/><testcase><failure/></testcase><testcase><error/></testcase><testcase><skipped message="no pwsh"/></testcase>
</testsuite>
<testsuite tests="2" failures="0" errors="0" skipped="1"><testcase/><testcase><skipped message="no pwsh"/></testcase></testsuite>
</testsuites>"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    for module in (running, suites):
        monkeypatch.setattr(module, "LOGS", tmp_path)
    return Log("example")


def test_junit_results_are_summed_and_skips_keep_their_reason(tmp_path: Path) -> None:
    (tmp_path / "result.xml").write_text(JUNIT, encoding="utf-8")
    totals, reasons = read_junit(tmp_path / "result.xml")
    assert totals == Totals(passed=3, failed=2, skipped=2)
    assert reasons == ["2 skipped: no pwsh"]


@pytest.mark.parametrize(
    ("totals", "line"),
    [(Totals(412, 0, 0), "412 passed, 0 failed"), (Totals(412, 1, 3), "412 passed, 1 failed, 3 skipped")],
)
def test_last_line(totals: Totals, line: str) -> None:
    assert str(totals) == line


def test_settings_of_the_user_do_not_reach_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANSIBLE_STDOUT_CALLBACK", "PYTEST_ADDOPTS", "PYTHONPATH"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("HOTPATCH_PWSH", "/opt/pwsh")
    env = base_environment()
    assert not {"ANSIBLE_STDOUT_CALLBACK", "PYTEST_ADDOPTS", "PYTHONPATH"} & set(env)
    assert env["HOTPATCH_PWSH"] == "/opt/pwsh"


def test_command_that_fails_fails_its_check(log: Log) -> None:
    with pytest.raises(CheckError, match="exit code 3"):
        log.run("sh", "-c", "echo out; echo err >&2; exit 3")
    assert sorted(log.path.read_text(encoding="utf-8").splitlines()[1:]) == ["err", "out"]


def test_command_answers_with_its_standard_output_only(log: Log) -> None:
    assert log.run("sh", "-c", "echo out; echo err >&2") == "out\n"


def test_command_that_hangs_is_stopped_with_its_children(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LIMIT", 0.5)
    with pytest.raises(CheckError, match="not finished after"):
        log.run("sh", "-c", f"echo begun; (sleep 2; touch {tmp_path}/survived) & wait")
    assert "begun" in log.path.read_text(encoding="utf-8")
    time.sleep(2)
    assert not (tmp_path / "survived").exists()


@pytest.mark.parametrize("error", [CheckError("no"), FileNotFoundError("no such program"), ValueError("no JSON")])
def test_error_of_a_check_counts_as_one_failure(log: Log, error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(log: Log) -> None:
        raise error

    del log
    assert runner.run_check("broken", fail) == Totals(failed=1)
    assert capsys.readouterr().out.startswith("FAIL broken")


def test_sanity_runs_beside_what_uses_one_core_and_before_what_uses_all(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    del log
    meeting, ended = threading.Barrier(2), list[str]()

    def meet(log: Log) -> None:
        meeting.wait(20)
        time.sleep(0.2 * (log.path.stem == "sanity"))
        ended.append(log.path.stem)

    def count(log: Log) -> Totals:
        ended.append(log.path.stem)
        return Totals(passed=7)

    assert runner.run_checks([("sanity", meet), ("mypy", meet), ("unit", count)]) == Totals(passed=9)
    assert ended == ["mypy", "sanity", "unit"]
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [["ok", name] for name in ended]


def test_a_failure_beside_others_is_a_failure(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    del log

    def fail(log: Log) -> None:
        log.write("what is wrong\n")
        raise CheckError("no")

    assert runner.run_checks([("sanity", fail), ("mypy", lambda log: None)]) == Totals(passed=1, failed=1)
    assert "    what is wrong\n    no\n    (all of it: build/logs/sanity.log)\n" in capsys.readouterr().out


def test_an_interruption_ends_what_runs_beside(log: Log) -> None:
    del log
    started = time.monotonic()

    def sleep(log: Log) -> None:
        log.run("sleep", "60")

    def interrupt(log: Log) -> None:
        del log
        while not running.UNDER_WAY:
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner.run_checks([("sanity", sleep), ("mypy", interrupt)])
    assert time.monotonic() - started < 30
    assert not running.UNDER_WAY


def test_what_uses_all_cores_comes_last() -> None:
    names = [name for dummy, name, run in runner.checks()]
    suite_names = [name for name, dummy in suites.on_all_cores()]
    assert {"unit", "rehearsal", "payload", "oldest-core"} < set(suite_names)
    assert names[-len(suite_names) :] == suite_names


@pytest.mark.parametrize(
    ("junit", "status", "message"),
    [
        ('<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0"/></testsuites>', 3, "exit code 3"),
        ('<testsuites><testsuite tests="0" failures="0" errors="0" skipped="0"/></testsuites>', 0, "no test ran"),
        (
            '<testsuites><testsuite tests="2" failures="0" errors="0" skipped="1"/></testsuites>',
            0,
            "1 skipped although there is a PowerShell",
        ),
    ],
)
def test_suite_that_crashed_or_ran_nothing_is_a_failure(
    log: Log, monkeypatch: pytest.MonkeyPatch, junit: str, status: int, message: str
) -> None:
    def run(self: Log, *argv: str | Path) -> str:
        (self.path.parent / "unit.xml").write_text(junit, encoding="utf-8")
        if status:
            raise CheckError(f"python: exit code {status}")
        return ""

    monkeypatch.setattr(Log, "run", run)
    monkeypatch.setenv("HOTPATCH_PWSH", sys.executable)
    with pytest.raises(CheckError, match=message):
        suites.check_pytest("unit")(log)


def test_suite_without_a_powershell_says_what_is_left_out(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Log, *argv: str | Path) -> str:
        skipped = '<testcase><skipped message="no PowerShell"/></testcase>' * 2
        junit = f'<testsuites><testsuite tests="2" failures="0" errors="0" skipped="2">{skipped}</testsuite></testsuites>'
        (self.path.parent / "unit.xml").write_text(junit, encoding="utf-8")
        return ""

    monkeypatch.setattr(Log, "run", run)
    monkeypatch.setenv("HOTPATCH_PWSH", "/nowhere/pwsh")
    assert suites.check_pytest("unit")(log).skipped == 2
    assert "2 skipped: no PowerShell" in log.notes
