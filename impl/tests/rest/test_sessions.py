"""HTTP sessions and credentials."""

from __future__ import annotations

import base64
import re
from functools import partial
from itertools import count

import pytest

from refswitch.access import Admission, HttpSessions
from refswitch.limits import HTTP_SESSION_IDLE, HTTP_SESSIONS
from refswitch.refusals import AccessDenied
from refswitch.seats import new_seat

from ..house import ALICE, BOB, DEVICES, FIRST, House, visit  # noqa: TID252  # the whole house is one floor up

SEATS = (new_seat("15000", login="alice", password="s:é same"), new_seat("15001"))
SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
DENIED = {"statusCode": 20, "statusMessage": "Access denied"}


class Desk:
    """An admission whose time the test moves and whose tokens are t1, t2, ..."""

    def __init__(self) -> None:
        self.time = 0.0
        tokens = count(1)
        self.sessions = HttpSessions(lambda: self.time, lambda: f"t{next(tokens)}")
        self.admission = Admission(SEATS, self.sessions)

    def admit(self, credentials: str | None = None, cookie: str | None = None) -> tuple[str, str]:
        """The agent's number and session. Raises AccessDenied."""
        headers = [(b"authorization", basic(credentials))] if credentials is not None else []
        headers += [(b"cookie", cookie.encode())] if cookie is not None else []
        admitted = self.admission.admit(headers)
        return admitted.seat.number, admitted.session


def basic(credentials: str) -> bytes:
    return b"Basic " + base64.b64encode(credentials.encode())


def cookie_of(set_cookie: str) -> str:
    return set_cookie.partition(";")[0]


def test_credentials_open_a_session_and_its_cookie_alone_then_suffices() -> None:
    desk = Desk()
    assert desk.admit("alice:s:é same") == ("15000", "t1")
    assert desk.admit(cookie="other=1; JSESSIONID=t1") == ("15000", "t1")
    assert desk.admit("alice:s:é same", cookie="JSESSIONID=t1") == ("15000", "t1")


@pytest.mark.parametrize(
    "authorization",
    [
        b"",
        b"Basic",
        b"Basic !!!",
        b"Basic " + base64.b64encode(b"alice"),
        b"Basic " + base64.b64encode(b"\xff\xfe:x"),
        basic("alice:wrong"),
        basic("alice:s:\u00e9 sam"),
        basic("nobody:x"),
        basic(":"),
        basic("15000:15000"),
        b"Bearer t1",
    ],
)
def test_wrong_credentials_are_refused_even_with_a_valid_cookie(authorization: bytes) -> None:
    desk = Desk()
    desk.admit("alice:s:é same")
    for cookie in ([], [(b"cookie", b"JSESSIONID=t1")]):
        with pytest.raises(AccessDenied):
            desk.admission.admit([(b"authorization", authorization), *cookie])


def test_two_headers_of_credentials_are_refused() -> None:
    header = (b"authorization", basic("15001:15001"))
    with pytest.raises(AccessDenied):
        Desk().admission.admit([header, header])


def test_credentials_with_another_agents_cookie_open_a_session_of_their_own() -> None:
    desk = Desk()
    desk.admit("15001:15001")
    assert desk.admit("alice:s:é same", cookie="JSESSIONID=t1") == ("15000", "t2")


def test_an_unknown_cookie_does_not_authenticate() -> None:
    with pytest.raises(AccessDenied):
        Desk().admit(cookie="JSESSIONID=t1")


def test_a_session_ends_when_it_is_idle_and_lives_while_it_is_used() -> None:
    desk = Desk()
    desk.admit("15001:15001")
    desk.time += HTTP_SESSION_IDLE.default
    assert desk.admit(cookie="JSESSIONID=t1") == ("15001", "t1")
    desk.time += HTTP_SESSION_IDLE.default + 1
    with pytest.raises(AccessDenied):
        desk.admit(cookie="JSESSIONID=t1")
    assert len(desk.sessions) == 0


