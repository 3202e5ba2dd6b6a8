"""The result document, made from a run's events and the catalogue, and validated against its published schema.

Every report and the exit code are made only from this document and the transcript.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import cast

import jsonschema_rs

from callproof.catalogue.requirement import Catalogue, Requirement, Verdict
from callproof.json_values import Json
from callproof.judge import verdicts
from callproof.judge.checks import CheckDone
from callproof.report.report import Report, with_escapes
from callproof.runner.events import (
    CleanupDone,
    Event,
    RunEnded,
    RunStarted,
    ScenarioEnded,
    ScenarioLeftOut,
    ScenarioStarted,
)

FORMAT = "callproof.result/1"
_UNJUDGED_OR_WRONG: frozenset[Verdict] = frozenset({"fail", "error", "inconclusive"})
SCHEMA = Path(__file__).parent / "result.schema.json"


class RunNeverStarted(Exception):
    """Events without a RunStarted: the run is unknown, so there is nothing to report."""


class BadResult(Exception):
    """A result document that its own schema refuses. This is an error of the suite, never of the server."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("the result document is not valid: " + "; ".join(mistakes))


@dataclass
class _Played:
    """One scenario as its events describe it."""

    id: str
    title: str
    profile: str
    left_out: str = ""
    ended: ScenarioEnded | None = None
    checks: list[tuple[str, CheckDone]] = field(default_factory=list)


@dataclass
class _Told:
    """The events of a run, sorted."""

    started: RunStarted
    scenarios: dict[str, _Played] = field(default_factory=dict)
    cleanup: CleanupDone | None = None
    ended: RunEnded | None = None

    def checks(self) -> list[tuple[_Played, str, CheckDone]]:
        return [(played, name, check) for played in self.scenarios.values() for name, check in played.checks]


def build(
    events: Iterable[Event], catalogue: Catalogue, *, exit_code: Callable[[Mapping[str, Json]], int]
) -> dict[str, Json]:
    """The result document of a run, with the requirements as the catalogue has them.

    `exit_code` takes all other members and returns the exit code of a command that made the document. If the events break off early, the
    document says so: not complete, and undetermined unless a violation was seen. Raises RunNeverStarted, and BadResult when the document
    is not valid.
    """
    told = _sorted(events)
    ended = told.ended
    made: dict[str, Json] = {
        "format": FORMAT,
        "suite": _suite(told.started, catalogue),
        "run": _run(told),
        "target": _target(told.started, catalogue),
        "profiles": [_profile(name, told, catalogue) for name in told.started.profiles],
        "requirements": _requirements(told, catalogue),
        "scenarios": [_scenario(played) for played in told.scenarios.values()],
        "delays_ms": {kind: dict(values) for kind, values in ended.delays_ms.items()} if ended else {},
        "foreign_traffic": dict(ended.foreign_traffic) if ended else {},
        "cleanup": _cleanup(told.cleanup),
    }
    document = {name: _writable(value) for name, value in made.items()}
    document["exit_code"] = exit_code(document)
    check_document(document)
    return document


def _writable(value: Json) -> Json:
    """The value with surrogates as escapes: a server may have sent one, and no file can hold it."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    return {name: _writable(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def check_document(document: Mapping[str, Json]) -> None:
    """Raise BadResult unless the document is valid against the published schema."""
    mistakes = [
        f"{'.'.join(map(str, e.instance_path))}: {e.message}" for e in _validator().iter_errors(document)
    ]
    if mistakes:
        raise BadResult(mistakes)


def render(report: Report) -> str:
    """The document as text. It is checked again because it may come from elsewhere."""
    check_document(report.document)
    return with_escapes(json.dumps(report.document, indent=2, ensure_ascii=False)) + "\n"


def read(path: Path) -> dict[str, Json]:
    """Read a document that `render` wrote. Raises BadResult if it is not one, and OSError if it cannot be read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadResult([f"{path.name} is not JSON: {error}"]) from error
    check_document(document)
    return cast(dict[str, Json], document)


# From events to a sorted run -----------------------------------------------------------------------------------------


