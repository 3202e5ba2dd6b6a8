"""`callproof contract`: what its commands print, refuse and end with; on a bare installation too."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from callproof import cli, limits
from callproof.commands.contract import COMMANDS
from callproof.commands.exits import CLEAN, CONFIGURATION, FINDINGS, NOT_JUDGED, OF_BUNDLE, OF_DIFF
from callproof.contract.bundles import MEMBERS, load_contract, released_versions

ROOT = Path(__file__).parents[3]
DIST = ROOT / "dist"
RELEASED = ROOT / "conformance" / "callproof" / "contract" / "released"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with bundles that a test may change."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in MEMBERS:
        shutil.copy(DIST / name, folder)
    return folder


def changed(folder: Path, name: str, *keys: str, to: Any) -> None:
    """Change one value of a bundle."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    holder = document
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = to
    (folder / name).write_text(json.dumps(document), encoding="utf-8")


def bare(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as a bare installation runs it: without any package."""
    program = f"import sys; from callproof.cli import main; sys.exit(main({['contract', *words]!r}))"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "conformance")}
    return subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=60,
        check=False,
    )


# the command -----------------------------------------------------------------------------------------------------------


def test_the_help_names_every_command_and_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["contract", "--help"]) == CLEAN
    out = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " not in out] == []
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_fits_eighty_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["contract", command, "--help"]) == CLEAN
    out = capsys.readouterr().out
    assert out.startswith(f"usage: callproof contract {command} ")
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "name a command: show, path, bundle, diff"),
        (["shwo"], "no command shwo; did you mean show?"),
        (["diff"], "the following arguments are required: OLD; see callproof contract diff --help"),
        (["path", "a", "b"], "unrecognized arguments: b; see callproof contract path --help"),
    ],
)
def test_bad_usage_is_one_sentence_and_no_verdict(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", *words]) == CONFIGURATION
    said = capsys.readouterr().err
    assert said.startswith(f"callproof contract: {sentence}")
    assert said.count("\n") == 1


@pytest.mark.slow
def test_a_bare_installation_shows_finds_and_compares_and_says_what_bundling_needs(tmp_path: Path) -> None:
    assert bare("show", "Dial").returncode == CLEAN
    assert bare("path", "openapi.json").stdout == f"{DIST / 'openapi.json'}\n"
    assert bare("diff", "dist", "dist").returncode == CLEAN
    done = bare("bundle", "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (CONFIGURATION, "")
    assert done.stderr == 'callproof contract: yaml is not installed; run: pip install "callproof[run]"\n'
    assert not (tmp_path / "out").exists()


def test_the_guide_has_the_tables_of_exit_codes() -> None:
    guide = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    for codes in (OF_BUNDLE, OF_DIFF):
        rows = [f"| {code} | {meaning} |" for code, meaning in codes.items()]
        assert "\n".join(rows) in guide


# path ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], DIST),
        (["asyncapi.json"], DIST / "asyncapi.json"),
        (["0.1.0"], RELEASED / "0.1.0"),
        (["0.1.0/openapi.json"], RELEASED / "0.1.0" / "openapi.json"),
    ],
)
def test_path_prints_one_absolute_path(
    words: list[str], found: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "path", *words]) == CLEAN
    assert capsys.readouterr().out == f"{found}\n"
    assert found.exists()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("openapi.jsn", "did you mean openapi.json?"),
        ("0.1.0/asyncap.json", "did you mean 0.1.0/asyncapi.json?"),
        ("../pyproject.toml", "there are asyncapi.json, "),
        ("stubs", "there are asyncapi.json, "),
    ],
)
def test_path_prints_nothing_that_is_no_bundle(
    name: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "path", name]) == CONFIGURATION
    out, err = capsys.readouterr()
    assert out == ""
    assert f"the contract has no file {name}; {meant}" in err


# bundle ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_bundle_makes_the_bundles_of_the_checkout_byte_for_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "bundle", "--out", str(tmp_path)]) == CLEAN
    made = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert set(MEMBERS) <= {file.name for file in made}
    assert {file.name: file.read_bytes() for file in made} == {
        file.name: (DIST / file.name).read_bytes() for file in made
    }


def test_bundle_names_each_fault_with_its_place_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for half, text in (("openapi", "paths: {/me: {$ref: paths/me.yaml}}\n"), ("asyncapi", "channels: {}\n")):
        (tmp_path / half).mkdir()
        (tmp_path / half / f"{half}.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["contract", "bundle", str(tmp_path), "--out", str(tmp_path / "out")]) == FINDINGS
    assert "openapi/openapi.yaml:1: reference: paths/me.yaml points to openapi/paths/me.yaml, which" in (
        capsys.readouterr().out
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("bound", "default", "problem"),
    [
        ("SOURCE_FILES", 1, "bounds: more than 1 files"),
        ("SOURCE_BYTES", 10, "bounds: larger than 10 bytes"),
        ("SOURCE_DEEPEST", 1, "bounds: nested deeper than 1 levels"),
    ],
)
def test_a_contract_beyond_a_bound_is_not_bundled(
    bound: str,
    default: int,
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for half in ("openapi", "asyncapi"):
        (tmp_path / half).mkdir()
        (tmp_path / half / f"{half}.yaml").write_text("info: {version: {is: deep}}\n", encoding="utf-8")
    monkeypatch.setattr(getattr(limits, bound), "default", default)
    assert cli.main(["contract", "bundle", str(tmp_path), "--out", str(tmp_path / "out")]) == FINDINGS
    assert problem in capsys.readouterr().out


@pytest.mark.parametrize("text", ["a: " + "{a: " * 1000, "a: " + "9" * 5000, "a: \x07"])
def test_a_source_that_no_reader_takes_is_a_fault_with_its_file(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for half in ("openapi", "asyncapi"):
        (tmp_path / half).mkdir()
        (tmp_path / half / f"{half}.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["contract", "bundle", str(tmp_path), "--out", str(tmp_path / "out")]) == FINDINGS
    assert "openapi/openapi.yaml:1: " in capsys.readouterr().out


def test_a_folder_without_a_contract_cannot_be_bundled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "bundle", str(tmp_path), "--out", str(tmp_path / "out")]) == CONFIGURATION
    assert "openapi/openapi.yaml is missing; name the folder that holds openapi/ and asyncapi/" in (
        capsys.readouterr().err
    )


# diff ------------------------------------------------------------------------------------------------------------------


def diff(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(["contract", "diff", *words])
    return code, *capsys.readouterr()


@pytest.mark.slow
def test_a_contract_does_not_differ_from_itself(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((str(DIST), str(copy)), (str(DIST),), (str(copy / "asyncapi.json"), str(DIST))):
        code, out, _ = diff(*words, capsys=capsys)
        assert (code, out.splitlines()[-1]) == (CLEAN, "nothing changed")


def test_a_stricter_request_breaks_clients(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(copy, "openapi.json", "components", "schemas", "Hold", "required", to=["operationName", "reason"])
    code, out, _ = diff(str(DIST), str(copy), capsys=capsys)
    head, _, rest = out.partition("\n\n")
    assert code == FINDINGS
    assert head.replace("\n", " ") == (
        f"{DIST} (contract {version_of(DIST)}) -> {copy} (contract {version_of(copy)}) "
        "(openapi.json, asyncapi.json, call-model.json)"
    )
    place, *words = rest.splitlines()[1:4]
    assert rest.splitlines()[0] == "Breaks clients (1)"
    assert (place, " ".join(map(str.strip, words))) == (
        "  POST /me/calls/{id}, Hold",
        "reason added, and required: a client that sends an object without reason is now refused",
    )
    assert rest.splitlines()[-1] == "something breaks: 1 breaks clients"


def version_of(folder: Path) -> str:
    return str(json.loads((folder / "openapi.json").read_text(encoding="utf-8"))["info"]["version"])


def test_the_json_of_a_comparison_has_every_place(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    required = json.loads((copy / "openapi.json").read_text())["components"]["schemas"]["Call"]["required"]
    left = [name for name in required if name != "id"]
    for name in ("openapi.json", "asyncapi.json"):
        changed(copy, name, "components", "schemas", "Call", "required", to=left)
    code, out, _ = diff(str(DIST), str(copy), "--json", capsys=capsys)
    told = json.loads(out)
    assert code == FINDINGS
    assert {k: v for k, v in told.items() if k != "changes"} == {
        "format": 1,
        "old": {"name": str(DIST), "contract": version_of(DIST)},
        "new": {"name": str(copy), "contract": version_of(copy)},
        "compared": ["openapi.json", "asyncapi.json", "call-model.json"],
        "breaks": True,
    }
    (change,) = (change for change in told["changes"] if change["schema"] == "Call")
    places = change.pop("places")
    assert change == {
        "effect": "breaks clients",
        "breaks": ["clients"],
        "certain": True,
        "what": "id is no longer required",
        "consequence": "a client may now receive an object without id",
        "schema": "Call",
        "inside": "",
    }
    assert "StatusChange on /v2/me/calls, data.call" in places
    assert "GET /me/calls/{id}, answer 200, call" in places


def test_no_line_of_a_long_comparison_is_wider_than_eighty_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = diff("0.1.0", str(DIST), "--all", capsys=capsys)
    assert code == FINDINGS
    assert [line for line in out.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_from_the_first_release_to_now_every_change_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What 0.1.0 had and this contract promises more is listed by the sentence that says so."""
    _, out, _ = diff("0.1.0", str(DIST), "--json", capsys=capsys)
    told = json.loads(out)
    schema = json.loads(
        (ROOT / "conformance/callproof/commands/contract/diff.schema.json").read_text(encoding="utf-8")
    )
    jsonschema_rs.validate(schema, told)
    assert told["old"] == {"name": "0.1.0", "contract": "0.1.0"}
    added = [c["places"] for c in told["changes"] if c["what"].startswith("sentence added")]
    assert ["openapi/openapi.yaml#an-encoded-body-is-refused"] in added
    assert all(change["places"] and change["what"] for change in told["changes"])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("nothing-here", "dist", "is not a folder, a file or a released version; "),
        ("source.yaml", "dist", "bundles are JSON; `callproof contract bundle` makes them from sources"),
        ("0.1", "dist", "0.1 is not a folder, a file or a released version; did you mean 0.1.0?"),
        ("dist", "empty", "openapi.json does not exist"),
        ("dist", "text.json", "text.json is not JSON"),
        ("dist", "list.json", "list.json is not a JSON object"),
        ("dist", "other.json", "other.json is not a bundle"),
        ("dist/openapi.json", "dist/asyncapi.json", "compare bundles of the same kind"),
        ("dist", "no-model", "compare bundles of the same kind"),
        ("dist", "mixed", "its halves have different versions"),
    ],
)
def test_what_cannot_be_compared_never_reads_as_clean(
    old: str,
    new: str,
    problem: str,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = copy.parent
    monkeypatch.chdir(folder)
    shutil.copytree(copy, folder / "dist")
    shutil.copytree(copy, folder / "no-model")
    (folder / "no-model" / "call-model.json").unlink()
    changed(copy, "asyncapi.json", "info", "version", to="9.9.9")
    copy.rename(folder / "mixed")
    (folder / "empty").mkdir()
    for name, text in (("text", "no"), ("list", "[]"), ("other", '{"swagger": "2.0"}')):
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / "source.yaml").write_text("openapi: 3.0.3\n", encoding="utf-8")
    code, out, err = diff(old, new, capsys=capsys)
    assert (code, out) == (NOT_JUDGED, "")
    assert err.startswith("callproof contract: not comparable: ")
    assert problem in err


