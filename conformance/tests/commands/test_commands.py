"""The commands beside `check` do what they say, refuse bad input in a sentence, and end with the code of what happened."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest

from callproof import cli
from callproof.commands.exits import CALLS_LEFT, CLEAN, CONFIGURATION, INTERRUPTED, NOT_READY
from callproof.commands.init import TEMPLATE
from callproof.target.target import read_target
from conformance.tests.certificates import CLIENT, CLIENT_KEY_ENCRYPTED, CLIENT_KEY_PASSWORD

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SECRETS = {
    f"{name}_{kind}": number
    for name, number in (("ALICE", "15000"), ("BOB", "15001"), ("CAROL", "15002"))
    for kind in ("USER", "PASSWORD")
}
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT / 'conformance'}{os.pathsep}{ROOT / 'impl'}"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody listens, and nobody begins to while the test runs."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        yield silent.getsockname()[1]


def target_at(folder: Path, port: int) -> str:
    file = folder / "target.yaml"
    file.write_text(
        TEMPLATE.replace("https://cti.example.test", f"http://127.0.0.1:{port}"), encoding="utf-8"
    )
    return str(file)


def shown(name: str) -> str:
    """The name of a file without what is different in every run."""
    return re.sub(r"^ledger-\d{8}T\d{6}Z-[0-9a-f]{8}\.jsonl$", "ledger-*.jsonl", name)


def callproof(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "callproof", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=ENVIRONMENT, timeout=120, check=False
    )


# init ------------------------------------------------------------------------------------------------------------------


def test_the_file_that_init_writes_is_a_target_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init"]) == CLEAN
    assert "callproof run --target callproof-target.yaml" in capsys.readouterr().out
    target = read_target(folder / "callproof-target.yaml", SECRETS)
    assert target.base_url == "https://cti.example.test/api/v2"
    assert target.why_no_calls.startswith("safety.confirm_host must repeat the host")


def test_every_line_that_is_commented_out_can_be_used(folder: Path) -> None:
    whole = re.sub(r"^( *)# ([a-z_]+:.*)$", r"\1\2", TEMPLATE, flags=re.MULTILINE)
    whole = whole.replace("\n#   nonexistent:", "\n  nonexistent:").replace("\n  #   ", "\n    ")
    (folder / "target.yaml").write_text(whole)
    (folder / "ca.pem").write_text(Path(certifi.where()).read_text())
    for name, file in (("client.pem", CLIENT), ("client.key", CLIENT_KEY_ENCRYPTED)):
        (folder / name).write_bytes(file.read_bytes())
    outside = {
        "CLIENT_KEY_PASSWORD": CLIENT_KEY_PASSWORD,
        "API_KEY": "key",
        "PROXY_URL": "http://proxy.test:3128",
    }
    target = read_target(folder / "target.yaml", SECRETS | outside)
    assert target.numbers == {"nonexistent": "15999"}
    assert (target.headers, target.proxy) == ((("X-Api-Key", "key"),), "http://proxy.test:3128")
    assert target.why_no_calls == ""
    assert target.tls is not None
    assert target.dial_only == ("alice", "bob", "carol")


def test_init_never_writes_over_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.yaml").write_text("mine")
    assert cli.main(["init", "mine.yaml"]) == CONFIGURATION
    assert (folder / "mine.yaml").read_text() == "mine"
    assert (
        capsys.readouterr().err
        == "callproof init: mine.yaml already exists and was not changed; name another file\n"
    )
    assert cli.main(["init", "no/such/folder.yaml"]) == CONFIGURATION


# list, explain, stubs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["requirements", "scenarios", "profiles"])
def test_what_is_listed_for_people_is_listed_for_machines(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["list", f"--{what}", "--profile", "http"]) == CLEAN
    text = capsys.readouterr().out
    assert cli.main(["list", f"--{what}", "--profile", "http", "--format", "json"]) == CLEAN
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert rows
    assert [row["id"] for row in rows if row["id"] not in text] == []


def test_a_requirement_is_explained_with_the_sentence_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["explain", "ops-initconf-002"]) == CLEAN
    out = capsys.readouterr().out
    assert out.startswith("OPS-INITCONF-002  ")
    assert "clause      openapi/operations/InitiateConference.yaml#holds-the-call" in out
    assert "no scenario yet" not in out


def test_a_scenario_is_explained_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "initiate-conference/holds-then-dials"]) == CLEAN
    out = capsys.readouterr().out
    assert "InitiateConference" in out
    assert "OPS-INITCONF-002" in out


def test_the_generated_bodies_are_explained_like_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "http/generated"]) == CLEAN
    assert "  HTTP-ROB-002 " in capsys.readouterr().out
    assert cli.main(["explain", "HTTP-ROB-002"]) == CLEAN
    assert "http/generated" in capsys.readouterr().out


def test_an_unknown_id_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "OPS-INITCNF-002"]) == CONFIGURATION
    assert "did you mean OPS-INITCONF-002" in capsys.readouterr().err


def test_the_stubs_are_those_of_the_distribution(folder: Path) -> None:
    assert cli.main(["stubs", "--lang", "typescript", "--out", "ts"]) == CLEAN
    written = {str(file.relative_to("ts")): file.read_text() for file in Path("ts").rglob("*.ts")}
    there = ROOT / "dist" / "stubs" / "typescript"
    assert written == {str(file.relative_to(there)): file.read_text() for file in there.rglob("*.ts")}


def test_stubs_are_not_written_where_there_is_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out").write_text("")
    assert cli.main(["stubs", "--lang", "python", "--out", "out"]) == CONFIGURATION
    assert cli.main(["stubs", "--lang", "cobol", "--out", "out"]) == CONFIGURATION
    assert "invalid choice: 'cobol'" in capsys.readouterr().err


# run ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--target", "missing.yaml"], "missing.yaml:1: cannot be read"),
        (["--profile", "htp"], "this profile does not exist; did you mean http?"),
        (["--select", "no/such*"], "nothing is called 'no/such*'"),
        (["--contract", "nowhere"], "the contract cannot be used: nowhere/openapi.json does not exist"),
        (["--sed", "1"], "unrecognized arguments: --sed 1; see callproof run --help"),
        (["--out", "file"], "--out file cannot be used: it is a file; name another folder"),
        (["--out", "file/below"], "--out file/below cannot be used: Not a directory; name another folder"),
        (["--out", "a" * 300], "cannot be used: File name too long; name another folder"),
        (["--out", "a\0b"], "cannot be used: embedded null byte; name another folder"),
        (["--out", ""], "argument --out: the name of the folder is empty; see callproof run --help"),
    ],
)
def test_bad_usage_of_run_ends_before_anything_starts(
    folder: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("")
    assert cli.main(["run", *arguments]) == CONFIGURATION
    assert sentence in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["file"]


@pytest.mark.skipif(
    not Path("/proc/self").is_dir(), reason="this system has no folder that refuses every file"
)
def test_a_folder_that_takes_no_files_is_reported_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["run", "--out", "/proc/self"]) == CONFIGURATION
    assert re.fullmatch(
        r"callproof run: --out /proc/self cannot be used: [^;]+; name another folder\n",
        capsys.readouterr().err,
    )


@pytest.mark.parametrize("name", ["report.html", "result.json", "junit.xml", "transcript.jsonl"])
def test_a_folder_in_the_place_of_a_result_is_reported_before_anything_starts(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out" / name).mkdir(parents=True)
    assert cli.main(["run", "--out", "out"]) == CONFIGURATION
    assert capsys.readouterr().err == (
        f"callproof run: --out out cannot be used: {name} is a folder there; name another folder\n"
    )


def test_a_folder_never_holds_the_verdict_of_another_run(folder: Path, closed_port: int) -> None:
    (folder / "results").mkdir()
    for name in ("report.html", "result.json", "junit.xml", "transcript.jsonl", "mine.txt"):
        (folder / "results" / name).write_text("of another run")
    assert cli.main(["run", "--target", target_at(folder, closed_port)]) == NOT_READY
    written = {shown(file.name): file.read_text() for file in (folder / "results").iterdir()}
    assert written.keys() == {"transcript.jsonl", "ledger-*.jsonl", "mine.txt"}
    assert "of another run" not in written["transcript.jsonl"]


def test_certificates_that_are_not_there_end_a_run_before_it_starts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "target.yaml"
    file.write_text(TEMPLATE.replace("  # tls:\n  #   ca_file", "  tls:\n    ca_file"))
    assert cli.main(["run", "--target", str(file)]) == CONFIGURATION
    assert f"target.tls.ca_file: {folder / 'ca.pem'} cannot be read (No such file" in capsys.readouterr().err


def test_a_number_that_no_scenario_dials_ends_a_run_before_it_starts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "target.yaml").write_text(TEMPLATE + 'numbers: {nonexistant: "15999"}\n')
    assert cli.main(["run", "--list-only", "--target", "target.yaml"]) == CONFIGURATION
    assert "no scenario dials a number of this name; did you mean nonexistent?" in capsys.readouterr().err


def test_what_would_be_played_can_be_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--list-only", "--profile", "http"]) == CLEAN
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()][:2] == ["http/generated", "http/bodies"]
    assert err == f"{len(out.splitlines())} scenarios to play, 0 left out\n"
    assert list(folder.iterdir()) == []


def test_on_another_machine_no_call_is_placed_without_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "target.yaml").write_text(TEMPLATE)
    assert cli.main(["run", "--list-only", "--target", "target.yaml"]) == CLEAN
    out = capsys.readouterr().out
    assert "http/bodies " in out
    left_out = [
        line for line in out.splitlines() if "left out: safety.confirm_host must repeat the host" in line
    ]
    assert any(line.startswith("initiate-conference/holds-then-dials ") for line in left_out)


def test_a_server_that_is_not_there_is_no_verdict(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", "--target", target_at(folder, closed_port)]) == NOT_READY
    assert f"http://127.0.0.1:{closed_port}/api/v2 cannot be reached" in capsys.readouterr().err


def test_the_reference_server_is_certified_and_every_report_is_written(folder: Path) -> None:
    done = callproof("run", "--profile", "http", "--seed", "7", "--out", "out", cwd=folder)
    assert done.returncode == CLEAN, done.stdout + done.stderr
    assert done.stdout.startswith("Verdict: CONFORMANT   refswitch\n")
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80
    written = {shown(file.name) for file in (folder / "out").iterdir()}
    assert written == {"report.html", "result.json", "junit.xml", "transcript.jsonl", "ledger-*.jsonl"}
    document: dict[str, Any] = json.loads((folder / "out" / "result.json").read_text())
    assert document["run"]["seed"] == 7
    assert [profile["name"] for profile in document["profiles"]] == ["http"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the run is followed through a named pipe")
def test_an_interrupted_run_cleans_up_and_reports_what_it_saw(folder: Path) -> None:
    (folder / "out").mkdir()
    os.mkfifo(folder / "out" / "transcript.jsonl")
    command = [sys.executable, "-m", "callproof", "run", "--out", "out"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=ENVIRONMENT
    ) as process:
        with (folder / "out" / "transcript.jsonl").open() as transcript:
            next(line for line in transcript if "InitiateConference" in line)
            process.send_signal(signal.SIGINT)
            for _ in transcript:
                pass
        out, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "callproof run: interrupted, ending the calls" in err
    assert "Traceback" not in err
    assert "The run was interrupted" in out
    document: dict[str, Any] = json.loads((folder / "out" / "result.json").read_text())
    assert (document["run"]["interrupted"], document["cleanup"]["complete"]) == (True, True)


def test_a_ledger_that_names_open_calls_is_never_written_over(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "results").mkdir()
    lines = [
        '{"event": "run", "base_url": "http://h"}',
        '{"event": "leg", "agent": "alice", "id": "1", "scenario": "s"}',
    ]
    (folder / "results" / "ledger.jsonl").write_text("\n".join(lines) + "\n")
    cli.main(["run", "--target", target_at(folder, closed_port)])
    assert (folder / "results" / "ledger.jsonl").read_text().splitlines() == lines
    assert f"callproof cleanup --out {folder}/results --target FILE" in capsys.readouterr().err


def test_a_ledger_whose_server_ended_with_its_run_is_not_kept(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "results").mkdir()
    ledger(folder / "results" / "ledger.jsonl", "http://127.0.0.1:1/api/v2", embedded=True)
    cli.main(["run", "--target", target_at(folder, closed_port)])
    assert not (folder / "results" / "ledger.jsonl").exists()
    assert "callproof cleanup" not in capsys.readouterr().err


# cleanup -----------------------------------------------------------------------------------------------------------------


def ledger(file: Path, base_url: str, *, embedded: bool = False) -> str:
    """The ledger of a run that left a call of alice's and one of bob's."""
    lines: list[dict[str, Any]] = [{"event": "run", "base_url": base_url, "embedded": embedded}]
    lines += [{"event": "leg", "agent": agent, "id": "1", "scenario": "s"} for agent in ("alice", "bob")]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(file)


def test_a_ledger_whose_server_ended_with_its_run_needs_no_target(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = ledger(folder / "ledger.jsonl", "http://127.0.0.1:1/api/v2", embedded=True)
    assert cli.main(["cleanup", "--ledger", name]) == CLEAN
    assert capsys.readouterr().err == (
        "this run started its own server, which has stopped; no call is left to end\n"
    )


def test_any_other_ledger_needs_the_target_file_to_log_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = ledger(folder / "ledger.jsonl", "http://h/api/v2")
    assert cli.main(["cleanup", "--ledger", name]) == CONFIGURATION
    assert capsys.readouterr().err == (
        "callproof cleanup: the calls are on http://h/api/v2, and only the target file says how to log in there: "
        "add --target FILE\n"
    )


def test_calls_that_cannot_be_ended_are_listed_with_the_reason(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    base = f"http://127.0.0.1:{closed_port}/api/v2"
    name = ledger(folder / "ledger.jsonl", base)
    assert cli.main(["cleanup", "--ledger", name, "--target", target_at(folder, closed_port)]) == CALLS_LEFT
    out, err = capsys.readouterr()
    assert [line.partition(" cannot be reached: ")[0] for line in out.splitlines()] == [
        f"the call 1 of alice (s): target.base_url {base}",
        f"the call 1 of bob (s): target.base_url {base}",
    ]
    assert err == "2 calls in the ledger were open; 2 may still be up\n"


def test_cleanup_never_says_all_clear_while_it_could_not_ask(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it cannot read or ask about is named and makes exit code 7, and keeps no other ledger from being read."""
    base = f"http://127.0.0.1:{closed_port}/api/v2"
    ledger(folder / "ledger-1.jsonl", "http://h/api/v2")
    ledger(folder / "ledger-2.jsonl", "http://127.0.0.1:1/api/v2", embedded=True)
    (folder / "ledger-3.jsonl").write_text("{}\n")
    (folder / "ledger-4.jsonl").write_text(f'{{"event": "run", "base_url": "{base}"}}\n\0\0\n')
    assert cli.main(["cleanup", "--out", ".", "--target", target_at(folder, closed_port)]) == CALLS_LEFT
    out, err = capsys.readouterr()
    elsewhere = f"it is on http://h/api/v2, but the target is {base}; name the other target file"
    damaged = (
        "cannot be read and may have named a call; once no agent has a call of that run, remove the file"
    )
    assert out.splitlines() == [
        "the ledger ledger-3.jsonl cannot be used: no line of it names a server",
        f"line 2 of ledger-4.jsonl {damaged}",
        f"the call 1 of alice (s): {elsewhere}",
        f"the call 1 of bob (s): {elsewhere}",
    ]
    assert err.endswith("2 calls in 3 ledgers were open; 4 may still be up\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "one of the arguments --out --ledger is required"),
        (["--ledger", "missing.jsonl"], "the ledger missing.jsonl does not exist"),
        (["--out", "missing"], "--out missing cannot be read: No such file or directory"),
        (["--out", "."], "--out .: there is no ledger (ledger*.jsonl); name the folder of the run"),
    ],
)
def test_cleanup_without_a_ledger_is_bad_usage(
    folder: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["cleanup", *arguments]) == CONFIGURATION
    assert sentence in capsys.readouterr().err


def test_a_ledger_without_open_calls_leaves_nothing_to_do(
    folder: Path, closed_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps({"event": "run", "base_url": f"http://127.0.0.1:{closed_port}/api/v2"})
    (folder / "ledger.jsonl").write_text(line + "\n")
    target = target_at(folder, closed_port)
    assert cli.main(["cleanup", "--ledger", "ledger.jsonl", "--target", target]) == CLEAN
    assert capsys.readouterr().err == "0 calls in the ledger were open; 0 may still be up\n"
