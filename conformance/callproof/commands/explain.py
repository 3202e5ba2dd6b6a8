"""`callproof explain ID`: a requirement with its reason and sources, or a scenario with its flow in words."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from callproof.catalogue.explain import UnknownRequirement, explain, find, scenarios_of
from callproof.catalogue.loading import Suite
from callproof.catalogue.planning import GENERATED
from callproof.catalogue.scenario import Scenario
from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser
from callproof.commands.sources import suite_on
from callproof.runner import generated


class _Options(Namespace):
    id: str
    contract: str | None


def main(arguments: list[str]) -> int:
    """Print the explanation of an id. Raises Stopped."""
    parser = Parser("explain", "Explain what a requirement or a scenario asks, and why.")
    parser.add_argument("id", metavar="ID", help="id of a requirement or scenario, from callproof list")
    parser.takes_contract()
    options = parser.parse_args(arguments, namespace=_Options())
    suite = suite_on(contract_at(options.contract))
    scenario = next((scenario for scenario in suite.scenarios if scenario.id == options.id), None)
    if options.id == GENERATED:
        head = [f"{GENERATED}  {generated.TITLE}", "", "profile     http", ""]
        text = _with_proved(head, generated.proves(suite.unasked), suite)
    elif scenario is not None:
        text = _with_proved(_flow_of(scenario), scenario.proves, suite)
    else:
        text = _of_requirement(options.id, suite)
    print(text, end="")
    return CLEAN


def _of_requirement(wanted: str, suite: Suite) -> str:
    try:
        requirement = find(suite.catalogue, wanted)
    except UnknownRequirement as error:
        raise Stopped(str(error), CONFIGURATION) from None
    proves = {scenario.id: sorted(scenario.proves) for scenario in suite.scenarios}
    proves[GENERATED] = sorted(generated.proves(suite.unasked))
    provers = scenarios_of(requirement.id, proves)
    if requirement.id in suite.unasked.proves:
        provers = ("every scenario, unasked", *provers)
    return explain(requirement, scenarios=provers)


def _flow_of(scenario: Scenario) -> list[str]:
    """What the scenario is given and needs, then its steps, one a line."""
    lines = [f"{scenario.id}  {scenario.title}", "", f"profile     {scenario.profile}"]
    for given in scenario.given:
        lines.append(f"given       {given.call} is {given.flow} between {' and '.join(given.agents)}")
    lines += [f"needs       {need}" for need in scenario.needs]
    return [
        *lines,
        "",
        *(f"{number:>3}. {step.title}" for number, step in enumerate(scenario.steps, start=1)),
        "",
    ]


def _with_proved(lines: Iterable[str], requirements: Iterable[str], suite: Suite) -> str:
    proved = (f"  {name:<18} {suite.catalogue[name].title}" for name in sorted(requirements))
    return "\n".join([*lines, "proves", *proved]) + "\n"
