"""What holds whatever happens: random operations and far ends over three seats, judged after every step."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from refswitch.calls import Change, Dial, FarEnd, LegKey, Operate, Refused, State, View, view

from .model_fixture import ALICE, BOB, CAROL, MODEL, TABLE, Bench

SEATS = st.sampled_from([ALICE, BOB, CAROL])
NUMBERS = st.sampled_from([ALICE, BOB, CAROL, "70001"])
CALLS = st.sampled_from([f"c{count}" for count in range(1, 7)])
OPERATIONS = st.sampled_from(sorted({row["operation"] for row in MODEL["operations"]}))
SERVED = {row["operation"] for row in MODEL["operations"] if row.get("served", True)}


class Calls(RuleBasedStateMachine):
    """Every command the core knows, in any order, and a listener that believes only what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.heard: dict[LegKey, View] = {}
        self.released: set[LegKey] = set()

    @rule(agent=SEATS, number=NUMBERS)
    def dial(self, agent: str, number: str) -> None:
        if len(self.bench.world.legs) < 12:
            self.listen(self.bench.changes(Dial(agent, number)))

    @rule(agent=SEATS, call_id=CALLS, operation=OPERATIONS, number=NUMBERS)
    def operate(self, agent: str, call_id: str, operation: str, number: str) -> None:
        key = LegKey(agent, call_id)
        before = self.bench.world
        offered = key in self.heard and operation in self.heard[key].capabilities and operation in SERVED
        try:
            changes = self.bench.changes(Operate(operation, key, number))
        except Refused:
            assert not offered, f"{operation} is offered and was refused"
            assert self.bench.world is before
            return
        assert key in self.heard, "an operation was accepted on a leg its agent was never told of"
        self.listen(changes)

    @rule(
        agent=SEATS,
        call_id=CALLS,
        event=st.sampled_from(["answers", "fails", "hangs-up"]),
    )
    def far_end(self, agent: str, call_id: str, event: str) -> None:
        self.listen(self.bench.changes(FarEnd(LegKey(agent, call_id), "70001", event)))  # type: ignore[arg-type]  # sampled from its values

    def listen(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            key = change.view.leg.key
            assert key not in self.released, "Released is final"
            if change.view.leg.state is State.RELEASED:
                assert change.view.capabilities == ()
                self.heard.pop(key, None)
        live = set(self.heard) | {change.view.leg.key for change in changes}
        for change in changes:
            if change.view.leg.state is State.RELEASED:
                live.discard(change.view.leg.key)
        self.heard |= {change.view.leg.key: change.view for change in changes if change.view.leg.key in live}
        self.released |= {
            change.view.leg.key for change in changes if change.view.leg.state is State.RELEASED
        }

    @invariant()
    def what_was_told_is_what_is(self) -> None:
        world = self.bench.world
        assert self.heard == {key: view(TABLE, world, leg) for key, leg in world.legs.items()}

    @invariant()
    def every_seat_in_a_conversation_has_a_leg_in_it_and_no_other(self) -> None:
        world = self.bench.world
        for name, conversation in world.conversations.items():
            with_legs = sorted(leg.key.agent for leg in world.legs_in(name))
            assert with_legs == sorted(set(conversation.parties) & world.seats)

    @invariant()
    def an_agent_talks_on_one_leg_at_a_time(self) -> None:
        for agent in (ALICE, BOB, CAROL):
            states = [leg.state for leg in self.bench.world.legs_of(agent)]
            assert states.count(State.ESTABLISHED) <= 1


Calls.TestCase.settings = settings(max_examples=300, stateful_step_count=25, deadline=None, derandomize=True)
TestCalls = Calls.TestCase
