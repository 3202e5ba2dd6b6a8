"""A link of the contract can be followed: from a real answer of its source, it reaches its target, which takes what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from .house import ALICE, BOB, CONTRACT, DEVICES, House, Told, visit

OPENAPI: Any = CONTRACT.openapi
#: A query with which the answer has whole resources, whose ids a link reads.
IN_FULL = {"fields": "*", "subresources": "*"}
#: A body that is accepted, for each union of operations.
BODIES: dict[str, dict[str, object]] = {
    "CallOperation": {"operationName": "UpdateUserData", "userData": {"colour": "green"}},
    "ChannelOperation": {"operationName": "NotReady"},
    "DeviceOperation": {"operationName": "ForwardCallsOn", "destination": BOB},
    "DiallingOperation": {"operationName": "Dial", "destination": {"phoneNumber": "70000"}},
    "MeOperation": {"operationName": "Ready"},
}


def resolved(value: Any) -> Any:
    """The value, or what it refers to."""
    if "$ref" not in value:
        return value
    found = OPENAPI
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


OPERATIONS = {
    operation["operationId"]: (path, method, item, operation)
    for path, item in OPENAPI["paths"].items()
    for method, operation in item.items()
    if method in ("get", "post")
}


def links() -> Iterator[tuple[str, str, Any]]:
    """Each link as its source's operationId, its name and itself."""
    for source, (_, _, _, operation) in OPERATIONS.items():
        for name, link in resolved(operation["responses"]["200"]).get("links", {}).items():
            yield source, name, resolved(link)


LINKS = [pytest.param(source, link, id=f"{source}-{name}") for source, name, link in links()]


async def asked(house: House, operation_id: str, parameters: dict[str, str]) -> Told:
    """Send the operation with these parameters and, if it takes one, a body that is accepted."""
    path, method, item, operation = OPERATIONS[operation_id]
    taken = {
        one["name"]: one["in"] for one in (*item.get("parameters", ()), *operation.get("parameters", ()))
    }
    assert set(parameters) <= set(taken)
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items() if taken[name] == "query")
    body = None
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = BODIES[schema["$ref"].rpartition("/")[2]]
    return await house.ask(method.upper(), f"{path}?{query}" if query else path, body)


async def beginning(house: House) -> dict[str, str]:
    """Alice has a session and a call; the parameters with which a source of links can be asked."""
    await house.post("/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]})
    await house.dial(BOB)
    (call,) = await house.states()
    known = {"calls": call, "devices": DEVICES[ALICE], "channels": "voice"}
    service = (await house.get("/services?fields=id")).body["services"][0]["id"]
    feature = (await house.get("/features?fields=id")).body["features"][0]["id"]
    return {**known, "services": service, "features": feature, **IN_FULL}


def parameters_of(operation_id: str, known: dict[str, str]) -> dict[str, str]:
    path, _, item, operation = OPERATIONS[operation_id]
    listed = [*item.get("parameters", ()), *operation.get("parameters", ())]
    collection = path.strip("/").removeprefix("me/").partition("/")[0]
    return {one["name"]: known[collection if one["in"] == "path" else one["name"]] for one in listed}


def value_of(expression: str, sent: dict[str, str], answer: Any) -> str:
    """What the expression means after this exchange; a text that is no expression is itself."""
    if expression.startswith("$request.path."):
        return sent[expression.removeprefix("$request.path.")]
    if expression.startswith("$response.body#/"):
        value = answer
        for step in expression.removeprefix("$response.body#/").split("/"):
            value = value[int(step) if step.isdigit() else step]
        assert isinstance(value, str)
        return value
    return expression


@pytest.mark.parametrize(("source", "link"), LINKS)
def test_a_link_that_is_followed_is_accepted(source: str, link: Any) -> None:
    async def story(house: House) -> None:
        known = await beginning(house)
        sent = parameters_of(source, known)
        answer = await asked(house, source, sent)
        assert answer.code == (200, 0), answer.body
        given = {name: value_of(text, sent, answer.body) for name, text in link["parameters"].items()}
        followed = await asked(house, link["operationId"], given)
        assert followed.code == (200, 0), followed.body

    visit(story)


def test_whatever_takes_an_id_of_the_agents_own_is_reached_by_a_link() -> None:
    """A tool that follows links needs to guess no id: every operation with a path parameter is the target of a link."""
    reached = {link["operationId"] for _, _, link in links()}
    takes_an_id = {name for name, (path, _, _, _) in OPERATIONS.items() if "{" in path}
    assert takes_an_id - reached == set()
