# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Puts a mark in front of every statement of the scripts in the list, and writes where each of them stands, as JSON.
# A definition of a function is not a statement here: what is in it is. The text of a payload before its doubles is left as it is.

param ([string]$List, [string]$Table)

$ErrorActionPreference = 'Stop'
$statements = [Collections.ArrayList]@()
foreach ($path in (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($List)))) {
    $tokens = $problems = $null
    $text = [IO.File]::ReadAllText($path)
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$problems)
    $wanted = {
        $node = $args[0]
        $within = $node.Parent -is [System.Management.Automation.Language.StatementBlockAst]
        $within = $within -or $node.Parent -is [System.Management.Automation.Language.NamedBlockAst]
        $named = $node -is [System.Management.Automation.Language.FunctionDefinitionAst]
        $within -and -not $named -and $node -is [System.Management.Automation.Language.StatementAst]
    }
    $found = $tree.FindAll($wanted, $true)
    # From the end, so that what is still to come stays where it is.
    foreach ($node in @($found | Sort-Object -Property { $_.Extent.StartOffset } -Descending)) {
        $number = $statements.Count
        $top = $path -like '*.psm1' -and $node.Parent.Parent -is [System.Management.Automation.Language.ScriptBlockAst] -and -not $node.Parent.Parent.Parent
        $statement = @{
            id = $number
            file = [IO.Path]::GetFileName($path)
            line = $node.Extent.StartLineNumber
            column = $node.Extent.StartColumnNumber
            imported = [bool]$top
            text = ($node.Extent.Text -split "`n")[0]
        }
        $null = $statements.Add($statement)
        # A module is imported before there is anything to mark with.
        if ($top) { continue }
        $text = $text.Insert($node.Extent.StartOffset, "[HotpatchDoubles.Coverage]::Hit($number); ")
    }
    [IO.File]::WriteAllText($path, $text)
}
[IO.File]::WriteAllText($Table, (ConvertTo-Json -InputObject @($statements) -Depth 3 -Compress))
