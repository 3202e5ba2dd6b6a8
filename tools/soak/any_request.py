"""Whatever is sent to any entrance of refswitch, it answers without an unexplained 5xx, and its log holds no traceback.

hypothesis and schemathesis make the requests, the same ones each time.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import struct
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import hypothesis
import hypothesis.strategies as st
import schemathesis
import yaml
from hypothesis import given

from tools.soak.evidence import Evidence
from tools.soak.server import PATIENCE_S, ROOT, SEATS, Server, refswitch
from tools.soak.wire import Connection, request

_SEAT = SEATS[0]
_NOTIFICATIONS = "/api/v2/notifications"
#: How long a raw connection waits for an answer that may never come: the request may be unfinished.
_RAW_S = 0.5
#: The simulated numbers and states whose documented outcome is a 5xx (docs/numbers.md; ARCHITECTURE.md, agent states).
_NUMBERS_OF_TROUBLE = tuple(f"7020{digit}" for digit in range(10))


class _Seen:
    """What was answered, and what has no explanation."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []

    def answer(self, entrance: str, status: int, body: bytes, sent: object) -> None:
        self.statuses[entrance] += 1
        if status >= 500 and not _explained(status, body, sent):
            self.faults.append(f"{entrance}: HTTP {status} {body[:200]!r} to {str(sent)[:300]}")

    def gone(self, entrance: str, error: Exception, sent: object) -> None:
        self.statuses[entrance] += 1
        self.faults.append(f"{entrance}: {error!r} to {str(sent)[:300]}")


def _explained(status: int, body: bytes, sent: object) -> bool:
    """Whether a standard, the contract or a simulated number says so.

    A transfer coding that the server does not know is 501 (RFC 9112, 6.1); an agent state without a session is 500 with statusCode 4.
    """
    if any(number in str(sent) for number in _NUMBERS_OF_TROUBLE):
        return True
    with suppress(ValueError, AttributeError):
        answer = json.loads(body)
        why = str(answer.get("statusMessage"))
        is_unregistered = (status, answer.get("statusCode")) == (500, 4) and "is not registered" in why
        return is_unregistered or (status == 501 and "Transfer-Encoding" in why)
    return False


def prove(examples: int) -> Evidence:
    """Send so many examples to each entrance (for each operation of a description, the fiftieth part, and at least one)."""
    seen = _Seen()
    with refswitch("--callback-polling", "--seed", "1") as server:
        _rest(server, seen, examples)
        _cometd(server, seen, examples)
        asyncio.run(_sockets(server, seen, examples))
        _bytes(server, seen, examples)
        alive = server.why_not_alive()
        _administration(server, seen, examples)
        faults = [*dict.fromkeys(seen.faults)][:20] + server.trouble() + alive
        if server.process.poll() is not None:
            faults.append(f"the server ended with {server.process.returncode}")
    figures = {
        "unexplained 5xx or cut": len(seen.faults),
        **{f"{name} requests": n for name, n in seen.statuses.items()},
    }
    return Evidence(
        f"{sum(seen.statuses.values()):,} requests to {len(seen.statuses)} entrances", figures, faults
    )


def _tried(examples: int, strategy: st.SearchStrategy[Any], use: Callable[[Any], None]) -> None:
    """Use so many examples, the same ones each time; nothing is shrunk, because the first is good enough to report."""

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=max(1, examples), database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def each(example: Any) -> None:
        use(example)

    each()


# REST and the administration interface: as their descriptions say, and as they do not ------------------------------------


def _rest(server: Server, seen: _Seen, examples: int) -> None:
    description = json.loads((ROOT / "dist" / "openapi.json").read_text(encoding="utf-8"))
    _described(server, seen, "REST", description, f"{server.address}/api/v2", examples)


def _administration(server: Server, seen: _Seen, examples: int) -> None:
    text = (ROOT / "impl" / "refswitch" / "admin" / "openapi.yaml").read_text(encoding="utf-8")
    # in a sandbox of its own: it moves the clock and replaces the seats
    _described(server, seen, "admin", yaml.safe_load(text), f"{server.address}/s/soak/__admin/v1", examples)


def _described(
    server: Server, seen: _Seen, entrance: str, description: Any, base: str, examples: int
) -> None:
    schema = schemathesis.openapi.from_dict(description)
    each = examples // 50
    with httpx.Client(auth=(_SEAT, _SEAT), timeout=PATIENCE_S) as client:

        def send(case: Any) -> None:
            made = case.as_transport_kwargs(base_url=base)
            made = {
                name: made[name]
                for name in ("method", "url", "params", "headers", "json", "data")
                if name in made
            }
            if isinstance(made.get("data"), bytes | str):
                made["content"] = made.pop("data")
            headers = {str(k): str(v) for k, v in dict(made.pop("headers", {})).items()}
            _ask(client, seen, entrance, headers=headers, **made)

        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]  # our own descriptions have no mistakes
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                with suppress(
                    hypothesis.errors.Unsatisfiable
                ):  # nothing about a GET without parameters can be wrong
                    _tried(each, operation.as_strategy(generation_mode=mode), send)


