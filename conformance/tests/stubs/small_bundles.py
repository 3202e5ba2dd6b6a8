"""The smallest bundles that have one of everything a stub can be made of."""

from __future__ import annotations

from callproof.stubs.schemas import Json, JsonObject

REFERENCE = "#/components/schemas/"


def ref(name: str) -> JsonObject:
    return {"$ref": REFERENCE + name}


def record(required: list[Json], **properties: Json) -> JsonObject:
    return {"type": "object", "required": required, "properties": properties}


def tagged(name: str, **properties: Json) -> JsonObject:
    tag: JsonObject = {"type": "string", "enum": [name]}
    return {
        **record(["operationName", *properties], operationName=tag, **properties),
        "description": f"Does {name}.",
        "x-basis": "stated",
        "x-source": f"Calls{name}, HTCC 8.5.2",
    }


def union(*names: str) -> JsonObject:
    mapping: JsonObject = {name: REFERENCE + name for name in names}
    return {
        "oneOf": [ref(name) for name in names],
        "discriminator": {"propertyName": "operationName", "mapping": mapping},
    }


def post(body: str, **parameters: Json) -> JsonObject:
    return {
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": s} for name, s in parameters.items()
        ],
        "post": {
            "requestBody": {"content": {"application/json": {"schema": ref(body)}}},
            "responses": {"200": {"$ref": "#/components/responses/Accepted"}},
        },
    }


DEVICE: JsonObject = {"type": "object", "required": ["in"], "properties": {"in": {"type": "integer"}}}
SCHEMAS: JsonObject = {
    "Accepted": record(
        ["statusCode"], statusCode={"type": "integer", "enum": [0]}, statusMessage={"not": {}}
    ),
    "Call": {
        **record(
            ["id", "state", "capabilities"],
            id=ref("CallId"),
            state=ref("CallState"),
            capabilities={"type": "array", "items": ref("Capability")},
            userData=ref("UserData"),
            device=DEVICE,
            parent=ref("Call"),
        ),
        "description": 'A leg. It is said to be "live" until it is Released */.',
        "not": {"anyOf": [ref("ReleasedWithOperations")]},
    },
    "CallId": {"type": "string", "pattern": "^[0-9A-Z]+$"},
    "CallOperation": union("Hold", "InitiateConference"),
    "CallState": {"type": "string", "enum": ["Established", "Held", "Released"]},
    "Capability": {"type": "string", "x-open-enum": ["Hold", "Retrieve"], "description": "An operation."},
    "Destination": record(["phoneNumber"], phoneNumber={"type": "string"}),
    "DeviceOperation": union("Dial"),
    "Dial": tagged("Dial", destination=ref("Destination")),
    "Hold": tagged("Hold"),
    "InitiateConference": tagged("InitiateConference", destination=ref("Destination")),
    "ReleasedWithOperations": {"type": "object", "required": ["state"]},
    "UserData": {"type": "object"},
}

OPENAPI: JsonObject = {
    "openapi": "3.0.3",
    "info": {"title": "Small", "version": "1.2.3"},
    "paths": {
        "/me/calls/{id}": {
            **post("CallOperation", id=ref("CallId")),
            "get": {"responses": {"200": {"content": {"application/json": {"schema": ref("Call")}}}}},
        },
        "/me/devices/{id}/calls": post("DeviceOperation", id={"type": "string"}),
    },
    "components": {
        "responses": {"Accepted": {"content": {"application/json": {"schema": ref("Accepted")}}}},
        "schemas": SCHEMAS,
    },
}

ASYNCAPI: JsonObject = {
    "asyncapi": "3.0.0",
    "info": {"title": "Small", "version": "1.2.3"},
    "channels": {
        "calls": {
            "messages": {
                "StatusChange": {"$ref": "#/components/messages/StatusChange"},
                "ErrorMessage": {"$ref": "#/components/messages/ErrorMessage"},
            }
        },
        "connect": {"messages": {"ConnectRequest": {"$ref": "#/components/messages/ConnectRequest"}}},
    },
    "operations": {
        "tell": {
            "action": "send",
            "messages": [
                {"$ref": "#/channels/calls/messages/StatusChange"},
                {"$ref": "#/channels/calls/messages/ErrorMessage"},
            ],
        },
        "connect": {
            "action": "receive",
            "messages": [{"$ref": "#/channels/connect/messages/ConnectRequest"}],
        },
    },
    "components": {
        "messages": {
            name: {"payload": ref(name)} for name in ("StatusChange", "ErrorMessage", "ConnectRequest")
        },
        "schemas": {
            **SCHEMAS,
            "CallEventData": record(
                ["messageType", "call"],
                messageType={"type": "string", "enum": ["CallStateChangeMessage"]},
                notificationType={"type": "string", "x-open-enum": ["StatusChange", "DtmfSent"]},
                call=ref("Call"),
            ),
            "StatusChange": record(
                ["data"],
                data={
                    "allOf": [
                        ref("CallEventData"),
                        record(
                            ["notificationType"],
                            notificationType={"type": "string", "enum": ["StatusChange"]},
                        ),
                    ]
                },
            ),
            "ErrorMessage": record(
                ["data"],
                data=record(["messageType"], messageType={"type": "string", "enum": ["ErrorMessage"]}),
            ),
            "ConnectRequest": record(["channel"], channel={"type": "string"}),
        },
    },
}
