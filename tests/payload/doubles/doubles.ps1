# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Windows as the payloads see it, made from one description of a host. Put in front of a payload's own text.
# The payloads run probes in runspaces of their own, which get these functions; what they share is kept in the process.

Function Get-Double {
    # What the description has under a name, null if nothing.
    param ([string]$Name, [object]$From = [AppDomain]::CurrentDomain.GetData('hotpatch_double'))
    $property = $From.PSObject.Properties[$Name]
    if ($property) { $property.Value }
}

Function Write-DoubleCall {
    # Keeps a call that a test wants to see.
    param ([string]$Text)
    if ($env:HOTPATCH_DOUBLE_CALLS) { [IO.File]::AppendAllText($env:HOTPATCH_DOUBLE_CALLS, "$Text`n") }
}

Function Invoke-DoubleFault {
    # Fails or hangs where the description says so.
    param ([string]$Call)
    Write-DoubleCall -Text $Call
    $fault = Get-Double -Name $Call -From (Get-Double -Name 'faults')
    if ($null -eq $fault) { return }
    if (Get-Double -Name 'hang' -From $fault) { [Threading.Thread]::Sleep(1000 * $fault.hang); return }
    if ((Get-Double -Name 'kind' -From $fault) -eq 'cim') {
        throw (Microsoft.PowerShell.Utility\New-Object -TypeName HotpatchDoubles.CimFailure -ArgumentList $fault.hresult, $fault.message)
    }
    throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList @(
            $fault.message, [Convert]::ToInt32($fault.hresult, 16)))
}

Function ConvertTo-DoubleValue {
    # JSON has one kind of number, and PowerShell 7 makes dates of text that looks like one. A registry has 32 bit numbers.
    param ([object]$Value)
    if ($Value -is [long] -and [Math]::Abs($Value) -le [int]::MaxValue) { return [int]$Value }
    if ($null -ne $Value -and $Value -is [PSCustomObject] -and $Value.PSObject.Properties['date']) {
        $text = $Value.date
        $moment = if ($text -is [DateTime]) { $text.ToUniversalTime() } else { [DateTime]::Parse($text).ToUniversalTime() }
        switch ($Value.kind) {
            'local' { return $moment.ToLocalTime() }
            'local_unspecified' { return [DateTime]::SpecifyKind($moment.ToLocalTime(), 'Unspecified') }
            default { return [DateTime]::SpecifyKind($moment, 'Unspecified') }
        }
    }
    if ($Value -is [array]) { return , @($Value | ForEach-Object { "$_" }) }
    $Value
}

Function Initialize-Double {
    [AppDomain]::CurrentDomain.SetData('hotpatch_double', (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($env:HOTPATCH_DOUBLE))))
    Add-Type -TypeDefinition ([IO.File]::ReadAllText($env:HOTPATCH_DOUBLE_SOURCE))
    $registry = Get-Double -Name 'registry'
    foreach ($key in $registry.PSObject.Properties) {
        [HotpatchDoubles.Hive]::AddKey("HKEY_LOCAL_MACHINE\$($key.Name)")
        foreach ($value in $key.Value.PSObject.Properties) {
            [HotpatchDoubles.Hive]::SetValue("HKEY_LOCAL_MACHINE\$($key.Name)", $value.Name, (ConvertTo-DoubleValue -Value $value.Value))
        }
    }
    foreach ($key in (Get-Double -Name 'registry_closed')) { $null = [HotpatchDoubles.Hive]::Closed.Add("HKEY_LOCAL_MACHINE\$key") }
}

Function Initialize-DoubleProvider {
    if (-not (Get-PSDrive -Name HKLM -ErrorAction SilentlyContinue)) {
        Import-Module -Assembly ([HotpatchDoubles.RegistryProvider].Assembly) -Global
    }
}

