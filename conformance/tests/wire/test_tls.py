"""What a person is told when TLS does not work, and what is shown to a server that asks for a certificate: with real servers."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from callproof.wire import (
    CertificatesUnusable,
    Exchange,
    HttpAgent,
    NoAnswer,
    Reason,
    SystemClock,
    Transcript,
    WebSocket,
    tls_context,
)
from conformance.tests import certificates
from conformance.tests.certificates import CA, CLIENT, CLIENT_KEY, CLIENT_KEY_ENCRYPTED, CLIENT_KEY_PASSWORD

from .tls_server import context, tls_server

TRUSTING = {"ca_file": CA}


def outcomes(port: int, tls: ssl.SSLContext) -> tuple[Exchange | NoAnswer, Exchange | NoAnswer | WebSocket]:
    """What becomes of a request, and of opening a WebSocket."""

    async def story() -> tuple[Exchange | NoAnswer, Exchange | NoAnswer | WebSocket]:
        url = f"https://127.0.0.1:{port}"
        async with HttpAgent("alice", url, Transcript(SystemClock()), tls=tls, timeout_s=30) as agent:
            return await agent.request("GET", "/me"), await agent.upgrade(url + "/ws")

    return asyncio.run(story())


def told(outcome: object) -> tuple[Reason, str]:
    assert isinstance(outcome, NoAnswer), outcome
    return outcome.reason, outcome.detail


def test_a_client_certificate_is_shown_to_a_server_that_wants_one() -> None:
    with tls_server(context(wants_client=True)) as port:
        tls = tls_context(CA, client_cert_file=CLIENT, client_key_file=CLIENT_KEY)
        answer, refused = outcomes(port, tls)

    assert isinstance(answer, Exchange)
    assert (answer.status, answer.value) == (200, {})
    assert isinstance(refused, Exchange)  # this server has no WebSockets
    assert refused.status == 200


def test_the_password_opens_an_encrypted_key() -> None:
    with tls_server(context(wants_client=True)) as port:
        tls = tls_context(
            CA,
            client_cert_file=CLIENT,
            client_key_file=CLIENT_KEY_ENCRYPTED,
            client_key_password=CLIENT_KEY_PASSWORD,
        )
        answer, _ = outcomes(port, tls)

    assert isinstance(answer, Exchange)


def test_a_server_that_wants_a_client_certificate_is_one_sentence() -> None:
    with tls_server(context(wants_client=True)) as port:
        request, upgrade = outcomes(port, tls_context(CA))

    asked = "it wants a client certificate: name one (TLSV13_ALERT_CERTIFICATE_REQUIRED)"
    assert told(request) == (Reason.TLS_FAILED, asked)
    assert told(upgrade) == (Reason.TLS_FAILED, asked)


def test_a_server_that_does_not_know_the_clients_authority_is_one_sentence() -> None:
    tls = tls_context(CA, client_cert_file=certificates.STRANGER, client_key_file=certificates.STRANGER_KEY)
    with tls_server(context(wants_client=True)) as port:
        request, upgrade = outcomes(port, tls)

    unknown = (
        "it does not accept the client certificate, because it does not know its authority "
        "(TLSV1_ALERT_UNKNOWN_CA)"
    )
    assert told(request) == (Reason.TLS_FAILED, unknown)
    assert told(upgrade) == (Reason.TLS_FAILED, unknown)


def test_a_server_of_an_unknown_authority_is_one_sentence() -> None:
    with tls_server(context()) as port:
        request, upgrade = outcomes(port, tls_context())

    unknown = "the server's certificate is not trusted: unable to get local issuer certificate"
    assert told(request) == (Reason.TLS_FAILED, unknown)
    assert told(upgrade) == (Reason.TLS_FAILED, unknown)


def test_a_server_whose_certificate_has_expired_is_one_sentence() -> None:
    with tls_server(context(certificates.EXPIRED, certificates.EXPIRED_KEY)) as port:
        request, _ = outcomes(port, tls_context(CA))

    assert told(request) == (
        Reason.TLS_FAILED,
        "the server's certificate is not trusted: certificate has expired",
    )


def test_a_server_with_other_versions_of_tls_is_one_sentence() -> None:
    only_old, only_new = context(), tls_context(CA)
    only_old.maximum_version = ssl.TLSVersion.TLSv1_2
    only_new.minimum_version = ssl.TLSVersion.TLSv1_3
    with tls_server(only_old) as port:
        request, _ = outcomes(port, only_new)

    assert told(request) == (
        Reason.TLS_FAILED,
        "it speaks no version of TLS that the suite speaks, which are 1.2 and 1.3 (TLSV1_ALERT_PROTOCOL_VERSION)",
    )


def test_an_http_server_behind_an_https_address_is_one_sentence() -> None:
    with tls_server(None, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as port:
        request, _ = outcomes(port, tls_context(CA))

    assert told(request) == (
        Reason.TLS_FAILED,
        "what answers there does not speak TLS; does the address begin with http://? (WRONG_VERSION_NUMBER)",
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ca_file": "none.pem"}, "ca_file: none.pem cannot be read (No such file or directory)"),
        (
            {"ca_file": "empty.pem"},
            "ca_file: empty.pem does not contain certificates; it must contain those of the authority in PEM form",
        ),
        (
            {"client_cert_file": "none.pem"},
            "client_cert_file: none.pem cannot be read (No such file or directory)",
        ),
        (
            {"client_cert_file": "client.key"},
            "client_cert_file: client.key does not contain a certificate in PEM form",
        ),
        (
            {"client_cert_file": "client.pem"},
            "client_cert_file: client.pem does not contain a private key in PEM form; "
            "name the file that contains it with client_key_file",
        ),
        (
            {"client_cert_file": "client.pem", "client_key_file": "ca.pem"},
            "client_key_file: ca.pem does not contain a private key in PEM form",
        ),
        (
            {"client_cert_file": "client.pem", "client_key_file": "server.key"},
            "client_key_file: server.key holds a key that does not belong to the certificate in client.pem",
        ),
        (
            {"client_cert_file": "client.pem", "client_key_file": "client-encrypted.key"},
            "client_key_file: client-encrypted.key is encrypted; name the variable that holds its password",
        ),
        (
            {
                "client_cert_file": "client.pem",
                "client_key_file": "client-encrypted.key",
                "client_key_password": "wrong",
            },
            "client_key_file: client-encrypted.key is encrypted, and its password does not open it; "
            "check the variable that holds the password",
        ),
        (
            {"client_cert_file": "broken.pem", "client_key_file": "client.key"},
            "client_cert_file: broken.pem contains a certificate or a key that cannot be read; "
            "export it in PEM form again",
        ),
    ],
)
def test_an_unusable_file_is_named_with_its_setting_and_what_to_do(
    settings: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in certificates.FOLDER.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    monkeypatch.chdir(tmp_path)
    password = settings.get("client_key_password", "")
    files = {name: Path(file) for name, file in settings.items() if name != "client_key_password"}

    with pytest.raises(CertificatesUnusable) as caught:
        tls_context(**files, client_key_password=password)  # type: ignore[arg-type]  # verify is not among them

    assert f"{caught.value.setting}: {caught.value}" == told
