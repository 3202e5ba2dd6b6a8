"""The terminal report: the verdict, each profile, the first causes, the ladder of the first failure, what was not judged.

`render` returns the whole text; `Progress` writes to standard error, and only if that is a terminal.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from callproof.bayeux import LONG_POLLING
from callproof.catalogue.requirement import Verdict
from callproof.json_values import Json, as_list, as_object, text_of
from callproof.judge.checks import CheckDone
from callproof.judge.verdicts import WORST_FIRST, ProfileVerdict
from callproof.report import ladder
from callproof.report.report import (
    PROFILE_WORDS,
    Check,
    Played,
    Report,
    RequirementResult,
    seconds,
    suite_name,
    target_name,
    without_controls,
)
from callproof.runner.events import Event, ScenarioStarted

WIDTH = 80
#: How many first causes are shown in full; the other reports have the rest.
_CAUSES_SHOWN = 5
_LISTED = 6
_COLUMNS: tuple[tuple[str, tuple[Verdict, ...]], ...] = (
    ("pass", ("pass", "info")),
    ("warn", ("warn",)),
    ("fail", ("fail",)),
    ("n/a", ("not-applicable",)),
    ("not judged", ("error", "inconclusive", "blocked", "not-tested")),
)
_COLOURS: Mapping[str, str] = {"good": "32", "bad": "31", "unsure": "33", "strong": "1", "dim": "2"}
_TONES: Mapping[ProfileVerdict, str] = {
    "conformant": "good",
    "not-conformant": "bad",
    "undetermined": "unsure",
}
_SIGNS: Mapping[Verdict, str] = {"fail": "✗", "error": "!", "inconclusive": "?", "blocked": "…", "warn": "△"}
_ASCII = str.maketrans("✗△…│─┼┄┆▶◀→", "x~.|-+:|><>")


def wants_colour(stream: TextIO, environment: Mapping[str, str] | None = None) -> bool:
    """Whether the stream is a terminal that takes colour: not a pipe, no NO_COLOR, not TERM=dumb."""
    variables = os.environ if environment is None else environment
    return stream.isatty() and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


def can_draw(stream: TextIO) -> bool:
    """Whether the stream's encoding has the characters of a ladder."""
    try:
        "✗△…│─┼┄┆▶◀→".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@dataclass(frozen=True)
class _Pen:
    colour: bool

    def __call__(self, tone: str, text: str) -> str:
        return f"\x1b[{_COLOURS[tone]}m{text}\x1b[0m" if self.colour else text


def render(
    report: Report,
    *,
    width: int = WIDTH,
    colour: bool = False,
    plain_ascii: bool = False,
    files: Mapping[str, str] | None = None,
) -> str:
    """The text for standard output. `files` are listed at the end: name and path."""
    pen = _Pen(colour)
    blocks = [
        _verdict(report, pen, width),
        _profiles(report, pen),
        _causes(report, pen, width),
        _first_ladder(report, pen, width),
        _listed(report, "Warnings", ("warn",), width, pen),
        _listed(report, "Not judged", ("error", "inconclusive", "blocked", "not-tested"), width, pen),
        _cleanup(report, pen, width),
        _last(report, files or {}, pen),
    ]
    text = "\n".join("\n".join(block) + "\n" for block in blocks if block)
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii") if plain_ascii else text


def _verdict(report: Report, pen: _Pen, width: int) -> list[str]:
    words = pen(_TONES[report.verdict], pen("strong", PROFILE_WORDS[report.verdict]))
    lines = [f"Verdict: {words}   {target_name(report)}"]
    run = as_object(report.document["run"])
    if run.get("interrupted"):
        lines.append("The run was interrupted; what follows was seen before that.")
    elif not run.get("complete"):
        why = without_controls(text_of(run.get("stopped"))) or "not everything was played"
        lines.append(f"The run is not complete: {why}.")
    elif report.verdict == "undetermined" and report.exit_code in (0, 3):
        lines.append("Only a part was selected, and it was met; a certificate needs a run without --select.")
    lines += _listening(run)
    waits = as_object(as_object(run.get("environment")).get("waits"))
    lines += textwrap.wrap(text_of(waits.get("why")), width)
    return lines


