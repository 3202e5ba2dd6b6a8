"""Devices: their settings, who is logged in on them, and where a call to one rings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refswitch.calls import (
    Arrive,
    BadTable,
    Device,
    DeviceCommand,
    Dialled,
    LogIn,
    LogOut,
    NotPossibleOnDevice,
    NotRegistered,
    OperateDevice,
    Refused,
    SetAgentState,
    UserState,
    World,
    read_device_table,
    settle,
    step,
    step_device,
)
from refswitch.calls.devices import reached

from .commands import dial, on_device
from .model_fixture import ALICE, BOB, CAROL, DEVICE_TABLE, TABLE, numbered, told

STATES = {state.operation: state for state in DEVICE_TABLE.agent_states}
WORLD = World({seat: frozenset() for seat in (ALICE, BOB, CAROL)})


def after(*commands: DeviceCommand, world: World = WORLD) -> World:
    for command in commands:
        world, _ = step_device(DEVICE_TABLE, world, command)
    return world


def dialled(world: World, number: str) -> tuple[list[str], tuple[Dialled, ...]]:
    """The notifications when Alice dials, and the numbers left to be simulated."""
    result = step(TABLE, world, dial(ALICE, number), now=0.0, new_identity=numbered())
    return [told(change) for change in result.changes], result.dialled


def test_each_switch_of_a_device_offers_its_other_position_and_refuses_its_own() -> None:
    assert DEVICE_TABLE.capabilities(WORLD, ALICE) == ("DoNotDisturbOn", "ForwardCallsOn")
    world = after(on_device(ALICE, "DoNotDisturbOn"), on_device(ALICE, "ForwardCallsOn", BOB))
    assert world.device(ALICE) == Device(do_not_disturb=True, forward_to=BOB)
    assert DEVICE_TABLE.capabilities(world, ALICE) == ("DoNotDisturbOff", "ForwardCallsOff")
    with pytest.raises(NotPossibleOnDevice) as refused:
        after(on_device(ALICE, "DoNotDisturbOn"), world=world)
    assert (refused.value.operation, refused.value.offered) == (
        "DoNotDisturbOn",
        ("DoNotDisturbOff", "ForwardCallsOff"),
    )
    back = after(on_device(ALICE, "DoNotDisturbOff"), on_device(ALICE, "ForwardCallsOff"), world=world)
    assert back.device(ALICE) == Device()


def test_an_agent_state_needs_a_session_and_outlives_the_calls() -> None:
    with pytest.raises(NotRegistered, match=r"^Device '15000' is not registered\.$"):
        after(SetAgentState(ALICE, STATES["Ready"]))
    world = after(LogIn(ALICE))
    assert world.device(ALICE) == Device(in_session=True, user_state=UserState("LoggedIn"))
    world = after(SetAgentState(ALICE, STATES["AuxWork"]), world=world)
    shown = UserState("NotReady", "2B36138D-C564-4562-A8CB-3C32D564F296", "AuxWork", "AuxWork")
    assert world.device(ALICE).user_state == shown
    called = step(TABLE, world, dial(BOB, ALICE), now=0.0, new_identity=numbered())
    assert called.world.device(ALICE).user_state == shown


def test_a_session_begins_once_and_ends_once() -> None:
    world, is_told = step_device(DEVICE_TABLE, WORLD, LogOut(ALICE, STATES["Offline"]))
    assert (world.device(ALICE), is_told) == (Device(), False)
    world, is_told = step_device(DEVICE_TABLE, world, LogIn(ALICE))
    assert is_told
    world = after(SetAgentState(ALICE, STATES["Ready"]), world=world)
    world, is_told = step_device(DEVICE_TABLE, world, LogIn(ALICE))
    assert (world.device(ALICE).user_state, is_told) == (STATES["Ready"].shown, False)
    world, is_told = step_device(DEVICE_TABLE, world, LogOut(ALICE, STATES["Offline"]))
    assert (world.device(ALICE), is_told) == (Device(user_state=STATES["Offline"].shown), True)


def test_one_agents_device_does_not_affect_anothers() -> None:
    world = after(LogIn(ALICE), on_device(ALICE, "DoNotDisturbOn"))
    assert world.device(BOB) == Device()


def test_a_device_set_to_do_not_disturb_does_not_ring() -> None:
    changes, played = dialled(after(on_device(BOB, "DoNotDisturbOn")), BOB)
    assert changes == [f"{ALICE} c1 StatusChange Dialing {BOB}"]
    assert played == (Dialled("c1", BOB, is_unreachable=True),)


def test_a_forwarded_call_rings_at_the_end_of_the_chain() -> None:
    world = after(on_device(BOB, "ForwardCallsOn", CAROL))
    changes, played = dialled(world, BOB)
    assert changes == [f"{ALICE} c1 StatusChange Dialing {CAROL}", f"{CAROL} c1 StatusChange Ringing {ALICE}"]
    assert played == ()
    result = step(TABLE, world, dial(ALICE, BOB), now=0.0, new_identity=numbered())
    assert {change.view.leg.dnis for change in result.changes} == {BOB}


def test_a_call_may_be_forwarded_to_a_number_that_is_not_a_seat() -> None:
    changes, played = dialled(after(on_device(BOB, "ForwardCallsOn", "70001")), BOB)
    assert changes == [f"{ALICE} c1 StatusChange Dialing 70001"]
    assert played == (Dialled("c1", "70001"),)


@pytest.mark.parametrize(
    "forwards",
    [
        {BOB: BOB},
        {BOB: CAROL, CAROL: BOB},
        {BOB: ALICE},
        {BOB: CAROL, CAROL: ALICE},
    ],
    ids=["to itself", "in a circle", "back to the caller", "back by a detour"],
)
def test_a_call_forwarded_in_a_circle_rings_nowhere(forwards: dict[str, str]) -> None:
    world = after(*(on_device(number, "ForwardCallsOn", to) for number, to in forwards.items()))
    changes, played = dialled(world, BOB)
    assert changes == [f"{ALICE} c1 StatusChange Dialing {BOB}"]
    assert played == (Dialled("c1", BOB, is_unreachable=True),)


def test_a_call_forwarded_to_a_device_set_to_do_not_disturb_rings_nowhere() -> None:
    world = after(on_device(BOB, "ForwardCallsOn", CAROL), on_device(CAROL, "DoNotDisturbOn"))
    assert dialled(world, BOB)[1] == (Dialled("c1", BOB, is_unreachable=True),)


def test_an_agent_with_do_not_disturb_can_still_call_others() -> None:
    changes, _ = dialled(after(on_device(ALICE, "DoNotDisturbOn")), BOB)
    assert changes[-1] == f"{BOB} c1 StatusChange Ringing {ALICE}"


NUMBERS = st.sampled_from([ALICE, BOB, CAROL, "70001"])
COMMANDS = st.one_of(
    st.builds(LogIn, NUMBERS),
    st.builds(LogOut, NUMBERS, st.just(STATES["Offline"])),
    st.builds(SetAgentState, NUMBERS, st.sampled_from(DEVICE_TABLE.agent_states)),
    st.builds(
        on_device,
        NUMBERS,
        st.sampled_from(["DoNotDisturbOn", "DoNotDisturbOff", "ForwardCallsOn", "ForwardCallsOff"]),
        NUMBERS,
    ),
)


@given(st.lists(COMMANDS, max_size=30))
def test_a_device_takes_exactly_what_it_offers(commands: list[DeviceCommand]) -> None:
    world = WORLD
    for command in commands:
        device = world.device(command.agent)
        is_offered = not isinstance(command, OperateDevice) or (
            command.operation in DEVICE_TABLE.capabilities(world, command.agent)
        )
        may = device.in_session if isinstance(command, SetAgentState) else is_offered
        try:
            world = after(command, world=world)
        except Refused:
            assert not may
        else:
            assert may
        for number in (ALICE, BOB, CAROL):
            end = reached(world, number)
            assert end is None or world.device(end) == Device(
                in_session=world.device(end).in_session, user_state=world.device(end).user_state
            )


def test_two_rows_that_answer_the_same_question_are_refused() -> None:
    row = DEVICE_TABLE.rows[0]
    with pytest.raises(BadTable, match="answers the same question as row do-not-disturb-on"):
        read_device_table([row, {**row, "id": "again"}], [])


def test_a_table_without_a_way_to_log_out_is_refused() -> None:
    with pytest.raises(BadTable, match="row Offline: is missing"):
        read_device_table(DEVICE_TABLE.rows, [])


def ringing(world: World, seats: tuple[str, ...] = (ALICE, BOB, CAROL)) -> list[str]:
    return [seat for seat in seats if world.legs_of(seat)]


def queued(world: World) -> World:
    call = Arrive("+15550100", queue="9000")
    return step(TABLE, world, call, now=0.0, new_identity=numbered()).world


@pytest.mark.parametrize(
    ("commands", "agent"),
    [
        ([], ALICE),
        ([LogIn(ALICE)], BOB),
        ([LogIn(ALICE), SetAgentState(ALICE, STATES["NotReady"])], BOB),
        ([LogIn(ALICE), SetAgentState(ALICE, STATES["Ready"])], ALICE),
        ([LogIn(ALICE), LogOut(ALICE, STATES["Offline"])], BOB),
        ([on_device(ALICE, "DoNotDisturbOn")], BOB),
        ([on_device(ALICE, "ForwardCallsOn", CAROL)], BOB),
    ],
)
def test_a_queue_offers_its_calls_to_agents_who_are_ready_or_have_never_had_a_state(
    commands: list[DeviceCommand], agent: str
) -> None:
    assert ringing(queued(after(*commands))) == [agent]


def test_a_caller_in_a_queue_rings_when_somebody_becomes_ready() -> None:
    world = queued(after(*(LogIn(seat) for seat in (ALICE, BOB, CAROL))))
    assert ringing(world) == []
    world = after(SetAgentState(BOB, STATES["Ready"]), world=world)
    assert ringing(settle(TABLE, world, now=0.0, new_identity=numbered()).world) == [BOB]
