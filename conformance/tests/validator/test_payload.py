"""A payload is recognised by its shape, held to one schema, and what is wrong with it is said in the words of the field."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callproof.commands.check import findings_in
from callproof.commands.check_reports import Placed, Tally
from callproof.contract.bundles import Contract, load_contract
from callproof.redaction import Redactor
from callproof.validator.evaluation import evaluate
from callproof.validator.finding import Finding, errors, shown, written
from callproof.validator.payload import KINDS, validate
from callproof.validator.schemas import Schemas

PAYLOADS = Path(__file__).parent / "payloads"
EXAMPLES = Path(__file__).parents[3]
FOLDERS = sorted(folder.name for folder in PAYLOADS.iterdir() if folder.is_dir())

CONTRACT: Contract = load_contract()
SCHEMAS: Schemas = Schemas(CONTRACT.openapi, CONTRACT.asyncapi)


def example(path: str) -> Any:
    return json.loads((EXAMPLES / path).read_text(encoding="utf-8"))


HELD = example("asyncapi/examples/InitiateConference/1-held.json")
DIALING = example("asyncapi/examples/InitiateConference/2-dialing.json")
REQUEST = example("openapi/examples/InitiateConference/request.json")


def findings_of(file: Path, name: str) -> list[Placed]:
    return findings_in(lambda most: [file.read_bytes()], name, SCHEMAS, "", Tally())


def changed(value: Any, change: Callable[[Any], object]) -> Any:
    whole = copy.deepcopy(value)
    change(whole)
    return whole


def names(value: Any, wanted: str = "") -> list[tuple[str, str]]:
    return [(subject.kind, subject.name) for subject in validate(value, SCHEMAS, wanted).subjects]


def complaints(value: Any, wanted: str = "") -> list[str]:
    return [f"{found.where} {found.message}" for found in validate(value, SCHEMAS, wanted).findings]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_payload_of_a_folder_is_found_guilty_of_the_rule_that_names_the_folder(folder: str) -> None:
    for file in sorted((PAYLOADS / folder).iterdir()):
        findings = findings_of(file, file.name)
        rules = {placed.finding.rule for placed in findings}
        assert rules == (set() if folder == "none" else {folder}), file.name


def test_every_finding_stands_where_it_should() -> None:
    lines = []
    for folder in FOLDERS:
        for file in sorted((PAYLOADS / folder).iterdir()):
            for placed in findings_of(file, f"{folder}/{file.name}"):
                finding = placed.finding
                meant = f" ({finding.suggestion})" if finding.suggestion else ""
                place = f"{placed.file}:{placed.line}:{placed.column}"
                lines.append(f"{place} {finding.severity} {finding.where} {finding.rule}{meant}")
    assert lines == (PAYLOADS / "findings.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (REQUEST, [("request", "InitiateConference")]),
        ({"operationName": "Dial"}, [("request", "Dial")]),
        ({"statusCode": 0}, [("response", "Accepted")]),
        ({"statusCode": 6}, [("response", "Refused")]),
        ({"statusCode": 7}, [("response", "PartlyDone")]),
        ({"statusCode": 0, "user": {}}, [("response", "MeAnswer")]),
        ({"statusCode": 0, "call": {}}, [("response", "CallAnswer")]),
        ({"statusCode": 0, "calls": []}, [("response", "CallsAnswer")]),
        ({"statusCode": 0, "devices": []}, [("response", "DevicesAnswer")]),
        ({"statusCode": 0, "uris": ["http://h/devices/1"]}, [("response", "DevicesAnswer")]),
        (HELD, [("notification", "StatusChange")]),
        (HELD["data"], [("notification data", "StatusChange")]),
        ({"messageType": "ErrorMessage"}, [("notification data", "ErrorNotification")]),
        ({"channel": "/meta/handshake"}, [("Bayeux request", "HandshakeRequest")]),
        ({"channel": "/meta/handshake", "clientId": "c"}, [("Bayeux reply", "HandshakeReply")]),
        ({"channel": "/meta/connect", "successful": True}, [("Bayeux reply", "ConnectReply")]),
        (
            [HELD, {"channel": "/meta/connect"}],
            [("notification", "StatusChange"), ("Bayeux reply", "ConnectReply")],
        ),
        ([{"channel": "/meta/connect"}], [("Bayeux request", "ConnectRequest")]),
        ({}, []),
        ([], []),
        (None, []),
    ],
)
def test_the_shape_picks_the_one_schema(value: Any, expected: list[tuple[str, str]]) -> None:
    assert names(value) == expected


def test_a_notification_type_without_a_schema_of_its_own_is_held_to_the_general_one() -> None:
    told = changed(HELD, lambda message: message["data"].update(notificationType="CallRecovered"))
    assert names(told) == [("notification", "CallNotification")]
    assert complaints(told) == ['$.data.notificationType is "CallRecovered", which is not a documented word']


@pytest.mark.parametrize("value", [{}, [], [[]], None, True, 0, "", {"a": 1}, [1], [None], {"channel": 3}])
def test_an_unrecognised_payload_is_an_error_and_never_passes(value: Any) -> None:
    validated = validate(value, SCHEMAS)
    assert not validated.subjects
    assert len(errors(validated.findings)) == len(validated.findings) == 1


def test_the_kind_can_be_said_when_the_shape_does_not_tell() -> None:
    call = HELD["data"]["call"]
    assert complaints(call, "Call") == []
    assert complaints({"state": "Held"}, "CallState") == [
        "$ is an object of 1, expected a string (CallState: state of a leg)"
    ]
    assert complaints({}, "request") == ['$ lacks the member "operationName"']
    assert complaints({}, "notification") != []
    assert complaints(REQUEST, "response") == ['$ lacks the member "statusCode"']


def test_an_unknown_kind_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        validate({}, SCHEMAS, "Cal")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda call: call.update(duration=31),
            "$.data.call.duration is the number 31, expected a string (Seconds: whole seconds, written as a string of digits)",
        ),
        (
            lambda call: call.update(mute="off"),
            '$.data.call.mute is "off", expected "On" or "Off"; did you mean "Off"?',
        ),
        (
            lambda call: call.update(state="Released"),
            "$.data.call.capabilities breaks a rule: a Released leg offers no operations",
        ),
        (
            lambda call: call.update(capabilities=["hangup"]),
            '$.data.call.capabilities[0] is "hangup", which is not a documented word; did you mean "Hangup"?',
        ),
        (
            lambda call: call.update(capabilites=call.pop("capabilities")),
            '$.data.call.capabilites is an unknown member where "capabilities" is missing; did you mean "capabilities"?',
        ),
        (
            lambda call: call.update(recording_state="Stopped"),
            '$.data.call.recording_state is a member that the contract does not know; did you mean "recordingState"?',
        ),
        (lambda call: call.pop("id"), '$.data.call lacks the member "id"'),
    ],
)
def test_findings_use_the_words_of_the_field(change: Callable[[Any], object], expected: str) -> None:
    assert complaints(changed(HELD, lambda message: change(message["data"]["call"]))) == [expected]


def test_a_named_rule_reads_as_its_own_sentence() -> None:
    released = changed(DIALING, lambda message: message["data"]["call"].update(state="Released"))
    (finding,) = validate(released, SCHEMAS).findings
    assert (finding.rule, finding.where) == ("ReleasedWithOperations", "$.data.call.capabilities")
    assert finding.message == "breaks a rule: a Released leg offers no operations"


def test_a_call_in_the_form_before_8_5_2_is_named_and_not_judged() -> None:
    def older(message: Any) -> None:
        call = message["data"]["call"]
        call.pop("path")
        call.update(id="007102385535e008", participants=["5001"], duration=31)

    named = (
        "is a call in the form before 8.5.2, whose participants are strings and which has no path; "
        "callproof judges 8.5.2 and later"
    )
    assert complaints(changed(HELD, older)) == [f"$.data.call {named}"]
    assert errors(validate(changed(HELD, older), SCHEMAS).findings) == []
    assert complaints(changed(HELD, older)["data"]["call"], "Call") == [f"$ {named}"]


def test_a_call_of_both_forms_is_a_faulty_call() -> None:
    def strings(message: Any) -> None:
        message["data"]["call"]["participants"] = ["5001"]

    def both(message: Any) -> None:
        call = message["data"]["call"]
        call.pop("path")
        call["participants"].append("5001")

    assert [finding.rule for finding in errors(validate(changed(HELD, strings), SCHEMAS).findings)] == [
        "type"
    ]
    assert {finding.rule for finding in errors(validate(changed(HELD, both), SCHEMAS).findings)} == {
        "type",
        "required",
    }


def test_a_bare_resource_is_not_recognised_and_the_option_that_judges_it_is_named() -> None:
    call = HELD["data"]["call"]
    device = {"id": "a", "deviceState": "Active", "phoneNumber": "15000"}
    for value, name in ((call, "Call"), (device, "Device")):
        (complaint,) = complaints(value)
        assert f"but with all that {name} requires (--as {name} judges it)" in complaint
        assert complaints(value, name) == []
    assert "--as" not in complaints({"phoneNumber": "15000"})[0]


def test_a_path_of_another_form_is_legal_and_the_documented_form_is_named() -> None:
    slip = changed(HELD, lambda message: message["data"]["call"].update(path="calls/1"))
    assert complaints(slip) == [
        '$.data.call.path is "calls/1", which is not the documented form, '
        "expected a string (CallPath: path of a leg, /calls/ and its id, without /me and without /api/v2)"
    ]
    assert errors(validate(slip, SCHEMAS).findings) == []


def test_a_rule_that_hinges_on_a_wrong_member_is_not_complained_of() -> None:
    misspelt = changed(HELD, lambda message: message["data"]["call"].update(state=7))
    assert [finding.rule for finding in validate(misspelt, SCHEMAS).findings] == ["type"]


def test_a_member_that_the_contract_does_not_know_is_ignored_unless_it_is_nearly_a_known_one() -> None:
    assert complaints(REQUEST | {"metrics": 1}) == []
    assert complaints(REQUEST | {"Location": "x", "location": "y"}) == []
    assert complaints(REQUEST | {"Location": "x"}) == [
        '$.Location is a member that the contract does not know; did you mean "location"?'
    ]


def test_a_misspelt_member_is_complained_of_once_however_the_schema_is_composed() -> None:
    misspelt = changed(
        HELD, lambda message: message["data"].update(phone_number=message["data"].pop("phoneNumber"))
    )
    assert complaints(misspelt) == [
        '$.data.phone_number is an unknown member where "phoneNumber" is missing; did you mean "phoneNumber"?'
    ]


def test_a_value_is_shown_short_and_without_anything_a_terminal_would_act_on() -> None:
    assert shown("\x1b[31m\u202e") == '"\\u001b[31m\\u202e"'
    assert Redactor().shown(shown("x" * 100)) == '"' + "x" * 60 + '…" (100 characters)'
    assert shown({"a": 1}) == "an object of 1"
    assert written(("a", 0, "b c", "\x07")) == '$.a[0]["b c"]["\\u0007"]'


def test_findings_are_values() -> None:
    assert Finding(("a",), "type", "is 3") == Finding(("a",), "type", "is 3")
    assert Finding(("a",), "type", "is 3") != Finding(("b",), "type", "is 3")
    assert repr(Finding(("a",), "type", "is 3", "a string")) == "<error type $.a: is 3, expected a string>"


# The validator against a general engine ------------------------------------------------------------------------------------

SMALL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 30),
    st.sampled_from([0.0, 1.0, 2.5]),
    st.sampled_from(
        [
            "",
            "0",
            "31",
            "Held",
            "Released",
            "On",
            "Consult",
            "StatusChange",
            "/v2/me/calls",
            "15000\n",
            "x" * 300,
        ]
    ),
    st.sampled_from(
        [[], {}, [{}], ["Hangup"], ["Hangup", "Hangup"], [1, True], [1, 1.0], {"phoneNumber": "1"}]
    ),
)
SEEDS = [
    HELD,
    DIALING,
    REQUEST,
    HELD["data"]["call"],
    {"statusCode": 0},
    {"statusCode": 6, "statusMessage": "no"},
] + [
    json.loads(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    for file in sorted((PAYLOADS / "none").iterdir())
]
ENGINES = {
    name: jsonschema_rs.Draft202012Validator(
        {**SCHEMAS.reference(name), "components": {"schemas": dict(SCHEMAS.components)}}
    )
    for name in SCHEMAS.components
}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for step, member in steps for below in paths(member, (*path, step)))]


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """A documented payload with up to three of its values replaced, removed or renamed."""
    value = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(paths(value)))
        if not path:
            continue
        parent = value
        for step in path[:-1]:
            parent = parent[step]
        change = draw(st.sampled_from(["replace", "remove", "rename"]))
        if change == "replace":
            parent[path[-1]] = copy.deepcopy(draw(SMALL))
        elif change == "remove":
            del parent[path[-1]]
        elif isinstance(parent, dict):
            parent[str(path[-1]).upper()] = parent.pop(path[-1])
    return value


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutants(), st.data())
def test_validator_and_engine_agree_on_what_is_valid(value: Any, data: st.DataObject) -> None:
    subjects = validate(value, SCHEMAS).subjects
    known = [
        (subject.name, subject.value)
        for subject in subjects
        if subject.kind not in ("response", "notification data")
    ]
    known.append((data.draw(st.sampled_from(sorted(ENGINES))), value))
    for name, part in known:
        found = evaluate(part, SCHEMAS.components[name], SCHEMAS, (), name)
        assert (not errors(found)) == ENGINES[name].is_valid(part), (name, part, found)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        SMALL,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
)
def test_no_value_is_passed_over_and_none_breaks_the_validator(value: Any) -> None:
    for wanted in ("", *KINDS):
        validated = validate(value, SCHEMAS, wanted)
        assert validated.subjects or validated.findings or value == []


def test_every_documented_notification_of_a_device_or_channel_is_recognised_and_clean() -> None:
    found = {}
    for name in (
        "StartContactCenterSession/1-device",
        "NotReady/1-device",
        "NotReady/2-channel",
        "NotReady/3-not-registered",
        "DoNotDisturbOn/1-device",
        "ForwardCallsOn/1-device",
    ):
        validated = validate(example(f"asyncapi/examples/{name}.json"), SCHEMAS)
        assert validated.findings == []
        found[name] = [subject.name for subject in validated.subjects]
    assert found == {
        "StartContactCenterSession/1-device": ["DeviceStateChange"],
        "NotReady/1-device": ["DeviceStateChange"],
        "NotReady/2-channel": ["ChannelStateChange"],
        "NotReady/3-not-registered": ["DeviceErrorNotification"],
        "DoNotDisturbOn/1-device": ["DeviceStateChange"],
        "ForwardCallsOn/1-device": ["DeviceStateChange"],
    }


def indexed() -> list[tuple[str, str]]:
    """Each example of the contract that its indexes list: its file and its schema. Those that are meant to be refused are in invalid/."""
    found = []
    for half in ("openapi", "asyncapi"):
        for folder in (f"{half}/examples", f"{half}/examples/recorded"):
            index = yaml.safe_load((EXAMPLES / folder / "examples.yaml").read_text(encoding="utf-8"))
            found += [
                (f"{folder}/{entry['file']}", entry["schema"]) for entry in index if "breaks" not in entry
            ]
    return found


def test_every_example_of_the_contract_is_recognised_as_what_it_is_and_has_no_error() -> None:
    """The answer of GET /me/channels/{channel} has an object under channel, and is not a Bayeux message. Lists of addresses look alike."""
    for file, schema in indexed():
        value = example(file)
        validated = validate(value, SCHEMAS)
        (subject,) = validated.subjects
        assert subject.name == schema or "uris" in value, file
        assert not errors(validated.findings), file
