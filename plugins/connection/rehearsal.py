# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to a simulated Windows host."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rehearsal
version_added: 1.0.0
short_description: Plays a Windows host, so that a patch cycle can be rehearsed
author:
  - winops.hotpatch contributors (@winops)
description:
  - Behaves like a connection to a Windows host that installs hotpatches and restarts, without any Windows.
  - Windows Update offers what the release data of this collection has for the date. Modules, roles and playbooks above run unchanged.
  - The state of each host is one JSON file. Reading facts, searching and check mode never change it; it is written when a host
    appears for the first time, when something on it changed, and when one of O(events) has happened.
  - Options that describe a state (such as O(enrollment), O(vbs_status), O(pending)) apply when the host appears for the first time.
    Afterwards the host's own file applies, and O(events) change it. All other options apply at every call.
  - It plays M(ansible.windows.win_updates), M(ansible.windows.win_reboot), M(ansible.windows.win_ping), M(ansible.windows.setup),
    C(win_reboot_info), M(ansible.windows.win_powershell) (the quoted strings of a script come back, nothing
    is run) and the payloads of this collection. Any other module fails and says so.
notes:
  - Become is accepted and has no effect. Files cannot be copied to or from a simulated host, except for the modules that ansible-core
    copies with C(ANSIBLE_KEEP_REMOTE_FILES); those are kept in memory, and C(calls) counts the folder made for each.
  - A host can have any name, also an IP address. A task can be delegated to a simulated host by its name in the inventory.
  - A host can be used by one task at a time, as Ansible does it; several hosts can be used at the same time.
