# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds or removes one Windows package on the host; never restarts it."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.errors import refuse_orphan
from ..plugin_utils._actions.host import Host, words_of
from ..plugin_utils._actions.options import OptionError, Options, shown
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.names import normalize_kb

# What each state cannot use.
_FORBIDS = {"present": ("identity", "kb"), "absent": ("path", "sha256")}


class ActionModule(HotpatchAction):
    """One round trip to the payload, after its options were checked."""

    _hotpatch_spec = SPECS["package"]

    def _hotpatch_check(self, options: Options) -> None:
        state = str(options.args["state"])
        if options.args.get("kb") and normalize_kb(options.args["kb"]) is None:
            raise OptionError(f"kb: {shown(options.args['kb'])} is not a KB number, such as KB5094125.")
        for name in _FORBIDS[state]:
            if options.args.get(name):
                raise OptionError(f"{name}: {shown(options.args[name])} means nothing with state={state}. Leave it out, or change state.")

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        names = ("state", "identity", "kb", "path", "sha256", "prerequisites")
        refuse_orphan(host.name, f"the change of packages (state={host.options.args['state']})")
        args = {**host.options.args, "kb": normalize_kb(host.options.args.get("kb"))}
        result = host.module("winops.hotpatch.package", {name: args[name] for name in names if args.get(name)})
        result.pop("invocation", None)
        if "msg" in result:
            result["msg"] = words_of(result)
        return result
