# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Writes down what Windows answers where the probes of host_info ask, as it is, for a fixture. Reads, and judges nothing.

Set-StrictMode -Version Latest

Function ConvertTo-FixtureValue {
    <#
    .SYNOPSIS
    A value of Windows as JSON can keep it. What is neither text, number, date nor a list of texts becomes null.
    #>
    [CmdletBinding()]
    param ([AllowNull()][object]$Value, [string]$DateKind = 'local')

    if ($Value -is [DateTime]) {
        if ($Value.Year -lt 1990) {
            return $null
        }
        $assume = if ($DateKind -eq 'utc_unspecified') { 'Utc' } else { 'Local' }
        return @{ date = ConvertTo-UtcText -Value $Value -Assume $assume; kind = $DateKind }
    }
    if ($Value -is [array] -and $Value -isnot [byte[]]) {
        return , @($Value | ForEach-Object -Process { [string](ConvertTo-CleanText -Value $_ -Maximum 500) })
    }
    $number = ConvertTo-Number -Value $Value
    if ($null -ne $number -and $Value -isnot [string]) {
        return $number
    }
    if ($Value -is [string]) {
        return [string](ConvertTo-CleanText -Value $Value -Maximum 500)
    }
    $null
}

Function Save-RegistryKey {
    <#
    .SYNOPSIS
    The values of one key; of some keys the named ones only. Null where the key is missing.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][string]$Path, [string[]]$Names)

    if (-not (Test-Path -LiteralPath $Path)) {
        return $null
    }
    $values = @{}
    $item = Get-ItemProperty -LiteralPath $Path -ErrorAction Stop
    if ($null -ne $item) {
        foreach ($property in $item.PSObject.Properties) {
            if ($property.Name -like 'PS*' -or ($Names -and $property.Name -notin $Names)) {
                continue
            }
            $values[$property.Name] = ConvertTo-FixtureValue -Value $property.Value
        }
    }
    $values
}

Function Save-Registry {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $windows = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $current = 'SOFTWARE\Microsoft\Windows\CurrentVersion'
    $control = 'SYSTEM\CurrentControlSet\Control'
    $services = 'SYSTEM\CurrentControlSet\Services'
    $device = 'SOFTWARE\Microsoft\PolicyManager\current\device\Update'
    # Whole keys where an open question is what stands in them; elsewhere what host_info reads, and nothing else.
    $keys = @{
        $windows = @('EditionID', 'InstallationType', 'ProductName', 'DisplayVersion', 'CurrentBuild', 'UBR')
        "$windows\Update\TargetingInfo\DynamicInstalled\Hotpatch.amd64" = $null
        "$windows\Update\TargetingInfo\DynamicInstalled\Hotpatch.arm64" = $null
        "$windows\Subscriptions" = @('DeviceLicensingServiceCommandMutex')
        'SOFTWARE\Microsoft\Windows\Hotpatch' = $null
        'SOFTWARE\Microsoft\Windows\Hotpatch\Environment' = $null
        'SOFTWARE\Microsoft\Azure Connected Machine Agent\Windows\Licenses\Features\Hotpatch' = $null
        $device = @('AllowRebootlessUpdates', 'AllowRebootlessUpdates_ProviderSet', 'AllowRebootlessUpdates_WinningProvider', 'DeferQualityUpdatesPeriodInDays')
        'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' = @('WUServer', 'DeferQualityUpdatesPeriodInDays')
        'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' = @('UseWUServer', 'NoAutoUpdate')
        'SOFTWARE\Microsoft\ServerManager' = @('CurrentRebootAttempts')
        'SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache' = @('RestartRequired')
        "$current\Component Based Servicing\RebootPending" = @('none')
        "$current\WindowsUpdate\Auto Update\RebootRequired" = @('none')
        "$control\DeviceGuard" = @('EnableVirtualizationBasedSecurity')
        "$control\SecureBoot\State" = @('UEFISecureBootEnabled')
        "$control\ProductOptions" = @('ProductType')
        "$control\Session Manager" = @('PendingFileRenameOperations')
        "$control\Session Manager\Environment" = @('PROCESSOR_ARCHITECTURE')
        "$control\Session Manager\Memory Management" = @('HotPatchTableSize', 'HotPatchRestrictions')
        "$control\ComputerName\ComputerName" = @('ComputerName')
        "$control\ComputerName\ActiveComputerName" = @('ComputerName')
        "$services\wuauserv" = @('Start')
        "$services\himds" = @('Start')
        "$services\CcmExec" = @('Start')
        "$services\ClusSvc" = @('Start')
        "$services\Netlogon" = @('Start', 'JoinDomain', 'AvoidSpnSet')
    }
    $Context.value = @{}
    foreach ($key in @($keys.Keys)) {
        try {
            $values = Save-RegistryKey -Path "HKLM:\$key" -Names $keys[$key]
            if ($null -ne $values) {
                $Context.value[$key] = $values
            }
        }
        catch {
            Add-Problem -Context $Context -ErrorRecord $_ -Message $key
        }
    }
}