def _ask(client: httpx.Client, seen: _Seen, entrance: str, **made: Any) -> None:
    try:
        answer = client.request(**made)
    except (
        ValueError,
        TypeError,
        UnicodeError,
        httpx.InvalidURL,
        httpx.UnsupportedProtocol,
        httpx.LocalProtocolError,
    ):
        return  # httpx sends no such request; the raw bytes do
    except httpx.HTTPError as error:
        if not _explained(500, b"", made):
            seen.gone(entrance, error, made)
        return
    seen.answer(entrance, answer.status_code, answer.content, made)


# CometD ------------------------------------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_WORDS = ("handshake", "connect", "subscribe", "unsubscribe", "disconnect", "teleport")
_CHANNEL = st.sampled_from(
    [f"/meta/{word}" for word in _WORDS] + ["/v2/me/calls", "/**", "/service/x", "/", ""]
)
_MESSAGE = st.fixed_dictionaries(
    {"channel": _CHANNEL | _JSON},
    optional={
        "id": st.text(max_size=4) | _JSON,
        "version": st.just("1.0") | _JSON,
        "supportedConnectionTypes": st.lists(st.sampled_from(["long-polling", "websocket", "x"])) | _JSON,
        "connectionType": st.sampled_from(["long-polling", "websocket", "callback-polling"]) | _JSON,
        "clientId": st.just("CLIENT") | _JSON,
        "subscription": _CHANNEL | st.lists(_CHANNEL | _JSON, max_size=3) | _JSON,
        "data": _JSON,
        "advice": st.fixed_dictionaries({"timeout": st.just(0)}) | _JSON,
        "ext": st.fixed_dictionaries({"ack": st.booleans() | st.integers() | _JSON, "timesync": _JSON})
        | _JSON,
    },
)
_MESSAGES = (st.lists(_MESSAGE, max_size=4) | _MESSAGE | _JSON).map(json.dumps)


