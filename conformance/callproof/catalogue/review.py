"""What no schema can say about a scenario: its names exist, and its refusals have valid twins. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from callproof.catalogue.mistakes import listed
from callproof.catalogue.scenario import (
    AnyStep,
    Ask,
    Exchange,
    Flow,
    Hear,
    MayHear,
    Order,
    Scenario,
    Send,
    Stimulus,
)
from callproof.strict_yaml import Mistake, Place
from callproof.suggestions import did_you_mean

#: The members of a raw request, without its body and its caller.
_SENT: Mapping[type[Send | Exchange], tuple[str, ...]] = {
    Send: ("method", "path", "headers"),
    Exchange: ("messages", "path", "meanwhile", "collects", "limit_s", "over"),
}
#: The values of `on` that do not name a call.
_NO_CALL = frozenset({"", "me", "device", "an unknown call"})


def mistakes(scenarios: Sequence[Scenario], flows: Mapping[str, Flow]) -> Iterator[Mistake]:
    """Everything that makes a scenario unplayable or a refusal meaningless."""
    for scenario in scenarios:
        yield from _given_mistakes(scenario, flows)
        known = {given.call for given in scenario.given}
        yield from _step_mistakes(scenario.steps, known)
    for flow in flows.values():
        yield from _step_mistakes(flow.steps, {flow.on} if flow.on else set())


def _given_mistakes(scenario: Scenario, flows: Mapping[str, Flow]) -> Iterator[Mistake]:
    for given in scenario.given:
        flow = flows.get(given.flow)
        if flow is None:
            remedy = did_you_mean(given.flow, flows, f"there are {listed(sorted(flows))}")
            yield Mistake(given.place, "given", f"there is no given flow {given.flow!r}", remedy)
            continue
        if len(given.agents) != len(flow.agents):
            problem = f"{given.flow} is between {len(flow.agents)} agents, not {len(given.agents)}"
            yield Mistake(given.place, "given", problem, "name as many agents")
        if bool(given.on) is not bool(flow.on):
            starts, remedy = ("a call", "say `on`") if flow.on else ("nothing", "leave `on` out")
            yield Mistake(given.place, "given", f"{given.flow} starts from {starts}", remedy)


def _step_mistakes(steps: Sequence[AnyStep], calls: set[str]) -> Iterator[Mistake]:
    labelled: dict[str, AnyStep] = {}
    for step in steps:
        if step.label:
            if step.label in labelled:
                problem = f"the name {step.label!r} is taken by line {labelled[step.label].place.line}"
                yield Mistake(step.place, "name", problem, "give the step a name of its own")
            labelled[step.label] = step
    for step in steps:
        if isinstance(step, Hear) and step.new:
            calls = calls | {step.call}
        yield from _call_mistakes(step, calls)
        if isinstance(step, Order):
            yield from _order_mistakes(step, labelled)
        for agreement in getattr(step, "agrees", ()):
            if agreement.before and agreement.before not in labelled:
                yield _no_step(agreement.place, agreement.before, labelled)
        if isinstance(step, Stimulus) and step.twin:
            yield from _twin_mistakes(step, labelled)
        if isinstance(step, Ask) and not step.accepted and not step.twin:
            problem = "a refusal needs a twin: a step that differs in one respect and must succeed"
            yield Mistake(step.place, "twin", problem, "name such a step in `twin`")


def _no_step(place: Place, name: str, labelled: Mapping[str, AnyStep]) -> Mistake:
    remedy = did_you_mean(name, labelled, "name one with `as`")
    return Mistake(place, "name", f"no step is named {name!r}", remedy)


def _call_mistakes(step: AnyStep, calls: set[str]) -> Iterator[Mistake]:
    used: list[str] = []
    if isinstance(step, Ask):
        used = [step.on.partition("'s ")[2] or step.on, step.consult]
    elif isinstance(step, Hear | MayHear):
        used = [step.call]
    elif isinstance(step, Send):
        used = [agreement.call for agreement in step.agrees]
    for name in used:
        if name not in _NO_CALL and name not in calls:
            otherwise = "name it in `given`, or as `new call` where it first occurs"
            remedy = did_you_mean(name, calls, otherwise)
            yield Mistake(step.place, "call", f"the call {name!r} is not known yet", remedy)


def _order_mistakes(step: Order, labelled: Mapping[str, AnyStep]) -> Iterator[Mistake]:
    names = (step.first, step.then)
    yield from (_no_step(step.place, name, labelled) for name in names if name not in labelled)
    ends = [labelled[name] for name in names if name in labelled]
    if len(ends) == 2 and not all(isinstance(end, Hear) for end in ends):
        problem = "an order needs two notifications"
        yield Mistake(step.place, "order", problem, "name two `hears` steps")
    if len({end.agent for end in ends}) > 1:
        problem = "two agents' sessions have no common order"
        yield Mistake(step.place, "order", problem, "name two steps of one agent")


def _twin_mistakes(step: Stimulus, labelled: Mapping[str, AnyStep]) -> Iterator[Mistake]:
    twin = labelled.get(step.twin)
    if twin is None:
        yield _no_step(step.place, step.twin, labelled)
    elif type(twin) is not type(step):
        remedy = f"name a step that {type(step).__name__.lower()}s"
        yield Mistake(step.place, "twin", "a twin must be the same kind of step", remedy)
    elif isinstance(twin, Ask) and not twin.accepted:
        problem = "the twin of a refusal must be accepted"
        yield Mistake(step.place, "twin", problem, "name a step that succeeds")
    elif len(differing := respects(step, twin)) > 1:
        problem = f"differs from its twin in {len(differing)} respects: {listed(differing)}"
        yield Mistake(step.place, "twin", problem, "let only one differ")


def respects(step: Stimulus, twin: Stimulus) -> list[str]:
    """The respects in which two requests differ. None means that only the state of the calls does."""
    return _differing("", _sent(step), _sent(twin))


def _differing(path: str, left: object, right: object) -> list[str]:
    # A missing object differs in each member of the other one.
    if {type(left), type(right)} <= {dict, type(None)}:
        ours, theirs = (side if isinstance(side, dict) else {} for side in (left, right))
        names = sorted(ours.keys() | theirs.keys())
        inner = (_differing(f"{path}.{name}".lstrip("."), ours.get(name), theirs.get(name)) for name in names)
        return [deep for found in inner for deep in found]
    return [] if left == right else [path]


def _sent(step: Stimulus) -> dict[str, object]:
    """The request of a step. The agent and the credentials are one respect: the caller."""
    if isinstance(step, Ask):
        to = {"destination": {"phoneNumber": step.to}} if step.to else {}
        consult = {"consultCallUri": step.consult} if step.consult else {}
        asked = {"operationName": step.operation, **to, **step.members, **consult}
        return {"body": asked, "caller": step.agent, "on": _whose(step)}
    body = getattr(step, "body", None) if step.text is None else step.text
    sent = {member: getattr(step, member) for member in _SENT[type(step)]}
    return {**sent, "body": body, "caller": f"{step.agent} {step.credentials}"}


def _whose(step: Ask) -> str:
    """Whose leg of which call: alice's `talk` is `alice's talk`, whichever agent acts."""
    return step.on if "'s " in step.on or step.on in _NO_CALL else f"{step.agent}'s {step.on}"
