"""Channel names: what is a name, what is a pattern, which patterns a published message reaches.

Bayeux 1.0, Channels and Channel Globbing.
"""

import re
from functools import lru_cache

HANDSHAKE = "/meta/handshake"
CONNECT = "/meta/connect"
SUBSCRIBE = "/meta/subscribe"
UNSUBSCRIBE = "/meta/unsubscribe"
DISCONNECT = "/meta/disconnect"

_SEGMENT = r"[A-Za-z0-9_!~()$@-]+"
_NAME = re.compile(rf"(?:/{_SEGMENT})+", re.ASCII)
_PATTERN = re.compile(rf"(?:/{_SEGMENT})*/\*\*?", re.ASCII)


def is_name(channel: str) -> bool:
    """Whether something can be published on this channel: no wildcard, no empty segment."""
    return _NAME.fullmatch(channel) is not None


def is_subscribable(channel: str) -> bool:
    """Whether this is a name, or a name with the last segment `*` or `**`: wildcards stand nowhere else."""
    return is_name(channel) or _PATTERN.fullmatch(channel) is not None


def is_meta(channel: str) -> bool:
    """Whether the channel is the protocol's own: never distributed (Bayeux 1.0, Meta Channels)."""
    return _first_segment(channel) == "meta"


def is_service(channel: str) -> bool:
    """Whether it is between one client and the server: never distributed (Bayeux 1.0, Service Channels)."""
    return _first_segment(channel) == "service"


@lru_cache(maxsize=1024)
def patterns_reaching(channel: str) -> frozenset[str]:
    """Every subscription that a message published on `channel` answers: itself and the wildcards above it.

    >>> sorted(patterns_reaching("/v2/me/calls"))
    ['/**', '/v2/**', '/v2/me/*', '/v2/me/**', '/v2/me/calls']

    Nothing reaches the subscribers of a meta or service channel.
    """
    if is_meta(channel) or is_service(channel):
        return frozenset()
    segments = channel.split("/")[1:]
    parents = ["".join(f"/{segment}" for segment in segments[:depth]) for depth in range(len(segments))]
    return frozenset({channel, f"{parents[-1]}/*"} | {f"{parent}/**" for parent in parents})


def _first_segment(channel: str) -> str:
    return channel.split("/", 2)[1] if channel.startswith("/") else ""
