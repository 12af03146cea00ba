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
      - V(allowed) allows restarts, within the windows and outside the freezes of O(policy) and of every variable C(hotpatch_policy_*).
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
    type: str
  policy:
    description:
      - The rules of the operator for this host, one layer of them.
      - Every variable of the host that begins with C(hotpatch_policy_), and C(hotpatch_policy), is a further layer with the same keys,
        whether this option is given or not. Layers can only tighten one another; the guide about policies says how.
      - A value that is blank or null counts as not given. JSON text stands for what it says.
    type: dict
    default: {}
    suboptions:
      owner:
        description:
          - The person or team that answers for this layer.
          - Needed where O(policy.allow_managed), O(policy.leave_track) or O(policy.lift) loosens a rule.
        type: str
      reason:
        description:
          - The reason for this layer. Needed where O(policy.owner) is.
        type: str
      deny:
        description:
          - Updates that must not be installed.
          - Each entry is a KB number such as V(KB5094125), or a dictionary with the keys C(kb), C(until) (the last day on which
            the entry counts, or a UTC date-time) and C(reason).
        type: list
        elements: raw
      hold:
        description:
          - Holds the host. Nothing is installed or restarted on it until the hold ends.
        type: dict
        suboptions:
          reason:
            description:
              - The reason for the hold, shown with the refusal.
            type: str
            required: true
          owner:
            description:
              - The person or team that asked for it.
            type: str
          from:
            description:
              - The date, or UTC date-time, at which the hold begins. Without this option it is in force already.
            type: str
          until:
            description:
              - The date, or UTC date-time, at which the hold ends. A date includes the whole day, in UTC.
              - Without this option the hold lasts until it is removed.
            type: str
      opted_out:
        description:
          - The owner does not want this host to be hotpatched. It is reported and left alone.
        type: bool
      freezes:
        description:
          - Periods without restarts, or without any change. What a freeze forbids is refused with C(frozen).
        type: list
        elements: dict
        suboptions:
          from:
            description:
              - The beginning of the period, a date or a UTC date-time.
            type: str
            required: true
          to:
            description:
              - The end of the period, a date or a UTC date-time. A date includes the whole day.
            type: str
            required: true
          forbids:
            description:
              - V(restarts) forbids every action that restarts the host, V(changes) forbids whatever changes it. By default restarts.
            type: str
            choices:
              - restarts
              - changes
          reason:
            description:
              - The reason, shown with the refusal.
            type: str
      windows:
        description:
          - Maintenance windows. An action that restarts the host is done inside a window only, and otherwise refused with
            C(outside_window).
          - A layer without entries does not limit restarts to a time. Where several layers have windows, one of each has to be open.
        type: list
        elements: dict
        suboptions:
          from:
            description:
              - The beginning of the window, a date or a UTC date-time.
            type: str
            required: true
          to:
            description:
              - The end of the window, a date or a UTC date-time. A date includes the whole day.
            type: str
            required: true
      observation_max_age_hours:
        description:
          - The maximum age of an observation, in hours. An older one does not count. Of several layers the least value counts.
        type: int
      catalog_max_age_days:
        description:
          - The maximum age, in days, of the release data for the product line of the host. With older data the host is
            refused with C(catalog_stale). Of several layers the least value counts.
          - Days are counted in UTC from the date of the data to the date of O(as_of). The newest of the files that contain
            the product line counts.
          - Without this option only data that is older than the latest Patch Tuesday is refused.
        type: int
      allow_managed:
        description:
          - Accepts hosts whose updates come from WSUS or Configuration Manager, which are otherwise refused with
            C(managed_elsewhere).
          - V(false) in any layer forbids it. V(true) needs O(policy.owner) and O(policy.reason).
        type: bool
      leave_track:
        description:
          - Allows the installation, by name, of an update that takes the host off the hotpatch track until the next
            baseline.
          - V(false) in any layer forbids it. V(true) needs O(policy.owner) and O(policy.reason).
        type: bool
      lift:
        description:
          - Updates that may be tried again, although they were rolled back on the host, or failed there again and again.
            Denials of a policy or of the catalog are not lifted by it.
          - Each entry is a dictionary with the keys C(kb) and C(until), the last day on which it counts, or a UTC date-time.
          - Needs O(policy.owner) and O(policy.reason).
        type: list
        elements: dict
        suboptions:
          kb:
            description:
              - The KB number, such as V(KB5094125).
            type: str
            required: true
          until:
            description:
              - The date, or UTC date-time, at which the lift ends. A date includes the whole day, in UTC.
            type: str
            required: true
  records:
    description:
      - A directory on the controller for run records, one JSON file per host and run.
      - The records of earlier runs are read from it. Without this option nothing is read or written.
    type: path
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
       restart_check, monitor, disk, servicing, roles]
    default: *probes
"""
