"""Invariants: random commands over several seats, each checked by a listener who relies on notifications alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from refswitch.calls import (
    MOST_PARTIES,
    AlreadyInCall,
    Arrive,
    CallFull,
    Change,
    Command,
    End,
    FarEnd,
    LegKey,
    NoSuchConsult,
    NoSuchParticipant,
    Operate,
    Preview,
    Refused,
    State,
    Supervise,
    View,
    view,
)

from .commands import dial, operate, supervise
from .model_fixture import ALICE, BOB, CAROL, MODEL, TABLE, Bench

DAVE = "15003"
SEATS = (ALICE, BOB, CAROL, DAVE)
FAR = ("70001", "+15550100")
OPERATIONS = sorted({row["operation"] for row in MODEL["operations"]} - {"Dial"})
#: An offered operation may be refused because of a parameter, but not because of its name and state alone.
OF_PARAMETERS = (AlreadyInCall, CallFull, NoSuchConsult, NoSuchParticipant)


@dataclass
class Listener:
    """Remembers what the notifications say about every leg, and nothing else."""

    heard: dict[LegKey, View] = field(default_factory=dict)
    released: set[LegKey] = field(default_factory=set)

    def listen(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            leg = change.view.leg
            assert leg.key not in self.released, "such a state is final, and an id is never used again"
            if leg.state.is_final:
                assert change.view.capabilities == ()
                self.heard.pop(leg.key, None)
            else:
                self.heard[leg.key] = change.view
        self.released |= {c.view.leg.key for c in changes if c.view.leg.state.is_final}


def judge(bench: Bench, listener: Listener) -> None:
    """Everything that must be true of a world and its notifications."""
    world = bench.world
    assert listener.heard == {key: view(TABLE, world, leg) for key, leg in world.legs.items()}
    for name, conversation in world.conversations.items():
        with_legs = sorted(leg.key.agent for leg in world.legs_in(name))
        if any(leg.state is State.PREVIEW for leg in world.legs_in(name)):
            assert (with_legs, conversation.far) == ([conversation.parties[0]], {}), "nobody is called yet"
            continue
        expected = {*conversation.parties, *conversation.invited, *conversation.monitors} & set(world.seats)
        assert with_legs == sorted(expected), (name, conversation)
        assert len(conversation.parties) + len(conversation.invited) <= MOST_PARTIES
        assert set(conversation.far) == (
            {*conversation.parties, *conversation.invited} - set(world.seats)
            | (set(conversation.far) & set(world.seats))
        )
        assert (
            name in world.waiting
            or len(set(conversation.parties)) > 1
            or _calls_himself(conversation.parties)
        )
    for leg in world.legs.values():
        parent = world.parent_of(leg)
        assert (parent is not None) <= (leg.call_type == "Consult")
        assert leg.key.agent not in world.others(leg)
        assert (leg.monitoring == "none") == (
            leg.key.agent not in world.conversations[leg.conversation].monitors
        )
    for agent in world.seats:
        assert [leg.state for leg in world.legs_of(agent)].count(State.ESTABLISHED) <= 1


def _calls_himself(parties: tuple[str, ...]) -> bool:
    return len(parties) == 2 and len(set(parties)) == 1


def carry_out(bench: Bench, listener: Listener, command: Command) -> tuple[Change, ...]:
    """Carry out one command: an offered operation is accepted, and a refusal changes nothing."""
    before = bench.world
    offered: tuple[str, ...] = ()
    if isinstance(command, Operate) and command.leg in listener.heard:
        offered = listener.heard[command.leg].capabilities
    refused: Refused | None = None
    changes: tuple[Change, ...] = ()
    try:
        changes = bench.changes(command)
    except Refused as error:
        refused = error
    if refused is not None:
        assert bench.world is before
        by_name = isinstance(command, Operate) and command.operation not in offered
        may_be = by_name or isinstance(refused, OF_PARAMETERS) or isinstance(command, Supervise)
        assert may_be, f"{command} is offered and was refused: {refused}"
        return ()
    if isinstance(command, Operate) and command.leg in listener.released:
        assert (command.operation, changes) == ("SetCallDisposition", ())
    elif isinstance(command, Operate):
        assert command.leg in listener.heard, "accepted on a leg that its agent was never told of"
        told = {change.view.leg.key.agent for change in changes}
        assert command.leg.agent in told, f"{command} was accepted in silence"
    listener.listen(changes)
    return changes


numbers = st.sampled_from([*SEATS, *FAR])
seats = st.sampled_from(SEATS)


class Calls(RuleBasedStateMachine):
    """Every command of the core, in any order, mostly where it has an effect."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench("mute", "recording", "clear-call", seats=SEATS)
        self.listener = Listener()

    def do(self, command: Command) -> None:
        carry_out(self.bench, self.listener, command)

    @rule(agent=seats, number=numbers)
    def dial(self, agent: str, number: str) -> None:
        if len(self.bench.world.legs) < 12:
            self.do(dial(agent, number))

    @rule(to=st.none() | seats, caller=st.sampled_from(FAR), queue=st.none() | st.just("8000"))
    def arrive(self, to: str | None, caller: str, queue: str | None) -> None:
        if len(self.bench.world.conversations) < 8 and (to or queue):
            self.do(Arrive(caller, to, queue=queue, user_data={"Case": caller}))

    @rule(agent=seats, number=numbers)
    def preview(self, agent: str, number: str) -> None:
        if len(self.bench.world.legs) < 12 and agent != number:
            self.do(Preview(agent, number, {"Campaign": number}))

    @precondition(lambda self: self.listener.heard)
    @rule(data=st.data(), number=numbers)
    def operate(self, data: st.DataObject, number: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.listener.heard, key=lambda k: (k.agent, k.call_id))))
        offered = self.listener.heard[key].capabilities
        operation = data.draw(st.sampled_from(offered) | st.sampled_from(OPERATIONS))
        other = data.draw(st.none() | st.sampled_from(sorted(k.call_id for k in self.listener.heard)))
        self.do(
            operate(operation, key, number, {"Ticket": number}, other=other, key="Ticket", participant=number)
        )

    @rule(agent=seats, call=st.integers(1, 20), operation=st.sampled_from(OPERATIONS))
    def operate_on_anything(self, agent: str, call: int, operation: str) -> None:
        self.do(operate(operation, LegKey(agent, f"c{call}"), BOB, key="x", participant=CAROL))

    @rule(
        call=st.integers(1, 20),
        number=numbers,
        event=st.sampled_from(["answers", "fails", "hangs-up", "holds", "resumes"]),
    )
    def far_end(self, call: int, number: str, event: Any) -> None:
        self.do(FarEnd(f"c{call}", number, event))

    @precondition(lambda self: any(c.far for c in self.bench.world.conversations.values()))
    @rule(data=st.data(), event=st.sampled_from(["answers", "fails", "hangs-up", "holds", "resumes"]))
    def far_end_that_is_there(self, data: st.DataObject, event: Any) -> None:
        there = sorted({(c, n) for k in self.bench.world.conversations.values() for n, c in k.far.items()})
        call_id, number = data.draw(st.sampled_from(there))
        self.do(FarEnd(call_id, number, event))

    @rule(
        supervisor=seats,
        watched=numbers,
        how=st.sampled_from(["ListenIn", "Coach", "BargeIn"]),
        scope=st.sampled_from(["Agent", "Call"]),
        mode=st.sampled_from(["NextCall", "AllCalls"]),
    )
    def supervise(
        self,
        supervisor: str,
        watched: str,
        how: Literal["ListenIn", "Coach", "BargeIn"],
        scope: Literal["Agent", "Call"],
        mode: Literal["NextCall", "AllCalls"],
    ) -> None:
        self.do(supervise(supervisor, watched, how, scope, mode))

    @rule(supervisor=seats)
    def supervise_no_longer(self, supervisor: str) -> None:
        self.do(Supervise(supervisor, None))

    @precondition(lambda self: len(self.bench.world.conversations) > 4)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        self.do(End(data.draw(st.none() | st.sampled_from(sorted(self.bench.world.conversations)))))

    @invariant()
    def everything_holds(self) -> None:
        judge(self.bench, self.listener)


Calls.TestCase.settings = settings(max_examples=300, stateful_step_count=30, deadline=None, derandomize=True)
TestCalls = Calls.TestCase
