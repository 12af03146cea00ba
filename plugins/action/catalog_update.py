# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports MSRC's security documents into an overlay of the catalog. Runs on the controller only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.options import OptionError, shown
from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._catalog.catalog import CatalogError, load_catalog, overlay_files
from ..plugin_utils._msrc.fetching import Fetching
from ..plugin_utils._msrc.importing import Import, Wanted, check_dest, run_import, verify, write
from ..plugin_utils._msrc.limits import Limits
from ..plugin_utils._msrc.outline import outline
from ..plugin_utils._msrc.overlay import render
from ..plugin_utils._msrc.problems import CvrfError
from ..plugin_utils._values.names import is_month

# RestartRequired of hotpatches and updates of other months are in every document; they stand in the file only.
_USUAL = frozenset({"restart_not_believed", "release_of_another_month"})


class ActionModule(ReturningAction):
    """Documents in, one overlay file out."""

    _hotpatch_spec = SPECS["catalog_update"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = self._hotpatch_validate()
        dest = Path(os.path.abspath(str(args["dest"])))  # noqa: PTH100  # resolve() would follow a link that dest may be
        try:
            wanted = _wanted(args, keep=not self._task.check_mode)
            check_dest(dest)
            below = _files_below(args["catalog"], dest)
            result = run_import(wanted, load_catalog(below), dest)
            verify(result, below, dest)
            if result.changed and not self._task.check_mode:
                write(result, dest)
        except (CvrfError, CatalogError) as error:
            raise ActionError(error) from error
        answer = _answer(result, dest)
        if self._task.diff:
            answer["diff"] = [
                {"before_header": str(dest), "after_header": str(dest), "before": outline(result.before), "after": outline(result.after)}
            ]
        return answer


def _wanted(args: dict[str, Any], *, keep: bool) -> Wanted:
    """Return the request in the options; raise OptionError on the first option that cannot be used."""
    for month in args["months"]:
        if not is_month(month):
            raise OptionError(f"months: {shown(month)} is not a month. Write it like 2026-06, in quotes.")
    lowest = {"timeout": 1, "retries": 0, "retry_wait": 0, "max_bytes": 1024}
    for name, least in lowest.items():
        if args[name] < least:
            raise OptionError(f"{name}: {args[name]} is below {least}. Give a larger number.")
    cache = Path(str(args["cache"])).absolute() if args["cache"] else None
    if cache is not None and cache.exists() and not cache.is_dir():
        raise OptionError(f"cache: {shown(str(cache))} is not a folder. Give a folder, which is created if need be.")
    files = {name: str(Path(args[name]).absolute()) if args[name] else None for name in ("ca_path", "client_cert", "client_key")}
    for name, path in files.items():
        if path is not None and not (Path(path).is_file() and os.access(path, os.R_OK)):
            raise OptionError(f"{name}: {shown(path)} is not a file that can be read. Give a file in PEM format.")
    fetching = Fetching(
        proxy=args["proxy"] or None,
        validate_certs=args["validate_certs"],
        ca_path=files["ca_path"],
        client_cert=files["client_cert"],
        client_key=files["client_key"],
        timeout=args["timeout"],
        retries=args["retries"],
        wait=float(args["retry_wait"]),
        max_bytes=args["max_bytes"],
        cache=cache,
        keep=keep,
    )
    limits = Limits(packed=args["max_bytes"], unpacked=args["max_bytes"])
    return Wanted(tuple(args["sources"]), tuple(args["months"]), args["url"], limits, fetching)


def _files_below(overlays: list[str], dest: Path) -> list[Path]:
    """Return the overlays without the file that is being written: an import must not be judged by its own results."""
    return [path for path in overlay_files(overlays) if not (path.exists() and dest.exists() and path.samefile(dest))]


def _answer(result: Import, dest: Path) -> dict[str, Any]:
    releases = [
        {"line": line, **entry}
        for item in sorted(result.contributions, key=lambda item: item.document["id"])
        for line, entries in sorted(item.releases.items())
        for entry in entries
    ]
    findings = [finding for item in sorted(result.contributions, key=lambda item: item.document["id"]) for finding in item.findings]
    new = [release for release in releases if "source" in release]
    unknown = [release for release in new if release["kind"] == "unknown"]
    msg = (
        f"{len(result.documents)} documents read: {len(releases)} releases found, {len(new)} of them not in the catalog"
        f" ({len(unknown)} of an unknown kind), {len(findings)} findings."
    )
    return {
        "changed": result.changed,
        "dest": str(dest),
        "documents": result.documents,
        "releases": releases,
        "findings": findings,
        "open": [
            f"{finding['month']} {finding['line']}: {finding['message']}. {finding['decision']}"
            for finding in findings
            if finding["rule"] not in _USUAL
        ],
        "cves": sum(len(item.cves) for item in result.contributions),
        "bytes": len(render(result.after).encode()),
        "msg": msg,
    }
