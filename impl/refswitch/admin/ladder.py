"""A journal as a Mermaid sequence diagram: one line for each agent and one for the switch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from refswitch.journal import Entry
from refswitch.json_values import object_at

Facts = dict[str, Any]
_SWITCH = "refswitch"
_NOBODY = "nobody"


def ladder(entries: Iterable[Entry]) -> str:
    """The whole diagram. Of the Bayeux messages it shows the events, and of the commands those that no request caused."""
    facts = [entry.facts() for entry in entries]
    agents = dict.fromkeys(_agent(one) for one in facts if one["kind"] != "state")
    participants = [f"participant {agent}" for agent in (*agents, _SWITCH)]
    drawn = [_LINES.get(f"{one['kind']} {one['event']}", _note)(one) for one in facts]
    return "\n  ".join(("sequenceDiagram", *participants, *filter(None, drawn))) + "\n"


def _agent(facts: Facts) -> str:
    return _text(facts.get("agent") or _NOBODY)


def _request(facts: Facts) -> str:
    name = object_at(facts, "body").get("operationName", "")
    return f"{_agent(facts)}->>{_SWITCH}: {_text(facts['method'], facts['path'], name)}"


def _answer(facts: Facts) -> str:
    return (
        f"{_SWITCH}-->>{_agent(facts)}: {_text(facts['status'], 'statusCode', facts.get('statusCode', '-'))}"
    )


def _event(facts: Facts) -> str:
    """An event; replies to a client's own messages are left out."""
    data = object_at(facts, "message", "data")
    if not data:
        return ""
    call = object_at(data, "call")
    known = [call.get("state", ""), call.get("id", "")]
    kind = data.get("notificationType", data.get("messageType", ""))
    return f"{_SWITCH}-){_agent(facts)}: {_text(kind, *known)}"


def _note(facts: Facts) -> str:
    """Something that the network or the administrator did."""
    known = {**facts.get("command", {}), **facts.get("facts", {})}
    said = [value for value in (*known.values(), *known.get("body", {}).values()) if _is_simple(value)]
    return f"Note over {_SWITCH}: {_text(facts['event'], *said)}"


def _is_simple(value: object) -> bool:
    return isinstance(value, str | int | float)


def _nothing(facts: Facts) -> str:
    return ""


#: What is not drawn as a note, by kind and event.
_LINES: Mapping[str, Callable[[Facts], str]] = {
    "http request": _request,
    "http answer": _answer,
    "cometd in": _nothing,
    "cometd out": _event,
    "state Operate": _nothing,
    "state Dial": _nothing,
}


def _text(*said: object) -> str:
    """The text without characters that have a meaning in Mermaid."""
    return re.sub(r"[^0-9A-Za-z/_.,@+*-]+", " ", " ".join(map(str, said))).strip() or "-"
