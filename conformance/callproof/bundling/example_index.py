"""Reads the indexes of examples: the schema of each example file, its basis and its source.

An entry is ``{file, schema, basis, source}``, with an optional ``summary`` that is shown with the example. Two more members belong to an
answer: ``answers: {operationId, status}`` says where it was given, and ``when`` repeats the sentence of x-refusals that it shows.
An entry for a file in ``invalid/`` has ``breaks: {at, rule}`` instead of basis and source: the pointer into the example and the schema
keyword that refuses it, such as ``{at: /destination, rule: required}``.

Each half has two indexes: one is written by hand; `make examples` writes the one of ``recorded/``, whose entries have the basis recorded.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from callproof.bundling.findings import Finding
from callproof.bundling.sources import Contract, Source
from callproof.bundling.values import Json, JsonObject, as_object

RECORDED = "/examples/recorded/"
INDEXES = (
    "openapi/examples/examples.yaml",
    "openapi/examples/recorded/examples.yaml",
    "asyncapi/examples/examples.yaml",
    "asyncapi/examples/recorded/examples.yaml",
)


@dataclass(frozen=True)
class Breach:
    """The fault for which a negative example must be refused."""

    at: str
    rule: str


@dataclass(frozen=True)
class Answered:
    """The operation and the HTTP status of an answer."""

    operation_id: str
    status: str


@dataclass(frozen=True)
class Example:
    """An indexed example; ``index`` and ``line`` say where it is listed."""

    path: str
    schema: str
    value: Json
    index: str
    line: int
    basis: str = ""
    source: str = ""
    summary: str = ""
    answers: Answered | None = None
    when: str = ""
    breaks: Breach | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether `make examples` recorded it from the reference server, so that it is no evidence of any other server."""
        return RECORDED in self.path

    @property
    def name(self) -> str:
        """The example's name in the bundles: its path in the folder of examples, without slashes; a request has its operation's name."""
        inside = self.path.split(RECORDED if self.is_recorded else "/examples/", 1)[1]
        return posixpath.splitext(inside)[0].removesuffix("/request").replace("/", "-")


def indexed_examples(contract: Contract) -> tuple[list[Example], list[Finding]]:
    """Every usable entry of both indexes, in order, and the faults of the others."""
    examples: list[Example] = []
    findings: list[Finding] = []
    schemas = {source.stem for source in contract.schemas()}
    for path in INDEXES:
        index = contract.files.get(path)
        if index is None:
            continue
        if not isinstance(index.value, list):
            remedy = "list {file, schema, basis, source}"
            findings.append(Finding(path, 1, "example-index", "the index is not a list", remedy))
            continue
        for number, entry in enumerate(index.value):
            read = _entry(contract, schemas, index, number, as_object(entry))
            (examples if isinstance(read, Example) else findings).append(read)  # type: ignore[arg-type]  # by its type
    return examples, findings


def _entry(
    contract: Contract, schemas: set[str], index: Source, number: int, entry: JsonObject
) -> Example | Finding:
    at = (str(number),)
    file, schema = entry.get("file"), entry.get("schema")
    if not isinstance(file, str) or not isinstance(schema, str):
        return index.finding(at, "example-index", "the entry lacks file or schema", "name both")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(index.path), file))
    example = contract.files.get(path)
    if example is None:
        return index.finding(
            at, "example-index", f"{path} does not exist", "write the file or drop the entry"
        )
    if schema not in schemas:
        problem = f"there is no schema {schema}"
        return index.finding(at, "example-index", problem, "name a schema by its file's stem")
    breaks, answers = as_object(entry.get("breaks")), as_object(entry.get("answers"))
    return Example(
        path=path,
        schema=schema,
        value=example.value,
        index=index.path,
        line=index.line(at),
        basis=str(entry.get("basis", "")),
        source=str(entry.get("source", "")),
        summary=str(entry.get("summary", "")),
        answers=Answered(str(answers.get("operationId")), str(answers.get("status"))) if answers else None,
        when=str(entry.get("when", "")),
        breaks=Breach(str(breaks.get("at", "")), str(breaks.get("rule", ""))) if breaks else None,
    )
