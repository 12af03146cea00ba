# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# Asks DISM. In PowerShell 7 its commands may not work, or fail after minutes, so there Windows PowerShell is asked, in a process of its own.

Set-StrictMode -Version Latest

Function New-DismWay {
    <#
    .SYNOPSIS
    How DISM is asked: through Windows PowerShell or here, until when, and the problems on the way, as an observation names them.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute(
        'PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes nothing outside this process'
    )]
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [AllowEmptyCollection()][Collections.IList]$Problems = (New-Object -TypeName System.Collections.ArrayList),
        [DateTime]$Until = [DateTime]::MaxValue,
        [int]$Seconds = 300,
        [int]$ChangeSeconds = 3600
    )

    @{ through = $PSVersionTable['PSEdition'] -eq 'Core'; problems = $Problems; until = $Until; seconds = $Seconds; change_seconds = $ChangeSeconds }
}

Function Read-DismPackage {
    <#
    .SYNOPSIS
    All packages, one by its identity, or the one in a file. Runs as text in Windows PowerShell too: so it uses nothing of this collection.
    #>
    param ([string]$PackageName, [string]$PackagePath)

    $given = @{ Online = $true; ErrorAction = 'Stop' }
    if ($PackageName) {
        $given.PackageName = $PackageName
    }
    if ($PackagePath) {
        $given.PackagePath = $PackagePath
    }
    Get-WindowsPackage @given
}

Function Get-DismAnswer {
    <#
    .SYNOPSIS
    Runs a command once with each of the parameters given: what it returned, and its error. Runs as text in Windows PowerShell too.
    #>
    [OutputType([hashtable])]
    param ([string]$Command, [hashtable[]]$Given)

    foreach ($parameters in $Given) {
        $answer = @{ found = @(); failed = $null }
        try {
            $answer.found = @(& $Command @parameters)
        }
        catch {
            $answer.failed = $_
        }
        $answer
    }
}

Function ConvertTo-DismText {
    <#
    .SYNOPSIS
    The answers as one line of JSON without a character that a code page could change. Runs as text in Windows PowerShell only.
    #>
    [OutputType([string])]
    param ([hashtable[]]$Answers)

    $names = 'PackageName|PackageState|ReleaseType|InstallTime|Description|SupportInformation|ProductName|Applicable|RestartNeeded'
    $plain = foreach ($answer in $Answers) {
        $made = @{ found = @(); hresult = 0; message = '' }
        $made.found = @(
            foreach ($object in $answer.found) {
                $values = @{}
                foreach ($property in $object.PSObject.Properties) {
                    if ($property.Name -notmatch "^($names)$" -or $null -eq $property.Value) {
                        continue
                    }
                    $values[$property.Name] = [string]$property.Value
                    if ($property.Value -is [bool]) {
                        $values[$property.Name] = $property.Value
                    }
                    if ($property.Value -is [DateTime]) {
                        # Which keeps its kind, as no text of JSON does.
                        $values[$property.Name] = $property.Value.ToBinary()
                    }
                }
                $values
            }
        )
        if ($answer.failed) {
            $exception = $answer.failed.Exception.GetBaseException()
            $made.hresult = $exception.HResult
            $made.message = $exception.Message
        }
        $made
    }
    $text = ConvertTo-Json -InputObject @($plain) -Depth 5 -Compress
    $escape = { param ($Found) '\u{0:x4}' -f [int][char]$Found.Value }
    [regex]::Replace($text, '[^ -~]', $escape)
}

Function ConvertFrom-DismText {
    <#
    .SYNOPSIS
    The answers as they were before ConvertTo-DismText; an error has the HRESULT that it had.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([AllowNull()][AllowEmptyString()][string]$Text, [int]$Count)

    if (-not $Text) {
        throw 'it wrote nothing'
    }
    $answers = @(ConvertFrom-Json -InputObject $Text | ForEach-Object -Process { $_ })
    if ($answers.Count -ne $Count) {
        throw "$($answers.Count) answers to $Count questions"
    }
    foreach ($answer in $answers) {
        $found = foreach ($object in $answer.found) {
            $installed = $object.PSObject.Properties['InstallTime']
            if ($installed) {
                $installed.Value = [DateTime]::FromBinary([long]$installed.Value)
            }
            $object
        }
        $failed = $null
        if ([int]$answer.hresult -ne 0) {
            $words = @([string]$answer.message, [int]$answer.hresult)
            $exception = New-Object -TypeName System.Runtime.InteropServices.COMException -ArgumentList $words
            $failed = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'Dism', 'NotSpecified', $null
        }
        @{ found = @($found); failed = $failed }
    }
}

