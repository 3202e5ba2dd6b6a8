"""Records a sandbox's HTTP requests and answers in its journal: method, path, query, bodies and outcome, but no headers."""

from __future__ import annotations

from .asgi import Application, Event, Receive, Scope, Send
from .journal import MOST_BODY
from .request import request_of
from .sandboxes import sandbox_of


class HttpJournal:
    """An ASGI application around another, inside a sandbox."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, journal = request_of(scope), sandbox_of(scope).journal
        asked, told = bytearray(), bytearray()
        is_noted, status = False, 0

        def note() -> None:
            nonlocal is_noted
            if not is_noted:
                is_noted = True
                journal.request(request, bytes(asked))

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
                    journal.answer(request, status, bytes(told))
            await send(event)

        await self._application(scope, receive_noted, send_noted)
