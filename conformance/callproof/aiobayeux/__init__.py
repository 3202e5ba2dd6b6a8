"""A Bayeux 1.0 client for asyncio: `callproof.bayeux` carried over long-polling or a WebSocket.

>>> async def print_calls():
...     async with Session("http://127.0.0.1:8080/api/v2/notifications", ["/v2/me/calls"], login=("15000", "15000")) as session:
...         async for event in session:
...             if isinstance(event, Delivered):
...                 print(event.channel, event.data)

The session shakes hands, subscribes and stays connected until it is left. If the server forgets it, restarts or cannot be reached, it
pauses, starts again and renews its subscriptions. It yields the events of `callproof.bayeux`, and `Trouble` for network failures.
"""

from callproof.bayeux import Delivered

from .long_polling import LongPolling
from .opening import NotReady, Trouble
from .session import Observer, Session
from .transport import Broken, Refused, Transport
from .web_socket import WebSocket

__all__ = [
    "Broken",
    "Delivered",
    "LongPolling",
    "NotReady",
    "Observer",
    "Refused",
    "Session",
    "Transport",
    "Trouble",
    "WebSocket",
]
