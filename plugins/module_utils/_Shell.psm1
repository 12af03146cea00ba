# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Which PowerShell runs this, with which rights, and whether it runs on Windows at all.

Set-StrictMode -Version Latest

Function Get-WindowsPrincipal {
    <#
    .SYNOPSIS
    The account that this process runs as, with its groups.
    #>
    [CmdletBinding()]
    param ()

    New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList ([Security.Principal.WindowsIdentity]::GetCurrent())
}

Function Test-Administrator {
    <#
    .SYNOPSIS
    True for SYSTEM and for administrators with all their rights, null where it cannot be told.

    .DESCRIPTION
    The group is asked for by its number, S-1-5-32-544, since its name differs from language to language. An account that was not elevated
    has the group to be denied by it only, and is not in it then.
    #>
    [CmdletBinding()]
    param ()

    try {
        (Get-WindowsPrincipal).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
    }
    catch {
        $null
    }
}

Function Get-ShellFact {
    <#
    .SYNOPSIS
    Edition and version of the PowerShell that answers, and the rights that it has.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ()

    @{
        edition = ConvertTo-CleanText -Value $PSVersionTable['PSEdition'] -Maximum 20
        version = ConvertTo-CleanText -Value $PSVersionTable['PSVersion'] -Maximum 50
        administrator = Test-Administrator
    }
}

Function Stop-OffWindows {
    <#
    .SYNOPSIS
    Ends a module on a host that is not Windows. From ansible-core 2.21 on, modules are sent to the PowerShell 7 of Linux and macOS too.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing but the end of this module'
    )]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][object]$Module)

    # Both, so that no variable of a play can make another system of Windows.
    $platform = [Environment]::OSVersion.Platform
    if ($env:OS -eq 'Windows_NT' -or $platform -eq 'Win32NT') {
        return
    }
    $shell = Get-ShellFact
    # The controller takes this for a refusal, and puts the remedy to it.
    $Module.Result.not_windows = "PowerShell $($shell.version) runs on $platform there."
    $Module.FailJson("not_windows: $($Module.Result.not_windows)")
}
