"""Ends the calls that an earlier run left, by its ledger and a target file, as `callproof cleanup` does."""

from __future__ import annotations

from contextlib import suppress

from callproof.not_written import FileNotWritten
from callproof.runner.connecting import network_sessions
from callproof.runner.ledger import Ledger
from callproof.runner.masking import redactor_for
from callproof.runner.preflight import NotReady, log_in
from callproof.runner.recognising import recognise
from callproof.runner.teardown import clean_up
from callproof.target.target import Target
from callproof.wire import Clock, SystemClock, Transcript


async def clean_up_after(ledger: Ledger, target: Target, clock: Clock | None = None) -> tuple[str, ...]:
    """End the calls that an earlier run left, by its ledger; return a line for every call that may still be up.

    The ledger records what was ended; if it cannot be written, the calls are ended all the same, and its `failure` says why. If one agent
    cannot log in, or the ledger belongs to another server, the lines say so. Raises LedgerNotUsable when another process works with it.
    """
    clock = SystemClock() if clock is None else clock
    waiting = tuple(
        dict.fromkeys((*(leg.agent for leg in (*ledger.open_legs, *ledger.doubtful)), *ledger.waiting))
    )
    helpless = {agent: why for agent in waiting if (why := _why_not(agent, ledger, target))}
    known = tuple(agent for agent in waiting if agent not in helpless)
    redactor = redactor_for(target)
    sessions = network_sessions(target, known, Transcript(clock, redactor), clock)
    with suppress(FileNotWritten):
        ledger.resume()
    try:
        for agent in known:
            try:
                await log_in(sessions, agent, target)
            except NotReady as error:
                helpless[agent] = str(error)
        able = tuple(agent for agent in known if agent not in helpless)
        await recognise(sessions, ledger, target, able, clock.now().timestamp())
        return tuple(map(redactor.shown, await clean_up(sessions, ledger, helpless)))
    finally:
        ledger.close()
        await sessions.close()


def _why_not(agent: str, ledger: Ledger, target: Target) -> str:
    """Why nothing can be asked as this agent; empty if it can."""
    if ledger.base_url != target.base_url:
        return f"it is on {ledger.base_url}, but the target is {target.base_url}; name the other target file"
    return "" if agent in target.agents else f"agents.{agent} is not in the target file"
