"""The report as one HTML file, without scripts or outside resources, with everything a reader needs to follow a verdict.

`render` fills `report.html.j2` with values made here; the template escapes everything that a server sent.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from callproof.catalogue.requirement import BASES, Verdict
from callproof.json_values import Json
from callproof.judge.findings import Difference
from callproof.judge.verdicts import WORST_FIRST, meaning
from callproof.report import ladder
from callproof.report.report import (
    PROFILE_WORDS,
    Check,
    Line,
    Played,
    Report,
    RequirementResult,
    seconds,
    suite_name,
    target_name,
    without_controls,
)

TEMPLATE = "report.html.j2"
_AREAS = {
    "HTTP": "HTTP and envelope",
    "OPS": "Operations",
    "CALL": "Life of a call",
    "NTF": "Notifications",
    "ORD": "Order and completeness",
    "CMD": "CometD",
    "SEC": "Authentication and isolation",
}
#: Verdicts whose checks appear as a card with all their evidence.
_SHOWN_WHOLE: frozenset[Verdict] = frozenset({"fail", "warn", "error", "inconclusive", "blocked"})
_LONGEST_BODY = 20_000
_KINDS = {
    "request": "request",
    "response": "answer",
    "notification": "notification",
    "bayeux-request": "CometD request",
    "bayeux-response": "CometD answer",
    "note": "note",
}


@dataclass(frozen=True)
class Row:
    """One line of a pretty-printed body; `differs` marks where a nearest miss differs."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Exhibit:
    """One entry of the transcript as a card shows it."""

    id: str
    heading: str
    summary: str
    ms: str
    rows: tuple[Row, ...]
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One check with its evidence and its ladder."""

    anchor: str
    check: Check
    requirement: RequirementResult
    meaning: str
    exhibits: tuple[Exhibit, ...]
    ladder: Markup | None


@dataclass(frozen=True)
class Chapter:
    """One scenario: its cards, the checks that need no card, its ladder and its transcript."""

    anchor: str
    played: Played
    worst: Verdict
    cards: tuple[Card, ...]
    other: tuple[Check, ...]
    ladder: Markup | None
    transcript: tuple[Exhibit, ...]


@dataclass(frozen=True)
class Area:
    """The requirements of one area."""

    name: str
    requirements: tuple[RequirementResult, ...]
    counts: tuple[tuple[Verdict, int], ...]


def render(report: Report) -> str:
    """The whole report as HTML."""
    return _template().render(
        report=report,
        words=PROFILE_WORDS[report.verdict],
        target=target_name(report),
        suite=suite_name(report),
        document=report.document,
        seconds=seconds(report),
        areas=_areas(report),
        chapters=[_chapter(report, played) for played in report.scenarios],
        causes=[report.check(name) for name in report.first_causes],
        warnings=report.requirements_with("warn"),
        unjudged=report.requirements_with("error", "inconclusive", "blocked", "not-tested"),
        columns=WORST_FIRST,
        bases=BASES,
        anchor=anchor,
        code=code,
        meaning=meaning,
    )


def anchor(name: str) -> str:
    """The anchor in the page for the id of a check, a scenario or a requirement."""
    return "".join(character if character.isalnum() or character in "-_" else "." for character in name)


def code(text: str) -> Markup:
    """The text, escaped, with everything between backticks set as code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if odd % 2 else part for odd, part in enumerate(parts)
    )


def rows(value: Json, marked: Sequence[str] = ()) -> tuple[Row, ...]:
    """A JSON value over several lines, with the members marked that are named by their path or its end."""
    return tuple(Row(text, _is_marked(path, marked)) for path, text in _printed(value))


def _areas(report: Report) -> list[Area]:
    areas = []
    for prefix, name in _AREAS.items():
        requirements = tuple(d for d in report.requirements.values() if d.id.partition("-")[0] == prefix)
        found = Counter(requirement.verdict for requirement in requirements)
        if requirements:
            areas.append(
                Area(name, requirements, tuple((word, found[word]) for word in WORST_FIRST if found[word]))
            )
    return areas


def _chapter(report: Report, played: Played) -> Chapter:
    checks = sorted(played.checks, key=lambda check: WORST_FIRST.index(check.verdict))
    every = ladder.rungs(played.lines)
    return Chapter(
        anchor=anchor(played.id),
        played=played,
        worst=checks[0].verdict if checks else "not-tested",
        cards=tuple(_card(report, played, check) for check in checks if check.verdict in _SHOWN_WHOLE),
        other=tuple(check for check in played.checks if check.verdict not in _SHOWN_WHOLE),
        ladder=Markup(ladder.as_svg(every, f"Ladder of {played.title}")) if every else None,  # noqa: S704  # as_svg escapes
        transcript=tuple(_exhibit(line) for line in played.lines),
    )