Function Save-Cim {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    # Only what says nothing of whose machine it is: no serial number, no name, no address.
    $classes = @(
        @{ ClassName = 'Win32_OperatingSystem'; Property = @('Caption', 'OperatingSystemSKU', 'ProductType', 'LastBootUpTime') }
        @{ ClassName = 'Win32_ComputerSystem'; Property = @('Manufacturer', 'Model') }
        @{ ClassName = 'Win32_SystemEnclosure'; Property = @('SMBIOSAssetTag') }
        @{ ClassName = 'Win32_DeviceGuard'; Property = @('VirtualizationBasedSecurityStatus'); Namespace = 'root\Microsoft\Windows\DeviceGuard' }
        @{ ClassName = 'Win32_LogicalDisk'; Property = @('DeviceID', 'FreeSpace'); Filter = "DeviceID='$env:SystemDrive'" }
        @{ ClassName = 'Win32_QuickFixEngineering'; Property = @('HotFixID') }
        @{ ClassName = 'Win32_Service'; Property = @('Name', 'State', 'StartMode'); Filter = "Name='hpatchmon'" }
    )
    $Context.value = @{}
    foreach ($query in $classes) {
        try {
            $found = New-Object -TypeName System.Collections.ArrayList
            foreach ($instance in (Get-CimInstance @query -OperationTimeoutSec 20 -ErrorAction Stop)) {
                $values = @{}
                foreach ($name in $query.Property) {
                    $values[$name] = ConvertTo-FixtureValue -Value $instance.$name
                }
                $null = $found.Add($values)
            }
            $Context.value[$query.ClassName] = $found.ToArray()
        }
        catch {
            Add-Problem -Context $Context -ErrorRecord $_ -Message $query.ClassName
        }
    }
    # Every virtual machine in Azure has this tag; any other one may be an inventory number of the owner.
    foreach ($enclosure in $Context.value['Win32_SystemEnclosure']) {
        if ($enclosure.SMBIOSAssetTag -ne '7783-7084-3265-9085-8269-3286-77') {
            $enclosure.SMBIOSAssetTag = 'none'
        }
    }
}

Function ConvertTo-FieldEvent {
    <#
    .SYNOPSIS
    An entry as it is. Of one about a restart the values count, without the comment that a person may have given.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][object]$Entry,
        [Parameter(Mandatory)][bool]$Restart
    )

    $values = @{
        TimeCreated = ConvertTo-FixtureValue -Value $Entry.TimeCreated
        Level = ConvertTo-FixtureValue -Value $Entry.Level
        Id = ConvertTo-FixtureValue -Value $Entry.Id
        ProviderName = ConvertTo-FixtureValue -Value $Entry.ProviderName
        Message = if ($Restart) { $null } else { ConvertTo-FixtureValue -Value $Entry.Message }
    }
    if ($Restart) {
        $values.Properties = @(foreach ($property in $Entry.Properties) { @{ Value = ConvertTo-FixtureValue -Value $property.Value } })
        if ($values.Properties.Count -gt 5 -and [string]$values.Properties[5].Value -notlike 'winops.hotpatch:*') {
            $values.Properties[5].Value = $null
        }
    }
    $values
}

Function Save-Event {
    <#
    .SYNOPSIS
    Entries about hotpatching and restarts of the last months, whatever their level, and those of the device management that name the policy.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $restarts = '^(User32 1074|EventLog 6008|Microsoft-Windows-Kernel-Power (41|109)|Microsoft-Windows-Kernel-General 12) '
    $logs = @(
        @{ LogName = 'Application'; pattern = 'hotpatch|hpatchmon' }
        @{ LogName = 'System'; pattern = "hotpatch|hpatchmon|$restarts" }
        @{ LogName = 'Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin'; pattern = 'AllowRebootlessUpdates' }
    )
    $Context.value = @{}
    foreach ($log in $logs) {
        try {
            $read = Get-LogEntry -Filter @{ LogName = $log.LogName } -Maximum 5000
            if (-not $read.exists) {
                continue
            }
            $found = New-Object -TypeName System.Collections.ArrayList
            foreach ($entry in $read.entries) {
                $text = "$($entry.ProviderName) $($entry.Id) $($entry.Message)"
                if ($text -notmatch $log.pattern -or $found.Count -ge 50) {
                    continue
                }
                $null = $found.Add((ConvertTo-FieldEvent -Entry $entry -Restart ($log.LogName -eq 'System' -and $text -match $restarts)))
            }
            # In the order in which they were written.
            $found.Reverse()
            $Context.value[$log.LogName] = $found.ToArray()
        }
        catch {
            Add-Problem -Context $Context -ErrorRecord $_ -Message $log.LogName
        }
    }
}

Function Save-Task {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $Context.value = @{}
    foreach ($task in (Get-ScheduledTask -TaskPath '\Microsoft\Windows\Hotpatch\' -ErrorAction Stop)) {
        $Context.value["$($task.TaskPath)$($task.TaskName)"] = [string]$task.State
    }
}

Function Save-Agent {
    <#
    .SYNOPSIS
    State and version of the Azure Arc agent, null where there is none.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    if ($null -eq (Get-ServiceStart -Name 'himds')) {
        return
    }
    $Context.value = Get-ArcAgentFact -Context $Context
}
