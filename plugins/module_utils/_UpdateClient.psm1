# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Probes of the update client: history and updates on offer.

Set-StrictMode -Version Latest

Function Get-UpdateSession {
    [CmdletBinding()]
    param ()

    $session = New-Object -ComObject Microsoft.Update.Session
    $session.ClientApplicationID = 'winops.hotpatch'
    $session
}

Function Get-OfferQuery {
    <#
    .SYNOPSIS
    The question to the update client: the updates that it would install, as Microsoft's own sample for a restart forecast asks.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ()

    "IsInstalled=0 and DeploymentAction='Installation'"
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
                $fact = @{
                    kb = ConvertTo-KbNumber -Value (ConvertTo-CleanText -Value $entry.Title)
                    title = ConvertTo-CleanText -Value $entry.Title
                    # The update client keeps its dates in UTC.
                    date = ConvertTo-UtcText -Value $entry.Date -Assume Utc
                    operation = $operation
                    result_code = ConvertTo-Number -Value $entry.ResultCode
                    hresult = ConvertTo-Number -Value $entry.HResult
                }
                $null = $taken.Add(@{ place = $i; fact = $fact })
            }
        }
        # The newest first; those of one second in the order in which the update client tells them.
        $newest = @{ Expression = { [string]$_.fact.date }; Descending = $true }
        $Context.value = @($taken | Sort-Object -Property $newest, { $_.place } | ForEach-Object -Process { $_.fact })
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
}

Function ConvertTo-Offer {
    <#
    .SYNOPSIS
    The properties of one update on offer.
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
        restart_check = $null
    }
}

Function Read-Offer {
    <#
    .SYNOPSIS
    The updates on offer. With the option restart_check, the update client is asked about each of them, one after the other.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $updates = New-Object -TypeName System.Collections.ArrayList
    $offers = New-Object -TypeName System.Collections.ArrayList
    try {
        $session = Get-UpdateSession
        $result = $session.CreateUpdateSearcher().Search((Get-OfferQuery))
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
                $offer.restart_check = @{ asked = $false; answer = $null; hresult = $null; message = $null }
                $null = $offers.Add($offer)
                $null = $updates.Add($update)
            }
            catch {
                Add-Problem -Context $Context -ErrorRecord $_ -Message "update $i of the search"
            }
        }
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
        return
    }
    $Context.value = $offers.ToArray()
    if ($Context.options.restart_check) {
        Read-RestartCheck -Context $Context -Session $session -Updates $updates
    }
}
