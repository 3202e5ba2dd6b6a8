"""Finds and loads the contract's bundles, the installed ones and those of earlier releases; no other file of the suite opens them.

It looks in the requested directory; otherwise, in a checkout, in `dist` next to the sources, and in an installed distribution, in
`callproof_contract` next to this package. The reference server has its own copy on purpose: the suite shares no code with it.
"""

from __future__ import annotations

import json
import os
import re
import stat

from callproof import limits
from callproof.json_values import as_list, as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from callproof.json_values import Json, JsonObject

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MIB = 1024 * 1024
_REFERENCE = re.compile(rb'"#/components/schemas/(\w+)"')
_REMEDY = "run `make contract` in a checkout, or name a directory that holds the bundles"
_SOURCE = "bundles are JSON; `callproof contract bundle` makes them from sources"
_AGAIN = "take all bundles from one release, or make them again"
_RELEASED = os.path.join(_PACKAGE, "contract", "released")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)+")

#: The bundles, each with the members without which it is not one.
OPENAPI, ASYNCAPI, CALL_MODEL = "openapi.json", "asyncapi.json", "call-model.json"
MEMBERS = {
    OPENAPI: ("info", "paths", "components"),
    ASYNCAPI: ("info", "channels", "operations", "components"),
    CALL_MODEL: ("operations", "network"),
}


class ContractNotUsable(Exception):
    """A bundle is missing or invalid; nothing can be judged without it."""

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(f"the contract cannot be used: {file} {problem}; {remedy}")


class Contract:
    """The bundles as read. `version` is the contract's version, `describes` names the versions of GWS that it describes, in words."""

    __slots__ = ("_call_model", "asyncapi", "describes", "directory", "openapi", "version")

    def __init__(self, directory: str, openapi: JsonObject, asyncapi: JsonObject) -> None:
        self.directory = directory
        self.openapi = openapi
        self.asyncapi = asyncapi
        info = as_object(openapi.get("info"))
        self.version = str(info.get("version", ""))
        self.describes = str(as_object(info.get("x-gws-versions")).get("text", ""))
        self._call_model: JsonObject | None = None

    @property
    def call_model(self) -> JsonObject:
        """The call model, read on first use. Raises ContractNotUsable."""
        if self._call_model is None:
            self._call_model = read_bundle(os.path.join(self.directory, CALL_MODEL), CALL_MODEL)
        return self._call_model

    @property
    def clauses(self) -> dict[str, JsonObject]:
        """Every clause of the contract with its text, basis and source, by the pointer that a requirement cites: file, #, id."""
        found: dict[str, JsonObject] = {}
        for half in (self.openapi, self.asyncapi):
            for file, entry in _sentences(half):
                found[f"{file}#{entry.get('id')}"] = entry
        return found


def load_contract(directory: str | None = None) -> Contract:
    """Read the bundles from `directory`, or from their default directory. Raises ContractNotUsable."""
    place = directory if directory is not None else default_directory()
    openapi = read_bundle(os.path.join(place, OPENAPI), OPENAPI)
    asyncapi = read_bundle(os.path.join(place, ASYNCAPI), ASYNCAPI)
    return Contract(place, openapi, asyncapi)


def default_directory(package: str = _PACKAGE) -> str:
    """The directory of the bundles of this copy of callproof."""
    checkout = os.path.dirname(os.path.dirname(package))
    if os.path.isfile(os.path.join(checkout, "openapi", "openapi.yaml")):
        return os.path.join(checkout, "dist")
    return os.path.join(os.path.dirname(package), "callproof_contract")


def released_versions(released: str = _RELEASED) -> list[str]:
    """The versions whose bundles this copy of callproof keeps, oldest first."""
    found = [name for name in os.listdir(released) if _VERSION.fullmatch(name)]
    return sorted(found, key=lambda name: [int(part) for part in name.split(".")])


def released_directory(version: str) -> str:
    """The folder with the bundles of a released version: whole and unchanged, so that it can be used wherever a folder of bundles can."""
    return os.path.join(_RELEASED, version)


def read_bundle(file: str, kind: str = "") -> JsonObject:
    """Read one bundle of this kind, a key of MEMBERS; without a kind, any JSON object. Raises ContractNotUsable."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            raise ContractNotUsable(file, "is not a regular file", _REMEDY)
        with open(file, "rb") as stream:
            data = stream.read(limits.BUNDLE.default + 1)
        if len(data) > limits.BUNDLE.default:
            raise ContractNotUsable(file, f"is larger than {limits.BUNDLE.default // _MIB} MiB", _AGAIN)
        value: Json = json.loads(data)
    except FileNotFoundError:
        raise ContractNotUsable(file, "does not exist", _REMEDY) from None
    except OSError as error:
        raise ContractNotUsable(file, f"cannot be read ({error.strerror})", _REMEDY) from None
    except RecursionError:
        raise ContractNotUsable(file, "is nested too deeply to be a bundle", _AGAIN) from None
    except ValueError as error:
        problem = f"is not JSON ({error})"
        remedy = _SOURCE if file.endswith((".yaml", ".yml")) else _AGAIN
        raise ContractNotUsable(file, problem, remedy) from None
    if not isinstance(value, dict):
        raise ContractNotUsable(file, "is not a JSON object", _AGAIN)
    for member in MEMBERS.get(kind, ()):
        if not isinstance(value.get(member), dict | list) or not value[member]:
            raise ContractNotUsable(file, f"has no {member}", _AGAIN)
    _require_schemas(data, value, file)
    return value


def _require_schemas(data: bytes, value: JsonObject, file: str) -> None:
    """Check that every referenced schema exists: a missing one would let everything pass."""
    there = as_object(as_object(value.get("components")).get("schemas"))
    for name in sorted({found.decode() for found in _REFERENCE.findall(data)}):
        if not isinstance(there.get(name), dict):
            raise ContractNotUsable(file, f"refers to the schema {name}, which does not exist", _AGAIN)


def _sentences(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Every clause below the value, with the file that contains it, which the bundler records next to the clauses."""
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
