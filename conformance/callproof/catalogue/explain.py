"""The output of `callproof list` and `callproof explain`: requirements in words, without a network or a run.

The caller says which scenarios prove a requirement; this module only knows the catalogue.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from callproof.catalogue.requirement import BASES, Catalogue, Requirement
from callproof.json_values import Json
from callproof.suggestions import did_you_mean

WIDTH = 80
_LABEL = 11

_LEVELS = {
    "MUST": "a server that does not do this is not conformant",
    "SHOULD": "a server that does not do this gets a warning",
    "MAY": "noted in the report, never counted against a server",
}
_CONDITIONS = {
    "claim": "the target file claims {}",
    "number": "the target file names a number `{}`",
    "offered": "the call offers {}",
    "answer": "the server answers with HTTP {}",
    "auth": "the target logs in by {}",
    "transport": "the run listens over {0}: --transport {0}",
    "acknowledge": "the run acknowledges: --acknowledge {}",
}


class UnknownRequirement(Exception):
    """The catalogue does not have this id; the sentence says what was probably meant."""

    def __init__(self, requirement: str, known: Sequence[str]) -> None:
        self.requirement = requirement
        remedy = did_you_mean(requirement.upper(), known, "`callproof list` shows all of them")
        super().__init__(f"no requirement is called {requirement}; {remedy}")


def find(catalogue: Catalogue, requirement: str) -> Requirement:
    """The requirement with this id, in upper or lower case. Raises UnknownRequirement with what was probably meant."""
    wanted = requirement.upper()
    if wanted not in catalogue:
        raise UnknownRequirement(requirement, catalogue.ids)
    return catalogue[wanted]


def listing(catalogue: Catalogue, profiles: Sequence[str] = (), width: int = WIDTH) -> str:
    """All requirements of these profiles, or of all profiles: one line each, under a heading for each profile."""
    return "\n".join(_profile(catalogue, profile, width) for profile in profiles or catalogue.profiles)


def _profile(catalogue: Catalogue, profile: str, width: int) -> str:
    found = catalogue.of_profile(profile)
    must = sum(1 for requirement in found if requirement.level == "MUST")
    lines = [f"{profile}: {len(found)} requirements, {must} of them MUST"]
    for requirement in found:
        text = f"  {requirement.id:<18} {requirement.level:<6}  {requirement.title}"
        lines.append(text if len(text) <= width else text[: width - 1] + "…")
    return "\n".join(lines) + "\n"


def as_json(catalogue: Catalogue, profiles: Sequence[str] = ()) -> list[Json]:
    """The same for machines: one object for each requirement of these profiles, or of all profiles."""
    return [
        {
            "id": item.id,
            "title": item.title,
            "text": item.text,
            "level": item.level,
            "basis": item.basis,
            "source": {"doc": item.source.doc, "section": item.source.section},
            "clause": item.clause.pointer,
            "since": item.since,
            "profiles": list(item.profiles),
            "applies_if": item.applies_if,
            "accepts": [{"id": each.id, "text": each.text, "verdict": each.verdict} for each in item.accepts],
        }
        for item in catalogue
        if set(item.profiles) & set(profiles or catalogue.profiles)
    ]


def explain(requirement: Requirement, *, scenarios: Sequence[str] = (), width: int = WIDTH) -> str:
    """One requirement in full. `scenarios` are the ones that prove it."""
    why = " ".join(filter(None, (requirement.must_because, requirement.rationale)))
    lines = [
        *textwrap.wrap(f"{requirement.id}  {requirement.title}", width),
        "",
        *textwrap.wrap(requirement.text, width),
        "",
    ]
    lines += _entry("level", f"{requirement.level}: {_LEVELS[requirement.level]}", width)
    lines += _entry("basis", f"{requirement.basis}: {BASES[requirement.basis]}", width)
    lines += _entry("why", why, width)
    lines += _entry("source", str(requirement.source), width)
    lines += _entry("clause", requirement.clause.pointer, width)
    lines += _entry("profiles", ", ".join(requirement.profiles), width)
    kind, name = requirement.condition
    if kind:
        lines += _entry("applies if", _CONDITIONS[kind].format(name), width)
    for reading in requirement.accepts:
        lines += _entry("accepted", f"{reading.id}: {reading.text} ({reading.verdict})", width)
    if requirement.not_tested:
        why = f"{requirement.not_tested.reason}: {requirement.not_tested.details}"
        lines += _entry("not tested", why, width)
    else:
        lines += _entry("proved by", ", ".join(scenarios) or "no scenario yet", width)
    return "\n".join(lines) + "\n"


def _entry(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"{label:<{_LABEL}} ",
        subsequent_indent=" " * (_LABEL + 1),
        break_on_hyphens=False,
        break_long_words=False,
    )


def scenarios_of(requirement: str, proves: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The scenarios that prove a requirement. `proves` maps each scenario to the requirements that it proves."""
    return tuple(sorted(scenario for scenario, proved in proves.items() if requirement in proved))