options:
  host:
    description: The host's name in the inventory.
    type: str
    vars:
      - name: inventory_hostname
  truth:
    description:
      - The directory in which each simulated host keeps its state, as C(<host>.json). Required.
      - To let a host start anew, remove its file.
    type: str
    vars:
      - name: hotpatch_rehearsal_truth
  calls:
    description:
      - The directory for the logs of the calls, as C(<host>.jsonl). By default C(calls) beside O(truth).
      - Each line holds C(n), C(now), C(at), C(wall), C(kind), C(name), C(operation), C(check_mode), C(sent_bytes) and C(outcome).
    type: str
    vars:
      - name: hotpatch_rehearsal_calls
  now:
    description:
      - The simulated time, in UTC, such as V(2026-06-09T18:00:00Z); a date alone means 18:00. Required.
      - It may stand still or move on, never back. Installing and restarting take simulated minutes on top of it.
    type: raw
    vars:
      - name: hotpatch_rehearsal_now
  line:
    description: The product line. V(none) is a Windows that has no hotpatch calendar; it is described by O(os).
    type: str
    choices: [ws2022_azure, ws2025, win11_24h2, win11_25h2, none]
    default: ws2025
    vars:
      - name: hotpatch_rehearsal_line
  os:
    description:
      - Overrides the facts that Windows reports about itself; keys are C(edition_id), C(installation_type), C(product_name),
        C(display_version), C(sku), C(product_type), and with O(line=none) also C(build) and C(ubr).
    type: dict
    vars:
      - name: hotpatch_rehearsal_os
  architecture:
    description: The processor architecture.
    type: str
    choices: [amd64, arm64]
    default: amd64
    vars:
      - name: hotpatch_rehearsal_architecture
  platform:
    description: Where the host runs. By default V(azure) for C(ws2022_azure), V(arc) for C(ws2025), V(on_premises) for all others.
    type: str
    choices: [azure, azure_local, arc, on_premises]
    vars:
      - name: hotpatch_rehearsal_platform
  arc_status:
    description: The state of the Azure Arc agent at first. By default V(Connected) with O(platform=arc), else V(none).
    type: str
    choices: [Connected, Disconnected, Expired, none]
    vars:
      - name: hotpatch_rehearsal_arc_status
  enrolled:
    description:
      - A boolean, true if the host is enrolled at first. Short for O(enrollment).
      - By default true, but false for O(line=none) and for a C(ws2025) with O(platform=on_premises).
    type: raw
    vars:
      - name: hotpatch_rehearsal_enrolled
  enrollment:
    description: The state of enrollment at first.
    type: str
    choices: [enrolled, not_enrolled, pending, stuck]
    vars:
      - name: hotpatch_rehearsal_enrollment
  vbs_configured:
    description: The registry value that turns virtualization-based security on, at first. By default it agrees with O(vbs_status).
    type: raw
    choices: [0, 1, none]
    vars:
      - name: hotpatch_rehearsal_vbs_configured
  vbs_status:
    description: Virtualization-based security at first, V(0) not enabled, V(1) enabled but not running, V(2) running.
    type: int
    choices: [0, 1, 2]
    default: 2
    vars:
      - name: hotpatch_rehearsal_vbs_status
  secure_boot:
    description: A boolean, true if Secure Boot is on.
    type: raw
    default: true
    vars:
      - name: hotpatch_rehearsal_secure_boot
  chpe_off:
    description: A boolean, true if compiled hybrid PE is off; it matters with O(architecture=arm64) only.
    type: raw
    default: true
    vars:
      - name: hotpatch_rehearsal_chpe_off
  start_kb:
    description:
      - The release that is installed when the host appears for the first time; beneath a hotpatch its baseline is installed too.
      - By default the newest regular release of the track before that day. For a host that is not enrolled it is the newest monthly
        cumulative update.
    type: raw
    vars:
      - name: hotpatch_rehearsal_start_kb
  start_extra:
    description: KB numbers of releases that are installed on top, such as an out-of-band cumulative update that left the track.
    type: list
    elements: raw
    vars:
      - name: hotpatch_rehearsal_start_extra
  update_source:
    description: The source of the updates on offer.
    type: str
    choices: [windows_update, wsus, configmgr]
    default: windows_update
    vars:
      - name: hotpatch_rehearsal_update_source
  wsus_approved:
    description: KB numbers approved where O(update_source) is not V(windows_update).
    type: list
    elements: raw
    vars:
      - name: hotpatch_rehearsal_wsus_approved
  no_auto_update:
    description: The policy value NoAutoUpdate; V(none) if it is not set.
    type: raw
    choices: [0, 1, none]
    vars:
      - name: hotpatch_rehearsal_no_auto_update
  wuauserv:
    description: The start type of the Windows Update service. With V(disabled) a search fails.
    type: str
    choices: [auto, manual, disabled]
    default: manual
    vars:
      - name: hotpatch_rehearsal_wuauserv
  free_bytes:
    description: Free space on the system drive at first.
    type: int
    default: 30000000000
    vars:
      - name: hotpatch_rehearsal_free_bytes
  pending:
    description:
      - The causes of a pending restart at first, any of C(component_based_servicing), C(windows_update), C(pending_file_rename),
        C(pending_computer_rename), C(domain_join), C(server_manager), C(configmgr).
    type: list
    elements: str
    vars:
      - name: hotpatch_rehearsal_pending
  servicing_busy:
    description: A boolean, true if another installation is in progress at first; searching then fails.
    type: raw
    default: false
    vars:
      - name: hotpatch_rehearsal_servicing_busy
  roles:
    description: Any of C(failover_cluster) and C(domain_controller).
    type: list
    elements: str
    vars:
      - name: hotpatch_rehearsal_roles
  cluster:
    description:
      - The name of the failover cluster that the host is a node of.
      - A host with the role C(failover_cluster) and without this is one whose cluster service does not run.
    type: str
    vars:
      - name: hotpatch_rehearsal_cluster
  domain:
    description: The domain of a host with the role C(domain_controller), which otherwise cannot tell it.
    type: str
    vars:
      - name: hotpatch_rehearsal_domain
  site:
    description: The site of a host with the role C(domain_controller), which otherwise cannot tell it.
    type: str
    vars:
      - name: hotpatch_rehearsal_site
  powershell:
    description:
      - The version of the PowerShell 7 that modules run in.
      - Without it they run in Windows PowerShell 5.1, whose version follows from the build.
    type: str
    vars:
      - name: hotpatch_rehearsal_powershell
  administrator:
    description:
      - A boolean, true if modules run as SYSTEM or as an administrator with all rights.
      - Another account can observe, and can neither read nor write the memory on the host.
    type: raw
    default: true
    vars:
      - name: hotpatch_rehearsal_administrator
  monitor:
    description: The hotpatch monitoring service at first.
    type: str
    choices: [running, stopped, missing]
    default: running
    vars:
      - name: hotpatch_rehearsal_monitor
  monitor_errors:
    description:
      - The events that the monitor has logged since the last start; mappings of C(id), C(level) (error, warning, critical) and
        C(message).
    type: list
    elements: dict
    vars:
      - name: hotpatch_rehearsal_monitor_errors
  offers_extra:
    description:
      - Updates offered besides those that follow from the releases, such as .NET, drivers, or one that must not be offered at all.
      - Mappings of C(kb), and optionally C(title), C(reboot_behavior) (0, 1, 2), C(requires_restart), C(categories), and C(from) and C(to).
    type: list
    elements: dict
    vars:
      - name: hotpatch_rehearsal_offers_extra
  events:
    description:
      - Events on the host, each of which happens once when O(now) reaches its time; mappings of C(at) and C(do).
      - C(do) is one of C(install) (with C(kb), and C(restart) where Windows restarts by itself afterwards), C(restart) (C(by) event or
        windows), C(enroll), C(unenroll), C(vbs_stop), C(vbs_start), C(monitor_stop), C(monitor_start), C(busy), C(idle), C(pending)
        (C(source)),
        C(arc_status) (C(status)), C(clone) (another machine has taken the place of the host, made from its image).
    type: list
    elements: dict
    vars:
      - name: hotpatch_rehearsal_events
  faults:
    description:
      - Faults of the host; mappings of C(fault) and its keys. All take C(from) and C(to); those about an update take C(kb), and
        those that change the host take C(times).
      - C(connection_lost) - C(at_call), counted from the last change of O(now); C(on) a day; C(lost) C(request) (the host got nothing,
        default) or C(answer) (the host did it); C(seen_as) C(unreachable) (default), C(http_400) as C(winrm) raises it, or C(garbled), an
        empty answer.
      - C(hang) - as C(connection_lost), after C(seconds) of real time (default 1); with C(lost) C(none) the answer comes after them.
      - C(install_error) - C(hresult), such as "0x80240017".
      - C(needs_prerequisite) - DISM wants the checkpoint package first.
      - C(restarts_itself) - installing restarts the host, C(when) C(after) (default) or C(during), where no answer comes back.
      - C(rolls_back) - the restart undoes the update.
      - C(restart_check_error) - asking whether an update restarts the host throws C(hresult).
      - C(restart_check_wrong) - the answer to that is C(answer), a boolean.
      - C(enrollment_stuck) - an enrollment asked for by an event gets stuck.
      - C(build_stays) - the update is installed and the build of the host does not move.
      - C(health_broken) - the update stops the hotpatch monitor and an error is logged.
      - C(probe_error) - C(probe) of the observation fails with C(hresult) and C(message).
      - C(clock_skew) - the host's clock is wrong by C(seconds).
      - C(memory_unwritable) - the memory on the host may be read and not written.
      - C(memory_locked) - another process holds the lock of the memory, so that nothing can be written.
      - C(memory_unreadable) - the memory cannot be read.
      - C(memory_garbage) - C(text) stands in the place of the memory until something is written.
      - C(not_offered) - Windows Update keeps the update back.
      - C(stays_down) - after a restart the host is away for C(minutes) of simulated time (default a day).
    type: list
    elements: dict
    vars:
      - name: hotpatch_rehearsal_faults
  speed:
    description:
      - The clock of the host runs so many times as fast as that of the controller while a run is at work, from O(now) on.
      - With 0 it moves only by what is done on the host, so that a run can be repeated.
    type: int
    default: 0
    vars:
      - name: hotpatch_rehearsal_speed
  machine:
    description: The machine that this host is, where hosts of the inventory are one machine under several names. By default it is its own.
    type: str
    vars:
      - name: hotpatch_rehearsal_machine
