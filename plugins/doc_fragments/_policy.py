# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option policy of every module that decides. Private: other collections should not extend it."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragment, C(winops.hotpatch._policy)."""

    DOCUMENTATION = r"""
options:
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
"""
