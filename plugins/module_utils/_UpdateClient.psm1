# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Probes of the update client: history, updates on offer, and its own answer to whether an update needs a restart here.

Set-StrictMode -Version Latest

Function Get-AccessDeniedText {
    <#
    .SYNOPSIS
    What 0x80070005 of the update client means in this logon, and what to do.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ()

    $network = $true
    try {
        $groups = [Security.Principal.WindowsIdentity]::GetCurrent().Groups
        $network = @($groups | Where-Object -FilterScript { $_.Value -eq 'S-1-5-2' }).Count -gt 0
    }
    catch {
        # Where the logon cannot be read, the usual cause is named.
        $network = $true
    }
    if ($network) {
        return 'access denied by network logon: run the task with become, become_method runas, become_user SYSTEM'
    }
    'access denied: run the task as an administrator, or with become, become_method runas, become_user SYSTEM'
}

Function Get-UpdateSession {
    [CmdletBinding()]
    param ()

    $session = New-Object -ComObject Microsoft.Update.Session
    $session.ClientApplicationID = 'winops.hotpatch'
    $session
}

Function Add-UpdateClientProblem {
    <#
    .SYNOPSIS
    Notes an error of the update client, with the remedy where it is the one of a network logon.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][System.Management.Automation.ErrorRecord]$ErrorRecord,
        [string]$Probe = $Context.probe
    )

    if ((Get-ErrorDetail -ErrorRecord $ErrorRecord).hresult -eq '0x80070005') {
        Add-Problem -Context $Context -Probe $Probe -HResult '0x80070005' -Message (Get-AccessDeniedText)
    }
    else {
        Add-Problem -Context $Context -Probe $Probe -ErrorRecord $ErrorRecord
    }
}

Function Read-History {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    try {
        $searcher = (Get-UpdateSession).CreateUpdateSearcher()
        $count = [Math]::Min([int]$searcher.GetTotalHistoryCount(), 100)
        $taken = New-Object -TypeName System.Collections.ArrayList
        if ($count -gt 0) {
            $entries = $searcher.QueryHistory(0, $count)
            for ($i = 0; $i -lt [Math]::Min([int]$entries.Count, 100); $i++) {
                $entry = $entries.Item($i)
                $operation = switch (ConvertTo-Number -Value $entry.Operation) {
                    1 { 'install' }
                    2 { 'uninstall' }
                    default { 'other' }
                }
                $null = $taken.Add(@{
                        kb = ConvertTo-KbNumber -Value (ConvertTo-CleanText -Value $entry.Title)
                        title = ConvertTo-CleanText -Value $entry.Title
                        # The update client keeps its dates in UTC.
                        date = ConvertTo-UtcText -Value $entry.Date -Assume Utc
                        operation = $operation
                        result_code = ConvertTo-Number -Value $entry.ResultCode
                        hresult = ConvertTo-Number -Value $entry.HResult
                    })
            }
        }
        $Context.value = @($taken | Sort-Object -Property { [string]$_.date } -Descending)
    }
    catch {
        Add-UpdateClientProblem -Context $Context -ErrorRecord $_
    }
}

Function ConvertTo-Offer {
    <#
    .SYNOPSIS
    What one update on offer says of itself.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][object]$Update)

    $title = ConvertTo-CleanText -Value $Update.Title
    $numbers = New-Object -TypeName System.Collections.ArrayList
    for ($i = 0; $i -lt [int]$Update.KBArticleIDs.Count; $i++) {
        $digits = ([string]$Update.KBArticleIDs.Item($i)) -replace '^(?i:KB)', ''
        $number = ConvertTo-KbNumber -Value "KB$digits"
        if ($number -and -not $numbers.Contains($number)) {
            $null = $numbers.Add($number)
        }
    }
    if ($numbers.Count -eq 0) {
        $number = ConvertTo-KbNumber -Value $title
        if ($number) {
            $null = $numbers.Add($number)
        }
    }
    $categories = New-Object -TypeName System.Collections.ArrayList
    for ($i = 0; $i -lt [int]$Update.Categories.Count; $i++) {
        $name = ConvertTo-CleanText -Value $Update.Categories.Item($i).Name
        if ($name) {
            $null = $categories.Add($name)
        }
    }
    $behavior = $null
    if ($null -ne $Update.InstallationBehavior) {
        $behavior = ConvertTo-Number -Value $Update.InstallationBehavior.RebootBehavior
    }
    if ($behavior -notin @(0, 1, 2)) {
        $behavior = $null
    }
    @{
        update_id = [string](ConvertTo-CleanText -Value $Update.Identity.UpdateID)
        kbs = $numbers.ToArray()
        title = $title
        categories = $categories.ToArray()
        size_bytes = ConvertTo-Number -Value $Update.MaxDownloadSize
        reboot_behavior = $behavior
        oracle = $null
    }
}

