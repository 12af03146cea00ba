# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Runs a program with a time limit, and ends it with all that it has started.

Set-StrictMode -Version Latest

Function Get-StartedProcess {
    <#
    .SYNOPSIS
    What a process has started since, and what that has started, also where the first has ended. What only an ended child knew is not found.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][int]$Id,
        [Parameter(Mandatory)][DateTime]$Since
    )

    $fields = @('ProcessId', 'ParentProcessId', 'CreationDate')
    # The number of a parent can have been that of another process before: what is older is not meant.
    $young = @(
        Get-CimInstance -ClassName Win32_Process -Property $fields -OperationTimeoutSec 2 -ErrorAction Stop |
            Where-Object -FilterScript { $_.CreationDate -ge $Since }
    )
    $parents = @($Id)
    while ($parents.Count -gt 0) {
        $children = @($young | Where-Object -FilterScript { $_.ParentProcessId -in $parents } | ForEach-Object -Process { $_.ProcessId })
        [Diagnostics.Process]::GetProcesses() | Where-Object -FilterScript { $_.Id -in $children }
        $parents = $children
    }
}

Function Stop-StartedProcess {
    <#
    .SYNOPSIS
    Ends a process. Returns its name and number where it lives on.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][object]$Process)

    try {
        $Process.Kill()
    }
    catch {
        # It has ended by itself, or may not be ended, which shows at once.
        $null = $_
    }
    if (-not $Process.WaitForExit(500)) {
        "$($Process.ProcessName) ($($Process.Id))"
    }
}

Function Stop-Tool {
    <#
    .SYNOPSIS
    Ends a program and all that it has started. Returns what is left behind, as the end of a message.

    .DESCRIPTION
    The .NET of Windows PowerShell ends a process alone. A job object, which would end all of them, takes compiled code, and taskkill finds
    nothing where the program itself has ended already. So CIM is asked for them, by which every shell goes the same way.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][object]$Process,
        [Parameter(Mandatory)][DateTime]$Since
    )

    $left = @(Stop-StartedProcess -Process $Process)
    try {
        $left += @(Get-StartedProcess -Id $Process.Id -Since $Since | ForEach-Object -Process { Stop-StartedProcess -Process $_ })
    }
    catch {
        $left += 'whatever it has started'
    }
    if ($left) {
        return "; left behind on the host: $($left -join ', ')"
    }
    ''
}

Function Invoke-Tool {
    <#
    .SYNOPSIS
    Runs a program, without a window and without its error stream, and returns what it wrote. Ends it after the time limit.

    .DESCRIPTION
    LeaveAlone is for a program that changes Windows: it is not ended halfway. Without names the variables that it must not inherit.
    With MustSucceed an exit code other than 0 is an error.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Path,
        [string]$Arguments = '',
        [int]$Seconds = 20,
        [string[]]$Without = @(),
        [switch]$LeaveAlone,
        [switch]$MustSucceed
    )

    $process = New-Object -TypeName System.Diagnostics.Process
    $process.StartInfo.FileName = $Path
    $process.StartInfo.Arguments = $Arguments
    $process.StartInfo.UseShellExecute = $false
    $process.StartInfo.CreateNoWindow = $true
    $process.StartInfo.RedirectStandardInput = $true
    $process.StartInfo.RedirectStandardOutput = $true
    $process.StartInfo.RedirectStandardError = $true
    $process.StartInfo.StandardOutputEncoding = [Text.Encoding]::UTF8
    foreach ($name in $Without) {
        $process.StartInfo.EnvironmentVariables.Remove($name)
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    # A second, since not every clock of a process is finer.
    $since = [DateTime]::Now.AddSeconds(-1)
    $null = $process.Start()
    $whole = $false
    $code = 0
    $left = ''
    try {
        # What stands on the input of this process, the module itself, is not meant for the program.
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $null = $process.StandardError.ReadToEndAsync()
        $ended = $process.WaitForExit(1000 * $Seconds)
        # A program that it started can keep the other end of the output open after it has ended itself.
        $whole = $ended -and $output.Wait([Math]::Max(1, 1000 * $Seconds - [int]$watch.ElapsedMilliseconds))
        if ($whole) {
            $code = $process.ExitCode
        }
    }
    finally {
        # Also where the probe itself is stopped.
        if ($LeaveAlone) {
            $left = ' and was left alone'
        }
        elseif (-not $whole) {
            $left = Stop-Tool -Process $process -Since $since
        }
        $process.Dispose()
    }
    if (-not $whole) {
        throw (New-Object -TypeName System.TimeoutException -ArgumentList "$Path did not end within $Seconds seconds$left")
    }
    if ($MustSucceed -and $code -ne 0) {
        throw "$Path ended with the exit code $code"
    }
    $output.Result
}
