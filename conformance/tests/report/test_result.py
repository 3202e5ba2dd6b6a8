"""A run's events become a document that its schema accepts, whatever the run was like."""

import json
from collections.abc import Sequence
from pathlib import Path

import jsonschema_rs
import pytest

from callproof.catalogue.requirement import Catalogue, NotTested, Verdict
from callproof.commands.exits import of_result
from callproof.json_values import Json
from callproof.judge.checks import CheckDone
from callproof.judge.findings import Difference, NearMiss
from callproof.report import result
from callproof.report.report import Report
from callproof.report.result import BadResult, RunNeverStarted
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
from conformance.tests.requirements import requirement

CATALOGUE = Catalogue(
    (
        requirement("HTTP-ENV-001", profiles=("http", "notify")),
        requirement("HTTP-ENV-002", level="SHOULD"),
        requirement("CMD-HS-001", profiles=("notify",)),
        requirement("OPS-X-001", profiles=("notify",), applies_if="number:nonexistent"),
        requirement("OPS-X-002", not_tested=NotTested("destructive", "It would end the server.")),
    ),
    ("http", "notify"),
)
STARTED = RunStarted(
    id="r1",
    started="2026-11-23T12:00:00Z",
    suite=SuiteInfo("callproof", "0.1.0", ""),
    target=TargetInfo("Example Switch", "9.1", "sha256:00"),
    profiles=("http",),
    seed=7,
)
CLEAN = CleanupDone(complete=True)
ENDED = RunEnded("2026-11-23T12:00:09Z")


def scenario(name: str, *checks: CheckDone, profile: str = "http") -> list[Event]:
    return [ScenarioStarted(name, f"Title of {name}", profile), *checks, ScenarioEnded(name, 12)]


def check(requirement: str, verdict: Verdict = "pass", name: str = "step", message: str = "") -> CheckDone:
    return CheckDone(f"{name}:{requirement}", requirement, verdict, message=message)


def both_good(verdict: Verdict = "pass") -> list[Event]:
    return scenario("http/a", check("HTTP-ENV-001", verdict), check("HTTP-ENV-002"))


def built(
    *events: Event, profiles: tuple[str, ...] = ("http",), has: tuple[str, ...] = ()
) -> dict[str, Json]:
    target = TargetInfo("Example Switch", "9.1", "sha256:00", has=has)
    started = RunStarted("r1", STARTED.started, STARTED.suite, target, profiles, 7)
    return result.build([started, *events], CATALOGUE, exit_code=of_result)


def profile_of(document: dict[str, Json], index: int = 0) -> dict[str, Json]:
    profiles = document["profiles"]
    assert isinstance(profiles, list)
    profile = profiles[index]
    assert isinstance(profile, dict)
    return profile


