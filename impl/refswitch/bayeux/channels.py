"""Channel names: what counts as a name or a pattern, and which patterns a published message reaches.

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
    """Whether messages can be published on this channel: it has neither a wildcard nor an empty segment."""
    return _NAME.fullmatch(channel) is not None


def is_subscribable(channel: str) -> bool:
    """Whether this is a name, or a name whose last segment is `*` or `**`: wildcards are allowed nowhere else."""
    return is_name(channel) or _PATTERN.fullmatch(channel) is not None


def is_meta(channel: str) -> bool:
    """Whether the channel belongs to the protocol: its messages are never distributed (Bayeux 1.0, Meta Channels)."""
    return _first_segment(channel) == "meta"


def is_service(channel: str) -> bool:
    """Whether the channel is between one client and the server: its messages are never distributed (Bayeux 1.0, Service Channels)."""
    return _first_segment(channel) == "service"


@lru_cache(maxsize=1024)
def patterns_reaching(channel: str) -> frozenset[str]:
    """Every subscription that a message published on `channel` reaches: the channel itself and the wildcards above it.

    >>> sorted(patterns_reaching("/v2/me/calls"))
    ['/**', '/v2/**', '/v2/me/*', '/v2/me/**', '/v2/me/calls']

    Messages on a meta or service channel reach no subscribers.
    """
    if is_meta(channel) or is_service(channel):
        return frozenset()
    segments = channel.split("/")[1:]
    parents = ["".join(f"/{segment}" for segment in segments[:depth]) for depth in range(len(segments))]
    return frozenset({channel, f"{parents[-1]}/*"} | {f"{parent}/**" for parent in parents})


def _first_segment(channel: str) -> str:
    return channel.split("/", 2)[1] if channel.startswith("/") else ""
