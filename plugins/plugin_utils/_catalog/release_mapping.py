# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One release as a file writes it: what its fields may be, and what the fields together must make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._values.patch_tuesday import month_of, patch_tuesday, split_month
from .catalog_error import CatalogError
from .mapping import CheckedMapping, Keys, OneOf
from .release import CONFIDENCES, HOTPATCHES, MONTHLY, Denial, Kind, Release

_REQUIRED = ("released", "kind", "build", "restart")
_REQUIRED_UNSETTLED = ("released", "kind", "build")
PLANNED_KIND = OneOf((Kind.BASELINE.value, Kind.HOTPATCH.value), Kind)


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """The fields that one file gives for one release; a field that is null clears what an earlier file said."""

    where: str
    month: str
    kb: str
    fields: Mapping[str, Any]


RELEASE = Keys(
    ReleaseEntry,
    {
        "month": CheckedMapping.month,
        "kb": CheckedMapping.kb,
        "aliases": CheckedMapping.kbs,
        "released": CheckedMapping.day,
        "kind": OneOf(tuple(Kind), Kind),
        "planned_kind": PLANNED_KIND,
        "build": CheckedMapping.build,
        "disputed_build": CheckedMapping.build,
        "lcu_kb": CheckedMapping.kb,
        "lcu_build": CheckedMapping.build,
        "restart": CheckedMapping.flag,
        "confidence": OneOf(CONFIDENCES),
        "source": CheckedMapping.texts,
        "note": CheckedMapping.text,
        "withdrawn": CheckedMapping.flag,
        "denied": CheckedMapping.flag,
        "reason": CheckedMapping.text,
        "denied_until": CheckedMapping.day,
        "denied_except": CheckedMapping.texts,
    },
    required=("month", "kb"),
)


def read_release(entry: CheckedMapping) -> ReleaseEntry:
    """Return the fields of ENTRY, each judged by itself, with what this file alone must make plain."""
    entry.require()
    fields = {key: entry.get(key) for key in entry.data}
    for mark in ("withdrawn", "denied"):
        if fields.get(mark) and not fields.get("reason"):
            raise entry.error(f"reason is missing: an entry with {mark}: true must say why")
    if fields.get("reason") and "withdrawn" not in fields and "denied" not in fields:
        raise entry.error("reason belongs to withdrawn or denied, and this entry has neither")
    return ReleaseEntry(entry.where, fields["month"], fields["kb"], fields)


def lay_over(known: Mapping[str, Any], entry: ReleaseEntry) -> dict[str, Any]:
    """Return the fields KNOWN of a release, corrected by those of ENTRY. What is taken back takes its explanation along."""
    fields = {**known, **entry.fields}
    own = entry.fields
    if "denied" in own and not own["denied"]:
        fields.update({key: own.get(key) for key in ("denied_until", "denied_except")})
    if not fields.get("denied") and not fields.get("withdrawn"):
        fields["reason"] = own.get("reason")
    return {key: value for key, value in fields.items() if value is not None}