def _listening(run: Mapping[str, Json]) -> list[str]:
    """How the agents' sessions listened, unless in the usual way."""
    options, environment = as_object(run.get("options")), as_object(run.get("environment"))
    asked, acknowledges = options.get("transport", LONG_POLLING), options.get("acknowledge") is True
    if asked == LONG_POLLING and not acknowledges:
        return []
    used = ", ".join(map(text_of, as_list(environment.get("transports"))))
    over = used or f"nothing (asked for: {asked})"
    return [f"Notifications came over {over}{', with acknowledgement' if acknowledges else ''}."]


def _profiles(report: Report, pen: _Pen) -> list[str]:
    if not report.profiles:
        return ["No profile was asked for, so nothing was judged."]
    heading = f"{'profile':<22}{'verdict':<17}" + "".join(
        f"{name:>{_column_width(name)}}" for name, _ in _COLUMNS
    )
    lines = [pen("dim", heading)]
    for profile in report.profiles:
        cells = ""
        for name, found in _COLUMNS:
            number = sum(profile.counts.get(verdict, 0) for verdict in found)
            cell = f"{number or '·':>{_column_width(name)}}"
            cells += pen("bad", cell) if number and name == "fail" else cell
        lines.append(f"{profile.name:<22}" + pen(_TONES[profile.verdict], f"{profile.words:<17}") + cells)
    return lines


def _column_width(name: str) -> int:
    return max(6, len(name) + 2)


# Causes --------------------------------------------------------------------------------------------------------------


def _causes(report: Report, pen: _Pen, width: int) -> list[str]:
    causes = report.first_causes
    if not causes:
        return []
    lines = [pen("strong", "First causes")]
    for name in causes[:_CAUSES_SHOWN]:
        played, check = report.check(name)
        lines += ["", *_cause(report.requirements[check.requirement], played, check, pen, width)]
    if len(causes) > _CAUSES_SHOWN:
        lines += ["", f"  and {len(causes) - _CAUSES_SHOWN} more, in the report."]
    return lines


def _cause(requirement: RequirementResult, played: Played, check: Check, pen: _Pen, width: int) -> list[str]:
    sign = pen("bad" if check.verdict == "fail" else "unsure", _SIGNS.get(check.verdict, "·"))
    title = textwrap.wrap(f"{requirement.id}  {requirement.title}", width - 3)
    lines = [f"{sign} {title[0]}", *(f"  {more}" for more in title[1:])]
    step = f", {check.step}" if check.step else ""
    lines += _wrapped(
        f"{check.verdict} ({requirement.level}, {requirement.basis}) in {played.id}{step}", "  ", width
    )
    facts = {
        "": check.message,
        "expected  ": check.expected,
        "got       ": check.got,
        "blocked by  ": check.blocked_by,
    }
    for label, value in facts.items():
        lines += _wrapped(label + value, "  ", width) if value else []
    for miss in check.nearest[:1]:
        lines += _wrapped(f"nearest   {miss.what}", "  ", width)
        for difference in miss.differences[:3]:
            lines += _wrapped(str(difference), "            ", width)
    lines += _wrapped(f"contract  {requirement.text}", "  ", width)
    lines += _wrapped(f"source    {requirement.source}", "  ", width)
    return [*lines, f"  {pen('dim', f'callproof explain {requirement.id}')}"]


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")


def _first_ladder(report: Report, pen: _Pen, width: int) -> list[str]:
    """The ladder of the first cause that has evidence to draw, with that evidence marked."""
    for name in report.first_causes:
        played, check = report.check(name)
        evidence = [line.id for line in report.evidence(played, check)]
        if played.lines and evidence:
            return _ladder_about(played, check, evidence, pen, width)
    return []


