"""What a request and its answer show."""

from __future__ import annotations

import pytest

from callproof.catalogue.scenario import Agreement, Claim, Predicate, Send
from callproof.judge.findings import (
    AcceptedReading,
    Blocked,
    Difference,
    Finding,
    Met,
    NearMiss,
    NotApplicable,
    SuiteError,
    Undecided,
    Unmet,
)
from callproof.judge.played import PlayedStep, Reply, SessionHealth
from callproof.judge.sentences import Sentence
from callproof.judge.steps import judge_offer, judge_stimulus, successes
from conformance.tests.judge.building import (
    HERE,
    Example,
    about,
    each_of,
    hold,
    played,
    reading,
    reply,
    said,
)

ASKS = "alice asks for Hold on talk"
STEP = about(ASKS, ASKS, "r0", "r1")
ACCEPTED = about(ASKS, f"{ASKS}: is accepted", "r0", "r1")
REFUSED = about(ASKS, f"{ASKS}: is refused", "r0", "r1")
SAYS_2 = Claim(("CLAIM-1",), (Predicate("body.statusCode", "is", 2),), place=HERE)
IN_TIME = Claim(("TIME-1",), (Predicate("answered", "is", True),), place=HERE)
READ = Send(
    "alice",
    path="/me",
    place=HERE,
    claims=(IN_TIME, SAYS_2),
    agrees=(Agreement("talk", ("state",), ("AGREE-1",)),),
)
READS = "alice sends GET /me"
LATER = reading("an ErrorMessage follows", rule="refused by notification")


def stimulus(step: PlayedStep, twin_succeeded: bool | None = None) -> list[Finding]:
    return list(judge_stimulus(step, twin_succeeded))


def accepted_anyhow(health: SessionHealth | None = None) -> list[Finding]:
    return stimulus(played(hold(accepted=False), reply=reply(), health=health))


def doubted(words: str) -> list[Undecided]:
    return [
        Undecided(requirement="REQ-1", about=REFUSED, code="accepted-but-should-refuse", message=said(words))
    ]


PAGE = Reply(
    {"answered": True, "status": 500, "unreadable": "HTTP 500 text/html, an HTML page"}, evidence=("r0", "r1")
)

