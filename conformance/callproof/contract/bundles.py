"""Finds and loads the contract's bundles: the only file of the suite that opens them.

They are looked for in this order: the directory that was asked for; in a checkout, `dist` beside the sources; in an installed
distribution, `callproof_contract` beside this package. Written twice on purpose: the suite shares no line with the reference server.
"""

from __future__ import annotations

import json
import os
import re

from callproof.json_values import as_list, as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from callproof.json_values import Json, JsonObject

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_REFERENCE = re.compile(rb'"#/components/schemas/(\w+)"')
_REMEDY = "run `make contract` in a checkout, or name a directory that holds the bundles"
_AGAIN = "take all bundles from one release, or make them again"


class ContractNotUsable(Exception):
    """A bundle is missing or is not what it should be; nothing can be judged without it."""

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(f"the contract cannot be used: {file} {problem}; {remedy}")


class Contract:
    """The bundles as they were read. `version` is the contract's own."""

    __slots__ = ("_call_model", "asyncapi", "directory", "openapi", "version")

    def __init__(self, directory: str, openapi: JsonObject, asyncapi: JsonObject) -> None:
        self.directory = directory
        self.openapi = openapi
        self.asyncapi = asyncapi
        self.version = str(as_object(openapi.get("info")).get("version", ""))
        self._call_model: JsonObject | None = None

    @property
    def call_model(self) -> JsonObject:
        """The table of the calls, read when it is first asked for. Raises ContractNotUsable."""
        if self._call_model is None:
            self._call_model = _read(self.directory, "call-model.json", "operations", "network")
        return self._call_model

    @property
    def clauses(self) -> dict[str, JsonObject]:
        """Every sentence of the contract with its text, basis and source, by the pointer that a requirement cites: file, #, id."""
        found: dict[str, JsonObject] = {}
        for half in (self.openapi, self.asyncapi):
            for file, entry in _sentences(half):
                found[f"{file}#{entry.get('id')}"] = entry
        return found


def load_contract(directory: str | None = None) -> Contract:
    """Read the bundles from `directory`, or from where they belong. Raises ContractNotUsable."""
    place = directory if directory is not None else default_directory()
    openapi = _read(place, "openapi.json", "info", "paths", "components")
    asyncapi = _read(place, "asyncapi.json", "info", "channels", "operations", "components")
    return Contract(place, openapi, asyncapi)


def default_directory(package: str = _PACKAGE) -> str:
    """Where the bundles of this copy of callproof are."""
    checkout = os.path.dirname(os.path.dirname(package))
    if os.path.isfile(os.path.join(checkout, "openapi", "openapi.yaml")):
        return os.path.join(checkout, "dist")
    return os.path.join(os.path.dirname(package), "callproof_contract")


def _read(directory: str, name: str, *members: str) -> JsonObject:
    file = os.path.join(directory, name)
    try:
        with open(file, "rb") as stream:
            data = stream.read()
        value: Json = json.loads(data)
    except FileNotFoundError:
        raise ContractNotUsable(file, "does not exist", _REMEDY) from None
    except OSError as error:
        raise ContractNotUsable(file, f"cannot be read ({error.strerror})", _REMEDY) from None
    except (ValueError, RecursionError) as error:
        raise ContractNotUsable(file, f"is not JSON ({error})", _AGAIN) from None
    if not isinstance(value, dict):
        raise ContractNotUsable(file, "is not a JSON object", _AGAIN)
    for member in members:
        if not isinstance(value.get(member), dict | list) or not value[member]:
            raise ContractNotUsable(file, f"has no {member}", _AGAIN)
    _require_schemas(data, value, file)
    return value


def _require_schemas(data: bytes, value: JsonObject, file: str) -> None:
    """Every schema that is referred to is there: one that is not would let everything pass."""
    there = as_object(as_object(value.get("components")).get("schemas"))
    for name in sorted({found.decode() for found in _REFERENCE.findall(data)}):
        if not isinstance(there.get(name), dict):
            raise ContractNotUsable(file, f"refers to the schema {name}, which is not there", _AGAIN)


def _sentences(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Every sentence below the value, with the file that it stands in: the bundler writes that beside the sentences."""
    if isinstance(value, list):
        for item in value:
            yield from _sentences(item)
    if not isinstance(value, dict):
        return
    if "x-file" in value:
        bayeux = as_object(value.get("x-bayeux"))
        rules = [*as_list(bayeux.get("rules")), *as_list(bayeux.get("offered"))]
        for entry in (*as_list(value.get("x-behaviour")), *rules):
            yield str(value["x-file"]), as_object(entry)
    for name, member in value.items():
        if name not in ("x-behaviour", "x-bayeux", "examples", "example"):
            yield from _sentences(member)
