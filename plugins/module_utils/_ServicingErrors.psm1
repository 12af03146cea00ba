# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The meaning of what DISM and wusa fail with.

Set-StrictMode -Version Latest

Function Get-ServicingErrorText {
    <#
    .SYNOPSIS
    The meaning and remedy of an error of DISM, null where it is not known.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ([AllowNull()][string]$HResult)

    $known = @{
        '0x800F0805' = 'the package is not valid, or not for this Windows (CBS_E_INVALID_PACKAGE)'
        '0x800F0806' = 'an earlier servicing operation is pending (CBS_E_PENDING); restart first'
        '0x800F081E' = 'the package does not apply to this Windows or its baseline (CBS_E_NOT_APPLICABLE)'
        '0x800F081F' = 'files of the component store are missing (CBS_E_SOURCE_MISSING); repair it with DISM /RestoreHealth'
        '0x800F0823' = 'a newer servicing stack is needed first (CBS_E_NEW_SERVICING_STACK_REQUIRED)'
        '0x800F0825' = 'the package is permanent and cannot be removed (CBS_E_CANNOT_UNINSTALL)'
        '0x800F0831' = 'an earlier package is missing or damaged (CBS_E_STORE_CORRUPTION); repair with DISM /RestoreHealth'
        '0x800F0838' = 'a checkpoint update is missing; give it in prerequisites'
        '0x800F0922' = 'an installer within the package failed, often for want of space (CBS_E_INSTALLERS_FAILED); see CBS.log'
        '0x800F0982' = 'the files that the update changes are damaged; repair with DISM /RestoreHealth'
        '0x800F0986' = 'the files that the update changes are damaged; repair with DISM /RestoreHealth'
        '0x800F0988' = 'the files that the update changes are damaged; repair with DISM /RestoreHealth'
        '0x80070005' = 'access denied: run the task as an administrator with an elevated token, or with become as SYSTEM'
        '0x800702E4' = 'an elevated token is needed: run the task as an administrator, or with become as SYSTEM'
        '0x80070020' = 'a file is in use, often by an antivirus program; try again'
        '0x80070032' = 'DISM of this Windows does not take this kind of file; expand the .msu and give the .cab within'
        '0x80070070' = 'the disk is full; free space first'
        '0x80070490' = 'DISM did not find the package or file'
        '0x80070BC9' = 'a pending restart blocks servicing; restart first'
        '0x80070BC2' = 'done, a restart is needed to finish'
        '0x80070057' = 'the number is not one of an update that can be removed'
        '0x80240017' = 'the update does not apply to this Windows, or is not installed (WU_E_NOT_APPLICABLE)'
        '0x80240028' = 'the update cannot be removed by wusa; remove its package by its identity (WU_E_UNINSTALL_NOT_ALLOWED)'
        '0x80073712' = 'the component store is damaged; repair with DISM /RestoreHealth'
    }
    if ($HResult -and $known.ContainsKey($HResult)) {
        return $known[$HResult]
    }
    Get-DismRemedy -HResult $HResult
}

Function Get-ServicingProblem {
    <#
    .SYNOPSIS
    The number of an error of DISM, and a sentence of what failed, what it means and what to do.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][System.Management.Automation.ErrorRecord]$ErrorRecord,
        [Parameter(Mandatory)][string]$Doing
    )

    $detail = Get-ErrorDetail -ErrorRecord $ErrorRecord
    $text = Get-ServicingErrorText -HResult $detail.hresult
    if (-not $text) {
        $text = $detail.message
    }
    @{ hresult = $detail.hresult; message = "$Doing failed with $($detail.hresult): $text" }
}

Function Get-WusaProblem {
    <#
    .SYNOPSIS
    The same for an exit code of wusa.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Kb,
        [Parameter(Mandatory)][int]$ExitCode
    )

    # A Win32 error, or an HRESULT of the update client.
    $hresult = Format-HResult -Value $(if ($ExitCode -ge 0 -and $ExitCode -le 65535) { 2147942400L + $ExitCode } else { $ExitCode })
    $text = Get-ServicingErrorText -HResult $hresult
    if (-not $text) {
        $text = 'see the event log Setup'
    }
    @{ hresult = $hresult; message = "Removing $Kb by wusa failed with ${hresult}: $text. DISM does not list a package of $Kb." }
}
