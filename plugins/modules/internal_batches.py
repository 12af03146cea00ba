#!/usr/bin/python
# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The module is the action plugin of the same name, documented in internal_batches.yml. This file only lets ansible-doc find it.