def test_a_client_that_keeps_no_cookies_displaces_only_its_own_oldest_session() -> None:
    desk = Desk()
    desk.admit("alice:s:é same")
    for _ in range(HTTP_SESSIONS.default + 1):
        desk.admit("15001:15001")
    assert len(desk.sessions) == 1 + HTTP_SESSIONS.default
    assert desk.admit(cookie="JSESSIONID=t1") == ("15000", "t1")
    with pytest.raises(AccessDenied):
        desk.admit(cookie="JSESSIONID=t2")
    assert desk.admit(cookie="JSESSIONID=t3") == ("15001", "t3")


def test_a_session_with_a_held_poll_or_an_open_socket_is_in_use_and_an_idle_one_makes_room_for_another() -> (
    None
):
    desk = Desk()
    desk.admit("15001:15001")
    ended: list[str] = []
    let_go = desk.sessions.hold("t1", lambda: ended.append("t1"))
    desk.time += HTTP_SESSION_IDLE.default + 1
    for _ in range(2 * HTTP_SESSIONS.default):
        desk.admit("15001:15001")
    assert (ended, len(desk.sessions)) == ([], HTTP_SESSIONS.default)
    let_go()
    desk.time += HTTP_SESSION_IDLE.default
    assert desk.admit(cookie="JSESSIONID=t1") == ("15001", "t1"), "its time without use began when that ended"
    desk.time += HTTP_SESSION_IDLE.default + 1
    with pytest.raises(AccessDenied):
        desk.admit(cookie="JSESSIONID=t1")


def test_if_all_sessions_are_in_use_the_oldest_makes_room_and_ends_what_is_held_in_it() -> None:
    desk, ended = Desk(), list[int]()
    for number in range(1, HTTP_SESSIONS.default + 1):
        desk.admit("15001:15001")
        desk.sessions.hold(f"t{number}", partial(ended.append, number))
    desk.sessions.use("t1")
    desk.admit("15001:15001")
    assert (ended, len(desk.sessions)) == ([2], HTTP_SESSIONS.default)


def test_what_is_held_ends_with_its_session_once_and_at_once_if_that_has_ended_already() -> None:
    desk, ended = Desk(), list[str]()
    desk.admit("15001:15001")
    desk.sessions.hold("t1", lambda: ended.append("ends first"))
    over = desk.sessions.hold("t1", lambda: ended.append("is over first"))
    over()
    desk.sessions.end("t1")
    desk.sessions.end("t1")
    assert ended == ["ends first"]
    desk.sessions.hold("t1", lambda: ended.append("comes too late"))()
    assert ended == ["ends first", "comes too late"]


def test_the_log_says_that_sessions_make_room_once_a_minute_and_without_a_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    for _ in range(HTTP_SESSIONS.default + 10):
        desk.admit("15001:15001")
    [line] = caplog.messages
    assert line.startswith(
        f"agent 15001 has {HTTP_SESSIONS.default} HTTP sessions; the one that was idle for longest ended"
    )
    desk.time += 60
    desk.admit("15001:15001")
    assert caplog.messages == [line, line]


@pytest.mark.parametrize("path", ["/me", "/me/calls/XX", "/nowhere", "/notifications"])
def test_without_credentials_nothing_else_is_checked(path: str) -> None:
    async def story(house: House) -> None:
        for told in (
            await house.ask("POST", path, content=b"{ no json", agent=None),
            await house.ask("POST", path, content=b"[]", agent="15009"),
            await house.ask("POST", path, content=b"[]", agent=None, headers={"Cookie": "JSESSIONID=stolen"}),
        ):
            assert (told.status, told.body) == (403, DENIED)
            assert "set-cookie" not in told.headers
            assert told.headers["content-type"] == "application/json"

    visit(story)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me"), ("GET", "/nowhere"), ("POST", "/me/calls/XX"), ("POST", "/notifications")],
)
def test_the_first_authenticated_answer_sets_the_session_cookie(method: str, path: str) -> None:
    async def story(house: House) -> None:
        first = await house.ask(method, path, [SHAKE] if method == "POST" else None)
        assert re.search(
            r"(^|, )JSESSIONID=[0-9a-f]{40}; Path=/; HttpOnly; SameSite=Lax(, |$)",
            first.headers["set-cookie"],
        )
        second = await house.ask(
            "GET", "/me", agent=None, headers={"Cookie": cookie_of(first.headers["set-cookie"])}
        )
        assert second.body["user"]["userName"] == ALICE
        assert "set-cookie" not in second.headers

    visit(story)


