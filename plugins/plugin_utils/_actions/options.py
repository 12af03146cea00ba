# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all modules share, read and refused before any host is touched."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .._catalog.catalog import Catalog, CatalogError, load_catalog
from .._policy.policy import NO_POLICY, Intent, Policy, RestartPolicy
from .._run_records.lasting import Job, refused
from .._run_records.naming import new_run_id
from .._run_records.store import RecordsError, RunStore
from .._values.file_mode import EXPECTED, OWNER_ALONE, read_mode
from .._values.moments import FIRST_YEAR, LAST_YEAR, is_near, read_day, read_moment
from .._values.names import is_sha256, normalize_kb
from .._values.plain import plain
from .._values.printable import clean
from .errors import ActionError
from .specs import SPECS

# A week: nothing that takes longer is waited for.
_MOST_SECONDS = 604800

# Ansible loads an action before it forks for each host and task, so the built-in catalog is read here, once, and not in each of the forks.
with suppress(CatalogError):  # the module that needs it says so
    load_catalog()


class OptionError(ActionError):
    """An option has a value that cannot be used; the message names the option, the value and the remedy."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one module call, in the types of the rooms below.

    C(asked) says that nothing is done and C(now) is a moment that is asked about, such as the next window.
    """

    restart_policy: RestartPolicy
    intent: Intent
    policy: Policy
    catalog: Catalog
    now: datetime
    store: RunStore | None
    run_id: str
    args: Mapping[str, Any]
    asked: bool = False

    @property
    def kb(self) -> str | None:
        """The one KB that is asked for by name."""
        value = self.args.get("kb")
        return normalize_kb(str(value)) if value else None


def read_options(args: Mapping[str, Any], clock: datetime, policy: Policy = NO_POLICY, job: Job | None = None) -> Options:
    """Turn validated module arguments and POLICY into Options. CLOCK (UTC) stands in where no C(as_of) is given, JOB is what the run is in.

    Raises OptionError for what the argument spec cannot check: dates, KB numbers, the catalog, the folder of records.
    """
    try:
        catalog = load_catalog([str(path) for path in args.get("catalog") or []])
    except CatalogError as error:
        raise OptionError(f"catalog: {error}") from error
    now = _by_now(read_as_of(args["as_of"]), args) if args.get("as_of") else clock
    if args.get("kb") is not None and normalize_kb(str(args["kb"])) is None:
        raise OptionError(f"kb: {shown(args['kb'])} is not a KB number. Write it like KB5094125.")
    check_sha256("sha256", args.get("sha256"))
    for index, entry in enumerate(args.get("prerequisites") or []):
        check_sha256(f"prerequisites[{index}].sha256", entry.get("sha256"))
    for name in ("install_timeout", "restart_timeout", "settle_timeout", "settle_wait"):
        if args.get(name) is not None and not 0 < args[name] <= _MOST_SECONDS:
            default = SPECS["update"]["argument_spec"][name]["default"]
            raise OptionError(f"{name}: {args[name]!r} is not a number of seconds from 1 to {_MOST_SECONDS}. The default is {default}.")
    if args.get("deny_until") and date_or_moment("deny_until", args["deny_until"], end_of_day=True) <= now:
        raise OptionError(
            f"deny_until: {shown(args['deny_until'])} is over at {now:%Y-%m-%d %H:%M} UTC, the moment of the decision, so nothing would be"
            " denied. Give a later day, or leave it out for the next planned baseline."
        )
    mode = read_mode(args.get("output_mode") or f"{OWNER_ALONE:04o}")
    if mode is None:
        raise OptionError(f"output_mode: {shown(args['output_mode'])} is not the mode of a file of records. {EXPECTED}")
    store = None
    if args.get("records"):
        try:
            store = RunStore(str(args["records"]), job, mode)
            store.check()
        except RecordsError as error:
            raise OptionError(str(error)) from error
        doubt = store.doubt() if args.get("memory") == "records" else None
        if doubt:
            raise OptionError(refused(doubt))
    if args.get("run_id") is not None and not str(args["run_id"]).strip():
        raise OptionError("run_id: '' is empty. Give the run a name, or leave the option out for one made from the time.")
    return Options(
        restart_policy=RestartPolicy(args.get("restart_policy") or "never"),
        intent=Intent(args.get("intent") or "auto"),
        policy=policy,
        catalog=catalog,
        now=now,
        store=store,
        run_id=str(args.get("run_id") or new_run_id()),
        args=args,
    )


def _by_now(as_of: datetime, args: Mapping[str, Any]) -> datetime:
    """Return AS_OF, or the later moment that it was when an earlier module of the same run had ended its work."""
    moment = read_moment((args.get("remembered") or {}).get("moment"))
    return moment if moment and is_near(moment) and moment > as_of else as_of


def read_as_of(value: object) -> datetime:
    """Return the UTC moment of option C(as_of): a date-time, or the last second of a date. Raises OptionError."""
    end = date_or_moment("as_of", value, end_of_day=True)
    if not is_near(end):
        raise OptionError(f"as_of: {shown(value)} lies outside of the years {FIRST_YEAR} to {LAST_YEAR}.")
    return end - timedelta(seconds=1) if read_day(str(value)) else end


def date_or_moment(option: str, value: object, *, end_of_day: bool = False) -> datetime:
    """Return the UTC moment of VALUE, a date or an ISO 8601 date-time. Raises OptionError naming OPTION."""
    moment = read_moment(str(value), end_of_day=end_of_day)
    if moment is None:
        raise OptionError(
            f"{option}: {shown(str(value).strip())} is not a date or date-time."
            " Write UTC in ISO 8601, like 2026-06-09 or 2026-06-09T18:00:00Z."
        )
    return moment


def shown(value: object) -> str:
    """Return the value of an option as a message shows it."""
    return clean(repr(plain(value)))


def check_sha256(option: str, value: object) -> None:
    """Raise OptionError unless VALUE is absent or 64 hexadecimal digits."""
    if value is not None and not is_sha256(str(value)):
        raise OptionError(f"{option}: {shown(value)} is not a SHA-256. Give the 64 hexadecimal digits that Get-FileHash prints.")
