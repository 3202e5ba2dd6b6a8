"""`callproof list`: the requirements, scenarios or profiles of a run."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from callproof.catalogue.explain import as_json, listing
from callproof.catalogue.loading import Suite
from callproof.catalogue.planning import GENERATED
from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN
from callproof.commands.parsing import Parser, in_columns
from callproof.commands.sources import profiles_of, suite_on
from callproof.json_values import Json, objects_in
from callproof.runner import generated


class _Options(Namespace):
    what: str
    profile: list[str]
    format: str


def main(arguments: list[str]) -> int:
    """Print the list. Raises Stopped."""
    options = _options(arguments)
    suite = suite_on(contract_at(None))
    catalogue, profiles = suite.catalogue, profiles_of(options.profile, suite)
    rows = {
        "requirements": lambda: as_json(catalogue, profiles),
        "scenarios": lambda: _scenarios(suite, profiles),
        "profiles": lambda: _profiles(suite, profiles),
    }[options.what]()
    if options.format == "json":
        print(json.dumps(rows, indent=1, ensure_ascii=False))
    elif options.what == "requirements":
        print(listing(catalogue, profiles), end="")
    else:
        named = [(str(row["id"]), str(row["title"])) for row in objects_in(rows)]
        print(in_columns(named, sys.stdout), end="")
    return CLEAN


def _scenarios(suite: Suite, profiles: tuple[str, ...]) -> list[Json]:
    rows: list[tuple[int, str, str, frozenset[str]]] = [
        (profiles.index(item.profile), item.id, item.title, item.proves)
        for item in suite.scenarios
        if item.profile in profiles
    ]
    if "http" in profiles:
        rows.append((profiles.index("http"), GENERATED, generated.TITLE, generated.proves(suite.unasked)))
    return [
        {"id": name, "title": title, "profile": profiles[rank], "proves": [*sorted(proves)]}
        for rank, name, title, proves in sorted(rows)
    ]


def _profiles(suite: Suite, profiles: tuple[str, ...]) -> list[Json]:
    return [
        {
            "id": name,
            "title": f"{len(suite.catalogue.of_profile(name))} requirements, {len(_scenarios(suite, (name,)))} scenarios",
            "set_hash": suite.catalogue.set_hash(name),
        }
        for name in profiles
    ]


def _options(arguments: list[str]) -> _Options:
    parser = Parser(
        "list",
        "List the requirements, scenarios or profiles of a run.",
        "callproof explain ID shows the details of one.",
    )
    what = parser.add_mutually_exclusive_group()
    for name in ("requirements", "scenarios", "profiles"):
        what.add_argument(f"--{name}", dest="what", action="store_const", const=name, help=f"list the {name}")
    parser.set_defaults(what="requirements")
    parser.takes_several("--profile", "P", "only of this profile; repeatable")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser.parse_args(arguments, namespace=_Options())
