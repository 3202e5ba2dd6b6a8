"""A ladder shows each request, answer and notification in the order in which it happened."""

from collections.abc import Mapping
from xml.etree import ElementTree

import pytest

from callproof.json_values import Json
from callproof.report import ladder
from callproof.report.ladder import Rung
from callproof.report.report import Line, Report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def lines(report: Report) -> tuple[Line, ...]:
    return report.scenarios[1].lines


def test_the_ladder_of_a_conference_is_drawn_in_order(lines: tuple[Line, ...]) -> None:
    drawn = ladder.as_text(ladder.rungs(lines, {"t0006": "✗ ORD-INITCONF-001"}))
    assert drawn[:-1] == [
        " alice     bob     carol   server",
        "   │────────┼────────┼───────▶│  InitiateConference …0009 to 15002          0 ms",
        "   │◀┄┄┄┄┄┄┄┆┄┄┄┄┄┄┄┄┆┄┄┄┄┄┄┄┄│  Dialing …000A (consult)                    8 ms",
        "   │        │        │        │  ✗ ORD-INITCONF-001",
        "   │◀───────┼────────┼────────│  200 statusCode 0                          11 ms",
        "   │        │        │◀┄┄┄┄┄┄┄│  Ringing …000A                             15 ms",
        "   │◀┄┄┄┄┄┄┄┆┄┄┄┄┄┄┄┄┆┄┄┄┄┄┄┄┄│  Held …0009                                24 ms",
        "   │        │────────┼───────▶│  Hold …0009                                30 ms",
    ]
    assert max(map(len, drawn)) <= 80


def line(kind: str, body: Mapping[str, Json], number: int = 1) -> Line:
    return Line(f"t{number:04d}", 1.0, "alice", kind, body)


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("request", {"method": "GET", "url": "http://h:1/api/v2/me/calls?fields=*"}, "GET /api/v2/me/calls?fields=*"),
        ("request", {"method": "POST", "url": "/x", "json": [1]}, "POST /x"),
        ("response", {"status": 200, "text": "no JSON"}, "200"),
        ("response", {"no_answer": "timed-out", "detail": ""}, "no answer: timed-out"),
        ("response", {"status": 403, "json": {"statusCode": 20, "statusMessage": "Access\ndenied"}}, "403 statusCode 20 Access denied"),
        ("notification", {"message": {"channel": "/x"}}, "a message without data"),
        ("notification", {"message": {"data": {"messageType": "ErrorMessage"}}}, "ErrorMessage"),
        (
            "notification",
            {"message": {"data": {"notificationType": "ParticipantsUpdated", "call": {"id": "7", "state": "Established"}}}},
            "ParticipantsUpdated Established 7",
        ),
        ("bayeux-request", {"json": [{"channel": "/meta/subscribe", "subscription": "/v2/me/calls"}]}, "subscribe /v2/me/calls"),
        ("bayeux-response", {"json": [{"channel": "/meta/connect", "successful": False, "error": "402::x"}]}, "connect 402::x"),
        ("bayeux-request", {"text": "{"}, "a body without a Bayeux message"),
    ],
)  # fmt: skip
def test_every_kind_of_entry_has_words(kind: str, body: Mapping[str, Json], expected: str) -> None:
    entry = line(kind, body)
    assert [rung.text for rung in ladder.rungs([entry], {entry.id: "!"})] == [expected]


def test_polls_are_left_out_where_there_is_a_call_and_shown_where_there_is_none() -> None:
    poll = line("bayeux-request", {"json": [{"channel": "/meta/connect"}]})
    asked = line("request", {"method": "GET", "url": "/me"}, 2)
    assert [rung.line for rung in ladder.rungs([poll, asked])] == ["t0002"]
    assert [rung.line for rung in ladder.rungs([poll, asked], {"t0001": "CMD-CONN-001"})] == [
        "t0001",
        "t0002",
    ]
    assert [rung.line for rung in ladder.rungs([poll])] == ["t0001"]


def test_a_long_ladder_is_cut_to_what_matters() -> None:
    every = [Rung(f"t{n}", n, "alice", "request", "GET /me") for n in range(100)]
    shown = ladder.around(every, ["t50", "t52"], before=3, after=2)
    assert [rung.line for rung in shown] == ["t47", "t48", "t49", "t50", "t51", "t52", "t53", "t54"]
    assert [rung.line for rung in ladder.around(every, ["t0", "t99"], longest=2)] == ["t98", "t99"]
    assert [rung.line for rung in ladder.around(every, [], longest=2)] == ["t98", "t99"]


def test_a_ladder_of_nothing_is_a_server_alone() -> None:
    assert ladder.as_text([]) == ["server"]
    assert ladder.participants([]) == ("server",)


def test_the_picture_is_well_formed_names_itself_and_needs_nothing_from_outside(
    lines: tuple[Line, ...],
) -> None:
    drawn = ladder.as_svg(ladder.rungs(lines, {"t0006": "NTF-CALL-001"}), 'A "ladder" <of> it')
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == 'A "ladder" <of> it'
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert texts[:4] == ["alice", "bob", "carol", "server"]
    assert "Dialing …000A (consult) NTF-CALL-001" in texts
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "style", "rect", "text", "tspan", "line", "path")
    }


def test_every_arrow_stays_inside_the_picture(lines: tuple[Line, ...]) -> None:
    root = ElementTree.fromstring(ladder.as_svg(ladder.rungs(lines), "it"))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for arrow in root.iter(f"{SVG}line"):
        assert all(0 <= float(arrow.get(name, "")) <= width for name in ("x1", "x2"))
        assert all(0 <= float(arrow.get(name, "")) <= height for name in ("y1", "y2"))


def test_an_upgrade_and_the_frames_over_its_websocket_are_drawn_as_what_they_are() -> None:
    opening = line("bayeux-request", {"method": "GET", "url": "http://h/api/v2/notifications"})
    opened = line("bayeux-response", {"request": "t0001", "status": 101})
    frame = line("bayeux-request", {"web_socket": "t0001", "json": [{"channel": "/meta/connect"}]})
    assert [rung.text for rung in ladder.rungs([opening, opened, frame])] == [
        "GET /api/v2/notifications",
        "101",
        "connect",
    ]