def _card(report: Report, played: Played, check: Check) -> Card:
    requirement = report.requirements[check.requirement]
    evidence = report.evidence(played, check)
    marks = dict.fromkeys(check.evidence[-1:] or [line.id for line in evidence[-1:]], check.requirement)
    every = ladder.rungs(played.lines, marks)
    shown = ladder.around(every, [line.id for line in evidence])
    drawn = Markup(ladder.as_svg(shown, f"Ladder about {check.id}")) if evidence and shown else None  # noqa: S704  # as_svg escapes
    missed = {miss.evidence: miss.differences for miss in check.nearest}
    return Card(
        anchor=anchor(check.id),
        check=check,
        requirement=requirement,
        meaning=meaning(check.verdict, requirement.counted),
        exhibits=tuple(_exhibit(line, missed.get(line.id, ())) for line in evidence),
        ladder=drawn,
    )


def _exhibit(line: Line, differences: Sequence[Difference] = ()) -> Exhibit:
    drawn = ladder.rungs([line], {line.id: " "})
    body: Json = line.body.get("message") if line.kind == "notification" else line.body.get("json")
    raw = line.body.get("text")
    printed = rows(body, [found.member for found in differences]) if body is not None else ()
    if isinstance(raw, str):
        printed = tuple(Row(text) for text in raw.splitlines())
    return Exhibit(
        id=line.id,
        heading=f"{line.agent} · {_KINDS.get(line.kind, line.kind)}",
        summary=_summary(line, drawn[0].text if drawn else ""),
        ms=f"{line.ms:.0f} ms",
        rows=_shortened((*_headers(line), *printed)),
        differences=tuple(map(str, differences)),
    )


def _summary(line: Line, drawn: str) -> str:
    if "web_socket" in line.body:
        return f"{drawn}, in a frame"
    if line.kind in ("request", "bayeux-request"):
        return f"{line.body.get('method', '')} {line.body.get('url', '')}"
    if line.kind == "bayeux-response" and "status" in line.body:
        return f"{line.body['status']} {drawn}"
    return drawn


def _headers(line: Line) -> tuple[Row, ...]:
    headers = line.body.get("headers")
    if not isinstance(headers, list):
        return ()
    pairs = [pair for pair in headers if isinstance(pair, list) and len(pair) == 2]
    return (*(Row(f"{name}: {value}") for name, value in pairs), Row(""))


def _shortened(printed: tuple[Row, ...]) -> tuple[Row, ...]:
    """The first rows, up to `_LONGEST_BODY` characters: one huge answer must not make the report unreadable."""
    kept: list[Row] = []
    room = _LONGEST_BODY
    for row in printed:
        if len(row.text) > room:
            return (*kept, Row(row.text[:room]), Row("… cut here; the transcript has the rest"))
        room -= len(row.text)
        kept.append(row)
    return tuple(kept)


def _printed(
    value: Json, path: str = "", indent: str = "", before: str = "", after: str = ""
) -> list[tuple[str, str]]:
    """Lines of pretty-printed JSON, each with the path of its member."""
    if isinstance(value, dict) and value:
        quoted = {name: f"{json.dumps(name, ensure_ascii=False)}: " for name in value}
        inner = [(f"{path}.{name}" if path else name, quoted[name], item) for name, item in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        inner = [(f"{path}.{index}", "", item) for index, item in enumerate(value)]
        opening, closing = "[", "]"
    else:
        return [(path, f"{indent}{before}{json.dumps(value, ensure_ascii=False)}{after}")]
    lines = [(path, f"{indent}{before}{opening}")]
    for index, (member, name, item) in enumerate(inner):
        comma = "," if index < len(inner) - 1 else ""
        lines += _printed(item, member, indent + "  ", name, comma)
    return [*lines, (path, f"{indent}{closing}{after}")]


def _is_marked(path: str, marked: Sequence[str]) -> bool:
    return any(path and (path == member or path.endswith(f".{member}")) for member in marked)


def _shown(value: object) -> object:
    """A value as it enters the page: text from outside may hold control characters, and pages are also read in terminals."""
    return without_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)