EXAMPLES = [
    Example("what happens by itself shows nothing", lambda: stimulus(played()), []),
    Example(
        "a step that was not played blocks all that it proves, each once",
        lambda: stimulus(played(hold(claims=(SAYS_2, SAYS_2)), blocked_by="another step")),
        [
            Blocked(
                requirement=requirement, about=about(ASKS), by="another step", message=said("another step")
            )
            for requirement in ("REQ-1", "CLAIM-1")
        ],
    ),
    *(
        Example(
            f"what proves nothing by itself is blocked: {what}",
            lambda step=step: stimulus(step),  # type: ignore[misc]  # mypy cannot infer a default's lambda
            [Blocked(requirement="REQ-1", about=shown, by=by, message=said(by))],
        )
        for what, step, shown, by in (
            ("an answer to what was blocked", played(hold(), reply=reply(), blocked_by="x"), STEP, "x"),
            ("a request that is still open", played(hold()), about(ASKS), ""),
        )
    ),
    Example(
        "a request of ours that breaks the contract is an error of the suite",
        lambda: stimulus(played(hold(), reply=reply(), wrong_request="it has no destination")),
        [SuiteError(requirement="REQ-1", about=STEP, code="schema", message=said("it has no destination"))],
    ),
    Example(
        "no answer decides nothing",
        lambda: stimulus(played(READ, reply=reply(answered=False, reason="reset"))),
        [
            Undecided(
                requirement=requirement,
                about=about(READS, READS, "r0"),
                message=said("no answer within 10 s"),
            )
            for requirement in ("TIME-1", "CLAIM-1", "AGREE-1")
        ],
    ),
    Example(
        "no answer in time violates what was said about time, and nothing else",
        lambda: stimulus(played(READ, reply=reply(answered=False, reason="timed out"))),
        [
            Unmet(
                requirement="TIME-1",
                about=about(READS, "answered is true", "r0"),
                code="wrong-member",
                message=said("answered: expected true, got false"),
                nearest=(
                    NearMiss("r0", "no answer within 10 s", (Difference("answered", "true", "false"),)),
                ),
            ),
            *(
                Undecided(
                    requirement=requirement,
                    about=about(READS, READS, "r0"),
                    message=said("no answer within 10 s"),
                )
                for requirement in ("CLAIM-1", "AGREE-1")
            ),
        ],
        says=(Sentence.DIFFERS,),
    ),
    Example(
        "an operation that is accepted as it should be is met",
        lambda: stimulus(played(hold(), reply=reply())),
        [Met(requirement="REQ-1", about=ACCEPTED)],
    ),
    Example(
        "a refusal of what should be accepted is a violation",
        lambda: stimulus(played(hold(), reply=reply(2), refusal="at once")),
        [
            Unmet(
                requirement="REQ-1",
                about=ACCEPTED,
                code="refused-but-should-accept",
                message=said("refused at once with statusCode 2"),
            )
        ],
        says=(Sentence.REFUSED,),
    ),
    Example(
        "a refusal by notification is met where the requirement accepts it, and has no answer to look at",
        lambda: stimulus(
            played(
                hold(accepted=False, claims=(SAYS_2,), by_rule={("REQ-1", LATER.rule): LATER}),
                reply=reply(),
                refusal="by notification",
            )
        ),
        [
            Met(
                requirement="REQ-1",
                about=REFUSED,
                reading=AcceptedReading(because="an ErrorMessage follows", verdict="pass"),
            ),
            NotApplicable(
                requirement="CLAIM-1",
                about=STEP,
                message=said("refused by notification, so no answer contains the refusal"),
            ),
        ],
        says=(Sentence.NO_REFUSING_ANSWER,),
    ),
    Example(
        "a refusal in a way that no reading accepts is a violation",
        lambda: stimulus(
            played(
                hold(accepted=False, by_rule={("REQ-1", LATER.rule): LATER}),
                reply=reply(),
                refusal="by release",
            )
        ),
        [
            Unmet(
                requirement="REQ-1",
                about=REFUSED,
                code="accepted-but-should-refuse",
                message=said("accepted first, then refused by release"),
            )
        ],
        says=(Sentence.TAKEN_BACK,),
    ),
    Example(
        "a claim about an answer is judged with it",
        lambda: stimulus(
            played(hold(accepted=False, claims=(SAYS_2,)), reply=reply(2), refusal="at once"), True
        ),
        [
            Met(requirement="REQ-1", about=REFUSED),
            Met(requirement="CLAIM-1", about=about(ASKS, "body.statusCode is 2", "r0", "r1")),
        ],
    ),
    Example(
        "an answer that cannot be read is described as what it is",
        lambda: stimulus(played(hold(), reply=PAGE, refusal="at once")),
        [
            Unmet(
                requirement="REQ-1",
                about=ACCEPTED,
                code="refused-but-should-accept",
                message=said("the answer is HTTP 500 text/html, an HTML page"),
            )
        ],
        says=(Sentence.UNREADABLE,),
    ),
    Example(
        "a refusal whose twin did not succeed proves nothing",
        lambda: stimulus(played(hold(accepted=False), reply=reply(2), refusal="at once"), False),
        [
            Undecided(
                requirement="REQ-1",
                about=REFUSED,
                message=said("its twin did not succeed, so this proves nothing"),
            )
        ],
        says=(Sentence.TWIN_FAILED,),
    ),
    Example(
        "a violation stays one, whatever became of the twin",
        lambda: stimulus(played(hold(), reply=reply(2), refusal="at once"), False),
        [
            Unmet(
                requirement="REQ-1",
                about=ACCEPTED,
                code="refused-but-should-accept",
                message=said("refused at once with statusCode 2"),
            )
        ],
        says=(Sentence.REFUSED,),
    ),
    Example(
        "silence after what should be refused is a violation",
        accepted_anyhow,
        [
            Unmet(
                requirement="REQ-1",
                about=REFUSED,
                code="accepted-but-should-refuse",
                message=said("accepted, and no notification reported a refusal"),
            )
        ],
        says=(Sentence.NOT_TAKEN_BACK,),
    ),
    Example(
        "silence in a session that was re-established decides nothing",
        lambda: accepted_anyhow(SessionHealth(interrupted=True)),
        doubted("the session was re-established meanwhile"),
        says=(Sentence.SESSION_RENEWED,),
    ),
    Example(
        "silence beside a stranger's call decides nothing",
        lambda: accepted_anyhow(SessionHealth(strangers=1)),
        doubted("a call that does not belong to this run appeared meanwhile"),
        says=(Sentence.STRANGERS_CALL,),
    ),
    Example(
        "silence in a dead session decides nothing",
        lambda: accepted_anyhow(SessionHealth(alive=False)),
        doubted("the session showed no sign of life after the request"),
        says=(Sentence.NO_SIGN_OF_LIFE,),
    ),
]

