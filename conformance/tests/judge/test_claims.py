"""Whether a claim is true of what came, and findings of many messages as one."""

from __future__ import annotations

from callproof.catalogue.scenario import Claim, Predicate
from callproof.json_values import Json
from callproof.judge.claims import judge_claim, together
from callproof.judge.findings import AcceptedReading, Blocked, Difference, Met, NearMiss, Undecided, Unmet
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import HELD, SCOPE, Example, about, each_of, reading, said

STEP = about("a step", "a step", "e0")
JUDGED = about("a step", "call.state is Held", "e0", place=HELD.place)
HELD_OR_RINGING = Claim(
    HELD.proves,
    HELD.predicates,
    readings=(reading("it may ring", Predicate("call.state", "is", "Ringing"), verdict="info"),),
    place=HELD.place,
)
HELD_OR_LATER = Claim(
    HELD.proves,
    HELD.predicates,
    readings=(reading("it may come later", Predicate("later.*", "is", "Held")),),
    place=HELD.place,
)
REFUSED = Claim(("CLAIM-1",), (Predicate("body.statusCode", "at least", 1),), place=HELD.place)
OF_OTHERS = Claim(("CLAIM-1",), HELD.predicates, when=(Predicate("call.callType", "is", "Consult"),))
OF_UNKNOWN = Claim(("CLAIM-1", "CLAIM-2"), (Predicate("call.id", "is", "{consult.id}"),))

SUCCESSFUL = Claim(("CLAIM-1",), (Predicate("s0.successful", "is", True),))


def _got(value: dict[str, Json], claim: Claim = SUCCESSFUL) -> list[str]:
    """What the violations of a claim say that came."""
    found = judge_claim(claim, value, SCOPE, STEP)
    return [
        wrong.got
        for each in found
        if isinstance(each, Unmet)
        for near in each.nearest
        for wrong in near.differences
    ]


def test_a_reply_that_is_not_successful_says_why() -> None:
    assert _got({"s0": {"successful": False}}) == ["false"]
    assert _got({"s0": {"successful": False, "error": "403:/v2/me/calls:Forbidden"}}) == [
        "false (error: 403:/v2/me/calls:Forbidden)"
    ]


def test_an_unknown_session_hints_at_two_nodes() -> None:
    assert _got({"s0": {"successful": False, "error": "402::Unknown client"}}) == [
        "false (error: 402::Unknown client); if the session is new, two nodes seem to answer in turn"
    ]


def test_a_member_of_a_body_that_cannot_be_read_is_not_simply_missing() -> None:
    page = "HTTP 500 text/html, an HTML page"
    assert _got({"status": 500, "unreadable": page}, REFUSED) == [page]


