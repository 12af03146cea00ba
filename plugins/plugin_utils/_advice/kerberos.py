# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos: realms, tickets, accounts."""

from __future__ import annotations

KERBEROS = (
    (
        r"Cannot find KDC|Cannot contact any KDC|Cannot resolve network address for KDC|KDC reply did not match expectations",
        "The controller finds no domain controller of that realm: write the realm in capitals (ansible_user: "
        "name@EXAMPLE.COM), and name its domain controllers in /etc/krb5.conf or have the controller use the DNS of the domain.",
    ),
    (
        r"Server (?:\S+ )?not found in Kerberos database|numeric host address",
        "Kerberos knows the host by its full name only: set ansible_host to it, not to an address or a short name.",
    ),
    (
        r"Password has expired|CLIENT KEY EXPIRED",
        "The password of the account has expired: have it changed in the domain, then set ansible_password to the new one.",
    ),
    (
        r"credentials have been revoked",
        "The domain has locked or disabled the account: have it unlocked, and correct ansible_password before the next run locks it again.",
    ),
    (
        r"no support for encryption type|encryption type not supported|No supported encryption types|etype not supported",
        "Controller and domain have no encryption type in common: permit AES for the account in the domain, and in /etc/krb5.conf.",
    ),
    (
        r"does not specify default realm|Cannot determine realm|Cannot find default realm",
        "The realm is not known: write it in capitals behind the account (ansible_user: name@EXAMPLE.COM), or set default_realm in "
        "/etc/krb5.conf.",
    ),
    (
        r"Malformed representation of principal",
        "This is not the name of an account in Kerberos: write ansible_user as name@EXAMPLE.COM, not as DOMAIN\\name.",
    ),
    (
        r"Client (?:\S+ )?not found in Kerberos database|Preauthentication failed|[Pp]assword incorrect",
        "The domain refuses the account: check ansible_user (name@EXAMPLE.COM) and ansible_password.",
    ),
    (
        r"Clock skew",
        "The clock of the controller differs from that of the domain by more than 5 minutes. Set it.",
    ),
    (
        r"Ticket expired",
        "The Kerberos ticket has expired: run kinit again, or give ansible_user (name@EXAMPLE.COM) and ansible_password.",
    ),
    (
        r"No such file or directory: b?'[^']*kinit'|calling kinit cmd",
        "The controller has no kinit: install it (krb5-user on Debian, krb5-workstation on Red Hat), or name it in "
        "ansible_winrm_kinit_cmd.",
    ),
    (
        r"No Kerberos credentials available|Matching credential not found|No credentials cache found|Credentials cache \S+ \S+ not found|"
        r"No credentials were supplied|Cannot read password",
        "There is no Kerberos ticket: give ansible_user (name@EXAMPLE.COM) and ansible_password, or run kinit before.",
    ),
    (
        r"Kerberos auth failure for principal",
        "Kerberos gives no ticket to the account: run kinit with this ansible_user on the controller until it succeeds.",
    ),
)