def build_release(file: str, where: str, line: str, fields: Mapping[str, Any], *, is_new: bool) -> Release:
    """Return the release that FIELDS make together; raise CatalogError with the first rule that they break.

    IS_NEW says that nothing earlier had this release.
    """

    def error(rule: str) -> CatalogError:
        return CatalogError(file, where, rule)

    kind = fields.get("kind")
    missing = [key for key in (_REQUIRED_UNSETTLED if kind is Kind.UNKNOWN else _REQUIRED) if key not in fields]
    if missing or not isinstance(kind, Kind):
        why = f"a release of kind {kind.value} needs it" if isinstance(kind, Kind) else "null clears a field, and this one is needed"
        if is_new:
            why = f"nothing earlier has {fields['kb']} of {fields['month']} for {line}, so there is nothing to correct, only to add"
        raise error(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: {why}")
    for broken in (_broken_plan(kind, fields), _broken_date(kind, fields), _broken_builds(kind, fields), _broken_denial(fields)):
        if broken is not None:
            raise error(broken)
    return Release(
        line=line,
        month=fields["month"],
        released=fields["released"],
        kind=kind,
        planned_kind=fields.get("planned_kind"),
        kb=fields["kb"],
        build=fields["build"],
        disputed_build=fields.get("disputed_build"),
        lcu_kb=fields.get("lcu_kb"),
        lcu_build=fields.get("lcu_build"),
        restart=None if kind is Kind.UNKNOWN else fields["restart"],
        confidence=fields.get("confidence", "documented"),
        source=fields.get("source", ()),
        note=fields.get("note"),
        aliases=fields.get("aliases", ()),
        withdrawn=fields["reason"] if fields.get("withdrawn") else None,
        denial=Denial(fields["reason"], fields.get("denied_until"), fields.get("denied_except", ())) if fields.get("denied") else None,
    )


def _broken_plan(kind: Kind, fields: Mapping[str, Any]) -> str | None:
    planned = fields.get("planned_kind")
    if kind in MONTHLY and planned is None:
        return f"planned_kind must be baseline or hotpatch where kind is {kind.value}, not None"
    if kind not in MONTHLY and kind is not Kind.UNKNOWN and planned is not None:
        return f"planned_kind has no meaning where kind is {kind.value}; leave it out"
    if (kind is Kind.BASELINE and planned is not Kind.BASELINE) or (kind is Kind.UNPLANNED_BASELINE and planned is not Kind.HOTPATCH):
        return f"kind {kind.value} contradicts planned_kind {planned.value if planned else None}"
    if kind is not Kind.UNKNOWN and not fields["restart"] and kind not in HOTPATCHES:
        return f"restart cannot be false where kind is {kind.value}"
    return None


def _broken_date(kind: Kind, fields: Mapping[str, Any]) -> str | None:
    month, released = fields["month"], fields["released"]
    if month_of(released) != month:
        return f"released {released} is not in month {month}"
    tuesday = patch_tuesday(*split_month(month)).date()
    if "note" in fields or kind is Kind.UNKNOWN:
        return None
    if kind in MONTHLY and released != tuesday:
        return f"released {released} is not the Patch Tuesday of {month} ({tuesday}), on which kind {kind.value} comes out; say why in note"
    if kind not in MONTHLY and released == tuesday:
        return f"released {released} is the Patch Tuesday of {month}, and kind {kind.value} is out of band; say why in note"
    return None


def _broken_builds(kind: Kind, fields: Mapping[str, Any]) -> str | None:
    if ("lcu_kb" in fields) != ("lcu_build" in fields):
        return "lcu_kb and lcu_build go together"
    if "lcu_kb" in fields and kind not in HOTPATCHES and kind is not Kind.UNKNOWN:
        return f"lcu_kb has no meaning where kind is {kind.value}, which is the cumulative update itself; leave it out"
    if fields.get("lcu_kb") == fields["kb"]:
        return f"lcu_kb is {fields['kb']} itself; it is the other update, which leaves the track"
    if fields["kb"] in fields.get("aliases", ()):
        return f"aliases has {fields['kb']} itself; it is for the other numbers of the release"
    if fields.get("disputed_build") == fields["build"]:
        return f"disputed_build is {fields['build']} itself; it is the other build that a source gives"
    if "disputed_build" in fields and "note" not in fields:
        return "disputed_build needs a note that says who gives which build"
    return None


def _broken_denial(fields: Mapping[str, Any]) -> str | None:
    for mark in ("withdrawn", "denied"):
        if fields.get(mark) and not fields.get("reason"):
            return f"reason is missing: a release with {mark}: true must say why, and null removed the reason"
    for key in ("denied_until", "denied_except"):
        if key in fields and not fields.get("denied"):
            return f"{key} has no meaning without denied: true"
    return None
