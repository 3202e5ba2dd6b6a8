"""The smallest contract that has one of everything, for tests that break it in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from callproof.bundling.findings import Finding
from callproof.bundling.sources import read_contract
from tools.contract.lint import lint

FILES: Mapping[str, str] = {
    "openapi/openapi.yaml": """\
        openapi: 3.0.3
        info:
          title: Small
          version: 1.2.3
          description: Calls of 8.5.2 and later.
          x-gws-versions: {text: 8.5.2 and later, documented: ["8.5.2"]}
        servers: [{url: "http://127.0.0.1/api/v2"}]
        paths:
          /me/calls/{id}: {$ref: paths/me-call.yaml}
          /me/devices/{id}/calls: {$ref: paths/me-device-calls.yaml}
        security: [{basic: []}]
        components:
          securitySchemes:
            basic: {type: http, scheme: basic}
        """,
    "openapi/paths/me-call.yaml": """\
        parameters:
          - {name: id, in: path, required: true, schema: {$ref: ../schemas/CallId.yaml}}
        get:
          operationId: readCall
          responses:
            "200":
              description: The call.
              content: {application/json: {schema: {$ref: ../schemas/Call.yaml}}}
              links:
                operate: {operationId: operateOnCall, parameters: {id: "$response.body#/id"}}
                again: {$ref: ../links/Again.yaml}
          x-basis: stated
          x-source: CallResource, HTCC 8.5.2
        post:
          operationId: operateOnCall
          requestBody:
            content: {application/json: {schema: {$ref: ../schemas/CallOperation.yaml}}}
          responses:
            "200": {$ref: ../responses/Accepted.yaml}
            default: {$ref: ../responses/Refused.yaml}
          x-basis: stated
          x-source: CallsHold, HTCC 8.5.2
        """,
    "openapi/paths/me-device-calls.yaml": """\
        parameters:
          - {name: id, in: path, required: true, schema: {type: string}}
        post:
          operationId: operateOnDevice
          requestBody:
            content: {application/json: {schema: {$ref: ../schemas/DeviceOperation.yaml}}}
          responses:
            "200": {$ref: ../responses/Accepted.yaml}
          x-basis: stated
          x-source: CallsDial, HTCC 8.5.2
        """,
    "openapi/links/Again.yaml": """\
        operationId: operateOnCall
        parameters: {path.id: $request.path.id}
        """,
    "openapi/responses/Accepted.yaml": """\
        description: Taken.
        content: {application/json: {schema: {$ref: ../schemas/Accepted.yaml}}}
        """,
    "openapi/responses/Refused.yaml": """\
        description: Refused.
        content: {application/json: {schema: {$ref: ../schemas/Refused.yaml}}}
        """,
    "openapi/operations/Hold.yaml": """\
        title: Hold
        description: Places an established call on hold.
        type: object
        required: [operationName]
        properties:
          operationName: {type: string, enum: [Hold]}
        x-target: call
        x-basis: stated
        x-source: CallsHold, HTCC 8.5.2
        x-behaviour:
          - {id: holds, text: "The call is then Held.", basis: stated, source: "CallsHold, HTCC 8.5.2"}
          - {id: tells, text: "The agent is notified.", basis: stated, source: "CallsHold, HTCC 8.5.2"}
        x-refusals:
          - {statusCode: 2, when: "the call is not Established", basis: stated, source: "ReturnValues, HTCC 8.5.2"}
        """,
    "openapi/operations/InitiateConference.yaml": """\
        type: object
        required: [operationName, destination]
        properties:
          operationName: {type: string, enum: [InitiateConference]}
          destination: {$ref: ../schemas/Destination.yaml}
          userData: {type: object}
        x-target: call
        x-basis: stated
        x-source: InitiateConference, HTCC 8.5.2
        """,
    "openapi/operations/Dial.yaml": """\
        type: object
        required: [operationName, destination]
        properties:
          operationName: {type: string, enum: [Dial]}
          destination: {$ref: ../schemas/Destination.yaml}
        x-target: device
        x-basis: stated
        x-source: CallsDial, HTCC 8.5.2
        """,
    "openapi/schemas/CallOperation.yaml": """\
        title: CallOperation
        description: Body of the operations on a call.
        x-operations: call
        x-basis: stated
        x-source: AsyncTelephonyOperations, HTCC 8.5.1
        """,
    "openapi/schemas/DeviceOperation.yaml": """\
        x-operations: device
        x-basis: stated
        x-source: AsyncTelephonyOperations, HTCC 8.5.1
        """,
    "openapi/schemas/Accepted.yaml": """\
        type: object
        required: [statusCode]
        properties:
          statusCode: {type: integer, enum: [0]}
          statusMessage: {not: {}}
        x-basis: stated
        x-source: ReturnValues, HTCC 8.5.2
        """,
    "openapi/schemas/Refused.yaml": """\
        type: object
        required: [statusCode]
        properties:
          statusCode: {type: integer, minimum: 1}
        x-basis: stated
        x-source: ReturnValues, HTCC 8.5.2
        """,
    "openapi/schemas/Call.yaml": """\
        description: A leg.
        type: object
        required: [id, state, callType, capabilities]
        properties:
          id: {$ref: CallId.yaml}
          state: {$ref: CallState.yaml}
          callType: {$ref: CallType.yaml}
          capabilities: {type: array, items: {$ref: Capability.yaml}}
          consult: {$ref: Call.yaml}
          userState:
            type: object
            required: [state]
            properties: {state: {type: string}, in: {type: integer}}
        not:
          anyOf:
            - {$ref: ReleasedWithOperations.yaml}
        x-basis: stated
        x-source: CallResource, HTCC 8.5.2
        """,
    "openapi/schemas/ReleasedWithOperations.yaml": """\
        type: object
        required: [state, capabilities]
        properties:
          state: {type: string, enum: [Released]}
          capabilities: {type: array, minItems: 1, items: {}}
        x-basis: sample
        x-source: CallsHangup, HTCC 8.5.2
        """,
    "openapi/schemas/CallId.yaml": """\
        type: string
        pattern: "^[0-9A-Z]+$"
        x-basis: sample
        x-source: CallResource, HTCC 8.5.2
        """,
    "openapi/schemas/CallState.yaml": """\
        type: string
        enum: [Dialing, Established, Held, Released]
        x-basis: stated
        x-source: CallResource, HTCC 8.5.2
        """,
    "openapi/schemas/CallType.yaml": """\
        type: string
        x-open-enum: [Internal, Consult]
        x-basis: stated
        x-source: CallResource, HTCC 8.5.2
        """,
    "openapi/schemas/Capability.yaml": """\
        type: string
        x-open-enum: [Hold, InitiateConference, SwapCalls]
        x-basis: sample
        x-source: CallResource, HTCC 8.5.2
        """,
    "openapi/schemas/Destination.yaml": """\
        type: object
        required: [phoneNumber]
        properties:
          phoneNumber: {type: string, pattern: "^[0-9]+$"}
        x-basis: stated
        x-source: CallsDial, HTCC 8.5.2
        """,
    "openapi/call-model.yaml": """\
        version: 1
        operations:
          - {id: dial, operation: Dial, target: device, basis: stated, source: "CallsDial, HTCC 8.5.2", effect: dials,
             opens: {state: Dialing, callType: Internal},
             tells: [{leg: opened, notificationType: StatusChange, state: Dialing}]}
          - {id: hold, operation: Hold, in: [Established], of: [call], becomes: Held, basis: stated, source: "CallsHold",
             tells: [{leg: self, notificationType: StatusChange, state: Held}]}
          - {id: initiate, operation: InitiateConference, in: [Established], of: [call], becomes: Held, basis: stated,
             source: "InitiateConference, HTCC 8.5.2", opens: {state: Dialing, callType: Consult},
             tells: [{leg: self, notificationType: StatusChange, state: Held}]}
          - {id: swap, operation: SwapCalls, in: [Established], of: [consult], served: false, basis: sample, source: "SwapCalls"}
        network:
          - {id: answered, event: answered, in: [Dialing], becomes: Established, basis: inferred, source: "CallsDial",
             tells: [{leg: self, notificationType: StatusChange, state: Established}]}
        """,
    "openapi/call-model.schema.json": """\
        {"type": "object", "required": ["version", "operations", "network"], "properties": {"version": {"enum": [1]}}}
        """,
    "openapi/examples/examples.yaml": """\
        - {file: Hold/request.json, schema: Hold, basis: sample, source: "CallsHold, HTCC 8.5.2"}
        - {file: Hold/response.json, schema: Accepted, basis: sample, source: "CallsHold, HTCC 8.5.2"}
        - {file: Hold/refused.json, schema: Refused, basis: sample, source: "CallsHold, HTCC 8.5.2",
           answers: {operationId: operateOnCall, status: 400}, when: "the call is not Established"}
        - {file: invalid/no-number.json, schema: Destination, breaks: {at: "", rule: required}}
        """,
    "openapi/examples/Hold/request.json": '{"operationName": "Hold"}\n',
    "openapi/examples/Hold/response.json": '{"statusCode": 0}\n',
    "openapi/examples/Hold/refused.json": '{"statusCode": 2}\n',
    "openapi/examples/invalid/no-number.json": "{}\n",
    "openapi/examples/recorded/examples.yaml": """\
        - {file: Call.json, schema: Call, basis: recorded, source: "refswitch, flow a-call"}
        - {file: Dial/request.json, schema: Dial, basis: recorded, source: "refswitch, flow a-call", summary: Dial}
        - {file: InitiateConference/request.json, schema: InitiateConference, basis: recorded, source: "refswitch, flow a-call"}
        """,
    "openapi/examples/recorded/Call.json": '{"id": "A", "state": "Held", "callType": "Internal", "capabilities": []}\n',
    "openapi/examples/recorded/Dial/request.json": '{"operationName": "Dial", "destination": {"phoneNumber": "1"}}\n',
    "openapi/examples/recorded/InitiateConference/request.json": (
        '{"operationName": "InitiateConference", "destination": {"phoneNumber": "1"}, "userData": {}}\n'
    ),
    "openapi/examples/recorded/parameters.yaml": """\
        readCall: {id: [A]}
        operateOnDevice: {id: [D]}
        """,
    "asyncapi/asyncapi.yaml": """\
        asyncapi: 3.0.0
        info:
          title: Small
          version: 1.2.3
          description: Calls of 8.5.2 and later.
          x-gws-versions: {text: 8.5.2 and later, documented: ["8.5.2"]}
        channels:
          calls:
            address: /v2/me/calls
            messages:
              StatusChange: {$ref: messages/StatusChange.yaml}
            x-basis: stated
            x-source: AsynchronousEvents, HTCC 8.5.2
          connect:
            address: /meta/connect
            messages:
              ConnectReply: {$ref: bayeux/ConnectReply.yaml}
            x-basis: bayeux
            x-source: Bayeux 1.0, Connect
        operations:
          tellCalls:
            action: send
            channel: {$ref: "#/channels/calls"}
            messages:
              - {$ref: "#/channels/calls/messages/StatusChange"}
            x-basis: stated
            x-source: AsynchronousEvents, HTCC 8.5.2
        x-bayeux:
          endpoint: /api/v2/notifications
          rules:
            - {id: connect-is-held, level: MUST, text: "A connect waits.", basis: bayeux, source: "Bayeux 1.0, Connect"}
        """,
    "asyncapi/messages/StatusChange.yaml": """\
        name: StatusChange
        payload: {$ref: ../schemas/StatusChange.yaml}
        x-basis: stated
        x-source: InitiateConference, HTCC 8.5.2
        """,
    "asyncapi/bayeux/ConnectReply.yaml": """\
        name: ConnectReply
        payload: {$ref: ../schemas/ConnectReply.yaml}
        x-basis: bayeux
        x-source: Bayeux 1.0, Connect
        """,
    "asyncapi/schemas/ConnectReply.yaml": """\
        type: object
        required: [channel, successful]
        properties:
          channel: {type: string, enum: [/meta/connect]}
          successful: {type: boolean}
        x-basis: bayeux
        x-source: Bayeux 1.0, Connect
        """,
    "asyncapi/schemas/StatusChange.yaml": """\
        type: object
        required: [channel, data]
        properties:
          channel: {type: string, enum: [/v2/me/calls]}
          data:
            type: object
            required: [messageType, notificationType, call]
            properties:
              messageType: {type: string, enum: [CallStateChangeMessage]}
              notificationType: {$ref: NotificationType.yaml}
              call: {$ref: ../../openapi/schemas/Call.yaml}
        x-basis: stated
        x-source: InitiateConference, HTCC 8.5.2
        """,
    "asyncapi/schemas/NotificationType.yaml": """\
        type: string
        x-open-enum: [StatusChange]
        x-basis: sample
        x-source: CallResource, HTCC 8.5.2
        """,
    "asyncapi/examples/examples.yaml": """\
        - {file: held.json, schema: StatusChange, basis: sample, source: "CallsHold, HTCC 8.5.2", summary: The call is held.}
        - {file: connected.json, schema: ConnectReply, basis: bayeux, source: "Bayeux 1.0, Connect"}
        - {file: unknown.json, schema: ConnectReply, basis: bayeux, source: "Bayeux 1.0, Connect"}
        """,
    "asyncapi/examples/connected.json": '{"channel": "/meta/connect", "successful": true}\n',
    "asyncapi/examples/unknown.json": '{"channel": "/meta/connect", "successful": false}\n',
    "asyncapi/examples/held.json": """\
        {
          "channel": "/v2/me/calls",
          "data": {
            "messageType": "CallStateChangeMessage",
            "notificationType": "StatusChange",
            "call": {"id": "A", "state": "Held", "callType": "Internal", "capabilities": ["Hold"]}
          }
        }
        """,
}


def lay(
    root: Path,
    *changes: tuple[str, str, str],
    without: tuple[str, ...] = (),
    more: Mapping[str, str] | None = None,
) -> Path:
    """Write the contract under root, with old replaced by new in the file of each (path, old, new); a missing old is an error."""
    files = {path: dedent(text) for path, text in FILES.items() if path not in without}
    files |= {path: dedent(text) for path, text in (more or {}).items()}
    for path, old, new in changes:
        assert old in files[path], f"{path} has no {old!r}"
        files[path] = files[path].replace(old, new, 1)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def findings_of(root: Path) -> list[Finding]:
    return lint(read_contract(root))


@dataclass(frozen=True)
class Fault:
    """One change that breaks one rule. The finding is on the line where the change begins, unless path and marker say otherwise."""

    name: str
    change: tuple[str, str, str]
    rule: str
    path: str = ""
    marker: str = ""

    def laid(self, root: Path, more: Mapping[str, str] | None = None) -> tuple[str, int, str]:
        """Write the broken contract and return the finding that it must have."""
        path, old, _ = self.change
        texts = {**FILES, **(more or {})}
        at = dedent(texts[path]).index(old)
        lay(root, self.change, more=more)
        where = self.path or path
        text = (root / where).read_text(encoding="utf-8")
        start = text.index(self.marker) if self.marker or self.path else at
        return where, text[:start].count("\n") + 1, self.rule


def name_of(fault: Fault) -> str:
    return fault.name