Function Get-DismRemedy {
    <#
    .SYNOPSIS
    The meaning and remedy of an error by which DISM does not work in this PowerShell, null for any other.
    #>
    [OutputType([string])]
    [CmdletBinding()]
    param ([AllowNull()][string]$HResult)

    if ($HResult -ne '0x80040154') {
        return $null
    }
    $where = 'DISM does not work in this PowerShell (REGDB_E_CLASSNOTREG), as in a PowerShell 7 from an MSIX package'
    "${where}: let Windows PowerShell 5.1 run on the host, and leave out hotpatch_powershell and the endpoint PowerShell.7"
}

Function Invoke-DismThroughWindowsPowerShell {
    <#
    .SYNOPSIS
    Has Windows PowerShell run a command, once with each of the parameters given. Throws where no answer comes.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][string]$Command,
        [Parameter(Mandatory)][hashtable[]]$Given,
        [Parameter(Mandatory)][int]$Seconds,
        [switch]$LeaveAlone
    )

    $text = New-Object -TypeName System.Text.StringBuilder
    $null = $text.AppendLine("`$ErrorActionPreference = 'Stop'").AppendLine("`$ProgressPreference = 'SilentlyContinue'")
    foreach ($function in @($Command, 'Get-DismAnswer', 'ConvertTo-DismText')) {
        # Without the help at its head: the line of a command has an end.
        $definition = (Get-Item -LiteralPath "Function:\$function").Definition -replace '(?s)<#.*?#>', ''
        $null = $text.AppendLine("Function $function {$definition}")
    }
    $questions = foreach ($parameters in $Given) {
        $pairs = foreach ($name in $parameters.Keys) {
            "$name = '$([System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent([string]$parameters[$name]))'"
        }
        "@{ $($pairs -join '; ') }"
    }
    $null = $text.AppendLine("ConvertTo-DismText -Answers @(Get-DismAnswer -Command $Command -Given @($($questions -join ', ')))")
    $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text.ToString()))
    $program = @{
        Path = [IO.Path]::Combine([string]$env:SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
        Arguments = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -InputFormat None -OutputFormat Text -EncodedCommand $encoded"
        Seconds = $Seconds
        # With the folders of PowerShell 7 in it Windows PowerShell would load modules that it cannot.
        Without = 'PSModulePath'
        LeaveAlone = $LeaveAlone
    }
    ConvertFrom-DismText -Text (Invoke-Tool @program) -Count $Given.Count
}

Function Invoke-Dism {
    <#
    .SYNOPSIS
    Asks DISM once with each of the parameters given: what it returned, and its error, each time. Throws where no answer comes.

    .DESCRIPTION
    Where Windows PowerShell does not run, a question is asked here. One that took too long is not asked twice, and neither is a change.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Way,
        [Parameter(Mandatory)][string]$Command,
        [hashtable[]]$Given = @(@{}),
        [switch]$Change
    )

    if (-not $Way.through) {
        return Get-DismAnswer -Command $Command -Given $Given
    }
    $seconds = if ($Change) { $Way.change_seconds } else { $Way.seconds }
    $seconds = [Math]::Max(1, [int][Math]::Min([double]$seconds, ($Way.until - [DateTime]::UtcNow).TotalSeconds - 2))
    try {
        return Invoke-DismThroughWindowsPowerShell -Command $Command -Given $Given -Seconds $seconds -LeaveAlone:$Change
    }
    catch [TimeoutException] {
        throw
    }
    catch {
        if ($Change) {
            throw
        }
        $detail = Get-ErrorDetail -ErrorRecord $_
        $refused = @{
            probe = 'packages'
            hresult = $detail.hresult
            message = "Windows PowerShell, through which PowerShell 7 asks DISM, gave no answer: $($detail.message)"
        }
    }
    $Way.through = $false
    # Stands if the time limit ends this now, as it does where DISM does not work in PowerShell 7.
    $null = $Way.problems.Add($refused)
    $answers = @(Get-DismAnswer -Command $Command -Given $Given)
    if (@($answers | Where-Object -FilterScript { $_.failed }).Count -eq 0) {
        $Way.problems.Remove($refused)
    }
    $answers
}
