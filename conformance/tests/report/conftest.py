"""One run with everything in it: passes, violations, a warning, blocked and inconclusive checks, calls that were left."""

from collections.abc import Mapping

import pytest

from callproof.commands.exits import of_result
from callproof.json_values import Json
from callproof.judge.checks import CheckDone
from callproof.judge.findings import Difference, NearMiss
from callproof.report import result
from callproof.report.report import Report
from callproof.runner.events import (
    CleanupDone,
    Event,
    RunEnded,
    RunStarted,
    ScenarioEnded,
    ScenarioLeftOut,
    ScenarioStarted,
    SuiteInfo,
    TargetInfo,
)
from conformance.tests.report.catalogue import CATALOGUE

BASE = "https://cti.example.test/api/v2"
TALK, CONSULT = "01RCC3N118B1V0SL8O7GK2LAES000009", "01RCC3N118B1V0SL8O7GK2LAES00000A"
MADE_FROM = "0123456789abcdef0123456789abcdef01234567-dirty"
TRICK = "<script>alert('&')</script> \x01"


def entry(number: int, agent: str, kind: str, ms: float, **body: Json) -> Mapping[str, Json]:
    wall = "2026-11-23T12:00:00.000+00:00"
    return {"id": f"t{number:04d}", "ms": ms, "wall": wall, "agent": agent, "kind": kind, "body": body}


def heard(state: str, call: str, call_type: str = "Internal", duration: Json = "31") -> Json:
    return {
        "channel": "/v2/me/calls",
        "data": {
            "messageType": "CallStateChangeMessage",
            "notificationType": "StatusChange",
            "phoneNumber": "15000",
            "call": {
                "id": call,
                "state": state,
                "callType": call_type,
                "participants": [{"phoneNumber": "15001"}],
                "capabilities": ["Retrieve", "Hangup"],
                "duration": duration,
                "mute": "Off",
            },
        },
    }


def operation(name: str, **members: Json) -> Json:
    return {"operationName": name, **members}


TRANSCRIPT: list[Mapping[str, Json]] = [
    entry(1, "alice", "request", 0.0, method="GET", url=f"{BASE}/me", headers=[["Authorization", "Basic ***"]]),
    entry(2, "alice", "response", 4.2, request="t0001", status=200, json={"statusCode": 0}),
    entry(3, "alice", "note", 5.0, text="alice and bob are talking"),
    entry(4, "alice", "request", 10.0, method="POST", url=f"{BASE}/me/calls/{TALK}",
          json=operation("InitiateConference", destination={"phoneNumber": "15002"})),
    entry(5, "alice", "bayeux-response", 18.0, request="t0090", status=200, json=[heard("Dialing", CONSULT, "Consult", 0)]),
    entry(6, "alice", "notification", 18.1, answer="t0005", index=0, message=heard("Dialing", CONSULT, "Consult", 0)),
    entry(7, "alice", "response", 21.0, request="t0004", status=200, json={"statusCode": 0}),
    entry(8, "carol", "notification", 25.0, answer="t0091", index=0, message=heard("Ringing", CONSULT)),
    entry(9, "alice", "notification", 34.0, answer="t0092", index=0, message=heard("Held", TALK)),
    entry(10, "bob", "request", 40.0, method="POST", url=f"{BASE}/me/calls/{TALK}", json=operation("Hold")),
    entry(11, "bob", "response", 44.0, request="t0010", status=400, json={"statusCode": 2, "statusMessage": TRICK}),
]  # fmt: skip


