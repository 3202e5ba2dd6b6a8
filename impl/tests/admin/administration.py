"""A client of the reference server's administration interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import yaml

from refswitch import admin

from ..house import House, Told  # noqa: TID252  # the whole house is one floor up

DOCUMENT: Any = yaml.safe_load((Path(admin.__file__).parent / "openapi.yaml").read_text())


class Admin:
    """The interface of one sandbox. Every answer is checked against the interface's own description."""

    def __init__(self, house: House, peer: str = "127.0.0.1", sandbox: str = "") -> None:
        self._transport = httpx.ASGITransport(house.app, client=(peer, 40000))
        self._address = sandbox + "/__admin/v1"

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Told:
        sent = json.dumps(body).encode() if body is not None else content
        declared = {"Content-Type": "application/json"} if sent else {}
        async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1:8080") as client:
            answer = await client.request(
                method, self._address + path, content=sent, headers={**declared, **(headers or {})}
            )
        is_json = answer.headers["content-type"] == "application/json"
        told = Told(answer.status_code, answer.json() if is_json else answer.text, answer.headers)
        if told.status != 200:
            assert set(told.body) == {"statusCode", "statusMessage"}
        return told

    async def done(self, path: str, body: object = None) -> None:
        assert (await self.ask("POST", path, body)).body == {"statusCode": 0}

    async def get(self, path: str) -> Any:
        told = await self.ask("GET", path)
        assert told.status == 200, told
        name = path.partition("?")[0].split("/")[1]
        pattern = next(one for one in DOCUMENT["paths"] if one.split("/")[1] == name)
        if path.count("/") == 2:
            pattern += "/{id}"
        answer = DOCUMENT["paths"][pattern]["get"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]
        jsonschema_rs.Draft4Validator({**DOCUMENT, **answer}).validate(told.body)
        return told.body
