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


class Sentence:
    """One sentence of behaviour, with what it rests on."""

    __slots__ = ("basis", "id", "source", "text", "where")

    def __init__(self, where: str, entry: JsonObject) -> None:
        self.where = where
        self.id = str(entry.get("id", ""))
        self.text = str(entry.get("text", ""))
        self.basis = str(entry.get("basis", ""))
        self.source = str(entry.get("source", ""))


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

    def sentence(self, pointer: str) -> Sentence | None:
        """The sentence that a requirement cites as `openapi/operations/Hold.yaml#holds-the-call`, or None."""
        path, _, wanted = pointer.partition("#")
        stem = path.rpartition("/")[2].removesuffix(".yaml")
        half = self.asyncapi if path.startswith("asyncapi/") else self.openapi
        found = [Sentence(where, entry) for where, entry in _sentences(half, "") if entry.get("id") == wanted]
        return next((sentence for sentence in found if sentence.where == stem), found[0] if found else None)


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
    _demand_schemas(data, value, file)
    return value


def _demand_schemas(data: bytes, value: JsonObject, file: str) -> None:
    """Every schema that is referred to is there: one that is not would let everything pass."""
    there = as_object(as_object(value.get("components")).get("schemas"))
    for name in sorted({found.decode() for found in _REFERENCE.findall(data)}):
        if not isinstance(there.get(name), dict):
            raise ContractNotUsable(file, f"refers to the schema {name}, which is not there", _AGAIN)


def _sentences(value: Json, where: str) -> Iterator[tuple[str, JsonObject]]:
    """Every sentence below the value, with the component it stands in; the root's own carry the name of the half."""
    if isinstance(value, list):
        for item in value:
            yield from _sentences(item, where)
    if not isinstance(value, dict):
        return
    if "openapi" in value or "asyncapi" in value:
        where = "openapi" if "openapi" in value else "asyncapi"
    for name, member in value.items():
        if name == "x-behaviour" or (name == "rules" and "protocol" in value):
            yield from ((where, as_object(entry)) for entry in as_list(member))
        elif name in ("schemas", "messages", "responses") and where in ("openapi", "asyncapi"):
            for component, schema in as_object(member).items():
                yield from _sentences(schema, component)
        elif name not in ("examples", "example"):
            yield from _sentences(member, where)
