"""A server that repeats whatever it was told in confidence: in the reason of its status lines, in headers, bodies, replies and
notifications, in each encoding. It stands before a real server, so that a run gets somewhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import httpx

from conformance.tests.secrecy.spelling import ENCODINGS

#: What the server makes up and a client must keep to itself.
COOKIE, CSRF = "hostile-Session-0c0ffee0", "hostile-csrf-5ca1ab1e"
_SPELLINGS = tuple(ENCODINGS.values())
_HOP = frozenset({"connection", "content-length", "transfer-encoding", "date", "server"})


class Hostile:
    """Listens on a port of this machine. `spoils` says which answers it replaces: none, every so many calls, or every login."""

    def __init__(self, backend: str, spoils: str = "") -> None:
        self._backend = backend
        self._spoils = spoils
        self._told: dict[str, None] = {COOKIE: None, CSRF: None}
        self._number = count()
        self._client = httpx.AsyncClient(timeout=None, trust_env=False)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await self._client.aclose()

    def evil(self) -> str:
        """One secret in one encoding, with what a terminal would obey; another one each time."""
        turn = next(self._number)
        secrets = list(self._told)
        secret = secrets[turn % len(secrets)]
        return _SPELLINGS[turn // len(secrets) % len(_SPELLINGS)](secret) + "\x1b[2J\x9b\u202e"

    def all_evil(self) -> str:
        return " | ".join(spell(secret) for secret in self._told for spell in _SPELLINGS)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, httpx.HTTPError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                request, *lines = head.rstrip("\r\n").split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self._listen_to(headers)
                writer.write(await self._answer(*request.split(" ")[:2], headers, body))
                await writer.drain()
        writer.close()

    def _listen_to(self, headers: Mapping[str, str]) -> None:
        credentials = headers.get("authorization", "").removeprefix("Basic ")
        with contextlib.suppress(ValueError):
            login = b64decode(credentials).decode()
            user, _, password = login.partition(":")
            self._told |= dict.fromkeys(filter(None, (login, user, password)))

    async def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        evil = self.evil()
        if headers.get("upgrade"):
            page = self._page()
            return (
                self._written(403, "text/html", page).replace(page, b"").decode().encode("ascii", "replace")
                + page
            )
        sent = {
            name: value
            for name, value in headers.items()
            if name not in ("host", "content-length", "connection")
        }
        sent["cookie"] = "; ".join(
            part for part in sent.get("cookie", "").split("; ") if "HOSTILE" not in part
        )
        answer = await self._client.request(method, self._backend + target, headers=sent, content=body)
        if self._spoils == "login" or (
            self._spoils == "calls" and "/me/calls/" in target and next(self._number) % 5 == 0
        ):
            return self._written(401 if self._spoils == "login" else 502, "text/html", self._page())
        value = answer.json() if "json" in answer.headers.get("content-type", "") else None
        content = json.dumps(self._spoilt(value, evil)).encode() if value is not None else answer.content
        kept = [
            (name, text)
            for name, text in answer.headers.multi_items()
            if name.lower() not in _HOP | {"content-type"}
        ]
        return self._written(
            answer.status_code, answer.headers.get("content-type", "text/plain"), content, kept
        )

    def _spoilt(self, value: Any, evil: str) -> Any:
        if isinstance(value, list):
            return [
                self._spoilt_message(message) if isinstance(message, dict) else message for message in value
            ]
        if not isinstance(value, dict):
            return value
        for member in ("statusMessage", "user"):
            if isinstance(value.get(member), str):
                value[member] += evil
        if self._spoils == "devices" and isinstance(value.get("devices"), list):
            value["devices"][0]["phoneNumber"] = self.all_evil()
        return {**value, "echo": {evil: evil, "long": "x" * 55 + evil + self.evil()}}

    def _spoilt_message(self, message: dict[str, Any]) -> dict[str, Any]:
        call = message.get("data", {}).get("call") if isinstance(message.get("data"), dict) else None
        if isinstance(message.get("clientId"), str):
            self._told[message["clientId"]] = None
        if isinstance(call, dict):
            call["duration"] = "x" * (next(self._number) % 70) + self.evil() * 3
            call["callType"] = self.evil()
            message["data"][self.evil()] = self.evil()
        elif "data" not in message:
            message["ext"] = {**(message.get("ext") or {}), "echo": self.evil()}
            if message.get("successful") is False:
                message["error"] = f"{message.get('error', '')}{self.evil()}"
        return message

    def _page(self) -> bytes:
        return f"<html><title>{self.evil()}</title><pre>{self.all_evil()}</pre></html>".encode(
            "utf-8", "replace"
        )

    def _written(
        self, status: int, kind: str, content: bytes, headers: list[tuple[str, str]] | None = None
    ) -> bytes:
        plain = self.evil().replace("\r", "").replace("\n", "")
        lines = [
            f"HTTP/1.1 {status} {plain}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(content)}",
            f"Location: /elsewhere?to={plain}",
            f"X-Echo: {plain}",
            f"Set-Cookie: HOSTILE={COOKIE}; Path=/; Comment={plain}",
            "X-CSRF-HEADER: X-Hostile-Token",
            f"X-CSRF-TOKEN: {CSRF}",
            *(f"{name}: {value}" for name, value in headers or ()),
        ]
        cleaned = (line.replace("\x1b", "").replace("\x9b", "") for line in lines)  # no header may hold these
        return "\r\n".join(cleaned).encode("utf-8") + b"\r\n\r\n" + content