OFFERED = about(f"{ASKS}, which was offered: is accepted", None, "r0", "r1")


def offer(step: PlayedStep) -> list[Finding]:
    return list(judge_offer(step, ["OFFER-1"]))


OFFERS = [
    Example(
        "what was offered and is accepted is met",
        lambda: offer(played(hold(), reply=reply(), offered=True)),
        [Met(requirement="OFFER-1", about=OFFERED)],
    ),
    Example(
        "what was offered and is refused later by a notification is met too",
        lambda: offer(played(hold(), reply=reply(), offered=True, refusal="by notification")),
        [Met(requirement="OFFER-1", about=OFFERED)],
    ),
    Example(
        "what was offered and is refused at once is a violation",
        lambda: offer(played(hold(), reply=reply(3), offered=True, refusal="at once")),
        [
            Unmet(
                requirement="OFFER-1",
                about=OFFERED,
                code="refused-but-should-accept",
                message=said("offered in `capabilities`, then refused with statusCode 3"),
            )
        ],
        says=(Sentence.OFFERED_THEN_REFUSED,),
    ),
    *(
        Example(f"an offer says nothing when {when}", lambda step=step: offer(step), [])  # type: ignore[misc]  # mypy cannot infer a default's lambda
        for when, step in {
            "none was made": played(hold(), reply=reply(), offered=False),
            "nothing is known of it": played(hold(), reply=reply(), offered=None),
            "the request is wrong on purpose": played(hold(wrong=True), reply=reply(), offered=True),
            "there is no answer": played(hold(), reply=reply(answered=False), offered=True),
            "the request was never sent": played(hold(), offered=True),
            "the step is not an operation": played(READ, reply=reply(), offered=True),
        }.items()
    ),
]


@each_of([*EXAMPLES, *OFFERS])
def test_steps(example: Example) -> None:
    assert example.found() == example.expected


NAMED = hold(label="twin")
READING = Send("alice", path="/me", label="twin", claims=(SAYS_2,))


@pytest.mark.parametrize(
    ("step", "succeeded"),
    [
        (played(NAMED, reply=reply()), True),
        (played(NAMED, reply=reply(2), refusal="at once"), False),
        (played(hold(label="twin", accepted=False), reply=reply(2), refusal="at once"), False),
        (played(NAMED, reply=reply(answered=False)), False),
        (played(NAMED, blocked_by="another step"), False),
        (played(NAMED, reply=reply(), wrong_request="it has no destination"), False),
        (played(READING, reply=reply(2)), True),
        (played(READING, reply=reply(0)), False),
    ],
)
def test_a_twin_succeeds_when_it_is_accepted_or_answered_as_its_claims_say(
    step: PlayedStep, succeeded: bool
) -> None:
    assert successes([step, played(), played(hold(), reply=reply())]) == {"twin": succeeded}
