# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# CIM classes and methods, Secure Boot, processes.

Function Get-DoubleProcess {
    # The processes that the program of a test has started: it has written down their numbers and those of their parents.
    $noted = [IO.Path]::Combine([string]$env:ProgramFiles, 'AzureConnectedMachineAgent', 'processes')
    if (-not [IO.File]::Exists($noted)) { return }
    foreach ($line in [IO.File]::ReadAllLines($noted)) {
        $id, $parent = $line -split ' '
        [pscustomobject]@{ ProcessId = [uint32]$id; ParentProcessId = [uint32]$parent; CreationDate = [DateTime]::Now }
    }
}

Function Get-CimInstance {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$ClassName, [string]$Namespace = 'root\cimv2', [string[]]$Property, [string]$Filter, [uint32]$OperationTimeoutSec)
    Invoke-DoubleFault -Call "cim $ClassName"
    Invoke-DoubleFault -Call "cim $ClassName $($Property -join ' ')$(if ($Filter) { " $Filter" })"
    if ($ClassName -eq 'Win32_Process') { return Get-DoubleProcess }
    foreach ($instance in (Get-Double -Name $ClassName -From (Get-Double -Name 'cim'))) {
        if ($Filter -and $Filter -match "^(\w+)='(.*)'$" -and [string]$instance.($Matches[1]) -ne $Matches[2]) { continue }
        ConvertTo-DoubleInstance -Source $instance -Property $Property
    }
}

Function Invoke-CimMethod {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$Namespace, [string]$ClassName, [string]$MethodName, [uint32]$OperationTimeoutSec)
    Invoke-DoubleFault -Call "cim $ClassName.$MethodName"
    Get-Double -Name "$ClassName.$MethodName" -From (Get-Double -Name 'cim')
}

Function Confirm-SecureBootUEFI {
    [CmdletBinding()]
    param ()
    Invoke-DoubleFault -Call 'secure_boot'
    $answer = Get-Double -Name 'confirm_secure_boot'
    if ($null -ne $answer) { return $answer }
    $words = 'Cmdlet not supported on this platform: 0xC0000002'
    throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.PlatformNotSupportedException -ArgumentList $words)
}

Function Get-Process {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string[]]$Name)
    Invoke-DoubleFault -Call 'processes'
    foreach ($process in (Get-Double -Name 'processes')) {
        if ($process -in $Name) { [pscustomobject]@{ Name = $process; Id = 4711 } }
    }
}

Function Start-Process {
    # Programs that are started: what the description says of them by name, which is their exit code.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$FilePath, [string]$ArgumentList, [switch]$PassThru)
    $name = ($FilePath -split '[\\/]')[-1]
    Invoke-DoubleFault -Call "start $name $ArgumentList"
    $code = Get-Double -Name $name -From (Get-Double -Name 'programs')
    if ($null -eq $code) { throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.ComponentModel.Win32Exception -ArgumentList 2) }
    $process = [pscustomobject]@{ Handle = 1; ExitCode = $code }
    Add-Member -InputObject $process -MemberType ScriptMethod -Name WaitForExit -Value { param ($Milliseconds) $this.ExitCode -ne 'hangs' } -PassThru
}
