"""Checks the call model: against its schema, its rows against each other, and its words against the rest of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema_rs

from tools.contract.findings import Finding
from tools.contract.sources import CALL_MODEL, CALL_MODEL_SCHEMA, Contract, Source
from tools.contract.unions import targets_of
from tools.contract.values import JsonObject, Tokens, as_list, as_object, as_texts

_KINDS = ("call", "consult")
#: Members of a row that restrict the legs it applies to; an absent member restricts nothing.
_DIMENSIONS = (
    "in",
    "of",
    "consult",
    "begun",
    "conference",
    "monitoring",
    "arrival",
    "room",
    "mute",
    "recording",
    "monitoredUser",
)
_NO_CONSULT = "none"

#: The target of a row of operations -> the x-target that its operation may have.
_POSTED = {"call": {"call"}, "device": {"dialling", "device"}}

_Fault = tuple[Tokens, str, str, str]


@dataclass(frozen=True)
class _Row:
    at: Tokens
    members: JsonObject

    @property
    def id(self) -> str:
        return str(self.members.get("id"))

    @property
    def served(self) -> bool:
        return self.members.get("served") is not False

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(as_texts(self.members.get("in")))

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(as_texts(self.members.get("of"))) or _KINDS

    @property
    def tells(self) -> list[tuple[Tokens, JsonObject]]:
        items = as_list(self.members.get("tells"))
        return [((*self.at, "tells", str(number)), as_object(item)) for number, item in enumerate(items)]

    def meets(self, other: _Row) -> bool:
        """Whether both rows could apply to the same leg: no dimension separates them."""
        return all(
            set(as_texts(self.members[name])) & set(as_texts(other.members[name]))
            for name in _DIMENSIONS
            if name in self.members and name in other.members
        )


def call_model_findings(contract: Contract) -> list[Finding]:
    """All faults of the table."""
    model, schema = contract.files.get(CALL_MODEL), contract.files.get(CALL_MODEL_SCHEMA)
    if model is None or schema is None:
        missing = CALL_MODEL if model is None else CALL_MODEL_SCHEMA
        return [Finding(missing, 1, "call-model", "the file is missing", "write it")]
    broken = list(_schema_findings(model, schema))
    if broken:
        return broken
    rows = _rows(model, "operations")
    events = _rows(model, "network")
    of_devices, of_agents = _rows(model, "devices"), _rows(model, "agentStates")
    faults = [
        *_same_ids([*rows, *events, *of_devices]),
        *_device_faults(of_devices, contract),
        *_agent_state_faults(of_agents, contract),
        *_ambiguous(rows),
        *_ambiguous_events(events),
        *(fault for row in rows for fault in _operation_faults(row, contract)),
        *(fault for row in [*rows, *events] for fault in [*_told_faults(row), *_word_faults(row, contract)]),
    ]
    findings = [
        Finding(model.path, model.line(at), rule, problem, remedy) for at, rule, problem, remedy in faults
    ]
    return [*findings, *_without_row(contract, [*rows, *of_devices, *of_agents])]


def _rows(model: Source, part: str) -> list[_Row]:
    return [
        _Row((part, str(number)), as_object(row))
        for number, row in enumerate(as_list(as_object(model.value).get(part)))
    ]


def _schema_findings(model: Source, schema: Source) -> Iterator[Finding]:
    try:
        validator = jsonschema_rs.validator_for(as_object(schema.value), offline=True)
    except jsonschema_rs.ValidationError as error:
        yield Finding(
            schema.path,
            1,
            "call-model-schema",
            f"the schema does not compile: {error.message[:200]}",
            "fix the schema",
        )
        return
    for fault in validator.iter_errors(model.value):
        at = tuple(map(str, fault.instance_path))
        yield Finding(
            model.path, model.line(at), "call-model-schema", fault.message[:240], f"see {schema.path}"
        )


def _same_ids(rows: list[_Row]) -> Iterator[_Fault]:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            yield (*row.at, "id"), "call-model-id", f"two rows are called {row.id}", "rename one of them"
        seen.add(row.id)


def _ambiguous(rows: list[_Row]) -> Iterator[_Fault]:
    for number, row in enumerate(rows):
        operation = str(row.members.get("operation"))
        on_calls = [other for other in rows[:number] if other.members.get("operation") == operation]
        for other in on_calls:
            if row.meets(other):
                problem = f"{row.id} and {other.id} both apply to {operation} on the same leg"
                yield row.at, "call-model-ambiguous", problem, "narrow the conditions of one of them"
                break


def _ambiguous_events(events: list[_Row]) -> Iterator[_Fault]:
    taken: dict[tuple[str, str], str] = {}
    for row in events:
        for state in row.states or ("",):
            other = taken.setdefault((str(row.members.get("event")), state), row.id)
            if other != row.id:
                problem = f"{row.id} and {other} both apply to {row.members.get('event')} on a leg that is {state or 'not open yet'}"
                yield row.at, "call-model-ambiguous", problem, "narrow `in` of one of them"
                break


def _operation_faults(row: _Row, contract: Contract) -> Iterator[_Fault]:
    name = str(row.members.get("operation"))
    at = (*row.at, "operation")
    targets = _targets(contract).get(name)
    where = "device" if row.members.get("target") == "device" else "call"
    if row.served and targets is None:
        yield (
            at,
            "call-model-operation",
            f"{name} has a row, but no file in openapi/operations",
            "write the file, or served: false",
        )
    elif row.served and not set(targets or ()) & _POSTED[where]:
        yield (
            at,
            "call-model-operation",
            f"{name} is posted to a {' and a '.join(targets or ())}, but its row says {where}",
            "fix x-target or target",
        )
    elif not row.served and targets is not None:
        yield (
            at,
            "call-model-operation",
            f"{name} has a file, but its row says served: false",
            "drop one of the two",
        )
    if where == "call" and name not in _open_words(contract, "Capability"):
        yield (
            at,
            "call-model-word",
            f"{name} is not a word of Capability",
            "add it to x-open-enum of schemas/Capability.yaml",
        )


def _targets(contract: Contract) -> dict[str, list[str]]:
    return {source.stem: targets_of(source) for source in contract.operations()}


def _device_faults(rows: list[_Row], contract: Contract) -> Iterator[_Fault]:
    """Faults of device rows: no two rows apply to the same situation, and every offered operation is a known capability."""
    targets, words = _targets(contract), _open_words(contract, "DeviceCapability")
    taken: dict[tuple[str, str], str] = {}
    for row in rows:
        name, at = str(row.members.get("operation")), (*row.at, "operation")
        if "device" not in targets.get(name, []):
            problem = f"{name} has a row, but no file in openapi/operations that is posted to a device"
            yield at, "call-model-operation", problem, "write the file, with x-target: device"
        if name not in words:
            problem, remedy = (
                f"{name} is not a word of DeviceCapability",
                "add it to schemas/DeviceCapability.yaml",
            )
            yield at, "call-model-word", problem, remedy
        other = taken.setdefault((name, str(row.members.get("when"))), row.id)
        if other != row.id:
            problem = f"{row.id} and {other} both apply to {name} on the same device"
            yield row.at, "call-model-ambiguous", problem, "narrow `when` of one of them"


def _agent_state_faults(rows: list[_Row], contract: Contract) -> Iterator[_Fault]:
    targets = _targets(contract)
    for row in rows:
        name = str(row.members.get("operation"))
        if "channel" not in targets.get(name, []):
            problem = f"{name} is an agent state, but no file in openapi/operations is posted to a channel"
            yield (
                (*row.at, "operation"),
                "call-model-operation",
                problem,
                "write it, with x-target: [me, channel]",
            )


def _without_row(contract: Contract, rows: list[_Row]) -> Iterator[Finding]:
    served = {str(row.members.get("operation")) for row in rows if row.served}
    for source in contract.operations():
        if set(targets_of(source)) - {"me"} and source.stem not in served:
            problem = f"{source.stem} has no row in the call model"
            yield Finding(source.path, 1, "call-model-operation", problem, f"add one to {CALL_MODEL}")


def _told_faults(row: _Row) -> Iterator[_Fault]:
    """What a row tells must be what it does: a notification of a leg that is not there, or in a state it does not reach, is a slip."""
    opens = as_object(row.members.get("opens")).get("state")
    becomes = row.members.get("becomes")
    consult = as_texts(row.members.get("consult"))
    for at, told in row.tells:
        leg, state = told.get("leg"), told.get("state")
        if leg == "opened" and opens is None:
            yield (
                at,
                "call-model-tells",
                "tells of an opened leg, but opens none",
                "add opens, or name another leg",
            )
        if leg == "parent" and row.kinds != ("consult",):
            yield (
                at,
                "call-model-tells",
                "tells of a parent, but the row is not of consult legs only",
                "write of: [consult]",
            )
        if leg == "consult" and (not consult or _NO_CONSULT in consult):
            yield (
                at,
                "call-model-tells",
                "tells of a consult call that may not be there",
                "say in consult which states it has",
            )
        reached = {"opened": (opens,), "self": (becomes,) if becomes else row.states}.get(str(leg))
        if state is not None and reached and state not in reached:
            problem = f"tells that the {leg} leg is {state}, but it is {' or '.join(map(str, reached))}"
            yield (*at, "state"), "call-model-tells", problem, "mend the state, becomes or opens"


def _word_faults(row: _Row, contract: Contract) -> Iterator[_Fault]:
    states = _words(contract, "CallState")
    opens = as_object(row.members.get("opens"))
    used: list[tuple[Tokens, str]] = [(("in", str(n)), state) for n, state in enumerate(row.states)]
    used += [(("becomes",), str(row.members["becomes"]))] if "becomes" in row.members else []
    used += [(("opens", "state"), str(opens["state"]))] if "state" in opens else []
    used += [
        (("consult", str(n)), s)
        for n, s in enumerate(as_texts(row.members.get("consult")))
        if s != _NO_CONSULT
    ]
    used += [((*at[len(row.at) :], "state"), str(told["state"])) for at, told in row.tells if "state" in told]
    for at, state in used:
        if state not in states:
            yield (
                (*row.at, *at),
                "call-model-word",
                f"{state} is no state of CallState",
                "use a word of schemas/CallState.yaml",
            )
    if "callType" in opens and opens["callType"] not in _open_words(contract, "CallType"):
        at = (*row.at, "opens", "callType")
        yield (
            at,
            "call-model-word",
            f"{opens['callType']} is no word of CallType",
            "use a word of schemas/CallType.yaml",
        )
    kinds = _open_words(contract, "NotificationType")
    for at, told in row.tells:
        if told.get("notificationType") not in kinds:
            problem = f"{told.get('notificationType')} is no word of NotificationType"
            yield (
                (*at, "notificationType"),
                "call-model-word",
                problem,
                "use a word of schemas/NotificationType.yaml",
            )
    effect = row.members.get("effect")
    if effect is not None and not str(effect).isidentifier():
        yield (
            (*row.at, "effect"),
            "call-model-word",
            f"{effect!r} is no identifier",
            "name the function, such as joins_parent",
        )


def _words(contract: Contract, schema: str) -> list[str]:
    source = contract.schema_named(schema)
    return as_texts(as_object(source.value).get("enum")) if source else []


def _open_words(contract: Contract, schema: str) -> list[str]:
    source = contract.schema_named(schema)
    value = as_object(source.value) if source else {}
    return [*as_texts(value.get("x-open-enum")), *as_texts(value.get("enum"))]
