# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Runs a part of a payload outside of the network logon, as ansible.windows.win_updates does: by a scheduled task that lives for
# moments. The downloader and the installer of the update client refuse every network logon (Microsoft, "Using WUA from a remote
# computer").

Set-StrictMode -Version Latest

Function Write-BatchResult {
    <#
    .SYNOPSIS
    Writes one result of a worker, whole or not at all.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Folder,
        [Parameter(Mandatory)][string]$Name,
        [Parameter(Mandatory)][hashtable]$Value
    )

    $path = [IO.Path]::Combine($Folder, "$Name.json")
    [IO.File]::WriteAllText("$path.part", (ConvertTo-Json -InputObject $Value -Depth 5 -Compress))
    [IO.File]::Move("$path.part", $path)
}

Function Start-BatchWorker {
    <#
    .SYNOPSIS
    The frame of a worker: says when it is done, and why it failed.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][string]$Folder
    )

    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    try {
        & $Command -Folder $Folder
    }
    catch {
        [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'failed'), $_.Exception.Message)
    }
    [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'done'), '')
}

Function Invoke-InBatchLogon {
    <#
    .SYNOPSIS
    Runs a function of this script as SYSTEM in a task of its own, and returns the results that it wrote until then.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Context,
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][string[]]$Functions,
        [Parameter(Mandatory)][DateTime]$Until
    )

    # Nobody knows this name before it is there, and what an administrator creates there others cannot change.
    $results = [IO.Path]::Combine([IO.Path]::GetTempPath(), "winops.hotpatch-$([Guid]::NewGuid())")
    $Context.left = "the scheduled task winops.hotpatch $PID, the folder $results"
    $null = [IO.Directory]::CreateDirectory($results)
    $text = New-Object -TypeName System.Text.StringBuilder
    foreach ($function in (@('Start-BatchWorker', 'Write-BatchResult') + $Functions)) {
        $null = $text.AppendLine("Function $function {$((Get-Item -LiteralPath "Function:\$function").Definition)}")
    }
    $null = $text.AppendLine("Start-BatchWorker -Command $Command -Folder `$PSScriptRoot")
    $worker = [IO.Path]::Combine($results, 'worker.ps1')
    # With the mark at its head, without which Windows PowerShell reads the code page of the host.
    [IO.File]::WriteAllText($worker, $text.ToString(), (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $true))

    $seconds = [Math]::Max(1, [int]($Until - [DateTime]::UtcNow).TotalSeconds)
    $program = [IO.Path]::Combine([string]$env:SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
    $action = New-ScheduledTaskAction -Execute $program -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$worker`""
    $settings = @{
        # Ends the worker even if nobody is left who waits for it.
        ExecutionTimeLimit = [TimeSpan]::FromSeconds($seconds)
        AllowStartIfOnBatteries = $true
        DontStopIfGoingOnBatteries = $true
    }
    $task = @{ TaskName = "winops.hotpatch $PID"; TaskPath = '\' }
    $definition = @{
        Action = $action
        Principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
        Settings = New-ScheduledTaskSettingsSet @settings
        Force = $true
        ErrorAction = 'Stop'
    }
    $registered = $false
    try {
        $null = Register-ScheduledTask @task @definition
        $registered = $true
        $null = Start-ScheduledTask @task -ErrorAction Stop
        while ([DateTime]::UtcNow -lt $Until -and -not [IO.File]::Exists([IO.Path]::Combine($results, 'done'))) {
            Start-Sleep -Milliseconds 200
        }
        $failed = [IO.Path]::Combine($results, 'failed')
        if ([IO.File]::Exists($failed)) {
            throw [IO.File]::ReadAllText($failed)
        }
        foreach ($file in [IO.Directory]::GetFiles($results, '*.json')) {
            ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($file))
        }
    }
    finally {
        $left = @()
        if ($registered) {
            $null = Stop-ScheduledTask @task -ErrorAction SilentlyContinue
            try {
                $null = Unregister-ScheduledTask @task -Confirm:$false -ErrorAction Stop
            }
            catch {
                $left += "the scheduled task $($task.TaskName)"
            }
        }
        # A worker that was stopped this moment may hold on to it for a while.
        for ($try = 0; $try -lt 10 -and [IO.Directory]::Exists($results); $try++) {
            Remove-Item -LiteralPath $results -Recurse -Force -ErrorAction SilentlyContinue
            if ([IO.Directory]::Exists($results)) {
                Start-Sleep -Milliseconds 200
            }
        }
        if ([IO.Directory]::Exists($results)) {
            $left += "the folder $results"
        }
        $Context.left = $null
        if ($left) {
            Add-Problem -Context $Context -Probe 'restart_check' -Message "left behind on the host: $($left -join ', ')"
        }
    }
}
