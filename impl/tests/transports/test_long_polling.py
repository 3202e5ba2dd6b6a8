"""The long-polling endpoint as HTTP: what it accepts, what it refuses, and how."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .driver import ALICE, BOB, DENIED, JSON, URL, Request, Site, connect, handshake, play, subscribe

HANDSHAKE = json.dumps([handshake(id="1")]).encode()


def ask(*chunks: bytes, max_body: int = 65_536, mounted_at: str = URL, **how: Any) -> Request:
    """One request to a fresh site."""

    async def once() -> Request:
        return await Site(mounted_at, max_body=max_body).request(chunks, **how).done()

    return play(once())


@pytest.mark.parametrize("suffix", ["", "/", "/handshake", "/connect", "/disconnect"])
def test_every_address_of_the_official_client_is_the_same_end_point_without_redirect(suffix: str) -> None:
    """LP-4: CometD, JavaScript transports: appendMessageTypeToURL."""
    answer = ask(HANDSHAKE, path=URL + suffix)
    assert answer.status == 200
    assert json.loads(answer.body)[0]["successful"] is True


@pytest.mark.parametrize(
    "path", ["/api/v2/notification", URL + "/nosuch", URL + "//", URL + "/connect/", "/"]
)
def test_other_addresses_are_not_served(path: str) -> None:
    answer = ask(HANDSHAKE, path=path)
    assert (answer.status, answer.envelope) == (
        404,
        {"statusCode": 6, "statusMessage": f"There is nothing at {path}"},
    )


def test_an_application_behind_a_prefix_is_found() -> None:
    """ASGI 3.0: the path includes the root path."""
    assert ask(HANDSHAKE, path="/gws" + URL, root_path="/gws").status == 200
    assert ask(HANDSHAKE, path="/cometd", mounted_at="/cometd").status == 200


def test_an_answer_is_a_json_array_that_no_cache_stores() -> None:
    """LP-3, LP-7, MSG-4, SE-5: Bayeux 1.0, The long-polling Transport."""
    answer = ask(HANDSHAKE)
    assert isinstance(json.loads(answer.body), list)
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "set-cookie": "BAYEUX_BROWSER=b1; Path=/; HttpOnly",
        "content-length": str(len(answer.body)),
    }


def test_a_single_message_without_an_array_is_answered_with_an_array() -> None:
    """MSG-3, MSG-4: Bayeux 1.0, Messages."""
    assert json.loads(ask(HANDSHAKE[1:-1]).body)[0]["id"] == "1"


def test_a_body_in_chunks_without_a_length_is_read() -> None:
    """LP-5: CometD: the official client on Node sends nothing else."""
    assert ask(*(bytes([byte]) for byte in HANDSHAKE), b"").status == 200


def test_any_character_survives() -> None:
    """MSG-15: Bayeux 1.0, The long-polling Transport: UTF-8."""
    text = "Zoë 😀 \u2028"
    body = json.dumps([handshake(id=text)], ensure_ascii=False).encode()
    assert json.loads(ask(body).body)[0]["id"] == text
    half = ask(b'[{"channel":"/meta/x","id":"\\ud800"}]')
    assert json.loads(half.body)[0]["id"] == "\ud800"


@pytest.mark.parametrize("channel", ["handshake", "connect", "subscribe", "unsubscribe", "disconnect", "x"])
@pytest.mark.parametrize(
    "name", ["id", "clientId", "subscription", "connectionType", "version", "ext", "\ud800"]
)
def test_half_a_surrogate_pair_is_answered_in_bayeux_wherever_it_is(channel: str, name: str) -> None:
    """RFC 8259, 8.2 leaves the handling open."""
    message = handshake(clientId="c1", subscription="/a", connectionType="long-polling")
    for half in ("\ud800", ["\ud800"], {"\ud800": "\ud800"}):
        body = json.dumps([{**message, "channel": f"/meta/{channel}", name: half}]).encode()
        answer = ask(body)
        assert answer.status == 200
        assert json.loads(answer.body)[0]["channel"] == f"/meta/{channel}"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_anything_but_post_is_refused_with_the_allowed_method(method: str) -> None:
    """LP-9, SE-5: Bayeux 1.0, The long-polling Transport and AJAX hijacking."""
    answer = ask(b"", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    sentence = f"Bayeux messages are sent with POST, not {method}"
    assert answer.envelope == {"statusCode": 3, "statusMessage": sentence}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json;charset=UTF-8",
        'Application/JSON ; charset="utf-8"',
        "application/json; charset=utf8; x=y",
    ],
)
def test_json_is_accepted_with_or_without_its_charset(content_type: str) -> None:
    """LP-1: Bayeux 1.0, The long-polling Transport."""
    assert ask(HANDSHAKE, headers={"content-type": content_type}).status == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/json",
        "application/x-www-form-urlencoded",
        "application/json;charset=iso-8859-1",
        "application/jsonp",
    ],
)
def test_a_body_not_declared_as_json_is_refused(content_type: str | None) -> None:
    """SE-3: CometD, Security: a form on another site cannot send this type."""
    answer = ask(HANDSHAKE, headers={} if content_type is None else {"content-type": content_type})
    assert answer.status == 415
    assert answer.envelope == {
        "statusCode": 10,
        "statusMessage": "Content-Type must be application/json, with charset UTF-8 if any, but "
        + (f"is {content_type}" if content_type else "is missing"),
    }


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Body: $: must be a JSON array of Bayeux messages, but is empty"),
        (b"{", "Body: $: must be JSON: Expecting property name enclosed in double quotes at line 1 column 2"),
        (b"[]", "Body: $: must hold 1 to 100 messages, but holds 0"),
        (json.dumps([{}] * 101).encode(), "Body: $: must hold 1 to 100 messages, but holds 101"),
        (b'"x"', "Body: $: must be an array of Bayeux messages, but is a string"),
        (b"[{},null]", "Body: $[1]: must be an object, but is null"),
        (b"[" * 33 + b"]" * 33, "Body: $: must not be nested deeper than 32 levels"),
        (b'"\xff"', "Body: $: must be UTF-8, but is not at byte 1"),
    ],
)
def test_anything_but_an_array_of_messages_is_a_bad_request_that_names_place_and_rule(
    body: bytes, sentence: str
) -> None:
    """ER-8, ER-9, ER-10: Bayeux 1.0, Messages; ReturnValues, Genesys Web Services 8.5.2: the envelope."""
    answer = ask(body)
    assert answer.status == 400
    assert answer.envelope == {"statusCode": 10, "statusMessage": sentence}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("chunks", "headers"),
    [
        ([HANDSHAKE], JSON),
        ([HANDSHAKE[:60], HANDSHAKE[60:]], JSON),
        ([b""], JSON | {"content-length": "101"}),
    ],
)
def test_a_body_beyond_the_limit_is_refused_announced_or_not(
    chunks: list[bytes], headers: dict[str, str]
) -> None:
    """LP-8, SE-6: CometD, Configuration: maxMessageSize. The connection is not used again: the rest may be endless."""
    answer = ask(*chunks, headers=headers, max_body=100)
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert answer.envelope == {"statusCode": 10, "statusMessage": "Body must not be longer than 100 bytes"}


def test_a_body_of_exactly_the_limit_is_accepted() -> None:
    headers = JSON | {"content-length": str(len(HANDSHAKE))}
    assert ask(HANDSHAKE, headers=headers, max_body=len(HANDSHAKE)).status == 200


def test_a_client_that_is_not_admitted_gets_the_refusal_unchanged_and_no_session() -> None:
    """SE-1, HS-15: CometD, Security: every request is authenticated, before its body is read."""
    answer = ask(b"no json", user=None)
    assert (answer.status, answer.body) == (DENIED.status, DENIED.body)
    assert answer.headers == {"content-type": "application/json", "content-length": str(len(DENIED.body))}


def test_the_method_is_checked_after_the_credentials() -> None:
    assert ask(b"", method="GET", user=None).status == DENIED.status


def test_a_connect_is_authenticated_like_any_other_request() -> None:
    """SE-1: CometD, Security."""

    async def refused() -> int:
        site = Site()
        body = json.dumps([connect(await site.begin())]).encode()
        return (await site.request([body], user=None).done()).status

    assert play(refused()) == 403


def test_the_answer_carries_the_headers_of_the_authentication() -> None:
    answer = ask(HANDSHAKE, user=BOB, headers=JSON | {"cookie": "BAYEUX_BROWSER=b0"})
    assert answer.headers["set-cookie"] == "JSESSIONID=s1; Path=/; HttpOnly"


@pytest.mark.parametrize("cookie", ["BAYEUX_BROWSER=x", "a=b; BAYEUX_BROWSER=x", "a=b;BAYEUX_BROWSER="])
def test_a_browser_with_a_name_gets_no_other(cookie: str) -> None:
    """CK-1: Bayeux 1.0, Multiple clients."""
    assert "set-cookie" not in ask(HANDSHAKE, headers=JSON | {"cookie": cookie}).headers


def test_a_browser_is_named_at_its_handshake_only_and_needs_no_name_later() -> None:
    """CK-1, CK-2, CK-3: CometD, Security: the cookie does not authenticate, and clients without a jar are served."""

    async def without_a_jar() -> Request:
        site = Site()
        client_id = await site.begin(ALICE)
        return await site.post(subscribe(client_id, "/a")).done()

    answer = play(without_a_jar())
    assert "set-cookie" not in answer.headers
    assert json.loads(answer.body)[0]["successful"] is True


def test_a_client_that_leaves_before_its_body_is_complete_changes_nothing() -> None:
    async def leave() -> list[dict[str, Any]]:
        site = Site()
        request = site.request([b"[", b""])
        request.incoming.get_nowait()
        request.incoming.get_nowait()
        request.incoming.put_nowait({"type": "http.request", "body": b"[", "more_body": True})
        request.abort()
        await request.done()
        return request.outgoing

    assert play(leave()) == []
