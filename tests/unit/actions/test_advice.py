# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedy for what an inventory gets wrong, by the words of ansible-core, of the libraries below it, and of Windows."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.advice import advise

POOL = "HTTPSConnectionPool(host='web01', port=5986): Max retries exceeded with url: /wsman (Caused by "
WORDS = {
    "pypsrp or dependencies are not installed: No module named 'pypsrp'": "Install pypsrp",
    "winrm or requests is not installed: No module named 'winrm'": "Install pywinrm",
    "WinRM Kerberos authentication requested but the python kerberos library is not installed.": "Install the Kerberos libraries",
    "kerberos: requested auth method is kerberos, but pykerberos is not installed": "Install the Kerberos libraries",
    "credssp: requests auth method is credssp, but requests-credssp is not installed": "Install requests-credssp",
    "Cannot use CredSSP auth as requests-credssp is not installed: No module named 'requests_credssp'": "Install requests-credssp",
    "to use the 'ssh' connection type with passwords or pkcs11_provider, you must install the sshpass program": "Install sshpass",
    "Kerberos auth failure for principal ops@EXAMPLE.COM with subprocess: kinit: Cannot find KDC for realm": "realm in capitals",
    "kerberos: authGSSClientStep() failed: (('Unspecified GSS failure', 851968), ('Server HTTP/10.0.0.1@EXAMPLE.COM not found in Kerberos"
    " database', -1765328377))": "full name",
    "kinit: Client 'ops@EXAMPLE.COM' not found in Kerberos database while getting initial credentials": "domain refuses the account",
    "kinit: Preauthentication failed while getting initial credentials": "domain refuses the account",
    "kinit: Clock skew too great while getting initial credentials": "clock of the controller",
    "[Errno 2] No such file or directory: 'kinit'": "krb5-user",
    f"ssl: {POOL}NameResolutionError(\"Failed to resolve 'web01' ([Errno -2] Name or service not known)\"))": "ansible_host",
    "ssh: Could not resolve hostname web01: Name or service not known": "ansible_host",
    f'ssl: {POOL}NewConnectionError("Failed to establish a new connection: [Errno 111] Connection refused"))': "Enable-PSRemoting",
    "Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port 22: Connection refused": "No SSH server",
    f"{POOL}SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed')))": "issuer",
    f"{POOL}SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)')))": "does not speak HTTPS",
    "Cannot use message encryption with auth 'basic', either set encryption='never', use ssl=True": "ansible_psrp_protocol",
    f"{POOL}ConnectTimeoutError('Connection to web01 timed out. (connect timeout=30)'))": "firewalls",
    "ssh: connect to host web01 port 22: No route to host": "firewalls",
    "basic: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))": "port and scheme",
    "ntlm: Access denied: Server did not respond with NTLM challenge token": "does not offer NTLM",
    "basic: the specified credentials were rejected by the server": "refuses the account",
    "failed to authenticate with the server: Failed to authenticate the user ops with negotiate": "refuses the account",
    "ntlm: Bad HTTP response returned from server. Code 403": "no_proxy",
    "ntlm: Bad HTTP response returned from server. Code 404": "ansible_winrm_path",
    "Access is denied. (extended fault data: {'http_status_code': 500, 'wsmanfault_code': '5'})": ("LocalAccountTokenFilterPolicy"),
    "Host key verification failed.": "known_hosts",
    "ops@127.0.0.1: Permission denied (publickey,password).": "administrators_authorized_keys",
    "Parameter format not correct - ;": "ansible_shell_type to cmd",
    "script 'internal_observe.ps1' is not trusted to run": "App Control",
    "Cannot invoke method. Method invocation is supported only on core types in this language mode.": "App Control",
    "The module interpreter 'C:\\none\\pwsh.exe' was not found.": "hotpatch_powershell",
    "Could not find the specified PowerShell interpreter": "hotpatch_powershell",
}


@pytest.mark.parametrize("words", WORDS)
def test_the_words_of_a_failure_lead_to_its_remedy(words: str) -> None:
    assert WORDS[words] in str(advise(f"The host could not be observed: {words}"))


@pytest.mark.parametrize("words", ["records: /var/lib/hotpatch is not a folder.", "kb: 'x' is not a KB number, such as KB5094125.", ""])
def test_what_is_no_fault_of_the_way_to_the_host_has_none(words: str) -> None:
    assert advise(words) is None
