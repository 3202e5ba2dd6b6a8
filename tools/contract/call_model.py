"""Checks the call model: against its schema, its rows against each other, and its words against the rest of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jsonschema_rs

from callproof.bundling.findings import Finding
from callproof.bundling.sources import CALL_MODEL, CALL_MODEL_SCHEMA, Contract, Source
from callproof.bundling.unions import targets_of
from callproof.bundling.values import JsonObject, Tokens, as_list, as_object, as_texts

_KINDS = ("call", "consult")
#: Members of a row that restrict the legs it applies to; an absent member restricts nothing.
_DIMENSIONS = (
    "in", "of", "consult", "begun", "conference", "monitoring", "arrival", "room", "mute", "recording",
    "monitoredUser",
)  # fmt: skip
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
        *(
            fault
            for row in [*rows, *events]
            for fault in [*_notification_faults(row), *_word_faults(row, contract)]
        ),
    ]
    findings = [model.finding(*fault) for fault in faults]
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
        problem = f"the schema does not compile: {error.message[:200]}"
        yield Finding(schema.path, 1, "call-model-schema", problem, "fix the schema")
        return
    for fault in validator.iter_errors(model.value):
        at = tuple(map(str, fault.instance_path))
        yield model.finding(at, "call-model-schema", fault.message[:240], f"see {schema.path}")


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
        problem = f"{name} has a row, but no file in openapi/operations"
        yield at, "call-model-operation", problem, "write the file, or served: false"
    elif row.served and not set(targets or ()) & _POSTED[where]:
        problem = f"{name} is posted to a {' and a '.join(targets or ())}, but its row says {where}"
        yield at, "call-model-operation", problem, "fix x-target or target"
    elif not row.served and targets is not None:
        problem = f"{name} has a file, but its row says served: false"
        yield at, "call-model-operation", problem, "drop one of the two"
    if where == "call" and name not in _words(contract, "Capability"):
        remedy = "add it to x-open-enum of schemas/Capability.yaml"
        yield at, "call-model-word", f"{name} is not a word of Capability", remedy


def _targets(contract: Contract) -> dict[str, list[str]]:
    return {source.stem: targets_of(source) for source in contract.operations()}


def _device_faults(rows: list[_Row], contract: Contract) -> Iterator[_Fault]:
    """Faults of device rows: no two rows apply to the same situation, and every offered operation is a known capability."""
    targets, words = _targets(contract), _words(contract, "DeviceCapability")
    taken: dict[tuple[str, str], str] = {}
    for row in rows:
        name, at = str(row.members.get("operation")), (*row.at, "operation")
        if "device" not in targets.get(name, []):
            problem = f"{name} has a row, but no file in openapi/operations that is posted to a device"
            yield at, "call-model-operation", problem, "write the file, with x-target: device"
        if name not in words:
            remedy = "add it to schemas/DeviceCapability.yaml"
            yield at, "call-model-word", f"{name} is not a word of DeviceCapability", remedy
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
            at = (*row.at, "operation")
            yield at, "call-model-operation", problem, "write it, with x-target: [me, channel]"


def _without_row(contract: Contract, rows: list[_Row]) -> Iterator[Finding]:
    served = {str(row.members.get("operation")) for row in rows if row.served}
    for source in contract.operations():
        if set(targets_of(source)) - {"me"} and source.stem not in served:
            problem = f"{source.stem} has no row in the call model"
            yield Finding(source.path, 1, "call-model-operation", problem, f"add one to {CALL_MODEL}")


def _notification_faults(row: _Row) -> Iterator[_Fault]:
    """Faults of `tells`: a notification must be about a leg that exists, in a state that the row brings it to."""
    opens = as_object(row.members.get("opens")).get("state")
    becomes = row.members.get("becomes")
    reachable = {"opened": (opens,), "self": (becomes,) if becomes else row.states}
    for at, told in row.tells:
        leg, state = told.get("leg"), told.get("state")
        for name, is_missing, what, remedy in _MISSING_LEGS:
            if leg == name and is_missing(row):
                yield at, "call-model-tells", what, remedy
        reached = reachable.get(str(leg))
        if state is not None and reached and state not in reached:
            what = f"notifies that the {leg} leg is {state}, but it is {' or '.join(map(str, reached))}"
            yield (*at, "state"), "call-model-tells", what, "fix the state, becomes or opens"


def _may_lack_consult(row: _Row) -> bool:
    consult = as_texts(row.members.get("consult"))
    return not consult or _NO_CONSULT in consult


def _opens_none(row: _Row) -> bool:
    return as_object(row.members.get("opens")).get("state") is None


def _may_lack_parent(row: _Row) -> bool:
    return row.kinds != ("consult",)


#: The legs that a notification may be about, the test for a leg that may not exist, the problem and the remedy.
_MISSING_LEGS: tuple[tuple[str, Callable[[_Row], bool], str, str], ...] = (
    ("opened", _opens_none, "notifies about an opened leg, but opens none", "add opens, or name another leg"),
    ("parent", _may_lack_parent, "notifies about a parent, but applies to more than consult legs", "write of: [consult]"),
    ("consult", _may_lack_consult, "notifies about a consult call that may not exist", "list its states in consult"),
)  # fmt: skip


def _word_faults(row: _Row, contract: Contract) -> Iterator[_Fault]:
    """Words of a row that the contract's schemas do not have."""
    for at, word, schema in (*_states_in(row), *_other_words_in(row)):
        known = _words(contract, schema)
        if word not in known:
            what = f"{word} is not a {'state' if schema == 'CallState' else 'word'} of {schema}"
            yield at, "call-model-word", what, f"use a word of schemas/{schema}.yaml"
    effect = row.members.get("effect")
    if effect is not None and not str(effect).isidentifier():
        remedy = "name the function, such as joins_parent"
        yield (*row.at, "effect"), "call-model-word", f"{effect!r} is not an identifier", remedy


def _states_in(row: _Row) -> Iterator[tuple[Tokens, str, str]]:
    """Where a row names a state, the state, and the schema that has all of them."""
    opens = as_object(row.members.get("opens"))
    named: list[tuple[Tokens, object]] = [(("in", str(n)), state) for n, state in enumerate(row.states)]
    named += [(("becomes",), row.members.get("becomes")), (("opens", "state"), opens.get("state"))]
    consult = enumerate(as_texts(row.members.get("consult")))
    named += [(("consult", str(n)), state) for n, state in consult if state != _NO_CONSULT]
    named += [((*at[len(row.at) :], "state"), told.get("state")) for at, told in row.tells]
    yield from (((*row.at, *at), str(state), "CallState") for at, state in named if state is not None)


def _other_words_in(row: _Row) -> Iterator[tuple[Tokens, str, str]]:
    opens = as_object(row.members.get("opens"))
    if "callType" in opens:
        yield (*row.at, "opens", "callType"), str(opens["callType"]), "CallType"
    for at, told in row.tells:
        yield (*at, "notificationType"), str(told.get("notificationType")), "NotificationType"


def _words(contract: Contract, schema: str) -> list[str]:
    source = contract.schema_named(schema)
    value = as_object(source.value) if source else {}
    return [*as_texts(value.get("x-open-enum")), *as_texts(value.get("enum"))]
