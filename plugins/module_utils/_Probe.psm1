# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Runs one probe at a time with a time limit, and notes what went wrong in it.

Set-StrictMode -Version Latest

Function Add-Problem {
    <#
    .SYNOPSIS
    Notes that a probe, or a part of it, failed. The rest of the probe goes on.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [System.Management.Automation.ErrorRecord]$ErrorRecord,
        [string]$HResult,
        [string]$Message,
        [string]$Probe = $Context.probe
    )

    $detail = @{ hresult = $null; message = $null }
    if ($ErrorRecord) {
        $detail = Get-ErrorDetail -ErrorRecord $ErrorRecord
    }
    if ($HResult) {
        $detail.hresult = $HResult
    }
    if ($Message) {
        $detail.message = (@((ConvertTo-CleanText -Value $Message -Maximum 500), $detail.message) | Where-Object -FilterScript { $_ }) -join ': '
    }
    $null = $Context.problems.Add(@{ probe = $Probe; hresult = $detail.hresult; message = $detail.message })
}

Function New-ProbeSession {
    <#
    .SYNOPSIS
    A runspace for probes, with the functions of this script. What hangs in it can be left behind.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing outside this process'
    )]
    [CmdletBinding()]
    param ()

    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault()
    foreach ($function in (Get-ChildItem -LiteralPath Function:\)) {
        # Core 2.18 names a module of a collection as the requirement does, later ones by its whole path.
        if (-not $function.ModuleName -or $function.ModuleName -match '\.module_utils\._') {
            $named = @($function.Name, $function.Definition)
            $state.Commands.Add((New-Object -TypeName System.Management.Automation.Runspaces.SessionStateFunctionEntry -ArgumentList $named))
        }
    }
    $runspace = [RunspaceFactory]::CreateRunspace($state)
    $runspace.Open()
    @{ runspace = $runspace; hung = $false }
}

Function Close-ProbeSession {
    <#
    .SYNOPSIS
    Ends a session. One in which a probe hangs is left behind, so that neither this payload nor the end of the process waits for it.

    .DESCRIPTION
    When its console host closes, PowerShell 6 and later closes every runspace of the process that is open, and waits for the
    pipelines in them. One that is closing already is left alone. So a thread in the background is asked to close the session: it
    waits as long as Windows hangs, and then ends the probe before its next command. A value that a probe has handed over must
    therefore not be changed in place after a call that can hang.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Session)

    if (-not $Session.hung) {
        $Session.runspace.Dispose()
        return
    }
    # Windows PowerShell makes no delegate of a method by a cast. A thread of its own, since those of the pool may all be waiting.
    $close = [Action][Delegate]::CreateDelegate([Action], $Session.runspace, 'Close')
    $null = [Threading.Tasks.Task]::Factory.StartNew($close, [Threading.Tasks.TaskCreationOptions]::LongRunning)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    do {
        Start-Sleep -Milliseconds 10
    } while ($Session.runspace.RunspaceStateInfo.State -eq 'Opened' -and $watch.ElapsedMilliseconds -lt 2000)
}

Function Start-Probe {
    <#
    .SYNOPSIS
    The frame of one probe within its session: its error ends nothing but itself.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][hashtable]$Context
    )

    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    # The process does not wait for the thread itself either.
    [Threading.Thread]::CurrentThread.IsBackground = $true
    try {
        $null = & $Command -Context $Context
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
}

Function Invoke-Probe {
    <#
    .SYNOPSIS
    Runs one probe in a session and returns its value, its problems and its time. Marks the session when the probe hangs.

    .DESCRIPTION
    A probe is a function that takes a context, puts its result in value, as far as it got, and notes problems. It may
    move its deadline while it works.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Session,
        [Parameter(Mandatory)][string]$Name,
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][int]$Seconds,
        [hashtable]$Options = @{}
    )

    $facts = @{
        probe = $Name
        value = $null
        problems = [Collections.ArrayList]::Synchronized((New-Object -TypeName System.Collections.ArrayList))
        deadline = [DateTime]::UtcNow.AddSeconds($Seconds)
        options = $Options
        # What lies on the host until the probe has removed it again.
        left = $null
    }
    $context = [hashtable]::Synchronized($facts)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $shell = [PowerShell]::Create()
    $shell.Runspace = $Session.runspace
    $null = $shell.AddCommand('Start-Probe').AddParameter('Command', $Command).AddParameter('Context', $context)
    $running = $shell.BeginInvoke()
    while (-not $running.AsyncWaitHandle.WaitOne(100)) {
        if ([DateTime]::UtcNow -gt $context.deadline) {
            $Session.hung = $true
            break
        }
    }
    if ($Session.hung) {
        # To stop a call into Windows that hangs would hang as well.
        Close-ProbeSession -Session $Session
        $text = "no answer within the time limit, after $([int]$watch.Elapsed.TotalSeconds) seconds; its call is left behind in process $PID"
        if ($context.left) {
            $text = "$text; left behind on the host: $($context.left)"
        }
        Add-Problem -Context $context -HResult '0x800705B4' -Message $text
    }
    else {
        try {
            $null = $shell.EndInvoke($running)
        }
        catch {
            # A probe that could not even start has found nothing, which is not the same as that nothing is there.
            Add-Problem -Context $context -ErrorRecord $_ -Message 'the probe could not start'
        }
        $shell.Dispose()
    }
    @{
        value = $context.value
        problems = $context.problems.ToArray()
        milliseconds = $watch.ElapsedMilliseconds
    }
}
