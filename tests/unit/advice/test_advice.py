# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remedy for what an inventory gets wrong, by the words of ansible-core, of the libraries below it, and of Windows."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._advice.advise import advise, advise_on_host, advise_on_inventory

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
    # Proxies, before whatever else their words say.
    f"{POOL}ProxyError('Unable to connect to proxy', NewConnectionError('[Errno 111] Connection refused')))": "no_proxy",
    f"{POOL}ProxyError('Unable to connect to proxy', NameResolutionError(\"Failed to resolve 'proxy.corp'\")))": "no_proxy",
    f"{POOL}ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 503 Service Unavailable')))": "no_proxy",
    # What is not WinRM, in the words of pywinrm and of pypsrp.
    **{f"ntlm: Bad HTTP response returned from server. Code {code}": "is not WinRM" for code in (302, 400, 404, 405, 500, 503)},
    **{
        f"psrp connection failure: Bad HTTP response returned from the server. Code: {code}, Content: ''": "is not WinRM"
        for code in (400, 404, 405, 503)
    },
    "psrp connection failure during runspace open: Bad HTTP response returned from the server. Code: 403, Content: ''": "no_proxy",
    "basic: no reason was given, or the answer could not be read.": "is not WinRM",
    "mismatched tag: line 1, column 40": "is not WinRM",
    "basic: ('Connection aborted.', BadStatusLine('SSH-2.0-OpenSSH_9'))": "is not WinRM",
    # What an address may not be.
    "ntlm: Failed to parse: https://127.0.0.1:99999/wsman": "1 to 65535",
    "ntlm: Invalid URL 'https://:5986/wsman': No host supplied": "ansible_host is empty",
    "ntlm: HTTPSConnectionPool(host='https', port=443): Retries exceeded: //web01:5986:5986/wsman (Failed to resolve": "https://",
    # Certificates and TLS.
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1)": "renew it",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'h'.": "another name",
    "certificate verify failed: IP address mismatch, certificate is not valid for '10.0.0.1'.": "another name",
    "certificate verify failed: unable to get local issuer certificate (_ssl.c:1)": "certificate of its issuer",
    "ntlm: Could not find a suitable TLS CA certificate bundle, invalid path: /nope.pem": "ansible_winrm_ca_trust_path",
    "certificate: both cert_pem and cert_key_pem must be specified for cert auth": "ansible_winrm_cert_key_pem",
    "For certificate auth, the path to the certificate key pem file must be specified with certificate_key_pem": "certificate_key_pem",
    "SSLError(SSLError(1, '[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:992)'))": "TLS 1.2",
    "SSLError(1, '[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure')": "TLS 1.2",
    # Accounts.
    "ntlm: auth method ntlm requires a password": "Set ansible_password",
    "ntlm: auth method ntlm requires a username": "Set ansible_user",
    "BadMechanismError: SpnegoError (1): Context: No username or password was specified and the credential cache did not exist": "kinit",
    "ntlm: unsupported hash type md4": "MD4",
    "requests_credssp.exceptions.AuthenticationException: Server did not response with a CredSSP token after": "Enable-WSManCredSSP",
    "The installed version of WinRM does not support transport(s) ['kerb']": "ansible_winrm_transport",
    "Received a WSManFault message. (Code: 2150858843, Machine: s, Reason: Cannot find the PowerShell.7 session configuration in the WSMan:"
    " drive on the s computer.)": "ansible_psrp_configuration_name",
    "Received a WSManFault message. (No details returned by the server)": "is not WinRM",
    "failed to authenticate with the server: The server did not response with one of the following authentication methods NTLM - actual:"
    " 'Basic realm=\"WSMAN\"'": "does not offer this authentication",
    "Received a WSManFault message. (Code: 5, Machine: s, Reason: Access is denied.)": "LocalAccountTokenFilterPolicy",
    "basic: The maximum number of concurrent shells for this user has been exceeded. (extended fault data)": "Shells",
    # Kerberos.
    "kerberos: (('Unspecified GSS failure', 851968), ('Ticket expired', -1765328352))": "ticket has expired",
    "kerberos: Matching credential not found (filename: KCM:0)": "no Kerberos ticket",
    "(('', 1), ('No Kerberos credentials available (default cache: KCM:0)', -1765328243))": "no Kerberos ticket",
    "(('', 1), ('Cannot determine realm for numeric host address', -1765328164))": "full name",
    **{
        f"Kerberos auth failure for principal ops: kinit: {said} while getting initial credentials": remedy
        for said, remedy in {
            "Password has expired": "have it changed",
            "Client's credentials have been revoked": "unlocked",
            "KDC has no support for encryption type": "AES",
            "Malformed representation of principal when parsing name": "not as DOMAIN",
            "Configuration file does not specify default realm when parsing name ops": "default_realm",
            "Something new": "until it succeeds",
        }.items()
    },
    # SSH.
    "Failed to connect to the host via ssh: REMOTE HOST IDENTIFICATION HAS CHANGED! @ Host key verification failed.": "ssh-keygen -R",
    "Failed to connect to the host via ssh: kex_exchange_identification: Connection closed by remote host": "SSH server ended",
    "Failed to connect to the host via ssh: kex_exchange_identification: read: Connection reset by peer": "SSH server ended",
    "over ssh: kex_exchange_identification: banner line contains invalid characters banner exchange: invalid format": "not an SSH server",
    "over ssh: Connection timed out during banner exchange": "does not answer",
    "sshpass error: Installed sshpass version does not support customized password prompts.": "Upgrade sshpass",
    "paramiko is not installed: No module named 'paramiko'": "ansible_connection to ssh",
    "Failed to import the required Python library (ansible-pylibssh) on vm's Python": "ansible_connection to ssh",
    "Unable to execute ssh command line on a controller: [Errno 2] No such file or directory: b'/nope/ssh'": "ansible_ssh_executable",
    'host "". Make sure this host can be reached over ssh: ssh: Could not resolve hostname : Name or service not known': "is empty",
    "via ssh: no such identity: /k: No such file or directory ops@h: Permission denied (publickey).": "private key is not on",
    # Shells and become.
    "The token '&&' is not a valid statement separator in this version.": "ansible_shell_type to powershell",
    "Failed to create temporary directory. Failed command was: PowerShell -NoProfile -EncodedCommand UwBlAHQA": "has no PowerShell",
    "docker command not found in PATH": "not as a container",
    "Failed to become user 'ops': The user name or password is incorrect (LogonUser, Win32ErrorCode 1326)": "ansible_become_password",
    "Failed to become user 'o': Logon failure: the user has not been granted the requested logon type at this computer": "logon_type",
    "Failed to become user 'SYSTEM': Failed to impersonate: Access is denied (Win32ErrorCode 5)": "must be an administrator",
    "The powershell shell family is incompatible with the sudo become plugin": "to runas",
    "Become plugin sudo is not supported by the Windows exec wrapper.": "to runas",
}


