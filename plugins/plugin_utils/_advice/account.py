# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account, and what WinRM lets it do."""

from __future__ import annotations

ACCOUNT = (
    (r"requires a username|the username must be specified", "Set ansible_user to an account that is an administrator of the host."),
    (
        r"requires a password|the password must be specified",
        "Set ansible_password, or take kerberos with a ticket (kinit) or a certificate.",
    ),
    (
        r"No username or password was specified|BadMechanismError|Unable to negotiate common mechanism",
        "Set ansible_user and ansible_password, or run kinit before and set ansible_psrp_auth to kerberos.",
    ),
    (
        r"Server did not respond with NTLM challenge",
        "The host does not offer NTLM: take kerberos, credssp or certificate (ansible_winrm_transport or ansible_psrp_auth).",
    ),
    (
        r"did not respon(?:se|d) with one of the following authentication methods",
        "The host does not offer this authentication: set ansible_psrp_auth to one that it offers (its answer names them), or switch this "
        "one on in its WinRM service.",
    ),
    (
        r"Cannot find the \S+ session configuration|shell resource URI|resource URI .{0,200}not found",
        "The host has no such session: correct ansible_psrp_configuration_name (Microsoft.PowerShell is that of Windows PowerShell), or "
        "run Enable-PSRemoting in that PowerShell on the host.",
    ),
    (
        r"maximum number of concurrent (?:shells|operations|users)|w:QuotaLimit|wsmanfault_code'?: '?2150859173\b",
        "The host does not open one session more: end those that are left over (restart its WinRM service), or raise MaxShellsPerUser.",
    ),
    (
        r"wsmanfault_code'?: '?5\b|WSManFault.{0,40}Code[:=] ?.?5\b|Access is denied",
        "The account is not an administrator of the host, or its token is filtered: use a domain account that is a local "
        "administrator, or for a local account set LocalAccountTokenFilterPolicy to 1 (DWORD, "
        "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System).",
    ),
    (
        r"credentials were rejected|[Ff]ailed to authenticate|Code:? 401\b|401 Unauthorized|[Ll]ogon failure|"
        r"user name or password is incorrect",
        "The host refuses the account: check ansible_user (name@EXAMPLE.COM or HOST\\name) and ansible_password, that the "
        "account is an administrator of the host, and that the host allows this authentication (basic is off by default).",
    ),
)
