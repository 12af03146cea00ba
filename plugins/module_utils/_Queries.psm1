# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Asks the registry, CIM and the event logs for one thing each. What is not there is null, what may not be read an error.

Set-StrictMode -Version Latest

Function Get-RegistryValue {
    <#
    .SYNOPSIS
    One value of the registry, null where the key or the value is missing. What may not be read is an error.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Path,
        [Parameter(Mandatory)][string]$Name
    )

    try {
        $item = Get-ItemProperty -LiteralPath $Path -Name $Name -ErrorAction Stop
    }
    catch [System.Management.Automation.ItemNotFoundException], [System.Management.Automation.PSArgumentException] {
        return $null
    }
    $item.PSObject.Properties[$Name].Value
}

Function Get-ServiceStart {
    <#
    .SYNOPSIS
    The start type of a service from the registry, which needs no rights on the service, null where there is no such service.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Name
    )

    $start = ConvertTo-Number -Value (Get-RegistryValue -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$Name" -Name 'Start')
    switch ($start) {
        2 { 'auto' }
        3 { 'manual' }
        4 { 'disabled' }
        default { $null }
    }
}

Function Get-CimValue {
    <#
    .SYNOPSIS
    The first instance of a CIM class. That there is none is an error, unless it is optional.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$ClassName,
        [Parameter(Mandatory)][string[]]$Property,
        [string]$Namespace = 'root\cimv2',
        [string]$Filter,
        [switch]$Optional
    )

    $query = @{ ClassName = $ClassName; Namespace = $Namespace; Property = $Property; OperationTimeoutSec = 20; ErrorAction = 'Stop' }
    if ($Filter) {
        $query.Filter = $Filter
    }
    foreach ($instance in (Get-CimInstance @query)) {
        return $instance
    }
    if (-not $Optional) {
        throw "$Namespace has no instance of $ClassName"
    }
}

Function Get-LogEntry {
    <#
    .SYNOPSIS
    The newest entries of an event log, and whether there is such a log. That nothing matches is not an error here, as it is for Get-WinEvent.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Filter,
        [Parameter(Mandatory)][int]$Maximum
    )

    try {
        return @{ exists = $true; entries = @(Get-WinEvent -FilterHashtable $Filter -MaxEvents $Maximum -ErrorAction Stop) }
    }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatching(Events|Logs)Found') {
            throw
        }
        @{ exists = $_.FullyQualifiedErrorId -like 'NoMatchingEvents*'; entries = @() }
    }
}
