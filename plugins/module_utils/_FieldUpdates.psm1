# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Writes down what the update client and DISM say of updates, as it is, for a fixture. Reads, and judges nothing.

Set-StrictMode -Version Latest

Function Save-Update {
    <#
    .SYNOPSIS
    Updates on offer with all that an update says of itself, and the restart check's answer where this logon gets one.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $session = Get-UpdateSession
    $result = $session.CreateUpdateSearcher().Search((Get-OfferQuery))
    $found = New-Object -TypeName System.Collections.ArrayList
    for ($i = 0; $i -lt [int]$result.Updates.Count; $i++) {
        $update = $result.Updates.Item($i)
        $offer = ConvertTo-Offer -Update $update
        $answer = if ($Context.options.restart_check) { Get-RestartCheckAnswer -Session $session -Update $update } else { $null }
        $values = @{
            id = $offer.update_id
            title = $offer.title
            kbs = @($offer.kbs | ForEach-Object -Process { $_.Substring(2) })
            categories = $offer.categories
            size = $offer.size_bytes
            reboot_behavior = $offer.reboot_behavior
            hidden = [bool]$update.IsHidden
            answer = $answer
        }
        $null = $found.Add($values)
    }
    $Context.value = @{ search_result = ConvertTo-Number -Value $result.ResultCode; offers = $found.ToArray() }
}

Function Save-History {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $searcher = (Get-UpdateSession).CreateUpdateSearcher()
    $count = [Math]::Min([int]$searcher.GetTotalHistoryCount(), 100)
    $found = New-Object -TypeName System.Collections.ArrayList
    if ($count -gt 0) {
        $entries = $searcher.QueryHistory(0, $count)
        for ($i = 0; $i -lt [int]$entries.Count; $i++) {
            $entry = $entries.Item($i)
            $values = @{
                Title = ConvertTo-FixtureValue -Value $entry.Title
                Date = ConvertTo-FixtureValue -Value $entry.Date -DateKind 'utc_unspecified'
                Operation = ConvertTo-FixtureValue -Value $entry.Operation
                ResultCode = ConvertTo-FixtureValue -Value $entry.ResultCode
                HResult = ConvertTo-FixtureValue -Value $entry.HResult
            }
            $null = $found.Add($values)
        }
    }
    $Context.value = $found.ToArray()
}

Function Save-ServicingPackage {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $way = New-DismWay -Problems $Context.problems -Until $Context.deadline
    $Context.deadline = $Context.deadline.AddSeconds(10)
    $listed = Invoke-Dism -Way $way -Command 'Read-DismPackage'
    if ($listed.failed) {
        throw $listed.failed
    }
    $packages = @($listed.found | Where-Object -FilterScript { [string]$_.PackageName -like 'Package_for_*' })
    $found = New-Object -TypeName System.Collections.ArrayList
    # About a second each: what each says of itself answers how a hotpatch is named there. Some at a time, since the line of a command has an end.
    for ($first = 0; $first -lt $packages.Count; $first += 20) {
        $some = @($packages | Select-Object -Skip $first -First 20)
        $names = @($some | ForEach-Object -Process { @{ PackageName = [string]$_.PackageName } })
        $answers = @(Invoke-Dism -Way $way -Command 'Read-DismPackage' -Given $names)
        for ($i = 0; $i -lt $some.Count; $i++) {
            if ($answers[$i].failed) {
                # One that DISM does not describe takes nothing away from the others.
                Add-Problem -Context $Context -ErrorRecord $answers[$i].failed -Message $some[$i].PackageName
            }
            $values = @{ PackageName = [string]$some[$i].PackageName }
            foreach ($key in @('PackageState', 'ReleaseType')) {
                $values[$key] = [string]$some[$i].$key
            }
            $values.InstallTime = ConvertTo-FixtureValue -Value $some[$i].InstallTime -DateKind 'local_unspecified'
            foreach ($whole in $answers[$i].found) {
                foreach ($key in @('Description', 'SupportInformation', 'ProductName')) {
                    $property = $whole.PSObject.Properties[$key]
                    if ($property) {
                        $values[$key] = ConvertTo-FixtureValue -Value $property.Value
                    }
                }
            }
            $null = $found.Add($values)
        }
    }
    $Context.value = $found.ToArray()
}
