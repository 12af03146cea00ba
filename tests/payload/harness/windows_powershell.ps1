# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stands behind the doubles in the process that stands for Windows PowerShell, and runs the command that it is given as its description says:
# "answers", "hangs", "says" something else, or "hangs after" and "says nothing after" a call of Windows.

$PSVersionTable['PSEdition'] = 'Desktop'
Write-DoubleCall -Text 'windows powershell'
$manner = Get-Double -Name 'windows_powershell'
if ($manner -eq 'hangs') { [Threading.Thread]::Sleep(60000) }
$text = [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($args[-1]))
$said = & ([ScriptBlock]::Create($text))
# What Windows keeps of it is there for the next process.
$kept = ConvertTo-Json -InputObject ([AppDomain]::CurrentDomain.GetData('hotpatch_double')) -Depth 20 -Compress
[IO.File]::WriteAllText($env:HOTPATCH_DOUBLE, $kept)
if ($manner -match '^(hangs|says nothing) after (.+)$') {
    $done = [IO.File]::ReadAllText($env:HOTPATCH_DOUBLE_CALLS).TrimEnd().EndsWith($Matches[2])
    if ($done -and $Matches[1] -eq 'hangs') { [Threading.Thread]::Sleep(60000) }
    if ($done) { return }
}
if ($manner -match '^says (?!nothing)(.+)$') { $said = $Matches[1] }
$said
