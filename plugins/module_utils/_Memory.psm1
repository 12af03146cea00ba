# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Reads the memory on the host, and writes it where it is still the one that the controller has seen. To a host it is a text, no more.

Set-StrictMode -Version Latest

Function New-MemoryError {
    <#
    .SYNOPSIS
    An error with its HRESULT, to be thrown. Not one of input and output, so that it is not taken for a file in use.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing'
    )]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$HResult,
        [Parameter(Mandatory)][string]$Message
    )

    New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList $Message, ([Convert]::ToInt32($HResult, 16))
}

Function Get-MemoryPlace {
    <#
    .SYNOPSIS
    The paths of the memory, and the owners in whose hands it is safe.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ()

    # Below Program Files no local user can put anything there first, as anybody can below ProgramData. A 32-bit process knows the 64-bit
    # folder by the variable with 6432 in its name, so that all processes share one memory.
    $programs = if ($env:ProgramW6432) { $env:ProgramW6432 } else { $env:ProgramFiles }
    $above = [IO.Path]::Combine([string]$programs, 'winops')
    $folder = [IO.Path]::Combine($above, 'hotpatch')
    $place = @{ above = $above; folder = $folder; account = $null; administrator = $false }
    foreach ($name in @('json', 'new', 'old', 'lock')) {
        $place[$name] = [IO.Path]::Combine($folder, "memory.$name")
    }
    # SYSTEM, Administrators and TrustedInstaller, by SIDs, which are the same in every language.
    $place.safe = @('S-1-5-18', 'S-1-5-32-544', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464')
    if (Test-Administrator) {
        $place.administrator = $true
        # A policy can make an administrator, and not the group, the owner of what he creates. The next write hands it to the group.
        $place.account = (Get-WindowsPrincipal).Identity.User.Value
    }
    $place
}

Function Get-MemoryOwner {
    <#
    .SYNOPSIS
    The SID of the owner of a file or folder.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][string]$Path)

    (Get-Acl -LiteralPath $Path -ErrorAction Stop).GetOwner([Security.Principal.SecurityIdentifier]).Value
}

Function Test-MemoryItem {
    <#
    .SYNOPSIS
    True if a file or folder is there. One that leads elsewhere or is in strange hands is an error: what it holds proves nothing.
    #>
    [OutputType([bool])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Place,
        [Parameter(Mandatory)][string]$Path
    )

    try {
        $attributes = [IO.File]::GetAttributes($Path)
    }
    catch [IO.FileNotFoundException], [IO.DirectoryNotFoundException] {
        return $false
    }
    if ($attributes -band [IO.FileAttributes]::ReparsePoint) {
        throw (New-MemoryError -HResult '0x8007112B' -Message "$Path leads to another place, and is not used. Remove it.")
    }
    $owner = Get-MemoryOwner -Path $Path
    if ($owner -notin $Place.safe -and $owner -ne $Place.account) {
        $text = "$Path belongs to $owner, who is neither SYSTEM nor the group of the administrators, and is not used. Remove it"
        throw (New-MemoryError -HResult '0x8007051B' -Message "$text, or make that group its owner.")
    }
    $true
}

Function Read-Memory {
    <#
    .SYNOPSIS
    The bytes of the memory and their SHA-256, whoever is writing it meanwhile. Without a memory the SHA-256 is an empty text.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Place)

    $found = @{ bytes = $null; path = $Place.json; revision = ''; written = $false }
    if (-not (Test-MemoryItem -Place $Place -Path $Place.above) -or -not (Test-MemoryItem -Place $Place -Path $Place.folder)) {
        return $found
    }
    # While a writer replaces it the memory may be gone, or closed, for a moment.
    for ($try = 1; $try -le 5 -and $null -eq $found.bytes; $try++) {
        if ($try -gt 1) {
            Start-Sleep -Milliseconds 50
        }
        try {
            # Where Windows stopped amid a replacement, the memory of before has its other name.
            $path = @($Place.json, $Place.old) | Where-Object -FilterScript { Test-MemoryItem -Place $Place -Path $_ } | Select-Object -First 1
            if ($path) {
                $stream = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite, Delete')
                try {
                    $reader = New-Object -TypeName System.IO.BinaryReader -ArgumentList $stream
                    $found.bytes = $reader.ReadBytes(1048577)
                }
                finally {
                    $stream.Dispose()
                }
            }
        }
        catch {
            if ($try -eq 5) {
                throw
            }
        }
    }
    if ($null -ne $found.bytes) {
        $found.path = $path
        $found.revision = Get-MemoryRevision -Bytes $found.bytes
    }
    $found
}

Function Get-MemoryRevision {
    <#
    .SYNOPSIS
    The SHA-256 by which two memories are compared, or a word that no memory has where there is more than a mebibyte.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][AllowEmptyCollection()][byte[]]$Bytes)

    if ($Bytes.Length -gt 1048576) {
        return 'too-large'
    }
    $hash = [Security.Cryptography.SHA256]::Create().ComputeHash($Bytes)
    [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

Function ConvertFrom-MemoryByte {
    <#
    .SYNOPSIS
    The bytes of a memory as text.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][AllowEmptyCollection()][byte[]]$Bytes,
        [Parameter(Mandatory)][string]$Path
    )

    if ($Bytes.Length -gt 65536) {
        $size = if ($Bytes.Length -gt 1048576) { 'more than 1048576' } else { $Bytes.Length }
        throw (New-MemoryError -HResult '0x800700DF' -Message "$Path has $size bytes, and a memory has at most 65536. It can be replaced.")
    }
    try {
        (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false, $true).GetString($Bytes)
    }
    catch {
        throw (New-MemoryError -HResult '0x80070459' -Message "$Path is not a text in UTF-8. It can be replaced.")
    }
}

Function Invoke-Memory {
    <#
    .SYNOPSIS
    Reads the memory or, with a document, writes it where it still has the revision that is expected. A probe, so that it has a time limit.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $given = $Context.options
    $answer = @{ document = $null; revision = ''; written = $false; writable = $false }
    $found = $null
    $place = Get-MemoryPlace
    try {
        if ($null -ne $given.document) {
            $found = Write-Memory -Place $place -Document $given.document -Expected ([string]$given.expect) -Seconds $given.lock_seconds
        }
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
    try {
        if ($null -eq $found) {
            $found = Read-Memory -Place $place
        }
        $answer.revision = $found.revision
        $answer.written = $found.written
        if ($null -ne $found.bytes) {
            $answer.document = ConvertFrom-MemoryByte -Bytes $found.bytes -Path $found.path
        }
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_
    }
    # Whoever is refused here, or by Windows, cannot write either. A memory of the wrong size or kind can be replaced.
    $refused = @($Context.problems | Where-Object -FilterScript { $_.hresult -in @('0x80070005', '0x8007112B', '0x8007051B') })
    $answer.writable = $place.administrator -and $refused.Count -eq 0
    $Context.value = $answer
}
