"""Why the network failed: from the exceptions of the network libraries to a word that a report can use."""

import socket
import ssl

import httpx

from .exchange import Reason

_CAUSES: tuple[tuple[type[BaseException], Reason], ...] = (
    (ssl.SSLError, Reason.TLS_FAILED),
    (socket.gaierror, Reason.HOST_NOT_FOUND),
    (ConnectionRefusedError, Reason.CONNECTION_REFUSED),
    (httpx.ConnectError, Reason.CONNECTION_FAILED),
    (httpx.LocalProtocolError, Reason.NOT_SENT),
    (httpx.UnsupportedProtocol, Reason.NOT_SENT),
    (httpx.NetworkError, Reason.CONNECTION_LOST),
    (httpx.TimeoutException, Reason.TIMED_OUT),
    (ConnectionError, Reason.CONNECTION_LOST),
    (EOFError, Reason.CONNECTION_LOST),
    (OSError, Reason.CONNECTION_FAILED),
)
"""From the most telling to the least; the first that is in the chain of causes counts."""


def reason_of(error: Exception) -> Reason:
    """Say in one word of ours what went wrong on the network."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for kind, reason in _CAUSES:
        if any(isinstance(link, kind) for link in chain):
            return reason
    # What is left is a peer that broke off or that speaks something else: httpx has one class for the two.
    return Reason.CONNECTION_LOST if "disconnected" in str(error) else Reason.NOT_HTTP
