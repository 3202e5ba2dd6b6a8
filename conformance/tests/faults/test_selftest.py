"""The command: what it is asked for, and one faulty server from end to end."""

import json
from pathlib import Path

import pytest

from callproof import cli


@pytest.mark.slow
def test_a_faulty_server_is_caught_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "matrix.json"
    assert cli.main(["selftest", "--only", "dialing-before-held", "--json", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 faulty: 1 caught by name; 0 legal: 0 green"
    matrix = json.loads(file.read_text(encoding="utf-8"))
    assert [(one["name"], one["outcome"], one["triggers"]) for one in matrix["variants"]] == [
        ("dialing-before-held", "caught", [1])
    ]


def test_the_list_names_every_variant_and_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["selftest", "--list", "--only", "held-*"]) == 0
    assert "held-is-lost                      OPS-INITCONF-002" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "held-is-lots"], "no variant is called held-is-lots; did you mean held-is-lost?"),
        (["--only", "xyzzy"], "no variant is called xyzzy; --list says which there are"),
        (["--at-once", "0"], "0 is not a number from 1 up"),
        (["--json", "/nowhere/matrix.json"], "the folder /nowhere does not exist"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_a_mistake_is_reported_before_anything_starts(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["selftest", *arguments]) == 4
    assert sentence in capsys.readouterr().err
