"""What the answers to generated bodies show."""

from __future__ import annotations

from callproof.catalogue.scenario import Claim, GeneratedBodies, Predicate, Unasked
from callproof.judge.bodies import Body, judge_body, proves, replayed
from callproof.judge.findings import AcceptedReading, Difference, Finding, Met, NearMiss, Undecided, Unmet
from callproof.judge.played import Reply
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import Example, about, each_of, reading, reply, said

VALID, INVALID = Body(b'{"operationName": "Answer"}', valid=True), Body(b"7", valid=False)
REFUSED = (Predicate("body.statusCode", "at least", 1),)
WAITS = reading("the server asked to wait", Predicate("status", "is", 503), verdict="info")
UNASKED = Unasked(
    generated=GeneratedBodies(
        each=(Claim(("HTTP-ROB-001",), (Predicate("status", "below", 500),), readings=(WAITS,)),),
        valid=(Claim(("HTTP-CALL-001",), REFUSED),),
        invalid=(Claim(("HTTP-ROB-002",), REFUSED),),
    ),
    answers=(Claim(("CLAIM-1",), (Predicate("body.statusCode", "type", "integer"),)),),
    schema_of={"answer": ("SCHEMA-1",)},
)
BODIES, UNPLACED = "generated bodies", about().place


def judged(body: Body, answer: Reply, *problems: str) -> list[Finding]:
    return list(judge_body(body, answer, problems, UNASKED))


def met(requirement: str, expected: str) -> Met:
    return Met(requirement=requirement, about=about(BODIES, expected, "r0", "r1", place=UNPLACED))


BELOW_500 = met("HTTP-ROB-001", "status below 500")
IS_INTEGER = met("CLAIM-1", "body.statusCode type integer")
IS_VALID = met("SCHEMA-1", "the answer is valid against the contract")
TAKEN = Unmet(
    requirement="HTTP-ROB-002",
    about=met("", "body.statusCode at least 1").about,
    code="status-code",
    message=said("for the body 7: body.statusCode: expected at least 1, got 0"),
    nearest=(NearMiss("r0", "for the body 7", (Difference("body.statusCode", "at least 1", "0"),)),),
)
EVIDENCE_OF_BOTH = about(BODIES, "body.statusCode at least 1", "r0", "r1", "r2", "r3", place=UNPLACED)

EXAMPLES = [
    Example(
        "a refusal in the envelope meets everything, for a valid body",
        lambda: judged(VALID, reply(6, status=404)),
        [BELOW_500, met("HTTP-CALL-001", "body.statusCode at least 1"), IS_INTEGER, IS_VALID],
    ),
    Example(
        "a refusal in the envelope meets everything, for an invalid body",
        lambda: judged(INVALID, reply(6, status=404)),
        [BELOW_500, met("HTTP-ROB-002", "body.statusCode at least 1"), IS_INTEGER, IS_VALID],
    ),
    Example(
        "an invalid body that is taken is a violation that shows it",
        lambda: judged(INVALID, reply(0), "x: is not expected"),
        [
            BELOW_500,
            TAKEN,
            IS_INTEGER,
            Unmet(
                requirement="SCHEMA-1",
                about=IS_VALID.about,
                code="schema",
                message=said("for the body 7: x: is not expected"),
            ),
        ],
        says=(Sentence.FOR_BODY, Sentence.DIFFERS, Sentence.INVALID),
    ),
    Example(
        "a server that asks to wait is not at fault",
        lambda: judged(VALID, reply(6, status=503))[:1],
        [
            Met(
                requirement="HTTP-ROB-001",
                about=BELOW_500.about,
                reading=AcceptedReading(because="the server asked to wait", verdict="info"),
            )
        ],
    ),
    Example(
        "no answer decides nothing",
        lambda: judged(VALID, reply(answered=False)),
        [
            Undecided(
                requirement=requirement,
                about=about(BODIES, "", "r0", place=UNPLACED),
                message=said("no answer within 10 s"),
            )
            for requirement in ("HTTP-ROB-001", "HTTP-CALL-001", "CLAIM-1")
        ],
    ),
    Example(
        "a violation that repeats stays one, with the evidence of both times",
        lambda: list(replayed([BELOW_500, TAKEN], [TAKEN], ("r2", "r3"))),
        [
            BELOW_500,
            Unmet(
                requirement="HTTP-ROB-002",
                about=EVIDENCE_OF_BOTH,
                code="status-code",
                message=TAKEN.message,
                nearest=TAKEN.nearest,
            ),
        ],
        says=(Sentence.FOR_BODY,),
    ),
    Example(
        "a violation that does not repeat is worth knowing, and no more",
        lambda: list(replayed([TAKEN], [BELOW_500], ("r2", "r3"))),
        [
            Met(
                requirement="HTTP-ROB-002",
                about=EVIDENCE_OF_BOTH,
                reading=AcceptedReading(
                    because="seen once, but not when the same request was sent again", verdict="info"
                ),
            )
        ],
        says=(Sentence.SEEN_ONCE,),
    ),
]


@each_of(EXAMPLES)
def test_bodies(example: Example) -> None:
    assert example.found() == example.expected


def test_what_is_proved_is_what_is_found() -> None:
    found = [*judged(VALID, reply(6)), *judged(INVALID, reply(6))]

    assert proves(UNASKED) == {finding.requirement for finding in found}
