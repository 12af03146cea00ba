# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make this checkout importable, and visible to Ansible, as ansible_collections.winops.hotpatch, wherever it lies."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def link_checkout() -> Path:
    """Return a collections path with a link to this checkout, kept outside of it so that nothing follows the link round in circles."""
    collections = Path(tempfile.mkdtemp(prefix="hotpatch-collections-"))
    atexit.register(shutil.rmtree, collections, ignore_errors=True)
    namespace = collections / "ansible_collections" / "winops"
    namespace.mkdir(parents=True)
    (collections / "ansible.cfg").write_text("", encoding="utf-8")
    (namespace / "hotpatch").symlink_to(CHECKOUT, target_is_directory=True)
    return collections


COLLECTIONS = link_checkout()
# Tests start ansible-playbook themselves: the programs of the environment that runs the tests come first, and no setting of
# the user is in force.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
os.environ["ANSIBLE_CONFIG"] = str(COLLECTIONS / "ansible.cfg")
os.environ["ANSIBLE_HOME"] = str(COLLECTIONS / "home")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
sys.path.insert(0, str(COLLECTIONS))