EXAMPLES = [
    Example(
        "a claim that is true is met",
        lambda: list(judge_claim(HELD, {"call": {"state": "Held"}}, SCOPE, STEP)),
        [Met(requirement="CLAIM-1", about=JUDGED)],
    ),
    Example(
        "a claim that is true by an accepted reading is met, with the verdict of the reading",
        lambda: list(judge_claim(HELD_OR_RINGING, {"call": {"state": "Ringing"}}, SCOPE, STEP)),
        [
            Met(
                requirement="CLAIM-1",
                about=JUDGED,
                reading=AcceptedReading(because="it may ring", verdict="info"),
            )
        ],
    ),
    Example(
        "a reading may look at what stands around the value",
        lambda: list(
            judge_claim(
                HELD_OR_LATER, {"call": {"state": "Dialing"}}, SCOPE, STEP, around=lambda: {"later": ["Held"]}
            )
        ),
        [
            Met(
                requirement="CLAIM-1",
                about=JUDGED,
                reading=AcceptedReading(because="it may come later", verdict="pass"),
            )
        ],
    ),
    Example(
        "a claim that is not true under any reading is unmet, with what was there instead",
        lambda: list(judge_claim(HELD_OR_RINGING, {"call": {"state": "Dialing"}}, SCOPE, STEP, "what came")),
        [
            Unmet(
                requirement="CLAIM-1",
                about=JUDGED,
                code="wrong-member",
                message=said("call.state: expected Held, got Dialing"),
                nearest=(NearMiss("e0", "what came", (Difference("call.state", "Held", "Dialing"),)),),
            )
        ],
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "a wrong statusCode has a code of its own",
        lambda: list(judge_claim(REFUSED, {"body": {"statusCode": 0}}, SCOPE, STEP)),
        [
            Unmet(
                requirement="CLAIM-1",
                about=about("a step", "body.statusCode at least 1", "e0", place=HELD.place),
                code="status-code",
                message=said("body.statusCode: expected at least 1, got 0"),
                nearest=(NearMiss("e0", "the answer", (Difference("body.statusCode", "at least 1", "0"),)),),
            )
        ],
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "a claim about something else says nothing",
        lambda: list(judge_claim(OF_OTHERS, {"call": {"state": "Dialing"}}, SCOPE, STEP)),
        [],
    ),
    Example(
        "a claim about what never became known is blocked",
        lambda: list(judge_claim(OF_UNKNOWN, {"call": {"id": "A"}}, SCOPE, STEP)),
        [
            Blocked(
                requirement=requirement,
                about=STEP,
                by="{consult.id} is not known",
                message=said("{consult.id} is not known"),
            )
            for requirement in ("CLAIM-1", "CLAIM-2")
        ],
        says=(Sentence.UNKNOWN_NAME,),
    ),
]


PASSED, WARNED = (
    AcceptedReading(because="so", verdict="pass"),
    AcceptedReading(because="thus", verdict="warn"),
)


def met(*evidence: str, by: AcceptedReading | None = None) -> Met:
    return Met(requirement="R", about=about("", "x", *evidence), reading=by)


def unmet(words: str, *evidence: str) -> Unmet:
    near = NearMiss(evidence[0], words, ())
    return Unmet(
        requirement="R", about=about("", "x", *evidence), code="schema", message=said(words), nearest=(near,)
    )


def undecided(words: str) -> Undecided:
    return Undecided(requirement="R", about=about("", "x", "u"), message=said(words))


TOGETHER = [
    Example(
        "violations of many messages are one finding with each sentence once, all evidence and three near misses",
        lambda: list(
            together(
                [met("a"), unmet("one", "b"), unmet("two", "c"), unmet("one", "d", "b"), unmet("two", "e")]
            )
        ),
        [
            Unmet(
                requirement="R",
                about=about("", "x", "b", "c", "d", "e"),
                code="schema",
                message=said("one; two"),
                nearest=(NearMiss("b", "one", ()), NearMiss("c", "two", ()), NearMiss("d", "one", ())),
            )
        ],
    ),
    Example(
        "what is met in many messages is one finding with all evidence",
        lambda: list(together([undecided("why"), met("a"), met("b", "a")])),
        [met("a", "b")],
    ),
    Example(
        "of what is met in many messages the reading with the worst verdict is reported",
        lambda: list(together([met("a"), met("b", by=PASSED), met("c", by=WARNED), met("d", by=PASSED)])),
        [met("a", "b", "c", "d", by=WARNED)],
    ),
    Example(
        "what nothing decided stays undecided and keeps its reason",
        lambda: list(together([undecided("first"), undecided("second")])),
        [undecided("first")],
    ),
    Example(
        "a long message stays whole, because a secret in it must be masked before it is cut",
        lambda: list(together([unmet("x" * 2000, "b")])),
        [
            Unmet(
                requirement="R",
                about=about("", "x", "b"),
                code="schema",
                message=said("x" * 2000),
                nearest=(NearMiss("b", "x" * 2000, ()),),
            )
        ],
    ),
]


@each_of([*EXAMPLES, *TOGETHER])
def test_claims(example: Example) -> None:
    assert example.found() == example.expected
