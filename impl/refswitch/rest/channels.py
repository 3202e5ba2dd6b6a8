"""The channels of the agent's session, and his state on them."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.devices import VOICE
from refswitch.stubs import bodies, operations, resources

from .agent_states import set_agent_state
from .answers import collection
from .caller import Caller
from .errors import NoSuchResource


async def list_channels(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The channels of the agent's session: their addresses, or with `fields` the channels."""
    channels = caller.realm.switch.channels(caller.seat.number)
    addresses = [f"{caller.realm.api}/me/channels/{channel['channel']}" for channel in channels]
    return collection("channels", addresses, channels, fields)


async def read_channel(caller: Caller, channel: str) -> resources.ChannelAnswer:
    """One channel of the agent's session."""
    for one in caller.realm.switch.channels(caller.seat.number):
        if one["channel"] == channel:
            return {"statusCode": 0, "channel": one}
    raise NoSuchResource(f"channel {channel} of yours")


async def operate_on_channel(
    caller: Caller, operation: bodies.ChannelOperation, channel: str
) -> operations.ChannelOperationAnswer:
    """Every agent state; one of the contact centre's own has no method."""
    agent = AgentChannel(caller)
    if operation["operationName"] not in operations.ChannelOperationTable.__annotations__:
        return agent.set(channel, operation["operationName"])
    return await operations.perform_channel_operation(agent, channel, operation)


class AgentChannel:
    """What an agent may ask for one of his channels: implements ChannelOperations of the stubs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def Ready(
        self, channel: resources.MediaChannelName, body: bodies.Ready
    ) -> operations.ChannelOperationAnswer:
        return self.set(channel, body["operationName"])

    async def NotReady(
        self, channel: resources.MediaChannelName, body: bodies.NotReady
    ) -> operations.ChannelOperationAnswer:
        return self.set(channel, body["operationName"])

    async def AuxWork(
        self, channel: resources.MediaChannelName, body: bodies.AuxWork
    ) -> operations.ChannelOperationAnswer:
        return self.set(channel, body["operationName"])

    async def AfterCallWork(
        self, channel: resources.MediaChannelName, body: bodies.AfterCallWork
    ) -> operations.ChannelOperationAnswer:
        """wrapUpTime is for a T-Server and means nothing to this switch."""
        return self.set(channel, body["operationName"])

    async def Offline(
        self, channel: resources.MediaChannelName, body: bodies.Offline
    ) -> operations.ChannelOperationAnswer:
        return self.set(channel, body["operationName"])

    def set(self, channel: str, state: str) -> resources.Accepted:
        """Set the agent's state on a channel; voice is there before a session has it, for the failure to be the switch's."""
        if channel != VOICE:
            raise NoSuchResource(f"channel {channel} of yours")
        return set_agent_state(self._caller, state, operations.ChannelOperationTable.__annotations__)
