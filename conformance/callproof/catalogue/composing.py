"""From the mappings of a scenario file to its values. The schema has been obeyed by then, so this only sorts and names. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from callproof.catalogue.scenario import (
    AGENTS,
    Agreement,
    AnyStep,
    Ask,
    Claim,
    Exchange,
    Flow,
    Given,
    Hear,
    LegRule,
    MayHear,
    NothingElse,
    Order,
    Predicate,
    Reading,
    Scenario,
    Send,
    Unasked,
)
from callproof.json_values import Json
from callproof.strict_yaml import Place

Whereabouts = Callable[..., Place]
#: The key of a step that says what is done, and by whom.
VERB = re.compile(
    r"^(?:(alice|bob|carol) )?"
    r"(asks|hears|may hear|sends|reads|exchanges|collects|order|nothing else)$"
)


def scenario(value: dict[str, Json], at: Whereabouts) -> Scenario:
    return Scenario(
        id=str(value["id"]),
        title=str(value["title"]),
        profile=str(value["profile"]),
        given=tuple(
            _given(name, spec, at("given", name)) for name, spec in members_of(value.get("given")).items()
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
    return Unasked(
        messages=_claims(value.get("every notification"), at, "every notification"),
        legs=tuple(
            LegRule(
                rule=str(rule["rule"]),
                member=str(rule.get("member", "")),
                proves=strings(rule["proves"]),
                place=at("along a leg", index),
                through={
                    state: strings(following) for state, following in members_of(rule.get("through")).items()
                },
            )
            for index, rule in enumerate(objects(value.get("along a leg")))
        ),
        schema_of={kind: strings(ids) for kind, ids in members_of(value.get("schema of")).items()},
        answers=_claims(value.get("every answer"), at, "every answer"),
        duplicates=strings(value.get("no duplicates")),
        offers=strings(value.get("offered is accepted")),
    )


def verb(key: str) -> tuple[str, str]:
    """Who acts, if anybody, and the verb; two empty texts for a key that is none."""
    found = VERB.match(key)
    return (found[1] or "", found[2]) if found else ("", "")


def members_of(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def strings(value: Json) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (value,) if isinstance(value, str) else ()


def _given(name: str, spec: Json, place: Place) -> Given:
    body = members_of(spec)
    reached = next(key for key in body if key != "on")
    return Given(name, reached, strings(body[reached]), str(body.get("on", "")), place)


def _steps(value: Json, at: Whereabouts) -> tuple[AnyStep, ...]:
    return tuple(_step(step, at, index) for index, step in enumerate(objects(value)))


def _step(step: dict[str, Json], at: Whereabouts, index: int) -> AnyStep:
    key = next(key for key in step if VERB.match(key))
    agent, what = verb(key)

    def here(*path: str | int) -> Place:
        return at("steps", index, *path)

    return _STEPS[what](agent, step[key], step, here)


def _ask(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Ask:
    fields = members_of(body)
    return Ask(
        agent=agent,
        proves=strings(step.get("proves")),
        label=_text(step, "as"),
        place=here(),
        operation=_text(fields, "operation"),
        on=_text(fields, "on"),
        to=_text(fields, "to"),
        members=members_of(fields.get("with")),
        consult=_text(fields, "consult"),
        accepted=step.get("is") != "refused",
        twin=_text(step, "twin"),
        wrong=step.get("wrong") is True,
        claims=_claims(step.get("answer"), here, "answer"),
    )


def _hear(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Hear:
    fields, times = members_of(body), members_of(step.get("times"))
    least = int(str(times.get("at least", 1)))
    return Hear(
        agent=agent,
        proves=strings(step.get("proves")),
        label=_text(step, "as"),
        place=here(),
        call=_text(fields, "call") or _text(fields, "new call"),
        new="new call" in fields,
        state=_text(fields, "state"),
        notification=_text(fields, "notification"),
        parties=strings(fields.get("parties")),
        least=least,
        most=max(least, int(str(times.get("at most", 1)))),
        claims=_claims(step.get("where"), here, "where"),
    )


def _may_hear(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> MayHear:
    fields = members_of(body)
    return MayHear(
        agent=agent,
        place=here(),
        call=_text(fields, "call"),
        state=_text(fields, "state"),
        notification=_text(fields, "notification"),
    )


def _send(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Send:
    """Both `sends`, with everything about the request, and `reads`, which only names a path."""
    fields: dict[str, Json] = {"path": body} if isinstance(body, str) else members_of(body)
    text = fields.get("text")
    return Send(
        agent=agent,
        label=_text(step, "as"),
        place=here(),
        method=_text(fields, "method") or "GET",
        path=_text(fields, "path"),
        body=fields.get("body"),
        text=text if isinstance(text, str) else None,
        headers={name: str(value) for name, value in members_of(fields.get("headers")).items()},
        credentials=_text(fields, "credentials") or "own",
        twin=_text(step, "twin"),
        claims=_claims(step.get("answer"), here, "answer"),
        remembers={name: str(path) for name, path in members_of(step.get("remembers")).items()},
        agrees=tuple(
            Agreement(
                call=_text(item, "call"),
                members=strings(item["members"]),
                proves=strings(item["proves"]),
                before=_text(item, "before"),
                place=here("agrees", position),
            )
            for position, item in enumerate(objects(step.get("agrees")))
        ),
    )


def _exchange(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Exchange:
    """Both `exchanges` and `collects`, which waits for the answer to one that was left open."""
    fields: dict[str, Json] = {"messages": body} if isinstance(body, list) else members_of(body)
    text, limit = fields.get("text"), fields.get("limit")
    return Exchange(
        agent=agent,
        label=_text(step, "as"),
        place=here(),
        messages=tuple(objects(fields.get("messages"))),
        text=text if isinstance(text, str) else None,
        credentials=_text(fields, "credentials") or "own",
        twin=_text(step, "twin"),
        claims=_claims(step.get("replies"), here, "replies"),
        remembers={name: str(path) for name, path in members_of(step.get("remembers")).items()},
        path=_text(fields, "path"),
        meanwhile=_text(fields, "meanwhile"),
        collects=body if isinstance(body, str) else "",
        limit_s=float(limit) if isinstance(limit, int | float) else None,
        over=_text(fields, "over") or "long-polling",
    )


def _order(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> Order:
    fields = members_of(body)
    return Order(
        agent=agent,
        proves=strings(step.get("proves")),
        place=here(),
        first=_text(fields, "first"),
        then=_text(fields, "then"),
    )


def _nothing_else(agent: str, body: Json, step: dict[str, Json], here: Whereabouts) -> NothingElse:
    return NothingElse(
        agent=agent,
        proves=strings(step.get("proves")),
        place=here(),
        agents=strings(body) or AGENTS,
        strangers=strings(step.get("strangers")),
    )


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
            predicates=_predicates(claim, "proves", "when", "or"),
            when=_predicates(members_of(claim.get("when"))),
            readings=tuple(
                Reading(
                    _predicates(reading, "verdict", "because"),
                    str(reading["verdict"]),
                    str(reading["because"]),
                )
                for reading in objects(claim.get("or"))
            ),
            place=at(*path, index),
        )
        for index, claim in enumerate(objects(value))
    )


def _predicates(members: dict[str, Json], *besides: str) -> tuple[Predicate, ...]:
    return tuple(_predicate(path, item) for path, item in members.items() if path not in besides)


def _predicate(path: str, expectation: Json) -> Predicate:
    if isinstance(expectation, dict):
        (kind, value), *_ = expectation.items()
        return Predicate(path, kind, value)
    return Predicate(path, "is", expectation)


def _text(members: Mapping[str, Json], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""
