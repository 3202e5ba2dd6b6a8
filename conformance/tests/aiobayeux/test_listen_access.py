"""How `callproof listen` reaches a server behind a gateway: certificates, headers, a token, a proxy."""

from __future__ import annotations

import asyncio

import pytest

from callproof.cli import main
from conformance.tests import certificates
from conformance.tests.wire.raw_server import serving
from conformance.tests.wire.test_ways import Proxy
from conformance.tests.wire.tls_server import context, tls_server

from .hostile_server import CALLS, DIALING, Habit, hostile
from .listen_to import LIMIT_S, Listen

TRUSTED = ("--ca-file", str(certificates.CA))


def test_a_token_and_headers_go_with_every_request_and_no_line_repeats_them(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "planted-token")
    monkeypatch.setenv("KEY", "planted-key")
    repeated = ((CALLS, {**DIALING, "userName": "Bearer planted-token", "phoneNumber": "planted-key"}),)
    options = ("--token-env", "TOKEN", "--header", "X-Api-Key=KEY", "--header", "X-Other=KEY", "--count", "1")

    for form in ((), ("--json",)):
        code, heard, told, server = listen(Habit(events=repeated), *options, *form, user="")
        assert code in (0, 1)
        sent = {(head["authorization"], head["x-api-key"], head["x-other"]) for head in server.heads}
        assert sent == {("Bearer planted-token", "planted-key", "planted-key")}
        assert "planted" not in "".join([*heard, *told])


def test_a_client_certificate_is_shown_and_its_key_opened(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_PASSWORD", certificates.CLIENT_KEY_PASSWORD)
    shown = ("--client-cert-file", str(certificates.CLIENT))
    opened = (
        "--client-key-file", str(certificates.CLIENT_KEY_ENCRYPTED), "--client-key-password-env", "KEY_PASSWORD",
    )  # fmt: skip

    code, [heard], _, _ = listen(
        Habit(), *TRUSTED, *shown, *opened, "--count", "1", tls=context(wants_client=True)
    )

    assert (code, heard.split()[1]) == (0, "ok")


@pytest.mark.parametrize("transport", ["auto", "long-polling", "websocket"])
@pytest.mark.parametrize(
    ("trusted", "why"),
    [
        (TRUSTED, "it wants a client certificate: name one (TLSV13_ALERT_CERTIFICATE_REQUIRED)"),
        ((), "the server's certificate is not trusted: self-signed certificate in certificate chain"),
    ],
)
def test_a_failure_of_tls_is_a_sentence_and_ends_the_command(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    trusted: tuple[str, ...],
    why: str,
    transport: str,
) -> None:
    monkeypatch.setenv("CALLPROOF_PASSWORD", "a password")
    with tls_server(context(wants_client=True)) as port:
        url = f"https://127.0.0.1:{port}/api/v2/notifications"
        code = main(["listen", url, "--user", "15000", "--for", LIMIT_S, "--transport", transport, *trusted])

    assert (code, capsys.readouterr().err) == (
        5,
        f"callproof listen: there was no answer: TLS failed ({why})\n",
    )


def test_everything_goes_through_the_proxy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLPROOF_PASSWORD", "a password")

    async def story() -> tuple[int, set[str]]:
        proxy = Proxy()
        async with asyncio.timeout(60), hostile(Habit("503")) as server, serving(proxy) as proxy_url:
            monkeypatch.setenv("PROXY", proxy_url)
            words = [
                "listen",
                server.url,
                "--user",
                "15000",
                "--proxy-env",
                "PROXY",
                "--count",
                "1",
                "--for",
                LIMIT_S,
            ]
            code = await asyncio.to_thread(main, words)
            return code, {one.line.split()[0] for one in proxy.asked}

    assert asyncio.run(story()) == (0, {"CONNECT", "POST"})
    assert " ok " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--user", "1", "--token-env", "SET"], "--user and --token-env exclude each other"),
        (["--token-env", "UNSET"], "--token-env: the environment variable UNSET is not set; export it first"),
        (["--token-env", "TWO_LINES"], "--token-env: the value of TWO_LINES cannot be sent in a header"),
        (
            ["--user", "1", "--header", "X-Api-Key"],
            "X-Api-Key is not a header; write it like X-Api-Key=API_KEY",
        ),
        (["--user", "1", "--header", "X Api=SET"], "X Api=SET is not a header"),
        (
            ["--user", "1", "--header", "X-Api-Key=UNSET"],
            "--header X-Api-Key: the environment variable UNSET is not set",
        ),
        (["--user", "1", "--header", "Host=SET"], "Host cannot be added; the suite sets it itself"),
        (["--user", "1", "--header", "Authorization=SET"], "Authorization cannot be added; "),
        (["--user", "1", "--proxy-env", "UNSET"], "--proxy-env: the environment variable UNSET is not set"),
        (
            ["--user", "1", "--proxy-env", "SET"],
            "--proxy-env: the value of SET is not the address of an HTTP proxy",
        ),
        (["--user", "1", "--client-key-file", "x.key"], "--client-cert-file is missing"),
        (["--user", "1", "--client-cert-file", "/none"], "--client-cert-file: /none cannot be read"),
        (["--user", "1", "--ca-file", __file__], f"--ca-file: {__file__} does not contain certificates"),
    ],
)
def test_what_cannot_be_used_is_named_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str], sentence: str
) -> None:
    monkeypatch.setenv("CALLPROOF_PASSWORD", "a password")
    monkeypatch.setenv("SET", "planted")
    monkeypatch.setenv("TWO_LINES", "planted\nplanted")
    monkeypatch.delenv("UNSET", raising=False)

    assert main(["listen", "http://127.0.0.1:1", *options]) == 4
    said = capsys.readouterr().err
    assert sentence in said
    assert "planted" not in said
