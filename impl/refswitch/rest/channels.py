"""The channels of the agent's session, and the agent's state on them."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.devices import VOICE
from refswitch.refusals import NoSuchResource
from refswitch.stubs import bodies, operations, resources

from .agent_states import set_agent_state
from .answers import collection
from .caller import Caller


def list_channels(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The channels of the agent's session: their addresses, or with `fields` the channels."""
    channels = caller.sandbox.switch.channels(caller.seat.number)
    addresses = [f"{caller.sandbox.api}/me/channels/{channel['channel']}" for channel in channels]
    return collection("channels", addresses, channels, fields)


def read_channel(caller: Caller, channel: str) -> resources.ChannelAnswer:
    """One channel of the agent's session."""
    for one in caller.sandbox.switch.channels(caller.seat.number):
        if one["channel"] == channel:
            return {"statusCode": 0, "channel": one}
    raise NoSuchResource(f"channel {channel} of yours")


def operate_on_channel(
    caller: Caller, operation: bodies.ChannelOperation, channel: str
) -> resources.Accepted:
    """Set the agent's state on a channel. Voice is accepted even without a session, so that the switch reports the failure."""
    if channel != VOICE:
        raise NoSuchResource(f"channel {channel} of yours")
    known = operations.ChannelOperationTable.__annotations__
    return set_agent_state(caller, operation["operationName"], known)
