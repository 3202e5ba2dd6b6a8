"""A value under a schema: the input of every keyword and every rule. Pure."""

from __future__ import annotations

from callproof.validator.finding import ERROR, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Path
    from callproof.validator.guesses import Guesses
    from callproof.validator.schemas import Schemas


class Site:
    """A value, the schema that it is validated against, and the place of both.

    `name` is the schema's name, empty for an inline one; `within` the nearest name around it, which findings carry. `unknown` are the
    members of an object that no branch of its schema knows; its branches share the list, and None means that it has not been made yet.
    `guesses` finds the words that were probably meant.
    """

    __slots__ = ("_evaluate", "guesses", "name", "path", "schema", "schemas", "unknown", "value", "within")

    def __init__(
        self,
        value: Json,
        schema: JsonObject,
        schemas: Schemas,
        guesses: Guesses,
        evaluate: Callable[[Site], Iterator[Finding]],
        path: Path,
        within: str,
        unknown: list[str] | None = None,
    ) -> None:
        self.name, self.schema = schemas.resolved(schema)
        self.value = value
        self.schemas = schemas
        self.guesses = guesses
        self.path = path
        self.within = self.name or within
        self.unknown = unknown
        self._evaluate = evaluate

    def under(self, schema: JsonObject) -> Iterator[Finding]:
        """What is wrong with the same value under another schema, which is a part of this one."""
        return self._evaluate(self._at(self.value, schema, self.path, self.unknown))

    def below(self, step: str | int, value: Json, schema: JsonObject) -> Iterator[Finding]:
        """What is wrong with a member or an item of this value."""
        return self._evaluate(self._at(value, schema, (*self.path, step), None))

    def _at(self, value: Json, schema: JsonObject, path: Path, unknown: list[str] | None) -> Site:
        return Site(value, schema, self.schemas, self.guesses, self._evaluate, path, self.within, unknown)

    def finding(
        self,
        rule: str,
        what: str,
        expected: str = "",
        suggestion: str = "",
        severity: str = ERROR,
        at: str = "",
    ) -> Finding:
        """A finding about the value itself, or with `at` about the name of a member that should not be there."""
        path = (*self.path, at) if at else self.path
        return Finding(
            path, rule, what, expected, suggestion=suggestion, schema=self.within, severity=severity, at_name=bool(at),
        )  # fmt: skip
