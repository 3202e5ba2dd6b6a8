"""What nothing expected, and what came twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callproof.catalogue.scenario import MayHear, NothingElse
from callproof.json_values import Json
from callproof.judge.extras import extras, judge_duplicates, judge_nothing_else
from callproof.judge.findings import AcceptedReading, Blocked, Code, Finding, Met, Strength, Undecided, Unmet
from callproof.judge.legs import Legs
from callproof.judge.notification import Notification
from callproof.judge.played import SessionHealth
from callproof.judge.sentences import Sentence
from conformance.tests.judge.building import (
    HERE,
    TALK,
    Example,
    about,
    each_of,
    hear,
    hold,
    notification,
    party,
    played,
    reading,
    reply,
    said,
    scenario,
)

TITLE = "nothing else reaches alice"
NOTHING_ELSE = NothingElse("", ("EXTRA-1",), place=HERE, agents=("alice",))
NO_LEAK = NothingElse("", ("EXTRA-1",), place=HERE, agents=("alice",), strangers=("LEAK-1",))
BOBS = Legs({**TALK.named, ("bob", "other"): "B"}, TALK.own | {("bob", "B")})
AGAIN = reading("told again", verdict="info", rule="told again")
ACCEPTING = replace(NOTHING_ELSE, by_rule={("EXTRA-1", AGAIN.rule): AGAIN})
TOLD_AGAIN = [notification(0, capabilities=["Hangup"]), notification(1, capabilities=["Retrieve"])]
ONE_EXPECTED = played(hears=[hear()], answers=[[TOLD_AGAIN[0]]])
HELD_TWICE = [notification(0, "Established"), notification(1)]


def nothing_else(*log: Notification, step: NothingElse = NOTHING_ELSE, **more: Any) -> list[Finding]:
    return list(judge_nothing_else(step, scenario(*log, **more)))


def met(requirement: str = "EXTRA-1", strength: Strength = "window") -> Met:
    return Met(requirement=requirement, about=about(TITLE), strength=strength)


def unexpected(
    words: str, *evidence: str, requirement: str = "EXTRA-1", code: Code = "unexpected-event"
) -> Unmet:
    return Unmet(
        requirement=requirement,
        about=about(TITLE, None, *evidence),
        code=code,
        message=said(words),
        strength="window",
    )


HELD = "alice received StatusChange about talk, state Held"
LEAKED = notification(0, "Ringing", "B", participants=party("15001"))

EXAMPLES = [
    Example("silence is met within the window", nothing_else, [met()]),
    Example(
        "silence behind the last release is met more strongly",
        lambda: nothing_else(sentinels=frozenset({"alice"})),
        [met(strength="sentinel+window")],
    ),
    Example(
        "what nothing expected is a violation, each notification named",
        lambda: nothing_else(*HELD_TWICE),
        [unexpected(f"{HELD.replace('Held', 'Established')}; {HELD}", "a0", "a1")],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "a call that is reported again is met where the requirement accepts that",
        lambda: nothing_else(*TOLD_AGAIN, step=ACCEPTING, steps=[ONE_EXPECTED]),
        [replace(met(), reading=AcceptedReading(because="told again", verdict="info"))],
    ),
    Example(
        "a call that is reported again is one too many where no reading accepts it",
        lambda: nothing_else(*TOLD_AGAIN, steps=[ONE_EXPECTED]),
        [unexpected(HELD, "a1")],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "what another agent receives is not counted",
        lambda: nothing_else(notification(0, agent="bob", call_id="B"), legs=BOBS),
        [met()],
    ),
    Example(
        "a call that another agent has and this one does not is a leak",
        lambda: nothing_else(LEAKED, step=NO_LEAK, legs=BOBS),
        [
            met(),
            unexpected(
                "alice received StatusChange about B, state Ringing",
                "a0",
                requirement="LEAK-1",
                code="leak",
            ),
        ],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "an extra about a call that both agents have is not a leak",
        lambda: nothing_else(notification(0), step=NO_LEAK, legs=TALK.bind("bob", "talk", "A")),
        [unexpected(HELD, "a0"), met("LEAK-1")],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "an extra about a call that no step named is not a leak",
        lambda: nothing_else(
            notification(0, "Ringing", "Z", participants=party("15001")), step=NO_LEAK, legs=BOBS
        ),
        [unexpected("alice received StatusChange about Z, state Ringing", "a0"), met("LEAK-1")],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "without a requirement of its own a leak is an extra",
        lambda: nothing_else(LEAKED, legs=BOBS),
        [unexpected("alice received StatusChange about B, state Ringing", "a0")],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "an extra in a session that was re-established decides nothing",
        lambda: nothing_else(notification(0), health=SessionHealth(interrupted=True)),
        [
            Undecided(
                requirement="EXTRA-1",
                about=about(TITLE),
                message=said("the session was re-established meanwhile"),
            )
        ],
        says=(Sentence.SESSION_RENEWED,),
    ),
    Example(
        "an extra counts although the session of an agent who is not spoken of was re-established",
        lambda: nothing_else(
            notification(0, agent="bob"),
            step=NothingElse("", ("EXTRA-1",), place=HERE, agents=("bob",)),
            health=SessionHealth(interrupted=True),
            legs=TALK.bind("bob", "talk", "A"),
        ),
        [
            Unmet(
                requirement="EXTRA-1",
                about=about("nothing else reaches bob", None, "b0"),
                code="unexpected-event",
                message=said("bob received StatusChange about talk, state Held"),
                strength="window",
            )
        ],
        says=(Sentence.NOTIFIED_IN_STATE,),
    ),
    Example(
        "silence in a dead session decides nothing",
        lambda: nothing_else(health=SessionHealth(alive=False), lost=frozenset({"alice"})),
        [
            Undecided(
                requirement="EXTRA-1",
                about=about(TITLE),
                message=said("the session showed no sign of life after the request"),
            )
        ],
        says=(Sentence.NO_SIGN_OF_LIFE,),
    ),
    Example(
        "silence decides nothing when the last release did not arrive",
        lambda: nothing_else(health=SessionHealth(), lost=frozenset({"alice", "carol"})),
        [
            Undecided(
                requirement="EXTRA-1",
                about=about(TITLE),
                message=said("the last release did not reach alice, so the end was not seen"),
            )
        ],
        says=(Sentence.END_NOT_SEEN,),
    ),
    Example(
        "silence after a step that was not played is blocked",
        lambda: nothing_else(steps=[played(), played(hold(), blocked_by="another step")]),
        [
            Blocked(
                requirement="EXTRA-1",
                about=about(TITLE),
                by="another step",
                message=said("another step"),
            )
        ],
    ),
]


def expected_extras(name: str, *log: Notification, extra: tuple[int, ...] = (), **more: Any) -> Example:
    """An example of which notifications are extras; the findings are left to the examples above."""
    return Example(
        name,
        lambda: [met(str(each.position)) for each in extras(scenario(*log, **more))[0]],
        [met(str(position)) for position in extra],
    )


OURS = party("15001")
ASKED: dict[str, Json] = {"operationName": "InitiateConference", "userData": {"case": "7"}}
ATTACHED = notification(1, type_="AttachedDataChanged", participants=OURS, userData={"case": "7"})
BARE = notification(0, participants=OURS)


def dialled(reply_code: int = 0, body: Json = ASKED) -> Any:
    refusal: Any = "at once" if reply_code else ""
    return played(
        hold(), hears=[hear()], answers=[[BARE]], reply=reply(reply_code), refusal=refusal, request_body=body
    )


EXTRAS = [
    expected_extras(
        "what answered an expectation is not an extra",
        notification(0),
        steps=[played(hears=[hear()], answers=[[notification(0)]])],
    ),
    expected_extras(
        "what came before the scenario is not an extra",
        notification(0),
        notification(1),
        extra=(1,),
        earlier=1,
    ),
    expected_extras(
        "a message about no call is not an extra",
        Notification("alice", 0, {"data": {"messageType": "Other"}}),
    ),
    expected_extras("a call without an id is not an extra", notification(0, call_id="", participants=OURS)),
    expected_extras(
        "what hanging up brings about in the teardown is not an extra",
        notification(0, "Released"),
        notification(1, "Ringing"),
        extra=(1,),
        teardown=0,
    ),
    expected_extras(
        "an unknown call among our own numbers is an extra",
        notification(0, "Ringing", "Z", participants=OURS),
        extra=(0,),
    ),
    expected_extras(
        "a stranger's call is not an extra", notification(0, "Ringing", "Z", participants=party("0031000"))
    ),
    expected_extras(
        "a call of an earlier scenario is not an extra",
        notification(0, "Released", "Z", participants=OURS),
        known=frozenset({("alice", "Z")}),
    ),
    expected_extras(
        "what may be the call that is missed already is not an extra",
        notification(0, "Ringing", "Z", participants=OURS),
        steps=[played(hears=[hear(call="consult", new=True)])],
    ),
    *(
        expected_extras(
            f"an unknown call is an extra although {what} is missed",
            notification(0, "Ringing", "Z", participants=OURS),
            extra=(0,),
            steps=[played(hears=[missed])],
        )
        for what, missed in {
            "something of a known call": hear(),
            "another agent's call": hear(call="consult", agent="bob", new=True),
        }.items()
    ),
    expected_extras(
        "what the scenario allows is not an extra from then on",
        notification(0),
        notification(1, "Released"),
        notification(2),
        notification(3, "Ringing"),
        extra=(0, 1, 3),
        steps=[
            played(
                marks=2,
                may_hear=[
                    MayHear("alice", call="talk", state="Held"),
                    MayHear("alice", call="talk", state="Released", notification="Other"),
                ],
            )
        ],
    ),
    expected_extras(
        "capabilities reported anew are not extras",
        notification(0, capabilities=["Hangup"]),
        notification(1, capabilities=["Retrieve"]),
        notification(2, "Released", capabilities=[]),
        extra=(0, 2),
    ),
    expected_extras(
        "data that a request attached may be reported in a notification of its own",
        BARE,
        ATTACHED,
        steps=[dialled()],
    ),
    expected_extras(
        "data that nobody attached is an extra", BARE, ATTACHED, extra=(1,), steps=[dialled(body={})]
    ),
    expected_extras(
        "other data than was attached is an extra",
        BARE,
        notification(1, type_="AttachedDataChanged", participants=OURS, userData={"case": "8"}),
        extra=(1,),
        steps=[dialled()],
    ),
    expected_extras(
        "data of a request that was refused is an extra", BARE, ATTACHED, extra=(1,), steps=[dialled(2)]
    ),
    expected_extras(
        "data attached is reported by AttachedDataChanged only",
        BARE,
        notification(1, participants=OURS, userData={"case": "7"}),
        extra=(1,),
        steps=[dialled()],
    ),
    expected_extras(
        "a second copy is a duplicate, and no extra",
        notification(0),
        notification(1),
        steps=[played(hears=[hear()], answers=[[notification(0)]])],
    ),
]

ONCE = "every notification is delivered once"


def duplicates(*log: Notification, **more: Any) -> list[Finding]:
    return list(judge_duplicates(scenario(*log, **more), ["ONCE-1"]))


TWICE = [
    Unmet(
        requirement="ONCE-1",
        about=about(ONCE, None, "a0", "a1", place=about().place),
        code="duplicate",
        message=said("alice received StatusChange about talk, state Held, twice"),
    )
]

DUPLICATES = [
    Example("where nothing came nothing came twice", duplicates, []),
    Example(
        "what came once is met",
        lambda: duplicates(notification(0), notification(1, "Established")),
        [Met(requirement="ONCE-1", about=about(ONCE, None, place=about().place))],
    ),
    Example(
        "the same content twice in one session is a violation",
        lambda: duplicates(notification(0), notification(1)),
        TWICE,
        says=(Sentence.TWICE, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "the same content twice is a violation although a request lies in between, when nothing else was reported",
        lambda: duplicates(notification(0), notification(1), steps=[played(marks=1)]),
        TWICE,
        says=(Sentence.TWICE, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "the same content twice is a violation although something else was reported in between, without a request",
        lambda: duplicates(
            notification(0), notification(1, "Established"), notification(2), steps=[played(marks=0)]
        ),
        [
            Unmet(
                requirement="ONCE-1",
                about=about(ONCE, None, "a0", "a2", place=about().place),
                code="duplicate",
                message=said("alice received StatusChange about talk, state Held, twice"),
            )
        ],
        says=(Sentence.TWICE, Sentence.NOTIFIED_IN_STATE),
    ),
    Example(
        "the same content after another request is what happened again",
        lambda: duplicates(
            notification(0), notification(1, "Established"), notification(2), steps=[played(marks=1)]
        ),
        [Met(requirement="ONCE-1", about=about(ONCE, None, place=about().place))],
    ),
    Example(
        "the same content in two sessions is what was delivered again",
        lambda: duplicates(notification(0), notification(1, session=2)),
        [Met(requirement="ONCE-1", about=about(ONCE, None, place=about().place))],
    ),
    Example(
        "what two expectations asked for is not a duplicate",
        lambda: duplicates(
            notification(0),
            notification(1),
            steps=[
                played(hears=[hear(), hear()], answers=[[notification(0)], [notification(1)]]),
            ],
        ),
        [Met(requirement="ONCE-1", about=about(ONCE, None, place=about().place))],
    ),
]


@each_of([*EXAMPLES, *EXTRAS, *DUPLICATES])
def test_extras(example: Example) -> None:
    assert example.found() == example.expected
