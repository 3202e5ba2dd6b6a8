"""The command, as a process: what a person sees, what a script reads, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from refswitch.contract import load_contract
from refswitch.versions import commit, versions

IMPL = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(IMPL)}
#: Seconds after which something must be hanging, however busy the machine is.
PATIENCE_S = 60.0
SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}


class Running:
    """A server that has reported that it is ready."""

    def __init__(self, process: subprocess.Popen[str], first_line: str) -> None:
        self.process = process
        self.first_line = first_line

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, the rest of its output, its errors."""
        self.process.send_signal(number)
        return self.ended()

    def end_input(self) -> None:
        """Close the other side of its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.stdin = None

    def ended(self) -> tuple[int, str, str]:
        """Exit code, the rest of its output, its errors, once it has ended."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        out, err = self.process.stdout.read(), self.process.stderr.read()
        return self.process.wait(timeout=PATIENCE_S), out, err


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "refswitch", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None
    try:
        yield Running(process, process.stdout.readline())
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def refused(*arguments: str) -> str:
    """The exit code and error of a server that does not start; its last line is one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "refswitch", "serve", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_it_prints_its_address_serves_there_and_stops_on_request() -> None:
    with running("--seed", "1") as server:
        address = server.first_line.removeprefix("refswitch ready ").strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        told = httpx.get(f"{address}/api/v2/me/devices", auth=("15000", "15000"), timeout=PATIENCE_S)
        assert told.json()["uris"][0].startswith(f"{address}/api/v2/devices/")
        assert "server" not in told.headers
        code, out, err = server.stop()
    assert code == 0
    assert f"curl -u 15000:15000 {address}/api/v2/me" in out
    assert f"{address}/api/v2/notifications" in out
    (line,) = err.splitlines()
    assert re.fullmatch(r"\S+Z 15000 GET /api/v2/me/devices - 200 statusCode=0 [\d.]+ ms", line)


def test_a_script_reads_json_and_only_json() -> None:
    with running("--log-format", "json", "--public-base", "https://gate.example/gws") as server:
        ready = json.loads(server.first_line)
        assert ready == {
            "event": "ready",
            "address": ready["address"],
            "rest": f"{ready['address']}/api/v2",
            "cometd": f"{ready['address']}/api/v2/notifications",
            "publicBase": "https://gate.example/gws",
            "contract": ready["contract"],
            "seats": ["15000", "15001", "15002"],
        }
        httpx.get(f"{ready['rest']}/me", timeout=PATIENCE_S)
        code, out, err = server.stop(signal.SIGINT)
    assert (code, out) == (0, "")
    assert [json.loads(line)["statusCode"] for line in err.splitlines()] == [20]


def test_a_held_poll_is_answered_when_the_server_stops() -> None:
    with running("--max-interval", "3600") as server:
        address = server.first_line.split()[-1]
        with (
            httpx.Client(base_url=f"{address}/api/v2", auth=("15000", "15000"), timeout=PATIENCE_S) as client,
            ThreadPoolExecutor(2) as threads,
        ):
            client_id = client.post("/notifications", json=[SHAKE]).json()[0]["clientId"]
            connect = {"channel": "/meta/connect", "clientId": client_id, "connectionType": "long-polling"}
            client.post("/notifications", json=[connect])
            polls = [threads.submit(client.post, "/notifications", json=[connect]) for _ in range(2)]
            wait(
                polls, return_when=FIRST_COMPLETED
            )  # the later of two polls releases the earlier and is held itself
            assert [poll.done() for poll in polls].count(True) == 1
            code, _, err = server.stop()
            answers = [poll.result(PATIENCE_S).json()[-1]["successful"] for poll in polls]
    assert (code, answers) == (0, [True, True])
    assert "Traceback" not in err


def test_a_port_in_use_is_reported_with_its_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused("--port", str(port)) == (
            f"refswitch: cannot listen on 127.0.0.1 port {port} (address already in use); "
            "stop the program that listens there, or choose another port with --port (0 takes a free one)"
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "99999 is not a port; give a number from 0 to 65535"),
        (["--port", "http"], "http is not a port"),
        (["--port", "-1"], "-1 is not a port"),
        (["--port", "\u0663"], "is not a port"),
        (
            ["--host", "nowhere.invalid", "--port", "0"],
            'there is no host "nowhere.invalid" to listen on; name one',
        ),
        (["--host", "a..b"], 'there is no host "a..b" to listen on; name one of this machine\'s addresses'),
        (["--host", ""], 'there is no host "" to listen on; name one'),
        (["--host", "x" * 3000], "xxx... to listen on; name one"),
        (["--host", "192.0.2.1", "--port", "0"], "name one of this machine's addresses with --host"),
        (
            ["--seats", "/nowhere/seats.yaml"],
            "/nowhere/seats.yaml: there is no such file; name one with --seats",
        ),
        (
            ["--contract", "/nowhere"],
            "the contract is incomplete: /nowhere/openapi.json does not exist; run `make contract`",
        ),
        (
            ["--public-base", "switch"],
            '--public-base "switch": must be an http or https address with a host; write it like',
        ),
        (
            ["--cors", "*"],
            "--cors '*' is not an origin; write scheme, host in lower case and port, such as",
        ),
        (["--clock", "slow"], "there is no clock 'slow'; use real, frozen, or x and a factor, such as x10"),
        (["--poll-timeout", "0"], "0 is not a time"),
        (["--max-interval", "nan"], "nan is not a time"),
        (["--log-format", "xml"], "invalid choice: 'xml'"),
        (["--seed", "x"], "invalid int value: 'x'"),
    ],
)
def test_anything_that_cannot_be_served_is_reported_in_one_sentence(
    arguments: Sequence[str], words: str
) -> None:
    last = refused(*arguments).splitlines()[-1]
    assert words in last


def test_wrong_seats_are_reported_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "seats.yaml"
    file.write_text('seats:\n  - number: "1"\n    pasword: x\n')
    assert (
        refused("--seats", str(file))
        == f"refswitch: {file}:3: $.seats[0].pasword is not known here; did you mean password?"
    )


def test_a_contract_that_cannot_be_served_is_reported_in_one_sentence(tmp_path: Path) -> None:
    for name in ("openapi.json", "asyncapi.json", "call-model.json"):
        (tmp_path / name).write_text(
            (IMPL.parent / "dist" / name).read_text().replace('"readMe"', '"readYou"')
        )
    assert refused("--port", "0", "--contract", str(tmp_path)) == (
        f"refswitch: the contract is broken: {tmp_path}/openapi.json: has operations that this server does not know: readYou; "
        "take the bundles of one release, or make them again"
    )


def test_a_call_model_that_contradicts_itself_is_reported_with_file_and_row(tmp_path: Path) -> None:
    for name in ("openapi.json", "asyncapi.json", "call-model.json"):
        (tmp_path / name).write_text((IMPL.parent / "dist" / name).read_text())
    file = tmp_path / "call-model.json"
    file.write_text(file.read_text().replace('"dials_destination"', '"teleports"'))
    assert refused("--port", "0", "--contract", str(tmp_path)) == (
        f"refswitch: the contract is broken: {file}: row dial teleports is not an effect of this server; "
        "take the bundles of one release, or make them again"
    )


@pytest.mark.parametrize("words", ["serve --port 0", "--version", "--help", "serve --help", "init --help"])
def test_an_unwritable_standard_output_is_reported(words: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "refswitch", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
            timeout=PATIENCE_S,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        4,
        "refswitch: cannot write to standard output (No space left on device); redirect it elsewhere\n",
    )


def test_closed_standard_streams_discard_output_and_count_as_ended() -> None:
    command = f"exec {sys.executable} -m refswitch serve --port 0 --stop-with-stdin <&- >&- 2>&-"
    done = subprocess.run(command, shell=True, env=ENVIRONMENT, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0


def test_a_log_that_nobody_reads_does_not_stop_the_server() -> None:
    with running() as server:
        address = server.first_line.split()[-1]
        assert server.process.stderr is not None
        server.process.stderr.close()
        with httpx.Client(
            base_url=f"{address}/api/v2", auth=("15000", "15000"), timeout=PATIENCE_S
        ) as client:
            assert [client.get("/me").status_code for _ in range(3)] == [200, 200, 200]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=PATIENCE_S) == 0


def test_it_stops_with_its_standard_input_on_request() -> None:
    with running("--stop-with-stdin") as server:
        assert server.process.stdin is not None
        address = server.first_line.split()[-1]
        server.process.stdin.write("what is written means nothing\n")
        server.process.stdin.flush()
        assert (
            httpx.get(f"{address}/api/v2/me", auth=("15000", "15000"), timeout=PATIENCE_S).status_code == 200
        )
        server.end_input()
        code, _, err = server.ended()
    assert (code, len(err.splitlines())) == (0, 1)


def test_by_default_it_ignores_its_standard_input() -> None:
    with running() as server:
        server.end_input()
        address = server.first_line.split()[-1]
        assert (
            httpx.get(f"{address}/api/v2/me", auth=("15000", "15000"), timeout=PATIENCE_S).status_code == 200
        )
        assert server.stop()[0] == 0


def half_a_request(address: str, path: str) -> socket.socket:
    """A connection on which the server waits for the rest of a body."""
    connection = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=PATIENCE_S)
    connection.sendall(
        f"POST /api/v2{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic MTUwMDA6MTUwMDA=\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n".encode()
    )
    assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")  # somebody has begun to read the body
    return connection


def test_a_second_interrupt_ends_it_at_once() -> None:
    with running() as server:
        address = server.first_line.split()[-1]
        port = int(address.rpartition(":")[2])
        with (
            half_a_request(address, "/me"),
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as idle,
        ):
            # When this is answered, the connection before it has been accepted.
            httpx.get(f"{address}/api/v2/me", timeout=PATIENCE_S)
            server.process.send_signal(signal.SIGINT)
            assert idle.recv(1) == b""  # it has begun to stop, and waits for the half request
            code, _, err = server.stop(signal.SIGINT)
    assert code == 130
    assert "Traceback" not in err


def test_requests_cut_off_when_it_stops_are_reported_in_one_line() -> None:
    with running() as server:
        address = server.first_line.split()[-1]
        with half_a_request(address, "/me"), half_a_request(address, "/notifications"):
            code, _, err = server.stop()
    said = [line for line in err.splitlines() if "statusCode=" not in line]
    assert (code, said) == (
        0,
        ["refswitch: ERROR: Cancel 2 running task(s), timeout graceful shutdown exceeded"],
    )


@pytest.mark.parametrize("sent", [b"NONSENSE\r\n\r\n", b"GET /api/v2/m\xc3\xa9 HTTP/1.1\r\n\r\n"])
def test_bytes_that_are_not_http_are_refused_in_the_envelope(sent: bytes) -> None:
    with running() as server:
        address = server.first_line.split()[-1]
        with socket.create_connection(
            ("127.0.0.1", int(address.rpartition(":")[2])), timeout=PATIENCE_S
        ) as connection:
            connection.sendall(sent)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n")
    told = json.loads(body)
    assert told == {"statusCode": 10, "statusMessage": told["statusMessage"]}
    assert told["statusMessage"].startswith(
        "The request must be HTTP/1.1 or HTTP/1.0 ("
    )  # then the parser's words


def test_guessable_passwords_on_an_open_address_cause_a_warning() -> None:
    with running("--host", "0.0.0.0", "--log-format", "json") as server:
        assert json.loads(server.first_line)["address"].startswith("http://127.0.0.1:")
        _, _, err = server.stop()
    (warning,) = (json.loads(line) for line in err.splitlines())
    assert warning["level"] == "warning"
    assert warning["message"].startswith(
        "0.0.0.0 can be reached from other machines, and the password of 15000, 15001, 15002 is easy to guess; "
    )


def test_the_same_seed_makes_the_same_call_ids_and_another_start_others() -> None:
    def first_call(*arguments: str) -> str:
        with running(*arguments) as server:
            address = server.first_line.split()[-1]
            with httpx.Client(
                base_url=f"{address}/api/v2", auth=("15000", "15000"), timeout=PATIENCE_S
            ) as client:
                device = client.get("/me/devices").json()["uris"][0].rpartition("/")[2]
                dial = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
                assert client.post(f"/me/devices/{device}/calls", json=dial).json() == {"statusCode": 0}
                return str(client.get("/me/calls?fields=id").json()["calls"][0]["id"])

    assert first_call("--seed", "7") == first_call("--seed", "7") != first_call()


def test_it_says_its_versions() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refswitch", "--version"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=PATIENCE_S,
        check=True,
    )
    assert done.stdout.splitlines() == [*versions(load_contract(), commit()).lines()]


def test_options_enable_csrf_protection_and_origins() -> None:
    origin = "http://desktop.example:3000"
    with running("--csrf", "--cors", origin) as server:
        address = f"{server.first_line.split()[-1]}/api/v2/me"
        told = httpx.get(address, auth=("15000", "15000"), headers={"Origin": origin}, timeout=PATIENCE_S)
        assert told.headers["x-csrf-header"] == "X-CSRF-TOKEN"
        assert told.headers["access-control-allow-origin"] == origin
        refused_one = httpx.post(
            address, auth=("15000", "15000"), json={"operationName": "Ready"}, timeout=PATIENCE_S
        )
        assert (refused_one.status_code, refused_one.json()["statusCode"]) == (403, 3)


def test_an_option_adds_metrics_to_notifications() -> None:
    with running("--metrics") as server, httpx.Client(auth=("15000", "15000"), timeout=PATIENCE_S) as client:
        address = f"{server.first_line.split()[-1]}/api/v2"
        (shaken,) = client.post(f"{address}/notifications", json=[SHAKE]).json()
        subscribe = {"channel": "/meta/subscribe", "subscription": "/v2/me/devices"}
        poll = {"channel": "/meta/connect", "connectionType": "long-polling", "advice": {"timeout": 0}}
        start = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
        client.post(f"{address}/notifications", json=[{**subscribe, "clientId": shaken["clientId"]}])
        client.post(f"{address}/me", json=start)
        told = client.post(f"{address}/notifications", json=[{**poll, "clientId": shaken["clientId"]}]).json()
        (message,) = [one for one in told if "data" in one]
        assert set(message["data"]["metrics"]["eventProcessing"]) == {
            "nodeProcessingTimeNanos",
            "serverGenerationTimestamp",
            "serverProcessingTimeTotalMs",
        }


def test_the_administration_interface_is_for_this_machine_for_a_token_or_for_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "REFSWITCH_TEST_TOKEN", "a token of some length")

    def health(*options: str, **headers: str) -> int:
        with running(*options) as server:
            address = server.first_line.split()[-1]
            return httpx.get(f"{address}/__admin/v1/health", headers=headers, timeout=PATIENCE_S).status_code

    assert health() == 200
    assert health("--no-admin") == 403
    assert health("--admin-token-env", "REFSWITCH_TEST_TOKEN") == 403
    authorization = "Bearer a token of some length"
    assert health("--admin-token-env", "REFSWITCH_TEST_TOKEN", Authorization=authorization) == 200


def test_a_missing_token_keeps_it_from_starting() -> None:
    told = refused("--port", "0", "--admin-token-env", "NO_SUCH_VARIABLE")
    assert told == (
        'refswitch: --admin-token-env "NO_SUCH_VARIABLE": must be set to a token of 16 or more characters'
    )
