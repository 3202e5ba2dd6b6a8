"""The contract's schemas as compiled validators, and the look-up from an operationName to its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import jsonschema_rs

from refswitch.calls import characters
from refswitch.contract import OPENAPI, Contract, ContractBroken
from refswitch.json_values import Json, JsonObject, object_at
from refswitch.limits import PARAMETER_CHARACTERS
from refswitch.refusals import BadValue, MissingParameter
from refswitch.suggestions import did_you_mean
from refswitch.violations import shown, violations

#: A name by which each validator refers to the bundle: giving each the whole document takes ten times as long.
_BUNDLE = "urn:callproof:contract"


class Schemas:
    """Validators by JSON pointer into the OpenAPI bundle, each compiled once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._registry = jsonschema_rs.Registry(
            [(_BUNDLE, contract.openapi)], draft=jsonschema_rs.Draft202012
        )
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """The validator of the schema at a pointer such as #/components/schemas/Hold."""
        if pointer not in self._compiled:
            try:
                self._compiled[pointer] = jsonschema_rs.Draft202012Validator(
                    {"$ref": _BUNDLE + pointer}, registry=self._registry, validate_formats=True
                )
            except ValueError as error:
                raise ContractBroken(
                    self._contract.directory / OPENAPI, f"{pointer}: {str(error).splitlines()[0]}"
                ) from None
        return self._compiled[pointer]

    def check(self, pointer: str, value: Json, place: str = "$") -> None:
        """Raises MissingParameter or BadValue for the first violation; missing members come first."""
        for violation in violations(self.validator(pointer).iter_errors(value)):
            where = place + violation.place.removeprefix("$")
            if violation.keyword == "required":
                raise MissingParameter(where)
            raise BadValue(where, violation.rule)

    def component(self, name: str) -> JsonObject:
        schema = object_at(self._contract.openapi, "components", "schemas", name)
        if not schema:
            raise ContractBroken(self._contract.directory / OPENAPI, f"has no schema {name}")
        return schema


class OperationBodies:
    """Bodies with an operationName, which selects the one schema that the body must fit."""

    def __init__(self, schemas: Schemas, addresses: Mapping[str, str]) -> None:
        """`addresses` maps the name of each union of operations to the resource that it is posted to."""
        self._schemas = schemas
        self._mappings = {union: self._mapping(union) for union in addresses}
        self._others = {union: pointer for union in addresses if (pointer := self._other_names(union))}
        self._address_of = {
            operation: addresses[union] for union, mapping in self._mappings.items() for operation in mapping
        }
        self._parameters = {
            operation: object_at(schemas.component(pointer.rpartition("/")[2]), "properties").keys()
            - {"userData"}
            for mapping in self._mappings.values()
            for operation, pointer in mapping.items()
        }
        documented = schemas.component("Capability").get("x-open-enum")
        self._documented = {str(name) for name in documented} if isinstance(documented, list) else set()
        self._compile()

    def _compile(self) -> None:
        """Check now that every schema can be used. Raises ContractBroken."""
        for pointers in (*(mapping.values() for mapping in self._mappings.values()), self._others.values()):
            for pointer in pointers:
                self._schemas.validator(pointer)

    def names(self, union: str) -> Set[str]:
        """The operationNames of a union."""
        return self._mappings[union].keys()

    def fitting(self, union: str, body: Json) -> str | None:
        """The operationName of a body that fits its schema in the union; None for any other body. `check` explains why."""
        name = body.get("operationName") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(name, str) or name not in self._mappings[union]:
            return None
        if self._too_long(name, body):
            return None
        return name if self._schemas.validator(self._mappings[union][name]).is_valid(body) else None

    def check(self, union: str, body: Json) -> str:
        """The operationName. Raises MissingParameter or BadValue, which name place and rule."""
        mapping = self._mappings[union]
        if not isinstance(body, dict):
            raise BadValue("$", f"must be of type object, but is {shown(body)}")
        if "operationName" not in body:
            raise MissingParameter("$.operationName")
        name = body["operationName"]
        if not isinstance(name, str):
            raise BadValue("$.operationName", f"must be of type string, but is {shown(name)}")
        pointer = mapping.get(name) or self._pointer_for_others(union, name)
        if pointer is None:
            raise BadValue("$.operationName", self._unknown(name, mapping))
        self._schemas.check(pointer, body)
        if parameter := self._too_long(name, body):
            most = PARAMETER_CHARACTERS.default
            raise BadValue(f"$.{parameter}", f"must not have more than {most:,} characters")
        return name

    def _too_long(self, name: str, body: JsonObject) -> str:
        """The parameter that is longer than this server takes; empty if none is. The contract itself gives no bounds."""
        for parameter in self._parameters.get(name, ("operationName",)):
            if parameter in body and characters(body[parameter]) > PARAMETER_CHARACTERS.default:
                return parameter
        return ""

    def _pointer_for_others(self, union: str, name: str) -> str | None:
        """The schema of a body whose operationName the contract leaves open; None for a name that belongs to another resource."""
        if name in self._address_of or name in self._documented:
            return None
        return self._others.get(union)

    def _unknown(self, name: str, mapping: Mapping[str, str]) -> str:
        if name in self._address_of:
            return f"{name} is not for this resource; post it to {self._address_of[name]}"
        if name in self._documented:
            return f"{name} is documented, but not served here; served: {', '.join(sorted(mapping))}"
        return unknown_operation(name, mapping)

    def _mapping(self, union: str) -> Mapping[str, str]:
        mapping = object_at(self._schemas.component(union), "discriminator", "mapping")
        return {name: str(pointer) for name, pointer in mapping.items()}

    def _other_names(self, union: str) -> str | None:
        """The schema for names that the union does not list, such as custom agent states; the handler knows which exist."""
        is_open = "x-other-names" in self._schemas.component(union)
        return f"#/components/schemas/{union}/x-other-names" if is_open else None


def unknown_operation(name: str, known: Iterable[str]) -> str:
    """The rule broken by an operationName that is not one of the known ones."""
    names = sorted(known)
    return f"must be one of {', '.join(names)}, but is {shown(name)}{did_you_mean(name, names)}"