def test_what_a_bundle_says_reaches_no_terminal_as_it_came(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(
        copy, "openapi.json", "components", "schemas", "Hold", "required", to=["operationName", "\x1b[2J"]
    )
    _, out, _ = diff(str(DIST), str(copy), capsys=capsys)
    assert "\\x1b[2J added, and required" in out
    assert "\x1b" not in out


def test_every_released_version_can_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert released_versions()[0] == "0.1.0"
    for version in released_versions():
        assert {file.name for file in (RELEASED / version).iterdir()} == set(MEMBERS)
        assert version_of(RELEASED / version) == version
        assert diff(version, version, capsys=capsys)[0] == CLEAN


def test_the_version_of_the_installed_contract_names_it_before_it_is_released(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("callproof.commands.contract.diff.released_versions", lambda: ["0.1.0"])
    assert diff(version_of(DIST), capsys=capsys)[0] == CLEAN


# show ------------------------------------------------------------------------------------------------------------------


def show(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["contract", "show", *words]) == CLEAN
    return capsys.readouterr().out


def test_show_without_a_name_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    lines = show(capsys=capsys).splitlines()
    assert lines[0] == f"Genesys Web Services call operations, contract {version_of(DIST)}"
    counts = json.loads(show("--json", capsys=capsys))["counts"]
    assert [*counts] == ["operations", "endpoints", "channels", "messages", "schemas", "sentences"]
    for kind, number in counts.items():
        assert any(line.split()[:2] == [str(number), kind] for line in lines)
        assert len(show(kind, capsys=capsys).splitlines()) == number


@pytest.mark.parametrize(
    ("name", "kind", "lines"),
    [
        ("Dial", "operation", ["posted to   POST /me/devices/{id}/calls, POST /devices/{id}/calls"]),
        ("Dial", "operation", ["sentences", "  openapi/operations/Dial.yaml#needs-a-destination"]),
        ("POST /me/calls/{id}", "endpoint", ["path id     The leg."]),
        ("/v2/me/calls", "channel", ["messages    StatusChange, ParticipantsUpdated, AttachedDataChanged, DtmfSent,"]),
        ("StatusChange", "message", ["channel     /v2/me/calls"]),
        ("CallState", "schema", ['    "type": "string",']),
        ("asyncapi/asyncapi.yaml#order-within-one-call", "sentence", ["basis       sample"]),
        ("delivered-once", "sentence", ["level       MUST", "source      Bayeux 1.0, Delivery"]),
    ],
)  # fmt: skip
def test_show_prints_each_kind_with_its_basis_and_source(
    name: str, kind: str, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = show(name, capsys=capsys).splitlines()
    assert out[0].endswith(f"({kind})")
    assert [line for line in lines if line not in out] == []
    assert any(line.startswith("basis       ") for line in out)
    assert any(line.startswith("source      ") for line in out)
    told = json.loads(show(name, "--json", capsys=capsys))
    assert (told["kind"], bool(told["basis"]), bool(told["source"])) == (kind, True, True)


def test_a_path_shows_all_its_methods_and_an_id_all_its_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(show("/me/calls/{id}", "--json", capsys=capsys))
    assert [entry["name"] for entry in told] == ["GET /me/calls/{id}", "POST /me/calls/{id}"]
    told = json.loads(show("needs-a-destination", "--json", capsys=capsys))
    assert {entry["kind"] for entry in told} == {"sentence"}
    assert "openapi/operations/Dial.yaml#needs-a-destination" in {entry["name"] for entry in told}


@pytest.mark.slow
def test_everything_that_show_lists_can_be_shown_in_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = load_contract()  # once for all of them
    monkeypatch.setattr("callproof.commands.contract.show.contract_at", lambda _: contract)
    for kind in ("operations", "endpoints", "channels", "messages", "schemas"):
        for name in show(kind, capsys=capsys).splitlines():
            wide = [line for line in show(name, capsys=capsys).splitlines() if len(line) > 80]
            assert [line for line in wide if " " in line.strip()] == [], name


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("InitateConference", "did you mean InitiateConference?"),
        ("post /me/calls/{id}", "did you mean POST /me/calls/{id}?"),
        ("zzzz", "callproof contract show lists what there is"),
        ("OPS-INITCONF-002", "run: callproof explain OPS-INITCONF-002"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(
    name: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "show", name]) == CONFIGURATION
    assert capsys.readouterr().err.endswith(f"; {remedy}\n")
