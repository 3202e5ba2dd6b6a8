"""Puts a sandbox's HTTP requests and answers into its journal: method, path, query, bodies and outcome. Never a header."""

from __future__ import annotations

from .journal import Journal
from .request_log import Application, Event, Receive, Scope, Send, recorded

#: Of a longer body the journal keeps so much.
MOST_BODY = 65_536


class HttpJournal:
    """An ASGI application around another."""

    def __init__(self, application: Application, journal: Journal) -> None:
        self._application = application
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        scope, record = recorded(scope)
        method, path, query = scope["method"], scope["path"], scope["query_string"].decode("latin-1")
        journal, asked, told = self._journal, bytearray(), bytearray()
        is_noted, status = False, 0

        def note() -> None:
            nonlocal is_noted
            if not is_noted:
                is_noted = True
                journal.request(record.agent, method, path, query, bytes(asked))

        async def receive_noted() -> Event:
            event = await receive()
            if event["type"] == "http.request" and not is_noted:
                asked.extend(event.get("body", b"")[: MOST_BODY - len(asked)])
                if not event.get("more_body", False):
                    note()
            return event

        async def send_noted(event: Event) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            if event["type"] == "http.response.body":
                told.extend(event.get("body", b"")[: MOST_BODY - len(told)])
                if not event.get("more_body", False):
                    note()
                    journal.answer(record.agent, record.operation, status, record.status_code, bytes(told))
            await send(event)

        await self._application(scope, receive_noted, send_noted)
