# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The update client's own answer to whether an update needs a restart here, asked before the update is installed.

Set-StrictMode -Version Latest

Function Get-RestartCheckAnswer {
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
    }
    $answer
}

Function Write-RestartCheckAnswer {
    <#
    .SYNOPSIS
    Asks about every update on offer and writes one file for each answer. Runs in the batch logon, where nobody waits for output.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][string]$Folder)

    $session = Get-UpdateSession
    $result = $session.CreateUpdateSearcher().Search((Get-OfferQuery))
    for ($i = 0; $i -lt [int]$result.Updates.Count; $i++) {
        $update = $result.Updates.Item($i)
        if ($update.IsHidden) {
            continue
        }
        $found = @{
            update_id = [string](ConvertTo-CleanText -Value $update.Identity.UpdateID)
            restart_check = Get-RestartCheckAnswer -Session $session -Update $update
        }
        Write-BatchResult -Folder $Folder -Name "answer$i" -Value $found
    }
}

Function Read-RestartCheckInBatchLogon {
    <#
    .SYNOPSIS
    Has the questions asked outside of the network logon, and puts the answers to the offers. Returns whether that worked.
    #>
    [OutputType([bool])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][DateTime]$Until
    )

    # What the worker needs of this script. It must end, and its task must go, before this probe is given up.
    $functions = @(
        'ConvertTo-CleanText', 'Format-HResult', 'Get-ErrorDetail', 'Get-AccessDeniedText', 'Get-UpdateSession', 'Get-OfferQuery'
        'Get-RestartCheckAnswer', 'Write-RestartCheckAnswer'
    )
    $Context.deadline = $Until.AddSeconds(30)
    try {
        $answers = @(Invoke-InBatchLogon -Context $Context -Command 'Write-RestartCheckAnswer' -Functions $functions -Until $Until)
    }
    catch {
        Add-Problem -Context $Context -Probe 'restart_check' -ErrorRecord $_ -Message 'scheduled task'
        return $false
    }
    for ($i = 0; $i -lt $Context.value.Count; $i++) {
        $offer = $Context.value[$i]
        $found = $answers | Where-Object -FilterScript { $_.update_id -eq $offer.update_id } | Select-Object -First 1
        if ($null -eq $found) {
            $offer.restart_check = @{ asked = $true; answer = $null; hresult = '0x800705B4'; message = 'no answer within the time limit' }
        }
        elseif ($null -eq $found.restart_check) {
            $offer.restart_check = $null
        }
        else {
            $offer.restart_check = @{
                asked = $true
                answer = if ($found.restart_check.answer -is [bool]) { $found.restart_check.answer } else { $null }
                hresult = ConvertTo-CleanText -Value $found.restart_check.hresult
                message = ConvertTo-CleanText -Value $found.restart_check.message
            }
        }
    }
    $true
}

Function Read-RestartCheck {
    <#
    .SYNOPSIS
    Puts an answer to every offer. A network logon is refused the downloader; then a short-lived task asks, as SYSTEM.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][object]$Session,
        [Parameter(Mandatory)][AllowEmptyCollection()][Collections.ArrayList]$Updates
    )

    $last = [DateTime]::UtcNow.AddSeconds($Context.options.restart_check_seconds)
    $denied = $false
    for ($i = 0; $i -lt $Updates.Count; $i++) {
        $one = [DateTime]::UtcNow.AddSeconds($Context.options.restart_check_each_seconds)
        $Context.deadline = @($one, $last) | Sort-Object | Select-Object -First 1
        # Stands if the time limit ends this probe now.
        $Context.value[$i].restart_check = @{ asked = $true; answer = $null; hresult = '0x800705B4'; message = 'no answer within the time limit' }
        $answer = Get-RestartCheckAnswer -Session $Session -Update $Updates[$i]
        $Context.value[$i].restart_check = $answer
        if ($null -ne $answer -and $answer.hresult -eq '0x80070005' -and -not $denied) {
            $denied = $true
            if (Read-RestartCheckInBatchLogon -Context $Context -Until $last) {
                return
            }
        }
    }
}
