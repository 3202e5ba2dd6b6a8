"""The result document and the transcript as typed values for the reports.

`Report.of` takes the document that `result.build` made, or one read from a file, and the transcript's entries as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from callproof.catalogue.requirement import Verdict
from callproof.json_values import Json, as_object, objects_in, text_of, texts_in
from callproof.judge import verdicts
from callproof.judge.findings import Difference, NearMiss
from callproof.judge.verdicts import ProfileVerdict

#: How a profile's verdict is written out.
PROFILE_WORDS: Mapping[ProfileVerdict, str] = {
    "conformant": "CONFORMANT",
    "not-conformant": "NOT CONFORMANT",
    "undetermined": "UNDETERMINED",
}
_ASKED = frozenset({"request", "response", "bayeux-request", "bayeux-response"})
#: Controls except tab and line feed; format characters, which change the reading direction of a line or hide in it; separators of lines
#: and paragraphs; surrogates, which no encoding holds; noncharacters.
_NOT_SHOWN = (
    (0, 9), (0xB, 0x20), (0x7F, 0xA0), (0xAD, 0xAE), (0x600, 0x606), (0x61C, 0x61D), (0x6DD, 0x6DE), (0x70F, 0x710), (0x890, 0x892),
    (0x8E2, 0x8E3), (0x180E, 0x180F), (0x200B, 0x2010), (0x2028, 0x202F), (0x2060, 0x2070), (0xD800, 0xE000), (0xFDD0, 0xFDF0),
    (0xFEFF, 0xFF00), (0xFFF9, 0xFFFC), (0xFFFE, 0x10000), (0x110BD, 0x110BE), (0x110CD, 0x110CE), (0x13430, 0x13460),
    (0x1BCA0, 0x1BCA4), (0x1D173, 0x1D17B), (0xE0001, 0xE0080),
)  # fmt: skip
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for bounds in _NOT_SHOWN for code in range(*bounds)}
_ESCAPES = {code: json.dumps(chr(code))[1:-1] for code in _CONTROLS if code >= 0x7F}


@dataclass(frozen=True)
class Line:
    """One entry of the transcript."""

    id: str
    ms: float
    agent: str
    kind: str
    body: Mapping[str, Json]

    @property
    def request(self) -> str:
        """The id of the entry that this one answers; empty if it answers none."""
        return _text(self.body.get("request"))


@dataclass(frozen=True)
class Check:
    """One observation, with everything that supports it."""

    id: str
    requirement: str
    verdict: Verdict
    code: str
    message: str
    expected: str
    got: str
    evidence: tuple[str, ...]
    nearest: tuple[NearMiss, ...]
    blocked_by: str
    strength: str
    reading: str
    step: str
    place: str


@dataclass(frozen=True)
class RequirementResult:
    """One requirement as the document has it."""

    id: str
    title: str
    text: str
    level: str
    basis: str
    rationale: str
    source: str
    pointer: str
    verdict: Verdict
    counted: bool
    checks: tuple[str, ...]

    @property
    def meaning(self) -> str:
        return verdicts.meaning(self.verdict, self.counted)


@dataclass(frozen=True)
class Played:
    """One scenario with its checks and its part of the transcript."""

    id: str
    title: str
    profile: str
    flow: str
    left_out: str
    ended: bool
    duration_ms: int
    checks: tuple[Check, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Profile:
    """One profile: its verdict, the number of requirements with each verdict, and where to look first."""

    name: str
    verdict: ProfileVerdict
    set_hash: str
    counts: Mapping[str, int]
    first_causes: tuple[str, ...]

    @property
    def words(self) -> str:
        return PROFILE_WORDS[self.verdict]


@dataclass(frozen=True)
class Report:
    """A whole result."""

    document: Mapping[str, Json]
    profiles: tuple[Profile, ...]
    requirements: Mapping[str, RequirementResult]
    scenarios: tuple[Played, ...]
    lines: Mapping[str, Line]
    cleanup_left: tuple[str, ...]
    cleaned: bool
    exit_code: int
    _checks: Mapping[str, tuple[Played, Check]] = field(repr=False, default_factory=dict)

    @staticmethod
    def of(document: Mapping[str, Json], transcript: Sequence[Mapping[str, Json]] = ()) -> Report:
        """Read a valid document and its transcript; without a transcript there is less evidence to show."""
        lines = tuple(_line(entry) for entry in transcript)
        scenarios = tuple(_played(item, lines) for item in objects_in(document.get("scenarios")))
        cleanup = as_object(document.get("cleanup"))
        return Report(
            document=document,
            profiles=tuple(_profile(item) for item in objects_in(document.get("profiles"))),
            requirements={
                item.id: item for item in map(_requirement, objects_in(document.get("requirements")))
            },
            scenarios=scenarios,
            lines={line.id: line for line in lines},
            cleanup_left=_texts(cleanup.get("left")),
            cleaned=bool(cleanup.get("complete")),
            exit_code=cast(int, document["exit_code"]),
            _checks={check.id: (played, check) for played in scenarios for check in played.checks},
        )

    @property
    def verdict(self) -> ProfileVerdict:
        """The run's verdict: the worst of its profiles; undetermined if it has none."""
        found = {profile.verdict for profile in self.profiles}
        ladder: tuple[ProfileVerdict, ...] = ("not-conformant", "undetermined")
        return next((word for word in ladder if word in found), "conformant" if found else "undetermined")

    @property
    def first_causes(self) -> tuple[str, ...]:
        """The ids of the checks to look at first, over all profiles, each once."""
        return tuple(dict.fromkeys(cause for profile in self.profiles for cause in profile.first_causes))

    def check(self, name: str) -> tuple[Played, Check]:
        """The check of this id and the scenario that it belongs to."""
        return self._checks[name]

    def requirements_with(self, *found: Verdict) -> tuple[RequirementResult, ...]:
        return tuple(item for item in self.requirements.values() if item.verdict in found)

    def evidence(self, played: Played, check: Check) -> tuple[Line, ...]:
        """The entries that a check cites, in the order of the transcript, with the requests of the answers among them. If it cites only
        notifications, the request before them and its answer are added."""
        named = (*check.evidence, *(miss.evidence for miss in check.nearest))
        cited = [name for name in named if name in self.lines]
        wanted = {*cited, *(self.lines[name].request for name in cited)}
        if cited and not any(self.lines[name].kind in _ASKED for name in wanted if name in self.lines):
            wanted |= self._stimulus_before(played, cited)
        return tuple(line for line in self.lines.values() if line.id in wanted)

    def _stimulus_before(self, played: Played, cited: Collection[str]) -> set[str]:
        asked = ""
        for line in played.lines:
            if line.id in cited:
                break
            asked = line.id if line.kind == "request" else asked
        return {line.id for line in played.lines if asked and asked in (line.id, line.request)}


