"""`callproof listen URL`: prints each notification as it arrives, with a verdict by the contract's schemas."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from callproof import limits
from callproof.aiobayeux import Session
from callproof.bayeux import Delivered
from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, FINDINGS, INTERRUPTED, NOT_JUDGED, SUITE_ERROR
from callproof.commands.interrupts import Interrupts, say
from callproof.commands.listening.access import http_agent
from callproof.commands.listening.options import DEFAULT_CHANNEL, Options, options_in
from callproof.commands.listening.printing import as_json, as_text, is_broken, was_judged
from callproof.commands.listening.reports import Reports
from callproof.commands.streams import mask_errors
from callproof.commands.unblocked import Unblocked
from callproof.target.target import TRANSPORTS
from callproof.validator.finding import printable
from callproof.validator.payload import BAYEUX, validate
from callproof.validator.schemas import Schemas
from callproof.wire import HttpAgent


def main(arguments: list[str]) -> int:
    """Listen until stopped; return the exit code. Raises Stopped."""
    options = options_in(arguments)
    contract = contract_at(options.contract)
    schemas = Schemas(contract.openapi, contract.asyncapi)
    agent = http_agent(options, os.environ)
    mask_errors(agent.transcript.redactor.shown)
    lines = Unblocked()
    try:
        tally = asyncio.run(_listen(agent, options, schemas, lines))
    finally:
        if lines.is_stuck(limits.SECOND_INTERRUPT.default / 2):
            say("callproof listen: nobody reads the output, so its last line was not written\n")
            os._exit(SUITE_ERROR)
    if not tally.judged:
        described = " that the contract describes" if tally.heard else ""
        print(f"callproof listen: no notification{described} arrived, so nothing was judged", file=sys.stderr)
        return NOT_JUDGED
    return FINDINGS if tally.broken else CLEAN


class _Tally:
    """How many notifications have arrived, how many of them the contract describes, and how many break it."""

    def __init__(self) -> None:
        self.heard = 0
        self.judged = 0
        self.broken = 0


async def _listen(agent: HttpAgent, options: Options, schemas: Schemas, lines: Unblocked) -> _Tally:
    """Print what arrives until told to stop. Raises Stopped."""
    session = Session(
        options.url,
        list(dict.fromkeys(options.channel)) or [DEFAULT_CHANNEL],
        connection_types=TRANSPORTS[options.transport],
        agent=agent,
    )
    tally, write, redactor = _Tally(), as_json if options.json else as_text, agent.transcript.redactor
    reports = Reports(session, options.user, options.transport)
    async with _until_told_to_stop(options.seconds), agent, session:
        async for happening in session:
            if isinstance(happening, Delivered):
                message = {"channel": happening.channel, "data": happening.data}
                found = validate(message, schemas, BAYEUX).findings
                tally.heard += 1
                tally.judged += was_judged(found)
                tally.broken += is_broken(found)
                await lines.write(write(happening, found, datetime.now(UTC), redactor), sys.stdout)
                if tally.heard == options.count:
                    return tally
            elif line := reports.line(happening):
                await lines.write(printable(redactor.shown(line)), sys.stderr)
        raise reports.ended()
    return tally


@asynccontextmanager
async def _until_told_to_stop(seconds: float | None) -> AsyncIterator[None]:
    """End at Ctrl-C, at SIGTERM or when the time is up; none of them is a failure. A second signal ends the process."""
    listening = asyncio.current_task()
    loop = asyncio.get_running_loop()
    assert listening is not None

    def stop() -> None:
        loop.call_soon_threadsafe(listening.cancel)

    with (
        Interrupts("listen", stop, lambda: ("nothing more is written", INTERRUPTED)),
        suppress(TimeoutError, asyncio.CancelledError),
    ):
        async with asyncio.timeout(seconds):
            yield
