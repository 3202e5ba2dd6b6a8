"""Put on PYTHONPATH, refuses every address but loopback in every Python process below, and writes down each attempt.

An audit hook sees what Python code hands to the operating system, whichever library does it, and cannot be taken away again.
"""

from __future__ import annotations

import ipaddress
import os
import sys

_LOG = os.environ["CALLPROOF_TEST_NETWORK_LOG"]
#: Event -> the place of the host, or of the address, among its arguments.
_EVENTS = {
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.bind": 1,
}


def _write(line: str) -> None:
    with open(_LOG, "a", encoding="utf-8") as log:
        log.write(line + "\n")


def _is_loopback(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    if host is None or (not isinstance(address, tuple) and not isinstance(address, str | bytes)):
        return True  # getaddrinfo without a host, or a message to where the socket is connected: seen when it connected
    if isinstance(host, str) and (host == "localhost" or host.startswith(("/", "\0"))):
        return True  # a socket of the file system stays on this machine
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    place = _EVENTS.get(event)
    if place is not None and not _is_loopback(arguments[place]):
        _write(f"refused {event} {arguments[place]!r}")
        raise PermissionError(f"{event} {arguments[place]!r}: this test allows loopback only")


sys.addaudithook(_guard)
_write(f"guarded {' '.join(sys.orig_argv[1:3])}")
