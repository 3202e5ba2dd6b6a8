"""Channel names and the patterns that subscribe to them (Bayeux 1.0, Channels and Channel Globbing)."""

HANDSHAKE = "/meta/handshake"
CONNECT = "/meta/connect"
SUBSCRIBE = "/meta/subscribe"
UNSUBSCRIBE = "/meta/unsubscribe"
DISCONNECT = "/meta/disconnect"


def is_meta(channel: str) -> bool:
    """Say whether the channel is one on which the server answers and never publishes."""
    return channel.startswith("/meta/")


def matches(pattern: str, channel: str) -> bool:
    """Say whether a subscription to `pattern` covers `channel`.

    `*` stands for exactly one segment and `**` for one or more, both only at the end of a pattern.
    """
    if pattern.endswith("/**"):
        prefix = pattern[:-2]
        return channel.startswith(prefix) and len(channel) > len(prefix)
    if pattern.endswith("/*"):
        prefix = pattern[:-1]
        rest = channel.removeprefix(prefix)
        return channel.startswith(prefix) and rest != "" and "/" not in rest
    return pattern == channel
