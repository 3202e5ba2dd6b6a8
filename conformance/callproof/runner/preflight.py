"""Compares the target file with the server that it names, before anything is judged.

Only a plain contradiction stops a run here: an answer from some other kind of server, or a well-formed one that says otherwise. A server
that answers wrongly passes, because the run exists to say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callproof.bayeux import DISCONNECT, HANDSHAKE, LONG_POLLING, WEBSOCKET, is_meta
from callproof.catalogue.planning import Plan
from callproof.catalogue.scenario import Exchange
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.judge.notification import FINAL_STATES
from callproof.judge.played import Reply
from callproof.limits import RETRY_AFTER_S
from callproof.runner.agent_sessions import AgentSessions, Batch, Request
from callproof.runner.stage import People
from callproof.target.target import Agent, Target
from callproof.wire import Reason

#: No server is there. One that can be reached and stays silent may be faulty.
_NOBODY = frozenset({
    Reason.CONNECTION_REFUSED, Reason.HOST_NOT_FOUND, Reason.TLS_FAILED, Reason.CONNECTION_FAILED, Reason.NOT_SENT,
    Reason.PROXY_REFUSED, Reason.GATEWAY, Reason.TOO_LARGE, Reason.UNREADABLE,
})  # fmt: skip
#: A refused login says nothing about the address: a Bayeux server may refuse one.
_REFUSED = frozenset({401, 403})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRY_LATER = frozenset({429, 503})
_PROXY_LOGIN = 407


class NotReady(Exception):
    """Nothing can be judged: the target is unreachable or differs from its file, a login is refused, or an agent is not idle.

    The message says what to do about it.
    """


async def ready(sessions: AgentSessions, plan: Plan, target: Target) -> People:
    """Check that every agent can log in and is who the file says, that the addresses are right, and that no agent has a call.

    Raises NotReady.
    """
    users = {agent: await log_in(sessions, agent, target) for agent in plan.agents}
    _require_different(users)
    if _needs_bayeux(plan):
        await _require_bayeux(sessions, plan.agents[0], target)
    devices: dict[str, str] = {}
    for agent in plan.agents if plan.places_calls else ():
        devices[agent] = await _device(sessions, target.agents[agent])
        if target.start_session:
            await _start_session(sessions, agent, target)
        if target.require_idle:
            await _require_idle(sessions, agent)
    return People(
        numbers={name: agent.numbers for name, agent in target.agents.items()}
        | {f"number {name}": frozenset({number}) for name, number in target.numbers.items()},
        dial=target.dial,
        devices={agent: device for agent, device in devices.items() if device},
        names={"public base": target.link_base},
    )


# Logins ------------------------------------------------------------------------------------------------------------------


async def log_in(sessions: AgentSessions, agent: str, target: Target) -> tuple[str, str]:
    """Log in; return the user's id and name, empty if the server does not give them. Raises NotReady."""
    reply = await sessions.request(agent, Request("GET", "/me"))
    if not reply.answered:
        raise NotReady(f"target.base_url {target.base_url} {_unreached(reply, target)}: {reply.why}")
    status, body = reply.value.get("status"), reply.value.get("body")
    if status in _REFUSED or reply.status_code == 20:
        named = ("token_env",) if target.auth == "bearer" else ("user_env", "password_env")
        raise NotReady(
            f"the login of {agent} was refused ({_refusal(reply)}): "
            f"check {' and '.join(f'agents.{agent}.{key}' for key in named)}"
        )
    if what := _instead_of_an_answer(reply):
        raise NotReady(f"target.base_url {target.base_url}: GET {target.base_url}/me: {what}")
    if status == 404 or not as_object(body).keys() & {"statusCode", "user"}:
        is_whole = "/api/v2" in target.base_url
        hint = "is that the address of the API?" if is_whole else "is /api/v2 missing from target.base_url?"
        raise NotReady(
            f"target.base_url {target.base_url}: this API does not answer there "
            f"(GET {target.base_url}/me: {_in_short(reply)}); {hint}"
        )
    user = as_object(as_object(body).get("user"))
    return text_of(user.get("id")), text_of(user.get("userName"))