Function Get-OracleAnswer {
    <#
    .SYNOPSIS
    The answer of the update client to whether an update needs a restart on this host; null where it has no such question.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][object]$Session,
        [Parameter(Mandatory)][object]$Update
    )

    $answer = @{ asked = $true; answer = $null; hresult = $null; message = $null }
    try {
        try {
            $contains = $Update.ExtendedStaticProperty('ContainsUpdateBootstrapper')
        }
        catch {
            # Builds before 26100 have no such member. PowerShell finds that out itself, or the object says so.
            $unknown = @('0x80020003', '0x80020006', '0x80004002')
            if ($_.FullyQualifiedErrorId -like 'MethodNotFound*' -or (Get-ErrorDetail -ErrorRecord $_).hresult -in $unknown) {
                return $null
            }
            throw
        }
        if ($contains -isnot [bool]) {
            $answer.message = ConvertTo-CleanText -Value "ContainsUpdateBootstrapper is neither true nor false: $contains"
            return $answer
        }
        if (-not $contains) {
            $answer.hresult = '0x80240037'
            $answer.message = 'the update has no bootstrapper to ask (WU_E_NOT_SUPPORTED)'
            return $answer
        }
        $collection = New-Object -ComObject Microsoft.Update.UpdateColl
        $null = $collection.Add($Update)
        $downloader = $Session.CreateUpdateDownloader()
        $downloader.Updates = $collection
        # 1 is the bootstrapper alone, a small file.
        $downloaded = $downloader.Download2(1)
        if ([int]$downloaded.HResult -ne 0) {
            $answer.hresult = Format-HResult -Value $downloaded.HResult
            $answer.message = 'the bootstrapper could not be downloaded'
            return $answer
        }
        $requires = $Update.EvaluateExtendedDynamicProperty('DoesUpdateRequireReboot')
        if ($requires -is [bool]) {
            $answer.answer = $requires
        }
        else {
            $answer.message = ConvertTo-CleanText -Value "DoesUpdateRequireReboot is neither true nor false: $requires"
        }
    }
    catch {
        $detail = Get-ErrorDetail -ErrorRecord $_
        $answer.answer = $null
        $answer.hresult = $detail.hresult
        $answer.message = $detail.message
        if ($detail.hresult -eq '0x80070005') {
            $answer.message = Get-AccessDeniedText
        }
    }
    $answer
}

Function Read-Offer {
    <#
    .SYNOPSIS
    The updates on offer. With the option oracle, the update client is asked about each of them, one after the other.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $updates = New-Object -TypeName System.Collections.ArrayList
    $offers = New-Object -TypeName System.Collections.ArrayList
    try {
        $session = Get-UpdateSession
        $result = $session.CreateUpdateSearcher().Search("IsInstalled=0 and DeploymentAction='Installation'")
        $code = ConvertTo-Number -Value $result.ResultCode
        # 2 is success, 3 success with errors: what was found counts, but there may be more.
        if ($code -ne 2) {
            Add-Problem -Context $Context -Message "the search ended with result code $code"
        }
        if ($code -notin @(2, 3)) {
            return
        }
        for ($i = 0; $i -lt [int]$result.Updates.Count; $i++) {
            try {
                $update = $result.Updates.Item($i)
                # Hidden by an administrator: Windows will not install it.
                if ($update.IsHidden) {
                    continue
                }
                $offer = ConvertTo-Offer -Update $update
                $offer.oracle = @{ asked = $false; answer = $null; hresult = $null; message = $null }
                $null = $offers.Add($offer)
                $null = $updates.Add($update)
            }
            catch {
                Add-Problem -Context $Context -ErrorRecord $_ -Message "update $i of the search"
            }
        }
    }
    catch {
        Add-UpdateClientProblem -Context $Context -ErrorRecord $_
        return
    }
    $Context.value = $offers.ToArray()
    if ($Context.options.oracle) {
        Read-Oracle -Context $Context -Session $session -Updates $updates
    }
}

Function Read-Oracle {
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][object]$Session,
        [Parameter(Mandatory)][Collections.ArrayList]$Updates
    )

    $last = [DateTime]::UtcNow.AddSeconds($Context.options.oracle_seconds)
    $denied = $false
    for ($i = 0; $i -lt $Updates.Count; $i++) {
        $one = [DateTime]::UtcNow.AddSeconds($Context.options.oracle_each_seconds)
        $Context.deadline = if ($one -lt $last) { $one } else { $last }
        # Stands if the time limit ends this probe now.
        $Context.value[$i].oracle = @{ asked = $true; answer = $null; hresult = '0x800705B4'; message = 'no answer within the time limit' }
        $answer = Get-OracleAnswer -Session $Session -Update $Updates[$i]
        $Context.value[$i].oracle = $answer
        if ($null -ne $answer -and $answer.hresult -eq '0x80070005' -and -not $denied) {
            $denied = $true
            Add-Problem -Context $Context -Probe 'oracle' -HResult $answer.hresult -Message $answer.message
        }
    }
}