def events() -> list[Event]:
    dialing, held = (
        "alice heard StatusChange of consult, state Dialing",
        "alice heard StatusChange of talk, state Held",
    )
    conference = "alice asks for InitiateConference on talk to carol"
    return [
        RunStarted(
            id="run-1",
            started="2026-11-23T12:00:00Z",
            suite=SuiteInfo("callproof", "0.2.0", MADE_FROM, "0.2.1"),
            target=TargetInfo("Example Switch API", "9.1", "sha256:00", vendor="Example"),
            profiles=("http", "initiate-conference"),
            seed=7,
        ),
        ScenarioStarted("http/me", "An agent asks who they are", "http"),
        CheckDone("me:HTTP-ENV-001", "HTTP-ENV-001", "pass", expected="statusCode is a whole number", evidence=("t0002",)),
        CheckDone("me:HTTP-ENV-002", "HTTP-ENV-002", "pass", evidence=("t0002",)),
        ScenarioEnded("http/me", 5, first_entry="t0001", last_entry="t0002"),
        ScenarioStarted("initiate-conference/happy", "Alice is talking to Bob and starts a conference with Carol", "initiate-conference"),
        CheckDone("asks:OPS-INITCONF-001", "OPS-INITCONF-001", "pass", evidence=("t0007",), step=conference),
        CheckDone(
            "order:ORD-INITCONF-001", "ORD-INITCONF-001", "fail", "wrong-order",
            "the Dialing of consult came 15.9 ms before the Held of talk",
            expected="alice hears that talk is Held, then that consult is Dialing",
            got="Dialing, then Held", evidence=("t0009", "t0006"), step="held, then dialing",
            place="initiate-conference/happy.yaml:14",
        ),
        CheckDone(
            "hears:NTF-CALL-001", "NTF-CALL-001", "fail", "wrong-member", "the duration of consult is a number",
            expected="data.call.duration is a string of digits", got="0", evidence=("t0004", "t0006"),
            nearest=(NearMiss("t0006", dialing, (Difference("call.duration", "a string of digits", "the number 0"),)),),
            step="alice hears that the new call consult is Dialing", place="initiate-conference/happy.yaml:9",
        ),
        CheckDone("hears:NTF-LINK-002", "NTF-LINK-002", "warn", "wrong-member", "the path of talk is missing",
                  evidence=("t0009",), nearest=(NearMiss("t0009", held, ()),)),
        CheckDone("hears:OPS-INITCONF-006", "OPS-INITCONF-006", "blocked", blocked_by="carol asks for Answer on consult"),
        CheckDone("end:ORD-EXTRA-001", "ORD-EXTRA-001", "inconclusive", "session-lost",
                  "the session of alice was lost before the end", strength="window"),
        CheckDone("hold:OPS-HOLD-003", "OPS-HOLD-003", "pass", evidence=("t0011",), reading="an ErrorMessage followed"),
        ScenarioEnded("initiate-conference/happy", 1234, "api", "alice asks for InitiateConference\nalice hears Held", "t0003", "t0011"),
        ScenarioLeftOut("initiate-conference/nobody", "A number that does not exist", "initiate-conference",
                        "the target file does not name number:nonexistent"),
        CleanupDone(False, (f"the call …0009 of 15000 with 15001 {TRICK}",)),
        RunEnded("2026-11-23T12:00:09Z", delays_ms={"StatusChange": {"p50": 14.0, "p95": 34.0}}, foreign_traffic={"bob": 1}),
    ]  # fmt: skip


@pytest.fixture
def transcript() -> list[Mapping[str, Json]]:
    return TRANSCRIPT


@pytest.fixture
def document() -> dict[str, Json]:
    return result.build(events(), CATALOGUE, exit_code=of_result)


@pytest.fixture
def report(document: dict[str, Json]) -> Report:
    return Report.of(document, TRANSCRIPT)


def small(*checks: CheckDone) -> Report:
    """A run of the http profile with these checks in one scenario, without a transcript."""
    started = events()[0]
    assert isinstance(started, RunStarted)
    told: list[Event] = [
        RunStarted(started.id, started.started, started.suite, started.target, ("http",)),
        ScenarioStarted("http/me", "An agent asks who they are", "http"),
        *checks,
        ScenarioEnded("http/me", 5),
        CleanupDone(True),
        RunEnded("2026-11-23T12:00:09Z"),
    ]
    return Report.of(result.build(told, CATALOGUE, exit_code=of_result))


@pytest.fixture
def green() -> Report:
    required = CATALOGUE.required_set("http")
    return small(*(CheckDone(f"me:{requirement}", requirement, "pass") for requirement in required))


@pytest.fixture
def empty() -> Report:
    return small()
