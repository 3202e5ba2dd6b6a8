"""A Bayeux 1.0 server without input and output: you can try it in a console, and it serves any transport."""

from refswitch.json_values import Json

from .channels import HANDSHAKE
from .errors import Cause, NotMessages
from .messages import Message, parse
from .server import Client, Server
from .sessions import ExchangeKey
from .settings import Settings
from .streams import Ending, StreamKey

__all__ = [
    "HANDSHAKE",
    "Cause",
    "Client",
    "Ending",
    "ExchangeKey",
    "Json",
    "Message",
    "NotMessages",
    "Server",
    "Settings",
    "StreamKey",
    "parse",
]
