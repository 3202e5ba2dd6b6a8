"""The Python servers of the benchmark: `python -m bench.servers NAME PORT AGENTS`. Each prints its agents' calls as a line of JSON.

All run on uvicorn with the same settings and carry out the operation on the same switch, which queues notifications. They differ only in
the way from the wire to the switch: refswitch with and without its front, stock Connexion as in its documentation, and a bare ASGI route
that makes the same checks and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import uvicorn

from refswitch.access import Admission, HttpSessions
from refswitch.calls import LegKey, Operate
from refswitch.contract import load_contract
from refswitch.rest.projection import Projection
from refswitch.rest.schemas import OperationBodies, Schemas
from refswitch.sandboxes import Sandbox
from refswitch.seats import new_seat

from .stage import keep_drained, numbers, reference_server, talking

ROOT = Path(__file__).parents[1]
_ACCEPTED = b'{"statusCode":0}'


def refswitch(agents: int) -> tuple[Any, Sandbox]:
    """The reference server as users run it."""
    app = reference_server(agents)
    return app, app.sandboxes.main


def without_front(agents: int) -> tuple[Any, Sandbox]:
    """The same, with every request through Connexion."""
    app = reference_server(agents, front=False)
    return app, app.sandboxes.main


def stock_connexion(agents: int) -> tuple[Any, Sandbox]:
    """Connexion as in its documentation: the contract's operation with default validators, Basic authentication and a handler."""
    from connexion import AsyncApp, request

    sandbox = reference_server(agents).sandboxes.main
    passwords = {number: number for number in numbers(agents)}
    document: Any = json.loads((ROOT / "dist" / "openapi.json").read_text(encoding="utf-8"))
    item = document["paths"]["/me/calls/{id}"]
    item["post"]["operationId"] = "operate"
    document["paths"] = {"/me/calls/{id}": {key: value for key, value in item.items() if key != "get"}}
    document["components"]["securitySchemes"] = {
        "basic": {"type": "http", "scheme": "basic", "x-basicInfoFunc": f"{__name__}.admit"}
    }
    document["security"] = [{"basic": []}]

    async def operate(id: str, body: Any) -> Mapping[str, object]:
        sandbox.switch.apply(Operate(LegKey(request.context["user"], id), body))
        return {"statusCode": 0}

    admit.passwords = passwords  # type: ignore[attr-defined]
    from connexion.resolver import Resolver

    app = AsyncApp(__name__, resolver=Resolver(lambda name: operate if name == "operate" else admit))
    app.add_api(document, base_path="/api/v2")
    return app, sandbox


def admit(username: str, password: str, required_scopes: object = None) -> Mapping[str, str] | None:
    """Connexion's callback for credentials."""
    known = admit.passwords  # type: ignore[attr-defined]
    return {"sub": username} if known.get(username) == password else None


def bare_asgi(agents: int) -> tuple[Any, Sandbox]:
    """One route by hand: credentials, path, media type and body as refswitch checks them, nothing else."""
    sandbox = reference_server(agents).sandboxes.main
    sessions = HttpSessions(lambda: 0.0)
    admission = Admission([new_seat(number) for number in numbers(agents)], sessions)
    contract = load_contract()
    bodies = OperationBodies(Schemas(contract), Projection(contract).addresses)
    prefix = "/api/v2/me/calls/"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_ACCEPTED)).encode())]

    async def app(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        if scope["type"] != "http":
            await lifespan(receive, send)
            return
        admitted = admission.admit(scope["headers"])
        is_json = dict(scope["headers"]).get(b"content-type") == b"application/json"
        if scope["method"] != "POST" or not scope["path"].startswith(prefix) or not is_json:
            cookie = (admitted.set_cookie or "").encode("ascii")
            told = [(b"content-length", b"0"), (b"set-cookie", cookie)]
            await send({"type": "http.response.start", "status": 404, "headers": told})
            await send({"type": "http.response.body", "body": b""})
            return
        body, more = b"", True
        while more:
            event = await receive()
            body += event["body"]
            more = event.get("more_body", False)
        operation = json.loads(body)
        assert bodies.fitting("CallOperation", operation) is not None
        sandbox.switch.apply(
            Operate(LegKey(admitted.seat.number, scope["path"].removeprefix(prefix)), operation)
        )
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _ACCEPTED})

    return app, sandbox


async def lifespan(receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    while True:
        event = await receive()
        await send({"type": event["type"] + ".complete"})
        if event["type"] == "lifespan.shutdown":
            return


SERVERS: Mapping[str, Callable[[int], tuple[Any, Sandbox]]] = {
    "refswitch": refswitch,
    "refswitch --no-front": without_front,
    "stock Connexion": stock_connexion,
    "bare ASGI": bare_asgi,
}


async def serve(name: str, port: int, agents: int) -> None:
    app, sandbox = SERVERS[name](agents)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
    calls = await talking(sandbox, agents)
    drain = keep_drained(sandbox)
    print(json.dumps(calls), flush=True)
    await server.serve()
    drain.cancel()


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
