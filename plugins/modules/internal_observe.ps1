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
#AnsibleRequires -PowerShell ..module_utils._HostFacts
#AnsibleRequires -PowerShell ..module_utils._HostState
#AnsibleRequires -PowerShell ..module_utils._Roles
#AnsibleRequires -PowerShell ..module_utils._RestartEvents
#AnsibleRequires -PowerShell ..module_utils._UpdateClient
#AnsibleRequires -PowerShell ..module_utils._RestartCheck
#AnsibleRequires -PowerShell ..module_utils._BatchLogon
#AnsibleRequires -PowerShell ..module_utils._Dism
#AnsibleRequires -PowerShell ..module_utils._Packages
#AnsibleRequires -PowerShell ..module_utils._Memory
#AnsibleRequires -PowerShell ..module_utils._MemoryWrite
#AnsibleRequires -PowerShell ..module_utils._Machine

Set-StrictMode -Version Latest

# BEGIN options, written by `python -m tools.generate`
$spec = @{
    options = @{
        gather = @{
            type = 'list'
            elements = 'str'
            choices = @(
                'os', 'boot', 'platform', 'vbs', 'secure_boot', 'chpe', 'enrollment', 'update_source', 'pending'
                'history', 'quick_fixes', 'packages', 'offers', 'restart_check', 'monitor', 'disk', 'servicing', 'roles'
                'restarts'
            )
            default = @(
                'os', 'boot', 'platform', 'vbs', 'secure_boot', 'chpe', 'enrollment', 'update_source', 'pending'
                'history', 'quick_fixes', 'packages', 'offers', 'restart_check', 'monitor', 'disk', 'servicing', 'roles'
                'restarts'
            )
        }
        memory = @{ type = 'dict'; options = @{ document = @{ type = 'str' }; expect = @{ type = 'str' } } }
    }
    supports_check_mode = $true
}
# END options

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
Stop-OffWindows -Module $module

# Seconds after which a probe is given up. The restart check has a limit for each update and one for all.
$limits = @{ offers = 300; packages = 120; history = 60; restart_check_each = 60; restart_check = 300; memory = 30; memory_lock = 10; other = 30 }

# In this order: asking DISM and the update client sets Windows to work, which would show as servicing in progress.
$probes = @(
    @{ name = 'os'; section = 'os'; command = 'Read-OperatingSystem' }
    @{ name = 'boot'; section = 'boot_time'; command = 'Read-BootTime' }
    @{ name = 'platform'; section = 'platform'; command = 'Read-Platform' }
    @{ name = 'vbs'; section = 'vbs'; command = 'Read-VirtualizationBasedSecurity' }
    @{ name = 'secure_boot'; section = 'secure_boot'; command = 'Read-SecureBoot' }
    @{ name = 'chpe'; section = 'chpe'; command = 'Read-Chpe' }
    @{ name = 'enrollment'; section = 'enrollment'; command = 'Read-Enrollment' }
    @{ name = 'update_source'; section = 'update_source'; command = 'Read-UpdateSource' }
    @{ name = 'disk'; section = 'disk'; command = 'Read-Disk' }
    @{ name = 'roles'; section = 'roles'; command = 'Read-Role' }
    @{ name = 'servicing'; section = 'servicing'; command = 'Read-Servicing' }
    @{ name = 'restarts'; section = 'restarts'; command = 'Read-RestartEvent' }
    @{ name = 'pending'; section = 'pending'; command = 'Read-Pending' }
    @{ name = 'monitor'; section = 'monitor'; command = 'Read-Monitor' }
    @{ name = 'quick_fixes'; section = 'quick_fixes'; command = 'Read-QuickFix' }
    @{ name = 'history'; section = 'history'; command = 'Read-History' }
    @{ name = 'packages'; section = 'packages'; command = 'Read-Package' }
    @{ name = 'offers'; section = 'offers'; command = 'Read-Offer' }
)
$options = @{
    restart_check = 'restart_check' -in $module.Params.gather
    restart_check_seconds = $limits.restart_check
    restart_check_each_seconds = $limits.restart_check_each
}
$errors = New-Object -TypeName System.Collections.ArrayList
$timings = @{}
$observation = @{
    schema = 'winops.hotpatch/observation/1'
    observed_at = ConvertTo-UtcText -Value (Get-Date)
    powershell = Get-ShellFact
    errors = $errors
    timings_ms = $timings
}

$session = New-ProbeSession
# Before the probes, so that what they see is seen under what was claimed here; and whatever becomes of it, they are run.
if ($null -ne $module.Params.memory) {
    $asked = @{
        document = if ($module.CheckMode) { $null } else { $module.Params.memory['document'] }
        expect = $module.Params.memory['expect']
        lock_seconds = $limits.memory_lock
    }
    $result = Invoke-Probe -Session $session -Name 'memory' -Command 'Invoke-Memory' -Seconds $limits.memory -Options $asked
    $memory = @{ document = $null; revision = ''; written = $false; writable = $false }
    if ($result.value) {
        $memory = $result.value
    }
    $memory.clock = ConvertTo-UtcText -Value (Get-Date)
    $memory.error = $null
    foreach ($problem in ($result.problems | Select-Object -First 1)) {
        $memory.error = @{ hresult = $problem.hresult; message = $problem.message }
    }
    if ($session.hung) {
        $session = New-ProbeSession
    }
    $memory.machine = (Invoke-Probe -Session $session -Name 'machine' -Command 'Read-Machine' -Seconds $limits.other).value
    $module.Result.memory = $memory
    $module.Result.changed = $memory.written
}
foreach ($probe in $probes) {
    $observation[$probe.section] = $null
    if ($probe.name -notin $module.Params.gather) {
        continue
    }
    if ($session.hung) {
        $session = New-ProbeSession
    }
    $seconds = if ($limits.ContainsKey($probe.name)) { $limits[$probe.name] } else { $limits.other }
    $result = Invoke-Probe -Session $session -Name $probe.name -Command $probe.command -Seconds $seconds -Options $options
    $observation[$probe.section] = $result.value
    $timings[$probe.name] = $result.milliseconds
    foreach ($problem in $result.problems) {
        $null = $errors.Add($problem)
    }
}
if (-not $session.hung) {
    Close-ProbeSession -Session $session
}

$module.Result.observation = $observation
$module.ExitJson()
