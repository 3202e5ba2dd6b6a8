"""`callproof listen URL`: prints each notification as it arrives, with a verdict by the contract's schemas."""

from __future__ import annotations

import asyncio
import getpass
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from callproof.aiobayeux import Session
from callproof.bayeux import Delivered
from callproof.commands.contracts import contract_at
from callproof.commands.exits import CLEAN, CONFIGURATION, FINDINGS, NOT_JUDGED, Stopped
from callproof.commands.listening.lines import as_json, as_text, is_broken
from callproof.commands.listening.options import DEFAULT_CHANNEL, Options, options_in
from callproof.commands.listening.reports import Reports
from callproof.target.target import TRANSPORTS
from callproof.validator.finding import printable
from callproof.validator.payload import BAYEUX, validate
from callproof.validator.schemas import Schemas
from callproof.wire import CertificatesUnusable, tls_context


def main(arguments: list[str]) -> int:
    """Listen until stopped; return the exit code. Raises Stopped."""
    options = options_in(arguments)
    contract = contract_at(options.contract)
    schemas = Schemas(contract.openapi, contract.asyncapi)
    try:
        tls = tls_context(options.ca_file, verify=not options.insecure)
    except CertificatesUnusable as error:
        raise Stopped(str(error), CONFIGURATION) from None
    session = Session(
        options.url,
        list(dict.fromkeys(options.channel)) or [DEFAULT_CHANNEL],
        login=(options.user, _password(options)),
        connection_types=TRANSPORTS[options.transport],
        tls=tls,
    )
    tally = asyncio.run(_listen(session, options, schemas))
    if not tally.heard:
        print("callproof listen: no notification arrived, so nothing was judged", file=sys.stderr)
        return NOT_JUDGED
    return FINDINGS if tally.broken else CLEAN


class _Tally:
    """How many notifications have arrived, and how many of them break the contract."""

    def __init__(self) -> None:
        self.heard = 0
        self.broken = 0


async def _listen(session: Session, options: Options, schemas: Schemas) -> _Tally:
    tally, write = _Tally(), as_json if options.json else as_text
    reports = Reports(session, options.user, options.transport)
    async with _until_told_to_stop(options.seconds), session:
        async for happening in session:
            if isinstance(happening, Delivered):
                message = {"channel": happening.channel, "data": happening.data}
                found = validate(message, schemas, BAYEUX).findings
                tally.heard += 1
                tally.broken += is_broken(found)
                print(write(happening, found, datetime.now(UTC)), flush=True)
                if tally.heard == options.count:
                    return tally
            elif line := reports.line(happening):
                print(printable(line), file=sys.stderr, flush=True)
        raise reports.ended()
    return tally


@asynccontextmanager
async def _until_told_to_stop(seconds: float | None) -> AsyncIterator[None]:
    """End at Ctrl-C, at SIGTERM or when the time is up; none of them is a failure."""
    listening = asyncio.current_task()
    loop = asyncio.get_running_loop()
    assert listening is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(
            NotImplementedError, RuntimeError
        ):  # Windows has no handlers; asyncio cancels at Ctrl-C
            loop.add_signal_handler(number, listening.cancel)
    with suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(seconds):
            yield


def _password(options: Options) -> str:
    password = os.environ.get(options.password_env)
    if password is not None:
        return password
    if sys.stdin is not None and sys.stdin.isatty():  # it is None when the shell has closed it
        with suppress(EOFError):
            return getpass.getpass(f"password of {options.user}: ")
    raise Stopped(
        f"the password of {options.user} is missing: set the environment variable {options.password_env}",
        CONFIGURATION,
    )
