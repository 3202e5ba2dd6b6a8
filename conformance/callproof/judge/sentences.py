"""Every sentence that the judge can say: one table of templates, with their facts in braces.

A finding's message is a `Said`, which only `say`, `joined` and `passed_on` make. A sentence outside the table does not type-check,
and a test requires an example of each sentence in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NewType

#: The message of a finding. Messages may change; machines read codes and ids.
Said = NewType("Said", str)
NOTHING_SAID: Final = Said("")


class Sentence(StrEnum):
    """The templates, in the order in which a scenario is judged."""

    # requests and answers
    REFUSED = "refused {how} with statusCode {code}"
    UNREADABLE = "the answer is {what}"
    TAKEN_BACK = "accepted first, then refused {how}"
    NOT_TAKEN_BACK = "accepted, and no notification reported a refusal"
    NO_REFUSING_ANSWER = "refused {how}, so no answer contains the refusal"
    TWIN_FAILED = "its twin did not succeed, so this proves nothing"
    OFFERED_THEN_REFUSED = "offered in `capabilities`, then refused with statusCode {code}"

    # members
    DIFFERS = "{member}: expected {expected}, got {got}"
    UNKNOWN_NAME = "{{{name}}} is not known"
    INVALID = "{what}: {problems}"

    # what was read, compared with notifications
    NOTHING_TOLD = "no notification about {call} arrived"
    NOT_ALL_TOLD = "not every expected notification about {call} arrived"
    NOT_ASKED = "{step}: was not sent, or not answered"
    NOT_REFUSED = "{step}: was not refused"

    # expected notifications
    NOTHING_CAME = "no such notification arrived; {count} others did"
    CAME_LATE = "it arrived after the suite had stopped waiting; a larger timing.time_factor may help"
    STEP_UNANSWERED = "{step}: {why}"
    STEP_REFUSED = "{step}: was refused {how}"
    DID_NOT_HAPPEN = "{step}: did not happen"
    LABEL_DID_NOT_HAPPEN = "{step} did not happen"
    WRONG_ORDER = "{then} was delivered before {first}"
    RENEWED_IN_BETWEEN = "the session was re-established in between"

    # why silence in a session proves nothing
    FLOODED = "more messages arrived in this scenario than the suite keeps (limits.messages_per_scenario)"
    SESSION_RENEWED = "the session was re-established meanwhile"
    STRANGERS_CALL = "a call that does not belong to this run appeared meanwhile"
    FOREIGN_CALL = "{agent} had a call that this run did not make ({call}, first {state}, with {parties})"
    BESIDE_FOREIGN = "somebody else uses these agents: {foreign}; beside that, this decides nothing: {what}"
    NO_SIGN_OF_LIFE = "the session showed no sign of life after the request"

    # unexpected notifications, and duplicates
    NOTIFIED = "{agent} received {what} about {call}"
    NOTIFIED_IN_STATE = "{agent} received {what} about {call}, state {state}"
    END_NOT_SEEN = "the last release did not reach {agents}, so the end was not seen"
    TWICE = "{notification}, twice"

    # along a leg
    OF_LEG = "{agent}, {call}: {what}"
    OF_AGENT = "{agent}: {what}"
    ID_CHANGED = "id was {before}, then {after}"
    MEMBER_CHANGED = "{member} was {before}, then {after}"
    STATE_AFTER = "{before}, then {after}"
    ANNOUNCED_BY = "{state} was announced by {notification}"

    # generated bodies
    FOR_BODY = "for the body {body}: {what}"
    SEEN_ONCE = "seen once, but not when the same request was sent again"


def say(sentence: Sentence, **facts: object) -> Said:
    """The sentence with its facts. Raises KeyError if a fact is missing."""
    return Said(sentence.format_map(facts))


def passed_on(words: str) -> Said:
    """Words from elsewhere: from the network, the runner, or a step that did not happen."""
    return Said(words)


def joined(sentences: Iterable[Said]) -> Said:
    """Several sentences as one, each once. Whoever shows it masks secrets and then cuts it."""
    return Said("; ".join(dict.fromkeys(sentences)))
