# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Scheduled tasks.

Function Get-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskPath, [string]$TaskName)
    Invoke-DoubleFault -Call "task $TaskPath$TaskName"
    if (-not $TaskName) {
        foreach ($task in (Get-Double -Name 'tasks').PSObject.Properties) {
            if ($task.Name -notlike "$TaskPath*") { continue }
            [pscustomobject]@{ TaskName = $task.Name.Substring($TaskPath.Length); TaskPath = $TaskPath; State = $task.Value }
        }
        return
    }
    $state = Get-Double -Name "$TaskPath$TaskName" -From (Get-Double -Name 'tasks')
    if (-not $state) {
        $message = "No MSFT_ScheduledTask objects found with property 'TaskName' equal to '$TaskName'."
        Write-Error -Message $message -Category ObjectNotFound -ErrorId 'CmdletizationQuery_NotFound_TaskName'
        return
    }
    [pscustomobject]@{ TaskName = $TaskName; TaskPath = $TaskPath; State = $state }
}

Function New-ScheduledTaskAction {
    [CmdletBinding()]
    param ([string]$Execute, [string]$Argument)
    [pscustomobject]@{ Execute = $Execute; Argument = $Argument }
}

Function New-ScheduledTaskPrincipal {
    [CmdletBinding()]
    param ([string]$UserId, [string]$LogonType, [string]$RunLevel)
    [pscustomobject]@{ UserId = $UserId; LogonType = $LogonType; RunLevel = $RunLevel }
}

Function New-ScheduledTaskSettingsSet {
    [CmdletBinding()]
    param ([TimeSpan]$ExecutionTimeLimit, [switch]$AllowStartIfOnBatteries, [switch]$DontStopIfGoingOnBatteries)
    [pscustomobject]@{ ExecutionTimeLimit = $ExecutionTimeLimit }
}

Function Register-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskName, [string]$TaskPath, [object]$Action, [object]$Principal, [object]$Settings, [switch]$Force)
    Invoke-DoubleFault -Call "task register $($Principal.UserId)"
    $task = @{ Action = $Action; Settings = $Settings; Process = $null }
    [AppDomain]::CurrentDomain.SetData("hotpatch_double_task $TaskPath$TaskName", $task)
}

Function Start-ScheduledTask {
    # Runs the script of the task in a process of its own, as the service does. There it is not a network logon, and it ends at its time limit.
    [CmdletBinding()]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task start'
    $task = [AppDomain]::CurrentDomain.GetData("hotpatch_double_task $TaskPath$TaskName")
    if ($task.Action.Argument -notmatch '-File "([^"]+)"$') { throw "no script in $($task.Action.Argument)" }
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    foreach ($argument in @('-NoProfile', '-NonInteractive', '-File', $env:HOTPATCH_DOUBLE_WORKER, $Matches[1])) { $start.ArgumentList.Add($argument) }
    $start.ArgumentList.Add([string][int]$task.Settings.ExecutionTimeLimit.TotalMilliseconds)
    # Nothing of it may stay in the hands of the payload's own shell.
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    if ($env:HOTPATCH_COVERAGE) { $start.Environment['HOTPATCH_COVERAGE'] = "$env:HOTPATCH_COVERAGE.$([Guid]::NewGuid())" }
    $task.Process = [Diagnostics.Process]::Start($start)
}

Function Stop-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task stop'
    $task = [AppDomain]::CurrentDomain.GetData("hotpatch_double_task $TaskPath$TaskName")
    if ($task -and $task.Process) { $task.Process.Kill() }
}

Function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess)]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task unregister'
    if ($PSCmdlet.ShouldProcess($TaskName)) { [AppDomain]::CurrentDomain.SetData("hotpatch_double_task $TaskPath$TaskName", $null) }
}
