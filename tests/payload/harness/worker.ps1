# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Stands behind the doubles in the process that the double of a scheduled task starts, and runs the task's script with its time limit.

$global:HotpatchDoubleBatch = $true
$limit = [Threading.CancellationTokenSource]::new([int]$args[1])
$null = $limit.Token.Register([Action][Diagnostics.Process]::GetCurrentProcess().Kill)
& $args[0]
