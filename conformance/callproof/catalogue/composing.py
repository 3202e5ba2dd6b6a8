"""From the mappings of a scenario file to its values. The file is valid against the schema by then. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from callproof.catalogue.scenario import (
    AGENTS,
    Agreement,
    AnyStep,
    Ask,
    Claim,
    Exchange,
    Flow,
    GeneratedBodies,
    Given,
    Hear,
    LegRule,
    MayHear,
    NothingElse,
    Order,
    Predicate,
    Scenario,
    Send,
    Unasked,
)
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.strict_yaml import Place

Whereabouts = Callable[..., Place]
#: The key of a step that names the agent and the verb.
VERB = re.compile(
    r"^(?:(alice|bob|carol) )?(asks|hears|may hear|sends|reads|exchanges|collects|order|nothing else)$"
)


def scenario(value: dict[str, Json], at: Whereabouts) -> Scenario:
    return Scenario(
        id=str(value["id"]),
        title=str(value["title"]),
        profile=str(value["profile"]),
        given=tuple(
            _given(name, as_object(body), at) for name, body in as_object(value.get("given")).items()
        ),
        steps=_steps(value["steps"], at),
        needs=strings(value.get("needs")),
        place=at(),
    )


def flow(value: dict[str, Json], at: Whereabouts) -> Flow:
    return Flow(
        name=str(value["flow"]),
        agents=strings(value["between"]),
        call=str(value["call"]),
        on=str(value.get("on", "")),
        steps=_steps(value["steps"], at),
        place=at(),
    )


def unasked(value: dict[str, Json], at: Whereabouts) -> Unasked:
    bodies = as_object(value.get("generated bodies"))
    return Unasked(
        messages=_claims(value.get("every notification"), at, "every notification"),
        legs=tuple(
            LegRule(
                rule=str(rule["rule"]),
                member=str(rule.get("member", "")),
                proves=strings(rule["proves"]),
                place=at("along a leg", index),
                through=_lists(rule.get("through")),
            )
            for index, rule in enumerate(objects_in(value.get("along a leg")))
        ),
        schema_of=_lists(value.get("schema of")),
        answers=_claims(value.get("every answer"), at, "every answer"),
        duplicates=strings(value.get("no duplicates")),
        offers=strings(value.get("offered is accepted")),
        generated=GeneratedBodies(
            *(
                _claims(bodies.get(kind), at, "generated bodies", kind)
                for kind in ("each", "valid", "invalid")
            )
        ),
    )


def verb(key: str) -> tuple[str, str]:
    """The agent, if any, and the verb; two empty strings if the key is not a verb."""
    found = VERB.match(key)
    return (found[1] or "", found[2]) if found else ("", "")


def strings(value: Json) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (value,) if isinstance(value, str) else ()


def _lists(value: Json) -> dict[str, tuple[str, ...]]:
    return {name: strings(member) for name, member in as_object(value).items()}


def _given(name: str, body: dict[str, Json], at: Whereabouts) -> Given:
    reached = next(key for key in body if key != "on")
    return Given(name, reached, strings(body[reached]), text_of(body.get("on")), at("given", name))


def _steps(value: Json, at: Whereabouts) -> tuple[AnyStep, ...]:
    return tuple(_step(step, at, index) for index, step in enumerate(objects_in(value)))


def _step(step: dict[str, Json], at: Whereabouts, index: int) -> AnyStep:
    key = next(key for key in step if VERB.match(key))
    agent, what = verb(key)

    def here(*path: str | int) -> Place:
        return at("steps", index, *path)

    made = _STEPS[what](agent, step[key], step, here)
    return replace(made, proves=strings(step.get("proves")), label=text_of(step.get("as")), place=here())


def _ask(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Ask:
    fields = as_object(body)
    return Ask(
        agent,
        operation=text_of(fields.get("operation")),
        on=text_of(fields.get("on")),
        to=text_of(fields.get("to")),
        members=as_object(fields.get("with")),
        consult=text_of(fields.get("consult")),
        accepted=step.get("is") != "refused",
        twin=text_of(step.get("twin")),
        wrong=step.get("wrong") is True,
        claims=_claims(step.get("answer"), here, "answer"),
    )


def _hear(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Hear:
    fields, times = as_object(body), as_object(step.get("times"))
    least = int(str(times.get("at least", 1)))
    return Hear(
        agent,
        call=text_of(fields.get("call")) or text_of(fields.get("new call")),
        new="new call" in fields,
        state=text_of(fields.get("state")),
        notification=text_of(fields.get("notification")),
        parties=strings(fields.get("parties")),
        least=least,
        most=max(least, int(str(times.get("at most", 1)))),
        claims=_claims(step.get("where"), here, "where"),
    )


def _may_hear(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> MayHear:
    call, state, notification = _texts(body, "call", "state", "notification")
    return MayHear(agent, call=call, state=state, notification=notification)


def _send(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Send:
    """For `sends`, which describes the whole request, and `reads`, which only names a path."""
    fields: dict[str, Json] = {"path": body} if isinstance(body, str) else as_object(body)
    agreements = enumerate(objects_in(step.get("agrees")))
    return Send(
        agent,
        method=text_of(fields.get("method")) or "GET",
        path=text_of(fields.get("path")),
        body=fields.get("body"),
        text=text_of(fields["text"]) if "text" in fields else None,
        headers=_text_members(fields.get("headers")),
        credentials=text_of(fields.get("credentials")) or "own",
        twin=text_of(step.get("twin")),
        claims=_claims(step.get("answer"), here, "answer"),
        remembers=_text_members(step.get("remembers")),
        agrees=tuple(_agreement(item, here("agrees", position)) for position, item in agreements),
    )


def _agreement(value: dict[str, Json], place: Place) -> Agreement:
    call, before = _texts(value, "call", "before")
    return Agreement(call, strings(value["members"]), strings(value["proves"]), before, place)


def _exchange(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Exchange:
    """For `exchanges`, and `collects`, which waits for the answer to an exchange that was left open."""
    fields: dict[str, Json] = {"messages": body} if isinstance(body, list) else as_object(body)
    limit = fields.get("limit")
    return Exchange(
        agent,
        messages=tuple(objects_in(fields.get("messages"))),
        text=text_of(fields["text"]) if "text" in fields else None,
        credentials=text_of(fields.get("credentials")) or "own",
        twin=text_of(step.get("twin")),
        claims=_claims(step.get("replies"), here, "replies"),
        remembers=_text_members(step.get("remembers")),
        path=text_of(fields.get("path")),
        meanwhile=text_of(fields.get("meanwhile")),
        collects=text_of(body),
        limit_s=float(limit) if isinstance(limit, int | float) else None,
        over=text_of(fields.get("over")) or "long-polling",
    )


def _order(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Order:
    first, then = _texts(body, "first", "then")
    return Order(agent, first=first, then=then)


def _nothing_else(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> NothingElse:
    return NothingElse(agent, agents=strings(body) or AGENTS, strangers=strings(step.get("strangers")))


def _texts(value: Json, *names: str) -> tuple[str, ...]:
    return tuple(text_of(as_object(value).get(name)) for name in names)


def _text_members(value: Json) -> dict[str, str]:
    return {name: str(member) for name, member in as_object(value).items()}


_STEPS: Mapping[str, Callable[[str, Json, dict[str, Json], Whereabouts], AnyStep]] = {
    "asks": _ask,
    "hears": _hear,
    "may hear": _may_hear,
    "sends": _send,
    "reads": _send,
    "exchanges": _exchange,
    "collects": _exchange,
    "order": _order,
    "nothing else": _nothing_else,
}


def _claims(value: Json, at: Whereabouts, *path: str | int) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            proves=strings(claim["proves"]),
            predicates=predicates(claim, "proves", "when", "or"),
            when=predicates(as_object(claim.get("when"))),
            accepts=strings(claim.get("or")),
            place=at(*path, index),
        )
        for index, claim in enumerate(objects_in(value))
    )


def predicates(members: Mapping[str, Json], *besides: str) -> tuple[Predicate, ...]:
    """The expectations of a mapping, without the members that are not expectations."""
    return tuple(_predicate(path, item) for path, item in members.items() if path not in besides)


def _predicate(path: str, expectation: Json) -> Predicate:
    if isinstance(expectation, dict):
        (kind, value), *_ = expectation.items()
        return Predicate(path, kind, value)
    return Predicate(path, "is", expectation)
