"""Writes typed stubs from the contract's bundles, with nothing but the standard library.

One generator serves both uses: the committed stubs of the reference server, and ``callproof stubs`` for everyone else. General generators
do not fit: they cannot express the handler of an ``operationName``, open lists of words, or the messages that a server sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callproof.json_values import JsonObject
from callproof.stubs.contract_shapes import Contract, read_shapes
from callproof.stubs.python import python_files
from callproof.stubs.schemas import UnfitSchema
from callproof.stubs.typescript import typescript_files

__all__ = ["LANGUAGES", "UnfitSchema", "UnknownLanguage", "render"]

_RENDERERS: Final[Mapping[str, Callable[[Contract], dict[str, str]]]] = {
    "python": python_files,
    "typescript": typescript_files,
}
LANGUAGES: Final = tuple(sorted(_RENDERERS))


class UnknownLanguage(ValueError):
    """The generator does not know this language; ``known`` lists those it knows."""

    def __init__(self, language: str) -> None:
        super().__init__(f"there are no stubs for {language}: ask for {' or '.join(LANGUAGES)}")
        self.language = language
        self.known = LANGUAGES


def render(language: str, openapi: JsonObject, asyncapi: JsonObject) -> dict[str, str]:
    """The stub files by name, the same text for the same bundles.

    ``openapi`` is the 3.0 or the 3.1 bundle. Python stubs are one package of five modules for mypy ``--strict`` on 3.11 and later;
    TypeScript stubs are one declaration file for ``tsc --strict``. Raises UnknownLanguage, and UnfitSchema when a schema of the
    bundles cannot be expressed in types.
    """
    renderer = _RENDERERS.get(language)
    if renderer is None:
        raise UnknownLanguage(language)
    return renderer(read_shapes(openapi, asyncapi))
