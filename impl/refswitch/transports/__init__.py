"""The Bayeux server on the wire: raw ASGI applications, and the courier that wakes them."""

from .callback_polling import CallbackPolling
from .courier import Courier
from .identity import Authenticate, Identity
from .long_polling import LongPolling
from .websocket import WebSocket

__all__ = ["Authenticate", "CallbackPolling", "Courier", "Identity", "LongPolling", "WebSocket"]
