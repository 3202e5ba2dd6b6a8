"""HTTP and WebSocket as one agent, and the record of every message.

`HttpAgent` sends requests, returns frozen `Exchange` or `NoAnswer` values, and opens WebSockets. `Recorder` observes a Bayeux session and
keeps what it receives. `Transcript` keeps everything in order of time, with secrets masked.
"""

from callproof.redaction import Redactor

from .clock import Clock, SystemClock
from .credentials import NOBODY, Basic, Bearer, Credentials, Identity
from .exchange import Delivery, Exchange, NoAnswer, NotJson, NotRead, Reason, read_json
from .http import ABSENT, Absent, HttpAgent, Traffic, learn_secrets
from .limits import Bounds, TokenBucket, seconds_to_wait
from .line_file import LineFile
from .received import Fact, FactKind, Received
from .recorder import Recorder, wait_for_change
from .tls import CertificatesUnusable, tls_context
from .transcript import Entry, Kind, Transcript, Unrecorded
from .web_socket import SocketClosed, WebSocket

__all__ = [
    "ABSENT",
    "NOBODY",
    "Absent",
    "Basic",
    "Bearer",
    "Bounds",
    "CertificatesUnusable",
    "Clock",
    "Credentials",
    "Delivery",
    "Entry",
    "Exchange",
    "Fact",
    "FactKind",
    "HttpAgent",
    "Identity",
    "Kind",
    "LineFile",
    "NoAnswer",
    "NotJson",
    "NotRead",
    "Reason",
    "Received",
    "Recorder",
    "Redactor",
    "SocketClosed",
    "SystemClock",
    "TokenBucket",
    "Traffic",
    "Transcript",
    "Unrecorded",
    "WebSocket",
    "learn_secrets",
    "read_json",
    "seconds_to_wait",
    "tls_context",
    "wait_for_change",
]