def test_a_whole_document() -> None:
    found = result.build(
        [
            STARTED,
            ScenarioStarted("http/a", "A request", "http"),
            CheckDone(
                check="ask:HTTP-ENV-001",
                requirement="HTTP-ENV-001",
                verdict="fail",
                code="wrong-member",
                message="statusCode is a string",
                expected="statusCode is a whole number",
                got='"0"',
                evidence=("t0002",),
                nearest=(
                    NearMiss("t0002", "alice heard nothing", (Difference("statusCode", "a number", '"0"'),)),
                ),
                step="ask",
                place="http/a.yaml:4",
            ),
            check("HTTP-ENV-002"),
            ScenarioEnded("http/a", 12, flow="alice asks", first_entry="t0001", last_entry="t0002"),
            CLEAN,
            RunEnded(
                "2026-11-23T12:00:09Z", delays_ms={"StatusChange": {"p50": 3.0}}, foreign_traffic={"alice": 1}
            ),
        ],
        CATALOGUE,
        exit_code=of_result,
    )
    common = {
        "basis": "stated",
        "text": "The server does it.",
        "rationale": "A client needs it.",
        "source": {"doc": "CallsHold, HTCC 8.5.2", "section": "Overview"},
    }
    assert found == {
        "format": "callproof.result/1",
        "suite": {"name": "callproof", "version": "0.1.0", "commit": "", "catalogue_hash": CATALOGUE.hash},
        "run": {
            "id": "r1",
            "started": "2026-11-23T12:00:00Z",
            "ended": "2026-11-23T12:00:09Z",
            "complete": True,
            "interrupted": False,
            "seed": 7,
            "options": {},
        },
        "target": {
            "product": "Example Switch",
            "version": "9.1",
            "base_url_hash": "sha256:00",
            "has": [],
            "not_claimed": [],
        },
        "profiles": [
            {
                "name": "http",
                "set_hash": CATALOGUE.set_hash("http"),
                "verdict": "not-conformant",
                "required": {"HTTP-ENV-001": "fail", "HTTP-ENV-002": "pass"},
                "counts": {"fail": 1, "pass": 1},
                "first_causes": ["http/a#ask:HTTP-ENV-001"],
            }
        ],
        "requirements": [
            {
                **common,
                "id": "HTTP-ENV-001",
                "title": "Title of HTTP-ENV-001",
                "level": "MUST",
                "contract": {
                    "pointer": "openapi/openapi.yaml#http-env-001",
                    "sentence": "The server does it.",
                },
                "profiles": ["http", "notify"],
                "verdict": "fail",
                "counted": True,
                "checks": ["http/a#ask:HTTP-ENV-001"],
            },
            {
                **common,
                "id": "HTTP-ENV-002",
                "title": "Title of HTTP-ENV-002",
                "level": "SHOULD",
                "contract": {
                    "pointer": "openapi/openapi.yaml#http-env-002",
                    "sentence": "The server does it.",
                },
                "profiles": ["http"],
                "verdict": "pass",
                "counted": True,
                "checks": ["http/a#step:HTTP-ENV-002"],
            },
            {
                **common,
                "id": "OPS-X-002",
                "title": "Title of OPS-X-002",
                "level": "MUST",
                "contract": {"pointer": "openapi/openapi.yaml#ops-x-002", "sentence": "The server does it."},
                "profiles": ["http"],
                "verdict": "not-tested",
                "counted": False,
                "not_counted_reason": "cannot-be-tested",
                "checks": [],
            },
        ],
        "scenarios": [
            {
                "id": "http/a",
                "title": "A request",
                "profile": "http",
                "duration_ms": 12,
                "ended": True,
                "flow": "alice asks",
                "transcript": {"first": "t0001", "last": "t0002"},
                "checks": [
                    {
                        "id": "http/a#ask:HTTP-ENV-001",
                        "requirement": "HTTP-ENV-001",
                        "verdict": "fail",
                        "code": "wrong-member",
                        "message": "statusCode is a string",
                        "expected": "statusCode is a whole number",
                        "got": '"0"',
                        "evidence": ["t0002"],
                        "nearest": [
                            {
                                "evidence": "t0002",
                                "what": "alice heard nothing",
                                "differences": [
                                    {"member": "statusCode", "expected": "a number", "got": '"0"'}
                                ],
                            }
                        ],
                        "step": "ask",
                        "place": "http/a.yaml:4",
                    },
                    {"id": "http/a#step:HTTP-ENV-002", "requirement": "HTTP-ENV-002", "verdict": "pass"},
                ],
            }
        ],
        "delays_ms": {"StatusChange": {"p50": 3.0}},
        "foreign_traffic": {"alice": 1},
        "cleanup": {"complete": True, "left": []},
        "exit_code": 1,
    }


def verdict_and_code(document: dict[str, Json]) -> tuple[Json, Json]:
    return profile_of(document)["verdict"], document["exit_code"]


def test_a_run_in_which_all_is_met_is_conformant() -> None:
    assert verdict_and_code(built(*both_good(), CLEAN, ENDED)) == ("conformant", 0)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([CLEAN, ENDED], ("undetermined", 2)),
        ([*both_good("blocked"), CLEAN, ENDED], ("undetermined", 2)),
        ([*both_good("inconclusive"), CLEAN, ENDED], ("undetermined", 2)),
        ([*both_good("error"), CLEAN, ENDED], ("undetermined", 6)),
        ([*both_good("fail"), CleanupDone(False, ("a call of 15000",)), ENDED], ("not-conformant", 7)),
        ([*both_good(), CleanupDone(False, ("a call of 15000",)), ENDED], ("conformant", 7)),
        ([*both_good(), CLEAN, RunEnded(ENDED.ended, complete=False, interrupted=True)], ("conformant", 130)),
        (
            [*both_good(), CLEAN, RunEnded(ENDED.ended, complete=False, stopped="the server is gone")],
            ("conformant", 2),
        ),
        ([*scenario("http/a", check("HTTP-ENV-001")), CLEAN, ENDED], ("undetermined", 2)),
    ],
)
def test_what_kept_a_run_from_its_end_is_in_its_exit_code(
    events: Sequence[Event], expected: tuple[str, int]
) -> None:
    assert verdict_and_code(built(*events)) == expected


def test_events_that_break_off_give_a_document_that_says_so() -> None:
    document = built(*both_good()[:-1])
    run, scenarios = document["run"], document["scenarios"]
    assert isinstance(scenarios, list)
    (played,) = scenarios
    assert isinstance(run, dict)
    assert isinstance(played, dict)
    assert (run["complete"], run["stopped"], played["ended"], document["exit_code"]) == (
        False,
        "the run broke off",
        False,
        7,
    )


