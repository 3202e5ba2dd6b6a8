"""Pages of other origins are admitted if their origin is named, and never otherwise."""

from __future__ import annotations

import pytest

from refswitch.cross_origin import BadOrigin, is_from_elsewhere, read_origin
from refswitch.settings import Settings

from .house import CONTRACT, SEATING, House, visit

DESKTOP = "https://desktop.example:8443"
OTHER = "https://evil.example"
SHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}


def cors(headers: object) -> dict[str, str]:
    return {
        name: value
        for name, value in dict(headers).items()  # type: ignore[call-overload]  # httpx' headers are a mapping
        if name.startswith("access-control-")
    }


LET_IN = {
    "access-control-allow-origin": DESKTOP,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-CSRF-HEADER,X-CSRF-TOKEN",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/me", 200), ("GET", "/nowhere", 404), ("POST", "/notifications", 200), ("OPTIONS", "/me", 405)],
)
def test_a_named_origin_is_admitted_with_credentials(method: str, path: str, status: int) -> None:
    """LP-10: CSRFProtection (Dep), GWS 8.5.2, allowedOrigins."""

    async def story(house: House) -> None:
        body = [SHAKE] if method == "POST" else None
        told = await house.ask(method, path, body, headers={"Origin": DESKTOP})
        assert told.status == status
        assert cors(told.headers) == LET_IN
        assert told.headers["vary"] == "Origin"

    visit(story, cors=("http://first.example", DESKTOP))


def test_a_refusal_can_be_read_by_the_page_too() -> None:
    async def story(house: House) -> None:
        told = await house.ask("GET", "/me", agent=None, headers={"Origin": DESKTOP})
        assert (told.code, cors(told.headers)) == ((403, 20), LET_IN)

    visit(story, cors=(DESKTOP,))


@pytest.mark.parametrize("path", ["/me", "/me/calls/XX", "/nowhere", "/notifications/connect"])
def test_a_preflight_is_answered_without_credentials(path: str) -> None:
    async def story(house: House) -> None:
        headers = {
            "Origin": DESKTOP,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x",
        }
        told = await house.ask("OPTIONS", path, agent=None, headers=headers)
        assert (told.status, told.body) == (200, None)
        assert cors(told.headers) == {
            "access-control-allow-origin": DESKTOP,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "GET,POST,PUT,DELETE,OPTIONS",
            "access-control-allow-headers": "X-Requested-With,Content-Type,Accept,Origin,Cookie,authorization,"
            "ssid,surl,ContactCenterId,X-CSRF-TOKEN",
            "access-control-max-age": "120",
        }
        assert "set-cookie" not in told.headers

    visit(story, cors=(DESKTOP,))


def test_another_origin_is_not_admitted() -> None:
    async def story(house: House) -> None:
        told = await house.ask("GET", "/me", headers={"Origin": OTHER})
        assert (told.status, cors(told.headers), told.headers["vary"]) == (200, {}, "Origin")
        preflight = {"Origin": OTHER, "Access-Control-Request-Method": "POST"}
        told = await house.ask("OPTIONS", "/me", agent=None, headers=preflight)
        assert (told.code, cors(told.headers)) == ((403, 20), {})

    visit(story, cors=(DESKTOP,))


def test_without_the_option_no_origin_is_admitted() -> None:
    async def story(house: House) -> None:
        told = await house.ask("GET", "/me", headers={"Origin": DESKTOP})
        assert (cors(told.headers), "vary" in told.headers) == ({}, False)

    visit(story)


@pytest.mark.parametrize(
    ("public_base", "cors", "rules"),
    [
        ("https://gws.example", (DESKTOP,), "SameSite=None; Secure"),
        ("https://gws.example", (), "SameSite=Lax"),
        ("http://gws.example", (DESKTOP,), "SameSite=Lax"),
    ],
)
def test_the_cookie_is_for_other_sites_only_if_their_pages_are_admitted_over_tls(
    public_base: str, cors: tuple[str, ...], rules: str
) -> None:
    async def story(house: House) -> None:
        told = await house.get("/me")
        assert told.headers["set-cookie"].partition("; ")[2] == f"Path=/; HttpOnly; {rules}"

    visit(story, public_base=public_base, cors=cors)


@pytest.mark.parametrize(
    ("origin", "headers", "is_explained"),
    [
        ("http://localhost:3000", {"Host": "127.0.0.1:8080"}, True),
        ("http://localhost:3000", {"Host": "127.0.0.1:8080", "Sec-Fetch-Site": "cross-site"}, True),
        ("http://localhost:3000", {"Host": "localhost:8080"}, False),
        ("http://localhost:3000", {"Host": "localhost:8080", "Sec-Fetch-Site": "same-site"}, False),
        ("http://desk.example", {"Host": "gws.example"}, True),
        ("http://desk.example", {"Host": "gws.desk.example"}, False),
        ("http://desk.example", {"Host": "["}, False),
        ("http://localhost:3000", {"Host": "127.0.0.1:8080", "Cookie": "JSESSIONID=old"}, False),
        (OTHER, {"Host": "127.0.0.1:8080"}, False),
    ],
)
def test_a_page_of_another_site_is_told_why_its_cookie_is_missing(
    origin: str, headers: dict[str, str], is_explained: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(house: House) -> None:
        for _ in range(2):
            told = await house.ask("GET", "/me", agent=None, headers={"Origin": origin, **headers})
            assert told.code == (403, 20)
            assert told.body["statusMessage"] == "Access denied" + (
                f": the page is on another site ({origin}) than this server ({headers['Host']}), so its browser sends no session "
                "cookie; open the page and the server under the same host name, such as localhost, or serve both over https"
                if is_explained
                else ""
            )
        with_credentials = await house.ask("GET", "/me", headers={"Origin": origin, **headers})
        assert with_credentials.code == (200, 0)

    visit(story, cors=("http://localhost:3000", "http://desk.example"))
    assert len(caplog.messages) == is_explained, "once for each origin"


def test_a_page_whose_cookie_is_for_every_site_is_told_nothing_of_sites() -> None:
    async def story(house: House) -> None:
        told = await house.ask("GET", "/me", agent=None, headers={"Origin": DESKTOP})
        assert told.body["statusMessage"] == "Access denied"

    visit(story, cors=(DESKTOP,), public_base="https://gws.example")


@pytest.mark.parametrize(
    ("public_base", "origin", "is_elsewhere"),
    [
        ("https://gws.example", "https://gws.example", False),
        ("HTTPS://GWS.example:443/desk", "https://gws.example", False),
        ("http://[::1]:8080", "http://[::1]:8080", False),
        ("https://gws.example", "https://gws.example:8443", True),
        ("https://gws.example", "http://gws.example", True),
        ("https://gws.example", OTHER, True),
    ],
)
def test_a_page_at_the_public_base_may_open_a_websocket_whatever_host_a_proxy_names(
    public_base: str, origin: str, is_elsewhere: bool
) -> None:
    settings = Settings(CONTRACT, SEATING, public_base=public_base)
    scope = {"headers": [(b"host", b"127.0.0.1:8080"), (b"origin", origin.encode())]}
    assert is_from_elsewhere(scope, (settings.own_origin,)) is is_elsewhere


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "https://a.example", "http://127.0.0.1", "http://[::1]:1"]
)
def test_an_origin_is_written_as_browsers_send_it(origin: str) -> None:
    assert read_origin(origin) == origin


@pytest.mark.parametrize(
    "origin", ["*", "null", "", "a.example", "http://A.example", "http://a.example/", "ftp://a", "http://a b"]
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(BadOrigin, match="write scheme, host in lower case and port"):
        read_origin(origin)
