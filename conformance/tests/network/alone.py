"""Run as `python alone.py FILE COMMAND...` in a network namespace of its own.

Switches loopback on, runs the command, writes to FILE how many messages to other addresses the kernel refused for want of a route, and
ends with the command's exit code. The kernel counts for all processes and all libraries, compiled ones too.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

_SET_FLAGS, _IS_UP = 0x8914, 0x1  # SIOCSIFFLAGS and IFF_UP of Linux


def switch_loopback_on() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sh14x", b"lo", _IS_UP))


def unroutable() -> int:
    """OutNoRoutes of IPv4 and of IPv6."""
    names, numbers = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()[:2])
    found = int(numbers[names.index("OutNoRoutes")])
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        if line.startswith("Ip6OutNoRoutes"):
            found += int(line.split()[1])
    return found


if __name__ == "__main__":
    switch_loopback_on()
    before = unroutable()
    done = subprocess.run(sys.argv[2:], check=False)
    Path(sys.argv[1]).write_text(str(unroutable() - before))
    sys.exit(done.returncode)
