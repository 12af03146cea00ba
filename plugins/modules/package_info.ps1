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
#AnsibleRequires -PowerShell ..module_utils._ServicingErrors

Set-StrictMode -Version Latest

# BEGIN options, written by `python -m tools.generate`
$spec = @{
    options = @{ identity = @{ type = 'str' } }
    supports_check_mode = $true
}
# END options

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
Stop-OffWindows -Module $module
$module.Result.changed = $false
$module.Result.packages = @()
$module.Result.restart_needed = $false
$module.Result.hresult = $null

# Without this, DISM draws a progress bar into the output.
$ProgressPreference = 'SilentlyContinue'

# Seconds after which Windows PowerShell is given up, where this runs in PowerShell 7.
$limits = @{ question = 300 }
$way = New-DismWay -Seconds $limits.question
try {
    $packages = @(Get-UpdatePackage -Way $way)
}
catch {
    $problem = Get-ServicingProblem -ErrorRecord $_ -Doing 'Listing the packages'
    $module.Result.hresult = $problem.hresult
    $module.FailJson($problem.message, $_)
}
if ($module.Params.identity) {
    $packages = @($packages | Where-Object -FilterScript { $_.identity -eq $module.Params.identity })
}
$pending = @('InstallPending', 'UninstallPending')
$module.Result.restart_needed = @($packages | Where-Object -FilterScript { $_.state -in $pending }).Count -gt 0
$module.Result.packages = $packages
foreach ($noted in $way.problems) {
    $module.Warn($noted.message)
}
$module.ExitJson()
