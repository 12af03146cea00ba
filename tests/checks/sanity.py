# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, on a plain machine and on one with PowerShell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from .running import BUILD, CheckError, Log, base_environment, copy_tree, find_pwsh

# ansible-test keeps its own environments under the home folder; this one goes away with the test environment.
SANITY_HOME = Path(sys.prefix) / "home"
# The oldest PSScriptAnalyzer whose rules the payloads are held to; the workflow installs this one.
ANALYZER = "1.24.0"
PATIENCE = 20  # seconds that a server may take to answer
WITHOUT_PYLINT = "without pylint"


def check_sanity(log: Log) -> None:
    """ansible-test sanity without containers, in environments below the test environment."""
    run_sanity(log, Path(sys.executable), SANITY_HOME)


def run_sanity(log: Log, python: Path, home: Path) -> None:
    """Run the ansible-test that is installed for PYTHON, with HOME as its home folder."""
    seed_sanity_pip(python, home)
    skip = ["pslint"]
    pwsh = find_pwsh()
    path = f"{python.parent}{os.pathsep}{base_environment()['PATH']}"
    if pwsh is None:
        skip.append("validate-modules")
        log.notes.append("without validate-modules and pslint: no pwsh")
    else:
        path = f"{python.parent}{os.pathsep}{pwsh.parent}{os.pathsep}{path}"
        probe = [
            str(pwsh),
            "-NoProfile",
            "-NonInteractive",
            "-Command",
            f"@(Get-Module -ListAvailable PSScriptAnalyzer | Where-Object Version -ge '{ANALYZER}').Count",
        ]
        if subprocess.run(probe, capture_output=True, text=True, check=False).stdout.strip() not in {"", "0"}:
            skip.remove("pslint")
        else:
            log.notes.append(f"without pslint: no PSScriptAnalyzer {ANALYZER} or later")
    lost = unreachable_url(python)
    if lost:
        skip.append("pylint")
        log.notes.append(f"{WITHOUT_PYLINT}: {lost} cannot be reached")
    arguments = [part for name in skip for part in ("--skip-test", name)]
    version = ask(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    env = {"HOME": str(home), "PATH": path} | {key: value for key, value in kept_by_home().items() if key not in os.environ}
    # Places of its own: it writes into the tree that it looks at, and other checks run beside it.
    tree = copy_tree(BUILD / log.path.stem)
    env["ANSIBLE_HOME"] = str(BUILD / log.path.stem / "ansible-home")
    try:
        log.run(python.parent / "ansible-test", "sanity", "--python", version, "--color", "no", *arguments, cwd=tree, env=env)
    except CheckError:  # what it found is spread over what pip had to say
        log.write("\n".join(re.findall(r"^(?:ERROR|FATAL): .*$", log.path.read_text(encoding="utf-8"), re.MULTILINE)) + "\n")
        raise


def ask(python: Path, script: str) -> str:
    """Return what a line of Python prints in the environment of PYTHON."""
    return subprocess.run([python, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def ansible_test(python: Path) -> Path:
    """Return the folder of the ansible-test that is installed for PYTHON."""
    return Path(ask(python, "import ansible_test; print(ansible_test.__path__[0])"))


def unreachable_url(python: Path) -> str | None:
    """Return an URL that the ansible-test of PYTHON needs for its pylint and that cannot be reached from here, or None.

    PyPI is not meant: no URL names it. A server that answers is reached, even if with an error, so that pip tells what is wrong.
    """
    requirements = ansible_test(python) / "_data" / "requirements" / "sanity.pylint.txt"
    for url in re.findall(r"^[^#\s]+ *@ *(https?://[^\s#;]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            # An opener of its own: ansible-core puts one of its options in the place of the common one.
            urllib.request.build_opener().open(urllib.request.Request(url, method="HEAD"), timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            continue
        except OSError:
            return str(url)
    return None


def kept_by_home() -> dict[str, str]:
    """Return the settings that tools look up in the home folder, which ansible-test does not get to see."""
    home = Path.home()
    kept = {"PYENV_ROOT": home / ".pyenv", "PIP_CONFIG_FILE": home / ".config" / "pip" / "pip.conf"}
    return {key: str(path) for key, path in kept.items() if path.exists()}


def seed_sanity_pip(python: Path, home: Path) -> None:
    """Spare ansible-test the download of get-pip.py: Python's own ensurepip does the same."""
    source = (ansible_test(python) / "_internal" / "python_requirements.py").read_text(encoding="utf-8")
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"pip='([0-9.]+)'", source):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text("import ensurepip\nensurepip.bootstrap()\n", encoding="utf-8")
