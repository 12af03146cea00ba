# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The file of a package: whether it is the one that was meant, and whether it is installed.

Set-StrictMode -Version Latest

Function Get-PackageFileProblem {
    <#
    .SYNOPSIS
    A sentence where a file is not there or is not the one that was meant, null otherwise.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Path,
        [AllowNull()][AllowEmptyString()][string]$Sha256
    )

    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        return "$Path is not there. Nothing was installed."
    }
    if (-not $Sha256) {
        return
    }
    $found = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash
    if ($found -ne $Sha256) {
        "$Path has the SHA-256 $($found.ToLowerInvariant()), and not $($Sha256.ToLowerInvariant()). Nothing was installed."
    }
}

Function Test-InstalledState {
    <#
    .SYNOPSIS
    True if a state of DISM says that the package needs no installation.
    #>
    [OutputType([bool])]
    [CmdletBinding()]
    param ([AllowNull()][string]$State)

    $State -in @('Installed', 'InstallPending', 'Superseded')
}

Function Get-PackageFileState {
    <#
    .SYNOPSIS
    The state of the package in a file: installed, waiting for a restart, or not applicable.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Way,
        [Parameter(Mandatory)][string]$Path,
        [AllowEmptyCollection()][object[]]$Packages
    )

    try {
        # DISM looks into a .cab everywhere, into an .msu only on newer builds.
        $answer = Invoke-Dism -Way $Way -Command 'Read-DismPackage' -Given @(@{ PackagePath = $Path })
        if ($answer.failed) {
            throw $answer.failed
        }
        $package = $answer.found[0]
        $applicable = $package.PSObject.Properties['Applicable']
        if ($applicable -and $applicable.Value -eq $false) {
            return 'NotApplicable'
        }
        return [string]$package.PackageState
    }
    catch {
        $number = ConvertTo-KbNumber -Value (Split-Path -Path ($Path -replace '\\', '/') -Leaf)
        if (-not $number) {
            return 'Unknown'
        }
        foreach ($package in $Packages) {
            if ($package.kb -eq $number -and (Test-InstalledState -State $package.state)) {
                return $package.state
            }
        }
        $filter = "HotFixID='$number'"
        foreach ($fix in (Get-CimInstance -ClassName Win32_QuickFixEngineering -Property HotFixID -Filter $filter -ErrorAction SilentlyContinue)) {
            if ([string]$fix.HotFixID -eq $number) {
                return 'Installed'
            }
        }
    }
    'Unknown'
}
