"""Every world that a few commands can produce from two agents who talk: nothing is left to chance up to that depth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refswitch.calls import Command, FarEnd, LegKey, World

from .commands import dial, operate
from .model_fixture import ALICE, BOB, CAROL, TABLE, Bench
from .test_invariants import Listener, carry_out, judge

#: Beyond the two that let two agents talk.
DEPTH = 3
#: Operations that do not change any call's state, parties or links: they do the same in every world.
PLAIN = {"AttachUserData", "UpdateUserData", "DeleteUserData", "DeleteUserDataPair", "SendDtmf"}


def commands(world: World) -> Iterator[Command]:
    """The commands possible now: whatever the legs offer, and whatever the party that is not a seat can do."""
    for leg in world.legs.values():
        offered = TABLE.capabilities(world.situation(leg))
        for operation in offered:
            if operation not in PLAIN:
                others = [x for x in (*world.consults_of(leg), world.parent_of(leg)) if x]
                other = others[0].key.call_id if others and operation == "SwapCalls" else None
                for number in (
                    (CAROL, "70001") if "Conference" in operation or "Transfer" in operation else (BOB,)
                ):
                    yield operate(operation, leg.key, number, other=other, participant=CAROL)
    for conversation in world.conversations.values():
        for number, call_id in conversation.far.items():
            yield FarEnd(call_id, number, "answers" if number in conversation.ringing else "hangs-up")


@pytest.mark.slow
def test_every_invariant_holds_whatever_two_talking_agents_do_in_a_few_steps() -> None:
    """What distinguishes one world from another: everything but the time and the ids of its calls, which only count up."""
    start, told = Bench(), Listener()
    for command in (dial(ALICE, BOB), operate("Answer", LegKey(BOB, "c1"))):
        carry_out(start, told, command)
    frontier = [(start.world, told, 1)]
    seen: set[str] = set()
    for _ in range(DEPTH):
        following: list[tuple[World, Listener, int]] = []
        for world, listener, named in frontier:
            for command in commands(world):
                bench = Bench()
                bench.world = world
                for _ in range(named):
                    bench.new_identity()
                heard = Listener(dict(listener.heard), set(listener.released))
                carry_out(bench, heard, command)
                judge(bench, heard)
                key = repr(bench.world)
                if key not in seen:
                    seen.add(key)
                    following.append((bench.world, heard, int(bench.new_identity().conn_id, 16) - 1))
        frontier = following
    assert len(seen) > 1000, "the search has found too few worlds to be worth its name"
