# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the Windows update packages of the host."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.host import Host, words_of
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._run_records.run_record import RunRecord


class ActionModule(HotpatchAction):
    """One round trip to the payload."""

    _hotpatch_spec = SPECS["package_info"]

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        identity = host.options.args.get("identity")
        result = host.module("winops.hotpatch.package_info", {"identity": identity} if identity else {})
        result.pop("invocation", None)
        if result.get("failed"):
            result["msg"] = words_of(result) or "The packages of the host could not be listed: DISM gave no reason."
        else:
            result["msg"] = f"{len(result.get('packages') or [])} packages"
        return result
