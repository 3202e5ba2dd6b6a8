"""The contract in the form that Connexion reads."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import jsonschema_rs

from refswitch.contract import API_PATH, OPENAPI, Contract, ContractBroken
from refswitch.violations import violations

#: Takes the place of a schema in the projection: its value is the schema's JSON pointer in the bundle.
POINTER = "x-pointer"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")

JsonObject = dict[str, Any]  # of a document whose shape has been checked


def _openapi_3_0() -> jsonschema_rs.Draft4Validator:
    """Connexion's own schema of OpenAPI, read from its files: importing Connexion would take longer than everything else here."""
    found = importlib.util.find_spec("connexion")
    locations = found.submodule_search_locations if found is not None else None
    assert locations, "connexion is one of our requirements"
    file = Path(locations[0], "resources", "schemas", "v3.0", "schema.json")
    return jsonschema_rs.Draft4Validator(json.loads(file.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Post:
    """An operation that is posted: its path, the schemas of its path parameters, and the union of its bodies."""

    path: str
    operation_id: str
    union: str
    parameters: Mapping[str, str]


class Projection:
    """The contract's paths and parameters, with a pointer in place of each schema. Raises ContractBroken.

    `given` lists a handler's arguments by operationId: its path parameters, and `operation` for the body. `pointers` are all schemas that
    are pointed to. `unions` maps an operationId to its union of operations, and `addresses` maps a union to the path that it is posted to.
    `posts` are the operations that take a body and nothing else but path parameters.
    """

    def __init__(self, contract: Contract) -> None:
        self._openapi = cast(JsonObject, contract.openapi)
        self._file = contract.directory / OPENAPI
        self.given: dict[str, set[str]] = {}
        self.pointers: set[str] = set()
        self.unions: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        self.posts: list[Post] = []
        self._methods: list[tuple[re.Pattern[str], tuple[str, ...]]] = []
        for violation in violations(_openapi_3_0().iter_errors(self._openapi)):
            raise ContractBroken(self._file, f"is not an OpenAPI document ({str(violation)[:300]})")
        paths = {path: self._item(path, item) for path, item in self._openapi["paths"].items()}
        self.document: JsonObject = {"openapi": "3.0.3", "info": self._openapi["info"], "paths": paths}

    def methods_at(self, path: str) -> tuple[str, ...]:
        """The methods that the resource at this path takes; none if there is no such resource."""
        return next((methods for pattern, methods in self._methods if pattern.fullmatch(path)), ())

    def _item(self, path: str, item: JsonObject) -> JsonObject:
        place = "#/paths/" + quote(path.replace("~", "~0").replace("/", "~1"))
        methods = [method for method in _METHODS if method in item]
        pattern = API_PATH + re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(path))
        offered = sorted([*methods, "head"] if "get" in methods else methods)
        self._methods.append((re.compile(pattern), tuple(method.upper() for method in offered)))
        projected: JsonObject = {
            method: self._operation(path, f"{place}/{method}", method, item[method]) for method in methods
        }
        if "parameters" in item:
            projected["parameters"] = list(self._parameters(path, place, item["parameters"]))
        return projected

    def _operation(self, path: str, place: str, method: str, operation: JsonObject) -> JsonObject:
        operation_id = self._member("operationId", operation, place)
        if operation_id in self.given:
            raise ContractBroken(self._file, f"{place} has the operationId {operation_id} of another")
        self.given[operation_id] = set(re.findall(r"\{([^{}/]*)\}", path))
        projected = {
            "operationId": operation_id,
            "parameters": list(self._parameters(path, place, operation.get("parameters", []))),
            "responses": {
                status: self._response(f"{place}/responses/{status}", response)
                for status, response in operation["responses"].items()
            },
        }
        if "requestBody" in operation:
            place += "/requestBody"
            content = self._content(place, self._member("content", operation["requestBody"], place))
            # Without `required`: Connexion takes a chunked body for an absent one, and would refuse it before our validator reads it. An
            # absent body is refused there, as one without an operationName.
            projected["requestBody"] = {"content": content}
            schema = self._member("application/json", content, place)["schema"]
            union = schema[POINTER].rpartition("/")[2]
            self.given[operation_id].add("operation")
            self.unions[operation_id] = union
            self.addresses.setdefault(union, path)
            shared = self._parameters(path, place, self._openapi["paths"][path].get("parameters", []))
            named = [*projected["parameters"], *shared]
            if method == "post" and all(one["in"] == "path" for one in named):
                pointers = {one["name"]: one["schema"][POINTER] for one in named}
                self.posts.append(Post(path, operation_id, union, pointers))
        return projected

    def _parameters(self, path: str, place: str, parameters: list[JsonObject]) -> Iterator[JsonObject]:
        for index, parameter in enumerate(parameters):
            here = f"{place}/parameters/{index}"
            name, where = self._member("name", parameter, here), self._member("in", parameter, here)
            if where == "path" and f"{{{name}}}" not in path:
                raise ContractBroken(self._file, f"{here} names {name}, which the path does not")
            pointer = self._pointer(f"{here}/schema", self._member("schema", parameter, here))
            schema = {"type": "string", POINTER: pointer}
            yield {"name": name, "in": where, "required": parameter.get("required", False), "schema": schema}

    def _response(self, place: str, response: JsonObject) -> JsonObject:
        if "$ref" in response:
            place = response["$ref"]
            shared = self._openapi.get("components", {}).get("responses", {})
            response = self._member(place.rpartition("/")[2], shared, "#/components/responses")
        return {
            "description": self._member("description", response, place),
            "content": self._content(place, response.get("content", {})),
        }

    def _content(self, place: str, content: JsonObject) -> JsonObject:
        projected: JsonObject = {}
        for media, entry in content.items():
            here = f"{place}/content/{media.replace('/', '~1')}"
            pointer = self._pointer(f"{here}/schema", self._member("schema", entry, here))
            projected[media] = {"schema": {POINTER: pointer}}
        return projected

    def _pointer(self, place: str, schema: JsonObject) -> str:
        reference: str = schema.get("$ref", place)
        self.pointers.add(reference)
        return reference

    def _member(self, name: str, holder: JsonObject, place: str) -> Any:
        """Reads a member that OpenAPI lets a document leave out or put elsewhere, but this server needs here."""
        if name not in holder:
            raise ContractBroken(self._file, f"{place} has no {name} of its own")
        return holder[name]
