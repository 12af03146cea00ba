# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Event logs.

Function Get-WinEvent {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([hashtable]$FilterHashtable, [long]$MaxEvents)
    Invoke-DoubleFault -Call "events $($FilterHashtable.LogName)"
    if (-not (Get-Double -Name 'events').PSObject.Properties[$FilterHashtable.LogName]) {
        $message = "There is not an event log on the localhost computer that matches `"$($FilterHashtable.LogName)`"."
        Write-Error -Message $message -Category ObjectNotFound -ErrorId 'NoMatchingLogsFound'
        return
    }
    $since = $FilterHashtable['StartTime']
    # The description has them in the order in which they were written.
    $written = 0
    $found = foreach ($entry in (Get-Double -Name $FilterHashtable.LogName -From (Get-Double -Name 'events'))) {
        $made = ConvertTo-DoubleInstance -Source $entry
        if ($entry.PSObject.Properties['Properties'] -and $entry.Properties -is [array]) { $made.Properties = @($entry.Properties) }
        $written++
        if (($since -and $made.TimeCreated -lt $since) -or ($FilterHashtable['Level'] -and $made.Level -notin $FilterHashtable['Level'])) { continue }
        if ($FilterHashtable['Id'] -and $made.Id -notin $FilterHashtable['Id']) { continue }
        Add-Member -InputObject $made -NotePropertyName RecordId -NotePropertyValue $written -PassThru
    }
    $found = @($found | Sort-Object -Property TimeCreated, RecordId -Descending | Select-Object -First $MaxEvents)
    if (-not $found) {
        Write-Error -Message 'No events were found that match the specified selection criteria.' -Category ObjectNotFound -ErrorId 'NoMatchingEventsFound'
        return
    }
    $found
}
