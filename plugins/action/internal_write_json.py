# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a JSON file on the controller, without a connection or a shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.options import shown
from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._values.atomic_file import write_atomically
from ..plugin_utils._values.plain import plain
from ..plugin_utils._values.printable import clean


class ActionModule(ReturningAction):
    """A mapping in, a file out."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_write_json"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        path = Path(str(args["dest"])).absolute()
        text = json.dumps(args["data"], indent=2, sort_keys=True) + "\n"
        try:
            before = _read(path)
            changed = before != text
            if changed and not self._task.check_mode:
                write_atomically(path, text.encode())
        except OSError as error:
            remedy = "Name a file in a folder that you may write to."
            raise ActionError(f"{args['variable']}: {shown(str(path))} cannot be written: {clean(error)}. {remedy}") from error
        result: dict[str, Any] = {"changed": changed, "dest": str(path)}
        if self._task.diff and changed:
            result["diff"] = [{"before_header": str(path), "after_header": str(path), "before": before or "", "after": text}]
        return result


def _read(path: Path) -> str | None:
    """Return the content of PATH, None if there is no such file. Raises OSError where none can be, in check mode too."""
    if not path.parent.is_dir():
        raise NotADirectoryError(f"there is no folder {path.parent}")
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else None
