"""A change of an endpoint breaks the clients that use it or the servers that must offer it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.tests.contract_diff.small import openapi, told

POST = "POST /me/calls/{id}"
JSON: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
FIELDS = {"name": "fields", "in": "query", "schema": {"type": "string"}}
BASIC, COOKIE = {"basic": []}, {"cookie": []}


def answers(*statuses: str, **more: Any) -> dict[str, Any]:
    return {"responses": {status: {"content": JSON, **more} for status in statuses}}


def body(**more: Any) -> dict[str, Any]:
    return {"requestBody": {"content": JSON, **more}}


def header(**more: Any) -> dict[str, Any]:
    return answers("200", headers={"Allow": {"schema": {"type": "string"}, **more}})


#: Old operation, new operation, and the changes: whom each breaks, where below the endpoint, and the sentence.
TABLE: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, str]]]] = [
    # parameters
    ({}, {"parameters": [FIELDS]}, [
        ("widens", "", "optional query parameter fields added: a client may send it; a server that does not know it ignores it")]),
    ({}, {"parameters": [{**FIELDS, "required": True}]}, [
        ("breaks clients", "", "query parameter fields added, and required: a client that does not send it is now refused")]),
    ({"parameters": [FIELDS]}, {}, [
        ("may break clients", "", "query parameter fields removed: a server may now ignore or refuse what a client sends there")]),
    ({"parameters": [FIELDS]}, {"parameters": [{**FIELDS, "required": True}]}, [
        ("breaks clients", "query parameter fields", "now required: a client that does not send it is now refused")]),
    ({"parameters": [{**FIELDS, "required": True}]}, {"parameters": [FIELDS]}, [
        ("breaks servers", "query parameter fields", "no longer required: a server must now accept requests without it")]),
    ({"parameters": [FIELDS]}, {"parameters": [{**FIELDS, "schema": {"type": "string", "maxLength": 9}}]}, [
        ("breaks clients", "query parameter fields", "maxLength 9 added: "
         "a client that sends a string of more than 9 characters is now refused")]),
    ({"parameters": [FIELDS]}, {"parameters": [{**FIELDS, "explode": False}]}, [
        ("may break clients and servers", "query parameter fields", "style changed: no tool can tell who breaks: read both")]),
    # bodies
    (body(), body(required=True), [("breaks clients", "", "a body is now required: a client that does not send a body is now refused")]),
    (body(required=True), body(), [("breaks servers", "", "a body is no longer required: "
         "a server must now accept requests without a body")]),
    (body(), body(content={**JSON, "text/plain": {}}), [("breaks servers", "", "text/plain added: a server must now accept text/plain")]),
    (body(content={**JSON, "text/plain": {}}), body(), [
        ("breaks clients", "", "text/plain removed: a client that sends text/plain is now refused")]),
    # answers
    (answers("200"), answers("200", "413"), [("breaks clients", "answer 413", "added: a client may now receive the HTTP status 413")]),
    (answers("200", "413"), answers("200"), [
        ("breaks servers", "answer 413", "removed: a server may no longer answer with the HTTP status 413")]),
    (answers("200", "default"), answers("200", "413", "default"), [
        ("documents only", "answer 413", "listed; default covered it before")]),
    (answers("200", "4XX"), answers("200", "413", "4XX"), [("documents only", "answer 413", "listed; default covered it before")]),
    (answers("200"), {"responses": {"200": {"content": {**JSON, "text/html": {}}}}}, [
        ("breaks clients", "answer 200", "text/html added: a client may now receive text/html")]),
    (answers("200"), header(), [
        ("widens", "answer 200, header allow", "added: a server may send it; a client that does not know it ignores it")]),
    (answers("200"), header(required=True), [("breaks servers", "answer 200, header allow", "now required: a server must now send it")]),
    (header(required=True), header(), [
        ("breaks clients", "answer 200, header allow", "no longer required: a client may now receive an answer without it")]),
    (header(), answers("200"), [
        ("may break clients", "answer 200, header allow", "removed: a client that reads it may no longer find it")]),
    (answers("200"), answers("200", links={"call": {"operationId": "readCall"}}), [("documents only", "answer 200", "links changed")]),
    # the rest
    ({"security": [BASIC]}, {"security": [BASIC, COOKIE]}, [
        ("breaks servers", "", "login with cookie added: a server must now accept cookie")]),
    ({"security": [BASIC, COOKIE]}, {"security": [COOKIE]}, [
        ("breaks clients", "", "login with basic removed: a client that logs in with basic is now refused")]),
    ({"security": []}, {"security": [BASIC]}, [
        ("breaks clients", "", "login with nothing removed: a client that logs in with nothing is now refused"),
        ("breaks servers", "", "login with basic added: a server must now accept basic")]),
    ({"summary": "Operate"}, {"summary": "Operate on a call", "operationId": "operate"}, [
        ("documents only", "", "operationId, summary changed")]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), TABLE)
def test_each_change_of_an_endpoint_has_its_sentence(
    old: dict[str, Any], new: dict[str, Any], changes: list[tuple[str, str, str]]
) -> None:
    expected = [(effect, f"{POST}, {at}" if at else POST, words) for effect, at, words in changes]
    assert told("openapi", openapi(old), openapi(new)) == expected


def test_an_endpoint_that_is_gone_breaks_clients_and_a_new_one_asks_something_of_servers() -> None:
    one, other = openapi({}, path="/me/calls/{id}"), openapi({}, path="/me/calls")
    assert told("openapi", one, other) == [
        ("breaks clients", "POST /me/calls/{id}", "removed: a client that uses it is refused"),
        ("breaks servers", "POST /me/calls", "added: a server must now offer it"),
    ]


def test_the_name_of_a_path_parameter_is_the_documents_own_business() -> None:
    old = openapi({"parameters": [ID]}, path="/me/calls/{id}")
    new = openapi({"parameters": [{**ID, "name": "call"}]}, path="/me/calls/{call}")
    assert told("openapi", old, new) == []


def test_the_parameters_of_the_path_count_for_its_methods() -> None:
    old, new = openapi({}), openapi({})
    old["paths"]["/me/calls/{id}"]["parameters"] = [ID]
    new["paths"]["/me/calls/{id}"]["parameters"] = [{**ID, "schema": {"type": "string", "minLength": 9}}]
    assert [(effect, place) for effect, place, _ in told("openapi", old, new)] == [
        ("breaks clients", f"{POST}, path parameter id")
    ]


def test_shared_answers_parameters_and_bodies_are_followed() -> None:
    def half(longest: int) -> dict[str, Any]:
        schema = {"type": "string", "maxLength": longest}
        content = {"content": {"application/json": {"schema": schema}}}
        shared = {
            "parameters": {"F": {**FIELDS, "schema": schema}},
            "requestBodies": {"B": content},
            "responses": {"R": content},
        }
        operation = {
            "parameters": [{"$ref": "#/components/parameters/F"}],
            "requestBody": {"$ref": "#/components/requestBodies/B"},
            "responses": {"200": {"$ref": "#/components/responses/R"}},
        }
        return openapi(operation, components=shared)

    assert [(effect, place) for effect, place, _ in told("openapi", half(8), half(9))] == [
        ("breaks servers", f"{POST}, query parameter fields"),
        ("breaks servers", POST),
        ("breaks clients", f"{POST}, answer 200"),
    ]


def test_a_way_to_log_in_that_works_differently_may_break_both() -> None:
    def half(**scheme: str) -> dict[str, Any]:
        return openapi({}, components={"securitySchemes": {"basic": {"type": "http", **scheme}}})

    assert told("openapi", half(scheme="basic"), half(scheme="basic", description="as before")) == []
    assert told("openapi", half(scheme="basic"), half(scheme="bearer")) == [
        (
            "may break clients and servers",
            "basic",
            "the security scheme changed: no tool can tell who breaks: read both",
        )
    ]
