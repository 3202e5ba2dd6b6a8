"""Bad input, made from the contract: each parameter of each operation missing, mistyped, empty, too long, beyond ASCII, nested.

A new operation is covered without a change here. Every mistake must have the same result: the envelope, the statusCode of its kind, a
message that names the place, and no change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from refswitch.json_body import MOST_LEVELS
from refswitch.limits import PARAMETER_CHARACTERS, USER_DATA_KEYS

from ..house import BOB, CAROL, CONTRACT, DEVICES, FIRST, House, visit  # noqa: TID252  # the whole house is one floor up

SCHEMAS: Any = CONTRACT.openapi["components"]["schemas"]  # type: ignore[index, call-overload]  # the bundle's shape is linted
#: Union of bodies -> the address to post it to, for Alice, who talks to Bob.
ADDRESSES = {
    "CallOperation": f"/me/calls/{FIRST}",
    "DiallingOperation": f"/me/devices/{DEVICES['15000']}/calls",
    "DeviceOperation": f"/me/devices/{DEVICES['15000']}",
    "ChannelOperation": "/me/channels/voice",
    "MeOperation": "/me",
}
#: A value of each JSON type.
VALUES: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "x",
    "array": [],
    "object": {},
}
#: Values of parameters whose schema alone does not determine one.
GOOD = {
    "destination": {"phoneNumber": BOB},
    "destination of ForwardCallsOn": BOB,
    "destination of SingleStepConference": {"phoneNumber": CAROL},
    "destination of SingleStepTransfer": {"phoneNumber": CAROL},
    "channels": ["voice"],
    "userData": {"a": 1},
    "otherCallUri": f"http://switch.example:8080/api/v2/me/calls/{FIRST}",
    "targetDeviceUri": f"http://switch.example:8080/api/v2/devices/{DEVICES[BOB]}",
    "participant": BOB,
    "digits": "1",
    "key": "a",
    "callUri": f"http://switch.example:8080/api/v2/calls/{FIRST}",
    "callUuid": FIRST,
    "disposition": "Referred",
}


@dataclass(frozen=True)
class Bad:
    """A body that must be refused: its mistake, the place that the message must name, and the statusCode."""

    what: str
    path: str
    content: bytes
    place: str
    code: int


def resolved(schema: Any) -> Any:
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def operations() -> Iterator[tuple[str, str, Any]]:
    """Each operation: its address, its name, its schema."""
    for union, path in ADDRESSES.items():
        for name, pointer in SCHEMAS[union]["discriminator"]["mapping"].items():
            yield path, name, resolved({"$ref": pointer})


def good(name: str, schema: Any) -> dict[str, Any]:
    """The smallest body of an operation."""
    body: dict[str, Any] = {"operationName": name}
    for parameter in schema["required"]:
        if parameter != "operationName":
            body[parameter] = GOOD.get(f"{parameter} of {name}", GOOD.get(parameter))
    return body


def wrong_values(schema: Any, place: str) -> Iterator[tuple[str, Any, str]]:
    """Values that do not fit a schema: what is wrong with each, and the place that the message must name."""
    kind = schema["type"]
    for other, value in VALUES.items():
        if other != kind and not (kind == "number" and other == "integer"):
            yield f"of type {other}", value, place
    if kind == "string":
        if schema.get("minLength", 0) > 0 or "pattern" in schema or "enum" in schema:
            yield "empty", "", place
        if "enum" in schema:
            yield "too long", "1" * 5000, place
        if "pattern" in schema or "enum" in schema:
            yield "beyond ASCII", "\u0660\u00e4\U0001f600", place
            yield "with a line break at its end", "1\n", place
    if kind == "array":
        if schema.get("minItems", 0) > 0:
            yield "empty", [], place
        for what, value, inner in wrong_values(resolved(schema["items"]), f"{place}[0]"):
            yield f"with an entry {what}", [value], inner
    if kind == "object":
        for member in schema.get("required", []):
            yield f"without {member}", {}, f"{place}.{member}"
            for what, value, inner in wrong_values(
                resolved(schema["properties"][member]), f"{place}.{member}"
            ):
                yield f"with a {member} {what}", {member: value}, inner


def longer(schema: Any, size: int) -> Any:
    """A value that fits the schema and has about so many characters; None if the schema has words of its own."""
    if schema["type"] == "string":
        address = re.search("(/me/calls/|/devices/)", schema.get("pattern", ""))
        return None if "enum" in schema else f"http://h{address[1]}{'1' * size}" if address else "1" * size
    if schema["type"] == "array":
        return [f"x{count}" for count in range(size)]
    name = schema.get("required", [*schema["properties"]])[0]
    return {name: longer(resolved(schema["properties"][name]), size)}


def spoilt() -> Iterator[Bad]:
    for path, name, schema in operations():
        body = good(name, schema)
        text = json.dumps(body)
        for parameter, described in schema["properties"].items():
            place = f"$.{parameter}"
            if parameter in schema["required"]:
                rest = {key: value for key, value in body.items() if key != parameter}
                yield Bad(f"{name} without {parameter}", path, json.dumps(rest).encode(), place, 1)
            twice = json.dumps({parameter: body.get(parameter, GOOD.get(parameter, "x"))})[1:-1]
            doubled = f"{text[:-1]}, {twice}, {twice}}}"
            yield Bad(f"{name} with {parameter} twice", path, doubled.encode(), place, 10)
            if parameter == "operationName":
                continue
            for what, value, where in wrong_values(resolved(described), place):
                content = json.dumps({**body, parameter: value}).encode()
                code = 1 if what.startswith("without ") else 10
                yield Bad(f"{name} with {parameter} {what}", path, content, where, code)
            if parameter == "userData":
                over = {f"k{n}": 1 for n in range(USER_DATA_KEYS.default + 1)}
                yield Bad(
                    f"{name} with too many keys",
                    path,
                    json.dumps({**body, parameter: over}).encode(),
                    "userData",
                    10,
                )
            elif (long := longer(resolved(described), PARAMETER_CHARACTERS.default + 1)) is not None:
                content = json.dumps({**body, parameter: long}).encode()
                yield Bad(f"{name} with {parameter} too long", path, content, place, 10)
            deep = "[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1)
            nested = json.dumps({**body, parameter: "DEEP"}).replace('"DEEP"', deep)
            yield Bad(f"{name} with {parameter} nested too deep", path, nested.encode(), "$", 10)


def spoilt_as_a_whole() -> Iterator[Bad]:
    for union, path in ADDRESSES.items():
        for what, value in VALUES.items():
            if what != "object":
                yield Bad(f"{union} as {what}", path, json.dumps(value).encode(), "$", 10)
        yield Bad(f"{union} without a name", path, b"{}", "$.operationName", 1)
        yield Bad(f"{union} of nothing", path, b"", "$.operationName", 1)
        for name in ("Teleport", "hold", "", "\u0130", "__class__"):
            content = json.dumps({"operationName": name}).encode()
            if not SCHEMAS[union].get("x-other-names"):
                yield Bad(f"{union} called {name!r}", path, content, "$.operationName", 10)
        for what, value in VALUES.items():
            if what != "string":
                content = json.dumps({"operationName": value}).encode()
                yield Bad(f"{union} with a name of type {what}", path, content, "$.operationName", 10)


BODIES = [*spoilt(), *spoilt_as_a_whole()]


def test_the_table_of_bad_bodies_is_large_enough() -> None:
    names = {name for _, name, _ in operations()}
    assert len(names) > 40
    assert len(BODIES) > 10 * len(names)


@pytest.mark.parametrize("union", ADDRESSES)
def test_every_bad_body_is_refused_with_its_place_and_changes_nothing(union: str) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        await house.operate(FIRST, "Answer", agent=BOB)
        before = [(await house.get(path)).body for path in ("/me/calls?fields=*", "/me/devices?fields=*")]
        wrong = []
        for bad in BODIES:
            if bad.path == ADDRESSES[union]:
                told = await house.ask("POST", bad.path, content=bad.content)
                is_refused = told.code == (400, bad.code) and set(told.body) == {
                    "statusCode",
                    "statusMessage",
                }
                if not (is_refused and told.body["statusMessage"].startswith(bad.place)):
                    wrong.append((bad.what, told.code, told.body))
        assert wrong == []
        after = [(await house.get(path)).body for path in ("/me/calls?fields=*", "/me/devices?fields=*")]
        assert after == before

    visit(story)


def test_an_unknown_member_is_ignored_in_every_operation() -> None:
    async def story(house: House) -> None:
        for path, name, schema in operations():
            plain = await house.post(path, good(name, schema))
            told = await house.post(path, {**good(name, schema), "xUnknown": {"a": [None]}})
            assert told.status < 500 or "is not registered" in told.body["statusMessage"], (name, told)
            assert plain.status < 500 or "is not registered" in plain.body["statusMessage"], (name, plain)
            assert "xUnknown" not in json.dumps(told.body)

    visit(story)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "application/json; charset=utf-16", ""]
)
@pytest.mark.parametrize("union", ADDRESSES)
def test_another_media_type_is_refused_wherever_a_body_is_accepted(union: str, media_type: str) -> None:
    async def story(house: House) -> None:
        told = await house.ask(
            "POST",
            ADDRESSES[union],
            content=b'{"operationName":"Hold"}',
            headers={"Content-Type": media_type},
        )
        assert told.code == (415, 10)

    visit(story)


@pytest.mark.parametrize("size", [65_536, 1_000_000, 2_000_000])
def test_more_user_data_than_a_call_may_carry_is_refused(size: int) -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        told = await house.operate(FIRST, "AttachUserData", userData={"a": "x" * size})
        assert told.code == ((400, 10) if size <= 1_000_000 else (413, 10))
        assert "userData" not in (await house.get(f"/me/calls/{FIRST}")).body["call"]

    visit(story)
