"""JUnit XML for CI: one suite for each profile, one case for each requirement of its set, and one for the profile's own verdict.

A failed requirement has a failure element, one that could not be judged an error element, and one that did not apply or was not tested is
skipped, so a reader that knows only these elements sees the result. The last case of a suite keeps a profile that is not conformant from
looking green when all its requirements were skipped. No host name is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from xml.etree import ElementTree

from callproof.catalogue.requirement import Verdict
from callproof.json_values import as_object, objects_in, text_of
from callproof.judge.verdicts import meaning
from callproof.report.report import Check, Profile, Report, RequirementResult

_ELEMENTS: Mapping[Verdict, str] = {
    "fail": "failure",
    "error": "error",
    "inconclusive": "error",
    "blocked": "error",
    "not-applicable": "skipped",
    "not-tested": "skipped",
}
#: Characters that XML 1.0 cannot hold in any notation.
_FORBIDDEN = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
    if code not in (9, 10, 13)
}


def render(report: Report) -> str:
    """The document as text, with its XML declaration."""
    root = ElementTree.Element("testsuites", name="callproof")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for profile in report.profiles:
        suite = _suite(report, profile)
        for name in totals:
            totals[name] += int(suite.get(name, "0"))
        root.append(suite)
    for name, number in totals.items():
        root.set(name, str(number))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, profile: Profile) -> ElementTree.Element:
    required = _required(report, profile.name)
    suite = ElementTree.Element(
        "testsuite",
        name=f"callproof.{profile.name}",
        timestamp=str(as_object(report.document["run"])["started"]),
    )
    properties = ElementTree.SubElement(suite, "properties")
    values = {
        **_suite_versions(report),
        "verdict": profile.verdict,
        "set": profile.set_hash,
        "cleanup": _cleanup(report),
    }
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", name=name, value=_clean(value))
    for requirement, verdict in required.items():
        suite.append(_case(report, profile, report.requirements[requirement], verdict))
    suite.append(_verdict_case(profile))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(required) + 1))
    return suite


def _case(
    report: Report, profile: Profile, requirement: RequirementResult, verdict: Verdict
) -> ElementTree.Element:
    title = _clean(f"{requirement.id} {requirement.title}")
    case = ElementTree.Element("testcase", classname=f"callproof.{profile.name}", name=title)
    properties = ElementTree.SubElement(case, "properties")
    for name, value in (("level", requirement.level), ("basis", requirement.basis), ("verdict", verdict)):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    if verdict in _ELEMENTS:
        checks = [report.check(name)[1] for name in requirement.checks]
        relevant = [check for check in checks if check.verdict == verdict]
        message = next((check.message for check in relevant if check.message), meaning(verdict))
        element = ElementTree.SubElement(case, _ELEMENTS[verdict], message=_clean(message))
        if _ELEMENTS[verdict] != "skipped":
            element.set("type", next((check.code for check in relevant if check.code), verdict))
            element.text = _clean(_account(requirement, relevant))
    return case


def _suite_versions(report: Report) -> dict[str, str]:
    """The suite's version, the contract's and the commit, without what an older result does not say."""
    suite = as_object(report.document.get("suite"))
    members = {"callproof": "version", "contract": "contract_version", "commit": "commit"}
    return {name: text for name, member in members.items() if (text := text_of(suite.get(member)))}


def _verdict_case(profile: Profile) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase", classname=f"callproof.{profile.name}", name="verdict of the profile"
    )
    if profile.verdict != "conformant":
        tag = "failure" if profile.verdict == "not-conformant" else "error"
        counts = ", ".join(f"{number} {verdict}" for verdict, number in profile.counts.items())
        message = f"{profile.words.lower()}: {counts or 'nothing was judged'}"
        ElementTree.SubElement(case, tag, type=profile.verdict, message=message)
    return case


def _account(requirement: RequirementResult, checks: list[Check]) -> str:
    lines = [f"{requirement.level}: {requirement.text}", f"source: {requirement.source}"]
    for check in checks:
        facts = {
            "message": check.message, "expected": check.expected, "got": check.got, "blocked by": check.blocked_by,
            "evidence": ", ".join(check.evidence),
        }  # fmt: skip
        lines += ["", check.id, *(f"  {label}: {value}" for label, value in facts.items() if value)]
        for miss in check.nearest:
            lines.append(f"  nearest: {miss.what}")
            lines.extend(f"    {difference}" for difference in miss.differences)
    return "\n".join(lines)


def _required(report: Report, profile: str) -> Mapping[str, Verdict]:
    profiles = objects_in(report.document["profiles"])
    required = next(item["required"] for item in profiles if item["name"] == profile)
    return cast(Mapping[str, Verdict], required)  # the schema says that the values are verdicts


def _cleanup(report: Report) -> str:
    return "complete" if report.cleaned else "; ".join(report.cleanup_left) or "not complete"


def _clean(text: str) -> str:
    """The text without the characters that XML forbids; a server may have sent any."""
    return text.translate(_FORBIDDEN)
