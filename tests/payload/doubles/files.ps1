# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What a payload removes from the disk, which a process that still works there can keep.

Function Remove-Item {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding(SupportsShouldProcess)]
    param ([string]$LiteralPath, [switch]$Recurse, [switch]$Force)
    if (-not $PSCmdlet.ShouldProcess($LiteralPath)) { return }
    try { Invoke-DoubleFault -Call 'remove' }
    catch { return $PSCmdlet.WriteError($_) }
    Microsoft.PowerShell.Management\Remove-Item @PSBoundParameters
}
