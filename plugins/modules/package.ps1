#!powershell

# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Values
#AnsibleRequires -PowerShell ..module_utils._Shell
#AnsibleRequires -PowerShell ..module_utils._Tool
#AnsibleRequires -PowerShell ..module_utils._Dism
#AnsibleRequires -PowerShell ..module_utils._Packages
#AnsibleRequires -PowerShell ..module_utils._PackageFile
#AnsibleRequires -PowerShell ..module_utils._PackageChange
#AnsibleRequires -PowerShell ..module_utils._ServicingErrors

Set-StrictMode -Version Latest

# BEGIN options, written by `python -m tools.generate`
$spec = @{
    options = @{
        sha256 = @{ type = 'str' }
        prerequisites = @{
            type = 'list'
            elements = 'dict'
            default = @()
            options = @{ path = @{ type = 'str'; required = $true }; sha256 = @{ type = 'str' } }
        }
        state = @{ type = 'str'; choices = @('present', 'absent'); default = 'present' }
        identity = @{ type = 'str' }
        kb = @{ type = 'str' }
        path = @{ type = 'str' }
    }
    required_if = @(@('state', 'present', @('path')), @('state', 'absent', @('identity', 'kb'), $true))
    mutually_exclusive = @(, @('identity', 'kb'))
    supports_check_mode = $true
}
# END options

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
Stop-OffWindows -Module $module
$module.Result.changed = $false
$module.Result.packages = @()
$module.Result.restart_needed = $false
$module.Result.tool = $null
$module.Result.exit_code = 0
$module.Result.hresult = $null
$module.Result.message = $null

# Without this, DISM draws a progress bar into the output.
$ProgressPreference = 'SilentlyContinue'

Function Stop-WithServicingError {
    <#
    .SYNOPSIS
    Ends the module with what DISM said, what it means and what to do.
    #>
    param (
        [Parameter(Mandatory)][System.Management.Automation.ErrorRecord]$ErrorRecord,
        [Parameter(Mandatory)][string]$Doing
    )

    $problem = Get-ServicingProblem -ErrorRecord $ErrorRecord -Doing $Doing
    # The DISM program would have ended with this number.
    $module.Result.exit_code = [Convert]::ToInt32($problem.hresult, 16)
    $module.Result.hresult = $problem.hresult
    $module.Result.message = $problem.message
    $module.FailJson($problem.message, $ErrorRecord)
}

Function Invoke-Wusa {
    <#
    .SYNOPSIS
    Removes an update that DISM lists under no identity, and ends the module.
    #>
    param (
        [Parameter(Mandatory)][string]$Kb,
        [AllowEmptyCollection()][object[]]$Packages
    )

    $fixes = @(Get-CimInstance -ClassName Win32_QuickFixEngineering -Property HotFixID -Filter "HotFixID='$Kb'" -ErrorAction SilentlyContinue)
    if ($fixes.Count -eq 0) {
        Complete-Result -Before $Packages -Message "$Kb is not installed."
    }
    $module.Result.changed = $true
    $module.Result.tool = 'wusa'
    if ($module.CheckMode) {
        Complete-Result -Before $Packages -Message "$Kb would be removed by wusa: DISM lists no package of it."
    }
    $program = [IO.Path]::Combine([string]$env:SystemRoot, 'System32', 'wusa.exe')
    try {
        $process = Start-Process -FilePath $program -ArgumentList "/uninstall /kb:$($Kb.Substring(2)) /quiet /norestart" -PassThru -ErrorAction Stop
        # Without its handle, a process that has ended has no exit code.
        $null = $process.Handle
        if (-not $process.WaitForExit(3600000)) {
            throw (New-Object -TypeName System.TimeoutException -ArgumentList 'wusa still runs after an hour and was left alone')
        }
        $code = [int]$process.ExitCode
    }
    catch {
        $module.Result.changed = $false
        Stop-WithServicingError -ErrorRecord $_ -Doing "Removing $Kb by wusa"
    }
    # 3010 and 0x00240005 ask for a restart, 0x00240007 finds nothing to remove.
    if ($code -notin @(0, 3010, 2359301, 2359303)) {
        $module.Result.changed = $false
        $problem = Get-WusaProblem -Kb $Kb -ExitCode $code
        $module.Result.exit_code = $code
        $module.Result.hresult = $problem.hresult
        $module.Result.message = $problem.message
        $module.FailJson($problem.message)
    }
    $module.Result.changed = $code -ne 2359303
    $module.Result.restart_needed = $code -in @(3010, 2359301)
    Complete-Result -Before $Packages -Message $(if ($module.Result.changed) { "$Kb was removed by wusa." } else { "$Kb is not installed." })
}

