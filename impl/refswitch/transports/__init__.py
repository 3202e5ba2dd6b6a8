"""The Bayeux server on the wire: plain ASGI applications, and the courier that wakes them."""

from .callback_polling import CallbackPolling
from .courier import Courier
from .long_polling import LongPolling
from .sender import Authenticate, End, Sender
from .websocket import WebSocket

__all__ = ["Authenticate", "CallbackPolling", "Courier", "End", "LongPolling", "Sender", "WebSocket"]
