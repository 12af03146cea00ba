# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The identity of the machine, by which a clone is told from the machine whose image it was made from.

Set-StrictMode -Version Latest

Function Open-MachineRegistry {
    <#
    .SYNOPSIS
    The registry as 64-bit processes see it: MachineGuid is not in the part that is shown to 32-bit ones.
    #>
    [CmdletBinding()]
    param ()

    [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
}

Function Read-Machine {
    <#
    .SYNOPSIS
    The UUID of the firmware and the GUID of Windows. What cannot be read is null, which proves nothing.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $guid = $null
    $Context.value = @{ smbios_uuid = $null; machine_guid = $null }
    try {
        $hive = Open-MachineRegistry
        $key = $hive.OpenSubKey('SOFTWARE\Microsoft\Cryptography')
        $guid = ConvertTo-CleanText -Value $key.GetValue('MachineGuid') -Maximum 64
        $Context.value = @{ smbios_uuid = $null; machine_guid = $guid }
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
    $product = Get-CimValue -ClassName Win32_ComputerSystemProduct -Property UUID
    $Context.value = @{ smbios_uuid = ConvertTo-CleanText -Value $product.UUID -Maximum 64; machine_guid = $guid }
}
