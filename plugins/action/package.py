# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds, removes or queries one Windows package on the host; never restarts it."""

from __future__ import annotations

from typing import Any

from ..plugin_utils.actions.argument_spec import PACKAGE
from ..plugin_utils.actions.base import HotpatchAction
from ..plugin_utils.actions.options import OptionError, Options

# What each state needs, and what it cannot use.
_NEEDS = {"present": "path", "absent": "identity"}
_FORBIDS = {"query": ("path", "sha256"), "present": ("identity",), "absent": ("path", "sha256")}


class ActionModule(HotpatchAction):
    """One round trip to the payload, after its options were checked."""

    _hotpatch_spec = PACKAGE

    def _hotpatch_check(self, options: Options) -> None:
        state = str(options.args["state"])
        needed = _NEEDS.get(state)
        if needed and not options.args.get(needed):
            raise OptionError(f"{needed}: missing. state={state} needs it.")
        for name in _FORBIDS[state]:
            if options.args.get(name):
                raise OptionError(f"{name}: {options.args[name]!r} means nothing with state={state}. Leave it out, or change state.")

    def _hotpatch_run(self, options: Options) -> dict[str, Any]:
        names = ("state", "identity", "path", "sha256", "prerequisites")
        result = self._hotpatch_module("winops.hotpatch.package", {name: options.args[name] for name in names if options.args.get(name)})
        result.pop("invocation", None)
        return result