# The two commands by which payloads reach the registry: the real ones, once the provider is there.
Function Get-ItemProperty {
    [CmdletBinding()]
    param ([string]$LiteralPath, [string]$Name)
    Initialize-DoubleProvider
    Invoke-DoubleFault -Call "registry $LiteralPath $Name"
    Microsoft.PowerShell.Management\Get-ItemProperty @PSBoundParameters
}

Function Test-Path {
    [CmdletBinding()]
    param ([string]$LiteralPath, [string]$PathType = 'Any')
    Initialize-DoubleProvider
    Invoke-DoubleFault -Call "path $LiteralPath"
    Microsoft.PowerShell.Management\Test-Path -LiteralPath $LiteralPath -PathType $PathType -ErrorAction Stop
}

Function Get-Date {
    $now = Get-Double -Name 'now'
    if ($now) { return (ConvertTo-DoubleValue -Value ([pscustomobject]@{ date = $now; kind = 'local' })) }
    Microsoft.PowerShell.Utility\Get-Date
}

Function ConvertTo-DoubleInstance {
    # An object with exactly the properties that the description has, so that strict mode sees the rest as missing.
    param ([object]$Source, [string[]]$Property)
    $made = [ordered]@{}
    foreach ($name in $Source.PSObject.Properties.Name) {
        if (-not $Property -or $name -in $Property) { $made[$name] = ConvertTo-DoubleValue -Value $Source.$name }
    }
    [pscustomobject]$made
}

Function Get-CimInstance {
    [CmdletBinding()]
    param ([string]$ClassName, [string]$Namespace = 'root\cimv2', [string[]]$Property, [string]$Filter, [uint32]$OperationTimeoutSec)
    Invoke-DoubleFault -Call "cim $ClassName"
    foreach ($instance in (Get-Double -Name $ClassName -From (Get-Double -Name 'cim'))) {
        if ($Filter -and $Filter -match "^(\w+)='(.*)'$" -and [string]$instance.($Matches[1]) -ne $Matches[2]) { continue }
        ConvertTo-DoubleInstance -Source $instance -Property $Property
    }
}

Function Invoke-CimMethod {
    [CmdletBinding()]
    param ([string]$Namespace, [string]$ClassName, [string]$MethodName, [uint32]$OperationTimeoutSec)
    Invoke-DoubleFault -Call "cim $ClassName.$MethodName"
    Get-Double -Name "$ClassName.$MethodName" -From (Get-Double -Name 'cim')
}

Function Confirm-SecureBootUEFI {
    [CmdletBinding()]
    param ()
    Invoke-DoubleFault -Call 'secure_boot'
    $answer = Get-Double -Name 'confirm_secure_boot'
    if ($null -eq $answer) { throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.PlatformNotSupportedException -ArgumentList 'Cmdlet not supported on this platform: 0xC0000002') }
    $answer
}

Function Get-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskPath, [string]$TaskName)
    Invoke-DoubleFault -Call "task $TaskPath$TaskName"
    $state = Get-Double -Name "$TaskPath$TaskName" -From (Get-Double -Name 'tasks')
    if (-not $state) {
        Write-Error -Message "No MSFT_ScheduledTask objects found with property 'TaskName' equal to '$TaskName'." -Category ObjectNotFound -ErrorId 'CmdletizationQuery_NotFound_TaskName'
        return
    }
    [pscustomobject]@{ TaskName = $TaskName; TaskPath = $TaskPath; State = $state }
}

Function Get-WinEvent {
    [CmdletBinding()]
    param ([hashtable]$FilterHashtable, [long]$MaxEvents)
    Invoke-DoubleFault -Call "events $($FilterHashtable.LogName)"
    $since = $FilterHashtable.StartTime
    $found = @(
        foreach ($entry in (Get-Double -Name $FilterHashtable.LogName -From (Get-Double -Name 'events'))) {
            $made = ConvertTo-DoubleInstance -Source $entry
            if ($made.TimeCreated -ge $since -and $made.Level -in $FilterHashtable.Level) { $made }
        }
    ) | Sort-Object -Property TimeCreated -Descending | Select-Object -First $MaxEvents
    if (-not $found) {
        Write-Error -Message 'No events were found that match the specified selection criteria.' -Category ObjectNotFound -ErrorId 'NoMatchingEventsFound'
        return
    }
    $found
}

