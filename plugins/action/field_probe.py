# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes down what Windows answers on one host, without what names it, as a fixture on the controller."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.errors import ActionError, NoAnswerError
from ..plugin_utils._actions.host import Host, words_of
from ..plugin_utils._actions.options import shown
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._field_probe.fixture import as_fixture
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.atomic_file import write_atomically
from ..plugin_utils._values.printable import clean


class ActionModule(HotpatchAction):
    """One round trip to the payload; names are taken out here, before anything is kept."""

    _hotpatch_spec = SPECS["field_probe"]

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        result = host.module("winops.hotpatch.field_probe", {"dest": "controller", "restart_check": host.options.args["restart_check"]})
        if result.get("failed") or "found" not in result:
            raise NoAnswerError(f"The host could not be probed: {words_of(result) or 'the payload returned nothing'}")
        fixture = as_fixture(dict(result["found"]), [*result.get("names", []), host.name, *host.name.split(".")[:1]])
        path = Path(str(host.options.args["dest"])).expanduser()
        text = json.dumps(fixture, indent=1, sort_keys=True) + "\n"
        try:
            before = path.read_text(encoding="utf-8") if path.is_file() else None
            if before != text and not self._task.check_mode:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, text.encode())
        except (OSError, UnicodeDecodeError) as error:
            remedy = "Name a file in a folder that you may write to."
            raise ActionError(f"dest: {shown(str(path))} cannot be written: {clean(error)}. {remedy}") from error
        problems = [clean(f"{item['probe']}: {item['hresult'] or ''} {item['message']}") for item in fixture["probe_errors"]]
        return {
            "changed": before != text,
            "dest": str(path),
            "problems": problems,
            "msg": f"{path}: {len(fixture['offers'])} updates on offer, {len(fixture['history'])} in the history,"
            f" {len(fixture['packages'])} packages, {len(problems)} problems. Read it before you pass it on.",
        }
