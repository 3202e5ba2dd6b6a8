"""Applies every rule to the contract."""

from __future__ import annotations

from callproof.bundling.bundle import halves
from callproof.bundling.findings import Finding
from callproof.bundling.placing import place_examples
from callproof.bundling.sources import Contract
from tools.contract.call_model import call_model_findings
from tools.contract.examples import all_schemas, example_findings
from tools.contract.links import link_findings
from tools.contract.sentences import sentence_findings
from tools.contract.shown import missing_examples
from tools.contract.standards import asyncapi_findings, openapi_findings
from tools.contract.subset import subset_findings
from tools.contract.versions import version_findings
from tools.contract.wiring import operation_findings, wiring_findings


def lint(contract: Contract) -> list[Finding]:
    """All findings about the contract, sorted by file and line.

    The standards, the examples and the wiring are checked on the bundles, and so only once these can be made from readable schemas. What
    has no example is named last, when nothing else is wrong.
    """
    openapi, asyncapi = halves(contract)
    in_the_way = [*contract.findings, *subset_findings(contract), *openapi.findings, *asyncapi.findings]
    findings = [
        *in_the_way,
        *operation_findings(contract),
        *sentence_findings(contract),
        *call_model_findings(contract),
        *version_findings(contract),
    ]
    if not in_the_way:
        schemas = all_schemas(openapi.document, asyncapi.document)
        findings += example_findings(contract, schemas)
        findings += wiring_findings(contract, openapi, asyncapi)
        findings += link_findings(openapi)
        findings += place_examples(contract, openapi.document, asyncapi.document)
        if not any(finding.rule == "schema" for finding in findings):
            findings += [*openapi_findings(openapi), *asyncapi_findings(asyncapi)]
    if not findings:
        findings += missing_examples(contract, openapi, asyncapi)
    return sorted(set(findings))