def _sorted(events: Iterable[Event]) -> _Told:
    told: _Told | None = None
    playing: _Played | None = None
    for event in events:
        if isinstance(event, RunStarted):
            told = _Told(event)
        elif told is None:
            raise RunNeverStarted(f"{type(event).__name__} came before RunStarted")
        elif isinstance(event, ScenarioStarted):
            playing = _Played(event.id, event.title, event.profile)
            told.scenarios[event.id] = playing
        elif isinstance(event, ScenarioLeftOut):
            told.scenarios[event.id] = _Played(event.id, event.title, event.profile, left_out=event.reason)
        elif isinstance(event, CheckDone):
            if playing is None:
                raise BadResult([f"check {event.check} belongs to no scenario"])
            playing.checks.append((_unique(event.check, playing), event))
        elif isinstance(event, ScenarioEnded):
            told.scenarios[event.id].ended = event
        elif isinstance(event, CleanupDone):
            told.cleanup = event
        else:
            told.ended = event
    if told is None:
        raise RunNeverStarted("there are no events")
    return told


def _unique(check: str, played: _Played) -> str:
    """`scenario#check`; a repeated name gets a number, so that no check is lost."""
    names = {name for name, _ in played.checks}
    wanted = f"{played.id}#{check}"
    numbered = (f"{wanted}({number})" for number in count(2))
    return next(name for name in chain([wanted], numbered) if name not in names)


# The parts of the document -------------------------------------------------------------------------------------------


def _suite(started: RunStarted, catalogue: Catalogue) -> dict[str, Json]:
    suite = started.suite
    return _without_empty(
        {"contract_version": suite.contract_version},
        name=suite.name, version=suite.version, commit=suite.commit, catalogue_hash=catalogue.hash,
    )  # fmt: skip


def _run(told: _Told) -> dict[str, Json]:
    started, ended = told.started, told.ended
    broken_off = any(played.ended is None and not played.left_out for played in told.scenarios.values())
    return _without_empty(
        {
            "stopped": ended.stopped if ended else "the run broke off",
            "failed": ended.failed if ended else "",
            "environment": {**started.environment, **_transports(ended), **_waits(ended)},
        },
        id=started.id, started=started.started, ended=ended.ended if ended else started.started,
        complete=bool(ended and ended.complete and not broken_off), interrupted=bool(ended and ended.interrupted),
        seed=started.seed, options=dict(started.options),
    )  # fmt: skip


def _transports(ended: RunEnded | None) -> dict[str, Json]:
    """The transports of the agents' sessions, if there were any."""
    return {"transports": list(ended.transports)} if ended and ended.transports else {}


def _waits(ended: RunEnded | None) -> dict[str, Json]:
    """What the suite waited at most, and why, if the run came to its end."""
    return {"waits": dict(ended.waits)} if ended and ended.waits else {}


def _target(started: RunStarted, catalogue: Catalogue) -> dict[str, Json]:
    target = started.target
    asked = [item for item in catalogue if set(item.profiles) & set(started.profiles)]
    return _without_empty(
        {"vendor": target.vendor},
        product=target.product, version=target.version, base_url_hash=target.base_url_hash, has=list(target.has),
        not_claimed=[item.id for item in asked if not item.applies_to(target.has)],
    )  # fmt: skip


def _profile(name: str, told: _Told, catalogue: Catalogue) -> dict[str, Json]:
    required = {item: _counted_verdict(catalogue[item], name, told) for item in catalogue.required_set(name)}
    found = Counter(required.values())
    return {
        "name": name,
        "set_hash": catalogue.set_hash(name),
        "verdict": verdicts.of_profile(required.values()),
        "required": dict(required),
        "counts": {verdict: found[verdict] for verdict in verdicts.WORST_FIRST if found[verdict]},
        "first_causes": cast(list[Json], _first_causes(name, required, told)),
    }


def _counted_verdict(requirement: Requirement, profile: str, told: _Told) -> Verdict:
    """A requirement's verdict in a profile: from its own scenarios if they check it, else from any; a violation counts anywhere."""
    if not requirement.applies_to(told.started.target.has):
        return "not-applicable"
    checks = [(p.profile, c.verdict) for p, _, c in told.checks() if c.requirement == requirement.id]
    is_own = any(where == profile for where, _ in checks)
    return verdicts.worst(
        found for where, found in checks if not is_own or where == profile or found == "fail"
    )


def _or_not_applicable(verdict: Verdict, requirement: Requirement, told: _Told) -> Verdict:
    """A requirement that was not checked because the target lacks what it needs is not applicable rather than not tested."""
    if verdict == "not-tested" and not requirement.applies_to(told.started.target.has):
        return "not-applicable"
    return verdict