def target_name(report: Report) -> str:
    """Vendor, product and version of the target in one line."""
    target = as_object(report.document.get("target"))
    vendor, product, version = (_text(target.get(name)) for name in ("vendor", "product", "version"))
    return " ".join(filter(None, ("" if product.startswith(vendor) else vendor, product, version)))


def suite_name(report: Report) -> str:
    """The suite's name and version, the contract's version and the commit, in one line."""
    suite = as_object(report.document.get("suite"))
    name, version, contract, commit = (
        _text(suite.get(part)) for part in ("name", "version", "contract_version", "commit")
    )
    hexes, dash, dirty = commit.partition("-")
    parts = (
        f"{name} {version}",
        contract and f"contract {contract}",
        commit and f"commit {hexes[:12]}{dash}{dirty}",
    )
    return ", ".join(filter(None, parts))


def seconds(report: Report) -> float:
    """How long the scenarios took together."""
    return sum(played.duration_ms for played in report.scenarios) / 1000


def _line(entry: Mapping[str, Json]) -> Line:
    ms = entry.get("ms", 0)
    return Line(
        id=_text(entry.get("id")),
        ms=float(ms) if isinstance(ms, int | float) else 0.0,
        agent=_text(entry.get("agent")),
        kind=_text(entry.get("kind")),
        body=as_object(entry.get("body")),
    )


_CHECK = (
    "id", "requirement", "code", "message", "expected", "got", "blocked_by", "strength", "reading", "step", "place",
)  # fmt: skip


def _check(item: Mapping[str, Json]) -> Check:
    return Check(
        **_named(item, *_CHECK),
        verdict=cast(Verdict, item["verdict"]),
        evidence=_texts(item.get("evidence")),
        nearest=tuple(_miss(miss) for miss in objects_in(item.get("nearest"))),
    )


def _miss(item: Mapping[str, Json]) -> NearMiss:
    differences = (
        _named(found, "member", "expected", "got") for found in objects_in(item.get("differences"))
    )
    return NearMiss(
        _text(item["evidence"]), _text(item["what"]), tuple(Difference(**one) for one in differences)
    )


def _requirement(item: Mapping[str, Json]) -> RequirementResult:
    source, contract = as_object(item.get("source")), as_object(item.get("contract"))
    return RequirementResult(
        **_named(item, "id", "title", "text", "level", "basis"),
        rationale=" ".join(filter(None, (_text(item.get("must_because")), _text(item["rationale"])))),
        source=f"{_text(source.get('doc'))}, {_text(source.get('section'))}",
        pointer=_text(contract.get("pointer")),
        verdict=cast(Verdict, item["verdict"]),
        counted=bool(item["counted"]),
        checks=_texts(item["checks"]),
    )


def _played(item: Mapping[str, Json], lines: Sequence[Line]) -> Played:
    duration = item.get("duration_ms", 0)
    return Played(
        **_named(item, "id", "title", "profile", "flow", "left_out"),
        ended=bool(item.get("ended", True)),
        duration_ms=duration if isinstance(duration, int) else 0,
        checks=tuple(_check(check) for check in objects_in(item.get("checks"))),
        lines=_between(lines, as_object(item.get("transcript"))),
    )


def _between(lines: Sequence[Line], bounds: Mapping[str, Json]) -> tuple[Line, ...]:
    ids = [line.id for line in lines]
    first, last = bounds.get("first"), bounds.get("last")
    if first not in ids or last not in ids:
        return ()
    return tuple(lines[ids.index(first) : ids.index(last) + 1])


def _profile(item: Mapping[str, Json]) -> Profile:
    return Profile(
        name=_text(item["name"]),
        verdict=cast(ProfileVerdict, item["verdict"]),
        set_hash=_text(item["set_hash"]),
        counts=cast(Mapping[str, int], as_object(item.get("counts"))),
        first_causes=_texts(item["first_causes"]),
    )


def without_controls(text: str) -> str:
    """The text without characters that a terminal would act on: a server may put escape sequences into anything."""
    return text.translate(_CONTROLS)


def with_escapes(json_text: str) -> str:
    """A JSON text with those characters, which stand only within its strings, as escapes: it means the same, and nothing obeys it."""
    return json_text.translate(_ESCAPES)


def _text(value: Json) -> str:
    return without_controls(text_of(value))


def _named(item: Mapping[str, Json], *names: str) -> dict[str, str]:
    """The members with these names as text; the fields have the same names."""
    return {name: _text(item.get(name)) for name in names}


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(map(without_controls, texts_in(value)))
