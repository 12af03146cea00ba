# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a rehearsal left behind and writes its summary as JSON, text and page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.utils.display import Display

from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.options import shown
from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._catalog.catalog import load_catalog
from ..plugin_utils._rehearsal.by_month import by_month
from ..plugin_utils._rehearsal.folder import Folder
from ..plugin_utils._rehearsal.page import as_page
from ..plugin_utils._rehearsal.results import read_results
from ..plugin_utils._rehearsal.specs import SPECS
from ..plugin_utils._rehearsal.summary import final_states, restarts_not_allowed, summarize
from ..plugin_utils._rehearsal.tables import totals
from ..plugin_utils._rehearsal.text import as_text, in_words
from ..plugin_utils._values.printable import clean


class ActionModule(ReturningAction):
    """Files of the controller in, files of the controller out."""

    _hotpatch_spec = SPECS["internal_rehearsal_summary"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = self._hotpatch_validate()
        folder = Folder(Path(str(args["out"])).absolute())
        try:
            results = read_results(folder)
        except (OSError, ValueError, KeyError) as error:
            raise ActionError(
                f"out: {shown(str(folder.root))} does not hold the files of a rehearsal: {clean(error)}."
                " Run winops.hotpatch.rehearse into it."
            ) from error
        if not results.runs:
            raise ActionError(f"out: {shown(str(folder.root))} holds no run of a rehearsal. Run winops.hotpatch.rehearse into it.")
        catalog = load_catalog()
        summary, states = summarize(results, catalog), final_states(results)
        not_allowed = restarts_not_allowed(results, catalog)
        text = as_text(summary, states, folder, not_allowed)
        if not self._task.check_mode:
            folder.summary_json.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
            folder.summary_text.write_text(text, encoding="utf-8")
            folder.report.write_text(as_page(summary, states, by_month(results)), encoding="utf-8")
        if args["show"]:
            Display().display(text)
        found = {"changed": True, "summary": summary, "totals": totals(summary), "states": states, "report": str(folder.report)}
        found["restarts_not_allowed"] = not_allowed
        # What a rehearsal is for: to learn of this before a real fleet does.
        return found | ({"failed": True, "msg": in_words(not_allowed)} if not_allowed else {})
