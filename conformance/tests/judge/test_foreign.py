"""Which calls the run's own requests do not explain, which of those are somebody's, and what then becomes of an accusation."""

from __future__ import annotations

from typing import Any

import pytest

from callproof.judge.findings import Met, Undecided, Unmet
from callproof.judge.foreign import Asked, Opening, in_words, is_real, unexplained, without_accusation
from callproof.judge.legs import NO_LEGS, Leg, Legs
from callproof.judge.notification import Notification
from callproof.judge.sentences import NOTHING_SAID, Sentence
from conformance.tests.judge.building import SCOPE, TALK, Example, about, each_of, notification, party, said

DIALLED = Opening("alice", frozenset({"15001"}), {"alice": 0, "bob": 0})
KNOWN = Opening("alice", frozenset({"15001"}), {"alice": 0, "bob": 0}, {"alice": 1, "bob": 1})
TO_BOB = notification(0, "Dialing", participants=party("15001"))
AT_BOB = notification(0, "Ringing", agent="bob", participants=party("15000"))
AGAIN = notification(1, "Dialing", "Z", participants=party("15001"))
FROM_CAROL = notification(1, "Ringing", "Z", participants=party("15002"))
FROM_OUTSIDE = notification(1, "Ringing", "Z", participants=party("0031000"))
PREVIEW = notification(1, "Preview", "Z", participants=party("15001"))
CONSULT = notification(1, "Dialing", "Z", participants=party("15002"), parentCallPath="/calls/A")
BOTH = Legs({**TALK.named, ("bob", "talk"): "A"}, TALK.own | {("bob", "A")})


@pytest.mark.parametrize(
    ("log", "openings", "more", "foreign", "surplus"),
    [
        pytest.param([TO_BOB, AT_BOB], [DIALLED], {"legs": BOTH}, "", "", id="what the run dialled"),
        pytest.param([TO_BOB, AT_BOB], [DIALLED], {"legs": NO_LEGS}, "", "", id="what it dialled and did not name"),
        pytest.param([AT_BOB], [DIALLED], {"legs": NO_LEGS}, "", "", id="one end of it"),
        pytest.param([TO_BOB], [], {"legs": TALK}, "", "", id="a named call, however it came about"),
        pytest.param([TO_BOB], [], {"legs": NO_LEGS}, "A", "", id="a call that nobody here dialled"),
        pytest.param([TO_BOB, FROM_CAROL], [DIALLED], {}, "Z", "", id="a call from another of the agents"),
        pytest.param([TO_BOB, FROM_OUTSIDE], [DIALLED], {}, "Z", "", id="a call from outside"),
        pytest.param([TO_BOB, AGAIN], [DIALLED], {}, "", "Z", id="a second call for one request"),
        pytest.param([TO_BOB, AGAIN], [DIALLED, DIALLED], {}, "", "", id="a second call for two requests"),
        pytest.param([TO_BOB, AGAIN], [KNOWN], {}, "late Z", "", id="a second call after the first was known"),
        pytest.param(
            [TO_BOB, AGAIN], [DIALLED], {"legs": Legs({("alice", "talk"): "Z"})}, "", "A", id="the unnamed one of two"
        ),
        pytest.param(
            [TO_BOB], [Opening("alice", frozenset({"15001"}), {"alice": 1})], {"legs": NO_LEGS}, "A", "",
            id="a call that was there before the request",
        ),
        pytest.param([TO_BOB, CONSULT], [DIALLED], {}, "", "", id="a call that was opened from ours"),
        pytest.param(
            [TO_BOB, notification(0, "Ringing", agent="carol", participants=party("15000"))], [DIALLED], {}, "", "",
            id="our call, leaked to a third agent",
        ),
        pytest.param(
            [notification(0, "Dialing", callUuid="U"), notification(1, "Dialing", "Z", callUuid="U")], [DIALLED], {}, "", "",
            id="our call under another id",
        ),
        pytest.param([notification(0, "Held", "Z")], [], {}, "Z", "", id="a call that began before the session did"),
        pytest.param([notification(0, "Released", "Z")], [], {}, "", "", id="the end of a call that began before the session did"),
        pytest.param([TO_BOB, PREVIEW], [DIALLED], {}, "Z", "", id="a preview, offered by a dialler"),
        pytest.param([PREVIEW], [Opening("bob", frozenset(), {})], {"legs": NO_LEGS}, "Z", "", id="a preview of who called"),
        pytest.param([notification(0, "PreviewCancelled", "Z")], [], {}, "", "", id="the end of such a preview"),
        pytest.param([FROM_CAROL], [], {"known": {("alice", "Z")}}, "", "", id="a call of an earlier scenario"),
    ],
)  # fmt: skip
def test_only_what_no_request_explains_may_be_somebody_elses(
    log: list[Notification], openings: list[Opening], more: dict[str, Any], foreign: str, surplus: str
) -> None:
    legs: Legs = more.get("legs", TALK)
    known: set[Leg] = more.get("known", set())
    found = unexplained(log, openings, legs, SCOPE, known)
    kinds = {"": found.foreign, "late ": found.late}
    others = [f"{kind}{each.call_id}" for kind, part in kinds.items() for each in part]
    assert ("".join(others), "".join(each.call_id for each in found.surplus)) == (foreign, surplus)


CANCELLED = [notification(0, "Preview", "Z"), notification(1, "PreviewCancelled", "Z")]
RINGING = notification(0, "Ringing", "Z")
ENDS = [RINGING, notification(1, "Released", "Z")]
LIVES = [RINGING, notification(1, "Established", "Z"), notification(2, "Released", "Z")]


@pytest.mark.parametrize(
    ("log", "asked", "real"),
    [
        pytest.param([RINGING], Asked(True, 1), True, id="the server has it"),
        pytest.param(
            CANCELLED, Asked(False, 2), True, id="the server had it until its preview was cancelled"
        ),
        pytest.param([RINGING], Asked(False, 1), False, id="the server does not have it"),
        pytest.param(ENDS, Asked(False, 1), True, id="it ended while the server was asked"),
        pytest.param(ENDS, None, True, id="it ended before the server could be asked"),
        pytest.param(LIVES, Asked(False, 1), False, id="it goes on after the server denied it"),
        pytest.param([RINGING], None, False, id="nothing is known of it"),
    ],
)
def test_a_call_is_somebodys_if_the_server_has_it_or_it_ended(
    log: list[Notification], asked: Asked | None, real: bool
) -> None:
    assert is_real(RINGING, log, asked) is real


WRONG = Unmet(requirement="REQ-1", about=about("step"), code="missing-event", message=said("it did not come"))
RIGHT = Met(requirement="REQ-2", about=about("step"))
CALL = "alice had a call that this run did not make (Z, first Ringing, with carol)"

EXAMPLES = [
    Example(
        "beside somebody else's call no violation is certain, and the sentence names the call",
        lambda: [*without_accusation([WRONG, RIGHT], in_words(FROM_CAROL, SCOPE))],
        [
            Undecided(
                requirement="REQ-1",
                about=about("step"),
                code="missing-event",
                message=said(
                    f"somebody else uses these agents: {CALL}; beside that, this decides nothing: it did not come"
                ),
            ),
            RIGHT,
        ],
        says=(Sentence.FOREIGN_CALL, Sentence.BESIDE_FOREIGN),
    ),
    Example(
        "without anybody else a violation stays one",
        lambda: [*without_accusation([WRONG, RIGHT], NOTHING_SAID)],
        [WRONG, RIGHT],
    ),
]


@each_of(EXAMPLES)
def test_accusations(example: Example) -> None:
    assert example.found() == example.expected
