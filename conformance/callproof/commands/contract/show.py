"""`callproof contract show`: the contract in a few lines, or one named part of it."""

from __future__ import annotations

import json
import re
import textwrap
from argparse import Namespace
from collections.abc import Iterable, Iterator

from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser
from callproof.contract.bundles import Contract
from callproof.contract.entries import Entries, Entry
from callproof.json_values import Json, JsonObject, as_object, text_of, texts_in
from callproof.suggestions import did_you_mean
from callproof.validator.finding import printable

_WIDTH = 80
_REQUIREMENT = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*-[0-9]{3}")
#: kind -> an example of a name, as a shell wants it
_EXAMPLES = {
    "operations": "InitiateConference",
    "endpoints": "'POST /me/calls/{id}'",
    "channels": "/v2/me/calls",
    "messages": "StatusChange",
    "schemas": "CallState",
    "sentences": "order-within-one-call",
}
#: Members of a definition that stand above it already.
_TOLD = ("title", "description", "summary", "x-basis", "x-source")
_EPILOG = """\
NAME is one of these, or one of the words on the left for a list of names:
""" + "\n".join(f"  {kind:<11} such as {name}" for kind, name in _EXAMPLES.items())


class _Options(Namespace):
    name: str | None
    contract: str | None
    json: bool


def main(arguments: list[str]) -> int:
    """Print what was asked for. Raises Stopped."""
    parser = Parser("contract show", "Print the contract in a few lines, or one part of it.", _EPILOG)
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="what to print (default: the contract in a few lines)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.takes_contract()
    options = parser.parse_args(arguments, namespace=_Options())
    contract = contract_at(options.contract)
    entries = Entries(contract)
    value, lines = _asked_for(options.name, contract, entries)
    if options.json:
        print(json.dumps(value, indent=1, ensure_ascii=False))
    else:
        print("\n".join(map(printable, lines)))
    return CLEAN


def _asked_for(name: str | None, contract: Contract, entries: Entries) -> tuple[Json, list[str]]:
    """What to print, as JSON and as lines. Raises Stopped."""
    if name is None:
        return _overview(contract, entries), [*_overview_lines(contract, entries)]
    if name in entries.kinds:
        names = [*entries.kinds[name]]
        listed: list[Json] = [*names]
        return listed, names
    found = entries.find(name)
    if not found:
        raise Stopped(_unknown(name, entries), CONFIGURATION)
    value: Json = _as_object(found[0]) if len(found) == 1 else [_as_object(entry) for entry in found]
    separated = [
        line for number, entry in enumerate(found) for line in (*([""] if number else []), *_lines(entry))
    ]
    return value, separated


def _unknown(name: str, entries: Entries) -> str:
    if _REQUIREMENT.fullmatch(name):
        return f"{name} looks like a requirement; run: callproof explain {name}"
    otherwise = "callproof contract show lists what there is"
    return f"the contract has nothing called {name}; {did_you_mean(name, entries.names, otherwise)}"


# the whole -------------------------------------------------------------------------------------------------------------


def _overview(contract: Contract, entries: Entries) -> JsonObject:
    return {
        "contract": contract.version,
        "gws": as_object(contract.openapi.get("info")).get("x-gws-versions"),
        "folder": contract.directory,
        "counts": {kind: len(named) for kind, named in entries.kinds.items()},
    }


def _overview_lines(contract: Contract, entries: Entries) -> Iterator[str]:
    info = as_object(contract.openapi.get("info"))
    yield f"{text_of(info.get('title'))}, contract {contract.version}"
    gws = as_object(info.get("x-gws-versions"))
    if gws:
        yield from _labelled("GWS", text_of(gws.get("text")))
        for name in ("documented", "captured"):
            yield from _labelled(name, ", ".join(texts_in(gws.get(name))))
    yield from _labelled("folder", contract.directory)
    yield ""
    yield from _wrapped(text_of(info.get("description")).strip())
    yield ""
    for kind, named in entries.kinds.items():
        yield f"{len(named):>4} {kind:<11} callproof contract show {_EXAMPLES[kind]}"
    yield ""
    yield "callproof contract show operations lists the names of all operations, and so on."
    yield "callproof list and callproof explain show the requirements."


# a part ----------------------------------------------------------------------------------------------------------------


def _as_object(entry: Entry) -> JsonObject:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "text": entry.text,
        "basis": entry.basis,
        "source": entry.source,
        "facts": [[label, text] for label, text in entry.facts],
        "sentences": {pointer: {**sentence} for pointer, sentence in entry.sentences.items()},
        "definition": entry.definition,
    }


def _lines(entry: Entry) -> Iterator[str]:
    yield f"{entry.name}  ({entry.kind})"
    yield ""
    yield from _wrapped(entry.text)
    if entry.text:
        yield ""
    yield from _labelled("basis", entry.basis)
    yield from _labelled("source", entry.source)
    for label, text in entry.facts:
        yield from _labelled(label, text)
    if entry.sentences:
        yield ""
        yield "sentences"
        yield from _sentences(entry.sentences.items())
    if entry.kind != "sentence":
        yield ""
        yield "definition"
        shown = {name: member for name, member in entry.definition.items() if name not in _TOLD}
        yield from (f"  {line}" for line in _json_lines(shown))


def _sentences(sentences: Iterable[tuple[str, JsonObject]]) -> Iterator[str]:
    for pointer, sentence in sentences:
        yield f"  {pointer}"
        yield from _wrapped(text_of(sentence.get("text")), "    ")
        yield from _wrapped(f"{text_of(sentence.get('basis'))}: {text_of(sentence.get('source'))}", "    ")


def _json_lines(definition: JsonObject) -> list[str]:
    """The definition as JSON without its examples, which `--json` has too; long texts in it are wrapped."""
    shown = json.dumps(_without_examples(definition), indent=2, ensure_ascii=False)
    return [part for line in shown.split("\n") for part in _folded(line)]


def _folded(line: str) -> list[str]:
    """A line of JSON in lines that fit; the further ones are indented below the first."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(
        line, _WIDTH - 2, subsequent_indent=indent, break_on_hyphens=False, drop_whitespace=True
    ) or [line]


def _without_examples(value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _without_examples(v) for k, v in value.items() if k not in ("example", "examples")}
    return [_without_examples(item) for item in value] if isinstance(value, list) else value


def _labelled(label: str, text: str) -> list[str]:
    """A label and what belongs to it; a long label has a line of its own."""
    if not text:
        return []
    if len(label) > 11:
        return [label, *_wrapped(text, " " * 12)]
    return textwrap.wrap(
        f"{label:<12}{text}",
        _WIDTH,
        subsequent_indent=" " * 12,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