Function Get-Process {
    [CmdletBinding()]
    param ([string[]]$Name)
    Invoke-DoubleFault -Call 'processes'
    foreach ($process in (Get-Double -Name 'processes')) {
        if ($process -in $Name) { [pscustomobject]@{ Name = $process; Id = 4711 } }
    }
}

Function Get-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackageName, [string]$PackagePath)
    if ($PackagePath) {
        $file = [IO.Path]::GetFileName($PackagePath)
        Invoke-DoubleFault -Call "dism file $file"
        $inside = Get-Double -Name $file -From (Get-Double -Name 'package_files')
        if ($null -eq $inside) {
            throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList 'The request is not supported.', 0x80070032)
        }
        return ConvertTo-DoubleInstance -Source $inside
    }
    Invoke-DoubleFault -Call "dism list $PackageName".Trim()
    foreach ($package in (Get-Double -Name 'packages')) {
        if ($PackageName) {
            if ($package.PackageName -eq $PackageName) { return ConvertTo-DoubleInstance -Source $package }
        }
        else { ConvertTo-DoubleInstance -Source $package -Property PackageName, PackageState, ReleaseType, InstallTime }
    }
}

Function Remove-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackageName, [switch]$NoRestart)
    if (-not $NoRestart) { throw 'a payload would restart the host' }
    Invoke-DoubleFault -Call "dism remove $PackageName"
    foreach ($package in (Get-Double -Name 'packages')) { if ($package.PackageName -eq $PackageName) { $package.PackageState = 'UninstallPending' } }
    [pscustomobject]@{ Path = ''; Online = $true; RestartNeeded = $true }
}

Function Add-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackagePath, [switch]$NoRestart)
    if (-not $NoRestart) { throw 'a payload would restart the host' }
    $file = [IO.Path]::GetFileName($PackagePath)
    Invoke-DoubleFault -Call "dism add $file"
    $description = [AppDomain]::CurrentDomain.GetData('hotpatch_double')
    $adds = Get-Double -Name $file -From (Get-Double -Name 'package_adds')
    if ($adds) { $description.packages = @($description.packages) + @($adds) }
    [pscustomobject]@{ Path = ''; Online = $true; RestartNeeded = [bool]$adds }
}

Function ConvertTo-DoubleCollection {
    # A COM collection: counted from 0, reached by Item, of a length that is no array's.
    param ([AllowEmptyCollection()][object[]]$Items)
    $made = [pscustomobject]@{ Count = $Items.Count; Held = $Items }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name Item -Value { param ($At) , $this.Held[$At] } -PassThru
}

Function ConvertTo-DoubleUpdate {
    param ([object]$Source)
    $made = [pscustomobject]@{
        Title = $Source.title
        IsHidden = [bool](Get-Double -Name 'hidden' -From $Source)
        Identity = [pscustomobject]@{ UpdateID = $Source.id }
        KBArticleIDs = ConvertTo-DoubleCollection -Items @($Source.kbs)
        Categories = ConvertTo-DoubleCollection -Items @($Source.categories | ForEach-Object { [pscustomobject]@{ Name = $_ } })
        MaxDownloadSize = if ($Source.size -is [long]) { [decimal]$Source.size } else { $Source.size }
        InstallationBehavior = if ($null -eq $Source.reboot_behavior) { $null } else { [pscustomobject]@{ RebootBehavior = ConvertTo-DoubleValue -Value $Source.reboot_behavior } }
        Oracle = Get-Double -Name 'oracle' -From $Source
        Downloaded = $false
    }
    if ($null -eq $made.Oracle) { return $made }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name ExtendedStaticProperty -Value {
        param ($Name)
        Invoke-DoubleFault -Call "oracle static $($this.Identity.UpdateID)"
        if ($Name -ne 'ContainsUpdateBootstrapper') { throw "no such property $Name" }
        $this.Oracle.bootstrapper
    }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name EvaluateExtendedDynamicProperty -Value {
        param ($Name)
        Invoke-DoubleFault -Call "oracle ask $($this.Identity.UpdateID)"
        if ($Name -ne 'DoesUpdateRequireReboot') { throw "no such property $Name" }
        if (-not $this.Downloaded) {
            throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList 'not downloaded', 0x80246007)
        }
        $this.Oracle.answer
    } -PassThru
}

