"""Plays the flows and keeps what shows something new: one example per thing, in the order in which the flows show it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema_rs

from callproof.bundling.bundle import bundles, text_of
from callproof.bundling.example_index import RECORDED, indexed_examples
from callproof.bundling.placing import schema_names
from callproof.bundling.sources import Contract
from callproof.bundling.values import Json, JsonObject, as_object
from refswitch.contract import load_contract
from tools.contract.shown import Thing, shown_by

from .desk import Desk, Exchange, NotAsPlanned, Passed
from .flows import FLOWS, Flow


@dataclass(frozen=True)
class Candidate:
    """Something that a flow showed: its half of the contract, its schema, and what it would be called.

    `name` is its file below the half's examples/recorded/, without the ending. `members` are the names that tell it from another example of
    its schema. `answers` gives operationId and HTTP status of a refusal. `always`: it is kept even if it shows nothing new.
    """

    half: str
    schema: str
    value: Any
    flow: str
    name: str
    summary: str
    members: tuple[str, ...] = ()
    when: str = ""
    answers: tuple[str, int] | None = None
    always: bool = False

    @property
    def shows(self) -> set[Thing]:
        """What the contract wants shown, and for the reader's sake every member that an answer or a Bayeux message may have."""
        return shown_by(self.schema, self.value, self.when) | {
            ("member", self.schema, name) for name in self.members
        }

    def beside(self, shown: set[Thing]) -> Candidate:
        """The candidate under a name that no other example of its schema has."""
        new = [name for name in self.members if not {("member", self.schema, name)} & shown]
        if ("schema", self.schema) not in shown or not new:
            return self
        name = f"{self.name.removesuffix('/request')}/with-{'-'.join(new)}"
        return replace(self, name=name, summary=f"{self.schema} with {_listed(new)}")


@dataclass
class Recording:
    """What is kept: the examples, and the accepted values of parameters by operationId and name."""

    examples: list[Candidate] = field(default_factory=list)
    parameters: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def record(contract: Contract, flows: Sequence[Flow] = FLOWS) -> Recording:
    """Play the flows against a server that serves this contract. Raises ContractBroken, and NotAsPlanned if a flow cannot be played."""
    written = without_recorded(contract)
    documents = bundles(written)
    with TemporaryDirectory() as folder:
        for name, document in documents.items():
            Path(folder, name).write_text(text_of(document), encoding="utf-8")
        taken = asyncio.run(_played(Path(folder), flows))
    shown = _documented(written)
    known, recording = _Schemas(documents), Recording()
    for one in taken:
        if isinstance(one, Exchange):
            _keep_parameters(one, recording.parameters)
        for candidate in _candidates(one, known):
            if candidate.always or candidate.shows - shown:
                recording.examples.append(candidate.beside(shown))
            shown |= candidate.shows
    return recording


def _documented(written: Contract) -> set[Thing]:
    """What the examples show that are written by hand."""
    shown: set[Thing] = set()
    for example in indexed_examples(written)[0]:
        if example.breaks is None:
            shown |= shown_by(example.schema, example.value, example.when)
            shown |= {("member", example.schema, name) for name in as_object(example.value)}
    return shown


def without_recorded(contract: Contract) -> Contract:
    """The contract as it is written by hand, so that no recording depends on an earlier one."""
    kept = {path: source for path, source in contract.files.items() if RECORDED not in path}
    return Contract(kept, contract.findings)


async def _played(folder: Path, flows: Sequence[Flow]) -> list[Exchange | Passed]:
    contract = load_contract(folder)
    desks = {csrf: Desk(contract, csrf=csrf) for csrf in sorted({flow.csrf for flow in flows})}
    taken: list[Exchange | Passed] = []
    try:
        for flow in flows:
            taken += await _taken(desks[flow.csrf], flow)
    finally:
        for desk in desks.values():
            await desk.close()
    return taken


async def _taken(desk: Desk, flow: Flow) -> list[Exchange | Passed]:
    desk.start(flow.name)
    await flow.play(desk)
    taken, desk.taken = desk.taken, []
    return taken


