"""What must hold of every answer and every notification."""

from __future__ import annotations

from typing import Any

from callproof.catalogue.scenario import Claim, Exchange, Predicate, Send, Unasked
from callproof.judge.everywhere import judge_answers, judge_notifications, judge_schemas
from callproof.judge.findings import AcceptedReading, Blocked, Difference, Finding, Met, NearMiss, Unmet
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedStep
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import (
    HELD,
    TALK,
    Example,
    about,
    each_of,
    hold,
    notification,
    played,
    reading,
    reply,
    said,
    scenario,
)

ASKS = "alice asks for Hold on talk"
TAKEN = Claim(("CLAIM-1",), (Predicate("body.statusCode", "is", 0),), place=HELD.place)
UNASKED = Unasked(answers=(TAKEN,), schema_of={"answer": ("SCHEMA-1",), "notification": ("SCHEMA-2",)})


def answers(*steps: PlayedStep) -> list[Finding]:
    return list(judge_answers(steps, UNASKED))


def claimed(*evidence: str) -> Met:
    expected = "body.statusCode is 0"
    return Met(requirement="CLAIM-1", about=about("every answer", expected, *evidence, place=HELD.place))


VALID_ANSWER = about(
    "every answer", "the answer is valid against the contract", "r0", "r1", place=about().place
)

ANSWERS = [
    Example(
        "a good answer meets the claims about every answer, and its schema",
        lambda: answers(played(hold(), reply=reply(), answer_problems=())),
        [claimed("r0", "r1"), Met(requirement="SCHEMA-1", about=VALID_ANSWER)],
    ),
    Example(
        "a wrong answer is a violation that names the request",
        lambda: answers(
            played(hold(), reply=reply(), answer_problems=()),
            played(hold(), reply=reply(2), answer_problems=("statusCode: is 2", "x: is not expected")),
        ),
        [
            Unmet(
                requirement="CLAIM-1",
                about=claimed("r0", "r1").about,
                code="status-code",
                message=said("body.statusCode: expected 0, got 2"),
                nearest=(NearMiss("r0", ASKS, (Difference("body.statusCode", "0", "2"),)),),
            ),
            Unmet(
                requirement="SCHEMA-1",
                about=VALID_ANSWER,
                code="schema",
                message=said(f"{ASKS}: statusCode: is 2; x: is not expected"),
            ),
        ],
        says=(Sentence.DIFFERS, Sentence.INVALID),
    ),
    Example(
        "an answer that no schema was asked about meets none",
        lambda: answers(played(Send("alice", path="/me"), reply=reply())),
        [claimed("r0", "r1")],
    ),
    *(
        Example(f"there is no answer to judge when {when}", lambda step=step: answers(step), [])  # type: ignore[misc]  # mypy cannot infer a default's lambda
        for when, step in {
            "nothing was asked": played(),
            "none came": played(hold(), reply=reply(answered=False)),
            "the step was blocked": played(hold(), reply=reply(), blocked_by="another step"),
            "the request was wrong": played(hold(), reply=reply(), wrong_request="it has no destination"),
            "it is one of CometD": played(Exchange("alice"), reply=reply()),
        }.items()
    ),
]


def notifications(claim: Claim, *log: Notification, **more: Any) -> list[Finding]:
    return list(judge_notifications(scenario(*log, **more), [claim]))


OFFERS_COMPLETION = Claim(
    ("CLAIM-1",),
    (Predicate("call.capabilities", "contains", ["CompleteConference"]),),
    when=(Predicate("call.callType", "is", "Consult"), Predicate("call.state", "is", "Established")),
    readings=(
        reading(
            "the parent offers it instead",
            Predicate("the parent.capabilities", "contains", ["CompleteConference"]),
        ),
    ),
)
CONSULT = TALK.bind("alice", "consult", "C")


def consult(position: int, state: str = "Established") -> Notification:
    return notification(
        position, state, "C", callType="Consult", parentCallPath="/calls/A", capabilities=["Hangup"]
    )


def parent(position: int, *offers: str) -> Notification:
    return notification(position, capabilities=[*offers])


OFFERED = about("", "call.capabilities contains CompleteConference", "a1", place=about().place)
ON_THE_PARENT = Met(
    requirement="CLAIM-1",
    about=OFFERED,
    reading=AcceptedReading(because="the parent offers it instead", verdict="pass"),
)
NOWHERE = Unmet(
    requirement="CLAIM-1",
    about=OFFERED,
    code="wrong-member",
    message=said('call.capabilities: expected contains CompleteConference, got ["Hangup"]'),
    nearest=(
        NearMiss(
            "a1",
            "alice received StatusChange about consult, state Established",
            (Difference("call.capabilities", "contains CompleteConference", '["Hangup"]'),),
        ),
    ),
)

