"""The socket that the server listens on. It is bound before anything else starts, so that a bad address is reported at once."""

from __future__ import annotations

import errno
import logging
import socket

from refswitch.seats import Seating
from refswitch.violations import shown

from .exits import CannotServe

_LOOPBACK = ("127.", "::1", "localhost")


def listening(host: str, port: int) -> socket.socket:
    """Open a listening socket. Raises CannotServe, which names the remedy."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, ValueError):  # ValueError: not a host name, such as a..b or a NUL
        raise CannotServe(
            f"there is no host {shown(host)} to listen on; name one of this machine's addresses with --host"
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _refusal(host, port, error) from None
    return listener


def warn_of_guessable_passwords(host: str, seating: Seating) -> None:
    """Log a warning if other machines can reach seats whose password is their number or login name."""
    guessable = [seat.login for seat in seating.seats if seat.has_guessable_password]
    if guessable and not host.startswith(_LOOPBACK):
        logging.getLogger("refswitch").warning(
            "%s can be reached from other machines, and the password of %s is easy to guess; "
            "give every seat a password with --seats, or listen on 127.0.0.1",
            host,
            ", ".join(guessable[:5]) + (f" and {len(guessable) - 5} more" if len(guessable) > 5 else ""),
        )


def _refusal(host: str, port: int, error: OSError) -> CannotServe:
    if isinstance(error, PermissionError):
        return CannotServe(f"this user may not use port {port}; choose one above 1023 with --port")
    remedy = "stop the program that listens there, or choose another port with --port (0 takes a free one)"
    if error.errno == errno.EADDRNOTAVAIL:
        remedy = "name one of this machine's addresses with --host"
    reason = (error.strerror or str(error)).lower()
    return CannotServe(f"cannot listen on {host} port {port} ({reason}); {remedy}")
