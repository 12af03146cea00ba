# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Writes the memory on the host: the folder that is only for administrators, the lock, and the file that takes the place of the old one.

Set-StrictMode -Version Latest

Function Invoke-AccessTool {
    <#
    .SYNOPSIS
    Runs icacls on a file or folder. SIDs are the same in every language.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Path,
        [Parameter(Mandatory)][string]$Change
    )

    $tool = [IO.Path]::Combine([string]$env:SystemRoot, 'System32', 'icacls.exe')
    $null = Invoke-Tool -Path $tool -Arguments "`"$Path`" $Change" -Seconds 8 -MustSucceed
}

Function Set-MemoryOwner {
    <#
    .SYNOPSIS
    Hands a file or folder to the group of the administrators where it belongs to one of them alone, who may be none tomorrow.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Called in a run that is not in check mode only'
    )]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Place,
        [Parameter(Mandatory)][string]$Path
    )

    if ((Get-MemoryOwner -Path $Path) -notin $Place.safe) {
        Invoke-AccessTool -Path $Path -Change '/setowner *S-1-5-32-544'
    }
}

Function Initialize-MemoryFolder {
    <#
    .SYNOPSIS
    Makes the folder, and closes it to all but SYSTEM and administrators before there is anything in it.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Place)

    foreach ($path in @($Place.above, $Place.folder)) {
        if (-not (Test-MemoryItem -Place $Place -Path $path)) {
            $null = [IO.Directory]::CreateDirectory($path)
        }
        Set-MemoryOwner -Place $Place -Path $path
    }
    # Not only where it was just made: the writer that made it may have died before it was closed.
    if ((Get-Acl -LiteralPath $Place.folder -ErrorAction Stop).AreAccessRulesProtected) {
        return
    }
    Invoke-AccessTool -Path $Place.folder -Change '/inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F'
    if (-not (Get-Acl -LiteralPath $Place.folder -ErrorAction Stop).AreAccessRulesProtected) {
        throw (New-MemoryError -HResult '0x80070538' -Message "$($Place.folder) could not be closed to other accounts by icacls. Nothing is written.")
    }
}

Function Open-MemoryLock {
    <#
    .SYNOPSIS
    The one handle under which a memory is compared and written. Windows closes that of a writer that dies.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Place,
        [Parameter(Mandatory)][int]$Seconds
    )

    # What it holds is of no interest, but a link would have another file opened.
    $null = Test-MemoryItem -Place $Place -Path $Place.lock
    $until = [DateTime]::UtcNow.AddSeconds($Seconds)
    while ($true) {
        try {
            return [IO.File]::Open($Place.lock, 'OpenOrCreate', 'ReadWrite', 'None')
        }
        catch [IO.IOException] {
            if ([DateTime]::UtcNow -gt $until) {
                $text = "$($Place.lock) has been held by another process for $Seconds seconds. Nothing is written. Try again"
                throw (New-MemoryError -HResult '0x80070020' -Message "$text, and if that lasts look for the process that holds it.")
            }
        }
        Start-Sleep -Milliseconds 100
    }
}

Function Move-MemoryFile {
    <#
    .SYNOPSIS
    Puts the new file in the place of the old one. Whenever Windows stops, one of the two is there as a whole.

    .DESCRIPTION
    The old one stays under its other name, and counts where there is no memory beside it.
    #>
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Place)

    # A scanner may have one of them open.
    for ($try = 1; $try -le 5; $try++) {
        try {
            if ([IO.File]::Exists($Place.json)) {
                # With a name for the old one, since without it Windows gives it one that nobody knows for as long as the replacement takes.
                [IO.File]::Delete($Place.old)
                [IO.File]::Replace($Place.new, $Place.json, $Place.old, $true)
            }
            else {
                [IO.File]::Move($Place.new, $Place.json)
            }
            return
        }
        catch {
            if ($try -eq 5) {
                throw
            }
        }
        Start-Sleep -Milliseconds 100
    }
}

Function Write-Memory {
    <#
    .SYNOPSIS
    Writes a text as the memory if it still has the revision that is expected. Returns the memory as it is then.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Place,
        [Parameter(Mandatory)][AllowEmptyString()][string]$Document,
        [Parameter(Mandatory)][AllowEmptyString()][string]$Expected,
        [Parameter(Mandatory)][int]$Seconds
    )

    # Half a character, which has no bytes, is an error.
    $bytes = (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false, $true).GetBytes($Document)
    if ($bytes.Length -gt 65536) {
        throw (New-MemoryError -HResult '0x800700DF' -Message "The text has $($bytes.Length) bytes, and a memory has at most 65536. Nothing is written.")
    }
    if (-not $Place.administrator) {
        throw (New-MemoryError -HResult '0x80070005' -Message 'The account is not an administrator.')
    }
    $found = Read-Memory -Place $Place
    if ($found.revision -cne $Expected) {
        return $found
    }
    Initialize-MemoryFolder -Place $Place
    $lock = Open-MemoryLock -Place $Place -Seconds $Seconds
    try {
        # The next writer may be another administrator.
        Set-MemoryOwner -Place $Place -Path $Place.lock
        # Until the lock was got another may have written.
        $found = Read-Memory -Place $Place
        if ($found.revision -cne $Expected) {
            return $found
        }
        # Windows stopped amid the last replacement.
        if ($found.path -ne $Place.json) {
            [IO.File]::Move($Place.old, $Place.json)
        }
        # Of a writer that died, and perhaps of another owner.
        [IO.File]::Delete($Place.new)
        $stream = [IO.File]::Open($Place.new, 'CreateNew', 'Write', 'None')
        try {
            $stream.Write($bytes, 0, $bytes.Length)
            # Down to the disk: a memory must outlive a power failure that follows the act.
            $stream.Flush($true)
        }
        finally {
            $stream.Dispose()
        }
        Set-MemoryOwner -Place $Place -Path $Place.new
        Move-MemoryFile -Place $Place
        @{ bytes = $bytes; path = $Place.json; revision = Get-MemoryRevision -Bytes $bytes; written = $true }
    }
    finally {
        $lock.Dispose()
    }
}
