# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all modules share, read and refused before any host is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from .._catalog.catalog import Catalog, CatalogError, load_catalog
from .._policy.policy import Intent, Policy, PolicyError, RestartPolicy, parse_policy
from .._run_records.naming import new_run_id
from .._run_records.store import RecordsError, RunStore
from .._values.printable import clean
from .errors import ActionError

_KB = re.compile(r"^KB[0-9]{6,8}$")
_SHA256 = re.compile(r"^[0-9A-Fa-f]{64}$")
_RELEASE_HOUR = time(18, tzinfo=UTC)


class OptionError(ActionError):
    """An option has a value that cannot be used; the message names the option, the value and the remedy."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one module call, in the types of the rooms below."""

    restart_policy: RestartPolicy
    intent: Intent
    policy: Policy
    catalog: Catalog
    now: datetime
    store: RunStore | None
    run_id: str
    args: Mapping[str, Any]

    @property
    def kb(self) -> str | None:
        """The one KB that is asked for by name."""
        value = self.args.get("kb")
        return str(value) if value else None


def read_options(args: Mapping[str, Any], clock: datetime) -> Options:
    """Turn validated module arguments into Options. CLOCK (UTC) stands in where no C(now) is given.

    Raises OptionError for what the argument spec cannot check: dates, KB numbers, the catalog, the folder of records.
    """
    try:
        catalog = load_catalog([str(path) for path in args.get("catalog") or []])
    except CatalogError as error:
        raise OptionError(f"catalog: {error}") from error
    try:
        policy = parse_policy(plain(args.get("policy") or {}))
    except PolicyError as error:
        raise OptionError(str(error)) from error
    now = read_moment("now", args["now"]) if args.get("now") else clock
    for name in ("kb",):
        if args.get(name) is not None and not _KB.match(str(args[name])):
            raise OptionError(f"{name}: {shown(args[name])} is no KB number. Write it like KB5094125.")
    check_sha256("sha256", args.get("sha256"))
    for index, entry in enumerate(args.get("prerequisites") or []):
        check_sha256(f"prerequisites[{index}].sha256", entry.get("sha256"))
    timeout = args.get("reboot_timeout")
    if timeout is not None and timeout <= 0:
        raise OptionError(f"reboot_timeout: {timeout!r} is no number of seconds above 0. The default is 1200.")
    if args.get("deny_until"):
        read_moment("deny_until", args["deny_until"])
    store = None
    if args.get("records"):
        store = RunStore(str(args["records"]))
        try:
            store.check()
        except RecordsError as error:
            raise OptionError(str(error)) from error
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


def read_moment(option: str, value: object) -> datetime:
    """Return the UTC moment of VALUE: an ISO 8601 date-time, or a date, which stands for 18:00 UTC of that day.

    18:00 UTC is the hour from which the month's updates are out on Patch Tuesday (10:00 in Redmond, winter time).
    Raises OptionError naming OPTION.
    """
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), _RELEASE_HOUR)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise OptionError(
            f"{option}: {shown(text)} is no date or date-time. Write UTC in ISO 8601, like 2026-06-09 or 2026-06-09T18:00:00Z."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def shown(value: object) -> str:
    """Return the value of an option as a message shows it."""
    return clean(repr(plain(value)))


def check_sha256(option: str, value: object) -> None:
    """Raise OptionError unless VALUE is absent or 64 hexadecimal digits."""
    if value is not None and not _SHA256.match(str(value)):
        raise OptionError(f"{option}: {shown(value)} is no SHA-256. Give the 64 hexadecimal digits that Get-FileHash prints.")


def plain(value: Any) -> Any:
    """Return VALUE without ansible-core's tagged types, which third parties and json may not take."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value
