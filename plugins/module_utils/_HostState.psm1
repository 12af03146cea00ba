# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Probes of what goes on: pending restarts, the hotpatch monitor, an installation in progress. They read, and judge nothing.

Set-StrictMode -Version Latest

Function Add-PendingCause {
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][string]$Source,
        [AllowNull()][object]$Detail
    )

    # A new array each time: the value must be whole when the time limit cuts the probe off.
    $Context.value = @{ causes = @($Context.value.causes) + @(@{ source = $Source; detail = ConvertTo-CleanText -Value $Detail }) }
}

Function Read-PendingServicing {
    param ([hashtable]$Context)

    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') {
        Add-PendingCause -Context $Context -Source component_based_servicing
    }
}

Function Read-PendingWindowsUpdate {
    param ([hashtable]$Context)

    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') {
        Add-PendingCause -Context $Context -Source windows_update
    }
}

Function Read-PendingFileRename {
    param ([hashtable]$Context)

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    # Pairs of old and new name; the new one is empty where the file will be deleted.
    $names = @(Get-RegistryValue -Path $key -Name 'PendingFileRenameOperations') | Where-Object -FilterScript { $_ }
    $first = $names | Select-Object -First 1
    if ($first) {
        Add-PendingCause -Context $Context -Source pending_file_rename -Detail ([string]$first -replace '^\\\?\?\\', '')
    }
}

Function Read-PendingComputerRename {
    param ([hashtable]$Context)

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
    $wanted = [string](Get-RegistryValue -Path "$key\ComputerName" -Name 'ComputerName')
    $active = [string](Get-RegistryValue -Path "$key\ActiveComputerName" -Name 'ComputerName')
    if ($wanted -and $active -and $wanted -ne $active) {
        Add-PendingCause -Context $Context -Source pending_computer_rename -Detail "$active to $wanted"
    }
}

Function Read-PendingDomainJoin {
    param ([hashtable]$Context)

    foreach ($name in @('JoinDomain', 'AvoidSpnSet')) {
        if ($null -ne (Get-RegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon' -Name $name)) {
            Add-PendingCause -Context $Context -Source domain_join -Detail $name
            return
        }
    }
}

Function Read-PendingServerManager {
    param ([hashtable]$Context)

    $key = 'HKLM:\SOFTWARE\Microsoft\ServerManager'
    $attempts = ConvertTo-Number -Value (Get-RegistryValue -Path $key -Name 'CurrentRebootAttempts')
    $required = ConvertTo-Number -Value (Get-RegistryValue -Path "$key\ServicingStorage\ServerComponentCache" -Name 'RestartRequired')
    if ($attempts -or $required) {
        Add-PendingCause -Context $Context -Source server_manager
    }
}

Function Read-PendingConfigMgr {
    param ([hashtable]$Context)

    if (-not (Test-Path -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\CcmExec')) {
        return
    }
    $call = @{
        Namespace = 'root\ccm\ClientSDK'
        ClassName = 'CCM_ClientUtilities'
        MethodName = 'DetermineIfRebootPending'
        OperationTimeoutSec = 20
        ErrorAction = 'Stop'
    }
    $answer = Invoke-CimMethod @call
    if ($answer.RebootPending -or $answer.IsHardRebootPending) {
        Add-PendingCause -Context $Context -Source configmgr
    }
}

Function Read-Pending {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $Context.value = @{ causes = @() }
    $sources = @(
        'Read-PendingServicing', 'Read-PendingWindowsUpdate', 'Read-PendingFileRename', 'Read-PendingComputerRename'
        'Read-PendingDomainJoin', 'Read-PendingServerManager', 'Read-PendingConfigMgr'
    )
    foreach ($source in $sources) {
        try {
            & $source -Context $Context
        }
        catch {
            # The other causes still count; the problem says that there may be more.
            Add-Problem -Context $Context -ErrorRecord $_ -Message $source
        }
    }
}

Function Read-MonitorService {
    param ([hashtable]$Context)

    $filter = "Name='hpatchmon'"
    $service = Get-CimInstance -ClassName Win32_Service -Property State, StartMode -Filter $filter -OperationTimeoutSec 20 -ErrorAction Stop |
        Select-Object -First 1
    if ($null -eq $service) {
        return 'missing'
    }
    if ([string]$service.State -eq 'Running') {
        return 'running'
    }
    if ([string]$service.StartMode -eq 'Disabled') {
        return 'disabled'
    }
    'stopped'
}

Function Read-MonitorTask {
    param ([hashtable]$Context)

    try {
        $task = Get-ScheduledTask -TaskPath '\Microsoft\Windows\Hotpatch\' -TaskName 'Monitoring' -ErrorAction Stop | Select-Object -First 1
    }
    catch {
        if ($_.CategoryInfo.Category -eq [System.Management.Automation.ErrorCategory]::ObjectNotFound) {
            return 'missing'
        }
        throw
    }
    if ([string]$task.State -eq 'Disabled') {
        return 'disabled'
    }
    'ready'
}

Function Read-MonitorEvent {
    param ([hashtable]$Context)

    $since = (Get-CimValue -ClassName Win32_OperatingSystem -Property LastBootUpTime).LastBootUpTime
    $filter = @{ LogName = 'Application'; Level = @(1, 2, 3); StartTime = $since }
    # The newest ones; on a host that complains without end the rest is not worth the wait.
    $log = Get-LogEntry -Filter $filter -Maximum 2000
    if (-not $log.exists) {
        throw 'there is no Application log'
    }
    $levels = @{ 1 = 'critical'; 2 = 'error'; 3 = 'warning' }
    $taken = 0
    foreach ($entry in $log.entries) {
        if ("$($entry.ProviderName) $($entry.Message)" -notmatch 'hotpatch|hpatchmon') {
            continue
        }
        @{
            time = ConvertTo-UtcText -Value $entry.TimeCreated
            level = $levels[[int]$entry.Level]
            id = ConvertTo-Number -Value $entry.Id
            source = ConvertTo-CleanText -Value $entry.ProviderName
            message = ConvertTo-CleanText -Value $entry.Message -Maximum 500
        }
        $taken++
        if ($taken -eq 50) {
            return
        }
    }
}

Function Read-Monitor {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $facts = @{ service = $null; task = $null; events = $null }
    $Context.value = $facts
    try {
        $facts.service = Read-MonitorService -Context $Context
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'service hpatchmon'
    }
    try {
        $facts.task = Read-MonitorTask -Context $Context
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'task Hotpatch\Monitoring'
    }
    try {
        $facts.events = @(Read-MonitorEvent -Context $Context)
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'Application log'
    }
}

Function Read-Servicing {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    # Neither TiWorker nor SessionsPending: both stay for minutes, or until the restart, after the work is done.
    if ($null -ne (Get-Process -Name wusa, dism -ErrorAction SilentlyContinue | Select-Object -First 1)) {
        $Context.value = @{ in_progress = $true; asked = 'processes' }
        return
    }
    # Not known until the update client has said so as well.
    $Context.value = @{ in_progress = $null; asked = $null }
    try {
        $busy = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateInstaller().IsBusy
    }
    catch {
        # Refused to every network logon, where the processes have to do; asked says so.
        if ((Get-ErrorDetail -ErrorRecord $_).hresult -ne '0x80070005') {
            throw
        }
        $Context.value = @{ in_progress = $false; asked = 'processes' }
        return
    }
    if ($busy -isnot [bool]) {
        throw 'IsBusy of the update client is neither true nor false'
    }
    $Context.value = @{ in_progress = $busy; asked = 'update_client' }
}