class _Schemas:
    """Finds the schema of what was recorded, by where it was seen."""

    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        self._openapi: Any = documents["openapi.json"]
        self._asyncapi: Any = documents["asyncapi.json"]
        self._compiled: dict[str, jsonschema_rs.Draft7Validator] = {}

    def of_answer(self, operation_id: str, status: int, value: Json) -> str:
        """The first schema of the answer's media type that accepts it."""
        responses = next(
            operation["responses"]
            for item in self._openapi["paths"].values()
            for operation in item.values()
            if isinstance(operation, dict) and operation.get("operationId") == operation_id
        )
        response = responses.get(str(status)) or responses["default"]
        if "$ref" in response:
            response = self._openapi["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"]["application/json"]["schema"]
        return self._first(self._openapi, schema, value, f"the answer {status} of {operation_id}")

    def of_message(self, kind: str, value: Any) -> str:
        """The first schema, of the channel's messages in this direction, that accepts it."""
        is_sent = {"request": False, "reply": False, "event": True}[kind]
        for operation in self._asyncapi["operations"].values():
            channel = self._asyncapi["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
            if channel["address"] != value["channel"] or (operation["action"] == "send") != is_sent:
                continue
            messages = operation["reply" if kind == "reply" else "messages"]
            messages = messages["messages"] if kind == "reply" else messages
            named = [channel["messages"][one["$ref"].rpartition("/")[2]] for one in messages]
            payloads = [
                self._asyncapi["components"]["messages"][one["$ref"].rpartition("/")[2]]["payload"]
                for one in named
            ]
            return self._first(
                self._asyncapi, {"anyOf": payloads}, value, f"the {kind} on {value['channel']}"
            )
        raise NotAsPlanned(f"the contract has no {kind} on {value['channel']}")

    def _first(self, document: JsonObject, schema: JsonObject, value: Json, words: str) -> str:
        for name in schema_names(document, schema):
            if name not in self._compiled:
                whole = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
                self._compiled[name] = jsonschema_rs.Draft7Validator(whole)
            if self._compiled[name].is_valid(value):
                return name
        raise NotAsPlanned(f"{words} breaks its schema: {value}")


def _keep_parameters(exchange: Exchange, parameters: dict[str, dict[str, list[str]]]) -> None:
    """The values of an accepted request, each once."""
    if exchange.answer["statusCode"] == 0:
        for name, value in {**exchange.path_values, **exchange.query}.items():
            values = parameters.setdefault(exchange.operation_id, {}).setdefault(name, [])
            if value not in values and len(values) < _MOST_VALUES.get(name, 1):
                values.append(value)


#: How many values of a parameter are kept; of any other, the first.
_MOST_VALUES: Mapping[str, int] = {"fields": 2, "subresources": 2}


def _candidates(one: Exchange | Passed, known: _Schemas) -> Iterator[Candidate]:
    if isinstance(one, Passed):
        yield _message(one, known)
        return
    if one.body is not None and one.answer["statusCode"] == 0:
        yield _request(one)
    yield _answer(one, known)


def _request(exchange: Exchange) -> Candidate:
    operation, members = exchange.body["operationName"], tuple(exchange.body)
    return Candidate(
        "openapi", operation, exchange.body, exchange.flow, f"{operation}/request", operation, members
    )


def _answer(exchange: Exchange, known: _Schemas) -> Candidate:
    schema = known.of_answer(exchange.operation_id, exchange.status, exchange.answer)
    if exchange.answer["statusCode"] in (0, 7):
        always = bool(exchange.summary)
        members = tuple(exchange.answer)
        name = _UNFIT.sub("-", exchange.summary or schema)
        summary = exchange.summary or (f"{schema} with uris" if "uris" in members else schema)
        return Candidate(
            "openapi", schema, exchange.answer, exchange.flow, name, summary, members, always=always
        )
    return _refusal(exchange, schema)


def _refusal(exchange: Exchange, schema: str) -> Candidate:
    code = exchange.answer["statusCode"]
    asked = exchange.body["operationName"] if exchange.body else exchange.operation_id
    name = f"refused/{code}-{asked}" + (f"-{exchange.status}" if exchange.status in _OF_THE_REQUEST else "")
    summary = f"{asked} refused with statusCode {code}: {exchange.when or exchange.summary}"
    return Candidate(
        "openapi",
        schema,
        exchange.answer,
        exchange.flow,
        name,
        summary,
        when=exchange.when,
        answers=(exchange.operation_id, exchange.status),
        always=not exchange.when,
    )


def _message(passed: Passed, known: _Schemas) -> Candidate:
    schema, message = known.of_message(passed.kind, passed.message), passed.message
    if passed.kind == "event":
        state = as_object(as_object(message.get("data")).get("call")).get("state")
        name, summary = (
            (f"{schema}/{state}", f"{schema} of a call that is {state}") if state else (schema, schema)
        )
        return Candidate("asyncapi", schema, message, passed.flow, name, summary)
    if passed.summary:
        return Candidate("asyncapi", schema, message, passed.flow, f"{schema}/refused", passed.summary)
    return Candidate("asyncapi", schema, message, passed.flow, schema, schema, tuple(message))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


#: HTTP statuses that say what is wrong with a request, whatever the operation: they belong to the name of the example.
_OF_THE_REQUEST = (413, 415, 503)
_UNFIT = re.compile(r"[^A-Za-z0-9/.-]+")
