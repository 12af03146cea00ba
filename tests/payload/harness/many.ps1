# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stands in the place of a payload, behind its requirements and the doubles, and runs the payload's own text for many hosts, one
# after the other, each in a fresh runspace. Core's wrapper, Ansible.Basic and the doubles are compiled once instead of for each host.

$ErrorActionPreference = 'Stop'
$work = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($env:HOTPATCH_MANY))
$payload = [IO.File]::ReadAllText($work.payload)
Add-Type -Path $env:HOTPATCH_DOUBLE_LIBRARY
$state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault()
foreach ($function in (Get-ChildItem -LiteralPath Function:\)) {
    if (-not $function.ModuleName -or $function.ModuleName -match '\.module_utils\._') {
        $state.Commands.Add([System.Management.Automation.Runspaces.SessionStateFunctionEntry]::new($function.Name, $function.Definition))
    }
}

Function ConvertTo-PlainArgument {
    # Core hands arguments over as tables and lists.
    param ([object]$Value)
    # What came through a pipeline is wrapped, and would pass for an object of its own.
    if ($null -eq $Value -or $Value -is [string] -or $Value -is [ValueType]) { return $Value }
    if ($Value -isnot [array]) {
        $table = @{}
        foreach ($property in $Value.PSObject.Properties) { $table[$property.Name] = ConvertTo-PlainArgument -Value $property.Value }
        return $table
    }
    , @($Value | ForEach-Object { ConvertTo-PlainArgument -Value $_ })
}

foreach ($item in $work.hosts) {
    foreach ($variable in $item.environment.PSObject.Properties) { [Environment]::SetEnvironmentVariable($variable.Name, $variable.Value) }
    [HotpatchDoubles.Hive]::Clear()
    Initialize-Double
    $arguments = ConvertTo-PlainArgument -Value $item.args
    $arguments['_ansible_check_mode'] = $item.check
    $arguments['_ansible_module_name'] = $work.module
    $runspace = [RunspaceFactory]::CreateRunspace($state)
    $runspace.Open()
    $runspace.SessionStateProxy.SetVariable('complex_args', $arguments)
    $shell = [PowerShell]::Create()
    $shell.Runspace = $runspace
    $written = [IO.StringWriter]::new()
    $screen = [Console]::Out
    [Console]::SetOut($written)
    try { $null = $shell.AddScript($payload).Invoke() }
    catch { $written.Write("$_ $($_.Exception.InnerException)") }
    finally { [Console]::SetOut($screen) }
    [IO.File]::WriteAllText("$($work.results)/$($item.name)", $written.ToString())
}
$module = [Ansible.Basic.AnsibleModule]::Create($args, @{ options = @{} })
$module.ExitJson()
