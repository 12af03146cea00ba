# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Comes last: reads the description.

Function Initialize-Double {
    [AppDomain]::CurrentDomain.SetData('hotpatch_double', (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($env:HOTPATCH_DOUBLE))))
    # The table is that of the whole process. What the shell itself does by its edition, it does without asking there.
    $shell = Get-Double -Name 'powershell'
    if ($shell) {
        $PSVersionTable['PSEdition'] = $shell.edition
        $PSVersionTable['PSVersion'] = $shell.version
    }
    $registry = Get-Double -Name 'registry'
    foreach ($key in $registry.PSObject.Properties) {
        [HotpatchDoubles.Hive]::AddKey("HKEY_LOCAL_MACHINE\$($key.Name)")
        foreach ($value in $key.Value.PSObject.Properties) {
            [HotpatchDoubles.Hive]::SetValue("HKEY_LOCAL_MACHINE\$($key.Name)", $value.Name, (ConvertTo-DoubleValue -Value $value.Value))
        }
    }
    foreach ($key in (Get-Double -Name 'registry_closed')) { $null = [HotpatchDoubles.Hive]::Closed.Add("HKEY_LOCAL_MACHINE\$key") }
}

Add-Type -Path $env:HOTPATCH_DOUBLE_LIBRARY
Initialize-Double
