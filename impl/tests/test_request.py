"""The decisions about a request before it is carried out: plain functions of one value that any entrance to the server can call."""

from __future__ import annotations

import base64

import pytest

from refswitch.access import Access, Admission, HttpSessions
from refswitch.asgi import Headers
from refswitch.cross_origin import CrossOrigin
from refswitch.refusals import AccessDenied, CsrfRefused, NoSuchResource
from refswitch.request import Request
from refswitch.rest import DeferredConnexion, Front, Served
from refswitch.rest.authentication import served_path
from refswitch.routing import address
from refswitch.seats import new_seat
from refswitch.settings import Settings

from .house import ALICE, CONTRACT, SEATING, House, visit

DESKTOP = b"https://desktop.example"


def basic(login: str, password: str = ALICE) -> tuple[bytes, bytes]:
    return b"authorization", b"Basic " + base64.b64encode(f"{login}:{password}".encode())


def request(method: str, path: str, *headers: tuple[bytes, bytes]) -> Request:
    return Request(method, path, "", headers)


@pytest.mark.parametrize(
    ("path", "headers", "addressed"),
    [
        ("/api/v2/me", (), ("", "/api/v2/me", "/")),
        ("/s/b7/api/v2/me", (), ("b7", "/api/v2/me", "/gws/s/b7")),
        ("/s/b7", (), ("b7", "/", "/gws/s/b7")),
        ("/s/.no/api/v2/me", (), ("", "/s/.no/api/v2/me", "/")),
        ("/api/v2/me", (basic(f"{ALICE}@b7"),), ("b7", "/api/v2/me", "/")),
        ("/api/v2/me", (basic("carol@home"),), ("", "/api/v2/me", "/")),
        ("/api/v2/me", ((b"cookie", b"JSESSIONID=abc.b7"),), ("b7", "/api/v2/me", "/")),
        ("/__admin/v1/info", (basic(f"{ALICE}@b7"),), ("", "/__admin/v1/info", "/")),
        ("/s/b7/__admin/v1/info", (), ("b7", "/__admin/v1/info", "/gws/s/b7")),
    ],
)
def test_a_sandbox_is_named_by_the_path_or_else_by_the_login_name_or_the_cookie(
    path: str, headers: Headers, addressed: tuple[str, str, str]
) -> None:
    asked = request("GET", path, *headers)
    address(asked, "/gws", {"carol@home"})
    assert (asked.sandbox, asked.path, asked.cookie_path) == addressed


def access() -> Access:
    sessions = HttpSessions(lambda: 0.0, lambda: "token", lambda: "csrf")
    return Access(Admission([new_seat(ALICE)], sessions), sessions, demands_csrf_token=True)


def test_an_admitted_request_knows_its_agent_and_its_answer_the_cookie_and_the_csrf_token() -> None:
    rule, asked = access(), request("GET", "/api/v2/me", basic(ALICE))
    admitted = rule.let_in(asked)
    assert asked.agent == ALICE
    assert rule.headers(asked, admitted) == (
        (b"x-csrf-header", b"X-CSRF-TOKEN"),
        (b"x-csrf-token", b"csrf"),
        (b"set-cookie", b"JSESSIONID=token; Path=/; HttpOnly; SameSite=Lax"),
    )
    rule.sessions.end(admitted.session)
    assert rule.headers(asked, admitted) == (
        (b"x-csrf-header", b"X-CSRF-TOKEN"),
        (b"x-csrf-token", b"csrf"),
    ), "a session that has ended meanwhile has no cookie"


def test_a_request_without_credentials_is_refused_and_one_without_the_csrf_token_keeps_its_cookie() -> None:
    with pytest.raises(AccessDenied):
        access().let_in(request("GET", "/api/v2/me"))
    with pytest.raises(CsrfRefused) as caught:
        access().let_in(request("POST", "/api/v2/me", basic(ALICE)))
    ((name, cookie),) = caught.value.headers
    assert (name, cookie.partition(b";")[0]) == (b"set-cookie", b"JSESSIONID=token")
    access().let_in(request("POST", "/api/v2/me", basic(ALICE), (b"x-csrf-token", b"csrf")))


def test_a_preflight_is_an_answer_and_any_other_request_has_headers_added() -> None:
    rule = CrossOrigin(DeferredConnexion(Served(CONTRACT)), [DESKTOP.decode()])
    asked = request("OPTIONS", "/", (b"origin", DESKTOP), (b"access-control-request-method", b"POST"))
    answer = rule.preflight(asked)
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"")
    assert rule.preflight(request("GET", "/", (b"origin", DESKTOP))) is None
    assert (b"access-control-allow-origin", DESKTOP) in rule.headers(asked)
    assert rule.headers(request("GET", "/", (b"origin", b"https://elsewhere.example"))) == (
        (b"vary", b"Origin"),
    )


def test_a_posted_operation_has_a_lane_if_its_path_and_headers_are_plainly_valid() -> None:
    front, json = (
        Front(DeferredConnexion(Served(CONTRACT)), Served(CONTRACT)),
        (b"content-type", b"application/json"),
    )
    path = "/api/v2/me/calls/01RCC3N118B1V0SL8O7GK2LAES000001"
    found = front.lane(request("POST", path + "/", json))
    assert found is not None
    lane, names = found
    assert (lane.union, names) == ("CallOperation", {"id": path.rpartition("/")[2]})
    for other in (
        request("GET", path, json),
        request("POST", path),
        request("POST", path, json, json),
        request("POST", "/api/v2/me/calls/a b", json),
        Request("POST", path, "fields=*", (json,)),
    ):
        assert front.lane(other) is None


@pytest.mark.parametrize("path", ["/api/v2", "/api/v2/", "/elsewhere", "/api/v2//me", "/api/v2/me//"])
def test_a_path_that_cannot_be_in_the_contract_is_refused(path: str) -> None:
    assert served_path("/api/v2/me/", b"/api/v2/me/") == "/api/v2/me"
    with pytest.raises(NoSuchResource):
        served_path(path, path.encode())
    with pytest.raises(NoSuchResource):
        served_path("/api/v2/me", b"/api%2Fv2/me")


def layers(house: House) -> list[str]:
    application, names = house.app.application, []
    while True:
        names.append(type(application).__name__)
        if not hasattr(application, "_application") or isinstance(application, DeferredConnexion):
            return names
        application = application._application


def test_a_request_meets_the_layers_in_the_order_of_the_list() -> None:
    async def story(house: House) -> None:
        assert layers(house) == [
            "RequestLog",
            "Routing",
            "Administration",
            "CrossOrigin",
            "InSandbox",
            "Notifications",
            "HttpJournal",
            "Authentication",
            "Front",
            "DeferredConnexion",
        ]

    visit(story, cors=(DESKTOP.decode(),), log=lambda line: None)


def test_a_layer_that_is_switched_off_is_left_out() -> None:
    async def story(house: House) -> None:
        assert layers(house) == [
            "InSandbox",
            "Notifications",
            "HttpJournal",
            "Authentication",
            "DeferredConnexion",
        ]

    visit(story, settings=Settings(CONTRACT, SEATING, admin=False, sandboxes=0, front=False))