"""

EXAMPLES = r"""
# An inventory of one host that sees the unplanned baseline of June 2026
#
# all:
#   hosts:
#     srv01:
#       ansible_connection: winops.hotpatch.rehearsal
#       hotpatch_rehearsal_truth: "{{ inventory_dir }}/truth"
#       hotpatch_rehearsal_now: "2026-06-09T18:00:00Z"
#       hotpatch_rehearsal_line: ws2025
#       hotpatch_rehearsal_platform: arc
#       hotpatch_rehearsal_faults: [{fault: connection_lost, at_call: 3}]

- name: See what the simulated host would be offered
  ansible.windows.win_updates:
    category_names: ["*"]
    state: searched
"""

import typing as t
from pathlib import Path

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

if t.TYPE_CHECKING:
    from ..plugin_utils._simulator.session import Session


class Connection(ConnectionBase):  # type: ignore[misc]  # ansible-core has no types
    """Hands each call to the model of Windows and its answer back."""

    transport = "winops.hotpatch.rehearsal"
    module_implementation_preferences = (".ps1", ".exe", "")
    allow_executable = False
    has_pipelining = True
    has_native_async = True
    always_pipeline_modules = True

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        self._shell_type = "powershell"
        self._session: Session | None = None
        self._delegate: str | None = None
        super().__init__(*args, **kwargs)

    def set_options(self, task_keys: t.Any = None, var_options: t.Any = None, direct: t.Any = None) -> None:
        """Takes the options of the task, and the host that it is delegated to: in the variables stands the one that it began on."""
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        delegate = str((task_keys or {}).get("delegate_to") or "") or None
        if delegate != self._delegate:
            self._session, self._delegate = None, delegate

    def _connect(self) -> Connection:
        if self._session is None:
            # Every task of every host loads its connection in a process of its own, also those that never speak to the host, and Ansible
            # compiles collections anew each time. So the model is imported only when there is something to play.
            from ..plugin_utils._simulator import gate

            try:
                given = {name: self.get_option(name) for name in gate.OPTIONS}
                self._session = gate.open_session(self._delegate or self.get_option("host"), given)
            except gate.MISTAKES as error:
                raise AnsibleError(str(error)) from error
        self._connected = True
        return self

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Plays one call."""
        from ..plugin_utils._simulator import gate

        self._connect()
        if self._session is None:
            raise AnsibleError("The simulated host could not be opened.")
        try:
            answer = self._session.execute(str(cmd), in_data)
        except gate.ConnectionLostError as error:
            raise AnsibleConnectionFailure(str(error)) from error
        except gate.MISTAKES as error:
            raise AnsibleError(str(error)) from error
        return answer.rc, answer.stdout.encode(), answer.stderr.encode()

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass on the host, whose time is not that of the controller."""
        self._connect()
        if self._session is not None:
            self._session.pass_time(seconds)

    def put_file(self, in_path: str, out_path: str) -> None:
        """Takes what ansible-core sends to run it; the model has no other files."""
        from ..plugin_utils._simulator import gate

        if not gate.is_module_file(str(out_path)):
            raise AnsibleError(f"The rehearsal has no files, so {in_path} cannot be copied to {out_path} on the simulated host.")
        self._connect()
        if self._session is not None:
            self._session.keep(str(out_path), Path(in_path).read_bytes())

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Nothing is copied: the model has no file system."""
        raise AnsibleError(f"The rehearsal has no files, so {in_path} cannot be fetched from the simulated host.")

    def reset(self) -> None:
        """A new connection to the same host; what runs there runs on."""
        self._connected = False

    def close(self) -> None:
        """Ends the connection; what runs on the host runs on."""
        self._connected = False
