"""Finds and loads the contract's bundles. No other module opens them.

It looks in this order: the directory that was named; in a checkout, `dist` beside the sources; in an installed distribution,
`callproof_contract` beside this package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .json_values import Json, JsonObject, is_deeper, object_at
from .limits import CONTRACT_LEVELS

#: The contract's paths are served below this one.
API_PATH = "/api/v2"
OPENAPI = "openapi.json"
_ASYNCAPI = "asyncapi.json"
CALL_MODEL = "call-model.json"


_MOST_LEVELS = CONTRACT_LEVELS.default


class ContractNotUsable(Exception):
    """The contract cannot be used; nothing starts without it."""


class ContractMissing(ContractNotUsable):
    """A bundle is not where it should be."""

    def __init__(self, file: Path, remedy: str) -> None:
        self.file = file
        super().__init__(f"the contract is incomplete: {file} does not exist; {remedy}")


class ContractBroken(ContractNotUsable):
    """A bundle is there, but is not what it should be."""

    def __init__(self, file: Path, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(
            f"the contract is broken: {file}: {problem}; take the bundles of one release, or make them again"
        )


@dataclass(frozen=True)
class Contract:
    """The three bundles as read. `version` is the contract's version."""

    directory: Path
    version: str
    openapi: JsonObject
    asyncapi: JsonObject
    call_model: JsonObject


def load_contract(directory: Path | None = None) -> Contract:
    """Read the bundles from `directory`, or from the default place. Raises ContractNotUsable."""
    place = directory if directory is not None else default_directory()
    openapi = _read(place / OPENAPI)
    version = openapi.get("openapi")
    if not isinstance(version, str) or not version.startswith("3.0."):
        raise ContractBroken(
            place / OPENAPI, f"must be an OpenAPI 3.0 document, but says openapi: {version!r}"
        )
    _require(openapi, place / OPENAPI, "info", "paths", "components")
    asyncapi = _read(place / _ASYNCAPI)
    _require(asyncapi, place / _ASYNCAPI, "info", "channels", "components")
    call_model = _read(place / CALL_MODEL)
    version = str(object_at(openapi, "info").get("version"))
    return Contract(place, version, openapi, asyncapi, call_model)


def default_directory(package: Path = Path(__file__).parent) -> Path:
    """The directory with the bundles of this copy of refswitch."""
    checkout = package.parents[1]
    if (checkout / "openapi" / "openapi.yaml").is_file():
        return checkout / "dist"
    return package.parent / "callproof_contract"


def _read(file: Path) -> JsonObject:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContractMissing(
            file, "run `make contract` in a checkout, or name the directory with --contract"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContractBroken(file, f"cannot be read ({error})") from None
    try:
        value: Json = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:  # in the second line: half of a surrogate pair, NaN
        raise ContractBroken(file, f"is not JSON ({error})") from None
    if is_deeper(value, _MOST_LEVELS):
        raise ContractBroken(file, f"is nested deeper than {_MOST_LEVELS} levels")
    if not isinstance(value, dict):
        raise ContractBroken(file, "must be a JSON object")
    return value


def _require(document: Mapping[str, Json], file: Path, *members: str) -> None:
    for member in members:
        if not isinstance(document.get(member), dict | list) or not document[member]:
            raise ContractBroken(file, f"has no {member}")
