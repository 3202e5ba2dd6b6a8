"""`callproof contract diff`: which changes from one contract to another break clients, and which break servers."""

from __future__ import annotations

import json
import os
from argparse import Namespace

from callproof.commands.exits import CLEAN, FINDINGS, NOT_JUDGED, Stopped, of_diff_in_words
from callproof.commands.parsing import Parser
from callproof.contract.bundles import (
    ASYNCAPI,
    CALL_MODEL,
    MEMBERS,
    OPENAPI,
    ContractNotUsable,
    default_directory,
    load_contract,
    read_bundle,
    released_directory,
    released_versions,
)
from callproof.contract_diff import Bundles, NotComparable, as_json, as_text, compare, gathered
from callproof.json_values import JsonObject
from callproof.suggestions import did_you_mean
from callproof.validator.finding import printable

_EPILOG = """\
examples:
  callproof contract diff 0.1.0              from a release to the installed one
  callproof contract diff 0.1.0 dist --all   to bundles in a folder, in full
  callproof contract diff old/openapi.json new/openapi.json --json

"""


class _Options(Namespace):
    old: str
    new: str | None
    all: bool
    json: bool


def main(arguments: list[str]) -> int:
    """Print the comparison and return whether something breaks. Raises Stopped."""
    options = _options(arguments)
    try:
        old = _bundles(options.old)
        new = _bundles(options.new if options.new is not None else default_directory())
        groups = gathered(compare(*_alike(old, new)))
    except ContractNotUsable as error:
        raise Stopped(f"not comparable: {error}", NOT_JUDGED) from None
    except NotComparable as error:
        raise Stopped(f"not comparable: {error}", NOT_JUDGED) from None
    old, new = _alike(old, new)
    if options.json:
        print(json.dumps(as_json(old, new, groups), indent=1, ensure_ascii=False))
    else:
        text = as_text(old, new, groups, whole=options.all)
        print("\n".join(map(printable, text.split("\n"))), end="")
    return FINDINGS if any(group.change.effect.breaks for group in groups) else CLEAN


def _bundles(word: str) -> Bundles:
    """What the word names: a folder, a file, or a released version. Raises Stopped and ContractNotUsable."""
    if os.path.isdir(word):
        return _of_folder(word, word)
    if os.path.exists(word):
        return _of_file(word)
    versions = released_versions()
    if word in versions:
        return _of_folder(released_directory(word), word)
    installed = load_contract().version
    if word == installed:
        return _of_folder(default_directory(), word)
    meant = did_you_mean(word, versions, f"the released versions are {', '.join(versions)}")
    raise Stopped(
        f"not comparable: {word} is not a folder, a file or a released version; {meant}", NOT_JUDGED
    )


def _of_folder(folder: str, name: str) -> Bundles:
    openapi = read_bundle(os.path.join(folder, OPENAPI), OPENAPI)
    asyncapi = read_bundle(os.path.join(folder, ASYNCAPI), ASYNCAPI)
    model = os.path.join(folder, CALL_MODEL)
    call_model = read_bundle(model, CALL_MODEL) if os.path.exists(model) else None
    return Bundles(name, openapi, asyncapi, call_model)


def _of_file(file: str) -> Bundles:
    """A single bundle; what it is shows in its members."""
    value = read_bundle(file)
    if "openapi" in value:
        return Bundles(file, read_bundle(file, OPENAPI), None, None)
    if "asyncapi" in value:
        return Bundles(file, None, read_bundle(file, ASYNCAPI), None)
    if all(isinstance(value.get(member), list) for member in MEMBERS[CALL_MODEL]):
        return Bundles(file, None, None, value)
    raise NotComparable(
        f"{file} is not a bundle: it has none of openapi, asyncapi, or a call model's operations and network"
    )


def _alike(old: Bundles, new: Bundles) -> tuple[Bundles, Bundles]:
    """Both sides, cut down to what a single file on the other side has."""
    for one, other in ((old, new), (new, old)):
        if len(one.parts) == 1 and set(one.parts) < set(other.parts):
            cut = _cut(other, one.parts[0])
            return (old, cut) if one is old else (cut, new)
    return old, new


def _cut(bundles: Bundles, part: str) -> Bundles:
    kept: dict[str, JsonObject | None] = {
        OPENAPI: bundles.openapi,
        ASYNCAPI: bundles.asyncapi,
        CALL_MODEL: bundles.call_model,
    }
    only = [kept[name] if name == part else None for name in (OPENAPI, ASYNCAPI, CALL_MODEL)]
    return Bundles(bundles.name, only[0], only[1], only[2])


def _options(arguments: list[str]) -> _Options:
    parser = Parser(
        "contract diff",
        "Say which changes from one contract to another break clients or servers.",
        _EPILOG + of_diff_in_words(),
    )
    what = "a folder of bundles, one bundle, or a released version"
    parser.add_argument("old", metavar="OLD", help=what)
    parser.add_argument("new", nargs="?", metavar="NEW", help="the same (default: the installed contract)")
    parser.add_argument("--all", action="store_true", help="name every place, and every change of words")
    parser.add_argument("--json", action="store_true", help="print JSON, with every place")
    return parser.parse_args(arguments, namespace=_Options())