Function Get-DoubleSession {
    $session = [pscustomobject]@{ ClientApplicationID = '' }
    Add-Member -InputObject $session -MemberType ScriptMethod -Name CreateUpdateSearcher -Value {
        $searcher = [pscustomobject]@{}
        Add-Member -InputObject $searcher -MemberType ScriptMethod -Name GetTotalHistoryCount -Value {
            Invoke-DoubleFault -Call 'history'
            @(Get-Double -Name 'history').Count
        }
        Add-Member -InputObject $searcher -MemberType ScriptMethod -Name QueryHistory -Value {
            param ($Start, $Count)
            $entries = @(Get-Double -Name 'history') | Select-Object -Skip $Start -First $Count | ForEach-Object { ConvertTo-DoubleInstance -Source $_ }
            ConvertTo-DoubleCollection -Items @($entries)
        }
        Add-Member -InputObject $searcher -MemberType ScriptMethod -Name Search -Value {
            param ($Criteria)
            Invoke-DoubleFault -Call "search $Criteria"
            $updates = @(Get-Double -Name 'offers') | ForEach-Object { ConvertTo-DoubleUpdate -Source $_ }
            [pscustomobject]@{ ResultCode = Get-Double -Name 'search_result'; Updates = ConvertTo-DoubleCollection -Items @($updates) }
        }
        $searcher
    }
    Add-Member -InputObject $session -MemberType ScriptMethod -Name CreateUpdateInstaller -Value {
        Invoke-DoubleFault -Call 'installer'
        [pscustomobject]@{ IsBusy = [bool](Get-Double -Name 'installer_busy') }
    }
    Add-Member -InputObject $session -MemberType ScriptMethod -Name CreateUpdateDownloader -Value {
        Invoke-DoubleFault -Call 'downloader'
        $downloader = [pscustomobject]@{ Updates = $null }
        Add-Member -InputObject $downloader -MemberType ScriptMethod -Name Download2 -Value {
            param ($Type)
            $update = $this.Updates.Held[0]
            Invoke-DoubleFault -Call "download2 $Type $($update.Identity.UpdateID)"
            $code = Get-Double -Name 'download_hresult' -From $update.Oracle
            if ($code) { return [pscustomobject]@{ HResult = [Convert]::ToInt32($code, 16); ResultCode = 4 } }
            $update.Downloaded = $true
            [pscustomobject]@{ HResult = 0; ResultCode = 2 }
        }
        $downloader
    }
    $session
}

Function New-Object {
    [CmdletBinding(DefaultParameterSetName = 'Net')]
    param (
        [Parameter(ParameterSetName = 'Net', Position = 0)][string]$TypeName,
        [Parameter(ParameterSetName = 'Net', Position = 1)][object[]]$ArgumentList,
        [Parameter(ParameterSetName = 'Com')][string]$ComObject
    )
    if (-not $ComObject) { return Microsoft.PowerShell.Utility\New-Object @PSBoundParameters }
    Invoke-DoubleFault -Call "com $ComObject"
    switch ($ComObject) {
        'Microsoft.Update.Session' { Get-DoubleSession }
        'Microsoft.Update.UpdateColl' {
            $collection = [pscustomobject]@{ Held = [Collections.ArrayList]@() }
            Add-Member -InputObject $collection -MemberType ScriptMethod -Name Add -Value { param ($Update) $this.Held.Add($Update) } -PassThru
        }
        default { throw "no double of the COM object $ComObject" }
    }
}

Initialize-Double
