"""The three agents, as far as the recipe acts for them itself: they place and answer calls, and put everything back in order."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

from .settings import Login, Unfit

_TIMEOUT_S = 10
#: Rounds in which all calls of an agent end: a call that rings is answered in one and ended in the next.
_ROUNDS = 4
#: What ends a leg, or brings its end nearer, by what its capabilities offer: the first that is offered is posted.
_ENDINGS = ("Hangup", "ClearCall", "Answer", "Decline")
#: Settings of a device -> the operation that takes them back.
_UNDOING = ("DoNotDisturbOff", "ForwardCallsOff", "CancelSupervisorMonitoring")

Json = dict[str, Any]


class NotPrepared(Exception):
    """The server did not let the recipe bring about what an operation needs; the message says which step it refused, and how."""


class Agent:
    """An agent with one device, over an HTTP session of their own. Raises Unfit if they cannot log in."""

    def __init__(self, role: str, base_url: str, login: Login, http: requests.Session) -> None:
        self.role = role
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._http.auth = (login.user, login.password)
        device = self._first_device()
        if missing := [name for name in ("id", "phoneNumber") if name not in device]:
            raise Unfit(f"the first device of {role} has no {' and no '.join(missing)}")
        self.device_id: str = device["id"]
        self.number: str = device["phoneNumber"]
        #: The address of the device as other agents name it; samples of 8.5.2 leave it out of the device.
        self.device_uri: str = device.get("uri") or f"{self._base_url}/devices/{self.device_id}"

    def legs(self) -> list[Json]:
        """The agent's calls in full."""
        return list(self._get("/me/calls?fields=*").get("calls", ()))

    def first_id(self, collection: str) -> str:
        """The id of the first resource of a list, such as /features. Raises NotPrepared if it is empty."""
        found = self._get(f"{collection}?fields=*").get(collection.strip("/"))
        if not found:
            raise NotPrepared(f"the list of {collection} is empty")
        return str(found[0]["id"])

    def device(self) -> Json:
        return dict(self._get(f"/me/devices/{self.device_id}?fields=*").get("device", {}))

    def dial(self, number: str) -> None:
        """Place a call. Raises NotPrepared."""
        body = {"operationName": "Dial", "destination": {"phoneNumber": number}}
        self._post(f"/me/devices/{self.device_id}/calls", body)

    def operate(self, leg: Json, operation: str, **parameters: object) -> None:
        """Operate on a leg. Raises NotPrepared."""
        self._post(f"/me/calls/{quote(leg['id'], safe='')}", {"operationName": operation, **parameters})

    def operate_device(self, operation: str, **parameters: object) -> None:
        """Operate on the device. Raises NotPrepared."""
        self._post(f"/me/devices/{self.device_id}", {"operationName": operation, **parameters})

    def answer(self) -> None:
        """Answer whatever rings. Raises NotPrepared if nothing does."""
        ringing = [leg for leg in self.legs() if "Answer" in leg["capabilities"]]
        if not ringing:
            raise NotPrepared(f"no call rings at {self.role}")
        self.operate(ringing[0], "Answer")

    def start_session(self) -> None:
        """Start a contact centre session; harmless if there is one. Raises NotPrepared."""
        self._post("/me", {"operationName": "StartContactCenterSession", "channels": ["voice"]})

    def end_calls(self) -> None:
        """End all of the agent's calls. Raises NotPrepared if some do not end."""
        for _ in range(_ROUNDS):
            for leg in (legs := self.legs()):
                offered = [name for name in _ENDINGS if name in leg["capabilities"]]
                # The end of one call may be the end of another, which then is not found: the next round tells.
                self._try(f"/me/calls/{quote(leg['id'], safe='')}", offered[0] if offered else _ENDINGS[0])
            if not legs:
                return
        raise NotPrepared(f"the calls of {self.role} do not end")

    def undo_settings(self) -> None:
        """Take back what the device is set to."""
        offered = self.device().get("capabilities", ())
        for operation in _UNDOING:
            if operation in offered:
                self._try(f"/me/devices/{self.device_id}", operation)

    def _first_device(self) -> Json:
        try:
            devices = self._get("/me/devices?fields=*").get("devices")
        except NotPrepared as error:
            raise Unfit(f"{self.role} cannot log in: {error}") from None
        if not devices:
            raise Unfit(f"{self.role} has no device")
        return dict(devices[0])

    def _get(self, path: str) -> Json:
        return self._taken("GET", path, None)

    def _post(self, path: str, body: Json) -> Json:
        return self._taken("POST", path, body)

    def _try(self, path: str, operation: str) -> None:
        self._send("POST", path, {"operationName": operation})

    def _taken(self, method: str, path: str, body: Json | None) -> Json:
        answer = self._send(method, path, body)
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict) or told.get("statusCode") != 0:
            what = f" {body['operationName']}" if body else ""
            got = f"HTTP {answer.status_code}, {answer.text[:200]}"
            raise NotPrepared(f"{method} {path}{what} by {self.role}: {got}")
        return told

    def _send(self, method: str, path: str, body: Json | None) -> requests.Response:
        try:
            return self._http.request(method, self._base_url + path, json=body, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            raise NotPrepared(
                f"{method} {self._base_url}{path} by {self.role}: {type(error).__name__}"
            ) from None
