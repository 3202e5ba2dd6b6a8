"""What became of a bundle in a generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.generators.promises import Promises


@dataclass(frozen=True)
class Lost:
    """Something that the generated code does not have: a schema, an operation or an endpoint, and what of it is missing."""

    kind: str
    name: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f": {self.what}" if self.what else "")


@dataclass(frozen=True)
class Outcome:
    """What one generator made of one bundle. ``faults`` are those of the code as a whole, such as a compiler's errors."""

    generator: str
    document: str
    promises: Promises
    lost: tuple[Lost, ...]
    faults: tuple[str, ...]
    has_endpoints: bool = True

    @property
    def is_whole(self) -> bool:
        return not self.lost and not self.faults

    def lines(self) -> list[str]:
        """The line about the generator, and one for each thing that is missing or wrong."""
        verdict = "whole" if self.is_whole else "LOSSY"
        counted = "not counted" if self.faults else ", ".join(self._counts())
        first = f"{verdict}  {self.generator}  {self.document}  {counted}"
        return [first, *(f"       {each}" for each in (*self.lost, *self.faults))]

    def _counts(self) -> Iterator[str]:
        yield self._count("schema", len(self.promises.schemas), "schemas")
        if self.promises.endpoints:
            yield self._count("operation", len(self.promises.operations), "operations")
            if self.has_endpoints:
                yield self._count("endpoint", len(self.promises.endpoints), "endpoints")

    def _count(self, kind: str, number: int, noun: str) -> str:
        missing = {lost.name for lost in self.lost if lost.kind == kind}
        return f"{number - len(missing)} of {number} {noun}"
