"""What an event tells people, with secrets masked and long values cut. Every event leaves the runner through here.

The suite's own words (ids, titles, sentences of the contract) stay as they are: they hold nothing of a server, and masking a password
that is an ordinary word of them would tell it.
"""

from __future__ import annotations

from dataclasses import replace

from callproof.catalogue.scenario import AGENTS
from callproof.judge.checks import CheckDone
from callproof.judge.findings import Difference, NearMiss
from callproof.runner.events import CleanupDone, Event, RunEnded, ScenarioLeftOut
from callproof.target.target import Target
from callproof.wire import Redactor, learn_secrets

_LONGEST_MESSAGE = 1500


def redactor_for(target: Target) -> Redactor:
    """A redactor that knows the target's secrets. Numbers stay readable, and so do the agents' names in the suite's own sentences: without
    them, nobody could follow the calls."""
    numbers = [number for agent in target.agents.values() for number in agent.numbers]
    redactor = Redactor(public=(*AGENTS, *numbers, *target.numbers.values()))
    for agent in target.agents.values():
        learn_secrets(redactor, agent.credentials, target.headers, target.proxy)
    for secret in target.secrets:
        redactor.learn(secret)
    return redactor


def masked(event: Event, redactor: Redactor) -> Event:
    """The event as it may be shown and written."""
    match event:
        case CheckDone():
            return _check(event, redactor)
        case ScenarioLeftOut():
            return replace(event, reason=redactor.shown(event.reason, _LONGEST_MESSAGE))
        case CleanupDone():
            return replace(event, left=tuple(map(redactor.shown, event.left)))
        case RunEnded():
            return replace(
                event,
                stopped=redactor.shown(event.stopped, _LONGEST_MESSAGE),
                failed=redactor.shown(event.failed, _LONGEST_MESSAGE),
            )
        case _:
            return event


def _check(check: CheckDone, redactor: Redactor) -> CheckDone:
    return replace(
        check,
        message=redactor.shown(check.message, _LONGEST_MESSAGE),
        expected=redactor.shown(check.expected, _LONGEST_MESSAGE),
        got=redactor.shown(check.got, _LONGEST_MESSAGE),
        nearest=tuple(_miss(miss, redactor) for miss in check.nearest),
        blocked_by=redactor.shown(check.blocked_by, _LONGEST_MESSAGE),
    )


def _miss(miss: NearMiss, redactor: Redactor) -> NearMiss:
    differences = (
        Difference(redactor.shown(found.member), redactor.shown(found.expected), redactor.shown(found.got))
        for found in miss.differences
    )
    return replace(miss, what=redactor.shown(miss.what), differences=tuple(differences))
