"""The log never stops the server, loses nothing that can be written, and says what it lost."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from refswitch.cli.log_writer import LogWriter
from refswitch.limits import WAITING_LOG_BYTES

LINE = "x" * 1_000


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe; a reader sees its end once it has been left."""
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)


def test_lines_are_written_in_order_and_none_is_lost_at_the_end() -> None:
    with pipe() as (reading, writing):
        found: list[bytes] = []
        reader = threading.Thread(target=lambda: found.extend(iter(lambda: os.read(reading, 65_536), b"")))
        reader.start()
        with LogWriter(writing) as log:
            for number in range(10_000):
                log.write(f"{number} é \ud800")
        os.close(writing)
        reader.join()
    assert b"".join(found).decode().splitlines() == [f"{number} é \\ud800" for number in range(10_000)]


def test_a_log_that_nobody_reads_takes_what_fits_and_says_how_many_lines_it_dropped() -> None:
    with pipe() as (reading, writing):
        with LogWriter(writing) as log:
            count = 2 * WAITING_LOG_BYTES.default // len(LINE)
            for _ in range(count):
                log.write(LINE)  # this would block for ever
            found: list[bytes] = []
            reader = threading.Thread(
                target=lambda: found.extend(iter(lambda: os.read(reading, 65_536), b""))
            )
            reader.start()
        os.close(writing)
        reader.join()
    lines = b"".join(found).decode().splitlines()
    told = [line for line in lines if line != LINE]
    dropped = [
        int(match[1])
        for line in told
        if (
            match := re.fullmatch(
                "refswitch: WARNING: (\\d+) lines were dropped, because the log could not be written", line
            )
        )
    ]
    assert len(dropped) == len(told) > 0
    assert len(lines) - len(told) + sum(dropped) == count
    assert sum(dropped) >= count // 2 - 1


def test_lines_that_could_not_be_written_are_counted_once_the_log_can_be_written_again() -> None:
    written: list[bytes] = []
    is_full = threading.Event()
    has_failed = threading.Event()
    is_full.set()

    def write(_: int, content: bytes) -> int:
        if is_full.is_set():
            has_failed.set()
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(content)
        return len(content)

    with LogWriter(2, "json", os_write=write) as log:
        log.write("first")
        assert has_failed.wait(60)
        is_full.clear()
        log.write("second")
    told = b'{"level": "warning", "logger": "refswitch", "message": "1 lines were dropped, because the log could not be written"}\n'
    assert b"".join(written) == told + b"second\n"
