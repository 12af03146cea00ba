# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulated host: its description, what is true of it, its times, and the checks of the values that an inventory gives.

For use inside this collection only: anything here may change in any release.
"""
