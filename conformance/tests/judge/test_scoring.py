"""From findings to checks, and from a whole played scenario to its findings."""

from __future__ import annotations

from dataclasses import replace

from callproof.catalogue.planning import Play
from callproof.catalogue.scenario import (
    Agreement,
    Claim,
    NothingElse,
    Order,
    Predicate,
    Scenario,
    Send,
    Unasked,
)
from callproof.judge.checks import CheckDone
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
from callproof.judge.played import PlayedScenario
from callproof.judge.scoring import checks, judged
from conformance.tests.judge.building import (
    HELD,
    about,
    hear,
    hold,
    notification,
    played,
    reply,
    said,
    scenario,
)

SHOWN = about("a step", "something", "e0", "", "e1")
NEAR = NearMiss(
    "e2", "what came", (Difference("state", "Held", "Dialing"), Difference("ani", "1", "nothing"))
)
DONE = CheckDone(
    "a step: R",
    "R",
    "pass",
    expected="something",
    evidence=("e0", "e1"),
    step="a step",
    place="x.yaml:3",
)


def check(finding: Finding) -> CheckDone:
    (done,) = judged([finding], {"R": "SHOULD"})
    return done


def test_what_is_met_passes_and_says_how_strongly() -> None:
    assert check(Met(requirement="R", about=SHOWN, strength="window")) == replace(DONE, strength="window")


def test_what_is_met_by_a_reading_earns_the_verdict_of_the_reading() -> None:
    reading = AcceptedReading(because="it may ring", verdict="info")

    assert check(Met(requirement="R", about=SHOWN, reading=reading)) == replace(
        DONE, verdict="info", reading="it may ring"
    )


def test_what_is_unmet_earns_what_its_level_says_and_tells_what_came() -> None:
    finding = Unmet(
        requirement="R", about=SHOWN, code="leak", message=said("why"), nearest=(NEAR,), strength="window"
    )

    assert check(finding) == replace(
        DONE,
        verdict="warn",
        code="leak",
        message="why",
        got="state: Dialing; ani: nothing",
        nearest=(NEAR,),
        strength="window",
    )


def test_what_is_undecided_is_inconclusive_and_keeps_its_code_and_near_misses() -> None:
    finding = Undecided(requirement="R", about=SHOWN, code="late", message=said("why"), nearest=(NEAR,))

    assert check(finding) == replace(
        DONE, verdict="inconclusive", code="late", message="why", nearest=(NEAR,)
    )


def test_what_is_blocked_names_the_cause() -> None:
    finding = Blocked(requirement="R", about=SHOWN, by="a label", message=said("why"))

    assert check(finding) == replace(DONE, verdict="blocked", message="why", blocked_by="a label")


def test_what_does_not_apply_says_why() -> None:
    finding = NotApplicable(requirement="R", about=SHOWN, message=said("why"))

    assert check(finding) == replace(DONE, verdict="not-applicable", message="why")


def test_an_error_of_the_suite_is_never_a_verdict_on_the_server() -> None:
    finding = SuiteError(requirement="R", about=SHOWN, code="schema", message=said("why"))

    assert check(finding) == replace(DONE, verdict="error", code="schema", message="why")


def test_what_is_judged_unasked_has_no_step_and_no_place() -> None:
    assert check(Met(requirement="R", about=about(expected="something"))) == CheckDone(
        "unasked: R", "R", "pass", expected="something"
    )


def test_a_requirement_of_no_known_level_is_a_must() -> None:
    finding = Unmet(requirement="R", about=SHOWN, code="leak", message=said("why"))

    assert [done.verdict for done in judged([finding], {})] == ["fail"]


def test_equal_checks_of_one_step_are_counted() -> None:
    finding = Met(requirement="R", about=SHOWN)

    assert [done.check for done in judged([finding] * 3, {})] == [
        "a step: R",
        "a step: R (2)",
        "a step: R (3)",
    ]


# A whole scenario ----------------------------------------------------------------------------------------------------

