# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and notes that the modules of this collection share. Private: other collections should not extend these."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragments, C(winops.hotpatch._common) and C(winops.hotpatch._common.<name>)."""

    # Options of every module that decides: policy, release data, the moment and the folder of records.
    DOCUMENTATION = r"""
options:
  restart_policy:
    description:
      - The restarts that this run may perform.
      - V(never) refuses any update that needs a restart or might need one.
      - V(planned) allows a restart only in a month that was planned as a baseline month when it began. A hotpatch month
        that turned into a baseline is refused with C(month_turned_baseline).
      - V(allowed) allows restarts, within the windows and outside the freezes of the policy.
    type: str
    choices:
      - never
      - planned
      - allowed
    default: never
  catalog:
    description:
      - Files on the controller, or directories of such files, with releases that the built-in catalog does not have or
        that correct, withdraw or deny those that it has.
      - Files are laid over the built-in data in the order given, those of a directory by their names. If two files set the
        same field of a release, the later file wins.
      - A file that cannot be used fails the task; the message names the file, the entry and the broken rule.
    type: list
    elements: path
    default: []
  as_of:
    description:
      - The moment for which the decision is made, in UTC and ISO 8601, for example V(2026-06-09T18:00:00Z).
      - A date alone includes the whole day, in UTC.
      - Later releases are ignored. Without this option the controller's clock is used.
      - The clock of the host counts beside it. Denials, holds and freezes are in force by either, windows have to be open by both.
      - Where nothing is done, in check mode and for M(winops.hotpatch.host_info), windows count at this moment alone, so that it can be
        asked what the next window brings.
    type: str
  records:
    description:
      - A directory on the controller for run records, one JSON file per host and run.
      - The records of earlier runs are read from it. Without this option nothing is read or written.
    type: path
  output_mode:
    description:
      - The rights of new files in the folder of run records, in octal and in quotes, for example V(0640) for a group that reads them.
      - A new folder can also be entered by those who may read. What exists keeps its rights.
    type: str
    default: "0600"
  run_id:
    description:
      - The name of the run, the same for all of its hosts, used in the file names of the records.
      - By default the name is made from the time at which the run began.
      - Records are never overwritten. A number is added to a name that was used before.
    type: str
"""

    INTENT = r"""
options:
  intent:
    description:
      - The kind of update to install for the month.
      - V(auto) follows the catalog for the product line of the host, whatever the kind of the month.
      - V(hotpatch), V(baseline) and V(lcu) ask for that kind and nothing else.
    type: str
    choices:
      - auto
      - hotpatch
      - baseline
      - lcu
    default: auto
"""

    ON_REFUSAL = r"""
options:
  on_refusal:
    description:
      - V(report) returns a refusal as a result, V(fail) fails the task. The decision is returned in both cases.
    type: str
    choices:
      - report
      - fail
    default: report
"""

    RESTART_TIMEOUT = r"""
options:
  restart_timeout:
    description: The time to wait for the host after an allowed restart, in seconds.
    type: int
    default: 1200
"""

    INSTALL_TIMEOUT = r"""
options:
  install_timeout:
    description:
      - The time to wait for the update client to install an update, in seconds.
      - An installation that has not ended by then goes on, and the run on this host ends as C(lost), so that the other hosts do not wait
        for it. Other runs find the host C(busy) until it has ended, and then look at it first.
    type: int
    default: 7200
"""

    SETTLE = r"""
options:
  settle_timeout:
    description:
      - The time to look at a changed host again and again, in seconds, while something is not known or contradicts what was done.
      - A host that was not restarted has at most 180.
    type: int
    default: 600
  settle_wait:
    description: The wait before the second look, in seconds. Each further one is twice as long, at most 60.
    type: int
    default: 5
"""

    MSU = r"""
options:
  sha256:
    description:
      - The SHA-256 that the file must have, 64 hexadecimal digits. It is checked before anything is installed.
    type: str
  prerequisites:
    description:
      - Packages that must be there first, installed in the given order, such as the checkpoint updates of Windows 11
        24H2 and Windows Server 2025.
      - Packages that are already installed are skipped.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Path of the file on the host.
        type: str
        required: true
      sha256:
        description:
          - The SHA-256 that the file must have.
        type: str
"""

    # The probes that the host is asked to run.
    GATHER = r"""
options:
  gather:
    description:
      - The probes to run. Those left out are C(null) in the observation, and the record is C(unknown) where it needs them.
      - V(offers) searches for updates, which takes as long as Windows takes. V(restart_check) asks the update client of each
        offered update whether it needs a restart here; it has an effect only together with V(offers).
      - V(packages) asks DISM, which takes seconds.
    type: list
    elements: str
    choices: &probes
      [os, boot, platform, vbs, secure_boot, chpe, enrollment, update_source, pending, history, quick_fixes, packages, offers,
       restart_check, monitor, disk, servicing, roles, restarts]
    default: *probes
"""
