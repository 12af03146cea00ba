# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Probes of what the host is: registry and CIM. They read, and judge nothing.

Set-StrictMode -Version Latest

Function Read-OperatingSystem {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $key = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $facts = @{
        edition_id = ConvertTo-CleanText -Value (Get-RegistryValue -Path $key -Name 'EditionID')
        installation_type = ConvertTo-CleanText -Value (Get-RegistryValue -Path $key -Name 'InstallationType')
        product_name = ConvertTo-CleanText -Value (Get-RegistryValue -Path $key -Name 'ProductName')
        display_version = ConvertTo-CleanText -Value (Get-RegistryValue -Path $key -Name 'DisplayVersion')
        build = ConvertTo-Number -Value (Get-RegistryValue -Path $key -Name 'CurrentBuild')
        ubr = ConvertTo-Number -Value (Get-RegistryValue -Path $key -Name 'UBR')
        architecture = $null
        sku = $null
        product_type = $null
    }
    # The environment of the machine, not of this process, which may be emulated.
    $environment = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    $architecture = [string](Get-RegistryValue -Path $environment -Name 'PROCESSOR_ARCHITECTURE')
    if ($architecture -in @('amd64', 'arm64', 'x86')) {
        $facts.architecture = $architecture.ToLowerInvariant()
    }
    $Context.value = $facts

    $system = Get-CimValue -ClassName Win32_OperatingSystem -Property Caption, OperatingSystemSKU, ProductType
    $facts.sku = ConvertTo-Number -Value $system.OperatingSystemSKU
    $type = ConvertTo-Number -Value $system.ProductType
    if ($type -in @(1, 2, 3)) {
        $facts.product_type = $type
    }
    # The registry of Windows 11 still says Windows 10.
    $caption = ConvertTo-CleanText -Value $system.Caption
    if ($caption) {
        $facts.product_name = $caption
    }
}

Function Read-BootTime {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $system = Get-CimValue -ClassName Win32_OperatingSystem -Property LastBootUpTime
    $Context.value = ConvertTo-UtcText -Value $system.LastBootUpTime
    if (-not $Context.value) {
        Add-Problem -Context $Context -Message 'Win32_OperatingSystem.LastBootUpTime is not a date'
    }
}

