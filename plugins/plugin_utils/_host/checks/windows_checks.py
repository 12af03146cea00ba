# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of version, edition, architecture and build."""

from __future__ import annotations

from ..._observation.facts import Os
from ..product_line import Applies, is_azure_edition
from .check import DOC_CLIENT, DOC_HOTPATCH, DOC_SERVER, Check, CheckInput, Criterion

_ORDINARY = "Keep to ordinary updates, or move to a Windows that hotpatches."
_EVALUATION_SKUS = (79, 80)
_STANDARD_OR_DATACENTER_SKUS = (7, 8, 12, 13)
_CLIENT_NEVER = ("core", "cloudedition", "starter")
_CLIENT_ALWAYS = ("enterprise", "education", "iotenterprise", "serverrdsh")


def os_release(given: CheckInput) -> Check:
    """The version of Windows has hotpatches."""
    required = "Windows Server 2022 Datacenter: Azure Edition, Windows Server 2025, Windows 11 24H2 or 25H2"
    criterion = Criterion("os_release", required, DOC_HOTPATCH)
    os = given.observation.os
    seen = None if os is None else f"build {os.build}, {os.edition_id}"
    if given.finding.applies is Applies.YES:
        return criterion.passed(seen, given.finding.reason)
    if given.finding.applies is Applies.NO:
        return criterion.never(seen, given.finding.reason, _ORDINARY)
    return criterion.unknown(given.finding.reason, "Gather os again, or update the collection.", seen)


def edition(given: CheckInput) -> Check:
    """The edition has hotpatches."""
    os = given.observation.os
    if os is None or (os.edition_id is None and os.sku is None):
        return Criterion("edition", "an edition that hotpatches").unknown("The edition could not be read.", "Gather os again.")
    if given.is_client:
        return _client_edition(os.edition_id, given.hotpatch_seen)
    if given.line == "ws2022_azure":
        criterion = Criterion("edition", "Datacenter: Azure Edition", DOC_HOTPATCH)
        return criterion.passed(os.edition_id, f"EditionID {os.edition_id}, SKU {os.sku} is Datacenter: Azure Edition.")
    platform = given.observation.platform
    return _server_2025_edition(os, azure_vm=bool(platform and platform.azure_vm))


def _server_2025_edition(os: Os, *, azure_vm: bool) -> Check:
    criterion = Criterion("edition", "Standard, Datacenter or Datacenter: Azure Edition", DOC_SERVER)
    name, what = (os.edition_id or "").lower(), f"EditionID {os.edition_id}, SKU {os.sku}"
    if os.sku in _EVALUATION_SKUS or name.startswith(("serverstandardeval", "serverdatacentereval")):
        reason = f"{what} is an evaluation copy, which has no license for hotpatches."
        return criterion.failed(os.edition_id, reason, "Convert it to a licensed edition (DISM /Set-Edition).", needs_restart=True)
    azure = is_azure_edition(os)
    if azure is None:
        return criterion.unknown(f"{what} contradict each other.", "Gather os again; report it if it stays so.", os.edition_id)
    if azure:
        return criterion.passed(os.edition_id, f"{what} is Datacenter: Azure Edition.")
    if azure_vm:
        reason = f"On an Azure VM only Datacenter: Azure Edition hotpatches; this is {what}."
        return criterion.failed(os.edition_id, reason, "Redeploy it from a Datacenter: Azure Edition image.", needs_restart=True)
    if name.startswith(("serverdatacenter", "serverstandard")) or (not name and os.sku in _STANDARD_OR_DATACENTER_SKUS):
        return criterion.passed(os.edition_id, f"{what} hotpatches.")
    return criterion.never(os.edition_id, f"{what} is not among the editions that hotpatch.", _ORDINARY)


def _client_edition(name: str | None, hotpatch_seen: str | None) -> Check:
    required = "Enterprise, Education, IoT Enterprise or multi-session; Pro only with a license that brings hotpatches"
    criterion = Criterion("edition", required, DOC_CLIENT)
    lower = (name or "").lower()
    if not lower:
        return criterion.unknown("EditionID could not be read.", "Gather os again.")
    if lower.startswith(_CLIENT_NEVER):
        return criterion.never(name, f"EditionID {name} (Home or SE) never gets hotpatches.", _ORDINARY)
    if lower.startswith(_CLIENT_ALWAYS):
        return criterion.passed(name, f"EditionID {name} hotpatches.")
    if hotpatch_seen:
        return criterion.passed(name, f"EditionID {name} hotpatches here: {hotpatch_seen} is installed.")
    reason = f"Whether EditionID {name} gets hotpatches depends on its license, and no installed hotpatch proves it."
    return criterion.unknown(reason, "Confirm the license (Windows E3 or E5, Business Premium), or move to Enterprise.", name)


def architecture(given: CheckInput) -> Check:
    """The processor architecture has hotpatches."""
    allowed = ("amd64", "arm64") if given.is_client else ("amd64",)
    criterion = Criterion("architecture", " or ".join(allowed), DOC_CLIENT if given.is_client else DOC_SERVER)
    seen = given.observation.os.architecture if given.observation.os else None
    if seen is None:
        return criterion.unknown("The architecture could not be read.", "Gather os again.")
    if seen in allowed:
        return criterion.passed(seen, f"Architecture {seen} hotpatches.")
    return criterion.never(seen, f"Architecture {seen} gets no hotpatches on this line.", _ORDINARY)


def build_floor(given: CheckInput) -> Check:
    """The build is not older than the first that hotpatches."""
    os = given.observation.os
    arm = os is not None and os.architecture == "arm64"
    floor = {"ws2025": 1742, "win11_24h2": 4929 if arm else 2033}.get(given.line)
    if floor is None:
        return Criterion("build_floor", "no minimum").not_needed("Every build of this line hotpatches.")
    criterion = Criterion("build_floor", f"26100.{floor} or later", DOC_CLIENT if given.is_client else DOC_SERVER)
    build = os.full_build if os else None
    if build is None:
        return criterion.unknown("The revision (UBR) could not be read.", "Gather os again.")
    if build.revision >= floor:
        return criterion.passed(str(build), f"Build {build} is not below the first that hotpatches.")
    reason = f"Build {build} is below 26100.{floor}, the first that hotpatches."
    return criterion.failed(str(build), reason, "Install the current baseline and restart.", needs_restart=True)