@pytest.mark.parametrize("path", ["/me", "/me/calls/XX", "/notifications"])
@pytest.mark.parametrize(
    ("method", "content", "content_type", "status"),
    [
        ("POST", b"{", "application/json", 400),
        ("POST", b"x" * 1_048_577, "application/json", 413),
        ("POST", b"{}", "text/plain", 415),
        ("DELETE", b"", "application/json", 405),
    ],
)
def test_a_refusal_of_the_request_also_sets_the_session_cookie(
    path: str, method: str, content: bytes, content_type: str, status: int
) -> None:
    async def story(house: House) -> None:
        told = await house.ask(method, path, content=content, headers={"Content-Type": content_type})
        assert told.status == status
        cookie = cookie_of(told.headers["set-cookie"])
        assert (await house.ask("GET", "/me", agent=None, headers={"Cookie": cookie})).status == 200

    visit(story)


def test_the_cookie_of_one_half_opens_the_other() -> None:
    async def story(house: House) -> None:
        cookie = {"Cookie": cookie_of((await house.get("/me")).headers["set-cookie"])}
        told = await house.ask("POST", "/notifications/handshake", [SHAKE], agent=None, headers=cookie)
        assert told.body[0]["successful"] is True
        assert "JSESSIONID" not in told.headers.get("set-cookie", "")

    visit(story)


def test_ending_the_contact_centre_session_ends_the_http_session() -> None:
    async def story(house: House) -> None:
        cookie = {"Cookie": cookie_of((await house.get("/me")).headers["set-cookie"])}
        end = {"operationName": "EndContactCenterSession"}
        told = await house.ask("POST", "/me", end, agent=None, headers=cookie)
        assert told.body == {"statusCode": 0}
        assert (await house.ask("GET", "/me", agent=None, headers=cookie)).body == DENIED
        assert (await house.get("/me")).code == (200, 0)
        with_credentials_only = await house.post("/me", end)
        assert "set-cookie" not in with_credentials_only.headers

    visit(story)


@pytest.mark.parametrize(
    ("channels", "told"),
    [
        (["voice"], (200, {"statusCode": 0})),
        (
            ["chat", "voice"],
            (
                200,
                {
                    "statusCode": 7,
                    "succeeded": [{"statusCode": 0, "channel": "voice"}],
                    "failed": [
                        {
                            "statusCode": 10,
                            "statusMessage": "channel chat is not served; served: voice",
                            "channel": "chat",
                        }
                    ],
                },
            ),
        ),
        (
            ["chat", "email"],
            (
                400,
                {
                    "statusCode": 10,
                    "statusMessage": "channel chat is not served; served: voice",
                },
            ),
        ),
        ([], (400, {"statusCode": 10, "statusMessage": "$.channels must have 1 or more entries, but is []"})),
        (["voice", "voice"], (200, {"statusCode": 0})),
        (
            ["chat", "chat"],
            (400, {"statusCode": 10, "statusMessage": "channel chat is not served; served: voice"}),
        ),
    ],
)
def test_a_contact_centre_session_starts_on_voice(channels: list[str], told: tuple[int, object]) -> None:
    async def story(house: House) -> None:
        answer = await house.post("/me", {"operationName": "StartContactCenterSession", "channels": channels})
        assert (answer.status, answer.body) == told

    visit(story)


def test_agents_see_their_own_calls_and_no_others() -> None:
    async def story(house: House) -> None:
        await house.dial(BOB)
        assert await house.states(ALICE) == {FIRST: "Dialing"}
        assert await house.states(BOB) == {FIRST: "Ringing"}
        assert await house.states("15002") == {}

    visit(story)