def _ladder_about(played: Played, check: Check, evidence: list[str], pen: _Pen, width: int) -> list[str]:
    sign = f"{_SIGNS.get(check.verdict, '·')} {check.requirement}"
    every = ladder.rungs(played.lines, dict.fromkeys(check.evidence[-1:] or evidence[-1:], sign))
    shown = ladder.around(every, evidence)
    drawn = ladder.as_text(shown, width)
    lines = [f"{pen('strong', 'Ladder')} of {played.id}", "", drawn[0]]
    if every and shown and shown[0] != every[0]:
        lines.append(pen("dim", f"   ({every.index(shown[0])} earlier)"))
    return [*lines, *(line.replace(sign, pen("bad", sign)) for line in drawn[1:])]


# What else there is to say -------------------------------------------------------------------------------------------


def _listed(report: Report, heading: str, found: tuple[Verdict, ...], width: int, pen: _Pen) -> list[str]:
    requirements = sorted(report.requirements_with(*found), key=lambda item: WORST_FIRST.index(item.verdict))
    if not requirements:
        return []
    lines = [pen("strong", f"{heading} ({len(requirements)})")]
    for requirement in requirements[:_LISTED]:
        verdict = "" if found == ("warn",) else f" [{requirement.verdict}]"
        text = f"{requirement.id:<18} {requirement.title}{verdict}"
        lines.append("  " + (text if len(text) <= width - 2 else text[: width - 3] + "…"))
    if len(requirements) > _LISTED:
        lines.append(f"  and {len(requirements) - _LISTED} more")
    return lines


def _cleanup(report: Report, pen: _Pen, width: int) -> list[str]:
    if report.cleaned:
        return []
    lines = [pen("bad", "Cleanup is not complete; these may remain:")]
    for left in report.cleanup_left:
        lines += _wrapped(left, "  ", width)
    return lines


def _last(report: Report, files: Mapping[str, str], pen: _Pen) -> list[str]:
    judged = len(report.requirements_with("pass", "warn", "info", "fail"))
    seed = as_object(report.document["run"]).get("seed")
    checks = sum(len(played.checks) for played in report.scenarios)
    played = sum(not scenario.left_out for scenario in report.scenarios)
    lines = [
        f"{judged} of {len(report.requirements)} requirements judged by {checks} checks in {played} scenarios, "
        f"{seconds(report):.1f} s, seed {seed}",
        suite_name(report),
    ]
    longest = max(map(len, files), default=0)
    return [*lines, *(f"{pen('dim', f'{name:<{longest}}')}  {path}" for name, path in files.items())]


# Progress ------------------------------------------------------------------------------------------------------------


class Progress:
    """One line that shows the progress of a run, rewritten in place. Silent unless `stream` is a terminal."""

    def __init__(self, stream: TextIO, width: int = WIDTH) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._width = width
        self._of = self._scenario = ""
        self._begun = self._checks = self._failed = 0

    def expect(self, scenarios: int) -> None:
        """Set how many scenarios will be played."""
        self._of = f" of {scenarios}"

    def say(self, doing: str) -> None:
        """Show this text."""
        if self._live:
            self._stream.write("\r" + doing[: self._width - 1].ljust(self._width - 1))
            self._stream.flush()

    def tell(self, event: Event) -> None:
        """Follow one event of the run."""
        if isinstance(event, ScenarioStarted):
            self._begun += 1
            self._scenario = event.id
        elif isinstance(event, CheckDone):
            self._checks += 1
            self._failed += event.verdict == "fail"
        else:
            return
        failed = f", {self._failed} failed" if self._failed else ""
        self.say(f"scenario {self._begun}{self._of}: {self._scenario}   {self._checks} checks{failed}")

    def end(self) -> None:
        """Clear the line."""
        if self._live:
            self._stream.write("\r" + " " * (self._width - 1) + "\r")
            self._stream.flush()
