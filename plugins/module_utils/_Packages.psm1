# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Internal use only, may change in any release.
# The servicing packages of updates, as DISM lists them.

Set-StrictMode -Version Latest

Function Get-PackageVersion {
    <#
    .SYNOPSIS
    The version at the end of a package identity, 0.0 where there is none.
    #>
    [OutputType([version])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][string]$Identity)

    $version = $null
    if ([version]::TryParse(($Identity -split '~')[-1], [ref]$version)) {
        return $version
    }
    [version]'0.0'
}

Function ConvertTo-PackageFact {
    <#
    .SYNOPSIS
    One package as this collection reports it.
    #>
    [OutputType([hashtable])]
    [CmdletBinding()]
    param ([Parameter(Mandatory)][object]$Package)

    $identity = [string](ConvertTo-CleanText -Value $Package.PackageName)
    # DISM's own text has words here, its cmdlets the name of a constant.
    $type = ConvertTo-CleanText -Value $Package.ReleaseType
    if ($type) {
        $type = $type -creplace '(?<=[a-z])(?=[A-Z])', ' '
    }
    @{
        identity = $identity
        state = ConvertTo-CleanText -Value $Package.PackageState
        release_type = $type
        install_time = ConvertTo-UtcText -Value $Package.InstallTime
        kb = ConvertTo-KbNumber -Value ($identity -replace '^Package_for_', '' -replace '~.*$', '')
    }
}

Function Get-UpdatePackage {
    <#
    .SYNOPSIS
    The packages of updates. For the newest cumulative ones, whose identity has no KB number, DISM is asked for it.

    .DESCRIPTION
    A number that DISM does not tell stays unknown, and the problem is noted: nobody may take it for an update that is not there.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory)][hashtable]$Way,
        [int]$Details = 4
    )

    $listed = Invoke-Dism -Way $Way -Command 'Read-DismPackage'
    if ($listed.failed) {
        throw $listed.failed
    }
    $facts = @(
        $listed.found |
            Where-Object -FilterScript { [string]$_.PackageName -like 'Package_for_*' } |
            ForEach-Object -Process { ConvertTo-PackageFact -Package $_ }
    )
    $unnamed = @($facts | Where-Object -FilterScript { -not $_.kb -and $_.state -ne 'Superseded' } |
            Sort-Object -Property { Get-PackageVersion -Identity $_.identity }, { $_.identity } -Descending | Select-Object -First $Details)
    $answers = @()
    if ($unnamed.Count -gt 0) {
        # About a second each.
        $answers = @(Invoke-Dism -Way $Way -Command 'Read-DismPackage' -Given @($unnamed | ForEach-Object -Process { @{ PackageName = $_.identity } }))
    }
    for ($i = 0; $i -lt $answers.Count; $i++) {
        $fact = $unnamed[$i]
        if ($answers[$i].failed) {
            $detail = Get-ErrorDetail -ErrorRecord $answers[$i].failed
            $remedy = Get-DismRemedy -HResult $detail.hresult
            $why = if ($remedy) { $remedy } else { $detail.message }
            $null = $Way.problems.Add(@{ probe = 'packages'; hresult = $detail.hresult; message = "$($fact.identity) has a number that is not known: $why" })
        }
        foreach ($package in $answers[$i].found) {
            foreach ($name in @('Description', 'SupportInformation')) {
                $property = $package.PSObject.Properties[$name]
                if ($property -and -not $fact.kb) {
                    $text = ConvertTo-CleanText -Value $property.Value
                    $fact.kb = ConvertTo-KbNumber -Value ($text -replace '(?i)/help/', ' KB')
                }
            }
        }
    }
    $facts
}

Function Read-Package {
    [CmdletBinding()]
    param ([Parameter(Mandatory)][hashtable]$Context)

    $way = New-DismWay -Problems $Context.problems -Until $Context.deadline
    # The end of a Windows PowerShell that hangs takes its time too.
    $Context.deadline = $Context.deadline.AddSeconds(10)
    try {
        $Context.value = @(Get-UpdatePackage -Way $way)
    }
    catch {
        Add-Problem -Context $Context -ErrorRecord $_ -Message (Get-DismRemedy -HResult (Get-ErrorDetail -ErrorRecord $_).hresult)
    }
}
