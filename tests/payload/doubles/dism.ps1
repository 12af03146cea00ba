# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The servicing of packages.

Function Get-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackageName, [string]$PackagePath)
    if ($PackagePath) {
        $file = [IO.Path]::GetFileName($PackagePath)
        Invoke-DoubleFault -Call "dism file $file"
        $inside = Get-Double -Name $file -From (Get-Double -Name 'package_files')
        if ($null -eq $inside) {
            $words = @('The request is not supported.', 0x80070032)
            throw (Microsoft.PowerShell.Utility\New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList $words)
        }
        return ConvertTo-DoubleInstance -Source $inside
    }
    Invoke-DoubleFault -Call "dism list $PackageName".Trim()
    foreach ($package in (Get-Double -Name 'packages')) {
        if ($PackageName) {
            if ($package.PackageName -eq $PackageName) { return ConvertTo-DoubleInstance -Source $package }
        }
        else { ConvertTo-DoubleInstance -Source $package -Property PackageName, PackageState, ReleaseType, InstallTime }
    }
}

Function Remove-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackageName, [switch]$NoRestart)
    if (-not $NoRestart) { throw 'a payload would restart the host' }
    Invoke-DoubleFault -Call "dism remove $PackageName"
    foreach ($package in (Get-Double -Name 'packages')) { if ($package.PackageName -eq $PackageName) { $package.PackageState = 'UninstallPending' } }
    if (Get-Double -Name 'removes_at_once') {
        $description = [AppDomain]::CurrentDomain.GetData('hotpatch_double')
        $description.packages = @($description.packages | Where-Object { $_.PackageName -ne $PackageName })
    }
    [pscustomobject]@{ Path = ''; Online = $true; RestartNeeded = $true }
}

Function Add-WindowsPackage {
    [CmdletBinding()]
    param ([switch]$Online, [string]$PackagePath, [switch]$NoRestart)
    if (-not $NoRestart) { throw 'a payload would restart the host' }
    $file = [IO.Path]::GetFileName($PackagePath)
    Invoke-DoubleFault -Call "dism add $file"
    $description = [AppDomain]::CurrentDomain.GetData('hotpatch_double')
    $adds = Get-Double -Name $file -From (Get-Double -Name 'package_adds')
    if ($adds) { $description.packages = @($description.packages) + @($adds) }
    [pscustomobject]@{ Path = ''; Online = $true; RestartNeeded = [bool]$adds }
}
