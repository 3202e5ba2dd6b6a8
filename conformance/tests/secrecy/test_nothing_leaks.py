"""No secret leaves the suite: not from its inputs and not from a server that repeats them, in no encoding, on no stream and in no file."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import websockets.asyncio.server

from callproof.cli import main
from callproof.runner.embedded import embedded_server
from conformance.tests.secrecy.hostile import COOKIE, CSRF, Hostile
from conformance.tests.secrecy.spelling import ENCODINGS, found_in

pytestmark = pytest.mark.slow
USERS = {"alice": "alice-Login@tenant", "bob": "bob-Login@tenant", "carol": "carol-Login@tenant"}
PASSWORDS = {"alice": 'al p"w/ä €<&>\\ 1', "bob": "bob'pässwört+%41;", "carol": "carol=Pa&ss:w?rd"}
NUMBERS = {"alice": "15000", "bob": "15001", "carol": "15002"}
LOGINS = [f"{USERS[name]}:{PASSWORDS[name]}" for name in USERS]
SECRETS = [*USERS.values(), *PASSWORDS.values(), *LOGINS, COOKIE, CSRF]
#: Control characters and marks of the reading direction, as bytes of UTF-8, that nothing may hold.
OBEYED = (b"\x1b", b"\xc2\x9b", "\u202e".encode())


async def ran(*arguments: str, folder: Path, limit_s: float = 120) -> tuple[int, dict[str, bytes]]:
    """Run the command in a folder; return its exit code and every byte that it wrote, by stream and by file."""
    variables = {
        f"{name}_{what}".upper(): value
        for what, values in (("user", USERS), ("password", PASSWORDS))
        for name, value in values.items()
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callproof", *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, **variables, "PYTHONPATH": os.pathsep.join(sys.path), "CALLPROOF_PASSWORD": PASSWORDS["alice"]},
    )  # fmt: skip
    async with asyncio.timeout(limit_s):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, {"standard output": out, "standard error": err, **files_in(folder)}


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def leaks(written: Mapping[str, bytes], secrets: list[str] = SECRETS) -> dict[str, set[str]]:
    """What must not be there, by where it is; the target file names no secret, so it is searched like the others."""
    found = {
        name: found_in(content, secrets) | {repr(each) for each in OBEYED if each in content}
        for name, content in written.items()
    }
    return {name: what for name, what in found.items() if what}


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def seats(folder: Path) -> Path:
    file = folder / "seats.yaml"
    entries = [{"number": NUMBERS[name], "login": USERS[name], "password": PASSWORDS[name]} for name in USERS]
    file.write_text(json.dumps({"seats": entries}), encoding="utf-8")
    return file


def target(folder: Path, address: str) -> None:
    agents = {
        name: {
            "number": NUMBERS[name],
            "user_env": f"{name}_user".upper(),
            "password_env": f"{name}_password".upper(),
        }
        for name in USERS
    }
    base = f"{address}/api/v2"
    content = {
        "version": 1,
        "target": {"product": "hostile", "base_url": base, "cometd_url": f"{base}/notifications"},
        "agents": agents,
        "timing": {"event_timeout_s": 1, "quiet_min_s": 0.2},
        "limits": {"requests_per_s": 1000},
    }
    (folder / "target.yaml").write_text(json.dumps(content), encoding="utf-8")


#: What the server spoils, what is played, and the exit codes that show that it got so far.
RUNS: Mapping[str, tuple[str, list[str], tuple[int, ...]]] = {
    "http": ("", ["http/[blru]*"], (0, 1, 2)),
    "calls": ("calls", ["initiate-conference/two-party-call", "http/unknown-call"], (1, 2)),
    "notifications": ("", ["initiate-conference/holds-then-dials", "notify/[bch]*"], (1, 2)),
    "login": ("login", ["*"], (5,)),
    "devices": ("devices", ["*"], (5,)),
}


@pytest.mark.parametrize(("spoils", "selected", "codes"), RUNS.values(), ids=RUNS)
def test_a_run_against_a_server_that_repeats_everything(
    tmp_path: Path, spoils: str, selected: list[str], codes: tuple[int, ...]
) -> None:
    async def story() -> tuple[int, dict[str, bytes]]:
        (tmp_path / "server").mkdir()
        (tmp_path / "run").mkdir()
        options = ["--seats", str(seats(tmp_path / "server")), "--poll-timeout", "5"]
        async with embedded_server(options) as server:
            hostile = Hostile(server.base_url.removesuffix("/api/v2"), spoils)
            async with hostile.listening() as address:
                target(tmp_path / "run", address)
                chosen = [word for glob in selected for word in ("--select", glob)]
                words = ["run", "--target", "target.yaml", "--transport", "auto", *chosen]
                return await ran(*words, folder=tmp_path / "run")

    found, written = asyncio.run(story())
    assert leaks(written) == {}
    assert found in codes, written["standard error"].decode()
    if os.name != "nt":
        assert modes(tmp_path / "run" / "results") == {0o600}
        assert stat.S_IMODE((tmp_path / "run" / "results").stat().st_mode) == 0o700
    if 5 not in codes:
        assert b"***" in written["results/result.json"], "what the server repeated is there, masked"


# listen ------------------------------------------------------------------------------------------------------------------


def all_spellings() -> list[str]:
    told = [PASSWORDS["alice"], LOGINS[0]]
    return [spell(secret) for secret in told for spell in ENCODINGS.values()]


async def talk(socket: websockets.asyncio.server.ServerConnection) -> None:
    """Shake hands, then deliver each spelling in a notification, in an error, and in the reason of the closing."""
    async for frame in socket:
        for message in json.loads(frame):
            channel = message["channel"]
            reply = {"id": message["id"], "channel": channel, "successful": True}
            if channel == "/meta/handshake":
                types = {"version": "1.0", "supportedConnectionTypes": ["websocket"], "clientId": CSRF}
                await socket.send(json.dumps([{**reply, **types}]))
            elif channel == "/meta/subscribe":
                named = {"subscription": message["subscription"], "error": " ".join(all_spellings())}
                await socket.send(json.dumps([{**reply, **named}]))
                for spelt in all_spellings():
                    data = {
                        "messageType": "CallStateChanged",
                        spelt: spelt,
                        "call": {"id": spelt, "state": "x" * 55 + spelt},
                    }
                    await socket.send(json.dumps([{"channel": "/v2/me/calls", "data": data}]))
            elif len(all_spellings()[0].encode()) < 123:
                await socket.close(4000, all_spellings()[0])


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_listening_to_a_server_that_repeats_everything(tmp_path: Path, options: list[str]) -> None:
    async def story() -> tuple[int, dict[str, bytes]]:
        async with websockets.asyncio.server.serve(talk, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            url = f"http://127.0.0.1:{port}/api/v2/notifications"
            many = str(len(all_spellings()))
            words = ["listen", url, "--user", USERS["alice"], "--transport", "websocket", "--count", many]
            return await ran(*words, *options, folder=tmp_path)

    code, written = asyncio.run(story())
    assert (code, leaks(written, [PASSWORDS["alice"], LOGINS[0]])) == (1, {}), written[
        "standard error"
    ].decode()
    assert written["standard output"].count(b"***") >= len(all_spellings())


# check -------------------------------------------------------------------------------------------------------------------

TOKEN = "t0ken-of-a-recording-7e57ab1e"
SESSION = "5e55104-of-a-recording"
CHECKED: Mapping[str, Any] = {
    "member.json": {"operationName": "Answer", "token": TOKEN, "x": f"see {TOKEN}", TOKEN: 1},
    "value.json": {
        "channel": "/v2/me/calls",
        "data": {"messageType": TOKEN, "password": TOKEN, "call": {"state": TOKEN}},
    },
    "long.json": {"messageType": "x" * 55 + TOKEN, "access_token": TOKEN},
    "client.json": [
        {"channel": "/meta/connect", "clientId": SESSION, "successful": SESSION, "advice": SESSION}
    ],
    "har.json": {
        "log": TOKEN,
        "headers": [
            {"name": "Authorization", "value": f"Bearer {TOKEN}"},
            {"name": "Cookie", "value": f"a={SESSION}"},
        ],
        "cookies": [{"name": "JSESSIONID", "value": SESSION}],
    },
}


@pytest.mark.parametrize("form", ["text", "json"])
def test_checking_files_that_hold_secrets(tmp_path: Path, form: str) -> None:
    (tmp_path / "in").mkdir()
    for name, value in CHECKED.items():
        (tmp_path / "in" / name).write_text(json.dumps(value), encoding="utf-8")
    _, written = asyncio.run(ran("check", "--format", form, "in", folder=tmp_path))
    said = {name: content for name, content in written.items() if not name.startswith("in")}
    assert leaks(said, [TOKEN, SESSION]) == {}
    assert said["standard output"].count(b"***") >= 2


# files that people write ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "PASSWORD",
        "[PASSWORD]",
        "target: PASSWORD",
        "target: {base_url: 'http://u:PASSWORD@h/api/v2'}",
        "target: {token: PASSWORD, product: {a: PASSWORD}}",
        "agents: PASSWORD",
        "agents: {alice: PASSWORD}",
        "agents: {alice: {password: PASSWORD}}",
        "agents: {alice: {password: !PASSWORD x}}",
        "agents: {alice: {password: *PASSWORD}}",
        "agents: {alice: {password_env: [PASSWORD]}}",
        "agents: {alice: {password_env: {a: PASSWORD}}}",
        "agents: [{password: PASSWORD}]",
    ],
)
def test_a_mistake_in_a_target_file_does_not_repeat_a_secret(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.yaml").write_text(text.replace("PASSWORD", TOKEN), encoding="utf-8")
    code = main(["run", "--target", str(tmp_path / "t.yaml")])
    said = capsys.readouterr()
    assert (code, said.out, found_in(said.err.encode(), [TOKEN])) == (4, "", set())