NOTIFICATIONS = [
    Example(
        "a claim about every notification is met by those of own calls, of which the others say nothing",
        lambda: notifications(
            HELD, notification(0), notification(1, "Dialing", "Z"), notification(2), earlier=0
        ),
        [Met(requirement="CLAIM-1", about=about("", "call.state is Held", "a0", "a2", place=HELD.place))],
    ),
    Example(
        "one notification that is wrong is a violation that names it",
        lambda: notifications(HELD, notification(0), notification(1, "Dialing")),
        [
            Unmet(
                requirement="CLAIM-1",
                about=about("", "call.state is Held", "a1", place=HELD.place),
                code="wrong-member",
                message=said("call.state: expected Held, got Dialing"),
                nearest=(
                    NearMiss(
                        "a1",
                        "alice received StatusChange about talk, state Dialing",
                        (Difference("call.state", "Held", "Dialing"),),
                    ),
                ),
            )
        ],
        says=(Sentence.DIFFERS, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "a claim may look at the channel and the whole message",
        lambda: notifications(
            Claim(
                ("CLAIM-1",),
                (
                    Predicate("channel", "is", "/v2/me/calls"),
                    Predicate("envelope.channel", "is", "/v2/me/calls"),
                ),
            ),
            notification(0),
        ),
        [
            Met(
                requirement="CLAIM-1",
                about=about(
                    "",
                    "channel is /v2/me/calls and envelope.channel is /v2/me/calls",
                    "a0",
                    place=about().place,
                ),
            )
        ],
    ),
    Example(
        "a claim about what is not known is blocked",
        lambda: notifications(
            Claim(("CLAIM-1",), (Predicate("call.id", "is", "{other.id}"),)), notification(0)
        ),
        [
            Blocked(
                requirement="CLAIM-1",
                about=about("", "call.id is {other.id}", "a0", place=about().place),
                by="{other.id} is not known",
                message=said("{other.id} is not known"),
            )
        ],
        says=(Sentence.UNKNOWN_NAME,),
    ),
    Example(
        "a reading may look at the parent, as it was reported before",
        lambda: notifications(OFFERS_COMPLETION, parent(0, "CompleteConference"), consult(1), legs=CONSULT),
        [ON_THE_PARENT],
    ),
    Example(
        "a reading may look at the parent, as it is reported while the consult call stays in its state",
        lambda: notifications(
            OFFERS_COMPLETION,
            parent(0),
            consult(1),
            parent(2, "CompleteConference"),
            consult(3, "Released"),
            parent(4),
            legs=CONSULT,
        ),
        [ON_THE_PARENT],
    ),
    Example(
        "what the parent offers once the consult call is over comes too late",
        lambda: notifications(
            OFFERS_COMPLETION,
            parent(0),
            consult(1),
            consult(2, "Released"),
            parent(3, "CompleteConference"),
            legs=CONSULT,
        ),
        [NOWHERE],
        says=(Sentence.DIFFERS, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "a parent that was never reported offers nothing",
        lambda: notifications(OFFERS_COMPLETION, notification(0, "Held", "Z"), consult(1), legs=CONSULT),
        [NOWHERE],
        says=(Sentence.DIFFERS, Sentence.NOTIFIED_IN_STATE),
    ),
]

ERROR = Notification("alice", 1, {"data": {"messageType": "ErrorMessage"}}, evidence="a1")
VALID = "the notification is valid against the contract"


def schemas(*log: Notification, wrong: str = "") -> list[Finding]:
    def validate(each: Notification) -> list[str]:
        return ["state: is 7", "x: is not expected"] if each.evidence == wrong else []

    return list(judge_schemas(scenario(*log), UNASKED, validate))


SCHEMAS = [
    Example("where nothing came nothing is valid", schemas, []),
    Example(
        "notifications of own calls and errors are validated, those of other calls are not",
        lambda: schemas(notification(0), ERROR, notification(2, "Held", "Z"), wrong="a2"),
        [
            Met(
                requirement="SCHEMA-2",
                about=about("every notification", VALID, "a0", "a1", place=about().place),
            )
        ],
    ),
    Example(
        "a notification that is not valid is a violation with every problem",
        lambda: schemas(notification(0), ERROR, wrong="a1"),
        [
            Unmet(
                requirement="SCHEMA-2",
                about=about("every notification", VALID, "a1", place=about().place),
                code="schema",
                message=said("alice received ErrorMessage about no call: state: is 7; x: is not expected"),
            )
        ],
        says=(Sentence.INVALID, Sentence.NOTIFIED),
    ),
]


@each_of([*ANSWERS, *NOTIFICATIONS, *SCHEMAS])
def test_everywhere(example: Example) -> None:
    assert example.found() == example.expected
