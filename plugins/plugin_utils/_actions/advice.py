# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remedies for what an inventory gets wrong, told by the words of whoever noticed it: a library, ansible-core, or Windows.

The first entry that fits counts, so what is narrower stands above what is wider. The words are those of ansible-core 2.16 to 2.22, pywinrm
0.5, pypsrp 0.9, urllib3 2, OpenSSH 9, MIT Kerberos 1.20, and PowerShell 5.1 and 7.
"""

from __future__ import annotations

import re

_LIBRARIES = (
    (
        r"pypsrp or dependencies are not installed",
        "Install pypsrp into the Python that runs Ansible, or into the execution environment (python3 -m pip install pypsrp), "
        "or set ansible_connection to winrm.",
    ),
    (
        r"winrm or requests is not installed|xmltodict is not installed",
        "Install pywinrm into the Python that runs Ansible, or into the execution environment (python3 -m pip install "
        "pywinrm), or set ansible_connection to psrp.",
    ),
    (
        r"kerberos library is not installed|auth method is kerberos, but|python-gssapi|gssapi.*not installed|"
        r"No module named '(?:gssapi|krb5)'|Available auth(?:entication)? mech.*kerberos",
        "Install the Kerberos libraries into the Python that runs Ansible, or into the execution environment (python3 -m pip "
        'install "pywinrm[kerberos]" or "pypsrp[kerberos]"; they are built with libkrb5-dev on Debian, krb5-devel on Red Hat), '
        "or take NTLM (ansible_winrm_transport or ansible_psrp_auth: ntlm).",
    ),
    (
        r"credssp is not installed|requests-credssp|requests_credssp",
        "Install requests-credssp into the Python that runs Ansible, or into the execution environment (python3 -m pip install "
        '"pywinrm[credssp]" or "pypsrp[credssp]"), or take another ansible_winrm_transport or ansible_psrp_auth.',
    ),
    (
        r"auth method is ntlm, but|requests[-_]ntlm is not installed",
        "Install requests_ntlm into the Python that runs Ansible, or into the execution environment (python3 -m pip install "
        "requests_ntlm), or take another ansible_winrm_transport.",
    ),
    (
        r"must install the sshpass program|sshpass",
        "Install sshpass on the controller, or log on with a key (ansible_ssh_private_key_file) and without ansible_password.",
    ),
)
_KERBEROS = (
    (
        r"Cannot find KDC|Cannot contact any KDC|Cannot resolve network address for KDC",
        "The controller finds no domain controller of that realm: write the realm in capitals (ansible_user: "
        "name@EXAMPLE.COM), and name its domain controllers in /etc/krb5.conf or have the controller use the DNS of the domain.",
    ),
    (
        r"Server (?:\S+ )?not found in Kerberos database",
        "Kerberos knows the host by its full name only: set ansible_host to it, not to an address or a short name.",
    ),
    (
        r"Client (?:\S+ )?not found in Kerberos database|Preauthentication failed|password incorrect|Password incorrect",
        "The domain refuses the account: check ansible_user (name@EXAMPLE.COM) and ansible_password.",
    ),
    (
        r"Clock skew",
        "The clock of the controller differs from that of the domain by more than 5 minutes. Set it.",
    ),
    (
        r"kinit|No Kerberos credentials|Credentials cache|No credentials were supplied",
        "There is no Kerberos ticket: give ansible_user (name@EXAMPLE.COM) and ansible_password, or run kinit before, and "
        "check that kinit is installed (krb5-user on Debian, krb5-workstation on Red Hat).",
    ),
)
_NETWORK = (
    (
        r"Failed to resolve|Name or service not known|Could not resolve hostname|Temporary failure in name resolution|"
        r"nodename nor servname|No address associated with hostname|getaddrinfo failed",
        "The controller cannot resolve this name: set ansible_host to a name or an address that it can reach.",
    ),
    (
        r"ssh: connect to host .* port .*: Connection refused",
        "No SSH server listens there: check ansible_port, install OpenSSH on the host, or set ansible_connection to psrp or winrm.",
    ),
    (
        r"Connection refused|Errno 111|actively refused",
        "Nothing listens on this port: check ansible_port (5986 is that of HTTPS, 5985 that of HTTP), and run "
        "Enable-PSRemoting on the host if it has no listener.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The controller does not trust the certificate of the host: name the certificate of its issuer in "
        "ansible_winrm_ca_trust_path or ansible_psrp_ca_cert, and the host as the certificate does in ansible_host. In a lab "
        "only, switch the check off: ansible_winrm_server_cert_validation or ansible_psrp_cert_validation: ignore.",
    ),
    (
        r"WRONG_VERSION_NUMBER|wrong version number|record layer failure|UNEXPECTED_EOF|unknown protocol",
        "This port does not speak HTTPS (5986 is that of HTTPS, 5985 that of HTTP): set ansible_port to 5986; or, for HTTP, "
        "ansible_winrm_scheme or ansible_psrp_protocol to http, with a transport that encrypts by itself (kerberos, ntlm, "
        "credssp).",
    ),
    (
        r"Cannot use message encryption with auth",
        "This authentication does not encrypt: set ansible_psrp_protocol to https, or ansible_psrp_auth to negotiate.",
    ),
    (
        r"timed out|Timeout|No route to host|Network is unreachable|Host is down",
        "The host does not answer: check that it is on, its address (ansible_host), its port (ansible_port) and the firewalls on the way.",
    ),
    (
        r"Connection reset by peer|Connection aborted|RemoteDisconnected|Remote end closed connection|Connection closed by",
        "The host ended the connection: check that port and scheme fit (5986 is that of HTTPS, 5985 that of HTTP; "
        "ansible_port, with ansible_winrm_scheme or ansible_psrp_protocol), then that the host is not restarting, and run "
        "again.",
    ),
)
_ACCOUNT = (
    (
        r"Server did not respond with NTLM challenge",
        "The host does not offer NTLM: take kerberos, credssp or certificate (ansible_winrm_transport or ansible_psrp_auth).",
    ),
    (
        r"wsmanfault_code'?: '?5\b|WSManFault.{0,40}Code=.5\b|Access is denied",
        "The account is not an administrator of the host, or its token is filtered: use a domain account that is a local "
        "administrator, or for a local account set LocalAccountTokenFilterPolicy to 1 (DWORD, "
        "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System).",
    ),
    (
        r"Host key verification failed|Host Key checking is enabled|REMOTE HOST IDENTIFICATION HAS CHANGED",
        "The controller does not know this host key: check it on the host, then add it (ssh-keyscan) to the known_hosts file "
        "of the user who runs Ansible.",
    ),
    (
        r"Permission denied|Too many authentication failures|Invalid/incorrect password",
        "The SSH server refuses the account: check ansible_user, and ansible_password or ansible_ssh_private_key_file. Keys of "
        "administrators belong into C:\\ProgramData\\ssh\\administrators_authorized_keys on the host.",
    ),
    (
        r"credentials were rejected|[Ff]ailed to authenticate|Code 401|Unauthorized|logon failure|"
        r"user name or password is incorrect",
        "The host refuses the account: check ansible_user (name@EXAMPLE.COM or HOST\\name) and ansible_password, that the "
        "account is an administrator of the host, and that the host allows this authentication (basic is off by default).",
    ),
    (
        r"Code 403|Code 407|Forbidden|Proxy Authentication",
        "Something refuses the request before the account is looked at, as a proxy does: add the host to no_proxy, or set "
        "ansible_psrp_ignore_proxy to true; else check the IP filters of the WinRM service.",
    ),
    (
        r"Code 404",
        "What listens on this port is not WinRM: check ansible_port (5986 is that of HTTPS, 5985 that of HTTP) and ansible_winrm_path.",
    ),
)
_SHELL = (
    (
        r"Parameter format not correct|is not recognized as an internal or external command|"
        r"The filename, directory name, or volume label syntax",
        "The SSH server of the host starts cmd: set ansible_shell_type to cmd, or make PowerShell its DefaultShell.",
    ),
    (
        r"is not trusted to run|[Ll]anguage ?[Mm]ode|core types in this language|blocked by (?:your )?(?:group policy|"
        r"administrator)|AMSI|malicious content|running scripts is disabled",
        "App Control, AppLocker or an antivirus program on the host forbids the script. Its log names the rule: have this "
        "script allowed for the account that Ansible uses.",
    ),
    (
        r"module interpreter .* was not found|Could not find the specified PowerShell interpreter",
        "The PowerShell that hotpatch_powershell names is not on the host: correct that variable, or leave it out.",
    ),
)
_ADVICE = tuple((re.compile(words), remedy) for words, remedy in (*_LIBRARIES, *_SHELL, *_KERBEROS, *_NETWORK, *_ACCOUNT))


def advise(text: str) -> str | None:
    """Return the remedy for a host that could not be asked, if TEXT, the words of the failure, is of a known kind."""
    return next((remedy for words, remedy in _ADVICE if words.search(text)), None)