DECLINED = Claim(("CLAIM-2",), (Predicate("body.statusCode", "at least", 1),))
UNASKED = Unasked(
    messages=(HELD,),
    answers=(Claim(("CLAIM-1",), (Predicate("body.statusCode", "type", "integer"),)),),
    schema_of={"answer": ("SCHEMA-1",), "notification": ("SCHEMA-2",)},
    duplicates=("ONCE-1",),
    offers=("OFFER-1",),
)


def whole(twin: str = "") -> PlayedScenario:
    """Alice talks, asks for a hold that is refused, then for one that is accepted and told; the latter is the former's twin."""
    first, then = notification(0), notification(1, type_="Other")
    refused = hold(accepted=False, twin=twin, claims=(DECLINED,))
    steps = (
        played(hold(), given="talk", hears=[hear(label="first")], answers=[[first]], reply=reply()),
        played(refused, reply=reply(2), refusal="at once", marks=1, offered=False, answer_problems=()),
        played(
            hold(label="held"),
            hears=[hear(proves=("HEAR-1",), label="then")],
            answers=[[then]],
            reply=reply(),
            offered=True,
            marks=1,
        ),
    )
    orders = (Order("alice", ("ORDER-1",), first="first", then="then"),)
    nothing = (NothingElse("", ("EXTRA-1",), agents=("alice",)),)
    play = Play(Scenario("x", "A scenario", "initiate-conference", (), ()), (), orders, nothing)
    return replace(scenario(first, then, steps=steps), play=play)


def verdicts(played_scenario: PlayedScenario) -> list[tuple[str, str]]:
    done = checks(played_scenario, UNASKED, {}, lambda each: ())
    return [(check.check.rpartition(": ")[2], check.verdict) for check in done]


def test_a_scenario_is_judged_step_by_step_and_then_as_a_whole() -> None:
    """Given steps prove nothing, and their names are unknown to an order."""
    assert verdicts(whole()) == [
        ("REQ-1", "pass"),
        ("CLAIM-2", "pass"),
        ("REQ-1 (2)", "pass"),
        ("HEAR-1", "pass"),
        ("ORDER-1", "blocked"),
        ("EXTRA-1", "pass"),
        ("CLAIM-1", "pass"),
        ("SCHEMA-1", "pass"),
        ("OFFER-1", "pass"),
        ("CLAIM-1", "pass"),
        ("ONCE-1", "pass"),
        ("SCHEMA-2", "pass"),
    ]


def test_what_was_read_is_compared_with_what_was_told_before_it() -> None:
    read = Send("alice", path="/me/calls", agrees=(Agreement("talk", ("state",), ("AGREE-1",)),))
    missing = played(hold(), hears=[hear()], reply=reply())
    after = played(read, marks=1, reply=reply(body={"call": {"id": "A", "state": "Held"}}))

    assert ("AGREE-1", "pass") in verdicts(scenario(notification(0), steps=[after]))
    assert ("AGREE-1", "blocked") in verdicts(scenario(notification(0), steps=[missing, after]))


def test_a_refusal_counts_when_its_twin_succeeded() -> None:
    assert verdicts(whole(twin="held"))[:2] == [("REQ-1", "pass"), ("CLAIM-2", "pass")]


def test_a_refusal_counts_for_nothing_when_its_twin_did_not_succeed_or_was_never_played() -> None:
    failed = whole(twin="held")
    last = replace(failed.steps[2], refusal="at once")

    assert verdicts(replace(failed, steps=(*failed.steps[:2], last)))[:2] == [
        ("REQ-1", "inconclusive"),
        ("CLAIM-2", "inconclusive"),
    ]
    assert verdicts(whole(twin="nobody"))[:2] == [("REQ-1", "inconclusive"), ("CLAIM-2", "inconclusive")]


def test_what_comes_in_the_teardown_is_late_for_nothing() -> None:
    late = notification(0, "Held")
    step = played(hold(), hears=[hear(proves=("HEAR-1",))], reply=reply(), ends=0)

    assert ("HEAR-1", "inconclusive") in verdicts(scenario(late, steps=[step]))
    assert ("HEAR-1", "fail") in verdicts(scenario(late, steps=[step], teardown=0))
