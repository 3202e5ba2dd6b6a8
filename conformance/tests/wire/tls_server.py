"""A real TLS server in a thread: it answers every request with `{}`, and reads on after an alert, so that the client can read it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conformance.tests import certificates

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def context(
    cert: Path = certificates.SERVER, key: Path = certificates.SERVER_KEY, *, wants_client: bool = False
) -> ssl.SSLContext:
    """The server's side of TLS; if it wants a client certificate, one of the tests' authority."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(cert, key)
    if wants_client:
        made.load_verify_locations(certificates.CA)
        made.verify_mode = ssl.CERT_REQUIRED
    return made


@contextmanager
def tls_server(tls: ssl.SSLContext | None, answer: bytes = ANSWER) -> Iterator[int]:
    """Serve until the block ends; yields the port. Without TLS, every connection gets the answer at once, whatever it says."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listening, tls, answer), daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _serve(listening: socket.socket, tls: ssl.SSLContext | None, answer: bytes) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_talk, args=(connection, tls, answer), daemon=True).start()


def _talk(connection: socket.socket, tls: ssl.SSLContext | None, answer: bytes) -> None:
    connection.settimeout(30)
    with connection, suppress(OSError):
        if tls is None:
            connection.recv(65536)
            connection.sendall(answer)
            _drain(connection)
            return
        try:
            secured = tls.wrap_socket(connection.dup(), server_side=True, do_handshake_on_connect=False)
            with secured:
                secured.do_handshake()
                while secured.recv(65536):
                    secured.sendall(answer)
        finally:
            _drain(connection)


def _drain(connection: socket.socket) -> None:
    """Closing with unread bytes would reset the connection, and the alert would be lost."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass
