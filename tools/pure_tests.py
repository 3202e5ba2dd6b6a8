"""Finds the pure tests by watching them run. A pytest plugin: `python -m pytest -p tools.pure_tests` with one of its options.

`--pure` runs the pure tests only: a test is stopped the moment it starts a process, opens a port, looks up a host or runs an event loop,
and is counted as left out. No list names these tests, so none can go stale; only slow tests have a marker.
`--list-outside FILE` runs everything, and lists the tests that started a process or used a port: `python -m pytest @FILE` runs those.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import Counter
from collections.abc import Coroutine, Generator, Mapping
from pathlib import Path

import pytest

#: Why a test is not pure, in the order of the summary.
KINDS: Mapping[str, str] = {
    "process": "start a process",
    "port": "open a port or look up a host",
    "loop": "run on an event loop with a real clock",
    "slow": "take long",
}
#: The kinds that other programs on the machine can disturb.
OUTSIDE = ("process", "port")
#: The audit events that show them (Python documentation, Audit events table).
_EVENTS: Mapping[str, str] = {
    "os.exec": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.posix_spawn": "process",
    "os.system": "process",
    "subprocess.Popen": "process",
    "socket.__new__": "port",
    "socket.getaddrinfo": "port",
}
#: Markers of tests that take long: ours, and that of Hypothesis, which tries hundreds of examples.
_SLOW = ("slow", "hypothesis")
_PROPERTY = "not pure"


class LeftOut(pytest.skip.Exception):  # type: ignore[name-defined, misc]  # pytest.skip is an object
    """Stops a test for one of the `KINDS`. It is not an `Exception`, so the code under test does not handle it as its own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(KINDS[kind], _use_item_location=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    parser.addoption(
        "--pure", action="store_true", help="leave out what is not pure, and say how much that is"
    )
    parser.addoption(
        "--list-outside", metavar="FILE", type=Path, help="write the ids of tests with processes and ports"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests of this process, and sum up where the reports of all processes arrive."""
    config.pluginmanager.register(_Stopping() if config.option.pure else _Watching())
    if not hasattr(config, "workerinput"):  # a worker of pytest-xdist has it
        config.pluginmanager.register(_Summary(config.option.list_outside))


class _Watching:
    """Adds to the report of a test what the test did. An audit hook cannot be removed, so it is idle between tests."""

    def __init__(self) -> None:
        self._is_watching = False
        self._kind: str | None = None
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        is_pair_of_event_loop = event == "socket.__new__" and arguments[1] == socket.AF_UNIX
        if self._is_watching and event in _EVENTS and not is_pair_of_event_loop:
            self._note(_EVENTS[event])

    def _note(self, kind: str) -> None:
        self._kind = self._kind or kind

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        self._is_watching, self._kind = True, None
        try:
            return (yield)
        finally:
            self._is_watching = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if self._kind is not None:
            report.user_properties.append((_PROPERTY, self._kind))
        return report


class _Stopping(_Watching):
    """Stops a test as soon as it is known not to be pure."""

    def __init__(self) -> None:
        super().__init__()
        self._is_reported = False
        asyncio.run = self._run  # type: ignore[assignment]

    def _run(self, main: Coroutine[object, object, object], **_: object) -> None:
        """Replaces `asyncio.run`. A test with its own event loop has its own clock too."""
        main.close()
        self._note("loop")

    def _note(self, kind: str) -> None:
        super()._note(kind)
        raise LeftOut(kind)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._is_reported = False
        if any(item.get_closest_marker(name) for name in _SLOW):
            self._note("slow")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report a stopped test as skipped, even if it failed: the failure says nothing about the code."""
        report = yield
        if call.excinfo is not None and isinstance(call.excinfo.value, LeftOut):
            self._kind = call.excinfo.value.kind  # also when it was a fixture, stopped for an earlier test
        if self._kind is not None:
            report.outcome, report.longrepr = "passed", None
            if not self._is_reported:
                report.outcome, report.longrepr = "skipped", (report.nodeid, 0, KINDS[self._kind])
                report.user_properties.append((_PROPERTY, self._kind))
                self._is_reported = True
        return report


class _Summary:
    """Collects the reports of all processes, and sums them up at the end."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._left_out: dict[str, str] = {}
        self._outside: dict[str, None] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        kind = dict(report.user_properties).get(_PROPERTY)
        if kind in OUTSIDE:
            self._outside[report.nodeid] = None
        if report.outcome != "skipped" or kind is None:
            return None
        self._left_out[report.nodeid] = str(kind)
        return "left out", "-", "LEFT OUT"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._left_out:
            counts = Counter(self._left_out.values())
            reasons = ", ".join(f"{counts[kind]} that {what}" for kind, what in KINDS.items())
            summary = f"{len(self._left_out)} tests were left out: {reasons}. `make test` runs everything."
            terminalreporter.write_line(summary)
        if self._file is not None:
            self._file.write_text("".join(f"{name}\n" for name in self._outside), encoding="utf-8")
