"""What is held or open ends with the HTTP session whose cookie opened it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from refswitch.limits import HTTP_SESSIONS
from refswitch.request import with_request

from ..house import House, Told, visit  # noqa: TID252  # the whole house is one floor up
from .driver import ALICE, connect, event, handshake, subscribe
from .test_websocket import OFFER, TYPE, Site, over_a_port

END = {"operationName": "EndContactCenterSession"}
DENIED = {"statusCode": 20, "statusMessage": "Access denied"}


def cookie_of(headers: httpx.Headers) -> dict[str, str]:
    """The session cookie that this answer sets."""
    return {"Cookie": headers["set-cookie"].partition(";")[0]}


class Page:
    """A page that has the cookie of an HTTP session and no credentials."""

    def __init__(self, house: House, cookie: dict[str, str]) -> None:
        self.house = house
        self.cookie = cookie
        self.client_id = ""

    async def ask(self, method: str, path: str, body: object = None) -> Told:
        return await self.house.ask(method, path, body, agent=None, headers=self.cookie)

    async def bayeux(self, message: dict[str, Any]) -> Told:
        return await self.ask("POST", "/notifications", [message])

    async def listen(self) -> None:
        [shaken] = (await self.bayeux(handshake())).body
        self.client_id = shaken["clientId"]
        await self.bayeux(subscribe(self.client_id, "/v2/me/*"))
        await self.bayeux(connect(self.client_id))

    async def hold(self) -> asyncio.Task[Told]:
        """A connect that the server holds."""
        poll = asyncio.create_task(self.bayeux(connect(self.client_id)))
        while not any(client.is_held for client in self.house.app.sandboxes.main.courier.clients()):
            await self.house.turn()
        return poll


async def a_page(house: House) -> Page:
    page = Page(house, cookie_of((await house.get("/me")).headers))
    await page.listen()
    return page


async def end_contact_centre_session(page: Page) -> None:
    assert (await page.ask("POST", "/me", END)).code == (200, 0)


async def meet_number_70206(page: Page) -> None:
    device = (await page.ask("GET", "/me/devices?fields=id")).body["devices"][0]["id"]
    dial = {"operationName": "Dial", "destination": {"phoneNumber": "70206"}}
    assert (await page.ask("POST", f"/me/devices/{device}/calls", dial)).code == (403, 20)


async def be_displaced(page: Page) -> None:
    """Every session of the agent is in use, and the page's is the one that was used longest ago."""
    sessions, seat = (
        page.house.app.sandboxes.main.access.sessions,
        page.house.app.sandboxes.main.seating.seats[0],
    )
    for _ in range(HTTP_SESSIONS.default):
        sessions.hold(sessions.open(seat), lambda: None)


@pytest.mark.parametrize("ending", [end_contact_centre_session, meet_number_70206, be_displaced])
def test_a_held_poll_is_answered_when_its_http_session_ends_and_its_cookie_opens_nothing_more(
    ending: Any,
) -> None:
    async def story(house: House) -> None:
        page = await a_page(house)
        poll = await page.hold()
        await ending(page)
        told = await poll
        assert (told.status, told.body[-1]["channel"], told.body[-1]["successful"]) == (
            200,
            "/meta/connect",
            True,
        )
        again = await page.bayeux(connect(page.client_id))
        assert (again.status, again.body) == (403, DENIED)

    visit(story)


