# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Reads the syntax trees of the scripts that are named and writes what a test judges, as JSON: one object for each script.

param ([string]$List)

$ErrorActionPreference = 'Stop'

Function Get-SplatKey {
    # The keys of the table that a splatted variable holds, from the assignments around the command.
    param ([System.Management.Automation.Language.Ast]$Command, [string]$Name)
    $scope = $Command
    while ($scope.Parent -and $scope -isnot [System.Management.Automation.Language.FunctionDefinitionAst]) { $scope = $scope.Parent }
    $assignments = $scope.FindAll({ $args[0] -is [System.Management.Automation.Language.AssignmentStatementAst] }, $true)
    foreach ($assignment in $assignments) {
        $left = $assignment.Left
        if ($left -is [System.Management.Automation.Language.MemberExpressionAst] -and $left.Expression.Extent.Text -eq "`$$Name") { $left.Member.Value }
        if ($left.Extent.Text -ne "`$$Name") { continue }
        foreach ($table in $assignment.Right.FindAll({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $false)) {
            foreach ($pair in $table.KeyValuePairs) { $pair.Item1.Value }
            break
        }
    }
}

Function Get-Construct {
    # What Windows PowerShell 5.1 does not parse, or reads as something else.
    param ([System.Management.Automation.Language.Ast]$Tree, [System.Management.Automation.Language.Token[]]$Tokens)
    foreach ($node in $Tree.FindAll({ $true }, $true)) {
        $what = switch ($node.GetType().Name) {
            'TernaryExpressionAst' { 'ternary' }
            'PipelineChainAst' { 'pipeline chain' }
            'BinaryExpressionAst' { if ($node.Operator -eq 'QuestionQuestion') { 'null coalescing' } }
            'AssignmentStatementAst' { if ($node.Operator -eq 'QuestionQuestionEquals') { 'null coalescing' } }
            'MemberExpressionAst' { if ($node.NullConditional) { 'null conditional' } }
            'InvokeMemberExpressionAst' { if ($node.NullConditional) { 'null conditional' } }
            'IndexExpressionAst' { if ($node.NullConditional) { 'null conditional' } }
            'ScriptBlockAst' { if ($node.CleanBlock) { 'clean block' } }
            'PipelineAst' { if ($node.Background) { 'background pipeline' } }
            default { $null }
        }
        if ($what) { @{ what = $what; line = $node.Extent.StartLineNumber } }
    }
    foreach ($token in $Tokens) {
        if ($token -is [System.Management.Automation.Language.StringExpandableToken] -and $token.Text -cmatch '(?<!`)(``)*`(e|u\{)') {
            @{ what = 'escape'; line = $token.Extent.StartLineNumber }
        }
        if ($token.Kind -eq 'Number' -and $token.Text -match '^0b|(?<![0-9a-fx])[0-9.]+(uy|us|ul|u|n|y|s)(kb|mb|gb)?$') {
            @{ what = 'number'; line = $token.Extent.StartLineNumber }
        }
    }
}

$answers = foreach ($path in (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($List)))) {
    $tokens = $problems = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$tokens, [ref]$problems)
    $functions = @{}
    foreach ($node in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
        $parameters = @($node.Parameters) + @($node.Body.ParamBlock | ForEach-Object { $_.Parameters }) | Where-Object { $_ }
        $functions[$node.Name] = @($parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
    }
    $commands = foreach ($node in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $given = foreach ($element in $node.CommandElements) {
            if ($element -is [System.Management.Automation.Language.CommandParameterAst]) { $element.ParameterName }
            if ($element -is [System.Management.Automation.Language.VariableExpressionAst] -and $element.Splatted) {
                Get-SplatKey -Command $node -Name $element.VariablePath.UserPath
            }
        }
        # What stands alone, and is the value of no parameter before it.
        $positional = 0
        $before = $null
        foreach ($element in @($node.CommandElements | Select-Object -Skip 1)) {
            $named = $before -is [System.Management.Automation.Language.CommandParameterAst] -and -not $before.Argument
            if ($element -isnot [System.Management.Automation.Language.CommandParameterAst] -and -not $named) { $positional++ }
            $before = $element
        }
        @{ name = $node.GetCommandName(); parameters = @($given); positional = $positional; line = $node.Extent.StartLineNumber; text = $node.Extent.Text }
    }
    $members = foreach ($node in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.InvokeMemberExpressionAst] }, $true)) {
        @{ name = [string]$node.Member; line = $node.Extent.StartLineNumber }
    }
    # A table, a block or a list that is opened within a call: versions of PSScriptAnalyzer differ in how far its lines are to be indented.
    $opened = foreach ($node in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.InvokeMemberExpressionAst] }, $true)) {
        foreach ($argument in $node.Arguments) {
            if ($argument.Extent.StartLineNumber -ne $argument.Extent.EndLineNumber) { $argument.Extent.StartLineNumber }
        }
    }
    @{
        path = $path
        opened = @($opened)
        errors = @($problems | ForEach-Object { $_.Message })
        constructs = @(Get-Construct -Tree $tree -Tokens $tokens)
        functions = $functions
        commands = @($commands)
        members = @($members)
        text = [IO.File]::ReadAllText($path)
    }
}
ConvertTo-Json -InputObject @($answers) -Depth 8 -Compress
