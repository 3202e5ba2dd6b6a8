"""Each lint rule, broken by one change to a contract without faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from callproof.bundling.findings import ContractMissing
from callproof.bundling.sources import read_contract
from tools.tests.small_contract import Fault, findings_of, lay, name_of

pytestmark = pytest.mark.slow

HOLD = "openapi/operations/Hold.yaml"
CALL = "openapi/schemas/Call.yaml"
DESTINATION = "openapi/schemas/Destination.yaml"
MODEL = "openapi/call-model.yaml"
INDEX = "openapi/examples/examples.yaml"
ROOT = "openapi/openapi.yaml"
PATH = "openapi/paths/me-call.yaml"
LINK = "openapi/links/Again.yaml"
EVENTS = "asyncapi/asyncapi.yaml"
MESSAGE = "asyncapi/messages/StatusChange.yaml"

Found = tuple[str, int, str]


def found(root: Path) -> set[Found]:
    return {(finding.path, finding.line, finding.rule) for finding in findings_of(root)}


def test_a_contract_without_faults_has_no_findings(tmp_path: Path) -> None:
    assert findings_of(lay(tmp_path)) == []


def test_a_finding_says_file_line_rule_problem_and_remedy(tmp_path: Path) -> None:
    lay(tmp_path, (DESTINATION, "type: object", "type: object\nnullable: true"))
    assert list(map(str, findings_of(tmp_path))) == [
        "openapi/schemas/Destination.yaml:2: subset: nullable does not mean the same in OpenAPI 3.0 and JSON Schema; "
        "write anyOf with a schema of the other type, or leave the member out when there is none"
    ]


def test_without_its_root_documents_there_is_nothing_to_judge(tmp_path: Path) -> None:
    lay(tmp_path, without=(ROOT,))
    with pytest.raises(ContractMissing, match=r"openapi/openapi\.yaml does not exist"):
        read_contract(tmp_path)


NOT_JSON = [
    Fault("a date", (HOLD, "x-source: CallsHold, HTCC 8.5.2", "x-source: 2016-03-25"), "not-json"),
    Fault("a boolean word", (CALL, "description: A leg.", "description: Off"), "not-json"),
    Fault("a name that is not a string", (PATH, '"200":', "200:"), "not-json"),
    Fault("a name twice", (DESTINATION, "required:", "type: object\nrequired:"), "not-json"),
    Fault(
        "an alias",
        (DESTINATION, "required: [phoneNumber]", "required: &r [phoneNumber]\nx-again: *r"),
        "not-json",
    ),
]


@pytest.mark.parametrize("fault", NOT_JSON, ids=name_of)
def test_what_yaml_can_say_and_json_cannot_is_refused(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert found(tmp_path) == {expected}


@pytest.mark.parametrize(
    ("path", "text"), [(DESTINATION, "type: [object"), ("openapi/examples/Hold/request.json", "{")]
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, path: str, text: str) -> None:
    lay(tmp_path, more={path: text})
    assert (path, 1, "unreadable") in found(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / DESTINATION).write_bytes(b"type: object\ntitle: \xff\n")
    assert (DESTINATION, 1, "unreadable") in found(tmp_path)


SUBSET: list[tuple[str, str, int]] = [
    *(
        (f"the keyword {keyword}", f"type: object\n{keyword}: {value}", 2)
        for keyword, value in [
            ("nullable", "true"),
            ("const", "1"),
            ("example", "{}"),
            ("examples", "[]"),
            ("exclusiveMinimum", "1"),
            ("exclusiveMaximum", "1"),
            ("if", "{}"),
            ("then", "{}"),
            ("else", "{}"),
            ("$defs", "{}"),
            ("definitions", "{}"),
            ("$id", "x"),
            ("$schema", "x"),
            ("patternProperties", "{}"),
            ("prefixItems", "[]"),
            ("dependentRequired", "{}"),
            ("unevaluatedProperties", "false"),
        ]
    ),
    ("a list of types", "type: [object, string]", 1),
    ("the type null", 'type: "null"', 1),
    ("a boolean schema", "type: object\nnot: true", 2),
    ("an array without items", "type: object\nallOf: [{type: array}]", 2),
    ("an enum without a type", "type: object\nallOf: [{enum: [a]}]", 2),
    ("a value that is not of the type", "type: object\nallOf: [{type: string, enum: [1]}]", 2),
    ("a default that is not of the type", "type: object\nallOf: [{type: integer, default: x}]", 2),
    ("a pattern that is none", 'type: object\nallOf: [{type: string, pattern: "("}]', 2),
    (
        "a pattern that engines read differently",
        'type: object\nallOf: [{type: string, pattern: "^\\\\d$"}]',
        2,
    ),
    ("a discriminator without a union", "type: object\ndiscriminator: {propertyName: x}", 2),
    ("a title that is not the file's name", "type: object\ntitle: Other", 2),
    ("an open enum that is not a list", "type: object\nallOf: [{type: string, x-open-enum: a}]", 2),
    ("an open enum with a value twice", "type: object\nallOf: [{type: string, x-open-enum: [a, a]}]", 2),
    ("an open enum of numbers", "type: object\nallOf: [{type: integer, x-open-enum: [a]}]", 2),
    ("an open pattern that is none", 'type: object\nallOf: [{type: string, x-open-pattern: "("}]', 2),
    ("an open pattern of numbers", "type: object\nallOf: [{type: integer, x-open-pattern: a}]", 2),
    (
        "an open pattern beside a closed one",
        "type: object\nallOf: [{type: string, pattern: a, x-open-pattern: a}]",
        2,
    ),
    ("an open pattern that is a list", "type: object\nallOf: [{type: string, x-open-pattern: [a]}]", 2),
]


@pytest.mark.parametrize(("text", "line"), [row[1:] for row in SUBSET], ids=[row[0] for row in SUBSET])
def test_the_schemas_keep_to_what_all_dialects_read_alike(tmp_path: Path, text: str, line: int) -> None:
    lay(tmp_path, (DESTINATION, "type: object", text))
    assert (DESTINATION, line, "subset") in found(tmp_path)


def test_a_schema_file_is_named_like_a_component(tmp_path: Path) -> None:
    lay(tmp_path, more={"openapi/schemas/call-id.yaml": "type: string\nx-basis: sample\nx-source: here\n"})
    assert ("openapi/schemas/call-id.yaml", 1, "subset") in found(tmp_path)


REFERENCES = [
    Fault(
        "to a file that is not there",
        (DESTINATION, '{type: string, pattern: "^[0-9]+$"}', "{$ref: Nope.yaml}"),
        "reference",
    ),
    Fault("to a host", (CALL, "{$ref: CallId.yaml}", '{$ref: "https://example.org/a"}'), "reference"),
    Fault(
        "into the middle of a schema",
        (CALL, "CallId.yaml", "Destination.yaml#/properties/phoneNumber"),
        "reference",
    ),
    Fault("to nothing in a file", (PATH, "schemas/CallId.yaml", "schemas/CallId.yaml#/nope"), "reference"),
    Fault(
        "to nothing in the root",
        (EVENTS, "#/channels/calls/messages/StatusChange", "#/channels/nope"),
        "reference",
    ),
    Fault(
        "beside other keywords",
        (CALL, "{$ref: CallId.yaml}", "{$ref: CallId.yaml, maxLength: 1}"),
        "reference-alone",
    ),
    Fault(
        "in a circle of path items",
        (ROOT, "paths/me-call.yaml", "paths/a.yaml"),
        "reference",
        "openapi/paths/b.yaml",
    ),
    Fault(
        "of an unknown union",
        ("openapi/schemas/CallOperation.yaml", "x-operations: call", "x-operations: cell"),
        "union",
    ),
    Fault(
        "of an empty union",
        ("openapi/schemas/CallOperation.yaml", "x-operations: call", "x-operations: me"),
        "union",
    ),
]


@pytest.mark.parametrize("fault", REFERENCES, ids=name_of)
def test_a_reference_that_the_bundle_cannot_express_is_refused(tmp_path: Path, fault: Fault) -> None:
    circle = {"openapi/paths/a.yaml": "$ref: b.yaml\n", "openapi/paths/b.yaml": "$ref: a.yaml\n"}
    expected = fault.laid(tmp_path, circle)
    assert expected in found(tmp_path)


def test_two_files_that_want_one_component_name_are_refused(tmp_path: Path) -> None:
    lay(
        tmp_path,
        (DESTINATION, '{type: string, pattern: "^[0-9]+$"}', "{$ref: ../operations/CallId.yaml}"),
        more={"openapi/operations/CallId.yaml": "type: string\n"},
    )
    assert (DESTINATION, 4, "name-clash") in found(tmp_path)


STANDARDS = [
    Fault("OpenAPI", (PATH, "description: The call.", "descriptions: The call."), "openapi", marker='"200":'),
    Fault("OpenAPI's info", (ROOT, "title: Small", "x-title: Small"), "openapi", marker="info:"),
    Fault("AsyncAPI", (EVENTS, "action: send", "action: shout"), "asyncapi"),
    Fault("AsyncAPI in a message", (MESSAGE, "name:", "nam:"), "asyncapi"),
]


@pytest.mark.parametrize("fault", STANDARDS, ids=name_of)
def test_the_bundles_follow_their_standards(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert found(tmp_path) == {expected}


REQUEST = "openapi/examples/Hold/request.json"
NEGATIVE = "openapi/examples/invalid/no-number.json"
RECORDED = "openapi/examples/recorded/examples.yaml"
PARAMETERS = "openapi/examples/recorded/parameters.yaml"
DIAL, CONFERENCE = (
    f"openapi/examples/recorded/{name}/request.json" for name in ("Dial", "InitiateConference")
)
EXAMPLES = [
    Fault("breaks its schema", (REQUEST, "Hold", "Held"), "example"),
    Fault("is not there", (INDEX, "Hold/response.json", "Hold/nope.json"), "example-index"),
    Fault("names no file", (INDEX, "file: Hold/response.json", "fil: x"), "example-index"),
    Fault("names no schema there is", (INDEX, "schema: Accepted", "schema: Acepted"), "example-index"),
    Fault("has no basis", (INDEX, "basis: sample", "basis: guess"), "example-index"),
    Fault("has no source", (INDEX, ', source: "CallsHold, HTCC 8.5.2"', ""), "example-index"),
    Fault("is negative and breaks nothing", (NEGATIVE, "{}", '{"phoneNumber": "1"}'), "negative-example"),
    Fault(
        "is negative and breaks another rule",
        (INDEX, "rule: required", "rule: pattern"),
        "negative-example",
        NEGATIVE,
    ),
    Fault(
        "is negative and does not say what it breaks",
        (INDEX, ', breaks: {at: "", rule: required}', ""),
        "example-index",
    ),
    Fault(
        "is recorded and says that it is a sample",
        (RECORDED, "basis: recorded", "basis: sample"),
        "example-index",
    ),
    Fault(
        "says that it is recorded and is not", (INDEX, "basis: sample", "basis: recorded"), "example-index"
    ),
    Fault(
        "answers an operation that there is not",
        (INDEX, "operationId: operateOnCall", "operationId: operate"),
        "example-index",
        marker="- {file: Hold/refused.json",
    ),
    Fault(
        "has the name of another",
        (INDEX, "{file: Hold/response.json, schema: Accepted", "{file: Hold/request.json, schema: Hold"),
        "example-index",
    ),
    Fault(
        "shows a refusal that the contract does not state",
        (INDEX, "the call is not Established", "the call is not established"),
        "example-index",
        INDEX,
        "- {file: Hold/refused.json",
    ),
    Fault(
        "is of a parameter that there is not",
        (PARAMETERS, "{id: [D]}", "{id: [D], fields: [a]}"),
        "example-index",
    ),
]


@pytest.mark.parametrize("fault", EXAMPLES, ids=name_of)
def test_an_example_fits_its_schema_and_its_index(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert expected in found(tmp_path)


def test_an_example_that_no_index_lists_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, more={"asyncapi/examples/more.json": "{}"})
    assert found(tmp_path) == {("asyncapi/examples/more.json", 1, "example-index")}


DEVICE = "openapi/paths/me-device-calls.yaml"
REPLY = "asyncapi/schemas/ConnectReply.yaml"
TYPES = "asyncapi/schemas/NotificationType.yaml"
EVENT_INDEX = "asyncapi/examples/examples.yaml"
CONFERENCE_FILE = "openapi/operations/InitiateConference.yaml"
#: What has no example, and where the lint names it.
WITHOUT_EXAMPLE = [
    (
        "the operation Dial",
        (
            RECORDED,
            '- {file: Dial/request.json, schema: Dial, basis: recorded, source: "refswitch, flow a-call", summary: Dial}\n',
            "",
        ),
        "openapi/operations/Dial.yaml",
        (DIAL,),
    ),
    ("the parameter InitiateConference userData", (CONFERENCE, ', "userData": {}', ""), CONFERENCE_FILE, ()),
    (
        "the refusal 2 the call is not Established",
        (INDEX, ', when: "the call is not Established"', ""),
        HOLD,
        (),
    ),
    (
        "the notification type AttachedDataChanged",
        (TYPES, "[StatusChange]", "[StatusChange, AttachedDataChanged]"),
        TYPES,
        (),
    ),
    (
        "the outcome ConnectReply refused",
        ("asyncapi/examples/unknown.json", "false", "true"),
        REPLY,
        (),
    ),
    (
        "the answer 200 of GET /me/calls/{id} has no example",
        (
            RECORDED,
            '- {file: Call.json, schema: Call, basis: recorded, source: "refswitch, flow a-call"}\n',
            "",
        ),
        PATH,
        ("openapi/examples/recorded/Call.json",),
    ),
    (
        "the parameter id of /me/devices/{id}/calls has no example",
        (PARAMETERS, "operateOnDevice: {id: [D]}\n", ""),
        DEVICE,
        (),
    ),
    (
        "the message StatusChange has no example",
        (
            EVENT_INDEX,
            '- {file: held.json, schema: StatusChange, basis: sample, source: "CallsHold, HTCC 8.5.2", summary: The call is held.}\n',
            "",
        ),
        MESSAGE,
        ("asyncapi/examples/held.json",),
    ),
]


@pytest.mark.parametrize(
    ("thing", "change", "file", "gone"), WITHOUT_EXAMPLE, ids=[row[0] for row in WITHOUT_EXAMPLE]
)
def test_everything_has_an_example_and_what_has_none_is_named(
    tmp_path: Path, thing: str, change: tuple[str, str, str], file: str, gone: tuple[str, ...]
) -> None:
    lay(tmp_path, change, without=gone)
    named = [(finding.path, finding.rule) for finding in findings_of(tmp_path) if thing in finding.problem]
    assert named == [(file, "no-example")]


def test_a_negative_example_lies_in_the_folder_for_them(tmp_path: Path) -> None:
    lay(
        tmp_path,
        (
            INDEX,
            'schema: Hold, basis: sample, source: "CallsHold, HTCC 8.5.2"',
            "schema: Hold, breaks: {at: /a, rule: b}",
        ),
    )
    assert (INDEX, 1, "example-index") in found(tmp_path)


def test_an_example_that_two_dialects_judge_differently_is_refused(tmp_path: Path) -> None:
    """The format uri is checked by the JSON Schema engines and unknown to the OpenAPI one; a pattern is the same to all."""
    lay(
        tmp_path,
        (DESTINATION, 'pattern: "^[0-9]+$"', "format: uri"),
        (NEGATIVE, "{}", '{"phoneNumber": "no uri"}'),
        (INDEX, 'at: "", rule: required', "at: /phoneNumber, rule: format"),
    )
    assert found(tmp_path) == {(NEGATIVE, 1, "dialects"), (DIAL, 1, "dialects"), (CONFERENCE, 1, "dialects")}


def test_a_schema_that_does_not_compile_is_named(tmp_path: Path) -> None:
    lay(tmp_path, (DESTINATION, "required: [phoneNumber]", "required: phoneNumber"))
    assert (DESTINATION, 1, "schema") in found(tmp_path)


SENTENCES = [
    Fault("an operation's basis", (HOLD, "x-basis: stated", "x-basis: guessed"), "basis"),
    Fault("an operation's source", (HOLD, "x-source: CallsHold, HTCC 8.5.2", "x-source: ''"), "source"),
    Fault("a schema's basis", (DESTINATION, "x-basis: stated\n", ""), "basis", DESTINATION),
    Fault("a message's basis", (MESSAGE, "x-basis: stated\n", ""), "basis", MESSAGE),
    Fault(
        "a meta message's source",
        ("asyncapi/bayeux/ConnectReply.yaml", "x-source: Bayeux 1.0, Connect", "x-source: 1"),
        "source",
    ),
    Fault("a channel's basis", (EVENTS, "    x-basis: bayeux\n", ""), "basis", marker="connect:"),
    Fault("a path operation's basis", (PATH, "  x-basis: stated\n", ""), "basis", marker="get:"),
    Fault("a row's basis", (MODEL, "basis: stated", "basis: yes-it-is"), "basis"),
    Fault("a row's source", (MODEL, ', source: "SwapCalls"', ""), "source"),
    Fault("a sentence's basis", (HOLD, 'Held.", basis: stated', 'Held.", basis: x'), "basis"),
    Fault("a sentence's text", (HOLD, 'text: "The call is then Held.", ', ""), "sentence"),
    Fault("a sentence's unknown member", (HOLD, "{id: holds,", "{id: holds, txt: x,"), "sentence"),
    Fault("a sentence's id", (HOLD, "id: holds", "id: 'it holds'"), "sentence-id"),
    Fault("an id twice", (HOLD, "id: tells", "id: holds"), "sentence-id"),
    Fault(
        "sentences that are not a list",
        (HOLD, "x-refusals:", "x-behaviours: []\nx-refusals: {}\nx-old:"),
        "sentence",
        marker="x-refusals",
    ),
    Fault("a refusal's code", (HOLD, "statusCode: 2", "statusCode: two"), "sentence"),
    Fault("a Bayeux rule's level", (EVENTS, "level: MUST", "level: WILL"), "sentence"),
    Fault("a Bayeux rule's id", (EVENTS, "id: connect-is-held, ", ""), "sentence"),
]


@pytest.mark.parametrize("fault", SENTENCES, ids=name_of)
def test_every_statement_says_what_it_rests_on(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert found(tmp_path) == {expected}


WIRING = [
    Fault("a tag that is not the file's name", (HOLD, "enum: [Hold]", "enum: [Holds]"), "discriminator"),
    Fault("a tag that is not required", (HOLD, "required: [operationName]", "required: []"), "discriminator"),
    Fault(
        "an unknown target", ("openapi/operations/Dial.yaml", "x-target: device", "x-target: desk"), "union"
    ),
    Fault("an unknown security scheme", (ROOT, "[{basic: []}]", "[{basic: []}, {cookie: []}]"), "security"),
    Fault(
        "a security scheme that nothing asks for",
        (ROOT, "security: [{basic: []}]", "x-no: 1"),
        "security",
        marker="basic: {type",
    ),
]


@pytest.mark.parametrize("fault", WIRING, ids=name_of)
def test_what_holds_the_contract_together_is_there(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert expected in found(tmp_path)


LINKS = [
    Fault(
        "to no operation",
        (PATH, "operate: {operationId: operateOnCall,", "operate: {operationId: operate,"),
        "link",
    ),
    Fault(
        "that gives a parameter its target lacks",
        (PATH, '{id: "$response.body#/id"}', "{id: a, callId: b}"),
        "link",
    ),
    Fault(
        "that gives it in another place",
        (LINK, "{path.id: ", "{query.id: "),
        "link",
        marker="operationId: operateOnCall",
    ),
    Fault(
        "without a path parameter of its target",
        (PATH, 'parameters: {id: "$response', 'x-none: {id: "$response'),
        "link",
    ),
    Fault("from a member that no answer has", (PATH, "$response.body#/id", "$response.body#/uuid"), "link"),
    Fault(
        "from a member of what is not a list", (PATH, "$response.body#/id", "$response.body#/0/id"), "link"
    ),
    Fault(
        "from a parameter that its source lacks",
        (LINK, "$request.path.id", "$request.path.call"),
        "link",
        marker="operationId: operateOnCall",
    ),
    Fault("from an expression that is none", (PATH, "$response.body#/id", "$response/id"), "link"),
]


@pytest.mark.parametrize("fault", LINKS, ids=name_of)
def test_a_link_leads_to_what_takes_it_with_what_its_source_has(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert found(tmp_path) == {expected}


def test_a_link_says_which_parameter_its_target_lacks(tmp_path: Path) -> None:
    lay(tmp_path, (LINK, "{path.id: $request.path.id}", "{id: $request.path.id, calls: all}"))
    assert list(map(str, findings_of(tmp_path))) == [
        "openapi/links/Again.yaml:1: link: the link Again gives operateOnCall the parameter calls, which it does not take; it takes id"
    ]


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        ("{CallId: CallId.yaml}", "the mapping and the union differ in CallType"),
        (
            "{CallId: CallId.yaml, CallType: CallType.yaml}",
            "CallId points to a schema whose kind is not the one word CallId",
        ),
    ],
)
def test_a_union_maps_every_branch_to_the_schema_of_that_tag(
    tmp_path: Path, mapping: str, problem: str
) -> None:
    union = f"""
        consult:
            oneOf: [{{$ref: CallId.yaml}}, {{$ref: CallType.yaml}}]
            discriminator: {{propertyName: kind, mapping: {mapping}}}
    """
    lay(tmp_path, (CALL, "consult: {$ref: Call.yaml}", union.strip()))
    assert (CALL, 11, "discriminator", problem) in {
        (f.path, f.line, f.rule, f.problem) for f in findings_of(tmp_path)
    }


def test_a_file_that_no_bundle_refers_to_is_named(tmp_path: Path) -> None:
    lay(tmp_path, more={"openapi/schemas/Spare.yaml": "type: string\nx-basis: sample\nx-source: here\n"})
    assert found(tmp_path) == {("openapi/schemas/Spare.yaml", 1, "unused")}


VERSIONS = [
    Fault("a version of two numbers", (ROOT, "version: 1.2.3", 'version: "1.2"'), "version"),
    Fault("halves of two versions", (EVENTS, "version: 1.2.3", "version: 1.2.4"), "version"),
    Fault(
        "halves of two products",
        (
            EVENTS,
            "x-gws-versions: {text: 8.5.2 and later, documented",
            "x-gws-versions: {text: 8.5.2 and later, captured",
        ),
        "version",
    ),
    Fault(
        "versions that no reader sees",
        (EVENTS, "description: Calls of 8.5.2 and later.", "description: Calls."),
        "version",
    ),
]


@pytest.mark.parametrize("fault", VERSIONS, ids=name_of)
def test_both_halves_are_one_version_and_name_what_they_describe(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert expected in found(tmp_path)


ROWS = [
    Fault("breaks its schema", (MODEL, "version: 1", "version: 2"), "call-model-schema"),
    Fault("has another row's name", (MODEL, "id: initiate", "id: hold"), "call-model-id"),
    Fault(
        "speaks of a situation twice",
        (MODEL, "id: initiate, operation: InitiateConference", "id: again, operation: Hold"),
        "call-model-ambiguous",
    ),
    Fault("has no operation file", (MODEL, ", served: false", ""), "call-model-operation"),
    Fault(
        "is not served though it has a file",
        (MODEL, "{id: hold,", "{id: hold, served: false,"),
        "call-model-operation",
    ),
    Fault("is on another target than its file", (MODEL, ", target: device", ""), "call-model-operation"),
    Fault(
        "is of no known capability",
        (MODEL, "operation: SwapCalls", "operation: SwopCalls"),
        "call-model-word",
    ),
    Fault("is in no known state", (MODEL, "in: [Dialing]", "in: [Diling]"), "call-model-word"),
    Fault(
        "becomes no known state",
        (
            MODEL,
            'becomes: Held, basis: stated, source: "CallsHold",\n     tells: [{leg: self, notificationType: StatusChange, state: Held}]',
            'becomes: Hold, basis: stated, source: "CallsHold"',
        ),
        "call-model-word",
    ),
    Fault("opens no known type of call", (MODEL, "callType: Consult", "callType: Conslt"), "call-model-word"),
    Fault(
        "notifies with an unknown notification type",
        (MODEL, "StatusChange, state: Dialing", "StateChange, state: Dialing"),
        "call-model-word",
    ),
    Fault(
        "has an effect that is not a name", (MODEL, "effect: dials", "effect: dials it"), "call-model-word"
    ),
    Fault("notifies about a leg it does not open", (MODEL, "leg: self", "leg: opened"), "call-model-tells"),
    Fault("notifies about a parent it may not have", (MODEL, "leg: self", "leg: parent"), "call-model-tells"),
    Fault(
        "notifies about a consult call it may not have",
        (MODEL, "leg: self", "leg: consult"),
        "call-model-tells",
    ),
    Fault(
        "notifies about a state it does not reach",
        (MODEL, "state: Held}]", "state: Dialing}]"),
        "call-model-tells",
    ),
]


@pytest.mark.parametrize("fault", ROWS, ids=name_of)
def test_a_row_of_the_call_model_fits_the_contract_and_the_other_rows(tmp_path: Path, fault: Fault) -> None:
    expected = fault.laid(tmp_path)
    assert expected in found(tmp_path)


def test_an_operation_without_a_row_is_named(tmp_path: Path) -> None:
    hold = '  - {id: hold, operation: Hold, in: [Established], of: [call], becomes: Held, basis: stated, source: "CallsHold",\n'
    tells = "     tells: [{leg: self, notificationType: StatusChange, state: Held}]}\n"
    lay(tmp_path, (MODEL, hold + tells, ""))
    assert found(tmp_path) == {(HOLD, 1, "call-model-operation")}


def test_two_rows_of_one_event_in_one_state_are_ambiguous(tmp_path: Path) -> None:
    row = '  - {id: again, event: answered, in: [Dialing], basis: inferred, source: "CallsDial"}\n'
    lay(tmp_path, (MODEL, "network:\n", "network:\n" + row))
    assert found(tmp_path) == {(MODEL, 14, "call-model-ambiguous")}


def test_rows_may_share_a_state_when_the_kind_or_the_consult_call_differs(tmp_path: Path) -> None:
    swap = "operation: SwapCalls, in: [Established], of: [consult]"
    row = f'  - {{id: swap-2, {swap.replace("[consult]", "[call], consult: [Held]")}, served: false, basis: sample, source: "x"}}\n'
    lay(tmp_path, (MODEL, "network:\n", row + "network:\n"))
    assert findings_of(tmp_path) == []


def test_a_contract_without_its_call_model_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, without=(MODEL,))
    assert (MODEL, 1, "call-model") in found(tmp_path)


def test_a_call_model_whose_schema_does_not_compile_is_refused(tmp_path: Path) -> None:
    path = "openapi/call-model.schema.json"
    assert found(lay(tmp_path, more={path: '{"type": "objekt"}'})) == {(path, 1, "call-model-schema")}
