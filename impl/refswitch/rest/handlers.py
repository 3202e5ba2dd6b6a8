"""One function for each operationId of the contract. None of them waits.

Their arguments have the names of the contract's parameters. They answer for the caller's switch.
"""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.stubs import operations

from .caller import Handler
from .calls import dial, list_calls, operate_on_call, read_call
from .channels import list_channels, operate_on_channel, read_channel
from .contact_centre import (
    list_contacts,
    list_features,
    list_groups,
    list_services,
    read_agent_states,
    read_feature,
    read_service,
    read_version,
)
from .devices import list_devices, operate_on_device, read_device, read_device_settings
from .me import operate_on_me, read_me

#: operationId -> the operationNames that can be posted there.
OPERATION_NAMES: Mapping[str, frozenset[str]] = {
    "operateOnMe": frozenset(operations.MeOperationTable.__annotations__),
    "operateOnMyDevice": frozenset(operations.DeviceOperationTable.__annotations__),
    "operateOnDevice": frozenset(operations.DeviceOperationTable.__annotations__),
    "dialFromMyDevice": frozenset(operations.DiallingOperationTable.__annotations__),
    "dialFromDevice": frozenset(operations.DiallingOperationTable.__annotations__),
    "operateOnChannel": frozenset(operations.ChannelOperationTable.__annotations__),
    "operateOnCall": frozenset(operations.CallOperationTable.__annotations__),
}

HANDLERS: Mapping[str, Handler] = {
    "readMe": read_me,
    "operateOnMe": operate_on_me,
    "listDevices": list_devices,
    "readMyDevice": read_device,
    "operateOnMyDevice": operate_on_device,
    "readMyDeviceSettings": read_device_settings,
    "dialFromMyDevice": dial,
    "readDevice": read_device,
    "operateOnDevice": operate_on_device,
    "readDeviceSettings": read_device_settings,
    "dialFromDevice": dial,
    "listChannels": list_channels,
    "readChannel": read_channel,
    "operateOnChannel": operate_on_channel,
    "listCalls": list_calls,
    "readCall": read_call,
    "operateOnCall": operate_on_call,
    "readAgentStates": read_agent_states,
    "listFeatures": list_features,
    "readFeature": read_feature,
    "listServices": list_services,
    "readService": read_service,
    "listContacts": list_contacts,
    "listGroups": list_groups,
    "listMyGroups": list_groups,
    "readVersion": read_version,
}
