"""The contact centre's resources, the same for every agent: agent states, features, services, contacts, groups, the version."""

from __future__ import annotations

from collections.abc import Mapping

from refswitch.devices import SWITCH_ID, agent_state_setting
from refswitch.refusals import NoSuchResource
from refswitch.sandboxes import Sandbox
from refswitch.stubs import operations, resources

from .answers import collection
from .caller import Caller

#: The version of the API that is served: that of the captures.
VERSION = "8.5.202.96"

#: id, displayName, description (capture of GWS 8.5.202.96; only the pages name api-voice-recording), and an operation that needs it.
_FEATURES = (
    ("api-voice", "Voice API", "API for Voice", "Dial"),
    ("api-voice-recording", "Voice API Recording", "API for Voice Recording", "StartCallRecording"),
    (
        "api-supervisor-monitoring",
        "API Supervisor Monitoring",
        "API for Supervisors to Monitor Agents",
        "ListenIn",
    ),
)
_SERVED = {
    *operations.CallOperationTable.__annotations__,
    *operations.DeviceOperationTable.__annotations__,
    *operations.DiallingOperationTable.__annotations__,
}


def read_agent_states(caller: Caller) -> resources.AgentStatesAnswer:
    """The agent states; those that every contact centre has come first."""
    states = caller.sandbox.switch.agent_states.values()
    return {"statusCode": 0, "settings": [agent_state_setting(state) for state in states]}


def read_version(caller: Caller) -> resources.VersionAnswer:
    return {"statusCode": 0, "version": VERSION}


def list_features(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    found = features(caller.sandbox)
    return collection("features", [feature["uri"] for feature in found], found, fields)


def read_feature(caller: Caller, id: str) -> resources.FeatureAnswer:
    for feature in features(caller.sandbox):
        if feature["id"] == id:
            return {"statusCode": 0, "feature": feature}
    raise NoSuchResource(f"feature {id}")


def list_services(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """The one service: the switch, to which every device belongs."""
    service = _switch(caller.sandbox)
    return collection("services", [service["uri"]], [service], fields)


def read_service(caller: Caller, id: str) -> resources.ServiceAnswer:
    if id != SWITCH_ID:
        raise NoSuchResource(f"service {id}")
    return {"statusCode": 0, "service": _switch(caller.sandbox)}


def list_contacts(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """No contacts: this contact centre has no address book. Whole resources come with their count (ContactsResource, HTCC 8.5.2)."""
    answer = collection("contacts", [], [], fields)
    return answer if fields is None else {**answer, "totalCount": 0}


def list_groups(caller: Caller, fields: str | None = None) -> Mapping[str, object]:
    """No groups, of whatever type, for any agent."""
    return collection("groups", [], [], fields)


def features(sandbox: Sandbox) -> list[resources.Feature]:
    """The features whose operations are served."""
    return [
        {
            "id": name,
            "displayName": display_name,
            "description": description,
            "autoAssignOnContactCenterCreate": True,
            "uri": f"{sandbox.api}/features/{name}",
            "path": f"/features/{name}",
        }
        for name, display_name, description, operation in _FEATURES
        if operation in _SERVED
    ]


def _switch(sandbox: Sandbox) -> resources.Service:
    """GET /services?fields=* in a capture of GWS 8.5.202.96."""
    return {
        "id": SWITCH_ID,
        "name": "refswitch",
        "type": "Voice",
        "state": "Active",
        "uri": f"{sandbox.api}/services/{SWITCH_ID}",
        "path": f"/services/{SWITCH_ID}",
    }
