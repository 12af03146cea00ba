# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the input of a rehearsal, makes its folder ready and says which runs it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.vars.manager import VariableManager

from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.options import shown
from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._catalog.catalog import load_catalog
from ..plugin_utils._inputs.unknown_names import More, unknown_names
from ..plugin_utils._rehearsal.folder import Folder
from ..plugin_utils._rehearsal.plan import plan_runs
from ..plugin_utils._rehearsal.problems import RehearsalError
from ..plugin_utils._rehearsal.specs import SPECS
from ..plugin_utils._rehearsal.variables import OTHERS, VARIABLES
from ..plugin_utils._values.printable import clean

_CONNECTION = "winops.hotpatch.rehearsal"


class ActionModule(ReturningAction):
    """Nothing is removed and nothing is run before all of the input is good."""

    _hotpatch_spec = SPECS["internal_rehearsal_plan"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = self._hotpatch_validate()
        folder = Folder(Path(str(args["out"])).absolute())
        inventory = Path(str(args["inventory"])).absolute()
        extra_days = args["extra_days"]
        try:
            runs = plan_runs(
                _text(args["from"]), _text(args["to"]), extra_days if isinstance(extra_days, list) else _text(extra_days), load_catalog()
            )
            hosts = self._hosts(inventory)
            folder.check()
            if not self._task.check_mode:
                folder.prepare()
        except RehearsalError as error:
            raise ActionError(error) from error
        except OSError as error:
            raise ActionError(
                f"hotpatch_rehearsal_out: {shown(str(folder.root))} cannot be made ready: {clean(error)}. Name another folder."
            ) from error
        return {
            "changed": True,
            "runs": [run.to_dict() for run in runs],
            "hosts": hosts,
            "inventory": str(inventory),
            "out": str(folder.root),
        }

    def _hosts(self, inventory: Path) -> list[str]:
        """Return the hosts of the inventory. Refuses one that would reach a real host."""
        if not inventory.exists():
            raise RehearsalError(
                "inventory",
                str(inventory),
                "There is no such file. Give the path of an inventory, or leave it out for the collection's own fleet.",
            )
        try:
            manager = InventoryManager(loader=self._loader, sources=[str(inventory)])
            variables = VariableManager(loader=self._loader, inventory=manager)
            found = sorted(manager.get_hosts("all"), key=lambda host: str(host.name))
            if not found:
                raise RehearsalError("inventory", str(inventory), "It has no host. Look at it with ansible-inventory --list.")
            if "ansible_connection" in variables.extra_vars:
                raise RehearsalError(
                    "inventory",
                    str(inventory),
                    "The extra variable (-e) ansible_connection wins over the connection of every host in it. Leave it out.",
                )
            for host in found:
                given = variables.get_vars(host=host, include_hostvars=False)
                connection = given.get("ansible_connection")
                if connection != _CONNECTION:
                    raise RehearsalError(
                        "inventory",
                        str(inventory),
                        f"{clean(host.name)} has ansible_connection {shown(connection)}, which may be a real host."
                        f" Set it to {_CONNECTION}.",
                    )
                unknown = unknown_names(map(str, given), More(VARIABLES, OTHERS))
                if unknown:
                    raise RehearsalError("inventory", str(inventory), f"{clean(host.name)} has {unknown[0]}")
        except AnsibleError as error:
            raise RehearsalError("inventory", str(inventory), f"It cannot be read: {clean(error)}") from error
        return [str(host.name) for host in found]


def _text(value: object) -> object:
    return str(value) if isinstance(value, str) else value
