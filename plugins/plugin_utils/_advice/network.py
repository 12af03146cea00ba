# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to WinRM: proxies, names, ports, TLS, and what else answers there."""

from __future__ import annotations

BAD_URL = "ansible_host is a name or an address and nothing else: leave out https:// and the port, which belongs into ansible_port."
EMPTY = "ansible_host is empty: set it to a name or an address of the host, or leave it out."
BAD_PORT = "This is not a port: set ansible_port to a number from 1 to 65535 (5986 is that of HTTPS, 5985 that of HTTP, 22 that of SSH)."
UNKNOWN_NAME = "The controller cannot resolve this name: set ansible_host to a name or an address that it can reach."
NO_ANSWER = (
    "The host does not answer: check that it is on, its address (ansible_host), its port (ansible_port) and the firewalls on the way."
)
NAMES = (
    r"Failed to resolve|Name or service not known|Could not resolve hostname|Temporary failure in name resolution|"
    r"nodename nor servname|No address associated with hostname|getaddrinfo failed"
)
SILENCE = r"timed out|\bTimeoutError\b|No route to host|Network is unreachable|Host is down"
# What pywinrm says when it cannot read an answer, and expat, which reads it.
_NOT_WINRM = (
    r"no reason was given|No details returned by the server|BadStatusLine|"
    r"(?:not well-formed \(invalid token\)|mismatched tag|no element found|syntax error): line \d|"
    r"\A(?!.*(?:fault data|WSManFault)).*Code:? (?:3\d\d|400|404|405|411|5\d\d)\b"
)

PROXY = (
    (
        r"ProxyError|Unable to connect to proxy|Tunnel connection failed|Proxy Authentication Required|Code:? 407\b",
        "The environment of the controller names a proxy (https_proxy, http_proxy), and that does not lead to the host: add the host "
        "to no_proxy, or set ansible_psrp_ignore_proxy to true.",
    ),
)
TLS = (
    (
        r"certificate has expired|certificate is not yet valid",
        "The certificate of the host is not valid today: renew it and give it to the WinRM listener, and check the clock of the "
        "controller.",
    ),
    (
        r"Hostname mismatch|IP address mismatch|certificate is not valid for|doesn't match '",
        "The certificate of the host is for another name: set ansible_host to the name that the certificate has, or issue one for this "
        "name or address.",
    ),
    (
        r"(?:key|md) too weak",
        "The key or the signature of the certificate is too weak for the controller: issue a new one (RSA 2048 and SHA-256, or better).",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The controller does not trust the certificate of the host: name the certificate of its issuer in "
        "ansible_winrm_ca_trust_path or ansible_psrp_ca_cert. In a lab only, switch the check off: "
        "ansible_winrm_server_cert_validation or ansible_psrp_cert_validation: ignore.",
    ),
    (
        r"Could not find a suitable TLS CA certificate bundle|NO_CERTIFICATE_OR_CRL_FOUND|no certificate or crl found",
        "The file with the certificate of the issuer is not there, or has none in it: correct ansible_winrm_ca_trust_path or "
        "ansible_psrp_ca_cert, which name a file on the controller (REQUESTS_CA_BUNDLE in its environment counts too).",
    ),
    (
        r"both cert_pem and cert_key_pem must be specified|cert(?:_key)?_pem file not found|"
        r"[Cc]lient certificate and client key path|certificate_key_pem|"
        r"Could not find the TLS (?:certificate|key) file",
        "Certificate authentication needs a certificate and its key, as files on the controller: set ansible_winrm_cert_pem and "
        "ansible_winrm_cert_key_pem, or ansible_psrp_certificate_pem and ansible_psrp_certificate_key_pem.",
    ),
    (
        r"WRONG_VERSION_NUMBER|wrong version number|record layer failure|UNEXPECTED_EOF|unknown protocol|\[SSL: HTTP_REQUEST\]",
        "This port does not speak HTTPS (5986 is that of HTTPS, 5985 that of HTTP): set ansible_port to 5986; or, for HTTP, "
        "ansible_winrm_scheme or ansible_psrp_protocol to http, with a transport that encrypts by itself (kerberos, ntlm, "
        "credssp).",
    ),
    (
        r"UNSUPPORTED_PROTOCOL|unsupported protocol|ALERT_PROTOCOL_VERSION|alert protocol version|HANDSHAKE_FAILURE|handshake failure|"
        r"NO_SHARED_CIPHER|DH_KEY_TOO_SMALL|dh key too small|UNSAFE_LEGACY_RENEGOTIATION",
        "Controller and host have no version or cipher of TLS in common: switch TLS 1.2 on in the host (SCHANNEL), or lower what the "
        "OpenSSL of the controller demands.",
    ),
    (
        r"Cannot use message encryption with auth",
        "This authentication does not encrypt: set ansible_psrp_protocol to https, or ansible_psrp_auth to negotiate.",
    ),
)
NETWORK = (
    (r"host='https?', port=|https?://https?:", BAD_URL),
    (r"No host supplied|Invalid URL 'https?://:", EMPTY),
    (r"Failed to parse: \S+:\d{5,}|Port out of range|port must be 0-65535|Port could not be cast", BAD_PORT),
    (r"label empty or too long|Failed to parse: |Invalid URL '", UNKNOWN_NAME),
    (NAMES, UNKNOWN_NAME),
    (
        r"Connection refused|Errno 111|actively refused",
        "Nothing listens on this port: check ansible_port (5986 is that of HTTPS, 5985 that of HTTP), and run "
        "Enable-PSRemoting on the host if it has no listener.",
    ),
    (SILENCE, NO_ANSWER),
)
HTTP = (
    (
        r"Code:? 403\b|403 Forbidden",
        "Something refuses the request before the account is looked at, as a proxy does: add the host to no_proxy, or set "
        "ansible_psrp_ignore_proxy to true; else check the IP filters of the WinRM service.",
    ),
    (
        _NOT_WINRM,
        "What answers on this port is not WinRM, or a proxy that stands before it: check ansible_port (5986 is that of HTTPS, 5985 that of "
        "HTTP), ansible_winrm_path or ansible_psrp_path, and no_proxy.",
    ),
    (
        r"Connection reset by peer|Connection aborted|RemoteDisconnected|Remote end closed connection",
        "The host ended the connection: check that port and scheme fit (5986 is that of HTTPS, 5985 that of HTTP; "
        "ansible_port, with ansible_winrm_scheme or ansible_psrp_protocol), then that the host is not restarting, and run "
        "again.",
    ),
)
