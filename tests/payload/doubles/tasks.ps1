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
        Write-Error -Message "No MSFT_ScheduledTask objects found with property 'TaskName' equal to '$TaskName'." -Category ObjectNotFound -ErrorId 'CmdletizationQuery_NotFound_TaskName'
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
    [AppDomain]::CurrentDomain.SetData("hotpatch_double_task $TaskPath$TaskName", $Action)
}

Function Start-ScheduledTask {
    # Runs the script of the task in a runspace of its own, as the task's PowerShell would; there it is no network logon.
    [CmdletBinding()]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task start'
    $action = [AppDomain]::CurrentDomain.GetData("hotpatch_double_task $TaskPath$TaskName")
    if ($action.Argument -notmatch '-File "([^"]+)"$') { throw "no script in $($action.Argument)" }
    $script = $Matches[1]
    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault()
    foreach ($function in (Get-ChildItem -LiteralPath Function:\)) {
        if ($function.Name -match 'Double' -or $function.Name -in 'New-Object', 'Get-Date') {
            $state.Commands.Add([System.Management.Automation.Runspaces.SessionStateFunctionEntry]::new($function.Name, $function.Definition))
        }
    }
    $state.Variables.Add([System.Management.Automation.Runspaces.SessionStateVariableEntry]::new('HotpatchDoubleBatch', $true, ''))
    $runspace = [RunspaceFactory]::CreateRunspace($state)
    $runspace.Open()
    $shell = [PowerShell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddScript("[Threading.Thread]::CurrentThread.IsBackground = `$true; & '$script'").BeginInvoke()
}

Function Stop-ScheduledTask {
    [CmdletBinding()]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task stop'
}

Function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess)]
    param ([string]$TaskName, [string]$TaskPath)
    Invoke-DoubleFault -Call 'task unregister'
}
