"""Validates every example against its schema, in each dialect in which the schema is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema_rs
from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped]  # it ships no types
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from callproof.bundling.example_index import INDEXES, Breach, Example, indexed_examples
from callproof.bundling.findings import Finding
from callproof.bundling.parameter_examples import PARAMETERS
from callproof.bundling.sources import Contract, Source
from callproof.bundling.values import Json, JsonObject, as_object, pointer
from tools.contract.vocabulary import BASIS_WORDS, RECORDED

_INVALID = "/examples/invalid/"


@dataclass(frozen=True)
class Judgement:
    """The verdict of one engine, reading one dialect, on an example."""

    dialect: str
    breaches: frozenset[Breach]
    words: str = ""


class Engines:
    """The schema components compiled for JSON Schema draft-07, 2020-12 and OpenAPI 3.0."""

    def __init__(self, components: JsonObject) -> None:
        self._components = components
        self._compiled: dict[tuple[str, str], jsonschema_rs.Validator] = {}

    def judgements(self, schema: str, value: Json) -> list[Judgement]:
        """Each dialect's verdict on the value. Raises jsonschema_rs.ValidationError or SchemaError for a schema that does not compile."""
        components: JsonObject = {"schemas": self._components}
        document: JsonObject = {"$ref": f"#/components/schemas/{schema}", "components": components}
        return [
            self._by_rust("JSON Schema draft-07", jsonschema_rs.Draft7Validator, schema, document, value),
            self._by_rust("JSON Schema 2020-12", jsonschema_rs.Draft202012Validator, schema, document, value),
            self._by_openapi(document, value),
        ]

    def _by_rust(
        self,
        dialect: str,
        engine: type[jsonschema_rs.Validator],
        schema: str,
        document: JsonObject,
        value: Json,
    ) -> Judgement:
        if (dialect, schema) not in self._compiled:
            self._compiled[dialect, schema] = engine(document, validate_formats=True, offline=True)
        errors = list(self._compiled[dialect, schema].iter_errors(value))
        breaches = {Breach(pointer(tuple(map(str, e.instance_path))), str(e.schema_path[-1])) for e in errors}
        return Judgement(dialect, frozenset(breaches), "; ".join(e.message[:160] for e in errors))

    def _by_openapi(self, document: JsonObject, value: Json) -> Judgement:
        OAS30Validator.check_schema(self._components[str(document["$ref"]).rsplit("/", 1)[1]])
        errors = list(OAS30Validator(document, format_checker=oas30_format_checker).iter_errors(value))
        breaches = {Breach(pointer(tuple(map(str, e.absolute_path))), str(e.validator)) for e in errors}
        return Judgement("OpenAPI 3.0", frozenset(breaches), "; ".join(e.message[:160] for e in errors))


def example_findings(contract: Contract, components: JsonObject) -> list[Finding]:
    """The faults of the examples and their indexes, and the schemas that an engine cannot compile."""
    examples, findings = indexed_examples(contract)
    findings += _unindexed(contract, {example.path for example in examples})
    engines = Engines(components)
    findings += _uncompilable(contract, engines, components)
    if any(finding.rule == "schema" for finding in findings):
        return findings
    findings += _equal_names(examples)
    for example in examples:
        findings += _index_faults(example)
        if example.schema in components:
            findings += _value_faults(contract.files[example.path], example, engines)
        else:
            problem = f"no bundle uses the schema {example.schema}"
            findings.append(_at_index(example, problem, "refer to the schema, or remove it and its examples"))
    return findings


def _unindexed(contract: Contract, indexed: set[str]) -> Iterator[Finding]:
    for path in contract.files:
        if "/examples/" in path and path not in (*INDEXES, PARAMETERS) and path not in indexed:
            problem = "no index says which schema this example belongs to"
            yield Finding(path, 1, "example-index", problem, "list it in the examples.yaml of its half")


def _equal_names(examples: list[Example]) -> Iterator[Finding]:
    """A second example of the same name in a half would take the first one's place in the bundle."""
    seen: dict[tuple[str, str], Example] = {}
    for example in examples:
        first = seen.setdefault((example.index.partition("/")[0], example.name), example)
        if first is not example:
            problem = f"its name {example.name} is that of {first.path}"
            yield _at_index(example, problem, "rename one of the files")


def _uncompilable(contract: Contract, engines: Engines, components: JsonObject) -> Iterator[Finding]:
    for name in components:
        source = contract.schema_named(name)
        try:
            engines.judgements(name, {})
        except (jsonschema_rs.ValidationError, SchemaError) as error:
            problem = f"the schema does not compile: {error.message[:200]}"
            yield Finding(source.path if source else name, 1, "schema", problem, "fix the schema")


def _index_faults(example: Example) -> Iterator[Finding]:
    negative = _INVALID in example.path
    if negative and example.breaks is None:
        yield _at_index(example, "a negative example without breaks", "write {at: pointer, rule: keyword}")
    if not negative and example.breaks is not None:
        yield _at_index(example, "breaks on an example outside invalid/", "move the file, or remove breaks")
    allowed = (RECORDED,) if example.is_recorded else BASIS_WORDS
    if example.breaks is None and example.basis not in allowed:
        yield _at_index(example, f"basis is {example.basis!r}", f"write one of {', '.join(allowed)}")
    if example.breaks is None and not example.source:
        yield _at_index(example, "the example names no source", "name the public page and its version")


def _value_faults(file: Source, example: Example, engines: Engines) -> Iterator[Finding]:
    judgements = engines.judgements(example.schema, example.value)
    verdicts = {judgement.dialect: not judgement.breaches for judgement in judgements}
    if len(set(verdicts.values())) > 1:
        words = {True: "accepts", False: "refuses"}
        said = ", ".join(f"{dialect} {words[is_fine]}" for dialect, is_fine in verdicts.items())
        problem = f"{example.schema} is read differently: {said}"
        yield Finding(file.path, 1, "dialects", problem, "write the schema in the shared subset")
        return
    refused = [judgement for judgement in judgements if judgement.breaches]
    if example.breaks is None and refused:
        at = sorted(breach.at for breach in refused[0].breaches)[0]
        problem = f"breaks {example.schema}: {refused[0].words}"
        yield file.finding(tuple(at.split("/")[1:]), "example", problem, "fix the example or the schema")
    if example.breaks is not None:
        yield from _negative_faults(file, example, example.breaks, judgements)


def _negative_faults(
    file: Source, example: Example, breach: Breach, judgements: list[Judgement]
) -> Iterator[Finding]:
    for judgement in judgements:
        if breach not in judgement.breaches:
            found = sorted(f"{b.at or '/'} {b.rule}" for b in judgement.breaches) or ["nothing"]
            problem = f"should break {breach.rule} at {breach.at or '/'}, but {judgement.dialect} finds {', '.join(found)}"
            remedy = "fix the example, or the breaks of its entry"
            yield Finding(file.path, 1, "negative-example", problem, remedy)


def _at_index(example: Example, problem: str, remedy: str) -> Finding:
    return Finding(example.index, example.line, "example-index", f"{example.path}: {problem}", remedy)


def all_schemas(openapi: JsonObject, asyncapi: JsonObject) -> JsonObject:
    """The schema components of both bundles in OpenAPI's form; a shared component is the same in both."""
    merged: JsonObject = {}
    for document in (asyncapi, openapi):
        merged |= as_object(as_object(document.get("components")).get("schemas"))
    return merged
