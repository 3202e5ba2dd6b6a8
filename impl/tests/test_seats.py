"""Reading seats files as people write them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from refswitch.calls import UserState
from refswitch.limits import SEATS_BYTES
from refswitch.seats import (
    DEFAULT_SEATS,
    Seating,
    SimulatedNumber,
    load_seating,
    new_seat,
    read_seating,
)
from refswitch.strict_yaml import FileNotUsable


def read(text: str, **environment: str) -> Seating:
    return read_seating(text, "seats.yaml", environment)


def test_the_default_seats_are_15000_15001_and_15002_whose_logins_and_passwords_are_their_numbers() -> None:
    seats = load_seating().seats
    assert [(seat.number, seat.login, seat.password) for seat in seats] == [
        (number, number, number) for number in ("15000", "15001", "15002")
    ]
    assert all(seat.has_guessable_password for seat in seats)


def test_the_default_numbers_show_every_behaviour() -> None:
    seating = load_seating()
    assert seating.simulated("70000") == SimulatedNumber("rings")
    assert seating.simulated("70005") == SimulatedNumber("answers", after=5)
    assert seating.simulated("70100") == SimulatedNumber("busy")
    assert seating.simulated("70102") == SimulatedNumber("does-not-exist")
    assert seating.simulated("70104") == SimulatedNumber("answers", after=1, hangs_up_after=5)
    assert seating.simulated("99999") == SimulatedNumber("does-not-exist")


def test_what_a_seat_leaves_out_is_derived_from_its_number_and_never_changes() -> None:
    (seat,) = read('seats: [{number: "4711"}]').seats
    assert seat == new_seat("4711")
    assert (seat.login, seat.password, seat.display_name) == ("4711", "4711", "4711")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", seat.device_id)
    assert re.fullmatch(r"[0-9a-f]{32}", seat.user_id)


def test_everything_about_a_seat_can_be_set() -> None:
    seating = read(
        """
        seats:
          - number: "15000"
            login: alice
            password_env: ALICE_PASSWORD
            device_id: 631608b3-ceb1-472b-ba05-2ae39555b0d1
            display_name: Alice Adams
        other_numbers: rings
        """,
        ALICE_PASSWORD="open sesame",
    )
    assert seating == Seating(
        (
            new_seat(
                "15000",
                login="alice",
                password="open sesame",
                device_id="631608b3-ceb1-472b-ba05-2ae39555b0d1",
                display_name="Alice Adams",
            ),
        ),
        other_numbers=SimulatedNumber("rings"),
    )
    assert not seating.seats[0].has_guessable_password


def test_a_password_does_not_show_when_a_seat_is_printed() -> None:
    assert "sesame" not in repr(new_seat("1", password="open sesame"))


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("", "seats.yaml", "is empty; it needs seats:, a list of seats"),
        ("seats: [", "seats.yaml:1:9", "is not YAML"),
        ("seats: []", "seats.yaml:1", "$.seats must have 1 or more entries"),
        ("[]", "seats.yaml:1", "$ must be of type object"),
        ('seets: [{number: "1"}]', "seats.yaml:1", "$.seets is not known here; did you mean seats?"),
        (
            'seats:\n- number: "1"\n  pasword: x',
            "seats.yaml:3",
            "$.seats[0].pasword is not known here; did you mean password?",
        ),
        (
            "seats: [{number: 15000}]",
            "seats.yaml:1",
            "$.seats[0].number must be of type string, but is 15000; write it in quotes",
        ),
        ("seats: [{login: a}]", "seats.yaml:1", "$.seats[0].number is required"),
        ('seats: [{number: "1 2"}]', "seats.yaml:1", "$.seats[0].number must match"),
        (
            'seats:\n- number: "1"\n  number: "2"',
            "seats.yaml:2",
            "$.seats[0].number is given here and again in line 3",
        ),
        (
            'seats:\n- {number: "1"}\n- {number: "1"}',
            "seats.yaml:3",
            "$.seats[1].number number 1 belongs to another seat",
        ),
        (
            'seats: [{number: "1"}, {number: "2", login: "1"}]',
            "seats.yaml:1",
            "$.seats[1].login login name 1 belongs to another seat",
        ),
        (
            'seats: [{number: "1", password_env: NOPE}]',
            "seats.yaml:1",
            "$.seats[0].password_env names NOPE, which is not set",
        ),
        (
            'seats: [{number: "1", password: a, password_env: B}]',
            "seats.yaml:1",
            "$.seats[0].password_env cannot be combined with password",
        ),
        (
            'seats: [{number: "1"}]\nnumbers:\n- {number: "7", behaviour: buzy}',
            "seats.yaml:3",
            '$.numbers[0].behaviour must be one of rings, answers, busy, rejected, does-not-exist, but is "buzy"; did you mean busy?',
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "7", manner: busy}]',
            "seats.yaml:2",
            "$.numbers[0].manner is not known here; did you mean behaviour?",
        ),
        (
            'seats: [{number: "1"}]\nmanners: false',
            "seats.yaml:2",
            "$.manners is not known here; did you mean simulated_numbers?",
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "7", behaviour: busy, hangs_up_after: 1}]',
            "seats.yaml:2",
            "$.numbers[0].hangs_up_after is for numbers whose behaviour is answers",
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "7", behaviour: rings, after: 1}]',
            "seats.yaml:2",
            "$.numbers[0].after means nothing for a number that rings for ever",
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "1", behaviour: busy}]',
            "seats.yaml:2",
            "$.numbers[0].number 1 is a seat already",
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "7", behaviour: busy, after: -1}]',
            "seats.yaml:2",
            "$.numbers[0].after must be 0 or more",
        ),
        (
            "seats:\n- {number: 2020-01-01}",
            "seats.yaml:2",
            "$.seats[0].number is of the YAML type timestamp; write it in quotes, without a tag",
        ),
        ("seats: !!set {a}", "seats.yaml:1", "$.seats is of the YAML type set; write it in quotes"),
        (
            "seats:\n- 3: x",
            "seats.yaml:2",
            '$.seats[0] has the name "3", which is not text; write it in quotes',
        ),
        ("null: x", "seats.yaml:1", '$ has the name "null", which is not text; write it in quotes'),
        ("seats:\n? [a]\n: x", "seats.yaml:2", "$ has a name that is not text"),
        (
            'seats: [{number: "1", password: "\\ud800"}]',
            "seats.yaml:1",
            "$.seats[0].password must be text that JSON can hold",
        ),
        (
            'seats: [{number: "1"}]\nnumbers: [{number: "7", behaviour: answers, after: .nan}]',
            "seats.yaml:2",
            '$.numbers[0].after must be a number that JSON can hold, but is ".nan"',
        ),
        ("seats: [{number: !!bool x}]", "seats.yaml:1", "$.seats[0].number must be true or false"),
        (
            "a: &a [x, x]\nseats: [*a, *a]",
            "seats.yaml:2:9",
            "has an alias; write out the value that it stands for",
        ),
        ("seats: &a [*a]", "seats.yaml:1:12", "has an alias; write out the value that it stands for"),
        ("[" * 5000, "seats.yaml:1:17", "is nested deeper than 16 levels"),
    ],
)
def test_an_error_is_named_with_its_place_and_its_remedy(text: str, where: str, problem: str) -> None:
    with pytest.raises(FileNotUsable) as caught:
        read(text)
    assert caught.value.where == where
    assert caught.value.problem.startswith(problem)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_reported_as_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotUsable, match="there is no such file"):
        load_seating(tmp_path / "none.yaml")


def test_a_file_that_is_longer_than_seats_can_be_is_not_read_to_its_end() -> None:
    with pytest.raises(FileNotUsable, match=f"/dev/zero: is longer than {SEATS_BYTES.default} bytes"):
        load_seating(Path("/dev/zero"))


def test_the_schema_of_seats_describes_every_word_of_the_default_file() -> None:
    schema = json.loads(DEFAULT_SEATS.with_name("seats.schema.json").read_text())
    assert set(schema["properties"]) == {
        "seats",
        "numbers",
        "simulated_numbers",
        "other_numbers",
        "agent_states",
        "settings",
    }
    assert schema["$defs"]["behaviour"]["enum"] == [
        "rings",
        "answers",
        "busy",
        "rejected",
        "does-not-exist",
    ]


def test_a_contact_centre_may_have_settings_in_sections() -> None:
    assert read('seats: [{number: "1"}]').settings == {}
    text = 'seats: [{number: "1"}]\nsettings: {voice: {auto-answer: "true"}, empty: {}}'
    assert read(text).settings == {"voice": {"auto-answer": "true"}, "empty": {}}


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ("[]", "$.settings must be of type object"),
        ("{voice: on}", "$.settings.voice must be of type object"),
        (
            "{voice: {auto: true}}",
            "$.settings.voice.auto must be of type string, but is true; write it in quotes",
        ),
        ('{"": {}}', "$.settings is wrong"),
    ],
)
def test_settings_are_text_in_named_sections(settings: str, refusal: str) -> None:
    with pytest.raises(FileNotUsable, match=re.escape(refusal)):
        read(f'seats: [{{number: "1"}}]\nsettings: {settings}')


def test_a_contact_centre_may_have_agent_states_of_its_own() -> None:
    text = """
