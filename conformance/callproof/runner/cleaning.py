"""Ends the calls that an earlier run left, by its ledger and a target file, as `callproof cleanup` does."""

from __future__ import annotations

from callproof.runner.connecting import network_sessions
from callproof.runner.ledger import Ledger
from callproof.runner.masking import redactor_for
from callproof.runner.preflight import NotReady, log_in
from callproof.runner.teardown import clean_up
from callproof.target.target import Target
from callproof.wire import Clock, SystemClock, Transcript


async def clean_up_after(ledger: Ledger, target: Target, clock: Clock | None = None) -> tuple[str, ...]:
    """End the calls that an earlier run left, by its ledger; return a line for every call that may still be up.

    The ledger records what was ended. If one agent cannot log in, the calls of the others are still ended.
    Raises NotReady when the ledger belongs to another server, LedgerNotUsable when it cannot be written.
    """
    if ledger.base_url != target.base_url:
        raise NotReady(
            f"the ledger belongs to {ledger.base_url}, but the target is {target.base_url}; name the other target file"
        )
    clock = SystemClock() if clock is None else clock
    waiting = tuple(dict.fromkeys((*(leg.agent for leg in ledger.open_legs), *ledger.waiting)))
    known = tuple(agent for agent in waiting if agent in target.agents)
    helpless = {agent: f"agents.{agent} is not in the target file" for agent in waiting if agent not in known}
    redactor = redactor_for(target)
    sessions = network_sessions(target, known, Transcript(clock, redactor), clock)
    ledger.resume()
    try:
        for agent in known:
            try:
                await log_in(sessions, agent, target)
            except NotReady as error:
                helpless[agent] = str(error)
        return tuple(map(redactor.shown, await clean_up(sessions, ledger, helpless)))
    finally:
        ledger.close()
        await sessions.close()
