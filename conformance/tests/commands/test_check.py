"""`callproof check` judges files, folders and standard input, one line a finding, and its exit code says whether it could."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callproof import VERSION, limits
from callproof.commands import check as checking
from callproof.commands import inputs
from callproof.commands.check import main
from callproof.commands.exits import CLEAN, FINDINGS, INTERRUPTED, NOT_JUDGED, Stopped
from callproof.contract.bundles import load_contract

EXAMPLES = Path(__file__).parents[3]
GOOD = '{"statusCode": 0}'
BAD = '{"operationName": "Hold",\n "operationName": "Hold"}'
WARNED = '{"operationName": "InitiateConference", "destination": {"phoneNumber": "1"}, "userdata": {}}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content, encoding="utf-8")


def on_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_the_examples_agree_with_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """One of them shows what the contract leaves open, a kind that nobody has documented; that is worth a warning."""
    folders = [str(EXAMPLES / half / "examples") for half in ("openapi", "asyncapi")]
    code = main([*folders, "--ignore", "*.yaml"])
    warning = 'warning  $.data.notificationType  is "AnotherKind", which is not a documented word'
    (line,) = capsys.readouterr().out.splitlines()
    assert (code, line.partition(": ")[2]) == (CLEAN, warning)


def test_a_finding_is_a_line_and_the_summary_is_not_among_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, bad='{"operationName":\n  "InitateConference"}')
    code = main(["bad.json"])
    assert (code, *capsys.readouterr()) == (
        FINDINGS,
        'bad.json:2:3: error  $.operationName  is "InitateConference", expected an operation that the contract describes; '
        'did you mean "InitiateConference"?\n',
        "1 error in 1 file (1 file, 0 messages judged)\n",
    )


def test_quiet_leaves_the_summary_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, good=GOOD)
    assert main(["-q", "good.json"]) == CLEAN
    assert tuple(capsys.readouterr()) == ("", "")


def test_the_findings_of_a_file_come_in_the_order_of_its_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, bad='[\n{"operationName": 3, "operationName": 4},\n{"statusCode": "0"},\n7]')
    main(["bad.json"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "bad.json:2:22:",
        "bad.json:2:39:",
        "bad.json:3:16:",
        "bad.json:4:1:",
    ]


def test_a_folder_stands_for_the_json_files_below_it_each_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in ("b", "a/deep", ".git"):
        (folder / place).mkdir(parents=True)
        write(folder / place, bad="{}")
    (folder / "a" / ".notes").write_text("not asked for")
    assert main([".", "./b/bad.json"]) == FINDINGS
    out, err = capsys.readouterr()
    assert [line.split(" ")[0] for line in out.splitlines()] == [
        "./a/deep/bad.json:1:1:",
        "./b/bad.json:1:1:",
    ]
    assert err == "2 errors in 2 files (2 files, 0 messages judged)\n"


def test_standard_input_has_a_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_stdin(monkeypatch, b"{}")
    assert main(["-", "--stdin-name", "capture.json"]) == FINDINGS
    assert capsys.readouterr().out.startswith("capture.json:1:1: error  $  ")


@pytest.mark.parametrize(
    ("content", "fail_on", "code"),
    [
        (GOOD, "warning", CLEAN),
        (WARNED, "error", CLEAN),
        (WARNED, "warning", FINDINGS),
        (WARNED, "never", CLEAN),
        (BAD, "error", FINDINGS),
        (BAD, "never", CLEAN),
        ("{", "error", FINDINGS),
        ("", "error", FINDINGS),
        ("{", "never", CLEAN),
    ],
)
def test_what_counts_for_the_exit_code_can_be_said(
    folder: Path, content: str, fail_on: str, code: int
) -> None:
    write(folder, payload=content)
    assert main(["payload.json", "--fail-on", fail_on]) == code


def test_what_could_not_be_read_was_not_judged_and_only_a_finding_outranks_that(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty").mkdir()
    write(folder, bad="{}", good=GOOD)
    assert main(["good.json", "missing.json"]) == NOT_JUDGED
    assert main(["bad.json", "missing.json"]) == FINDINGS
    assert main(["missing.json", "bad.json", "--fail-on", "never"]) == NOT_JUDGED
    capsys.readouterr()
    assert main(["empty", "good.json"]) == NOT_JUDGED
    assert capsys.readouterr().err == (
        "callproof check: left out: empty: holds no file that can be judged; check reads .json, .ndjson, .jsonl\n"
        "nothing found (1 file, 1 message judged; 1 input left out)\n"
    )


def test_a_file_that_is_too_large_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits.FILE, "default", 1024 * 1024)
    write(folder, large=" " * (1024 * 1024 + 1))
    assert main(["large.json"]) == NOT_JUDGED
    assert capsys.readouterr().err.startswith(
        "callproof check: left out: large.json: is larger than 1 MiB; write one message per line"
    )


def test_no_more_findings_are_shown_than_asked_for_and_all_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, bad=json.dumps([{}] * 5), worse=json.dumps([{}] * 5 + [1]))
    assert main([".", "--max-findings", "5"]) == FINDINGS
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert err == "11 errors in 2 files (2 files, 0 messages judged); 6 not shown (--max-findings)\n"
    assert main([".", "--max-findings", "0"]) == FINDINGS
    assert capsys.readouterr().out == ""


def test_the_json_report_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, warned=WARNED, good=GOOD)
    assert main([".", "--format", "json", "--fail-on", "warning"]) == FINDINGS
    report: Any = json.loads(capsys.readouterr().out)
    assert report == {
        "format": "callproof.check/2",
        "version": VERSION,
        "contract": load_contract().version,
        "summary": {
            "files": 2,
            "messages": 2,
            "errors": 0,
            "warnings": 1,
            "not_judged": 0,
            "left_out": 0,
            "not_shown": 0,
        },
        "left_out": [],
        "findings": [
            {
                "file": "./warned.json",
                "line": 1,
                "column": 78,
                "severity": "warning",
                "rule": "unknown-member",
                "path": "$.userdata",
                "message": 'is a member that the contract does not know; did you mean "userData"?',
                "schema": "InitiateConference",
                "suggestion": "userData",
            }
        ],
    }


def test_the_kind_can_be_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, destination='{"phoneNumber": "15002"}')
    assert main(["destination.json"]) == FINDINGS
    assert main(["destination.json", "--as", "Destination"]) == CLEAN
    assert main(["destination.json", "--as", "request"]) == FINDINGS


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["x.json", "--as", "Destinaton"],
            "--as Destinaton: this is neither a kind nor the name of a schema; did you mean Destination?",
        ),
        (
            ["x.json", "--contract", "nowhere"],
            "the contract cannot be used: nowhere/openapi.json does not exist; ",
        ),
        (["x.json", "--max-findings", "few"], "argument --max-findings: 'few' is not a whole number; "),
        (["x.json", "--fail-on", "note"], "argument --fail-on: invalid choice: 'note' "),
        ([], "the following arguments are required: PATH; "),
    ],
)
def test_bad_usage_is_reported_in_a_sentence(folder: Path, arguments: list[str], sentence: str) -> None:
    with pytest.raises(Stopped) as caught:
        main(arguments)
    assert caught.value.sentence.startswith(sentence)
    assert caught.value.code == NOT_JUDGED


def test_another_contract_can_be_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("openapi.json", "asyncapi.json"):
        shutil.copy(EXAMPLES / "dist" / name, folder)
    text = (folder / "openapi.json").read_text(encoding="utf-8")
    (folder / "openapi.json").write_text(
        text.replace('"Hold"', '"Park"').replace("schemas/Hold", "schemas/Park"), encoding="utf-8"
    )
    (folder / "payloads").mkdir()
    write(folder / "payloads", request='{"operationName": "Park"}')
    assert main(["payloads"]) == FINDINGS
    assert main(["payloads", "--contract", "."]) == CLEAN


def test_a_contract_with_a_pattern_that_is_none_is_refused(folder: Path) -> None:
    for name in ("openapi.json", "asyncapi.json"):
        text = (EXAMPLES / "dist" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("^[0-9]+$", "^[0-9"), encoding="utf-8")
    held = str(EXAMPLES / "asyncapi" / "examples" / "InitiateConference" / "1-held.json")
    with pytest.raises(Stopped, match=r"the contract cannot be used: .* is not a pattern"):
        main([held, "--contract", "."])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "color", "coloured"),
    [
        ({}, "auto", True),
        ({"NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": ""}, "auto", True),
        ({"TERM": "dumb"}, "auto", False),
        ({}, "never", False),
        ({"NO_COLOR": "1"}, "always", True),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], color: str, coloured: bool
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    write(folder, bad="{}")
    main(["bad.json", "--color", color])
    assert ("\x1b[" in terminal.getvalue()) == coloured


def test_a_pipe_gets_no_colours(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, bad="{}")
    main(["bad.json"])
    assert "\x1b" not in capsys.readouterr().out


def test_a_file_name_can_not_forge_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a\nb\x1b.json").write_text("{}")
    main(["."])
    assert capsys.readouterr().out.startswith("./a\\nb\\x1b.json:1:1: error")


def test_messages_that_the_contract_does_not_describe_are_notes_and_fail_only_when_strict(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        folder,
        poll='[{"channel": "/v2/me/chats", "data": {}},\n {"channel": "/meta/connect", "successful": true}]',
    )
    assert main(["poll.json"]) == CLEAN
    assert tuple(capsys.readouterr()) == (
        'poll.json:1:14: note  $[0].channel  is "/v2/me/chats", which Genesys documents and this contract does not '
        "describe; not judged\n",
        "nothing found (1 file, 1 message judged, 1 not judged)\n",
    )
    assert main(["poll.json", "--fail-on", "warning"]) == CLEAN
    assert main(["poll.json", "--strict"]) == NOT_JUDGED
    write(folder, bad="{}")
    assert main([".", "--strict"]) == FINDINGS


def test_alike_findings_are_folded_with_their_number(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"operationName": "Dial", "destination": {"phoneNumber": 1}}
    (folder / "bad.ndjson").write_text(f"{json.dumps(wrong)}\n" * 1500 + '{"operationName": "Dail"}\n')
    assert main(["bad.ndjson"]) == FINDINGS
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == limits.ALIKE.default + 1
    assert lines[-2].startswith("bad.ndjson:10:58: error  $.destination.phoneNumber  is the number 1, ")
    assert lines[-2].endswith("; and 1,490 more like it")
    assert lines[-1].startswith("bad.ndjson:1501:19: error  $.operationName  ")
    assert err == "1501 errors in 1 file (1 file, 1500 messages judged)\n"
    main(["bad.ndjson", "--format", "json"])
    report: Any = json.loads(capsys.readouterr().out)
    assert [found.get("more", 0) for found in report["findings"]] == [0] * 9 + [1490, 0]
    assert report["summary"]["errors"] == 1501


def test_what_was_left_out_is_in_the_json_report_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, good=GOOD)
    (folder / "x.har").write_text("{}")
    assert main([".", "--format", "json"]) == NOT_JUDGED
    report: Any = json.loads(capsys.readouterr().out)
    assert [left["file"] for left in report["left_out"]] == ["./x.har"]
    assert report["summary"]["left_out"] == 1
    assert main([".", "--ignore", "*.har"]) == CLEAN


def test_no_more_inputs_are_named_than_the_bound_and_all_are_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits.NAMED, "default", 2)
    assert main(["a", "b", "c"]) == NOT_JUDGED
    assert capsys.readouterr().err.splitlines() == [
        "callproof check: left out: a: No such file or directory",
        "callproof check: left out: b: No such file or directory",
        "nothing was judged; 3 inputs left out",
    ]


def test_a_file_that_needs_more_memory_than_there_is_is_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(checking, "pieces_of", full)
    write(folder, good=GOOD)
    assert main(["-q", "good.json"]) == NOT_JUDGED
    assert (
        capsys.readouterr().err == "callproof check: left out: good.json: needs more memory than there is\n"
    )


def test_a_stream_that_is_cut_off_keeps_its_findings(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits.LINES, "default", 3)
    (folder / "bad.ndjson").write_text("{}\n{}\n")
    monkeypatch.setattr(inputs, "_PIECE", 3)
    assert main(["bad.ndjson"]) == FINDINGS
    out, err = capsys.readouterr()
    assert out.startswith("bad.ndjson:1:1: error")
    assert err.splitlines()[-1] == "1 error in 1 file (1 file, 0 messages judged; 1 input left out)"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_waiting_for_a_pipe_can_be_interrupted(folder: Path) -> None:
    os.mkfifo("pipe")
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES / "conformance")}
    command = [sys.executable, "-m", "callproof", "check", "pipe"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as waiting,
        open("pipe", "wb"),  # returns once the reader is there
    ):
        waiting.send_signal(signal.SIGINT)
        out, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, out, err) == (INTERRUPTED, b"", b"callproof check: interrupted\n")


def test_carriage_returns_move_no_line_and_no_column(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.json").write_bytes(b'{"operationName":\r\n  "Dail"}\r\n')
    main(["bad.json"])
    assert capsys.readouterr().out.startswith("bad.json:2:3: error")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_no_output_encoding_stops_the_report(folder: Path, encoding: str) -> None:
    """A console of Windows has no place for most characters: they are written as escapes."""
    (folder / "\u65e5\u672c.json").write_text('{"operationName": "\u00e4\u20ac\u65e5"}', encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONIOENCODING": encoding,
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(EXAMPLES / "conformance"),
    }
    for arguments in ([], ["--format", "json"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-m", "callproof", "check", ".", *arguments],
            capture_output=True, env=environment, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, b"Traceback" in done.stderr) == (
            CLEAN if arguments == ["--help"] else FINDINGS,
            False,
        )
        assert b"\\u65e5" in done.stdout or arguments == ["--help"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the shell closes it")
def test_closed_standard_input_is_one_sentence(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES / "conformance")}
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m callproof check -q - <&-', sys.executable],
        capture_output=True, text=True, env=environment, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (
        NOT_JUDGED,
        "",
        "callproof check: left out: stdin: standard input is closed\n",
    )