seats: [{number: "1"}]
agent_states:
  - {name: OutToLunch}
  - {name: Training, display_name: In training, state: Ready, work_mode: AuxWork, reason: Course}
"""
    lunch, training = read(text).agent_states
    assert (lunch.operation, lunch.in_settings) == ("OutToLunch", "NotReady")
    assert lunch.shown == UserState("NotReady", lunch.shown.id, "OutToLunch")
    assert training.shown == UserState("Ready", training.shown.id, "In training", "AuxWork", "Course")
    assert lunch.shown.id != training.shown.id
    assert read(text).agent_states == (lunch, training), "and they keep their ids"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("name: Ready", "$.agent_states[1].name Ready is the name of an operation already"),
        ("name: EndContactCenterSession", "$.agent_states[1].name EndContactCenterSession is the name of"),
        ("name: Lunch", "$.agent_states[1].name Lunch is the name of an operation already"),
        ("name: no name", "$.agent_states[1].name must match"),
        ("name: A, state: LoggedOut", "$.agent_states[1].state must be Ready or NotReady"),
        ("name: A, raeson: x", "$.agent_states[1].raeson is not known here; did you mean reason?"),
    ],
)
def test_an_impossible_agent_state_is_refused_with_its_place(entry: str, problem: str) -> None:
    with pytest.raises(FileNotUsable) as caught:
        read(f'seats: [{{number: "1"}}]\nagent_states: [{{name: Lunch}}, {{{entry}}}]')
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "seats: [{number: '1', password: [PASSWORD]}]",
        "seats: [{number: '1', password: {a: PASSWORD}}]",
        "seats: [{number: '1', password: !PASSWORD x}]",
        "seats: [{number: '1', password: *PASSWORD}]",
        "seats: [{number: '1', password: PASSWORD: x}]",
        "seats: {number: '1', password: PASSWORD}",
        "seats: [PASSWORD]",
        "seats: [{number: '1', password: [[PASSWORD]]}]",
        "[PASSWORD]",
        "PASSWORD",
    ],
)
def test_an_error_never_repeats_what_may_be_a_password(text: str) -> None:
    """A mistake of indentation, a bracket or an odd first character can put a password where something else is expected."""
    for password in ("hunter2-of-alice", "4711471147114711"):
        with pytest.raises(FileNotUsable) as caught:
            read(text.replace("PASSWORD", password))
        assert password not in str(caught.value)
