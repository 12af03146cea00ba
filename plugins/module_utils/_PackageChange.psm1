# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Adds and removes packages. What was begun is never begun again: where no answer comes, DISM is asked how things stand.

Set-StrictMode -Version Latest

Function Remove-DismPackage {
    <#
    .SYNOPSIS
    Removes one package. Runs as text in Windows PowerShell too: so it uses nothing of this collection.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'The module has a check mode')]
    param ([string]$PackageName)

    Remove-WindowsPackage -Online -PackageName $PackageName -NoRestart -ErrorAction Stop
}

Function Add-DismPackage {
    <#
    .SYNOPSIS
    Adds the package in a file. Runs as text in Windows PowerShell too.
    #>
    param ([string]$PackagePath)

    Add-WindowsPackage -Online -PackagePath $PackagePath -NoRestart -ErrorAction Stop
}

Function Get-StateNow {
    <#
    .SYNOPSIS
    The state of a package, or of the one in a file, after a change that gave no answer; Unknown where that is not told either.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Way,
        [Parameter(Mandatory)][hashtable]$Given
    )

    try {
        $packages = @(Get-UpdatePackage -Way $Way)
        if ($Given.ContainsKey('PackagePath')) {
            return Get-PackageFileState -Way $Way -Path $Given.PackagePath -Packages $packages
        }
        $state = $packages | Where-Object -FilterScript { $_.identity -eq $Given.PackageName } | ForEach-Object -Process { $_.state }
        if ($state) {
            return $state
        }
        return 'NotPresent'
    }
    catch {
        return 'Unknown'
    }
}

Function Invoke-PackageChange {
    <#
    .SYNOPSIS
    Runs one of the commands above, and returns whether a restart is needed.

    .DESCRIPTION
    That a class is not registered shows before DISM has begun, any other error when it has given up. A change that gives no answer
    may be done, under way or not begun, which only the state of the package tells.
    #>
    [OutputType([bool])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Way,
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][hashtable]$Given
    )

    try {
        $answer = Invoke-Dism -Way $Way -Command $Command -Given @($Given) -Change
    }
    catch {
        $wanted = if ($Given.ContainsKey('PackagePath')) { @('Installed', 'InstallPending') } else { @('NotPresent', 'UninstallPending') }
        $state = Get-StateNow -Way $Way -Given $Given
        if ($state -in $wanted) {
            # Whether it asked for a restart is not known, so that one is needed.
            return $true
        }
        $detail = Get-ErrorDetail -ErrorRecord $_
        $text = "$($detail.message). The package is $state now, and the change may still be under way: look with package_info before you try again"
        throw (New-Object -TypeName System.TimeoutException -ArgumentList $text)
    }
    if ($answer.failed) {
        throw $answer.failed
    }
    @($answer.found | Where-Object -FilterScript { $_.RestartNeeded }).Count -gt 0
}
