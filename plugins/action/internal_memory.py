# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Claims a host before it is taken out of service, gives it back, and changes what it remembers for a person; each is one write."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.claiming import claim_for, end_claim
from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.options import OptionError, Options, date_or_moment
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.other_numbers import installed_as
from ..plugin_utils._memory.by_person import OWNER, REASON, Deed, Person, changed, lines
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.printable import clean

# So often a change is made anew where a run has written the memory in between.
_TRIES = 3


class ActionModule(HotpatchAction):
    """The role's part in the claim of its run, and a person's in what the host remembers."""

    _hotpatch_spec = SPECS["internal_memory"]

    def _hotpatch_keeps_record(self, options: Options) -> bool:
        return False

    def _hotpatch_check(self, options: Options) -> None:
        args = options.args
        if args["do"] in ("claim", "give_back"):
            return
        if args["memory"] == "records" and options.store is None:
            raise OptionError("records: needed with memory=records. Name the folder of run records, in which the memory of each host lies.")
        deed = Deed(args["do"])
        for name in ("owner", "reason") if deed.needs_owner else ():
            if not str(args[name] or "").strip():
                raise OptionError(f"{name}: needed with {deed}. Somebody has to answer for it: give owner and reason.")
        if deed is Deed.LIFT and not args["kb"]:
            raise OptionError("kb: needed with lift. Name the update whose denial ends, like KB5094125.")
        if args["hold_until"]:
            date_or_moment("hold_until", args["hold_until"])

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        args = host.options.args
        if args["do"] not in ("claim", "give_back"):
            return self._hotpatch_by_person(host, Deed(args["do"]))
        memory, why, code = host.past.memory, None, None
        if not self._task.check_mode and memory.kept:
            if args["do"] == "claim":
                code, why = claim_for(host, run, args["decided"] or {}) or (None, None)
            else:
                why = end_claim(host, in_service=bool(args["in_service"]))
        done = "The host is claimed." if args["do"] == "claim" else "The host is given back."
        claimed = memory.is_held or self._task.check_mode
        result = {"changed": False, "claimed": claimed, "remembered": memory.handed_on(), "msg": why or done, "code": code}
        if args["do"] == "claim":
            return result
        return result | {"in_service": bool(args["in_service"])} | ({"warnings": [why]} if why else {})

    def _hotpatch_by_person(self, host: Host, deed: Deed) -> dict[str, Any]:
        """Do DEED for a person and return the memory as it is then."""
        args, memory = host.options.args, host.past.memory
        # As it was written: a date includes the whole day, and is shown so.
        until = str(args["hold_until"]).strip() if args["hold_until"] else None
        kb = installed_as(host.options.catalog, args["kb"]) if args["kb"] else None
        for _try in range(_TRIES):
            host.look([])
            by = Person(
                clean(args["owner"], OWNER),
                clean(args["reason"], REASON),
                memory.clock() or host.now(),
                until,
            )
            new = changed(memory.memory, deed, by, kb)
            is_new = new != memory.memory
            if is_new and memory.found is not None and memory.found.unusable:
                raise ActionError(f"The memory of the host cannot be written: {memory.found.unusable}.")
            if is_new and not self._task.check_mode:
                host.look([], partial(changed, deed=deed, by=by, kb=kb))
                if memory.found is None or not memory.found.written:
                    continue
            told = lines(new)
            return {
                "changed": is_new,
                "claimed": False,
                "code": None,
                "lines": told,
                "remembered": memory.handed_on(),
                "msg": "; ".join(told),
            }
        raise ActionError("The memory of the host was written by runs again and again. Run again, or hold the host first.")
