"""From a target to its agents' lines over the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from callproof.runner.lines import CHANNEL, WireLines
from callproof.target.target import Target
from callproof.wire import Clock, Credentials, HttpAgent, Recorder, TokenBucket, Transcript, tls_context


def wire_lines(target: Target, agents: Sequence[str], transcript: Transcript, clock: Clock) -> WireLines:
    """A line for each of these agents; their sessions are not open yet."""
    burst = max(1, int(target.requests_per_s or 1))
    limiter = TokenBucket(clock, target.requests_per_s, burst)
    tls = (
        tls_context(Path(target.tls.ca_file) if target.tls.ca_file else None, verify=target.tls.verify)
        if target.tls
        else None
    )
    http = {
        name: HttpAgent(
            name,
            target.base_url,
            transcript,
            credentials=Credentials(target.agents[name].user, target.agents[name].password),
            clock=clock,
            limiter=limiter,
            timeout_s=target.http_timeout_s * target.time_factor,
            tls=tls,
        )
        for name in agents
    }
    recorders = {name: Recorder(agent, target.cometd_url, [CHANNEL]) for name, agent in http.items()}
    return WireLines(http, recorders, target.cometd_url, clock)
