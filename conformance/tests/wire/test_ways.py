"""What every request of an agent carries, and which way it takes: tokens, headers, proxies, over real ports."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.server import ServerConnection, serve

from callproof.wire import (
    NOBODY,
    Basic,
    Bearer,
    Exchange,
    HttpAgent,
    NoAnswer,
    SystemClock,
    Transcript,
    WebSocket,
    tls_context,
)
from conformance.tests.certificates import CA

from .raw_server import Asked, answer, asked, serving, tunnel
from .tls_server import context, tls_server


class Proxy:
    """A forward proxy: it passes on requests for http and opens tunnels, and keeps what it was asked."""

    def __init__(self, refuses: str = "") -> None:
        self.asked: list[Asked] = []
        self._refuses = refuses

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await asked(reader)
        self.asked.append(request)
        if self._refuses:
            writer.write(answer(b"no", status=self._refuses))
            return
        method, target, _ = request.line.split()
        where = target.removeprefix("http://").partition("/")[0]
        host, _, port = where.partition(":")
        there, back = await asyncio.open_connection(host, int(port))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = target.removeprefix(f"http://{where}")
            headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
            back.write(f"{method} {path} HTTP/1.1\r\n{headers}\r\n".encode() + request.body)
        await tunnel(reader, writer, there, back)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with the headers of the request as the answer's headers, each behind X-."""
    with suppress(asyncio.IncompleteReadError):
        while True:
            request = await asked(reader)
            writer.write(answer(b"{}", *(f"X-{name}: {value}" for name, value in request.headers.items())))
            await writer.drain()


@asynccontextmanager
async def web_sockets() -> AsyncIterator[str]:
    """A server that sends every frame back."""

    async def send_back(connection: ServerConnection) -> None:
        async for frame in connection:
            await connection.send(frame)

    async with serve(send_back, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def test_a_token_and_headers_go_with_every_request() -> None:
    async def story() -> None:
        transcript = Transcript(SystemClock())
        async with (
            serving(echo) as url,
            HttpAgent(
                "alice",
                url,
                transcript,
                credentials=Bearer("planted-token"),
                headers=[("X-Api-Key", "planted-key")],
            ) as agent,
        ):
            own = await agent.request("GET", "/me")
            nobody = await agent.request("GET", "/me", identity=NOBODY)
            upgrade = await agent.upgrade(url)

        for outcome, login in (
            (own, "Bearer planted-token"),
            (nobody, None),
            (upgrade, "Bearer planted-token"),
        ):
            assert isinstance(outcome, Exchange)
            assert outcome.header("X-authorization") == login
            assert outcome.header("X-x-api-key") == "planted-key"
        written = "".join(str(entry.as_json()) for entry in transcript.entries)
        assert "planted" not in written

    asyncio.run(story())


def test_http_and_web_sockets_go_through_the_proxy_with_its_login() -> None:
    async def story() -> None:
        proxy, transcript = Proxy(), Transcript(SystemClock())
        login = "Basic " + b64encode(b"proxy user:planted@password").decode()
        async with serving(echo) as url, serving(proxy) as proxy_url:
            way = proxy_url.replace("http://", "http://proxy%20user:planted%40password@")
            async with HttpAgent("alice", url, transcript, credentials=Basic("a", "b"), proxy=way) as agent:
                plain, upgrade = await agent.request("GET", "/me"), await agent.upgrade(url)

        assert isinstance(plain, Exchange)
        assert isinstance(upgrade, Exchange)  # this server opens no WebSocket, but it was reached
        host = url.removeprefix("http://")
        assert [one.line for one in proxy.asked] == [f"GET {url}/me HTTP/1.1", f"CONNECT {host} HTTP/1.1"]
        assert {one.headers["proxy-authorization"] for one in proxy.asked} == {login}
        assert "authorization" not in proxy.asked[1].headers
        written = "".join(str(entry.as_json()) for entry in transcript.entries)
        assert "planted" not in written

    asyncio.run(story())


def test_https_goes_through_a_tunnel() -> None:
    async def story(port: int) -> None:
        proxy = Proxy()
        async with serving(proxy) as proxy_url:
            url = f"https://127.0.0.1:{port}"
            async with HttpAgent("alice", url, tls=tls_context(CA), proxy=proxy_url) as agent:
                plain, upgrade = await agent.request("GET", "/me"), await agent.upgrade(url)

        assert isinstance(plain, Exchange)
        assert isinstance(upgrade, Exchange)
        assert [one.line for one in proxy.asked] == [f"CONNECT 127.0.0.1:{port} HTTP/1.1"] * 2

    with tls_server(context()) as port:
        asyncio.run(story(port))


def test_a_proxy_that_refuses_is_said_to_do_so() -> None:
    async def story() -> None:
        proxy = Proxy(refuses="407 Proxy Authentication Required")
        async with (
            serving(proxy) as proxy_url,
            HttpAgent("alice", "https://server.test", proxy=proxy_url) as agent,
        ):
            plain = await agent.request("GET", "/me")
            upgrade = await agent.upgrade("https://server.test/ws")

        assert isinstance(plain, NoAnswer)
        assert isinstance(upgrade, NoAnswer)
        assert str(plain) == (
            "GET https://server.test/me: the proxy refused (407 Proxy Authentication Required)"
        )
        assert str(upgrade) == (
            "GET https://server.test/ws: the proxy refused (proxy rejected connection: HTTP 407)"
        )

    asyncio.run(story())


def test_a_redirect_is_an_answer_and_nobody_follows_it() -> None:
    """A redirect may lead to another host, which must not see the login."""

    async def story() -> None:
        followed: list[Asked] = []

        async def elsewhere(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            followed.append(await asked(reader))

        async with serving(elsewhere) as there:

            async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await asked(reader)
                writer.write(answer(b"", f"Location: {there}", status="302 Found"))

            async with (
                serving(redirect) as url,
                HttpAgent("alice", url, credentials=Basic("a", "b")) as agent,
            ):
                plain, upgrade = await agent.request("GET", "/me"), await agent.upgrade(url)

        assert isinstance(plain, Exchange)
        assert isinstance(upgrade, Exchange)
        assert (plain.status, upgrade.status, followed) == (302, 302, [])

    asyncio.run(story())


def test_an_open_web_socket_works_through_a_proxy() -> None:
    async def story() -> None:
        proxy = Proxy()
        async with (
            web_sockets() as url,
            serving(proxy) as proxy_url,
            HttpAgent("alice", url, proxy=proxy_url) as agent,
        ):
            socket = await agent.upgrade(url)
            assert isinstance(socket, WebSocket)
            await socket.send([1])
            assert (await socket.receive()).value == [1]
            await socket.close()

        assert proxy.asked[0].line.startswith("CONNECT ")

    asyncio.run(story())
