"""From texts to the suite: requirements, scenarios, given flows and what every scenario proves, as consistent values. Pure.

`suite` receives the texts of all files and the clauses of the contract, and opens nothing. It reports all mistakes at once, each
with its file, line, rule and remedy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from callproof.catalogue import composing, released, review
from callproof.catalogue.accepting import Acceptance
from callproof.catalogue.composing import VERB, strings
from callproof.catalogue.entries import Surroundings, requirements
from callproof.catalogue.form import Form, read
from callproof.catalogue.mistakes import BadCatalogue, listed
from callproof.catalogue.requirement import Catalogue
from callproof.catalogue.scenario import AGENTS, NOTHING_UNASKED, Flow, Scenario, Unasked
from callproof.json_values import Json, JsonObject, as_object, objects_in
from callproof.strict_yaml import Mistake, Place, Places
from callproof.suggestions import did_you_mean

PROFILES, REQUIREMENTS, SCENARIOS, RELEASED = "profiles.yaml", "requirements/", "scenarios/", "released/"
_REQUIREMENT_SCHEMA, _SCENARIO_SCHEMA = (
    REQUIREMENTS + "requirement.schema.json",
    SCENARIOS + "scenario.schema.json",
)
#: The other keys that a step with this verb may have.
_BESIDE: Mapping[str, frozenset[str]] = {
    "asks": frozenset({"is", "wrong", "as", "twin", "proves", "answer"}),
    "hears": frozenset({"as", "proves", "where", "times"}),
    "may hear": frozenset(),
    "sends": frozenset({"as", "twin", "answer", "remembers", "agrees"}),
    "reads": frozenset({"as", "answer", "remembers", "agrees"}),
    "exchanges": frozenset({"as", "twin", "replies", "remembers"}),
    "collects": frozenset({"as", "replies", "remembers"}),
    "order": frozenset({"proves"}),
    "nothing else": frozenset({"proves", "strangers"}),
}
_VERBS = [f"{agent} {verb}" for agent in AGENTS for verb in _BESIDE if verb not in ("order", "nothing else")]


@dataclass(frozen=True)
class Suite:
    """All requirements and scenarios, the flows that scenarios may begin with, and what every scenario proves.

    The scenarios are in the order of play: profile by profile, and by id in each profile.
    """

    catalogue: Catalogue
    scenarios: tuple[Scenario, ...] = ()
    flows: Mapping[str, Flow] = field(default_factory=dict)
    unasked: Unasked = NOTHING_UNASKED

    @property
    def proves(self) -> frozenset[str]:
        return frozenset().union(self.unasked.proves, *(scenario.proves for scenario in self.scenarios))


def suite(texts: Mapping[str, str], clauses: Mapping[str, JsonObject]) -> Suite:
    """The suite of these files, by path below the catalogue's folder, based on these clauses, by pointer.

    Raises BadCatalogue with all mistakes, or only with those of the requirements if there are any, because scenarios depend on them.
    """
    profiles, areas = _order(texts[PROFILES])
    catalogue = _catalogue(texts, Surroundings(clauses, profiles), areas)
    reader = ScenarioReader(json.loads(texts[_SCENARIO_SCHEMA]))
    mistakes: list[Mistake] = []
    read_items: list[Scenario | Flow | Unasked] = []
    for path, text in _below(SCENARIOS, texts).items():
        try:
            read_items.append(reader.read(text, path.removeprefix(SCENARIOS)))
        except BadCatalogue as bad:
            mistakes.extend(bad.mistakes)
    found = _collected(read_items, catalogue, mistakes)
    mistakes.extend(review.mistakes(found.scenarios, found.flows))
    mistakes.extend(_unknown(found))
    if mistakes:
        raise BadCatalogue(mistakes)
    return found


def _order(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    value, _ = read(text, PROFILES)
    return strings(as_object(value).get("profiles")), strings(as_object(value).get("areas"))


def _catalogue(texts: Mapping[str, str], around: Surroundings, areas: Sequence[str]) -> Catalogue:
    def rank(path: str) -> tuple[int, str]:
        stem = path.removeprefix(REQUIREMENTS).removesuffix(".yaml")
        return areas.index(stem) if stem in areas else len(areas), stem

    scenario_schema: JsonObject = json.loads(texts[_SCENARIO_SCHEMA])
    form = Form(json.loads(texts[_REQUIREMENT_SCHEMA]), others={str(scenario_schema["$id"]): scenario_schema})
    files = _below(REQUIREMENTS, texts)
    entries, mistakes = requirements({path: files[path] for path in sorted(files, key=rank)}, form, around)
    catalogue = Catalogue(entries, tuple(around.profiles))
    if not mistakes:
        kept = {path: text for path, text in texts.items() if path.startswith(RELEASED)}
        mistakes.extend(released.broken(released.promises(kept), catalogue))
    if mistakes:
        raise BadCatalogue(mistakes)
    return catalogue


def _below(folder: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {path: texts[path] for path in sorted(texts) if path.startswith(folder) and path.endswith(".yaml")}


def _collected(
    items: Sequence[Scenario | Flow | Unasked], catalogue: Catalogue, mistakes: list[Mistake]
) -> Suite:
    scenarios: dict[str, Scenario] = {}
    flows: dict[str, Flow] = {}
    unasked = NOTHING_UNASKED
    accepting = Acceptance(catalogue)
    whole = not mistakes  # an unreadable file may contain the missing references
    for item in items:
        if isinstance(item, Unasked):
            unasked = accepting.of_unasked(item)
        elif isinstance(item, Flow):
            flows[item.name] = accepting.of(item)
        elif item.id in scenarios:
            problem = f"the id {item.id} is taken by {scenarios[item.id].place}"
            mistakes.append(Mistake(item.place, "id-taken", problem, "give the scenario an id of its own"))
        elif item.profile not in catalogue.profiles:
            problem = f"there is no profile {item.profile}"
            remedy = did_you_mean(item.profile, catalogue.profiles, f"there are {listed(catalogue.profiles)}")
            mistakes.append(Mistake(item.place, "unknown-profile", problem, remedy))
        else:
            scenarios[item.id] = accepting.of(item)
    mistakes.extend(each for each in accepting.mistakes() if whole or each.rule != "idle-reading")
    ranks = {profile: rank for rank, profile in enumerate(catalogue.profiles)}
    played = sorted(scenarios.values(), key=lambda scenario: (ranks[scenario.profile], scenario.id))
    return Suite(catalogue, tuple(played), flows, unasked)


def _unknown(found: Suite) -> list[Mistake]:
    """A mistake for every id that a scenario cites but the catalogue does not have."""
    cited = [(scenario.place, scenario.proves) for scenario in found.scenarios]
    cited.append((Place("unasked.yaml", 1), found.unasked.proves | found.unasked.generated.proves))
    wrong: list[Mistake] = []
    for place, names in cited:
        for name in sorted(names - set(found.catalogue.ids)):
            problem = f"proves {name}, which the catalogue does not have"
            remedy = did_you_mean(name, found.catalogue.ids, "add it to requirements/")
            wrong.append(Mistake(place, "unknown-requirement", problem, remedy))
    return wrong


# One scenario file ---------------------------------------------------------------------------------------------------


class ScenarioReader:
    """Reads scenario files one by one and checks them against the schema; `suite` resolves the readings that they name."""

    def __init__(self, schema: JsonObject) -> None:
        self._forms = {kind: Form(schema, kind) for kind in _KINDS}

    def read(self, text: str, file: str) -> Scenario | Flow | Unasked:
        """One scenario file. Raises BadCatalogue."""
        value, places = read(text, file)
        if not isinstance(value, dict):
            found = Mistake(Place(file, 1), "form", "is not a mapping", "see scenarios/README.md")
            raise BadCatalogue([found])
        kind = "unasked" if "unasked" in value else "flow" if "flow" in value else "scenario"
        mistakes = self._forms[kind].mistakes(value, places, _VERBS)
        if not mistakes and kind != "unasked":
            mistakes = _verb_mistakes(value, places)
        if mistakes:
            raise BadCatalogue(mistakes)
        return _KINDS[kind](value, places.at)


def _verb_mistakes(value: Mapping[str, Json], places: Places) -> list[Mistake]:
    """What the schema cannot say: a step has exactly one verb, and only the keys that belong to it."""
    mistakes: list[Mistake] = []
    for index, step in enumerate(objects_in(value["steps"])):
        verbs = [key for key in step if VERB.match(key)]
        if len(verbs) != 1:
            problem = f"a step has one verb, this one has {len(verbs)}: {listed(verbs)}"
            mistakes.append(Mistake(places.at("steps", index), "step", problem, "write one step for each"))
            continue
        beside = _BESIDE[composing.verb(verbs[0])[1]]
        for key in step.keys() - {verbs[0]} - beside:
            problem = f"`{key}` is not allowed with `{verbs[0]}`"
            remedy = f"allowed are {listed(sorted(beside))}"
            mistakes.append(Mistake(places.at("steps", index, key), "step", problem, remedy))
    return mistakes


_KINDS: Mapping[str, Callable[[dict[str, Json], composing.Whereabouts], Scenario | Flow | Unasked]] = {
    "scenario": composing.scenario,
    "flow": composing.flow,
    "unasked": composing.unasked,
}