@pytest.mark.parametrize("words", WORDS)
def test_the_words_of_a_failure_lead_to_its_remedy(words: str) -> None:
    assert WORDS[words] in str(advise(words))


@pytest.mark.parametrize(
    "words", [words for words, remedy in WORDS.items() if remedy in ("App Control", "hotpatch_powershell", "to runas")]
)
def test_what_a_shell_says_has_a_remedy_of_the_host(words: str) -> None:
    assert WORDS[words] in str(advise_on_host(f"The host could not be observed: {words}"))


@pytest.mark.parametrize(
    "words",
    ["Timeout", "Access is denied.", "C:\\updates\\kinit.msu: Permission denied", "Connection refused", "certificate verify failed", ""],
)
def test_what_a_host_says_is_not_held_against_the_way_to_it(words: str) -> None:
    assert advise_on_host(words) is None


@pytest.mark.parametrize("name", ["srv-kinit-01", "sshpass", "AMSIS01", "Forbidden", "paramiko", "timeout", "kerberos.proxy.example"])
def test_a_name_is_not_a_cause(name: str) -> None:
    assert "Nothing listens" in str(advise(f"HTTPSConnectionPool(host='{name}', port=1): (Caused by [Errno 111] Connection refused')"))
    assert "SSH server refuses" in str(advise(f"Failed to connect to the host via ssh: {name}@{name}: Permission denied (publickey)."))


REFUSED = {
    "Task failed: the connection plugin 'winrmm' was not found": "Correct ansible_connection",
    "Task failed: Error processing keyword 'port': The value 'abc' could not be converted to 'int'.": "1 to 65535",
    "the field 'port' has an invalid value (abc), and could not be converted to an int.": "1 to 65535",
    "Task failed: Error processing keyword 'password': 'vault_pw' is undefined": "such as a vault",
    "The field 'password' has an invalid value, which includes an undefined variable. The error was: 'vault_pw'": "such as a vault",
    "Invalid become method specified, could not find matching plugin: 'runass'.": "runas on Windows",
    "Task failed: Invalid value 'htps' for config 'scheme' for 'winrm' connection plugin.": "ansible_winrm_scheme",
    "Task failed: Invalid value 'kerb' for config 'auth' for 'psrp' connection plugin.": "ansible_psrp_auth",
    "Task failed: Could not find the shell plugin required (pwsh).": "powershell or cmd",
    "Attempting to decrypt but no vault secrets found": "--ask-vault-pass",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_core_refuses_has_its_remedy(words: str) -> None:
    assert REFUSED[words] in str(advise_on_inventory(words))
    assert REFUSED[words] in str(advise(words))


@pytest.mark.parametrize("words", ["records: /var/lib/hotpatch is not a folder.", "kb: 'x' is not a KB number, such as KB5094125.", ""])
def test_what_is_no_fault_of_the_way_to_the_host_has_none(words: str) -> None:
    assert advise(words) is None
    assert advise_on_inventory(words) is None
