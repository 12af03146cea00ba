# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release that a host runs. The build alone can name two (KB5070881 and KB5070893 are both 26100.6905); then the KBs decide."""

from __future__ import annotations

from dataclasses import dataclass

from .._catalog.catalog_view import CatalogView
from .._catalog.release import Release
from .._catalog.release_index import OffRelease
from .._values.build import Build
from .installed import Evidence


@dataclass(frozen=True, slots=True)
class Identity:
    """The release that the host runs: one of the track, a cumulative update off it, or neither if it cannot be told."""

    on: Release | None
    off: OffRelease | None
    reason: str


def identify(view: CatalogView, build: Build | None, evidence: Evidence) -> Identity:
    """Return the release that a host of BUILD and EVIDENCE runs."""
    if build is None:
        return Identity(None, None, "The build of the host could not be read; gather os again.")
    on = [release for release in view.track if build in release.builds]
    off = [release for release in view.off_releases if release.build == build]
    if not on and not off:
        return Identity(None, None, _unknown_build(view, build))
    if on and not off:
        return Identity(on[-1], None, f"Build {build} is {on[-1]}.")
    if off and not on:
        return Identity(None, off[-1], f"Build {build} is the ordinary cumulative update {off[-1].kb} of {off[-1].month}.")
    shown_off = [release for release in off if evidence.has(release.kb)]
    shown_on = [release for release in on if evidence.has(release.kb)]
    if shown_off:
        return Identity(None, shown_off[-1], f"Build {build} with {shown_off[-1].kb} installed is off the hotpatch track.")
    if shown_on:
        return Identity(shown_on[-1], None, f"Build {build} with {shown_on[-1].kb} installed is {shown_on[-1]}.")
    names = " or ".join(sorted({release.kb for release in on} | {release.kb for release in off}))
    return Identity(
        None, None, f"Build {build} is {names}, and neither is listed in history, quick fixes or packages; check which one is installed."
    )


def _unknown_build(view: CatalogView, build: Build) -> str:
    unsettled = [release for release in view.unsettled if build in release.builds]
    if unsettled:
        return f"Build {build} is {unsettled[0]}, whose kind is not settled, so it is not known whether it keeps the track."
    later = [release for release in view.later if build in release.builds]
    if later:
        return f"Build {build} is {later[0]}, released after {view.now:%Y-%m-%d %H:%M} UTC; check the date asked for and the clocks."
    return (
        f"Build {build} is not in the catalog of {view.line} (generated {view.generated}): it may be an optional preview "
        "or a newer release. Update the catalog, or find out what was installed."
    )
