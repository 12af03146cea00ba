# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-core refuses before it begins a task."""

from __future__ import annotations

from .libraries import TRANSPORT
from .network import BAD_PORT

INVENTORY = (
    (
        r"connection plugin '[^']*' was not found",
        "Correct ansible_connection: it is winrm, psrp or ssh; another one needs its collection (ansible-galaxy collection install).",
    ),
    (
        r"Invalid become method specified",
        "Correct ansible_become_method: it is runas on Windows; or leave ansible_become out.",
    ),
    (r"Could not find the shell plugin required", "Correct ansible_shell_type: it is powershell or cmd."),
    (
        r"Error processing keyword 'port'|[Tt]he field 'port' has an invalid value|%d format: a (?:real )?number is required|"
        r"(?:config|setting) 'port'|\(setting: port\)",
        BAD_PORT,
    ),
    (
        r"[Nn]o vault secrets found|Decryption failed \(no vault secrets|no vault secrets (?:were )?found that could decrypt",
        "Give the password of the vault: --ask-vault-pass or --vault-password-file.",
    ),
    (
        r"Error processing keyword '\w+': .* is undefined|[Tt]he field '\w+' has an invalid value, which includes an undefined variable|"
        r"\A(?:Task failed: )?'\w+' is undefined",
        "A variable of the inventory uses one that is not defined: define it, load the file that does (such as a vault), or "
        "correct its name.",
    ),
    (r"for config 'auth'|configuration option .{0,200}ansible_psrp_auth", TRANSPORT),
    (
        r"Invalid value '[^']*' for config '\w+'|[Ii]nvalid value .{0,200}for configuration option|has an invalid value",
        "Correct the variable of the inventory that sets this; ansible_winrm_scheme, for one, is http or https. "
        "ansible-doc -t connection names them all.",
    ),
)