def _cometd(server: Server, seen: _Seen, examples: int) -> None:
    with httpx.Client(base_url=server.address, auth=(_SEAT, _SEAT), timeout=PATIENCE_S) as client:
        shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}

        def post(text: str) -> None:
            # a client that knows a session, whose polls are not held
            known = client.post(_NOTIFICATIONS, json=[shake]).json()[0].get("clientId", "unknown")
            sent = text.replace('"CLIENT"', json.dumps(known))
            connect = {"channel": "/meta/connect", "clientId": known, "connectionType": "long-polling"}
            client.post(_NOTIFICATIONS, json=[{**connect, "advice": {"timeout": 0}}])
            headers = {"Content-Type": "application/json"}
            with suppress(httpx.ReadTimeout):  # held, as a poll is
                answer = client.post(_NOTIFICATIONS, content=sent.encode(), headers=headers, timeout=_RAW_S)
                seen.answer("CometD", answer.status_code, answer.content, sent)
            client.post(_NOTIFICATIONS, json=[{"channel": "/meta/disconnect", "clientId": known}])

        def jsonp(text: str) -> None:
            with suppress(httpx.ReadTimeout):
                answer = client.get(_NOTIFICATIONS, params={"message": text, "jsonp": "f"}, timeout=_RAW_S)
                seen.answer("callback-polling", answer.status_code, answer.content, text)

        _tried(examples // 2, _MESSAGES, post)
        _tried(examples // 4, _MESSAGES, jsonp)


#: Frames that every run sends: a message whose reply is under way when the next frame breaks the protocol or ends the connection.
_SHAKE = json.dumps(
    [{"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["websocket"]}]
).encode()
_FIXED = [
    [(1, b"\xff\xfe")],
    *(
        [(1, _SHAKE), then]
        for then in [
            (1, b"\xff"),
            (2, b"\x00"),
            (8, b"\x03\xe8"),
            (8, b"\x00"),
            (15, b""),
            (0, b"x"),
            (9, b"x" * 130),
        ]
    ),
    [(1, _SHAKE)] * 20 + [(1, b"\xff")],
]


async def _sockets(server: Server, seen: _Seen, examples: int) -> None:
    """Frames, right and wrong, over WebSockets: one connection for each list of them."""
    frames = st.tuples(
        st.sampled_from([0, 1, 1, 1, 2, 3, 8, 9, 10, 15]), _MESSAGES.map(str.encode) | st.binary(max_size=130)
    )
    made: list[list[tuple[int, bytes]]] = [*map(list, _FIXED)]
    _tried(examples // 4, st.lists(frames, min_size=1, max_size=5), made.append)
    for one in made:
        seen.statuses["WebSocket"] += len(one)
        connection = await Connection.to(server.port)
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            await connection.upgrade(_SEAT)
            for opcode, payload in one:
                await connection.send_frame(payload[:60_000], opcode)
            async with asyncio.timeout(0.05):
                while True:
                    await connection.frame()
        connection.reset()


# Raw bytes ---------------------------------------------------------------------------------------------------------------

_LOGIN = "Authorization: Basic " + base64.b64encode(f"{_SEAT}:{_SEAT}".encode()).decode()
_METHOD = st.sampled_from(
    ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PRI", "get", ""]
)
_PATH = st.sampled_from(
    [
        "/api/v2/me",
        "/api/v2/me/calls",
        _NOTIFICATIONS,
        "/__admin/v1/health",
        "/s/x/api/v2/me",
        "/s//api",
        "*",
        "/%ff%00",
        "//",
    ]
) | st.text(max_size=20)
#: Each of them is sent once in every run, in a request that is otherwise in order.
_ODD_HEADERS = (
    _LOGIN,
    "Host: [",
    "Host: a",
    "Host:",
    "Origin: http://[",
    "Origin: null",
    "Sec-Fetch-Site: x",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Content-Encoding: gzip",
    "Expect: 100-continue",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: x",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
    "Content-Type: application/json",
    "Content-Type: \xff",
    "Cookie: a=b; \xff=\x00",
    "Cookie: JSESSIONID=x; BAYEUX_BROWSER=y",
    "X-Forwarded-For: [",
    "Forwarded: for=[",
    "Authorization: Basic \xff",
    "Authorization: Basic ====",
    "Authorization: Bearer x",
    "Accept: \x00",
    "nonsense",
    " folded",
    "X: " + "x" * 70_000,
)
_ODD = st.sampled_from(_ODD_HEADERS)
_HEADER = _ODD | st.text(max_size=20)
_ROUGH = st.builds(
    lambda method, path, version, headers, body: "\r\n".join(
        [f"{method} {path} {version}", *headers, "", body]
    ).encode("utf-8", "surrogatepass"),
    _METHOD,
    _PATH,
    st.sampled_from(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", ""]),
    st.lists(_HEADER, max_size=6),
    st.sampled_from(["", "5\r\nhello\r\n0\r\n\r\n", "[]", "{", "\xff"]) | st.text(max_size=30),
)
#: In order but for one header: what is odd then gets past the first look.
_NEARLY = st.builds(
    lambda method, path, odd, is_second: "\r\n".join(
        [
            f"{method} {path} HTTP/1.1",
            *([] if odd.startswith("Host") and not is_second else ["Host: 127.0.0.1"]),
            _LOGIN,
            odd,
            "",
            "",
        ]
    ).encode("latin-1"),
    st.sampled_from(["GET", "GET", "POST", "OPTIONS", "DELETE"]),
    st.sampled_from(
        [
            "/api/v2/me",
            "/api/v2/me/calls/x",
            _NOTIFICATIONS,
            "/__admin/v1/health",
            "/__admin/v1/calls",
            "/s/x/api/v2/me",
        ]
    ),
    _ODD,
    st.booleans(),
)
_RAW = _NEARLY | _ROUGH | st.binary(max_size=100) | st.just(request("GET", "/api/v2/me", seat=_SEAT) * 3)


def _bytes(server: Server, seen: _Seen, examples: int) -> None:
    """Bytes on the socket. An answer is not needed: the bytes may be no request. What is needed is no 5xx."""

    def send(sent: bytes) -> None:
        seen.statuses["bytes"] += 1
        with socket.create_connection(("127.0.0.1", server.port), timeout=_RAW_S) as connection:
            answer = b""
            with suppress(OSError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65_536):
                    answer += piece
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        first, _, rest = answer.partition(b"\r\n")
        if first.startswith(b"HTTP/") and first[9:10] == b"5":
            seen.answer("bytes", int(first.split()[1]), rest.rpartition(b"\r\n\r\n")[2], sent)

    for odd in _ODD_HEADERS:
        send(f"GET /api/v2/me HTTP/1.1\r\nHost: 127.0.0.1\r\n{_LOGIN}\r\n{odd}\r\n\r\n".encode("latin-1"))
    _tried(examples, _RAW, send)
