"""The journal: read it, or compare it with expectations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from refswitch import limits
from refswitch.journal import Entry, Kind
from refswitch.refusals import BadValue, RequestRefused

from .expectation import Expectation
from .ladder import ladder
from .request import AdminRequest, Json, Text


class NotAsExpected(RequestRefused):
    """The journal does not meet the expectations."""


def read_journal(request: AdminRequest) -> Json:
    """The oldest entries after `since`. Pass `next` as `since` to read on."""
    entries = _entries(request.sandbox.journal.entries, request.query)[: limits.JOURNAL_PAGE.default]
    since = _since(request.query)
    return {
        "entries": [entry.facts() for entry in entries],
        "next": entries[-1].number if entries else max(since, request.sandbox.journal.last),
        "lost": max(0, request.sandbox.journal.lost - since),
    }


def stream_journal(request: AdminRequest) -> Text:
    """All entries, one per line."""
    entries = _entries(request.sandbox.journal.entries, request.query)
    return Text("application/x-ndjson", "".join(json.dumps(entry.facts()) + "\n" for entry in entries))


def draw_journal(request: AdminRequest) -> Text:
    """A Mermaid sequence diagram of the agents and the messages between them and the switch."""
    return Text("text/plain", ladder(_entries(request.sandbox.journal.entries, request.query)))


def verify_journal(request: AdminRequest) -> Json:
    """Check the journal. Raises NotAsExpected, which names the nearest miss."""
    body: Mapping[str, Any] = request.body
    entries = list(request.sandbox.journal.entries(body.get("since", 0), body.get("kind")))
    expectation = Expectation(
        body["expect"], is_ordered=body.get("ordered", True), no_others=body.get("noOthers", False)
    )
    matched, problem = expectation.match([entry.facts() for entry in entries])
    if problem:
        raise NotAsExpected(problem)
    return {"statusCode": 0, "matched": [entries[index].number for index in matched]}


def _entries(entries: Any, query: Mapping[str, str]) -> Sequence[Entry]:
    kind = query.get("kind")
    if kind not in (None, *get_args(Kind)):
        raise BadValue("query parameter kind", f"must be one of {', '.join(get_args(Kind))}")
    return list(entries(_since(query), kind))


def _since(query: Mapping[str, str]) -> int:
    text = query.get("since", "0")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadValue("query parameter since", "must be the number of an entry")
    return int(text)