Function Complete-Result {
    <#
    .SYNOPSIS
    Lists the packages as they are now, those that changed first, and ends the module.
    #>
    param (
        [AllowEmptyCollection()][object[]]$Before,
        [Parameter(Mandatory)][string]$Message
    )

    $module.Result.message = $Message
    $now = $Before
    if ($module.Result.changed -and -not $module.CheckMode) {
        try {
            $now = @(Get-UpdatePackage -Way $way)
        }
        catch {
            $module.Warn("The change is made, the packages could not be listed afterwards: $($_.Exception.Message)")
        }
    }
    $known = @($Before | ForEach-Object -Process { "$($_.identity) $($_.state)" })
    $module.Result.packages = @(
        $now | Where-Object -FilterScript { "$($_.identity) $($_.state)" -notin $known }
        $now | Where-Object -FilterScript { "$($_.identity) $($_.state)" -in $known }
    )
    if ($module.Result.restart_needed) {
        $module.Result.exit_code = 3010
    }
    $module.ExitJson()
}

$state = $module.Params.state
# Seconds after which Windows PowerShell is given up, where this runs in PowerShell 7. A change gets as long as wusa.
$limits = @{ question = 300; change = 3600 }
$way = New-DismWay -Seconds $limits.question -ChangeSeconds $limits.change
$files = @()
if ($state -eq 'present') {
    $files = @($module.Params.prerequisites) + @(@{ path = $module.Params.path; sha256 = $module.Params.sha256 })
    # All of them, before the first one is installed.
    foreach ($file in $files) {
        $problem = Get-PackageFileProblem -Path $file.path -Sha256 $file.sha256
        if ($problem) {
            $module.Result.message = $problem
            $module.FailJson($problem)
        }
    }
}

try {
    $before = @(Get-UpdatePackage -Way $way)
}
catch {
    Stop-WithServicingError -ErrorRecord $_ -Doing 'Listing the packages'
}

if ($state -eq 'absent') {
    $identity = $module.Params.identity
    if (-not $identity) {
        $kb = ConvertTo-KbNumber -Value $module.Params.kb
        if (-not $kb) {
            $module.Result.message = "$($module.Params.kb) is not a KB number, such as KB5094125. Nothing was removed."
            $module.FailJson($module.Result.message)
        }
        $identity = $before | Where-Object -FilterScript { $_.kb -eq $kb } | ForEach-Object -Process { $_.identity } | Select-Object -First 1
        if (-not $identity -and $way.problems.Count -gt 0) {
            # One of these may be it: it must not pass for an update that is not there, nor be removed by another way.
            $module.Result.hresult = $way.problems[0].hresult
            $module.Result.message = "$kb is none of the packages whose number DISM tells. Nothing was removed. $($way.problems[0].message)"
            $module.FailJson($module.Result.message)
        }
        if (-not $identity) {
            Invoke-Wusa -Kb $kb -Packages $before
        }
    }
    $module.Result.tool = 'dism'
    $package = $before | Where-Object -FilterScript { $_.identity -eq $identity } | Select-Object -First 1
    if ($null -eq $package -or $package.state -eq 'NotPresent') {
        Complete-Result -Before $before -Message "$identity is not installed."
    }
    if ($package.state -eq 'UninstallPending') {
        $module.Result.restart_needed = $true
        Complete-Result -Before $before -Message "$identity is removed already and waits for a restart."
    }
    $module.Result.changed = $true
    if ($module.CheckMode) {
        Complete-Result -Before $before -Message "$identity would be removed."
    }
    try {
        $module.Result.restart_needed = Invoke-PackageChange -Way $way -Command 'Remove-DismPackage' -Given @{ PackageName = $identity }
    }
    catch {
        $module.Result.changed = $false
        Stop-WithServicingError -ErrorRecord $_ -Doing "Removing $identity"
    }
    Complete-Result -Before $before -Message "$identity was removed."
}

$module.Result.tool = 'dism'
$added = @()
foreach ($file in $files) {
    $found = Get-PackageFileState -Way $way -Path $file.path -Packages $before
    if ($found -eq 'NotApplicable') {
        $module.Result.hresult = '0x800F081E'
        $module.Result.exit_code = [Convert]::ToInt32('0x800F081E', 16)
        $module.Result.message = "$($file.path): $(Get-ServicingErrorText -HResult '0x800F081E')"
        $module.FailJson($module.Result.message)
    }
    if (Test-InstalledState -State $found) {
        $module.Result.restart_needed = $module.Result.restart_needed -or $found -eq 'InstallPending'
        continue
    }
    if (-not $module.CheckMode) {
        try {
            $restart = Invoke-PackageChange -Way $way -Command 'Add-DismPackage' -Given @{ PackagePath = $file.path }
            $module.Result.restart_needed = $module.Result.restart_needed -or $restart
        }
        catch {
            Stop-WithServicingError -ErrorRecord $_ -Doing "Adding $($file.path)"
        }
    }
    $module.Result.changed = $true
    $added += $file.path
}
$verb = if ($module.CheckMode) { 'would be added' } else { 'was added' }
if ($added.Count -eq 0) {
    Complete-Result -Before $before -Message "$($module.Params.path) is installed already."
}
Complete-Result -Before $before -Message "$($added -join ', ') $verb."
