"""Checks every answer of the server against the contract, from outside: the server under test is the one that users run."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema_rs

from refswitch.contract import API_PATH, Contract

_NAME = "urn:test:contract"


class ContractObserver:
    """An event hook of httpx: raises AssertionError for an answer that the contract does not allow."""

    def __init__(self, contract: Contract) -> None:
        self._paths: Any = contract.openapi["paths"]
        self._shared: Any = contract.openapi["components"]
        self._patterns = {
            path: re.compile(r".*" + API_PATH + re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(path)) + "/?")
            for path in self._paths
        }
        self._registry = jsonschema_rs.Registry([(_NAME, contract.openapi)], draft=jsonschema_rs.Draft202012)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    async def __call__(self, response: httpx.Response) -> None:
        pointer = self.pointer(response.request.method, response.request.url.path, response.status_code)
        if pointer is None:
            return
        await response.aread()
        for error in self._validator(pointer).iter_errors(response.json()):
            place = "/".join(map(str, error.instance_path))
            raise AssertionError(f"the answer breaks the contract at {place}: {error.message}")

    def pointer(self, method: str, path: str, status: int) -> str | None:
        """The place of this answer's schema in the bundle; None for a request that is not in the contract."""
        for template, pattern in self._patterns.items():
            operation = self._paths[template].get(method.lower())
            if operation is not None and pattern.fullmatch(path):
                name = str(status) if str(status) in operation["responses"] else "default"
                place = f"#/paths/{quote(template.replace('/', '~1'), safe='~')}/{method.lower()}/responses/{name}"
                response = operation["responses"][name]
                if "$ref" in response:
                    place = response["$ref"]
                    response = self._shared["responses"][place.rpartition("/")[2]]
                assert "application/json" in response["content"], f"{place} has no JSON"
                return f"{place}/content/application~1json/schema"
        return None

    def _validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": _NAME + pointer}, registry=self._registry, validate_formats=True
            )
        return self._validators[pointer]
