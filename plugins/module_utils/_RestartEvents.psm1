# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The probe of what Windows has logged of its starts, and of who asked for them. It reads, and judges nothing.

Set-StrictMode -Version Latest

Function Get-EventValue {
    <#
    .SYNOPSIS
    The value at one place of an event, null where the event has no such place.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][object]$Entry,
        [Parameter(Mandatory)][int]$Place
    )

    $values = @($Entry.Properties)
    if ($Place -lt $values.Count) {
        $values[$Place].Value
    }
}

Function ConvertTo-RestartEvent {
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][object]$Entry)

    $fact = @{
        time = ConvertTo-UtcText -Value $Entry.TimeCreated
        id = ConvertTo-Number -Value $Entry.Id
        process = $null
        user = $null
        reason = $null
        reason_code = $null
        comment = $null
        bug_check = $null
    }
    if ($fact.id -eq 1074) {
        $fact.process = ConvertTo-CleanText -Value (Get-EventValue -Entry $Entry -Place 0)
        $fact.reason = ConvertTo-CleanText -Value (Get-EventValue -Entry $Entry -Place 2)
        $fact.reason_code = ConvertTo-CleanText -Value (Get-EventValue -Entry $Entry -Place 3)
        $fact.comment = ConvertTo-CleanText -Value (Get-EventValue -Entry $Entry -Place 5)
        $fact.user = ConvertTo-CleanText -Value (Get-EventValue -Entry $Entry -Place 6)
    }
    if ($fact.id -eq 41) {
        $fact.bug_check = ConvertTo-Number -Value (Get-EventValue -Entry $Entry -Place 0)
    }
    $fact
}

Function Read-RestartEvent {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    # Others use the same numbers in the same log.
    $providers = @{
        12 = 'Microsoft-Windows-Kernel-General'
        41 = 'Microsoft-Windows-Kernel-Power'
        109 = 'Microsoft-Windows-Kernel-Power'
        1074 = 'User32'
        6008 = 'EventLog'
    }
    $log = Get-LogEntry -Maximum 1000 -Filter @{ LogName = 'System'; Id = @(12, 41, 109, 1074, 6008); StartTime = (Get-Date).AddDays(-100) }
    if (-not $log.exists) {
        throw 'there is no System log'
    }
    $found = New-Object -TypeName System.Collections.ArrayList
    foreach ($entry in $log.entries) {
        try {
            if ([string]$entry.ProviderName -ne $providers[[int]$entry.Id]) {
                continue
            }
            $fact = ConvertTo-RestartEvent -Entry $entry
            if ($fact.time) {
                $null = $found.Add($fact)
            }
        }
        catch {
            # The others still count; the problem says that one is missing.
            Add-Problem -Context $Context -ErrorRecord $_ -Message 'an event of the System log'
        }
        if ($found.Count -eq 60) {
            break
        }
    }
    $Context.value = @($found)
}