def test_the_last_answer_of_an_ended_session_carries_what_was_published_before() -> None:
    async def story(house: House) -> None:
        page = await a_page(house)
        await page.ask("POST", "/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]})
        await page.bayeux(connect(page.client_id, advice={"timeout": 0}))
        poll = await page.hold()
        await end_contact_centre_session(page)
        told = (await poll).body
        assert [message["channel"] for message in told] == [
            "/v2/me/devices",
            "/v2/me/channels",
            "/meta/connect",
        ]
        assert told[0]["data"]["devices"][0]["userState"]["state"] == "LoggedOut"

    visit(story)


def test_the_session_of_cometd_stays_for_a_client_with_credentials() -> None:
    async def story(house: House) -> None:
        page = await a_page(house)
        poll = await page.hold()
        await end_contact_centre_session(page)
        await poll
        [reply] = (await house.post("/notifications", [connect(page.client_id, advice={"timeout": 0})])).body
        assert reply["successful"] is True

    visit(story)


def test_a_poll_that_credentials_opened_outlives_the_session_of_its_cookie() -> None:
    async def story(house: House) -> None:
        page = await a_page(house)
        both = house.ask("POST", "/notifications", [connect(page.client_id)], headers=page.cookie)
        poll = asyncio.create_task(both)
        while not any(client.is_held for client in house.app.sandboxes.main.courier.clients()):
            await house.turn()
        await end_contact_centre_session(page)
        for _ in range(10):
            await house.turn()
        assert not poll.done()
        house.app.close()
        await poll

    visit(story)


def test_a_poll_whose_session_ends_before_it_is_held_is_not_held() -> None:
    """The body comes slowly, and the session ends meanwhile."""

    async def story(house: House) -> None:
        page = await a_page(house)
        ended = asyncio.Event()

        async def slowly() -> Any:
            yield b'[{"channel": "/meta/connect", "connectionType": "long-polling", '
            await ended.wait()
            yield f'"clientId": "{page.client_id}"}}]'.encode()

        poll = asyncio.create_task(
            house.ask("POST", "/notifications", agent=None, headers=page.cookie, content=slowly())
        )
        await house.turn()
        await end_contact_centre_session(page)
        ended.set()
        told = await poll
        assert (told.status, told.body[0]["successful"]) == (200, True)

    visit(story)


async def by_cookie(site: Site) -> dict[str, str]:
    answer = await site.client.get("/api/v2/me", auth=(ALICE, ALICE))
    site.client.cookies.clear()
    return cookie_of(answer.headers)


@over_a_port()
async def test_a_socket_is_closed_with_1008_when_the_session_of_its_cookie_ends(site: Site) -> None:
    cookie = await by_cookie(site)
    async with site.socket(headers=cookie, user=None) as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE))
        await site.publish(1)
        told = await site.client.post("/api/v2/me", json=END, headers=cookie)
        assert told.json() == {"statusCode": 0}
        assert await talk.frame() == [event(1)]
        assert await talk.closing() == (1008, "The HTTP session has ended")
    await site.publish(2)
    async with site.socket() as other:
        [told, *_] = await other.ask(connect(client_id, **TYPE, advice={"timeout": 0}))
        assert told == event(2), "the session of CometD waits for a client with credentials"


@over_a_port()
async def test_a_socket_that_credentials_opened_stays_when_the_session_of_its_cookie_ends(site: Site) -> None:
    cookie = await by_cookie(site)
    async with site.socket(headers=cookie) as talk:
        client_id = await talk.begin()
        await talk.send(connect(client_id, **TYPE))
        await site.client.post("/api/v2/me", json=END, headers=cookie)
        await site.publish(1)
        assert await talk.frame() == [event(1)]


@over_a_port()
async def test_an_open_socket_keeps_its_session_while_other_clients_log_in(site: Site) -> None:
    cookie = await by_cookie(site)
    async with site.socket(headers=cookie, user=None) as talk:
        [reply] = await talk.ask(handshake(supportedConnectionTypes=OFFER))
        for _ in range(HTTP_SESSIONS.default + 1):
            await by_cookie(site)
        assert (await site.client.get("/api/v2/me", headers=cookie)).status_code == 200
        [again] = await talk.ask(subscribe(reply["clientId"]))
        assert again["successful"] is True


def test_a_socket_that_opens_on_a_closed_courier_is_closed_at_once() -> None:
    """The seats were replaced while its upgrade was being accepted."""

    async def story(house: House) -> None:
        sent: list[Any] = []
        sandbox = house.app.sandboxes.main

        async def receive() -> Any:
            return {"type": "websocket.connect"} if not sent else await asyncio.Future()

        async def send(message: Any) -> None:
            if message["type"] == "websocket.accept":
                house.app.sandboxes.reset(sandbox)
            sent.append(message)

        scope = with_request(
            {
                "type": "websocket",
                "path": "/api/v2/notifications",
                "query_string": b"",
                "headers": [(b"authorization", b"Basic MTUwMDA6MTUwMDA=")],
            }
        )
        task = asyncio.create_task(sandbox.streaming(scope, receive, send))
        while len(sent) < 2:
            await house.turn()
        assert sent[1] == {"type": "websocket.close", "code": 1001, "reason": "Going away"}
        task.cancel()

    visit(story)
