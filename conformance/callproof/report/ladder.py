"""Ladder diagrams from the transcript: requests, answers and notifications between agents and server, in order.

`rungs` chooses the arrows and their words; `as_text` draws them for a terminal, `as_svg` as a self-contained picture.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from callproof.catalogue.scenario import AGENTS
from callproof.json_values import Json, as_object, text_of
from callproof.report.report import Line, without_controls

Kind: TypeAlias = Literal["request", "response", "notification"]

SERVER = "server"
#: Columns between two lifelines of the text ladder, and where the first one stands.
_SPACING, _MARGIN = 9, 3
_LONGEST_ID_WHOLE = 8


@dataclass(frozen=True)
class Rung:
    """One arrow. `mark` is a word or sign after it, such as the requirement that it broke."""

    line: str
    ms: float
    agent: str
    kind: Kind
    text: str
    mark: str = ""

    @property
    def towards_server(self) -> bool:
        return self.kind == "request"


def rungs(lines: Sequence[Line], marks: Mapping[str, str] | None = None) -> tuple[Rung, ...]:
    """The arrows of a transcript. `marks` are keyed by the id of the transcript's entry.

    Polls, handshakes and subscriptions are left out if there is a call to follow, unless they are marked.
    """
    marked = marks or {}
    bayeux_matters = not any(line.kind in ("request", "notification") for line in lines)
    found: list[Rung] = []
    for line in lines:
        is_aside = line.kind.startswith("bayeux") and not bayeux_matters and line.id not in marked
        if line.kind == "note" or is_aside:
            continue
        kind, text = _worded(line)
        text = without_controls(" ".join(text.split()))
        found.append(Rung(line.id, line.ms, line.agent, kind, text, marked.get(line.id, "")))
    return tuple(found)


def around(
    all_rungs: Sequence[Rung], lines: Collection[str], before: int = 4, after: int = 4, longest: int = 18
) -> tuple[Rung, ...]:
    """The rungs around these entries of the transcript, at most `longest`; the end of the ladder if it has none of them."""
    places = [index for index, rung in enumerate(all_rungs) if rung.line in lines]
    if not places:
        return tuple(all_rungs[-longest:])
    end = min(len(all_rungs), places[-1] + after + 1)
    return tuple(all_rungs[max(0, places[0] - before, end - longest) : end])


def participants(all_rungs: Sequence[Rung]) -> tuple[str, ...]:
    """The lifelines: the agents that occur, in the usual order, then the server."""
    seen = {rung.agent for rung in all_rungs}
    known = [agent for agent in AGENTS if agent in seen]
    return (*known, *sorted(seen - set(AGENTS) - {""}), SERVER)


# Words ---------------------------------------------------------------------------------------------------------------


def _worded(line: Line) -> tuple[Kind, str]:
    body = line.body
    if line.kind == "request":
        return "request", _request(body)
    if line.kind == "response":
        return "response", _response(body)
    if line.kind == "notification":
        return "notification", _notification(body)
    asked = line.kind == "bayeux-request"
    if asked and "method" in body and "json" not in body and "text" not in body:  # the upgrade to a WebSocket
        return "request", f"{text_of(body['method'])} {_path(text_of(body.get('url')))}"
    return ("request" if asked else "response"), _bayeux(body, asked)


def _request(body: Mapping[str, Json]) -> str:
    method, url, asked = text_of(body.get("method")), text_of(body.get("url")), as_object(body.get("json"))
    if not isinstance(asked.get("operationName"), str):
        return f"{method} {_path(url)}"
    number = as_object(asked.get("destination")).get("phoneNumber")
    target = f" {short(url.rstrip('/').rpartition('/')[2])}" if "/me/calls/" in url else ""
    return f"{asked['operationName']}{target}" + (f" to {number}" if isinstance(number, str) else "")


def _response(body: Mapping[str, Json]) -> str:
    if "no_answer" in body:
        return f"no answer: {text_of(body['no_answer'])}"
    envelope = as_object(body.get("json"))
    code = f" statusCode {envelope['statusCode']}" if "statusCode" in envelope else ""
    message = text_of(envelope.get("statusMessage"))
    return f"{body.get('status', '')}{code}" + (f" {message}" if message else "")


def _notification(body: Mapping[str, Json]) -> str:
    data = as_object(body.get("message")).get("data")
    if not isinstance(data, dict):
        return "a message without data"
    call = data.get("call")
    if not isinstance(call, dict):
        return text_of(data.get("messageType")) or "a message without a call"
    kind, state = text_of(data.get("notificationType")), text_of(call.get("state"))
    what = state if kind == "StatusChange" and state else " ".join(filter(None, (kind, state))) or "no state"
    consult = " (consult)" if call.get("callType") == "Consult" else ""
    return f"{what} {short(text_of(call.get('id')))}{consult}"


def _bayeux(body: Mapping[str, Json], asked: bool) -> str:
    messages = body.get("json")
    items = messages if isinstance(messages, list) else [messages]
    words = [_bayeux_message(item) for item in items if isinstance(item, dict)]
    if words:
        return ", ".join(words)
    return "a body without a Bayeux message" if asked else _response(body)


def _bayeux_message(message: Mapping[str, Json]) -> str:
    channel = text_of(message.get("channel"))
    name = channel.removeprefix("/meta/")
    if "successful" not in message:
        about = message.get("subscription")
        return f"{name} {about}" if isinstance(about, str) else name
    error = text_of(message.get("error"))
    return f"{name} {'ok' if message['successful'] is True else error or 'refused'}"


def short(call_id: str) -> str:
    """An id short enough for a rung; calls differ in the end of their ids."""
    return call_id if len(call_id) <= _LONGEST_ID_WHOLE else f"…{call_id[-4:]}"


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url


# Text ----------------------------------------------------------------------------------------------------------------


def as_text(all_rungs: Sequence[Rung], width: int = 80) -> list[str]:
    """The ladder in lines of at most `width` columns. Notifications are dashed."""
    names = participants(all_rungs)
    columns = [_MARGIN + _SPACING * index for index in range(len(names))]
    room = width - columns[-1] - 3
    heading = [" "] * (columns[-1] + 4)
    for name, column in zip(names, columns, strict=True):
        start = max(0, column - len(name) // 2)
        heading[start : start + len(name)] = name
    drawn = ["".join(heading).rstrip()]
    start_ms = all_rungs[0].ms if all_rungs else 0.0
    for rung in all_rungs:
        arrow = _arrow(rung, columns, names)
        label, *more = _label(rung, start_ms, room)
        drawn.append(f"{arrow}  {label}".rstrip())
        drawn.extend(f"{_lifelines(columns)}  {line}".rstrip() for line in more)
    return drawn


def _label(rung: Rung, start_ms: float, room: int) -> list[str]:
    """The label of an arrow: the words, the time at the right edge, and the mark on its own line."""
    time = f"{rung.ms - start_ms:.0f} ms"
    space = max(8, room - len(time) - 1)
    text = rung.text if len(rung.text) <= space else rung.text[: space - 1] + "…"
    return [f"{text:<{space}} {time}", *([rung.mark[:room]] if rung.mark else [])]


def _lifelines(columns: Sequence[int]) -> str:
    row = [" "] * (columns[-1] + 1)
    for column in columns:
        row[column] = "│"
    return "".join(row)


def _arrow(rung: Rung, columns: Sequence[int], names: Sequence[str]) -> str:
    row = list(_lifelines(columns))
    start, end = columns[names.index(rung.agent)] if rung.agent in names else columns[0], columns[-1]
    stroke, crossing = ("┄", "┆") if rung.kind == "notification" else ("─", "┼")
    for place in range(start + 1, end):
        row[place] = crossing if place in columns else stroke
    if rung.towards_server:
        row[end - 1] = "▶"
    else:
        row[start + 1] = "◀"
    return "".join(row)


# SVG -----------------------------------------------------------------------------------------------------------------

_STEP, _TOP, _GAP, _LEFT = 34, 46, 150, 64
_STYLE = (
    "text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#1c2430;paint-order:stroke;stroke:#fff;stroke-width:4px}"
    ".who{font-weight:600;text-anchor:middle}.ms{fill:#5b6675;font-size:10px;text-anchor:end}"
    ".life{stroke:#b9c2cf;stroke-width:1}.request{stroke:#1b5fae}.response{stroke:#6b7685}"
    ".notification{stroke:#0b7a5e;stroke-dasharray:5 4}.arrow{stroke-width:1.6;fill:none}"
    ".tip-request{fill:#1b5fae}.tip-response{fill:#6b7685}.tip-notification{fill:#0b7a5e}"
    ".bad{stroke:#b3261e}.tip-bad{fill:#b3261e}.mark{fill:#b3261e;font-weight:600}"
)


def as_svg(all_rungs: Sequence[Rung], title: str) -> str:
    """The ladder as one SVG element with its own style, readable on white; screen readers read `title`."""
    names = participants(all_rungs)
    place = {name: _LEFT + _GAP * index for index, name in enumerate(names)}
    ends = [place.get(rung.agent, place[SERVER]) + len(rung.text) * 7 + 20 for rung in all_rungs]
    width = max([place[SERVER] + 60 if len(names) > 1 else 200, *ends])
    height = _TOP + _STEP * len(all_rungs) + 16
    start_ms = all_rungs[0].ms if all_rungs else 0.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)} '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for name, x in place.items():
        parts.append(f'<text class="who" x="{x}" y="20">{escape(name)}</text>')
        parts.append(f'<line class="life" x1="{x}" y1="28" x2="{x}" y2="{height - 8}"/>')
    for index, rung in enumerate(all_rungs):
        parts.append(_svg_rung(rung, place, _TOP + _STEP * index + 12, rung.ms - start_ms))
    return "".join([*parts, "</svg>"])


def _svg_rung(rung: Rung, place: Mapping[str, int], y: int, ms: float) -> str:
    agent, server = place.get(rung.agent, place[SERVER]), place[SERVER]
    start, end = (agent, server) if rung.towards_server else (server, agent)
    tip = 7 if end > start else -7
    style = "bad" if rung.mark else rung.kind
    left = min(agent, server) + 8
    mark = f' <tspan class="mark">{escape(rung.mark)}</tspan>' if rung.mark else ""
    dashed = ' stroke-dasharray="5 4"' if rung.kind == "notification" else ""
    return (
        f'<text x="{left}" y="{y - 6}">{escape(rung.text)}{mark}</text>'
        f'<line class="arrow {style}"{dashed} x1="{start}" y1="{y}" x2="{end - tip}" y2="{y}"/>'
        f'<path class="tip-{style}" d="M{end} {y}l{-tip} -4v8z"/>'
        f'<text class="ms" x="{_LEFT - 12}" y="{y + 3}">{ms:.0f} ms</text>'
    )
