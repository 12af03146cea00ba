# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what hotpatches run on: VBS, Secure Boot, CHPE, Azure Arc."""

from __future__ import annotations

from ..product_line import is_azure_edition
from .check import DOC_CLIENT, DOC_SERVER, Check, CheckInput, Criterion, Weight


def vbs_running(given: CheckInput) -> Check:
    """Virtualization-based security runs; that it is configured is not enough."""
    criterion = Criterion("vbs_running", "VirtualizationBasedSecurityStatus 2 (running)", DOC_CLIENT if given.is_client else DOC_SERVER)
    vbs = given.observation.vbs
    status = vbs.status if vbs else None
    if status is None:
        reason = f"The status of virtualization-based security is not known: {given.observation.error_of('vbs')}."
        return criterion.unknown(reason, "Gather vbs again; Win32_DeviceGuard must be readable.")
    if status == 2:
        return criterion.passed("2", "Virtualization-based security is running (status 2).")
    if status == 1:
        remedy = "Restart; if it stays so, enable virtualization and Secure Boot in the firmware or the hypervisor (Generation 2 VM)."
        return criterion.failed("1", "Virtualization-based security is enabled but not running (status 1).", remedy, needs_restart=True)
    remedy = "Set DeviceGuard EnableVirtualizationBasedSecurity to 1 and restart."
    return criterion.failed("0", "Virtualization-based security is not enabled (status 0).", remedy, needs_restart=True)


def secure_boot(given: CheckInput) -> Check:
    """Secure Boot is on, where Microsoft asks for it."""
    section = given.observation.secure_boot
    enabled = section.enabled if section else None
    seen = None if enabled is None else ("on" if enabled else "off")
    criterion = Criterion("secure_boot", "on", DOC_SERVER, Weight.IF_KNOWN)
    if given.line != "ws2025":
        return criterion.not_needed("This line asks for running VBS only.", seen)
    if enabled is None:
        return criterion.unknown(f"Secure Boot is not known: {given.observation.error_of('secure_boot')}.", "Gather secure_boot again.")
    if enabled:
        return criterion.passed(seen, "Secure Boot is on.")
    remedy = "Enable Secure Boot in the firmware (UEFI; on Hyper-V a Generation 2 VM) and restart."
    return criterion.failed(seen, "Secure Boot is off.", remedy, needs_restart=True)


def chpe_disabled(given: CheckInput) -> Check:
    """On Arm64, compiled hybrid PE is off."""
    criterion = Criterion("chpe_disabled", "HotPatchRestrictions 1 on Arm64", DOC_CLIENT)
    os, chpe = given.observation.os, given.observation.chpe
    if os and os.architecture not in ("arm64", None):
        return criterion.not_needed(f"Architecture {os.architecture} has no CHPE.")
    if chpe is None:
        return criterion.unknown(f"The state of CHPE is not known: {given.observation.error_of('chpe')}.", "Gather chpe again.")
    value = chpe.hotpatch_restrictions
    if value == 1:
        return criterion.passed("1", "CHPE is off (HotPatchRestrictions 1).")
    seen = "absent" if value is None else str(value)
    reason = f"CHPE is on (HotPatchRestrictions {seen}), so hotpatches would apply incompletely."
    remedy = "Set Memory Management HotPatchRestrictions to 1 and restart; 32-bit programs may become slower."
    return criterion.failed(seen, reason, remedy, needs_restart=True)


def arc_connected(given: CheckInput) -> Check:
    """A server that hotpatches through Azure Arc is connected to it."""
    criterion = Criterion("arc_connected", "Azure Arc agent Connected", DOC_SERVER)
    os, platform = given.observation.os, given.observation.platform
    if given.line != "ws2025" or (os is not None and is_azure_edition(os)):
        return criterion.not_needed("This host does not hotpatch through Azure Arc.")
    if platform is not None and platform.azure_vm:
        return criterion.not_needed("An Azure VM does not hotpatch through Azure Arc.")
    if platform is None or platform.azure_vm is None or platform.arc is None or platform.arc.installed is None:
        reason = f"It is not known whether the Azure Arc agent is connected: {given.observation.error_of('platform')}."
        return criterion.unknown(reason, "Gather platform again.")
    if not platform.arc.installed:
        remedy = "Connect the server with azcmagent connect, then enable Hotpatch for it."
        return criterion.failed("not installed", "The Azure Arc agent is not installed.", remedy)
    status = platform.arc.status
    if status is None:
        return criterion.unknown("The Azure Arc agent gave no status.", "Run azcmagent show on the host.")
    if status.lower() == "connected":
        return criterion.passed(status, "The Azure Arc agent is connected.")
    remedy = "Run azcmagent check and reconnect the agent; the hotpatch license needs dls.microsoft.com."
    return criterion.failed(status, f"The Azure Arc agent is {status}.", remedy)
