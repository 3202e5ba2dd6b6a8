"""From a target to its agents' sessions over the network."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.aiobayeux import Session
from callproof.limits import BACKOFF_S
from callproof.runner.network_sessions import CHANNEL, NetworkSessions
from callproof.target.target import TRANSPORTS, Target
from callproof.wire import Clock, HttpAgent, Recorder, TokenBucket, Transcript


def network_sessions(
    target: Target, agents: Sequence[str], transcript: Transcript, clock: Clock
) -> NetworkSessions:
    """The sessions of these agents, not yet open."""
    burst = max(1, int(target.requests_per_s or 1))
    limiter = TokenBucket(clock, target.requests_per_s, burst, target.intake.retry_after_s)
    transcript.bound(target.intake.transcript_bytes)
    tls = target.tls.context() if target.tls else None
    http = {
        name: HttpAgent(
            name,
            target.base_url,
            transcript,
            credentials=target.agents[name].credentials,
            clock=clock,
            limiter=limiter,
            timeout_s=target.http_timeout_s * target.time_factor,
            tls=tls,
            headers=target.headers,
            proxy=target.proxy,
            bounds=target.intake.bounds,
        )
        for name in agents
    }
    recorders = {
        name: Recorder(name, clock, transcript, target.intake.messages_per_scenario) for name in agents
    }
    sessions = {
        name: Session(
            target.cometd_url,
            [CHANNEL],
            connection_types=TRANSPORTS[target.transport],
            acknowledge=target.acknowledge,
            timeout_s=agent.timeout_s,
            backoff_limit_s=BACKOFF_S.default,
            agent=agent,
            observer=recorders[name],
        )
        for name, agent in http.items()
    }
    return NetworkSessions(http, sessions, recorders, target.cometd_url, clock)
