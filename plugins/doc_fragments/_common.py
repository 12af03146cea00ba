# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options and notes that the modules of this collection share. Private: other collections should not extend these."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragments, C(winops.hotpatch._common) and C(winops.hotpatch._common.<name>)."""

    # What every module that decides reads: policy, release data, the moment, where records go.
    DOCUMENTATION = r"""
options:
  restart_policy:
    description:
      - Whether this run may restart the host.
      - V(never) refuses every update that needs a restart, and every update of which that cannot be told.
      - V(planned) allows a restart only in a month that was planned as a baseline month when it began. A hotpatch month
        that turned into a baseline is refused with C(month_turned_baseline).
      - V(allowed) allows restarts, within O(policy.windows) and outside O(policy.freezes).
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
      - Files are laid over the built-in data in the order given, those of a directory by their names. Of two that say
        something different of the same field of a release the later one counts.
      - A file that cannot be used stops the task, with the file, the entry and the rule that it breaks.
    type: list
    elements: path
    default: []
  as_of:
    description:
      - The moment for which the decision is made, in UTC and ISO 8601, for example V(2026-06-09T18:00:00Z).
      - A date alone includes the whole day, in UTC.
      - A release that is dated later is not seen. Without this option the controller's clock is used.
    type: str
  policy:
    description:
      - The rules of the operator for this host.
    type: dict
    default: {}
    suboptions:
      deny:
        description:
          - Updates that must not be installed.
          - Each entry is a KB number such as V(KB5094125), or a dictionary with the keys C(kb), C(until) (a date after
            which the entry no longer counts) and C(reason).
        type: list
        elements: raw
        default: []
      hold:
        description:
          - Holds the host. Nothing is installed on it and nothing restarted until the hold ends.
        type: dict
        suboptions:
          reason:
            description:
              - Why the host is held. It is shown with the refusal.
            type: str
            required: true
          owner:
            description:
              - Who asked for it.
            type: str
          until:
            description:
              - The date, or UTC date-time, at which the hold ends. Without it the hold lasts until it is taken away.
            type: str
      opted_out:
        description:
          - Says that the owner does not want this host to be hotpatched. It is reported and left alone.
        type: bool
        default: false
      freezes:
        description:
          - Periods in which nothing that restarts is done. Refused with C(frozen).
        type: list
        elements: dict
        default: []
        suboptions:
          from:
            description:
              - Begin of the period, a date or a UTC date-time.
            type: str
            required: true
          to:
            description:
              - End of the period, a date or a UTC date-time.
            type: str
            required: true
          reason:
            description:
              - Why, as shown with the refusal.
            type: str
      windows:
        description:
          - Maintenance windows. What restarts is done only inside one of them, otherwise refused with C(outside_window).
          - Without entries any time will do.
        type: list
        elements: dict
        default: []
        suboptions:
          from:
            description:
              - Begin of the window, a date or a UTC date-time.
            type: str
            required: true
          to:
            description:
              - End of the window, a date or a UTC date-time.
            type: str
            required: true
      observation_max_age_hours:
        description:
          - How old, in hours, an observation may be to count.
        type: int
      catalog_max_age_days:
        description:
          - How old, in days, the release data of the product line of the host may be. Older data is refused with
            C(catalog_stale).
          - Days are counted in UTC from the date of the data to the date of O(as_of). The newest of the files that speak of
            the product line counts.
          - Without this option only data that is older than the latest Patch Tuesday is refused.
        type: int
      allow_managed:
        description:
          - Accepts hosts whose updates come from WSUS or Configuration Manager, which are otherwise refused with
            C(managed_elsewhere).
        type: bool
        default: false
      leave_track:
        description:
          - Allows the installation, by name, of an update that takes the host off the hotpatch track until the next
            baseline.
        type: bool
        default: false
  records:
    description:
      - A directory on the controller for run records, one JSON file per host and run.
      - It is also read, for what an earlier run left behind. Without this option nothing is written.
    type: path
  run_id:
    description:
      - The name of the run, the same for all hosts of a run, used in the file names of the records.
      - Without it a name is made from the time at which the run began.
      - Records are never written over. A name that was used before gets a number behind it.
    type: str
"""

    INTENT = r"""
options:
  intent:
    description:
      - What is wanted for the month.
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
      - What a refusal does to the task. The decision is returned either way.
    type: str
    choices:
      - report
      - fail
    default: report
"""

    RESTART_TIMEOUT = r"""
options:
  restart_timeout:
    description:
      - How long to wait for the host after an allowed restart, in seconds.
    type: int
    default: 1200
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
      - What is already installed is passed over.
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

    # What holds for every module: it runs on the controller and sends PowerShell to the host.
    NOTES = r"""
options: {}
notes:
  - The decisions are made on the controller. The host only answers questions and does one thing at a time, in PowerShell
    5.1 or 7.
  - The connection user must be an administrator of the host.
  - On a network logon (WinRM, PSRP or SSH without become) Windows refuses the downloader and installer of the update
    client, so the restart check gives no answer and says C(access denied by network logon). Run the task with
    C(become=true), C(become_method=runas) and C(become_user=SYSTEM) to get it.
"""

    # What the host is asked for.
    GATHER = r"""
options:
  gather:
    description:
      - The probes to run. Those left out are C(null) in the observation, and the record is C(unknown) where it needed
        them.
      - V(offers) searches for updates, which takes as long as Windows takes. V(restart_check) asks the update client of each
        offered update whether it needs a restart here; it has an effect only together with V(offers).
      - V(packages) asks DISM, which takes seconds.
    type: list
    elements: str
    choices:
      - os
      - boot
      - platform
      - vbs
      - secure_boot
      - chpe
      - enrollment
      - update_source
      - pending
      - history
      - quick_fixes
      - packages
      - offers
      - restart_check
      - monitor
      - disk
      - servicing
      - roles
    default:
      - os
      - boot
      - platform
      - vbs
      - secure_boot
      - chpe
      - enrollment
      - update_source
      - pending
      - history
      - quick_fixes
      - packages
      - offers
      - restart_check
      - monitor
      - disk
      - servicing
      - roles
"""
