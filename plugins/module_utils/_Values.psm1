# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Turns what Windows returns, errors too, into plain text, numbers and UTC times, whatever it is.

Set-StrictMode -Version Latest

Function ConvertTo-CleanText {
    <#
    .SYNOPSIS
    A value as text without control characters and of limited length, or null when there is nothing in it.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [AllowNull()][object]$Value,
        [int]$Maximum = 300
    )

    if ($null -eq $Value) {
        return $null
    }
    # A title of a megabyte must not cost a regular expression over a megabyte.
    $text = [string]$Value
    if ($text.Length -gt 4 * $Maximum) {
        $text = $text.Substring(0, 4 * $Maximum)
    }
    $text = ($text -replace '[\s\p{C}-[\uD800-\uDFFF]]+', ' ').Trim()
    if ($text.Length -gt $Maximum) {
        $text = $text.Substring(0, $Maximum)
    }
    # Half a character, from the cut or from the host, is not valid JSON.
    $text = $text -replace '[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]', ''
    if ($text.Length -eq 0) {
        return $null
    }
    $text
}

Function ConvertTo-Number {
    <#
    .SYNOPSIS
    A value as a whole number, or null when it is none.
    #>
    [OutputType([long])]
    [CmdletBinding()]
    param (
        [AllowNull()][object]$Value
    )

    if ($null -eq $Value -or $Value -is [array]) {
        return $null
    }
    $number = [long]0
    $text = [string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0}', $Value)
    if ([long]::TryParse($text, [Globalization.NumberStyles]::AllowLeadingSign, [Globalization.CultureInfo]::InvariantCulture, [ref]$number)) {
        return $number
    }
    $null
}

Function ConvertTo-UtcText {
    <#
    .SYNOPSIS
    A date as UTC text, or null when it is none. A date that does not tell its zone is taken as UTC or as local time.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [AllowNull()][object]$Value,
        [ValidateSet('Utc', 'Local')][string]$Assume = 'Local'
    )

    # Windows fills dates that it does not have with 1601 or with the year 1 or 1899.
    if ($Value -isnot [DateTime] -or $Value.Year -lt 1990) {
        return $null
    }
    $moment = $Value
    if ($moment.Kind -eq [DateTimeKind]::Unspecified) {
        $moment = [DateTime]::SpecifyKind($moment, [DateTimeKind]$Assume)
    }
    $moment.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
}

Function ConvertTo-KbNumber {
    <#
    .SYNOPSIS
    The first KB number in a text, like KB5094125, or null.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [AllowNull()][object]$Value
    )

    $found = [regex]::Match([string]$Value, '(?i)(?<![0-9A-Za-z])KB ?([0-9]{6,8})(?![0-9])')
    if ($found.Success) {
        return "KB$($found.Groups[1].Value)"
    }
    $null
}

Function Format-HResult {
    <#
    .SYNOPSIS
    An HRESULT as 0x and eight digits.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][long]$Value
    )

    '0x{0:X8}' -f ($Value -band 4294967295)
}

Function Get-AccessDeniedText {
    <#
    .SYNOPSIS
    The meaning and remedy of 0x80070005 in this logon.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ()

    $network = $true
    try {
        $groups = [Security.Principal.WindowsIdentity]::GetCurrent().Groups
        $network = @($groups | Where-Object -FilterScript { $_.Value -eq 'S-1-5-2' }).Count -gt 0
    }
    catch {
        # Where the logon cannot be read, the usual cause is named.
        $network = $true
    }
    if ($network) {
        return 'access denied by network logon: run the task with become, become_method runas, become_user SYSTEM'
    }
    'access denied: run the task as an administrator, or with become, become_method runas, become_user SYSTEM'
}

Function Get-ErrorDetail {
    <#
    .SYNOPSIS
    The HRESULT and the text of an error, as Windows gave them, from below the wrappers that PowerShell puts around them.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][System.Management.Automation.ErrorRecord]$ErrorRecord
    )

    $exception = $ErrorRecord.Exception
    while ($exception.InnerException) {
        $exception = $exception.InnerException
    }
    $hresult = Format-HResult -Value $exception.HResult
    # CIM keeps the HRESULT in text form and says 0x80131500 of itself.
    $messageId = $exception.PSObject.Properties['MessageId']
    if ($messageId -and [string]$messageId.Value -match '0x([0-9A-Fa-f]{8})') {
        $hresult = "0x$($Matches[1].ToUpperInvariant())"
    }
    elseif ($exception -is [ComponentModel.Win32Exception]) {
        $hresult = Format-HResult -Value (0x80070000L -bor ($exception.NativeErrorCode -band 0xFFFF))
    }
    # Never the bare code: what refuses is nearly always the kind of the logon.
    $text = if ($hresult -eq '0x80070005') { Get-AccessDeniedText } else { ConvertTo-CleanText -Value $exception.Message -Maximum 500 }
    @{ hresult = $hresult; message = $text }
}
