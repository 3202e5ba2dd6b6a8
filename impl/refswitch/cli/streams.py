"""The standard streams: making them usable at the start, and writing to them."""

from __future__ import annotations

import io
import json
import logging
import os
import sys

from refswitch.request_log import LogFormat

from .log_writer import LogWriter

NO_OUTPUT = "cannot write to standard output ({}); redirect it elsewhere"


def prepare_standard_streams() -> None:
    """Open the null device in place of any closed stream: otherwise a socket could get its number and be mistaken for it."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    # Python sets a stream that it found closed to None, and print(file=None) writes to standard output.
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115  # open as long as the process runs
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115  # likewise
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # such a name must not stop the server


def forget_standard_output() -> None:
    """Discard what could not be written, so that Python does not try again when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def log_to(log: LogWriter, form: LogFormat) -> None:
    """Write warnings and errors of every library, and what the server itself notes, in the form of the request lines."""
    handler = _LogHandler(log)
    handler.setFormatter(
        _JsonFormatter() if form == "json" else logging.Formatter("refswitch: %(levelname)s: %(message)s")
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("refswitch").setLevel(logging.INFO)


class _LogHandler(logging.Handler):
    """Passes each record on as lines."""

    def __init__(self, log: LogWriter) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001  # as every handler of logging does: the record, not the server, is wrong
            self.handleError(record)
        else:
            self._log.write(line)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return json.dumps(facts)
