# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Libraries that the controller lacks."""

from __future__ import annotations

TRANSPORT = "Correct ansible_winrm_transport (kerberos, ntlm, credssp, certificate or basic), or ansible_psrp_auth (these, or negotiate)."
LIBRARIES = (
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
        r"kerberos library is not installed|auth method is kerberos, but|(?:python-gssapi|gssapi library|gssapi module).*not installed|"
        r"No module named '(?:gssapi|krb5)'|Available auth(?:entication)? mech.*kerberos",
        "Install the Kerberos libraries into the Python that runs Ansible, or into the execution environment (python3 -m pip "
        'install "pywinrm[kerberos]" or "pypsrp[kerberos]"; they are built with libkrb5-dev on Debian, krb5-devel on Red Hat), '
        "or take NTLM (ansible_winrm_transport or ansible_psrp_auth: ntlm).",
    ),
    (
        r"did not respon(?:se|d)\b.{0,10} CredSSP token",
        "The host does not accept CredSSP: run Enable-WSManCredSSP -Role Server on it, or take another ansible_winrm_transport or "
        "ansible_psrp_auth.",
    ),
    (
        r"requests[-_]credssp is not installed|auth method is credssp, but|No module named 'requests_credssp'",
        "Install requests-credssp into the Python that runs Ansible, or into the execution environment (python3 -m pip install "
        '"pywinrm[credssp]" or "pypsrp[credssp]"), or take another ansible_winrm_transport or ansible_psrp_auth.',
    ),
    (
        r"auth method is ntlm, but|requests[-_]ntlm is not installed",
        "Install requests_ntlm into the Python that runs Ansible, or into the execution environment (python3 -m pip install "
        "requests_ntlm), or take another ansible_winrm_transport.",
    ),
    (
        r"unsupported hash type md4",
        "The OpenSSL of the controller does not offer MD4, which NTLM needs: take kerberos, or basic or certificate over HTTPS "
        "(ansible_winrm_transport or ansible_psrp_auth), or switch its legacy provider on.",
    ),
    (
        r"does not support transport\(s\)|No transport found for WinRM connection|The specified auth '[^']*' is not supported",
        TRANSPORT,
    ),
)
