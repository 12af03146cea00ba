# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The account that runs a payload, the owners of files, and the part of the registry that is reached without a drive.

Function Get-WindowsPrincipal {
    # An administrator unless the description says something else; "unknown" where Windows does not tell.
    $administrator = Get-Double -Name 'administrator'
    if ('unknown' -eq $administrator) { throw 'the token cannot be opened' }
    $sid = if (Get-Double -Name 'account') { Get-Double -Name 'account' } else { 'S-1-5-21-1-2-3-500' }
    $made = [pscustomobject]@{ Identity = [pscustomobject]@{ User = [pscustomobject]@{ Value = $sid } }; Administrator = $false -ne $administrator }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name IsInRole -Value { param ($Role) [int]$Role -eq 544 -and $this.Administrator } -PassThru
}

Function Get-Acl {
    # Whom a file belongs to, unless the double of icacls has noted something else beside the folder.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidOverwritingBuiltInCmdlets', '', Justification = 'A double has the name of the real one')]
    [CmdletBinding()]
    param ([string]$LiteralPath)
    $name = [IO.Path]::GetFileName($LiteralPath)
    Invoke-DoubleFault -Call "acl $name"
    $owners = Get-Double -Name 'owners'
    $owner = if ($owners) { Get-Double -Name $name -From $owners }
    if (-not $owner -or [IO.File]::Exists("$([IO.Path]::GetDirectoryName($env:HOTPATCH_DOUBLE))/owned $name")) { $owner = 'S-1-5-32-544' }
    $made = [pscustomobject]@{ Owner = $owner; AreAccessRulesProtected = [IO.File]::Exists("$LiteralPath.closed") }
    Add-Member -InputObject $made -MemberType ScriptMethod -Name GetOwner -Value {
        param ($Type)
        if ($Type -ne [Security.Principal.SecurityIdentifier]) { throw "an owner as $Type depends on the language" }
        [pscustomobject]@{ Value = $this.Owner }
    } -PassThru
}

Function Open-MachineRegistry {
    # The keys as the real object hands them out: null where there is none.
    Invoke-DoubleFault -Call 'registry of the machine'
    $made = [pscustomobject]@{}
    Add-Member -InputObject $made -MemberType ScriptMethod -Name OpenSubKey -Value {
        param ($Name)
        if (-not [HotpatchDoubles.Hive]::Has("HKEY_LOCAL_MACHINE\$Name")) { return $null }
        $key = [pscustomobject]@{ Held = [HotpatchDoubles.Hive]::Values("HKEY_LOCAL_MACHINE\$Name") }
        Add-Member -InputObject $key -MemberType ScriptMethod -Name GetValue -Value { param ($Name) $this.Held[$Name] } -PassThru
    } -PassThru
}
