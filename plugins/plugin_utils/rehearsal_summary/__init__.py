# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rehearsed year: which runs it has, where its files lie, and what came out of it. Imports no Ansible."""
