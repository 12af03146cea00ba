# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads over HTTPS from a real server on this machine: whom the download trusts, and to whom it shows its own certificate."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.fetching import Fetching, fetched
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.tests.unit.msrc.web_server import Answer, Server, serve
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Files:
    """The PEM files of the tests: an authority, and what it signed."""

    authority: str
    server: str
    client: str
    client_key: str


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("pem")
    authority_key, server_key, client_key = (ec.generate_private_key(ec.SECP256R1()) for dummy in range(3))
    authority = _certificate("authority", authority_key, authority_key, is_authority=True)
    files = Files(*(str(folder / name) for name in ("authority.pem", "server.pem", "client.pem", "client.key")))
    Path(files.authority).write_bytes(_pem(authority))
    Path(files.server).write_bytes(_pem(_certificate("server", server_key, authority_key)) + _pem(server_key))
    Path(files.client).write_bytes(_pem(_certificate("client", client_key, authority_key)))
    Path(files.client_key).write_bytes(_pem(client_key))
    return files


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, *, is_authority: bool = False
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        made = made.add_extension(usage, critical=True)
    else:
        made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    return made.sign(signer, hashes.SHA256())


def _pem(made: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(made, x509.Certificate):
        return made.public_bytes(serialization.Encoding.PEM)
    return made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def context(pem: Files) -> ssl.SSLContext:
    """Return what makes a server speak HTTPS and take a client certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(pem.server)
    made.load_verify_locations(pem.authority)
    made.verify_mode = ssl.CERT_OPTIONAL
    return made


@pytest.fixture
def server(pem: Files, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serve(context(pem)) as running:
        running.answers["/d"] = [Answer(body=b"<x/>")]
        yield running


def got(url: str, **how: Any) -> bytes:
    """Return what is downloaded from URL; a second attempt is a failure of the test."""
    with fetched(url, Fetching(**{"timeout": 5, "retries": 1, "sleep": pytest.fail, **how})) as path:
        return path.read_bytes()


def test_a_server_whose_authority_is_not_known_is_refused_at_once_with_the_remedy(server: Server) -> None:
    with pytest.raises(CvrfError, match=r"cannot be fetched: SSLCertVerificationError: .*self-signed certificate") as caught:
        got(f"{server.url}/d")
    assert "ca_path" in caught.value.remedy
    assert server.asked == []


def test_the_authority_of_ca_path_is_trusted(server: Server, pem: Files) -> None:
    assert got(f"{server.url}/d", ca_path=pem.authority) == b"<x/>"
    assert server.certificates == [False]


def test_the_check_can_be_turned_off(server: Server) -> None:
    assert got(f"{server.url}/d", validate_certs=False) == b"<x/>"


def test_the_client_certificate_is_shown_to_the_server_that_is_asked_and_to_no_other(server: Server, pem: Files) -> None:
    mine: dict[str, Any] = {"ca_path": pem.authority, "client_cert": pem.client, "client_key": pem.client_key}
    server.answers["/here"] = [Answer(302, headers={"Location": "/d"})]
    assert got(f"{server.url}/here", **mine) == b"<x/>"
    assert server.certificates == [True, True]
    with serve(context(pem)) as other:
        other.answers["/e"] = [Answer(body=b"<y/>")]
        server.answers["/there"] = [Answer(302, headers={"Location": f"{other.url}/e"})]
        assert got(f"{server.url}/there", **mine) == b"<y/>"
        assert other.certificates == [False]
    assert server.certificates == [True, True, True]


@pytest.mark.parametrize("name", ["ca_path", "client_cert"])
def test_a_file_that_is_not_pem_is_said_at_once(server: Server, pem: Files, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no certificate")
    with pytest.raises(CvrfError, match="cannot be fetched: SSLError") as caught:
        got(f"{server.url}/d", **{"ca_path": pem.authority, name: str(tmp_path / "notes.txt")})
    assert name in caught.value.remedy


def test_a_redirection_from_https_to_http_is_refused(server: Server, pem: Files) -> None:
    server.answers["/d"] = [Answer(302, headers={"Location": "http://127.0.0.1:9/x"})]
    with pytest.raises(CvrfError, match="is redirected from https to http, which is refused"):
        got(f"{server.url}/d", ca_path=pem.authority)


def test_a_redirection_to_a_url_with_a_password_is_refused_and_the_password_is_not_shown(server: Server, pem: Files) -> None:
    server.answers["/d"] = [Answer(302, headers={"Location": server.url.replace("//", "//me:Secret1@") + "/d"})]
    with pytest.raises(CvrfError, match="holds a user or a password") as caught:
        got(f"{server.url}/d", ca_path=pem.authority)
    assert "Secret1" not in str(caught.value)


def test_the_environment_is_as_before_after_a_download_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    before = dict(os.environ)
    with serve() as proxy:
        proxy.answers["http://msrc.invalid/d"] = [Answer(body=b"<x/>")]
        assert got("http://msrc.invalid/d", proxy=proxy.url) == b"<x/>"
    assert dict(os.environ) == before