def _first_causes(profile: str, required: Mapping[str, Verdict], told: _Told) -> list[str]:
    """The checks to look at first, scenario by scenario."""
    return [cause for played in told.scenarios.values() for cause in _causes_in(played, profile, required)]


def _causes_in(played: _Played, profile: str, required: Mapping[str, Verdict]) -> list[str]:
    """Violations anywhere, and what could not be judged in this profile's own scenarios, each once. If one of its own scenarios has
    neither, its first blocked check: the same cause blocks the others."""
    is_own = played.profile == profile
    relevant = [(name, check) for name, check in played.checks if check.requirement in required]
    bad = _UNJUDGED_OR_WRONG if is_own else frozenset({"fail"})
    first: dict[tuple[str, str, str], str] = {}
    for name, check in relevant:
        if check.verdict in bad:
            first.setdefault((check.verdict, check.code, check.message), name)
    blocked = [name for name, check in relevant if is_own and check.verdict == "blocked"]
    return [*first.values()] or blocked[:1]


def _requirements(told: _Told, catalogue: Catalogue) -> list[Json]:
    by_requirement: dict[str, list[tuple[str, Verdict]]] = {}
    for _, name, check in told.checks():
        by_requirement.setdefault(check.requirement, []).append((name, check.verdict))
    unknown = sorted(set(by_requirement) - set(catalogue.ids))
    if unknown:
        raise BadResult([f"{name} is checked and is not in the catalogue" for name in unknown])
    asked = set(told.started.profiles)
    return [
        _requirement(item, by_requirement.get(item.id, []), told)
        for item in catalogue
        if item.id in by_requirement or asked & set(item.profiles)
    ]


def _requirement(item: Requirement, checks: Sequence[tuple[str, Verdict]], told: _Told) -> dict[str, Json]:
    verdict = _or_not_applicable(verdicts.worst(found for _, found in checks), item, told)
    unclaimed = "" if item.applies_to(told.started.target.has) else "not-claimed"
    reason = "cannot-be-tested" if item.not_tested else unclaimed
    return _without_empty(
        {"must_because": item.must_because, "not_counted_reason": reason},
        id=item.id, title=item.title, text=item.text, level=item.level, basis=item.basis, rationale=item.rationale,
        source={"doc": item.source.doc, "section": item.source.section},
        contract={"pointer": item.clause.pointer, "sentence": item.clause.text},
        profiles=list(item.profiles), verdict=verdict, counted=not reason, checks=[name for name, _ in checks],
    )  # fmt: skip


def _scenario(played: _Played) -> dict[str, Json]:
    ended = played.ended
    optional: dict[str, Json] = {"left_out": played.left_out}
    if ended:
        optional |= {"set_up_by": ended.set_up_by, "flow": ended.flow, "duration_ms": ended.duration_ms}
        if ended.first_entry and ended.last_entry:
            optional["transcript"] = {"first": ended.first_entry, "last": ended.last_entry}
    return _without_empty(
        optional,
        id=played.id, title=played.title, profile=played.profile,
        ended=ended is not None or bool(played.left_out), checks=[_check(name, check) for name, check in played.checks],
    )  # fmt: skip


def _check(name: str, check: CheckDone) -> dict[str, Json]:
    return _without_empty(
        {
            "code": check.code, "message": check.message, "expected": check.expected, "got": check.got,
            "evidence": list(check.evidence),
            "nearest": [
                {
                    "evidence": miss.evidence,
                    "what": miss.what,
                    "differences": [
                        {"member": found.member, "expected": found.expected, "got": found.got} for found in miss.differences
                    ],
                }
                for miss in check.nearest
            ],
            "blocked_by": check.blocked_by, "strength": check.strength, "reading": check.reading,
            "step": check.step, "place": check.place,
        },
        id=name, requirement=check.requirement, verdict=check.verdict,
    )  # fmt: skip


def _cleanup(cleanup: CleanupDone | None) -> dict[str, Json]:
    if cleanup is None:
        return {"complete": False, "left": ["the run broke off before it had cleaned up"]}
    return {"complete": cleanup.complete, "left": list(cleanup.left)}


def _without_empty(optional: Mapping[str, Json], **members: Json) -> dict[str, Json]:
    """The members, and the optional ones that are not empty."""
    return {**members, **{name: value for name, value in optional.items() if value not in ("", [], {})}}


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
