# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SSH: its client, its server, keys and accounts."""

from __future__ import annotations

from .network import BAD_PORT, BAD_URL, EMPTY, NAMES, NO_ANSWER, SILENCE, UNKNOWN_NAME

# By these words a connection by SSH is told from one by WinRM.
OVER_SSH = (
    r"via ssh: |over (?:ssh|SSH)[:.]|\bssh: |kex_exchange_identification|banner exchange|Host key verification failed|Host Key checking is|"
    r"HOST IDENTIFICATION HAS CHANGED|Permission denied \(|sshpass (?:program|error|version)|ssh command line|"
    r"paramiko is not installed|ansible-pylibssh|No module named '(?:paramiko|pylibsshext)'|Invalid/incorrect (?:username/)?password"
)
SSH = (
    (
        r"must install the sshpass program",
        "Install sshpass on the controller, or log on with a key (ansible_ssh_private_key_file) and without ansible_password.",
    ),
    (
        r"sshpass version does not support",
        "Upgrade sshpass on the controller, or log on with a key (ansible_ssh_private_key_file) and without ansible_password.",
    ),
    (
        r"Unable to execute ssh command line",
        "The controller has no such SSH client: install OpenSSH (openssh-client on Debian, openssh-clients on Red Hat), or correct "
        "ansible_ssh_executable.",
    ),
    (
        r"paramiko is not installed|No module named 'paramiko'",
        "Set ansible_connection to ssh, or install paramiko into the Python that runs Ansible.",
    ),
    (
        r"ansible-pylibssh|No module named 'pylibsshext'",
        "Set ansible_connection to ssh, or install ansible-pylibssh into the Python that runs Ansible.",
    ),
    (r"resolve hostname https?:|remote host .https?://", BAD_URL),
    (r'resolve hostname :|remote host "":', EMPTY),
    (r"Bad port", BAD_PORT),
    (
        r"HOST IDENTIFICATION HAS CHANGED|host key .{0,200}has changed",
        "The host shows another key than before. Check that key on the host; if it was given a new one, remove the old one (ssh-keygen -R "
        "with its name or address), and add the new one (ssh-keyscan) to the known_hosts file of the user who runs Ansible.",
    ),
    (
        r"Host key verification failed|Host Key checking is enabled",
        "The controller does not know this host key: check it on the host, then add it (ssh-keyscan) to the known_hosts file "
        "of the user who runs Ansible.",
    ),
    (NAMES, UNKNOWN_NAME),
    (
        r"Connection refused",
        "No SSH server listens there: check ansible_port, install OpenSSH on the host, or set ansible_connection to psrp or winrm.",
    ),
    (SILENCE, NO_ANSWER),
    (
        r"banner line contains|banner exchange: |Bad packet length",
        "What listens on this port is not an SSH server: set ansible_port to that of SSH (22), or ansible_connection to psrp or winrm.",
    ),
    (
        r"no matching (?:host key type|cipher|key exchange method|MAC) found",
        "Controller and host have no algorithm of SSH in common: update OpenSSH on the older of the two.",
    ),
    (
        r"UNPROTECTED PRIVATE KEY FILE|bad permissions",
        "Others may read the private key, so it is not used: run chmod 600 on the file that ansible_ssh_private_key_file names.",
    ),
    (r"no such identity", "The private key is not on the controller: correct ansible_ssh_private_key_file."),
    (
        r"Permission denied|Too many authentication failures|Invalid/incorrect (?:username/)?password",
        "The SSH server refuses the account: check ansible_user, and ansible_password or ansible_ssh_private_key_file. Keys of "
        "administrators belong into C:\\ProgramData\\ssh\\administrators_authorized_keys on the host.",
    ),
    (
        # The client has ended before Ansible could hand anything over, and what it said is lost.
        r"[Bb]roken pipe|Data could not be sent",
        "No SSH server listens there, or it ended the connection at once: check ansible_port (22 is that of SSH), that OpenSSH runs on the "
        "host, and its log OpenSSH/Operational; or set ansible_connection to psrp or winrm.",
    ),
    (
        r"Connection (?:closed|reset)",
        "The SSH server ended the connection, or what listens there is not one: check ansible_port (22 is that of SSH), then that the host "
        "is not restarting, and the log OpenSSH/Operational on the host.",
    ),
)
