"""The Bayeux server on the wire: raw ASGI applications, and the courier that wakes them."""

from .asgi import Authenticate, Headers, Identity, Refusal
from .courier import Courier
from .long_polling import LongPolling
from .websocket import MOST_FRAME, WebSocket

__all__ = [
    "MOST_FRAME",
    "Authenticate",
    "Courier",
    "Headers",
    "Identity",
    "LongPolling",
    "Refusal",
    "WebSocket",
]
