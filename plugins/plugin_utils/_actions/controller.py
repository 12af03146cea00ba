# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shared part of modules that read files of the controller and touch no host."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible.utils.display import Display

from .._catalog.catalog import Catalog, CatalogError, load_catalog
from .._values.names import is_month
from .._values.plain import plain
from .options import OptionError, read_as_of, shown
from .returning import ReturningAction


class ControllerAction(ReturningAction):
    """Template of an action: it validates, then hands over to C(_hotpatch_look) of the subclass.

    Nothing is changed, so check mode does the same.
    """

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = self._hotpatch_validate()
        result = self._hotpatch_look(plain(args), datetime.now(UTC).replace(microsecond=0))
        if args["show"]:
            Display().display("\n".join(result["table"]))
        return dict(plain(result))

    @abstractmethod
    def _hotpatch_look(self, args: Mapping[str, Any], clock: datetime) -> dict[str, Any]:
        """Do what the module is for and return its result, with its lines in C(table). To be given by the subclass."""


def load_overlays(option: str, paths: Sequence[str]) -> Catalog:
    """Return the catalog with PATHS laid over it; raise OptionError naming OPTION."""
    try:
        return load_catalog(paths)
    except CatalogError as error:
        raise OptionError(f"{option}: {error}") from error


def read_month(option: str, value: object) -> str | None:
    """Return VALUE if it is a month, None if it is not set; raise OptionError naming OPTION."""
    if value is None:
        return None
    if not is_month(str(value)):
        raise OptionError(f"{option}: {shown(value)} is not a month. Write it like 2026-06.")
    return str(value)


def moment_of(args: Mapping[str, Any], clock: datetime) -> datetime:
    """Return the moment that C(as_of) names, or CLOCK."""
    return read_as_of(args["as_of"]) if args.get("as_of") else clock
