# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about what a host remembers. Private: other collections should not extend these."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragments, C(winops.hotpatch._memory) and C(winops.hotpatch._memory.<name>)."""

    DOCUMENTATION = r"""
options:
  memory:
    description:
      - Where every run, from any controller, finds what it has to know of the others, such as who is at work on the host and which
        updates are denied on it.
      - V(host) keeps it in one small file on the host, C(memory.json) in the folder C(winops\\hotpatch) of Program Files, which only
        administrators can read and write. Nothing is written there but by a run that acts on the host.
      - V(records) writes nothing on the host. The memory lies in the folder of run records then, one document a host, with the same
        content and rules. Only runs that share that folder know of one another, so it protects from no other; a machine with two names
        in the inventory is two hosts. Without a folder of run records nothing is remembered.
    type: str
    choices:
      - host
      - records
    default: host
"""

    BUSY_TIMEOUT = r"""
options:
  busy_timeout:
    description:
      - The time to wait for another run that has claimed the host and has yet to begin, in seconds of the clock of the host.
      - A run that was cut off holds the host for ten minutes, and longer only while Windows installs what it began.
    type: int
    default: 900
"""

    # An earlier module of the same run hands these on.
    HANDED_ON = r"""
options:
  decided:
    description:
      - An earlier decision about this host that binds, as RV(winops.hotpatch.host_info#module:decision) and this module in check mode
        return it.
      - If this run would do another thing, another update or package, or restart where none was expected, it is refused with
        C(plan_drift). To do less is no drift.
      - The roles give it, because it is the decision for which they have taken the host out of service, or have not. They add
        C(undrained), which is true for a host that has drain tasks and was not drained for what was decided.
    type: dict
  remembered:
    description:
      - The memory of the host as an earlier module of the same run has returned it, as RV(winops.hotpatch.host_info#module:remembered).
      - With it the host is claimed in the same round trip in which it is observed, if nothing was written there since.
    type: dict
"""
