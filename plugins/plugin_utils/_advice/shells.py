# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell of a host, what forbids its scripts, and become."""

from __future__ import annotations

# What a shell of another system answers when it is asked for PowerShell.
NOT_OF_WINDOWS = (
    r"(?i)powershell(?:\.exe)?['\"`\u2019]?: (?:command not found|not found|inaccessible or not found|No such file or directory)|"
    r"command not found: powershell|unknown command:? ['\"]?powershell|exec:? ['\"]?powershell['\"]?: executable file not found"
)
SHELL = (
    (
        r"Parameter format not correct|is not recognized as an internal or external command|"
        r"The filename, directory name, or volume label syntax",
        "The SSH server of the host starts cmd: set ansible_shell_type to cmd, or make PowerShell its DefaultShell.",
    ),
    (
        r"is not a valid statement separator",
        "The SSH server of the host starts PowerShell: set ansible_shell_type to powershell.",
    ),
    (
        r"running scripts is disabled on this system|is not digitally signed",
        "A group policy forbids scripts on the host: Get-ExecutionPolicy -List shows it. Have it allow the scripts that Ansible sends.",
    ),
    (
        r"is not trusted to run|\b[Ll]anguage mode\b|ConstrainedLanguage|core types in this language|blocked by (?:your )?(?:group policy|"
        r"administrator)|\(0x800711C7\)|contains malicious content",
        "App Control, AppLocker or an antivirus program on the host forbids the script. Its log names the rule: have this "
        "script allowed for the account that Ansible uses.",
    ),
    (
        r"module interpreter .* was not found|Could not find the specified PowerShell interpreter",
        "The PowerShell that hotpatch_powershell names is not on the host: correct that variable, or leave it out.",
    ),
    (
        r"Failed to create temporary directory.*(?i:powershell)|(?:docker|podman|kubectl|oc) command not found|No such container",
        "What answers has no PowerShell that the connection can use: reach a Windows host with ansible_connection winrm, psrp or ssh, not "
        "as a container, or take the host out of the group.",
    ),
)
BECOME = (
    (
        r"incompatible with the \S+ become plugin|[Bb]ecome plugin '?\S+ is not (?:supported|compatible)",
        "Windows knows no sudo: set ansible_become_method to runas, with ansible_become_user, or leave ansible_become out.",
    ),
    (
        r"not been granted the requested logon type",
        "The account of ansible_become_user may not log on in this way: grant it the right on the host, or choose another way "
        "(ansible_become_flags: logon_type=batch or network).",
    ),
    (
        r"(?:[Ff]ailed to become user|LogonUser|CreateProcessAsUser).*(?:user name or password is incorrect|Win32ErrorCode 1326)",
        "The account to become could not log on: check ansible_become_user and ansible_become_password.",
    ),
    (
        r"[Ff]ailed to become user",
        "The account of ansible_user may not become another: it must be an administrator of the host. Check ansible_become_user, "
        "ansible_become_password and ansible_become_flags.",
    ),
)