END = {"operationName": "EndContactCenterSession"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"devicePath": f"/devices/{DEVICES[ALICE]}"}, (200, {"statusCode": 0})),
        (
            {
                "place": "Place 1",
                "queue": "9000",
                "loginCode": "77",
                "mobileSession": {"mobileDeviceId": "d", "mobilePushType": "ios", "debug": True},
            },
            (200, {"statusCode": 0}),
        ),
        (
            {"devicePath": f"/devices/{DEVICES[BOB]}"},
            (404, {"statusCode": 6, "statusMessage": f"There is no device /devices/{DEVICES[BOB]} of yours"}),
        ),
        (
            {"channels": ["voice", "chat"], "devicePath": "/devices/1"},
            (404, {"statusCode": 6, "statusMessage": "There is no device /devices/1 of yours"}),
        ),
    ],
)
def test_a_session_names_its_device_and_parameters_for_other_switches_are_accepted(
    more: dict[str, object], told: tuple[int, object]
) -> None:
    async def story(house: House) -> None:
        body = {"operationName": "StartContactCenterSession", "channels": ["voice"], **more}
        answer = await house.post("/me", body)
        assert (answer.status, answer.body) == told
        (device,) = (await house.get("/me/devices?fields=userState")).body["devices"]
        assert device["userState"]["state"] == ("LoggedIn" if answer.status == 200 else "LoggedOut")

    visit(story)


def test_the_end_of_a_session_logs_out_and_leaves_calls_alone() -> None:
    async def story(house: House) -> None:
        await house.post("/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]})
        await house.post("/me", {"operationName": "Ready"})
        await house.dial(BOB)
        await house.listen(ALICE, "/v2/me/*")
        assert (await house.post("/me", END)).body == {"statusCode": 0}
        device = (await house.get("/me/devices?fields=*")).body["devices"][0]
        assert (device["deviceState"], device["userState"]["state"]) == ("Active", "LoggedOut")
        channel = {"channel": "voice", "dndState": "Off", "userState": device["userState"]}
        assert await house.told() == [
            {
                "channel": "/v2/me/devices",
                "data": {"messageType": "DeviceStateChangeMessage", "devices": [device]},
            },
            {
                "channel": "/v2/me/channels",
                "data": {"messageType": "ChannelStateChangeMessageV2", "channels": [channel]},
            },
        ]
        assert (await house.get("/me/channels")).body["uris"] == []
        assert await house.states() == {FIRST: "Dialing"}
        assert (await house.post("/me", END)).body == {"statusCode": 0}, "and once more, harmlessly"
        assert await house.told() == []

    visit(story)


@pytest.mark.parametrize("first", ["cometd", "session"])
def test_cometd_may_be_left_before_or_after_the_end_of_the_session(first: str) -> None:
    async def leave(house: House) -> None:
        told = await house.bayeux({"channel": "/meta/disconnect"}, ALICE)
        assert [message["successful"] for message in told if message["channel"] == "/meta/disconnect"] == [
            True
        ]

    async def end(house: House) -> None:
        assert (await house.post("/me", END)).code == (200, 0)

    async def story(house: House) -> None:
        await house.post("/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]})
        await house.listen()
        for step in (leave, end) if first == "cometd" else (end, leave):
            await step(house)
        assert (await house.get("/me")).code == (200, 0)

    visit(story)


def test_cometd_with_nothing_but_the_cookie_of_an_ended_session_is_refused_like_everything_else() -> None:
    async def story(house: House) -> None:
        cookie = {"Cookie": cookie_of((await house.get("/me")).headers["set-cookie"])}
        shaken = (await house.ask("POST", "/notifications", [SHAKE], agent=None, headers=cookie)).body[0]
        await house.ask("POST", "/me", END, agent=None, headers=cookie)
        leave = [{"channel": "/meta/disconnect", "clientId": shaken["clientId"]}]
        told = await house.ask("POST", "/notifications/disconnect", leave, agent=None, headers=cookie)
        assert (told.status, told.body) == (403, DENIED)

    visit(story)
