"""The Bayeux server on the wire: raw ASGI applications, and the courier that wakes them."""

from .asgi import Authenticate, Headers, Identity, Refusal
from .callback_polling import CallbackPolling
from .courier import Courier
from .long_polling import LongPolling
from .websocket import WebSocket, refuse_upgrade

__all__ = [
    "Authenticate",
    "CallbackPolling",
    "Courier",
    "Headers",
    "Identity",
    "LongPolling",
    "Refusal",
    "WebSocket",
    "refuse_upgrade",
]