Function Read-Platform {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $facts = @{ azure_vm = $null; arc = $null; manufacturer = $null; model = $null }
    $Context.value = $facts
    try {
        $system = Get-CimValue -ClassName Win32_ComputerSystem -Property Manufacturer, Model
        $facts.manufacturer = ConvertTo-CleanText -Value $system.Manufacturer
        $facts.model = ConvertTo-CleanText -Value $system.Model
        $enclosure = Get-CimValue -ClassName Win32_SystemEnclosure -Property SMBIOSAssetTag
        # The asset tag of every virtual machine in Azure; it needs no network, unlike the metadata service.
        $facts.azure_vm = [string]$enclosure.SMBIOSAssetTag -eq '7783-7084-3265-9085-8269-3286-77'
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
    $arc = @{ installed = $null -ne (Get-ServiceStart -Name 'himds'); status = $null; agent_version = $null }
    $facts.arc = $arc
    if (-not $arc.installed) {
        return
    }
    try {
        $shown = Get-ArcAgentFact -Context $Context
        $arc.status = $shown.status
        $arc.agent_version = $shown.agentVersion
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'azcmagent show'
    }
}

Function Read-VirtualizationBasedSecurity {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    $facts = @{
        configured = ConvertTo-Number -Value (Get-RegistryValue -Path $key -Name 'EnableVirtualizationBasedSecurity')
        status = $null
    }
    $Context.value = $facts
    $guard = Get-CimValue -Namespace 'root\Microsoft\Windows\DeviceGuard' -ClassName Win32_DeviceGuard -Property VirtualizationBasedSecurityStatus
    $status = ConvertTo-Number -Value $guard.VirtualizationBasedSecurityStatus
    if ($status -in @(0, 1, 2)) {
        $facts.status = $status
    }
}

Function Read-SecureBoot {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $enabled = ConvertTo-Number -Value (Get-RegistryValue -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecureBoot\State' -Name 'UEFISecureBootEnabled')
    if ($null -ne $enabled) {
        $Context.value = @{ enabled = $enabled -eq 1 }
        return
    }
    try {
        $Context.value = @{ enabled = [bool](Confirm-SecureBootUEFI -ErrorAction Stop) }
    }
    catch [PlatformNotSupportedException] {
        # A machine that starts by BIOS.
        $Context.value = @{ enabled = $false }
    }
}

Function Read-Chpe {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management'
    $Context.value = @{ hotpatch_restrictions = ConvertTo-Number -Value (Get-RegistryValue -Path $key -Name 'HotPatchRestrictions') }
}

Function Read-PolicyReport {
    <#
    .SYNOPSIS
    The newest event in which the device management tells of the hotpatch policy, null where it never did.
    #>
    [CmdletBinding()]
    param ()

    # A host without that log was never managed.
    $log = Get-LogEntry -Filter @{ LogName = 'Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin' } -Maximum 300
    foreach ($entry in $log.entries) {
        if ([string]$entry.Message -match 'AllowRebootlessUpdates') {
            return @{
                time = ConvertTo-UtcText -Value $entry.TimeCreated
                id = ConvertTo-Number -Value $entry.Id
                message = ConvertTo-CleanText -Value $entry.Message -Maximum 500
            }
        }
    }
    $null
}

Function Read-Enrollment {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $environment = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    $architecture = ([string](Get-RegistryValue -Path $environment -Name 'PROCESSOR_ARCHITECTURE')).ToLowerInvariant()
    $dynamic = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Update\TargetingInfo\DynamicInstalled\Hotpatch.$architecture"
    $memory = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management'
    $license = 'HKLM:\SOFTWARE\Microsoft\Azure Connected Machine Agent\Windows\Licenses\Features\Hotpatch'
    $hotpatch = 'HKLM:\SOFTWARE\Microsoft\Windows\Hotpatch\Environment'
    $policy = 'HKLM:\SOFTWARE\Microsoft\PolicyManager\current\device\Update'
    $subscriptions = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Subscriptions'
    $facts = @{
        dynamic_installed_name = ConvertTo-CleanText -Value (Get-RegistryValue -Path $dynamic -Name 'Name')
        dynamic_installed_version = ConvertTo-CleanText -Value (Get-RegistryValue -Path $dynamic -Name 'Version')
        hotpatch_table_size = ConvertTo-Number -Value (Get-RegistryValue -Path $memory -Name 'HotPatchTableSize')
        enrollment_package_kb5003508 = $null
        arc_subscription = ConvertTo-Number -Value (Get-RegistryValue -Path $license -Name 'Subscription')
        environment_allow_rebootless = ConvertTo-Number -Value (Get-RegistryValue -Path $hotpatch -Name 'AllowRebootlessUpdates')
        policy_allow_rebootless = ConvertTo-Number -Value (Get-RegistryValue -Path $policy -Name 'AllowRebootlessUpdates')
        policy_provider_set = ConvertTo-Number -Value (Get-RegistryValue -Path $policy -Name 'AllowRebootlessUpdates_ProviderSet')
        policy_winning_provider = ConvertTo-CleanText -Value (Get-RegistryValue -Path $policy -Name 'AllowRebootlessUpdates_WinningProvider')
        policy_report = $null
        licensing_mutex = $null -ne (Get-RegistryValue -Path $subscriptions -Name 'DeviceLicensingServiceCommandMutex')
    }
    $Context.value = $facts
    try {
        $fix = Get-CimValue -ClassName Win32_QuickFixEngineering -Property HotFixID -Filter "HotFixID='KB5003508'" -Optional
        $facts.enrollment_package_kb5003508 = $null -ne $fix
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'KB5003508'
    }
    try {
        $facts.policy_report = Read-PolicyReport
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message 'log of the device management'
    }
}

Function Read-UpdateSource {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    $days = Get-RegistryValue -Path $policy -Name 'DeferQualityUpdatesPeriodInDays'
    if ($null -eq $days) {
        $days = Get-RegistryValue -Path 'HKLM:\SOFTWARE\Microsoft\PolicyManager\current\device\Update' -Name 'DeferQualityUpdatesPeriodInDays'
    }
    # A password in the address stays on the host, whatever signs are in it.
    $server = [regex]::Replace([string](Get-RegistryValue -Path $policy -Name 'WUServer'), '(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@', '$1')
    $Context.value = @{
        wu_server = ConvertTo-CleanText -Value $server
        use_wu_server = ConvertTo-Number -Value (Get-RegistryValue -Path "$policy\AU" -Name 'UseWUServer')
        no_auto_update = ConvertTo-Number -Value (Get-RegistryValue -Path "$policy\AU" -Name 'NoAutoUpdate')
        defer_quality_days = ConvertTo-Number -Value $days
        service_start = Get-ServiceStart -Name 'wuauserv'
        configmgr_client = $null -ne (Get-ServiceStart -Name 'CcmExec')
    }
}

Function Read-Disk {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $disk = Get-CimValue -ClassName Win32_LogicalDisk -Property FreeSpace -Filter "DeviceID='$env:SystemDrive'"
    $Context.value = @{ system_free_bytes = ConvertTo-Number -Value $disk.FreeSpace }
}

Function Read-QuickFix {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $numbers = New-Object -TypeName System.Collections.ArrayList
    foreach ($fix in (Get-CimInstance -ClassName Win32_QuickFixEngineering -Property HotFixID -OperationTimeoutSec 60 -ErrorAction Stop)) {
        $number = ConvertTo-KbNumber -Value $fix.HotFixID
        if ($number -and -not $numbers.Contains($number)) {
            $null = $numbers.Add($number)
        }
    }
    $Context.value = $numbers.ToArray()
}
