"""The requirement catalogue: one testable sentence about a server each, as data, read once and frozen.

`read_catalogue` opens the folder beside this file; `parse` takes texts and is pure. What is wrong with a file is told with its place,
all of it at once: an unknown member, a level that its basis does not bear, an id that is there twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

import jsonschema_rs
import yaml

from callproof.json_values import Json

Level: TypeAlias = Literal["MUST", "SHOULD", "MAY"]
Verdict: TypeAlias = Literal[
    "pass", "warn", "info", "fail", "not-applicable", "blocked", "inconclusive", "not-tested", "error"
]
Basis: TypeAlias = Literal["stated", "sample", "inferred", "bayeux", "http"]

REQUIREMENTS = Path(__file__).parent / "requirements"
#: The profiles, those without calls first: they are quick, and what they find explains the rest.
PROFILES = ("http", "notify", "initiate-conference")
#: Files in the order in which people want to read them; a file that is not named here comes after.
_AREAS = ("http", "operations", "calls", "notifications", "order", "cometd", "security")

#: What each basis means, for people.
BASES: Mapping[Basis, str] = {
    "stated": "a public page says so",
    "sample": "documented samples or captures show it",
    "inferred": "our reading; no source says it",
    "bayeux": "the Bayeux protocol",
    "http": "the HTTP standard",
}
#: Conditions that the target file answers before the run; the others show themselves in the run.
KNOWN_BEFOREHAND = frozenset({"claim", "number", "auth", "transport", "acknowledge"})


@dataclass(frozen=True)
class Source:
    """Where in public a requirement comes from."""

    doc: str
    section: str

    def __str__(self) -> str:
        return f"{self.doc}, {self.section}"


@dataclass(frozen=True)
class Acceptance:
    """Another reading of the source that a server may follow, with the verdict that it earns by it."""

    id: str
    text: str
    verdict: Verdict
    http_status: tuple[int, ...] = ()


@dataclass(frozen=True)
class NotTested:
    """Why no scenario proves a requirement."""

    reason: Literal["needs-vendor-hook", "not-observable", "destructive"]
    details: str


@dataclass(frozen=True)
class Requirement:
    """One sentence about a server that a run can judge from outside.

    `contract` points to the contract's sentence: file, `#`, id of the sentence. `applies_if` is `always` or kind and name.
    """

    id: str
    title: str
    text: str
    level: Level
    basis: Basis
    rationale: str
    source: Source
    contract: str
    since: str
    profiles: tuple[str, ...]
    must_because: str = ""
    applies_if: str = "always"
    accepts: tuple[Acceptance, ...] = ()
    not_tested: NotTested | None = None

    @property
    def condition(self) -> tuple[str, str]:
        """Kind and name of `applies_if`; both empty when it always applies."""
        kind, _, name = self.applies_if.partition(":")
        return (kind, name) if name else ("", "")

    def applies_to(self, has: Sequence[str]) -> bool:
        """Whether a target that has these things is judged by it, as far as that is known before the run."""
        return self.condition[0] not in KNOWN_BEFOREHAND or self.applies_if in has

    def accepted_status(self, status: int) -> Acceptance | None:
        """The reading that allows this HTTP status, if one does."""
        return next((reading for reading in self.accepts if status in reading.http_status), None)

    def acceptance(self, reading: str) -> Acceptance | None:
        """The reading of this id, if the requirement has it."""
        return next((acceptance for acceptance in self.accepts if acceptance.id == reading), None)


@dataclass(frozen=True)
class Catalogue:
    """All requirements in the order of their files. Iterates over them; `catalogue[id]` is one."""

    requirements: tuple[Requirement, ...]
    _by_id: Mapping[str, Requirement] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {requirement.id: requirement for requirement in self.requirements})

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def __contains__(self, requirement: object) -> bool:
        return requirement in self._by_id

    def __getitem__(self, requirement: str) -> Requirement:
        return self._by_id[requirement]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def of_profile(self, profile: str) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if profile in requirement.profiles)

    def required_set(self, profile: str) -> tuple[str, ...]:
        """The ids that a server must meet for the profile: all of it that can be tested."""
        return tuple(item.id for item in self.of_profile(profile) if item.not_tested is None)

    def set_hash(self, profile: str) -> str:
        """What identifies the required set: equal hashes mean equal ids at equal levels."""
        return _hash([[name, self[name].level] for name in sorted(self.required_set(profile))])

    @property
    def hash(self) -> str:
        """What identifies the catalogue: everything in it that a verdict depends on."""
        return _hash(
            [
                [item.id, item.level, item.text, item.applies_if, list(item.profiles)]
                for item in self.requirements
            ]
        )


@dataclass(frozen=True, order=True)
class CatalogueProblem:
    """One mistake in a file of the catalogue."""

    file: str
    requirement: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.requirement}: {self.text}"


class BadCatalogue(Exception):
    """A catalogue that cannot be used; `problems` has an entry for each mistake."""

    def __init__(self, problems: Sequence[CatalogueProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def read_catalogue(folder: Path = REQUIREMENTS) -> Catalogue:
    """Read all files of the folder. Raises BadCatalogue with all mistakes of all files."""
    paths = sorted(folder.glob("*.yaml"), key=lambda path: (_rank(path.stem), path.stem))
    return parse({path.name: path.read_text(encoding="utf-8") for path in paths})


def parse(texts: Mapping[str, str]) -> Catalogue:
    """The catalogue from the texts of its files, by name. Raises BadCatalogue; a catalogue of nothing is bad too."""
    problems: list[CatalogueProblem] = []
    found: dict[str, Requirement] = {}
    for file, text in texts.items():
        for item in _items(file, text, problems):
            requirement = _requirement(item)
            if requirement.id in found:
                problems.append(CatalogueProblem(file, requirement.id, "is in the catalogue already"))
            found.setdefault(requirement.id, requirement)
    if not found and not problems:
        problems.append(CatalogueProblem("requirements", "catalogue", "has no requirements"))
    if problems:
        raise BadCatalogue(problems)
    return Catalogue(tuple(found.values()))


def _items(file: str, text: str, problems: list[CatalogueProblem]) -> list[dict[str, Json]]:
    """The entries of one file when all of them are valid; otherwise none, and the problems."""
    try:
        value: Json = yaml.safe_load(text)
    except yaml.YAMLError as error:
        problems.append(CatalogueProblem(file, "file", f"is not YAML: {error}"))
        return []
    before = len(problems)
    for mistake in _validator().iter_errors(value):
        place = list(mistake.instance_path)
        problems.append(CatalogueProblem(file, _name_at(value, place), _in_words(place, mistake.message)))
    if len(problems) > before or not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def _requirement(item: Mapping[str, Json]) -> Requirement:
    """One entry, which the schema has found good, so that every cast says what is known."""
    source = cast(Mapping[str, str], item["source"])
    accepts = cast(Sequence[Mapping[str, Json]], item.get("accepts", []))
    not_tested = cast("Mapping[str, str] | None", item.get("not_tested"))
    return Requirement(
        id=str(item["id"]),
        title=str(item["title"]),
        text=str(item["text"]),
        level=cast(Level, item["level"]),
        basis=cast(Basis, item["basis"]),
        rationale=str(item["rationale"]),
        source=Source(source["doc"], source["section"]),
        contract=str(item["contract"]),
        since=str(item["since"]),
        profiles=tuple(cast(Sequence[str], item["profiles"])),
        must_because=str(item.get("must_because", "")),
        applies_if=str(item.get("applies_if", "always")),
        accepts=tuple(_acceptance(reading) for reading in accepts),
        not_tested=None if not_tested is None else NotTested(not_tested["reason"], not_tested["details"]),  # type: ignore[arg-type]  # the schema has the three reasons
    )


def _acceptance(reading: Mapping[str, Json]) -> Acceptance:
    statuses = cast(Sequence[int], reading.get("http_status", []))
    return Acceptance(
        str(reading["id"]), str(reading["text"]), cast(Verdict, reading["verdict"]), tuple(statuses)
    )


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((REQUIREMENTS / "requirement.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)


def _name_at(value: Json, place: Sequence[str | int]) -> str:
    """The id of the entry that a problem is in, or its number where it has none."""
    if isinstance(value, list) and place and isinstance(place[0], int):
        entry = value[place[0]]
        name = entry.get("id") if isinstance(entry, dict) else None
        return name if isinstance(name, str) else f"entry {place[0] + 1}"
    return "file"


def _in_words(place: Sequence[str | int], message: str) -> str:
    where = ".".join(str(step) for step in place[1:])
    return f"{where}: {message}" if where else message


def _rank(stem: str) -> int:
    return _AREAS.index(stem) if stem in _AREAS else len(_AREAS)


def _hash(value: Json) -> str:
    return "sha256:" + hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()
