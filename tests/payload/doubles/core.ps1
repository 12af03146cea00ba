# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Windows as the payloads see it, made from one description of a host. All files of this folder are put in front of a payload's own text.
# The payloads run probes in runspaces of their own, which get these functions; what they share is kept in the process.

Function Get-Double {
    # What the description has under a name, null if nothing.
    param ([string]$Name, [object]$From = [AppDomain]::CurrentDomain.GetData('hotpatch_double'))
    $property = $From.PSObject.Properties[$Name]
    if ($property) { $property.Value }
}

Function Write-DoubleCall {
    # Keeps a call that a test wants to see. A task's process writes to the same file.
    param ([string]$Text)
    if (-not $env:HOTPATCH_DOUBLE_CALLS) { return }
    for ($try = 1; ; $try++) {
        try { return [IO.File]::AppendAllText($env:HOTPATCH_DOUBLE_CALLS, "$Text`n") }
        catch [IO.IOException] { if ($try -eq 100) { throw } }
        Start-Sleep -Milliseconds 10
    }
}

Function Invoke-DoubleFault {
    # Fails or hangs where the description says so.
    param ([string]$Call)
    Write-DoubleCall -Text $Call
    $fault = Get-Double -Name $Call -From (Get-Double -Name 'faults')
    if ($null -eq $fault) { return }
    # What fails only after something else was done.
    $after = Get-Double -Name 'after' -From $fault
    if ($after -and -not [IO.File]::ReadAllText($env:HOTPATCH_DOUBLE_CALLS).Contains($after)) { return }
    # What fails in one PowerShell only.
    $edition = Get-Double -Name 'edition' -From $fault
    if ($edition -and $edition -ne $PSVersionTable['PSEdition']) { return }
    # What refuses a network logon only, or what fails only within the scheduled task.
    $batch = $null -ne (Get-Variable -Name HotpatchDoubleBatch -Scope Global -ErrorAction SilentlyContinue)
    if ((Get-Double -Name 'network' -From $fault) -and $batch) { return }
    if ((Get-Double -Name 'batch' -From $fault) -and -not $batch) { return }
    if (Get-Double -Name 'hang' -From $fault) {
        [Threading.Thread]::Sleep(1000 * $fault.hang)
        # What fails after a while.
        if (-not (Get-Double -Name 'hresult' -From $fault)) { return }
    }
    if ((Get-Double -Name 'kind' -From $fault) -eq 'cim') {
        throw (Microsoft.PowerShell.Utility\New-Object -TypeName HotpatchDoubles.CimFailure -ArgumentList $fault.hresult, $fault.message)
    }
    $words = @($fault.message, [Convert]::ToInt32($fault.hresult, 16))
    throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList $words)
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

Function ConvertTo-DoubleInstance {
    # An object with exactly the properties that the description has, so that strict mode sees the rest as missing.
    param ([object]$Source, [string[]]$Property)
    $made = [ordered]@{}
    foreach ($name in $Source.PSObject.Properties.Name) {
        if (-not $Property -or $name -in $Property) { $made[$name] = ConvertTo-DoubleValue -Value $Source.$name }
    }
    [pscustomobject]$made
}

Function Get-Date {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ()
    $now = Get-Double -Name 'now'
    if ($now) { return (ConvertTo-DoubleValue -Value ([pscustomobject]@{ date = $now; kind = 'local' })) }
    Microsoft.PowerShell.Utility\Get-Date
}
