"""The commented seats file: it shows every key of the schema, it can be used as it is, and so can each key behind a #."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refswitch import seats
from refswitch.cli import main
from refswitch.seats import DEFAULT_SEATS, load_seating, read_seating
from refswitch.seats_file import flow, keys, template

SCHEMA: Any = json.loads(Path(seats.__file__).with_name("seats.schema.json").read_text(encoding="utf-8"))
#: Environment of the file in which every key is in use.
ENVIRONMENT = {"ALICE_PASSWORD": "a secret of the test"}


def in_use(text: str, *without: str) -> str:
    """The file with every optional key in use but some."""
    shown = re.sub(r"^( *)# (?=[a-z_]+: \S|[a-z_]+:$| +- |   )", r"\1", text, flags=re.MULTILINE)
    return "\n".join(line for line in shown.splitlines() if not line.strip().startswith(without))


def test_every_key_of_the_schema_is_in_the_file_with_its_explanation() -> None:
    parts = {"seats": "seat", "numbers": "number", "agent_states": "agentState"}
    assert [key.name for key in keys()] == list(SCHEMA["properties"])
    for key in keys():
        described = SCHEMA["$defs"][parts[key.name]]["properties"] if key.parts else {}
        assert [part.name for part in key.parts] == list(described)
    prose = " ".join(line.strip(" #") for line in template().splitlines())
    for key in [one for whole in keys() for one in (whole, *whole.parts)]:
        assert re.search(rf"^[ #]*(- )?{key.name}:", template(), re.MULTILINE), key.name
        assert key.text in prose


def test_the_file_can_be_used_as_it_is_and_means_the_same_as_no_file() -> None:
    told, default = read_seating(template(), "seats.yaml", {}), load_seating(DEFAULT_SEATS)
    assert [seat.number for seat in told.seats] == [seat.number for seat in default.seats]
    assert [seat.abilities for seat in told.seats] == [seat.abilities for seat in default.seats]
    assert replace(told, seats=()) == replace(default, seats=())


def test_the_file_can_be_used_with_every_optional_key() -> None:
    told = read_seating(in_use(template(), "password:"), "seats.yaml", ENVIRONMENT)
    assert (told.seats[0].login, told.seats[0].password) == ("alice", ENVIRONMENT["ALICE_PASSWORD"])
    assert list(told.numbers) == ["8001", "8002"]
    assert [state.operation for state in told.agent_states] == ["OutToLunch"]
    assert told.settings == {"interaction-workspace": {"login.voice.can-auto-ready": "true"}}
    assert read_seating(in_use(template(), "password_env:"), "seats.yaml", {}).seats[0].password


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("15000", '"15000"'),
        ("yes", '"yes"'),
        ("Out to lunch", "Out to lunch"),
        ("a: b", '"a: b"'),
        ({"number": "1", "on": True}, '{number: "1", on: true}'),
        ([1.5, "busy"], "[1.5, busy]"),
    ],
)
def test_values_are_written_so_that_yaml_reads_them_back(value: object, text: str) -> None:
    assert flow(value) == text


def test_init_writes_the_file_and_overwrites_none_without_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert capsys.readouterr().out == "wrote seats.yaml\nedit it, then: refswitch serve --seats seats.yaml\n"
    assert Path("seats.yaml").read_text(encoding="utf-8") == template()
    Path("seats.yaml").write_text("mine", encoding="utf-8")
    assert main(["init"]) == 4
    assert capsys.readouterr().err == (
        'refswitch: "seats.yaml" already exists and was not changed; name another file, or overwrite it with --force\n'
    )
    assert Path("seats.yaml").read_text(encoding="utf-8") == "mine"
    assert main(["init", "--force", "seats.yaml"]) == 0
    assert Path("seats.yaml").read_text(encoding="utf-8") == template()


def test_init_says_why_a_file_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "nowhere" / "seats.yaml")]) == 4
    assert "cannot be written (no such file or directory); name another file" in capsys.readouterr().err
