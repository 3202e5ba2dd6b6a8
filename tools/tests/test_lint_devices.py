"""Rows of devices and agent states, and operations that are posted to several resources."""

from __future__ import annotations

from pathlib import Path

import pytest

from callproof.bundling.sources import read_contract
from callproof.bundling.unions import filled_union
from tools.contract.call_model import call_model_findings
from tools.contract.sentences import sentence_findings
from tools.contract.wiring import operation_findings
from tools.tests.small_contract import lay

MODEL = "openapi/call-model.yaml"
ROWS = """\
devices:
  - {id: dnd-on, operation: DoNotDisturbOn, when: {doNotDisturb: "Off"}, sets: {doNotDisturb: "On"}, basis: stated, source: "A"}
agentStates:
  - {operation: Ready, id: R, displayName: Ready, state: Ready, basis: stated, source: "B"}
"""
OPERATION = """\
type: object
required: [operationName]
properties: {{operationName: {{type: string, enum: [{name}]}}}}
x-target: {targets}
x-basis: stated
x-source: A
"""
MORE = {
    "openapi/operations/DoNotDisturbOn.yaml": OPERATION.format(name="DoNotDisturbOn", targets="[me, device]"),
    "openapi/operations/Ready.yaml": OPERATION.format(name="Ready", targets="[me, channel]"),
    "openapi/schemas/DeviceCapability.yaml": "type: string\nx-open-enum: [DoNotDisturbOn]\n",
}


def found(root: Path, *changes: tuple[str, str, str], more: dict[str, str] | None = None) -> list[str]:
    """The faults of rows and targets, as rule and problem."""
    lay(root, (MODEL, "network:\n", f"{ROWS}network:\n"), *changes, more=MORE | (more or {}))
    contract = read_contract(root)
    findings = [*call_model_findings(contract), *operation_findings(contract), *sentence_findings(contract)]
    return [
        f"{finding.rule}: {finding.problem}" for finding in findings if "DeviceCapability" not in finding.path
    ]


def test_rows_of_devices_and_agent_states_belong_to_operations(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            (MODEL, "operation: DoNotDisturbOn", "operation: Nope"),
            "call-model-operation: Nope has a row, but no file in openapi/operations that is posted to a device",
        ),
        (
            ("openapi/schemas/DeviceCapability.yaml", "[DoNotDisturbOn]", "[Other]"),
            "call-model-word: DoNotDisturbOn is not a word of DeviceCapability",
        ),
        (
            (MODEL, "agentStates:\n", f"{ROWS.splitlines()[1].replace('dnd-on', 'again')}\nagentStates:\n"),
            "call-model-ambiguous: again and dnd-on both apply to DoNotDisturbOn on the same device",
        ),
        ((MODEL, "id: dnd-on", "id: hold"), "call-model-id: two rows are called hold"),
        (
            (MODEL, "operation: Ready", "operation: Hold"),
            "call-model-operation: Hold is an agent state, but no file in openapi/operations is posted to a channel",
        ),
        ((MODEL, 'basis: stated, source: "A"', 'source: "A"'), "basis: basis is missing"),
        (
            ("openapi/operations/Ready.yaml", "[me, channel]", "[me, chanel]"),
            "union: x-target is ['me', 'chanel']",
        ),
        (("openapi/operations/Ready.yaml", "[me, channel]", "[]"), "union: x-target is []"),
    ],
)
def test_a_row_or_target_that_leads_nowhere_is_named(
    tmp_path: Path, change: tuple[str, str, str], finding: str
) -> None:
    assert finding in found(tmp_path, change)


def test_an_operation_of_a_device_or_a_channel_has_a_row(tmp_path: Path) -> None:
    more = {
        f"openapi/operations/{name}.yaml": OPERATION.format(name=name, targets=targets)
        for name, targets in (("DoNotDisturbOff", "device"), ("NotReady", "[channel]"), ("Start", "me"))
    }
    assert found(tmp_path, more=more) == [
        "call-model-operation: DoNotDisturbOff has no row in the call model",
        "call-model-operation: NotReady has no row in the call model",
    ]


def test_an_operation_is_in_the_union_of_each_of_its_targets(tmp_path: Path) -> None:
    lay(tmp_path, more=MORE)
    contract = read_contract(tmp_path)
    source = contract.files["openapi/schemas/DeviceOperation.yaml"]
    names = {}
    for target in ("me", "device", "channel"):
        union = filled_union({"x-operations": target}, source, contract, [])
        discriminator = union["discriminator"]
        assert isinstance(discriminator, dict)
        mapping = discriminator["mapping"]
        assert isinstance(mapping, dict)
        names[target] = list(mapping)
    assert names == {
        "me": ["DoNotDisturbOn", "Ready"],
        "device": ["Dial", "DoNotDisturbOn"],
        "channel": ["Ready"],
    }
