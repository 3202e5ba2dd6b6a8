"""Whether the notifications came that had to, and in their order."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.catalogue.scenario import Hear, Order, Send
from callproof.judge.expected import judge_expected, judge_order
from callproof.judge.findings import Blocked, Difference, Finding, Met, NearMiss, Undecided, Unmet
from callproof.judge.legs import NO_LEGS
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedStep, SessionHealth
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import (
    HELD,
    HERE,
    Example,
    about,
    each_of,
    hear,
    hold,
    notification,
    played,
    reply,
    said,
)

TITLE = "alice hears that talk is Held"
STEP = about(TITLE)


def expected(
    step: PlayedStep, *log: Notification, taken: frozenset[tuple[str, int]] = frozenset()
) -> list[Finding]:
    return list(judge_expected(step, {"alice": log}, taken))


def step_of(*hears: Hear, answers: Sequence[Sequence[Notification]] = (), **more: object) -> PlayedStep:
    return played(hold(), reply=reply(), hears=hears, answers=answers, **more)  # type: ignore[arg-type]  # the test names parameters of played


def missing(*log: Notification, **more: object) -> list[Finding]:
    """What is found when the talk should be Held; the suite stopped waiting after two notifications."""
    return expected(step_of(hear(claims=(HELD,)), ends=2, **more), *log)


DID_NOT_HAPPEN = Blocked(
    requirement="CLAIM-1",
    about=STEP,
    by="alice hears that talk is Held: did not happen",
    message=said("alice hears that talk is Held: did not happen"),
)
NEAR = NearMiss(
    "a0",
    "alice received StatusChange about talk, state Dialing",
    (Difference("call.state", "Held", "Dialing"),),
)
UNTYPED = Notification("alice", 1, {"data": {}}, evidence="a1")


def not_heard(words: str, code: str = "missing-event", *near: NearMiss) -> list[Finding]:
    return [
        Undecided(
            requirement="REQ-1",
            about=about(TITLE, None, "r0", "r1"),
            code=code,  # type: ignore[arg-type]  # one of the codes
            message=said(words),
            nearest=near,
        ),
        DID_NOT_HAPPEN,
    ]


EXAMPLES = [
    Example(
        "what came is met, and its claims are judged on it",
        lambda: expected(step_of(hear(claims=(HELD,)), answers=[[notification(0)]]), notification(0)),
        [
            Met(requirement="REQ-1", about=about(TITLE, None, "a0")),
            Met(requirement="CLAIM-1", about=about(TITLE, "call.state is Held", "a0", place=HELD.place)),
        ],
    ),
    Example(
        "what came with a wrong member violates the claim and not the expectation",
        lambda: expected(
            step_of(hear("", claims=(HELD,)), answers=[[notification(0, "Dialing")]]),
            notification(0, "Dialing"),
        ),
        [
            Met(requirement="REQ-1", about=about("alice hears that talk is a notification", None, "a0")),
            Unmet(
                requirement="CLAIM-1",
                about=about(
                    "alice hears that talk is a notification", "call.state is Held", "a0", place=HELD.place
                ),
                code="wrong-member",
                message=said("call.state: expected Held, got Dialing"),
                nearest=(NEAR,),
            ),
        ],
        says=(Sentence.DIFFERS, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "what did not come in a healthy session is a violation, with the nearest miss; its claims are blocked",
        lambda: missing(notification(0, "Dialing"), UNTYPED),
        [
            Unmet(
                requirement="REQ-1",
                about=about(TITLE, None, "r0", "r1"),
                code="missing-event",
                message=said("no such notification arrived; 2 others did"),
                nearest=(NEAR,),
            ),
            DID_NOT_HAPPEN,
        ],
        says=(Sentence.NOTHING_CAME, Sentence.DID_NOT_HAPPEN, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "the nearest miss may be a notification without a state",
        lambda: missing(notification(0, "", type_="")),
        [
            Unmet(
                requirement="REQ-1",
                about=about(TITLE, None, "r0", "r1"),
                code="missing-event",
                message=said("no such notification arrived; 1 others did"),
                nearest=(
                    NearMiss(
                        "a0",
                        "alice received CallStateChangeMessage about talk",
                        (Difference("call.state", "Held", "nothing"),),
                    ),
                ),
            ),
            DID_NOT_HAPPEN,
        ],
        says=(Sentence.NOTHING_CAME, Sentence.NOTIFIED),
    ),
    Example(
        "what came after the suite stopped waiting is late, and decides nothing",
        lambda: missing(notification(0, "Dialing"), UNTYPED, notification(2)),
        not_heard(
            "it arrived after the suite had stopped waiting; a larger timing.time_factor may help",
            "late",
            NEAR,
        ),
        says=(Sentence.CAME_LATE,),
    ),
    Example(
        "what answers another expectation is not a late answer to this one",
        lambda: expected(
            step_of(hear(), ends=1),
            UNTYPED,
            notification(1),
            taken=frozenset({("alice", 1)}),
        ),
        [
            Unmet(
                requirement="REQ-1",
                about=about(TITLE, None, "r0", "r1"),
                code="missing-event",
                message=said("no such notification arrived; 1 others did"),
            )
        ],
        says=(Sentence.NOTHING_CAME,),
    ),
    *(
        Example(
            f"silence decides nothing: {words}",
            lambda health=health: missing(health=health),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            not_heard(words),
            says=(sentence,),
        )
        for words, health, sentence in (
            (
                "the session was re-established meanwhile",
                SessionHealth(interrupted=True),
                Sentence.SESSION_RENEWED,
            ),
            (
                "more messages arrived in this scenario than the suite keeps (limits.messages_per_scenario)",
                SessionHealth(flooded=True, alive=False),
                Sentence.FLOODED,
            ),
            (
                "a call that does not belong to this run appeared meanwhile",
                SessionHealth(strangers=2),
                Sentence.STRANGERS_CALL,
            ),
            (
                "the session showed no sign of life after the request",
                SessionHealth(alive=False),
                Sentence.NO_SIGN_OF_LIFE,
            ),
        )
    ),
    *(
        Example(
            f"nothing can follow: {cause}",
            lambda step=step: expected(step),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            [
                Blocked(requirement=requirement, about=STEP, by=cause, message=said(cause))
                for requirement in ("REQ-1", "CLAIM-1")
            ],
            says=says,
        )
        for cause, step, says in (
            (
                "another step",
                played(hold(), hears=[hear(claims=(HELD,))], blocked_by="another step"),
                (),
            ),
            (
                "it has no destination",
                played(hold(), hears=[hear(claims=(HELD,))], wrong_request="it has no destination"),
                (),
            ),
            (
                "alice asks for Hold on talk: no answer within 10 s",
                played(hold(), hears=[hear(claims=(HELD,))], reply=reply(answered=False)),
                (Sentence.STEP_UNANSWERED,),
            ),
            (
                "alice asks for Hold on talk: was refused at once",
                played(hold(), hears=[hear(claims=(HELD,))], reply=reply(2), refusal="at once"),
                (Sentence.STEP_REFUSED,),
            ),
        )
    ),
    Example(
        "what must follow a refusal is looked for after it",
        lambda: expected(
            played(
                hold(accepted=False),
                reply=reply(2),
                refusal="at once",
                hears=[hear()],
                answers=[[notification(0)]],
            ),
            notification(0),
        ),
        [Met(requirement="REQ-1", about=about(TITLE, None, "a0"))],
    ),
    Example(
        "what must follow a request of another kind is looked for, answered or not",
        lambda: expected(
            played(
                Send("alice", path="/me"),
                reply=reply(answered=False),
                hears=[hear()],
                answers=[[notification(0)]],
            ),
            notification(0),
        ),
        [Met(requirement="REQ-1", about=about(TITLE, None, "a0"))],
    ),
    Example(
        "what comes later about the same call and is something else is not late",
        lambda: expected(step_of(hear(), ends=0), notification(0, "Released")),
        [
            Unmet(
                requirement="REQ-1",
                about=about(TITLE, None, "r0", "r1"),
                code="missing-event",
                message=said("no such notification arrived; 0 others did"),
            )
        ],
        says=(Sentence.NOTHING_CAME,),
    ),
    Example(
        "a call without an id is never late",
        lambda: expected(step_of(hear(), ends=0, legs=NO_LEGS), notification(0, call_id="")),
        [
            Unmet(
                requirement="REQ-1",
                about=about(TITLE, None, "r0", "r1"),
                code="missing-event",
                message=said("no such notification arrived; 0 others did"),
            )
        ],
        says=(Sentence.NOTHING_CAME,),
    ),
]

ORDER = Order("alice", ("ORDER-1",), place=HERE, first="talk held", then="consult dialing")
ORDERED = "talk held, then consult dialing"


def order(first: Notification | None, then: Notification | None) -> list[Finding]:
    labelled = {"talk held": first, "consult dialing": then}
    return list(judge_order(ORDER, {name: (each,) for name, each in labelled.items() if each}))


ORDERS = [
    Example(
        "the one before the other is in order",
        lambda: order(notification(0), notification(1)),
        [Met(requirement="ORDER-1", about=about(ORDERED, None, "a0", "a1"))],
    ),
    Example(
        "the one after the other is out of order",
        lambda: order(notification(1), notification(0)),
        [
            Unmet(
                requirement="ORDER-1",
                about=about(ORDERED, None, "a1", "a0"),
                code="wrong-order",
                message=said("consult dialing was delivered before talk held"),
            )
        ],
        says=(Sentence.WRONG_ORDER,),
    ),
    Example(
        "two sessions have no order",
        lambda: order(notification(0), notification(1, session=2)),
        [
            Undecided(
                requirement="ORDER-1",
                about=about(ORDERED, None, "a0", "a1"),
                message=said("the session was re-established in between"),
            )
        ],
        says=(Sentence.RENEWED_IN_BETWEEN,),
    ),
    *(
        Example(
            f"what did not happen has no order: {name}",
            lambda pair=pair: order(*pair),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            [
                Blocked(
                    requirement="ORDER-1",
                    about=about(ORDERED),
                    by=name,
                    message=said(f"{name} did not happen"),
                )
            ],
            says=(Sentence.LABEL_DID_NOT_HAPPEN,),
        )
        for name, pair in {
            "talk held": (None, notification(0)),
            "consult dialing": (notification(0), None),
        }.items()
    ),
]


@each_of([*EXAMPLES, *ORDERS])
def test_expected(example: Example) -> None:
    assert example.found() == example.expected
