# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Asks the Azure Arc agent.

Set-StrictMode -Version Latest

Function Get-ArcAgentFact {
    <#
    .SYNOPSIS
    State and version of the Azure Arc agent, as far as it tells them. The rest of what it shows names the machine.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    # An agent that hangs must not take with it what is known already.
    $seconds = [Math]::Max(1, [int]($Context.deadline - [DateTime]::UtcNow).TotalSeconds - 2)
    # Nor must its end, and that of what it has started.
    $Context.deadline = $Context.deadline.AddSeconds(10)
    $agent = Join-Path -Path $env:ProgramFiles -ChildPath 'AzureConnectedMachineAgent'
    $agent = Join-Path -Path $agent -ChildPath 'azcmagent.exe'
    $shown = ConvertFrom-Json -InputObject (Invoke-Tool -Path $agent -Arguments 'show -j' -Seconds $seconds)
    $facts = @{ status = $null; agentVersion = $null }
    foreach ($name in @($facts.Keys)) {
        $property = $shown.PSObject.Properties[$name]
        if ($property) {
            $facts[$name] = ConvertTo-CleanText -Value $property.Value
        }
    }
    $facts
}
