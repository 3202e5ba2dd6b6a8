"""What schemathesis calls: before a run, before each request, after each answer, at the end.

- Requests go out with the agent's credentials (schemathesis.toml), and dial listed numbers only, in every phase.
- In the phases `examples` and `fuzzing`, a request that is meant to be valid is steered: it gets the id of a call, device or channel that
  is there, in a state in which its operation is possible (situations.py). `coverage` goes out as drawn. In `stateful`, lists are read in
  full while there is a call, and the contract's links lead on from there.
- Two checks are added: the envelope of every answer, and at the end that every operation was accepted at least once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, cast

import requests
import schemathesis

from .agents import Agent, Json, NotPrepared
from .envelope import fault_in, is_accepted
from .numbers import only_listed
from .plain import plain_requests
from .reach import Reach, Target, targets_of
from .settings import Unfit, confirm, read_settings
from .situations import Stage, device_for, leg_for, name_what_exists, talking

Case = schemathesis.Case[Any]

#: Where the counts of a run are written.
TABLE = Path("reached.txt")
#: Phases that are steered.
STEERED = ("examples", "fuzzing")
#: An agent has this many calls before they are ended: a switch has a bound, and a run in which Dial is refused shows nothing.
MOST_CALLS = 5
#: The parameters of a list with which its resources are whole.
IN_FULL = ("fields", "subresources")
#: A resource that every agent may read -> the list that has its id.
LISTED = {"/features/{id}": "/features", "/services/{id}": "/services"}


class _Run:
    """The run of this process: schemathesis gives its hooks no place of their own to keep anything."""

    schema: schemathesis.BaseSchema
    stage: Stage
    reach = Reach()


# --- before a run ---


@schemathesis.hook
def after_load_schema(context: schemathesis.HookContext, schema: schemathesis.BaseSchema) -> None:
    """Log the three agents in and see that they have no call. If the run must not begin, end the process with one sentence.

    `os._exit`, because schemathesis turns every exception of a hook, SystemExit too, into a page with a traceback.
    """
    try:
        _Run.stage = _set(schema)
    except Unfit as error:
        print(f"\ncallproof recipe: {error}", file=sys.stderr, flush=True)
        os._exit(2)
    _Run.schema = schema


def _set(schema: schemathesis.BaseSchema) -> Stage:
    base_url, settings = schema.get_base_url(), read_settings(os.environ)
    confirm(base_url, settings)
    agent, second, third = (
        Agent(role, base_url, login, _session(schema)) for role, login in settings.logins.items()
    )
    stage = Stage(agent, second, third, settings.numbers, settings.outside)
    for who in stage.everybody:
        if calls := len(who.legs()):
            raise Unfit(
                f"{who.role} has {calls} calls; the recipe ends calls, so it begins only when there are none"
            )
    return stage


def _session(schema: schemathesis.BaseSchema) -> requests.Session:
    """A session that reaches the server as schemathesis does, with its proxy and its certificates."""
    session, config = requests.Session(), schema.config
    if config.proxy is not None:
        session.proxies = {"all": config.proxy}
    if config.tls_verify is not None:
        session.verify = config.tls_verify
    if config.request_cert is not None:
        key = config.request_cert_key
        session.cert = (config.request_cert, key) if key else config.request_cert
    return session


@schemathesis.hook
def before_add_examples(context: schemathesis.HookContext, examples: list[Case]) -> None:
    """Add a plain request of each endpoint and of each operation, so that none depends on luck."""
    operation = context.operation
    if operation is not None:
        examples += plain_requests(operation)


# --- before and after each request ---


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Steer the request, if it is to be steered, and let it dial listed numbers only, in any phase."""
    stage = _Run.stage
    try:
        if _is_steered(case):
            _steer(case, stage)
        elif _follows_links(case):
            _stock(case, stage)
        elif case.path.endswith("/calls") and len(stage.agent.legs()) >= MOST_CALLS:
            stage.clear()
    except NotPrepared as error:
        _Run.reach.hindered[_target(case)] = str(error)
    except (LookupError, TypeError, AttributeError) as error:
        what = f"an answer lacks what the recipe reads: {type(error).__name__} {error}"
        _Run.reach.hindered[_target(case)] = what
    case.body = only_listed(case.body, stage.listed)


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: Case, response: schemathesis.Response) -> None:
    """Count the answer."""
    answer = f"HTTP {response.status_code}, {response.content[:200].decode(errors='replace')}"
    _Run.reach.count(_target(case), is_accepted(response.status_code, response.content), answer)


def _is_steered(case: Case) -> bool:
    meta = case.meta
    if meta is None:  # a plain request of before_add_examples
        return True
    return meta.phase.name.value in STEERED and meta.generation.mode is schemathesis.GenerationMode.POSITIVE


def _follows_links(case: Case) -> bool:
    return case.meta is not None and case.meta.phase.name.value == "stateful" and case.method.upper() == "GET"


def _steer(case: Case, stage: Stage) -> None:
    """Give the request what exists: in its path, and in its body. Raises NotPrepared."""
    operation = _operation(case)
    leg: Json = {}
    if case.path.startswith("/me/calls/"):
        leg = leg_for(stage, operation or "Hold")
        case.path_parameters = {**case.path_parameters, "id": leg["id"]}
    elif "/devices/{id}" in case.path:
        leg = device_for(stage, operation)
        case.path_parameters = {**case.path_parameters, "id": stage.agent.device_id}
    elif case.path == "/me/channels/{channel}":
        stage.agent.start_session()
        case.path_parameters = {**case.path_parameters, "channel": "voice"}
    elif case.path in LISTED:
        case.path_parameters = {**case.path_parameters, "id": stage.agent.first_id(LISTED[case.path])}
    elif operation:
        stage.agent.start_session()
        device_for(stage, operation)
    if operation:
        case.body = name_what_exists(stage, leg, cast(Json, case.body))


def _stock(case: Case, stage: Stage) -> None:
    """Let a list be read in full while there is a call and a session, so that links find ids in it. Raises NotPrepared."""
    stage.agent.start_session()
    if not stage.agent.legs():
        stage.clear()
        talking(stage)
    names = {parameter.name for parameter in case.operation.iter_parameters()}
    case.query = {**case.query, **{name: "*" for name in IN_FULL if name in names}}


def _operation(case: Case) -> str | None:
    name = case.body.get("operationName") if isinstance(case.body, dict) else None
    return name if isinstance(name, str) else None


def _target(case: Case) -> Target:
    return f"{case.method.upper()} {case.path}", _operation(case)


# --- checks ---


@schemathesis.check
def answers_with_the_envelope(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: Case
) -> None:
    """Every answer has the envelope, refusals and errors too: an HTTP 500 or 503 that has it is documented, one without is not."""
    if case.method.upper() != "HEAD" and (fault := fault_in(response.status_code, response.content)):
        raise AssertionError(fault)


@schemathesis.check
class every_operation_is_accepted:
    """At the end, every endpoint and every operation of those selected was accepted at least once. The counts are in reached.txt."""

    def after_run(self, ctx: schemathesis.CheckContext) -> None:
        """Write the counts. Raises AssertionError, which names what was never accepted and why."""
        targets = targets_of(_Run.schema)
        TABLE.write_text(_Run.reach.table(targets), encoding="utf-8")
        if missed := _Run.reach.missed(targets):
            raise AssertionError("never accepted:\n" + "\n".join(missed))
