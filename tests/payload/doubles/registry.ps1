# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The registry: a provider of its own, and the two commands by which payloads reach it, which are the real ones once it is there.

Function Initialize-DoubleProvider {
    if (-not (Get-PSDrive -Name HKLM -ErrorAction SilentlyContinue)) {
        Import-Module -Assembly ([HotpatchDoubles.RegistryProvider].Assembly) -Global
    }
}

Function Get-ItemProperty {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$LiteralPath, [string]$Name)
    Initialize-DoubleProvider
    Invoke-DoubleFault -Call "registry $LiteralPath $Name"
    Microsoft.PowerShell.Management\Get-ItemProperty @PSBoundParameters
}

Function Test-Path {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$LiteralPath, [string]$PathType = 'Any')
    Initialize-DoubleProvider
    Invoke-DoubleFault -Call "path $LiteralPath"
    Microsoft.PowerShell.Management\Test-Path -LiteralPath $LiteralPath -PathType $PathType -ErrorAction Stop
}
