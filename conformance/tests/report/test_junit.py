"""Two independent JUnit readers see what the result says."""

from xml.etree import ElementTree

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from callproof.json_values import Json
from callproof.report import junit
from callproof.report.report import Report
from conformance.tests.report.conftest import MADE_FROM


def seen_by_elementtree(text: str) -> dict[tuple[str, str], str]:
    root = ElementTree.fromstring(text)
    found = {}
    for suite in root.findall("testsuite"):
        for case in suite.findall("testcase"):
            problems = [tag for tag in ("failure", "error", "skipped") if case.find(tag) is not None]
            found[(suite.get("name", ""), case.get("name", "").split(" ")[0])] = (
                "+".join(problems) or "passed"
            )
    return found


def seen_by_junitparser(text: str) -> dict[tuple[str, str], str]:
    words = {Failure: "failure", Error: "error", Skipped: "skipped"}
    found = {}
    for suite in JUnitXml.fromstring(text.encode()):
        for case in suite:
            found[(suite.name, case.name.split(" ")[0])] = (
                "+".join(words[type(r)] for r in case.result) or "passed"
            )
    return found


def expected(document: dict[str, Json]) -> dict[tuple[str, str], str]:
    kinds = {"fail": "failure", "error": "error", "blocked": "error", "inconclusive": "error"} | {
        "not-applicable": "skipped",
        "not-tested": "skipped",
    }
    profile_kinds = {"conformant": "passed", "not-conformant": "failure", "undetermined": "error"}
    found = {}
    profiles = document["profiles"]
    assert isinstance(profiles, list)
    for profile in profiles:
        assert isinstance(profile, dict)
        assert isinstance(profile["required"], dict)
        suite = f"callproof.{profile['name']}"
        for requirement, verdict in profile["required"].items():
            found[(suite, requirement)] = kinds.get(str(verdict), "passed")
        found[(suite, "verdict")] = profile_kinds[str(profile["verdict"])]
    return found


def test_two_readers_see_every_verdict(report: Report, document: dict[str, Json]) -> None:
    text = junit.render(report)
    assert seen_by_elementtree(text) == expected(document)
    assert seen_by_junitparser(text) == expected(document)
    assert {"failure", "error", "skipped", "passed"} == set(expected(document).values())


def test_a_green_run_has_nothing_but_passed_and_skipped_cases(green: Report) -> None:
    assert set(seen_by_junitparser(junit.render(green)).values()) == {"passed", "skipped"}


def test_a_run_that_judged_nothing_is_not_green(empty: Report) -> None:
    assert seen_by_junitparser(junit.render(empty))[("callproof.http", "verdict")] == "error"


def test_the_numbers_on_top_are_the_numbers_of_elements(report: Report) -> None:
    root = ElementTree.fromstring(junit.render(report))
    for element in [root, *root.findall("testsuite")]:
        counted = {
            "tests": len(list(element.iter("testcase"))),
            "failures": len(list(element.iter("failure"))),
            "errors": len(list(element.iter("error"))),
            "skipped": len(list(element.iter("skipped"))),
        }
        assert {name: int(element.get(name, "")) for name in counted} == counted


def test_a_failure_says_what_was_expected_what_came_and_where_it_is_written(report: Report) -> None:
    root = ElementTree.fromstring(junit.render(report))
    failures = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    failure = failures["NTF-CALL-001 duration is a string of digits"]
    assert failure is not None
    assert failure.attrib == {"message": "the duration of consult is a number", "type": "wrong-member"}
    assert (failure.text or "").splitlines() == [
        "MUST: The `duration` of a call is a string of decimal digits.",
        "source: InitiateConference, CallsHangup and CompleteConference, HTCC 8.5.2; capture of GWS 8.5.202.96, duration",
        "",
        "initiate-conference/happy#hears:NTF-CALL-001",
        "  message: the duration of consult is a number",
        "  expected: data.call.duration is a string of digits",
        "  got: 0",
        "  evidence: t0004, t0006",
        "  nearest: alice heard StatusChange of consult, state Dialing",
        "    call.duration: expected a string of digits, got the number 0",
    ]


def test_a_warning_is_a_passed_case_with_its_verdict_as_property(report: Report) -> None:
    root = ElementTree.fromstring(junit.render(report))
    (case,) = [case for case in root.iter("testcase") if case.get("name", "").startswith("NTF-LINK-002")]
    assert [child.tag for child in case] == ["properties"]
    assert {p.get("name"): p.get("value") for p in case.iter("property")} == {
        "level": "SHOULD",
        "basis": "sample",
        "verdict": "warn",
    }


@pytest.mark.parametrize("word", ["hostname", "localhost", "example.test"])
def test_no_host_is_named(report: Report, word: str) -> None:
    assert word not in junit.render(report)


def test_each_suite_names_product_contract_and_commit(report: Report) -> None:
    root = ElementTree.fromstring(junit.render(report))
    for suite in root.findall("testsuite"):
        found = {one.get("name"): one.get("value") for one in suite.findall("properties/property")}
        assert (found["callproof"], found["contract"], found["commit"]) == ("0.2.0", "0.2.1", MADE_FROM)
