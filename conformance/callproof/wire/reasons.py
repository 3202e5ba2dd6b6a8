"""Translates the exceptions of the network libraries into a `Reason` and a detail, which reports show."""

import socket
import ssl
from collections.abc import Mapping

import httpx
from websockets.exceptions import ProxyError

from .exchange import Reason

_CAUSES: tuple[tuple[type[BaseException], Reason], ...] = (
    (ssl.SSLError, Reason.TLS_FAILED),
    (socket.gaierror, Reason.HOST_NOT_FOUND),
    (ConnectionRefusedError, Reason.CONNECTION_REFUSED),
    (httpx.ProxyError, Reason.PROXY_REFUSED),
    (ProxyError, Reason.PROXY_REFUSED),
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


_WANTS_CERTIFICATE = "it wants a client certificate: name one"
_REFUSES_CERTIFICATE = "it does not accept the client certificate"
_OTHER_VERSIONS = "it speaks no version of TLS that the suite speaks, which are 1.2 and 1.3"
_NO_TLS = "what answers there does not speak TLS; does the address begin with http://?"

_TLS: Mapping[str, str] = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": _WANTS_CERTIFICATE,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it refuses the handshake; it may want a client certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": _REFUSES_CERTIFICATE,
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": _REFUSES_CERTIFICATE,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": _REFUSES_CERTIFICATE,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": _REFUSES_CERTIFICATE + ", which has expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": _REFUSES_CERTIFICATE,
    "TLSV1_ALERT_UNKNOWN_CA": _REFUSES_CERTIFICATE + ", because it does not know its authority",
    "TLSV1_ALERT_ACCESS_DENIED": _REFUSES_CERTIFICATE,
    "TLSV1_ALERT_PROTOCOL_VERSION": _OTHER_VERSIONS,
    "UNSUPPORTED_PROTOCOL": _OTHER_VERSIONS,
    "WRONG_VERSION_NUMBER": _NO_TLS,
    "HTTP_REQUEST": _NO_TLS,
    "TLSV1_UNRECOGNIZED_NAME": "it has no certificate for this host name",
}
"""What the reasons of OpenSSL mean to a person who must make a server reachable."""


def detail_of(error: Exception) -> str:
    """Return what the network said, as a clause; for TLS, what is wrong and with whose certificate."""
    found = next((link for link in _chain(error) if isinstance(link, ssl.SSLError)), None)
    if isinstance(found, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {found.verify_message}"
    meaning = _TLS.get(getattr(found, "reason", None) or "", "") if found else ""
    return f"{meaning} ({found.reason})" if found and meaning else str(error)


def _chain(error: Exception) -> list[BaseException]:
    """The error, and the errors that caused it."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def reason_of(error: Exception) -> Reason:
    """Return why the network failed."""
    chain = _chain(error)
    for kind, reason in _CAUSES:
        if any(isinstance(link, kind) for link in chain):
            return reason
    # httpx has one class for a peer that closed the connection and one that does not speak HTTP.
    return Reason.CONNECTION_LOST if "disconnected" in str(error) else Reason.NOT_HTTP
