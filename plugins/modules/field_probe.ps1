#!powershell

# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ..module_utils._Values
#AnsibleRequires -PowerShell ..module_utils._Shell
#AnsibleRequires -PowerShell ..module_utils._Probe
#AnsibleRequires -PowerShell ..module_utils._Queries
#AnsibleRequires -PowerShell ..module_utils._Tool
#AnsibleRequires -PowerShell ..module_utils._ArcAgent
#AnsibleRequires -PowerShell ..module_utils._UpdateClient
#AnsibleRequires -PowerShell ..module_utils._RestartCheck
#AnsibleRequires -PowerShell ..module_utils._FieldProbe
#AnsibleRequires -PowerShell ..module_utils._Dism
#AnsibleRequires -PowerShell ..module_utils._FieldUpdates

Set-StrictMode -Version Latest

# BEGIN options, written by `python -m tools.generate`
$spec = @{
    options = @{ dest = @{ type = 'path'; required = $true }; restart_check = @{ type = 'bool'; default = $false } }
    supports_check_mode = $true
}
# END options

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
Stop-OffWindows -Module $module

$limits = @{ updates = 300; packages = 300; other = 60 }
$probes = @(
    @{ name = 'registry'; command = 'Save-Registry' }
    @{ name = 'cim'; command = 'Save-Cim' }
    @{ name = 'tasks'; command = 'Save-Task' }
    @{ name = 'agent'; command = 'Save-Agent' }
    @{ name = 'events'; command = 'Save-Event' }
    @{ name = 'history'; command = 'Save-History' }
    @{ name = 'packages'; command = 'Save-ServicingPackage' }
    @{ name = 'updates'; command = 'Save-Update' }
)
$options = @{ restart_check = $module.Params.restart_check }
$errors = New-Object -TypeName System.Collections.ArrayList
$found = @{ now = ConvertTo-UtcText -Value (Get-Date); powershell = Get-ShellFact; errors = $errors }
$session = New-ProbeSession
foreach ($probe in $probes) {
    if ($session.hung) {
        $session = New-ProbeSession
    }
    $seconds = if ($limits.ContainsKey($probe.name)) { $limits[$probe.name] } else { $limits.other }
    $result = Invoke-Probe -Session $session -Name $probe.name -Command $probe.command -Seconds $seconds -Options $options
    $found[$probe.name] = $result.value
    foreach ($problem in $result.problems) {
        $null = $errors.Add($problem)
    }
}
if (-not $session.hung) {
    Close-ProbeSession -Session $session
}

$module.Result.found = $found
# What the controller takes out of every text, and then forgets.
$module.Result.names = @(
    @($env:COMPUTERNAME, $env:USERDNSDOMAIN, $env:USERDOMAIN, $env:USERNAME) | Where-Object -FilterScript { $_ } | Select-Object -Unique
)
$module.ExitJson()
