"""The suite's hands and ears: HTTP and Bayeux sessions as one agent, and the record of all that was said.

`HttpAgent` sends requests and returns frozen `Exchange` or `NoAnswer` values. `Recorder` keeps a Bayeux
session and writes down what comes. `Transcript` keeps everything in one time order, masked.
"""

from .clock import Clock, SystemClock
from .exchange import NOBODY, Credentials, Exchange, Identity, NoAnswer, NotJson, Reason, read_json
from .heard import Fact, FactKind, Heard, NotReady, Ready, Remark
from .http import ABSENT, Absent, Content, HttpAgent, Traffic
from .journal import Journal
from .limits import TokenBucket, seconds_to_wait
from .long_polling import Carried, Carrier, LongPolling, NotCarried
from .recorder import Recorder
from .redaction import Redactor
from .tls import CertificatesUnusable, tls_context
from .transcript import Entry, Kind, Transcript

__all__ = [
    "ABSENT",
    "NOBODY",
    "Absent",
    "Carried",
    "Carrier",
    "CertificatesUnusable",
    "Clock",
    "Content",
    "Credentials",
    "Entry",
    "Exchange",
    "Fact",
    "FactKind",
    "Heard",
    "HttpAgent",
    "Identity",
    "Journal",
    "Kind",
    "LongPolling",
    "NoAnswer",
    "NotCarried",
    "NotJson",
    "NotReady",
    "Ready",
    "Reason",
    "Recorder",
    "Redactor",
    "Remark",
    "SystemClock",
    "TokenBucket",
    "Traffic",
    "Transcript",
    "read_json",
    "seconds_to_wait",
    "tls_context",
]
