"""Checks that every statement of the contract has a basis and a source, and every behaviour sentence an id of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callproof.bundling.findings import Finding
from callproof.bundling.sources import CALL_MODEL, Contract, Source
from callproof.bundling.values import Json, JsonObject, Tokens, as_list, as_object, is_of_type, walk
from tools.contract.vocabulary import BASIS_WORDS, LEVELS, METHODS

_ID = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
# The members that each kind of sentence must have besides basis and source.
_SENTENCES: dict[str, tuple[str, ...]] = {
    "x-behaviour": ("id", "text"),
    "x-refusals": ("statusCode", "when"),
    "x-bayeux": ("id", "level", "text"),
}
_MAY_SAY = {"note", "summary", "errors"}

_Fault = tuple[Tokens, str, str, str]


def sentence_findings(contract: Contract) -> list[Finding]:
    """The faults of x-basis, x-source, x-behaviour, x-refusals, x-bayeux rules and the call model's rows."""
    findings = []
    for source in contract.files.values():
        if "/examples/" in source.path:
            continue
        faults = [*_statement_faults(source), *_all_sentence_faults(source)]
        findings += [source.finding(*fault) for fault in faults]
    return findings


def _statements(source: Source) -> Iterator[tuple[Tokens, JsonObject]]:
    """The objects of the file that must carry x-basis and x-source."""
    document = as_object(source.value)
    if source.folder in {"schemas", "operations", "messages", "bayeux"}:
        yield (), document
    elif source.folder == "paths":
        for method in METHODS:
            if method in document:
                yield (method,), as_object(document[method])
    elif "asyncapi" in document:
        for part in ("channels", "operations"):
            for name, member in as_object(document.get(part)).items():
                yield (part, name), as_object(member)


def _statement_faults(source: Source) -> Iterator[_Fault]:
    for at, statement in _statements(source):
        yield from _footing_faults(statement, at, "x-basis", "x-source")
    if source.path == CALL_MODEL:
        for part in ("operations", "network", "devices", "agentStates"):
            for number, row in enumerate(as_list(as_object(source.value).get(part))):
                yield from _footing_faults(as_object(row), (part, str(number)), "basis", "source")


def _footing_faults(statement: JsonObject, at: Tokens, basis: str, source: str) -> Iterator[_Fault]:
    if statement.get(basis) not in BASIS_WORDS:
        word = statement.get(basis)
        problem = f"{basis} is missing" if word is None else f"{basis} is {word!r}"
        yield (*at, basis), "basis", problem, f"write one of {', '.join(BASIS_WORDS)}"
    if not isinstance(statement.get(source), str) or not statement[source]:
        remedy = "name the public page, its version, or the section of the standard"
        yield (*at, source), "source", f"{source} is missing", remedy


def _all_sentence_faults(source: Source) -> Iterator[_Fault]:
    seen: set[str] = set()
    for at, value in walk(source.value):
        if at and at[-1] in _SENTENCES and "properties" not in at[-2:-1]:
            for place, sentence in _sentences(value, at):
                yield from _sentence_faults(sentence, place, at[-1], seen)
            if at[-1] != "x-bayeux" and not isinstance(value, list):
                yield at, "sentence", f"{at[-1]} is not a list", "list the sentences"


def _sentences(value: Json, at: Tokens) -> Iterator[tuple[Tokens, JsonObject]]:
    """The items of a list of sentences; in x-bayeux, which also holds facts, every object with a text."""
    if at[-1] != "x-bayeux":
        for number, item in enumerate(as_list(value)):
            yield (*at, str(number)), as_object(item)
        return
    for place, member in walk(value, at):
        if isinstance(member, dict) and "text" in member:
            yield place, member


def _sentence_faults(sentence: JsonObject, at: Tokens, kind: str, seen: set[str]) -> Iterator[_Fault]:
    needed = _SENTENCES[kind]
    shape = f"write {', '.join(needed)}, basis and source"
    for name in needed:
        if sentence.get(name) in (None, ""):
            yield at, "sentence", f"a sentence of {kind} without {name}", shape
    for name in sorted(set(sentence) - set(needed) - {"basis", "source"} - _MAY_SAY):
        yield (*at, name), "sentence", f"{name} is not a member of a sentence of {kind}", shape
    yield from _footing_faults(sentence, at, "basis", "source")
    level = sentence.get("level")
    if "level" in needed and level not in LEVELS:
        yield (*at, "level"), "sentence", f"level is {level!r}", f"write one of {', '.join(LEVELS)}"
    if "statusCode" in needed and not is_of_type(sentence.get("statusCode"), "integer"):
        problem, remedy = "statusCode is not an integer", "write the code of ReturnValues"
        yield (*at, "statusCode"), "sentence", problem, remedy
    identity = sentence.get("id")
    if isinstance(identity, str) and identity:
        place = (*at, "id")
        if not _ID.fullmatch(identity):
            remedy = "write words of letters and digits, joined by - . or _"
            yield place, "sentence-id", f"{identity!r} is not an id", remedy
        if identity in seen:
            problem = f"the id {identity} appears twice in this file"
            yield place, "sentence-id", problem, "rename one of the sentences"
        seen.add(identity)