def test_a_scenario_that_was_left_out_keeps_its_reason_and_proves_nothing() -> None:
    document = built(ScenarioLeftOut("http/a", "A", "http", "no calls may be placed"), CLEAN, ENDED)
    assert document["scenarios"] == [
        {
            "id": "http/a",
            "title": "A",
            "profile": "http",
            "ended": True,
            "left_out": "no calls may be placed",
            "checks": [],
        }
    ]
    assert verdict_and_code(document) == ("undetermined", 2)


def test_what_another_profile_could_not_judge_does_not_spoil_a_profile_but_a_violation_does() -> None:
    blocked = built(
        *both_good(), *scenario("notify/a", check("HTTP-ENV-001", "blocked"), profile="notify"), CLEAN, ENDED
    )
    assert profile_of(blocked)["required"] == {"HTTP-ENV-001": "pass", "HTTP-ENV-002": "pass"}
    failed = built(
        *both_good(), *scenario("notify/a", check("HTTP-ENV-001", "fail"), profile="notify"), CLEAN, ENDED
    )
    assert profile_of(failed)["required"] == {"HTTP-ENV-001": "fail", "HTTP-ENV-002": "pass"}


def test_a_requirement_that_only_another_profile_looked_at_counts_by_that() -> None:
    document = built(
        *both_good(),
        *scenario("notify/a", check("CMD-HS-001"), profile="notify"),
        CLEAN,
        ENDED,
        profiles=("notify",),
    )
    assert profile_of(document)["required"] == {
        "HTTP-ENV-001": "pass",
        "CMD-HS-001": "pass",
        "OPS-X-001": "not-applicable",
    }


def test_what_the_target_does_not_have_is_listed_and_does_not_count() -> None:
    hello = scenario("notify/a", check("CMD-HS-001"), check("HTTP-ENV-001"), profile="notify")
    without = built(*hello, CLEAN, ENDED, profiles=("notify",))
    assert without["target"] == {
        "product": "Example Switch",
        "version": "9.1",
        "base_url_hash": "sha256:00",
        "has": [],
        "not_claimed": ["OPS-X-001"],
    }
    assert verdict_and_code(without) == ("conformant", 0)
    having = built(*hello, CLEAN, ENDED, profiles=("notify",), has=("number:nonexistent",))
    assert verdict_and_code(having) == ("undetermined", 2)


def test_first_causes_leave_out_what_only_followed() -> None:
    document = built(
        *scenario(
            "http/a",
            check("HTTP-ENV-001", "fail", "ask", "there is no answer"),
            check("HTTP-ENV-001", "fail", "ask again", "there is no answer"),
            check("HTTP-ENV-002", "blocked", "then"),
        ),
        *scenario("http/b", check("HTTP-ENV-002", "blocked"), check("HTTP-ENV-001", "blocked")),
        CLEAN,
        ENDED,
    )
    assert profile_of(document)["first_causes"] == ["http/a#ask:HTTP-ENV-001", "http/b#step:HTTP-ENV-002"]


def test_a_check_of_the_same_name_again_is_numbered_and_not_lost() -> None:
    document = built(*scenario("http/a", check("HTTP-ENV-001"), check("HTTP-ENV-001", "fail")), CLEAN, ENDED)
    requirements = document["requirements"]
    assert isinstance(requirements, list)
    assert isinstance(requirements[0], dict)
    assert requirements[0]["checks"] == ["http/a#step:HTTP-ENV-001", "http/a#step:HTTP-ENV-001(2)"]


def test_a_check_of_a_requirement_that_is_not_in_the_catalogue_is_our_mistake() -> None:
    with pytest.raises(BadResult) as raised:
        built(*scenario("http/a", check("HTTP-NONE-001")), CLEAN, ENDED)
    assert raised.value.mistakes == ("HTTP-NONE-001 is checked and is not in the catalogue",)


@pytest.mark.parametrize("events", [[], [CLEAN]])
def test_without_a_beginning_there_is_nothing_to_report(events: list[Event]) -> None:
    with pytest.raises(RunNeverStarted):
        result.build(events, CATALOGUE, exit_code=of_result)


def test_a_document_is_checked_before_it_is_written_and_when_it_is_read(tmp_path: Path) -> None:
    document = built(*both_good(), CLEAN, ENDED)
    path = tmp_path / "result.json"
    path.write_text(result.render(Report.of(document)), encoding="utf-8")
    assert result.read(path) == document
    with pytest.raises(BadResult):
        result.render(Report.of({**document, "exit_code": 4}))
    path.write_text("{")
    with pytest.raises(BadResult):
        result.read(path)


def test_the_published_schema_is_a_schema_that_others_can_use() -> None:
    schema = json.loads(result.SCHEMA.read_text())
    jsonschema_rs.meta.validate(schema)
    assert schema["properties"]["format"] == {"const": result.FORMAT}
