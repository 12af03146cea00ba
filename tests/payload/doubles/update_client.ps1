# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The COM objects of the Windows Update Agent: late bound, collections counted from 0, errors as HRESULTs.

Function ConvertTo-DoubleCollection {
    # A COM collection: counted from 0, reached by Item, of a length that is not an array's.
    param ([AllowEmptyCollection()][object[]]$Items)
    $made = [pscustomobject]@{ Count = $Items.Count; Held = $Items }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name Item -Value { param ($At) , $this.Held[$At] } -PassThru
}

Function ConvertTo-DoubleUpdate {
    param ([object]$Source)
    $behavior = $null
    if ($null -ne $Source.reboot_behavior) { $behavior = [pscustomobject]@{ RebootBehavior = ConvertTo-DoubleValue -Value $Source.reboot_behavior } }
    $made = [pscustomobject]@{
        Title = $Source.title
        IsHidden = [bool](Get-Double -Name 'hidden' -From $Source)
        Identity = [pscustomobject]@{ UpdateID = $Source.id }
        KBArticleIDs = if ($null -eq $Source.kbs) { $null } else { ConvertTo-DoubleCollection -Items @($Source.kbs) }
        Categories = ConvertTo-DoubleCollection -Items @($Source.categories | ForEach-Object { [pscustomobject]@{ Name = $_ } })
        MaxDownloadSize = if ($Source.size -is [long]) { [decimal]$Source.size } else { $Source.size }
        InstallationBehavior = $behavior
        RestartCheck = Get-Double -Name 'restart_check' -From $Source
        Downloaded = $false
    }
    if ($null -eq $made.RestartCheck) { return $made }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name ExtendedStaticProperty -Value {
        param ($Name)
        Invoke-DoubleFault -Call "restart_check static $($this.Identity.UpdateID)"
        if ($Name -ne 'ContainsUpdateBootstrapper') { throw "no such property $Name" }
        $this.RestartCheck.bootstrapper
    }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name EvaluateExtendedDynamicProperty -Value {
        param ($Name)
        Invoke-DoubleFault -Call "restart_check ask $($this.Identity.UpdateID)"
        if ($Name -ne 'DoesUpdateRequireReboot') { throw "no such property $Name" }
        if (-not $this.Downloaded) {
            throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList 'not downloaded', 0x80246007)
        }
        $this.RestartCheck.answer
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
        $busy = Get-Double -Name 'installer_busy'
        [pscustomobject]@{ IsBusy = if ($null -eq $busy) { $false } else { $busy } }
    }
    Add-Member -InputObject $session -MemberType ScriptMethod -Name CreateUpdateDownloader -Value {
        Invoke-DoubleFault -Call 'downloader'
        $downloader = [pscustomobject]@{ Updates = $null }
        Add-Member -InputObject $downloader -MemberType ScriptMethod -Name Download2 -Value {
            param ($Type)
            $update = $this.Updates.Held[0]
            Invoke-DoubleFault -Call "download2 $Type $($update.Identity.UpdateID)"
            $code = Get-Double -Name 'download_hresult' -From $update.RestartCheck
            if ($code) { return [pscustomobject]@{ HResult = [Convert]::ToInt32($code, 16); ResultCode = 4 } }
            $update.Downloaded = $true
            [pscustomobject]@{ HResult = 0; ResultCode = 2 }
        }
        $downloader
    }
    $session
}

Function New-Object {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
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
