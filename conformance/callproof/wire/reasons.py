"""Translates the exceptions of the network libraries into a `Reason`, which reports show."""

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
"""The most specific first; the first one in the chain of causes counts."""


def reason_of(error: Exception) -> Reason:
    """Return why the network failed."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for kind, reason in _CAUSES:
        if any(isinstance(link, kind) for link in chain):
            return reason
    # httpx has one class for a peer that closed the connection and one that does not speak HTTP.
    return Reason.CONNECTION_LOST if "disconnected" in str(error) else Reason.NOT_HTTP