def _require_different(users: Mapping[str, tuple[str, str]]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for agent, user in users.items():
        if any(user) and user in seen:
            raise NotReady(
                f"{seen[user]} and {agent} log in as the same user: "
                f"check agents.{seen[user]}.user_env and agents.{agent}.user_env"
            )
        seen[user] = agent


# Notifications -------------------------------------------------------------------------------------------------------------


def _needs_bayeux(plan: Plan) -> bool:
    exchanges = any(isinstance(round_.stimulus, Exchange) for play in plan.plays for round_ in play.rounds)
    return plan.places_calls or exchanges


async def _require_bayeux(sessions: AgentSessions, agent: str, target: Target) -> None:
    """Shake hands once as this agent; the server must offer the transport and the acknowledgement that the run needs."""
    where = f"target.cometd_url {target.cometd_url}"
    reply = await sessions.exchange(agent, Batch((_handshake(target),)))
    if not reply.answered:
        if reply.value.get("reason") in _NOBODY:
            raise NotReady(f"{where} {_unreached(reply, target)}: {reply.why}")
        return
    if what := _instead_of_an_answer(reply):
        raise NotReady(f"{where}: {what}")
    answers = _bayeux_replies(reply.value.get("body"))
    if not answers and not _may_be_bayeux(reply):
        raise NotReady(
            f"{where}: no Bayeux server answers there ({_in_short(reply)}); "
            "write the address of the CometD end-point"
        )
    if missing := _not_offered(answers, target):
        raise NotReady(missing)
    client = next((text_of(answer.get("clientId")) for answer in answers if answer.get("clientId")), "")
    if client:
        goodbye: dict[str, Json] = {"id": "2", "channel": DISCONNECT, "clientId": client}
        await sessions.exchange(agent, Batch((goodbye,)))


def _handshake(target: Target) -> dict[str, Json]:
    types: list[Json] = [LONG_POLLING] if target.transport == LONG_POLLING else [WEBSOCKET, LONG_POLLING]
    handshake: dict[str, Json] = {"id": "1", "channel": HANDSHAKE, "version": "1.0"}
    extension: dict[str, Json] = {"ext": {"ack": True}} if target.acknowledge else {}
    return {**handshake, "supportedConnectionTypes": types, **extension}


def _not_offered(answers: Sequence[Mapping[str, Json]], target: Target) -> str:
    """Which requested transport or extension a successful handshake does not offer; empty if none."""
    done = next((answer for answer in answers if answer.get("successful") is True), None)
    if done is None:
        return ""
    types = done.get("supportedConnectionTypes")
    if target.transport == WEBSOCKET and isinstance(types, list) and WEBSOCKET not in types:
        offered = ", ".join(map(text_of, types)) or "nothing"
        return (
            f"cometd.transport (--transport) is websocket, but the server offers {offered}; with auto it is "
            "judged over what it offers"
        )
    if target.acknowledge and not as_object(done.get("ext")).get("ack"):
        return "cometd.acknowledge (--acknowledge) is on, but the server does not offer acknowledgement"
    return ""


def _may_be_bayeux(reply: Reply) -> bool:
    """Whether an answer without replies may come from a Bayeux server: it refuses the login, or reports a failure."""
    status, body = reply.value.get("status"), reply.value.get("body")
    fails = isinstance(status, int) and status >= 500 and "statusCode" in as_object(body)
    return status in _REFUSED or fails


def _bayeux_replies(body: Json) -> list[dict[str, Json]]:
    """The messages that may be replies, however wrong they are."""
    return [
        item
        for item in objects_in(body if isinstance(body, list) else [body])
        if is_meta(text_of(item.get("channel"))) or item.keys() & {"clientId", "successful"}
    ]


# Telephones ----------------------------------------------------------------------------------------------------------------


async def _device(sessions: AgentSessions, agent: Agent) -> str:
    """The id of the device that the agent dials from; its number must be one of the agent's."""
    reply = await sessions.request(agent.name, Request("GET", "/me/devices?fields=*"))
    devices = objects_in(as_object(reply.value.get("body")).get("devices"))
    if agent.device:
        _require_device(agent, devices)
        devices = [item for item in devices if item.get("id") == agent.device]
    number = text_of(devices[0].get("phoneNumber")) if devices else ""
    if number and number not in agent.numbers:
        key = f"agents.{agent.name}"
        raise NotReady(
            f"{key}.number is {agent.number}, but the device of {agent.name} has the number {number}: correct it, "
            f"add {number} to {key}.also_seen_as, or name another device with {key}.device"
        )
    return agent.device or (text_of(devices[0].get("id")) if devices else "")


def _require_device(agent: Agent, devices: Sequence[Mapping[str, Json]]) -> None:
    ids = [text_of(item.get("id")) for item in devices]
    if ids and all(ids) and agent.device not in ids:
        raise NotReady(
            f"agents.{agent.name}.device is {agent.device}, but {agent.name} has no such device: "
            f"GET /me/devices lists {', '.join(ids)}"
        )


async def _start_session(sessions: AgentSessions, agent: str, target: Target) -> None:
    """Start the session as every desktop does. Another requirement judges the answer."""
    body: dict[str, Json] = {"operationName": "StartContactCenterSession", "channels": list(target.channels)}
    if target.session_place:
        body["place"] = target.session_place
    await sessions.request(agent, Request("POST", "/me", body))


async def _require_idle(sessions: AgentSessions, agent: str) -> None:
    reply = await sessions.request(agent, Request("GET", "/me/calls?fields=*"))
    calls = objects_in(as_object(reply.value.get("body")).get("calls"))
    busy = [call for call in calls if text_of(call.get("state")) not in FINAL_STATES]
    if busy:
        raise NotReady(
            f"{agent} has a call ({text_of(busy[0].get('id'))}, {text_of(busy[0].get('state'))}): end it first; if "
            "an earlier run left it: callproof cleanup --out DIR --target FILE, with the folder of that run"
        )


def _unreached(reply: Reply, target: Target) -> str:
    if reply.value.get("reason") in (Reason.TOO_LARGE, Reason.UNREADABLE):
        return "sends what cannot be used"
    if reply.value.get("reason") == Reason.TIMED_OUT:
        return "does not answer in time (timing.time_factor gives it more)"
    return "cannot be reached" + (
        " through the proxy that target.proxy_url_env names" if target.proxy else ""
    )


def _refusal(reply: Reply) -> str:
    """How a login was refused; a page in place of the API's answer may come from a gateway."""
    status = f"HTTP {reply.value.get('status')}"
    return reply.unreadable or (
        status if reply.status_code is None else f"{status}, statusCode {reply.status_code}"
    )


def _instead_of_an_answer(reply: Reply) -> str:
    """What came in place of an answer that can be read, as a clause with a remedy; empty if the answer can be read."""
    status = reply.value.get("status")
    headers = as_object(reply.value.get("headers"))
    if reply.unreadable and status in _REDIRECTS:
        return f"{reply.unreadable}; write the address that the API has now"
    if status in _TRY_LATER and headers.get("retry-after") and reply.status_code is None:
        return (
            f"HTTP {status} with Retry-After: {text_of(headers['retry-after'])[:40]}; the server does not serve now, and "
            f"{RETRY_AFTER_S.option} limits how long a run waits for that"
        )
    if status == _PROXY_LOGIN:
        return f"HTTP {status}: the proxy wants a login; write it into the address that target.proxy_url_env names"
    if not reply.unreadable or status in (404, *_REFUSED):
        return ""
    page = reply.unreadable.endswith("an HTML page")
    hint = "check the address, and what stands before the server: a proxy, a login page" if page else (
        "the server or a proxy before it spoils the body"
    )  # fmt: skip
    return f"the answer is {reply.unreadable}; {hint}"


def _in_short(reply: Reply) -> str:
    kind = text_of(as_object(reply.value.get("headers")).get("content-type")).partition(";")[0]
    return f"HTTP {reply.value.get('status')} {kind}".rstrip()
