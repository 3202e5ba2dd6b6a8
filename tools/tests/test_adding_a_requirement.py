"""The suite's promise to its keepers: a requirement is a clause, an entry, a scenario and a faulty server; no code, count or snapshot."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from callproof.bundling.bundle import bundles
from callproof.bundling.sources import read_contract
from callproof.catalogue import explain
from callproof.catalogue.planning import plan
from callproof.contract.bundles import load_contract
from callproof.faults import parse
from callproof.faults.fitting import misfits
from callproof.runner.suite import FOLDER, read_suite
from tools.contract.lint import lint

ROOT = Path(__file__).parents[2]
CLAUSE = """\
  - id: keeps-its-number
    text: "After an accepted Hold the notification that the call is in state Held shows the number that was dialled."
    basis: sample
    source: "CallsHold, HTCC 8.5.2, CometD notification"
"""
ENTRY = """
- id: OPS-HOLD-901
  title: A held call keeps its number
  level: SHOULD
  clause: openapi/operations/Hold.yaml#keeps-its-number
  rationale: A desktop shows it while the caller waits.
  since: "0.9"
  profiles: [initiate-conference]
  accepts:
    - {id: without-number, text: "the number is left out while the call is held", verdict: warn, shows: {call.dnis: {absent: true}}}
"""
SCENARIO = """\
id: initiate-conference/held-number
title: Alice is talking to Bob and puts him on hold
profile: initiate-conference
given:
  talk: {established: [alice, bob]}
steps:
  - alice asks: {operation: Hold, on: talk}
    proves: OPS-HOLD-001
  - alice hears: {call: talk, state: Held}
    proves: OPS-HOLD-002
    where: [{call.dnis: {number of: bob}, proves: OPS-HOLD-901, or: without-number}]
"""
FAULTY = """
- name: held-call-has-another-number
  area: content
  title: A held call shows another number than the one that was dialled
  expects: OPS-HOLD-901
  rules: [{notification: {state: Held}, set: {data.call.dnis: "1"}}]
"""
LEGAL = """
- name: held-call-has-no-number
  area: legal
  title: A held call shows no number
  needs: [OPS-HOLD-901/without-number]
  rules: [{notification: {state: Held}, remove: [data.call.dnis]}]
"""


@pytest.mark.slow
def test_a_requirement_is_a_clause_an_entry_a_scenario_and_its_servers(tmp_path: Path) -> None:
    for half in ("openapi", "asyncapi"):
        shutil.copytree(ROOT / half, tmp_path / half)
    added(tmp_path / "openapi" / "operations" / "Hold.yaml", CLAUSE, after="x-behaviour:\n")
    source = read_contract(tmp_path)
    assert lint(source) == []
    (tmp_path / "dist").mkdir()
    for name, bundle in bundles(source).items():
        (tmp_path / "dist" / name).write_text(json.dumps(bundle), encoding="utf-8")

    shutil.copytree(FOLDER, tmp_path / "catalogue")
    added(tmp_path / "catalogue" / "requirements" / "operations.yaml", ENTRY)
    (tmp_path / "catalogue" / "scenarios" / "initiate-conference" / "held-number.yaml").write_text(SCENARIO)
    suite = read_suite(load_contract(str(tmp_path / "dist")), tmp_path / "catalogue")

    requirement = suite.catalogue["OPS-HOLD-901"]
    assert requirement.text.endswith("shows the number that was dialled.")
    assert "without-number: the number is left out while the call is held (warn)" in explain.explain(
        requirement, width=200
    )
    (play,) = plan(suite.scenarios, suite.flows, suite.unasked, select=["OPS-HOLD-901"]).plays
    assert play.scenario.id == "initiate-conference/held-number"
    assert "OPS-HOLD-901" in suite.catalogue.required_set("initiate-conference")

    faults = {
        path.name: path.read_text(encoding="utf-8") for path in (FOLDER.parent / "faults").glob("*.yaml")
    }
    faults["notifications.yaml"] += FAULTY
    faults["legal.yaml"] += LEGAL
    assert [*misfits(parse(faults), suite.catalogue)] == []


def added(file: Path, text: str, after: str = "") -> None:
    """Add the text at the end of the file, or after its first line of these words."""
    old = file.read_text(encoding="utf-8")
    file.write_text(old.replace(after, after + text, 1) if after else old + text, encoding="utf-8")
