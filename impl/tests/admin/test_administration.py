"""The administration interface over HTTP: its effect on the switch, the notifications to agents, and who may use it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from refswitch import VERSION, limits
from refswitch.admin.handlers import HANDLERS
from refswitch.settings import Settings

from ..house import ALICE, BOB, CAROL, CONTRACT, FIRST, SEATING, SECOND, House, visit  # noqa: TID252  # the whole house is one floor up
from .administration import DOCUMENT, Admin

CALLER = "+15550100"
TOKEN = "a token of some length"  # of this test
MADE_FROM = "0123456789abcdef0123456789abcdef01234567"


def test_the_interface_is_described_by_a_valid_document_and_every_operation_of_it_is_served() -> None:
    validate(DOCUMENT)
    described = {one["operationId"] for item in DOCUMENT["paths"].values() for one in item.values()}
    assert described == set(HANDLERS)


def test_health_and_info_say_what_serves() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        house.clock.advance(2.5)
        assert await admin.get("/health") == {"status": "serving"}
        info = await admin.get("/info")
        versions = ("product", "contract", "describes", "commit")
        assert [info[name] for name in versions] == [VERSION, CONTRACT.version, "8.5.2 and later", MADE_FROM]
        assert info["sandbox"] == ""
        assert info["clock"] == {"seconds": 2.5, "rate": 0}
        assert [seat["number"] for seat in info["seats"]] == [ALICE, BOB, CAROL]

    visit(story, settings=Settings(CONTRACT, SEATING, commit=MADE_FROM))


def test_a_call_arrives_at_a_seat_and_its_caller_hangs_up() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await admin.done("/inbound", {"from": CALLER, "to": ALICE, "dnis": "800", "userData": {"Case": "7"}})
        (message,) = await house.told()
        call = message["data"]["call"]
        assert (call["callType"], call["ani"], call["dnis"], call["userData"]) == (
            "Inbound",
            CALLER,
            "800",
            {"Case": "7"},
        )
        await house.operate(FIRST, "Answer")
        await admin.done(f"/calls/{FIRST}/remote", {"event": "hold"})
        assert (await admin.get(f"/calls/{FIRST}"))["held"] == [CALLER]
        await admin.done(f"/calls/{FIRST}/remote", {"event": "resume"})
        await admin.done(f"/calls/{FIRST}/remote", {"event": "hangup", "number": CALLER})
        assert await house.heard() == [f"StatusChange Established {FIRST}", f"StatusChange Released {FIRST}"]
        assert await admin.get("/calls") == {"calls": []}

    visit(story)


def test_a_call_arrives_through_a_queue_and_returns_to_it_when_rejected() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await admin.done("/inbound", {"from": CALLER, "queue": "8000"})
        assert (await house.operate(SECOND, "Reject")).code == (200, 0)
        (call,) = (await admin.get("/calls"))["calls"]
        assert (call["queue"], call["parties"], call["waiting"]) == ("8000", [CALLER, BOB], False)

    visit(story)


def test_a_preview_call_is_offered_read_accepted_and_answered() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await admin.done("/preview", {"agent": ALICE, "number": CALLER, "userData": {"Campaign": "Spring"}})
        (message,) = await house.told()
        call = (await house.get(f"/me/calls/{FIRST}")).body["call"]
        assert message["data"]["call"] == call
        assert (call["state"], call["callType"], sorted(call["capabilities"]), call["userData"]) == (
            "Preview",
            "Outbound",
            ["Accept", "Decline"],
            {"Campaign": "Spring"},
        )
        assert [party["phoneNumber"] for party in call["participants"]] == [CALLER]
        assert (await house.operate(FIRST, "Hangup")).code == (400, 2)
        assert (await house.operate(FIRST, "Accept")).code == (200, 0)
        await admin.done(f"/calls/{FIRST}/remote", {"event": "answer"})
        assert await house.heard() == [f"StatusChange Dialing {FIRST}", f"StatusChange Established {FIRST}"]
        assert (await house.operate(FIRST, "Decline")).code == (400, 2)

    visit(story)


@pytest.mark.parametrize("ending", ["Decline", "withdrawn"])
def test_a_preview_call_that_is_declined_or_withdrawn_is_cancelled_and_gone(ending: str) -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await admin.done("/preview", {"agent": ALICE, "number": CALLER})
        assert await house.heard() == [f"StatusChange Preview {FIRST}"]
        if ending == "Decline":
            assert (await house.operate(FIRST, "Decline")).code == (200, 0)
        else:
            assert (await admin.ask("DELETE", f"/calls/{FIRST}")).body == {"statusCode": 0}
        (message,) = await house.told()
        call = message["data"]["call"]
        assert (call["id"], call["state"], call["capabilities"]) == (FIRST, "PreviewCancelled", [])
        assert (await house.operate(FIRST, "Accept")).code == (404, 6)
        assert (await house.states(), await admin.get("/calls")) == ({}, {"calls": []})

    visit(story)


@pytest.mark.parametrize(("body", "place"), [
    ({"agent": "99", "number": CALLER}, "$.agent"),
    ({"agent": ALICE, "number": ALICE}, "$.number"),
])  # fmt: skip
def test_a_preview_for_nobody_or_to_oneself_is_refused(body: dict[str, str], place: str) -> None:
    async def story(house: House) -> None:
        told = await Admin(house).ask("POST", "/preview", body)
        assert (told.code, told.body["statusMessage"].split()[0]) == ((400, 10), place)

    visit(story)


@pytest.mark.parametrize(("event", "state"), [("answer", "Established"), ("busy", "Released")])
def test_a_dialled_number_answers_or_is_busy_on_request(event: str, state: str) -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await house.dial("70000")
        (call,) = (await admin.get("/calls"))["calls"]
        assert (call["id"], call["ringing"], [leg["state"] for leg in call["legs"]]) == (
            FIRST,
            ["70000"],
            ["Dialing"],
        )
        await admin.done(f"/calls/{FIRST}/remote", {"event": event})
        assert (await house.heard())[-1] == f"StatusChange {state} {FIRST}"

    visit(story)


def test_one_call_or_all_calls_can_be_ended_and_the_agents_are_notified() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        await house.dial(BOB)
        await house.dial("70000", agent=CAROL)
        assert (await admin.ask("DELETE", f"/calls/{FIRST}")).body == {"statusCode": 0}
        assert (await house.heard())[-1] == f"StatusChange Released {FIRST}"
        assert await house.states(CAROL) == {SECOND: "Dialing"}
        assert (await admin.ask("DELETE", "/calls")).body == {"statusCode": 0}
        assert await house.states(CAROL) == {}

    visit(story)


def test_a_session_can_be_listed_without_its_secret_advised_and_forgotten() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.listen()
        (session,) = (await admin.get("/sessions"))["sessions"]
        assert session | {"id": ""} == {
            "id": "",
            "agent": ALICE,
            "subscriptions": ["/v2/me/calls"],
            "queued": 0,
            "held": False,
        }
        assert house.client_id(ALICE) not in json.dumps(session)
        await admin.done(f"/sessions/{session['id']}/advice", {"interval": 250})
        reply = await house.bayeux({"channel": "/meta/connect", "connectionType": "long-polling"}, ALICE)
        assert reply[0]["advice"]["interval"] == 250
        assert (await admin.ask("DELETE", f"/sessions/{session['id']}")).body == {"statusCode": 0}
        reply = await house.bayeux({"channel": "/meta/connect", "connectionType": "long-polling"}, ALICE)
        assert reply[0]["error"].startswith("402:")
        assert await admin.get("/sessions") == {"sessions": []}

    visit(story)


def test_anything_can_be_published_to_an_agent() -> None:
    async def story(house: House) -> None:
        await house.listen()
        message = {"agent": ALICE, "channel": "/v2/me/calls", "data": {"nonsense": [1]}}
        await Admin(house).done("/publish", message)
        assert await house.told() == [{"channel": "/v2/me/calls", "data": {"nonsense": [1]}}]

    visit(story)


def test_a_snapshot_restores_a_state() -> None:
    async def story(house: House) -> None:
        admin = Admin(house)
        await house.dial(BOB)
        kept = (await admin.ask("POST", "/snapshots")).body["id"]
        await house.operate(FIRST, "Hangup")
        assert await house.states() == {}
        await admin.done(f"/snapshots/{kept}/restore")
        assert await house.states() == {FIRST: "Dialing"}
        for _ in range(16):
            await admin.ask("POST", "/snapshots")
        assert (await admin.ask("POST", f"/snapshots/{kept}/restore")).code == (404, 6)

    visit(story)


@pytest.mark.parametrize(
    ("method", "path", "content", "code", "problem"),
    [
        ("GET", "/nothing", None, (404, 6), "There is no resource /__admin/v1/nothing"),
        ("GET", "/reset", None, (405, 3), "GET is not possible here; possible: POST"),
        ("GET", "/calls/XX", None, (404, 6), "There is no call XX"),
        ("DELETE", "/sessions/XX", None, (404, 6), "There is no session XX"),
        ("POST", "/snapshots/9/restore", None, (404, 6), "There is no snapshot 9; kept: none"),
        ("POST", "/reset", b"{}", (400, 10), "$ must be empty"),
        ("DELETE", "/calls/XX", None, (404, 6), "There is no call XX"),
        ("POST", "/inbound", b"", (400, 10), "$ must be JSON"),
        ("POST", "/inbound", b'{"from":', (400, 10), "$ must be JSON"),
        ("POST", "/inbound", b'{"from":"1"}', (400, 10), "$"),
        ("POST", "/inbound", b'{"from":"1","to":"9"}', (400, 10), "$.to is not the number of a seat"),
        ("POST", "/inbound", b'{"from":"15001","to":"15000"}', (400, 10), "$.from is the number of a seat"),
        ("POST", "/inbound", b'{"from":1,"to":"15000"}', (400, 10), "$.from must be of type string"),
        ("POST", "/inbound", b'{"from":"1","to":"15000","x":1}', (400, 10), "$.x is not known here"),
        ("POST", "/publish", b'{"agent":"1","channel":"/a","data":{}}', (400, 10), "$.agent"),
        ("POST", "/publish", b'{"agent":"15000","channel":"/meta/x","data":{}}', (400, 10), "$.channel"),
        ("POST", "/health", b"{}", (405, 3), "POST is not possible here"),
        ("GET", "/health", b"{}", (400, 10), "$ must be empty"),
        ("POST", "/publish", b"[" * 100_000, (400, 10), "$ must"),
        ("POST", "/publish", b" " * 2_000_000, (413, 10), "The body must not be longer"),
    ],
)
def test_what_cannot_be_done_is_refused_with_place_and_rule(
    method: str, path: str, content: bytes | None, code: tuple[int, int], problem: str
) -> None:
    async def story(house: House) -> None:
        told = await Admin(house).ask(method, path, content=content)
        assert told.code == code
        assert told.body["statusMessage"].startswith(problem.removesuffix("$") or "$")

    visit(story)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"event": "answer", "number": BOB}, "$.number must be one of the call's far ends: 70000"),
        ({"event": "hold"}, "$.event hold is not possible for 70000 while it rings"),
        ({"event": "dance"}, "$.event must be one of"),
    ],
)
def test_a_far_end_does_only_what_it_can(body: Any, problem: str) -> None:
    async def story(house: House) -> None:
        await house.dial("70000")
        told = await Admin(house).ask("POST", f"/calls/{FIRST}/remote", body)
        assert told.code == (400, 10)
        assert told.body["statusMessage"].startswith(problem)

    visit(story)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-site"}, 200),
        ({"Origin": "https://desk.example"}, 403),
    ],
)
def test_a_page_of_another_port_resets_nothing_unless_its_origin_is_named(
    headers: dict[str, str], status: int
) -> None:
    """A POST without a body needs no preflight (Fetch, CORS-safelisted request-header)."""

    async def story(house: House) -> None:
        await house.dial("70000")
        told = await Admin(house).ask("POST", "/reset", headers=headers)
        assert (told.status, bool(house.app.switch.world.conversations)) == (status, status != 200)

    visit(story, cors=("http://localhost:5173", "https://desk.example"))


@pytest.mark.parametrize(
    ("path", "name", "bound"),
    [("/faults", "faults", limits.FAULTS), ("/journal/verify", "expect", limits.EXPECTATIONS)],
)
def test_a_list_is_as_long_as_the_table_of_bounds_says(path: str, name: str, bound: limits.Bound) -> None:
    async def story(house: House) -> None:
        entry = {"outcome": "busy", "kind": "call"} if name == "expect" else {"outcome": "no-such-outcome"}
        method = "POST" if name == "expect" else "PUT"
        told = await Admin(house).ask(method, path, {name: [entry] * (bound.default + 1)})
        assert told.code == (400, 10)
        assert told.body["statusMessage"].startswith(f"$.{name} must have {bound.default} or fewer entries")
        told = await Admin(house).ask(method, path, {name: [entry] * bound.default})
        assert "or fewer" not in told.body["statusMessage"]

    visit(story)


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {"Host": "[::1]:8080", "Origin": "http://[::1]:8080"}, 200),
        ("::1", {"Host": "[::1]:8080", "Origin": "http://localhost:3000"}, 403),
        ("127.0.0.1", {"Host": "localhost:8080", "Origin": "http://localhost:3000"}, 403),
        (
            "127.0.0.1",
            {"Host": "localhost:8080", "Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"},
            200,
        ),
        ("127.0.0.1", {"Sec-Fetch-Site": "none"}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"Host": "localhost.:8080"}, 200),
        ("127.0.0.1", {"Sec-Fetch-Site": "same-site"}, 403),
        ("127.0.0.1", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("127.0.0.1", {"Host": "rebound.example"}, 403),
        ("127.0.0.1", {"Host": ""}, 403),
        ("127.0.0.1", {"Host": "["}, 403),
        ("127.0.0.1", {"Origin": "http://["}, 403),
        ("127.0.0.1", {"Origin": "https://elsewhere.example"}, 403),
        ("127.0.0.1", {"Origin": "null"}, 403),
    ],
)
def test_without_a_token_only_this_machine_is_admitted_and_no_page_of_another_site(
    peer: str, headers: dict[str, str], status: int
) -> None:
    async def story(house: House) -> None:
        told = await Admin(house, peer).ask("GET", "/health", headers=headers)
        assert told.status == status
        assert "access-control-allow-origin" not in told.headers

    visit(story)


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Something-New",
        "X-Real-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "CF-Ray",
        "X-Envoy-External-Address",
        "X-Amzn-Trace-Id",
        "CDN-Loop",
    ],
)
def test_without_a_token_nothing_that_came_through_a_proxy_is_admitted(header: str) -> None:
    """To the server, whoever a proxy on this machine serves is on this machine, and the proxy may name this machine as the host."""

    async def story(house: House) -> None:
        told = await Admin(house).ask("GET", "/health", headers={header: "127.0.0.1"})
        assert told.code == (403, 3)
        assert (
            f"came through a proxy ({header.lower()}); start the server with an admin token"
            in (told.body["statusMessage"])
        )

    visit(story)


def test_with_a_token_a_proxy_may_stand_in_between() -> None:
    async def story(house: House) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7", "Host": "desk.example"}
        assert (await Admin(house).ask("GET", "/health", headers=headers)).status == 200

    visit(story, settings=Settings(CONTRACT, SEATING, admin_token=TOKEN))


@pytest.mark.parametrize(
    ("authorization", "status"),
    [(f"Bearer {TOKEN}", 200), ("Bearer wrong", 403), (f"Basic {TOKEN}", 403), (None, 403)],
)
def test_with_a_token_only_clients_that_send_it_are_admitted(authorization: str | None, status: int) -> None:
    async def story(house: House) -> None:
        headers = {"Authorization": authorization} if authorization else {}
        assert (await Admin(house, "192.0.2.7").ask("GET", "/health", headers=headers)).status == status

    visit(story, settings=Settings(CONTRACT, SEATING, admin_token=TOKEN))


def test_without_the_interface_its_addresses_are_not_found() -> None:
    async def story(house: House) -> None:
        told = await Admin(house).ask("GET", "/health")
        assert told.code == (403, 20)

    visit(story, settings=Settings(CONTRACT, SEATING, admin=False))
