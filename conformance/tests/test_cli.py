"""The command line: finds its sub-command, starts quickly, and turns whatever happens into a sentence and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import callproof
from callproof import cli
from callproof.commands.exits import CLEAN, CONFIGURATION, INTERRUPTED, NOT_JUDGED, SUITE_ERROR, Stopped
from callproof.commands.streams import mask_errors
from callproof.redaction import Redactor

ROOT = Path(__file__).parents[2]
HELD = ROOT / "asyncapi" / "examples" / "InitiateConference" / "1-held.json"
#: What a check must not wait for: none of these is needed to judge a file, and each takes as long as judging one or longer.
SLOW = (
    "asyncio", "connexion", "dataclasses", "email", "httpx", "importlib.metadata", "inspect", "jinja2", "jsonschema",
    "jsonschema_rs", "logging", "pathlib", "schemathesis", "shutil", "typing", "yaml",
)  # fmt: skip


def python(*arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "conformance")}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, timeout=60, check=check
    )


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == callproof.VERSION
    assert cli.main(["--version"]) == CLEAN
    assert capsys.readouterr().out == f"callproof {project['version']}\n"


def test_a_check_imports_nothing_that_it_does_not_need() -> None:
    program = (
        "import sys; from callproof.cli import main; "
        f"code = main(['check', {str(HELD)!r}]); "
        f"print(code, [name for name in {SLOW!r} if name in sys.modules])"
    )
    assert python("-S", "-c", program).stdout == "0 []\n"


def test_stubs_are_written_without_any_package_from_an_extra(tmp_path: Path) -> None:
    program = f"from callproof.cli import main; print(main(['stubs', '--lang', 'python', '--out', {str(tmp_path)!r}]))"
    assert python("-S", "-c", program).stdout.splitlines()[-1] == "0"


def test_the_version_imports_nothing_at_all() -> None:
    program = (
        "import sys; before = set(sys.modules); from callproof.cli import main; main(['-V']); "
        "print(sorted(set(sys.modules) - before))"
    )
    out = python("-S", "-c", program).stdout.splitlines()[1]
    assert (
        out
        == "['__future__', 'callproof', 'callproof.cli', 'callproof.commands', 'callproof.commands.exits', 'callproof.commands.streams']"
    )


def test_without_a_command_the_usage_is_shown_and_nothing_was_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([]) == NOT_JUDGED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: callproof COMMAND")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == CLEAN
    out = capsys.readouterr().out
    assert [name for name in cli.COMMANDS if f"\n  {name} " not in out] == []
    assert max(map(len, out.splitlines())) <= 80


def test_the_help_of_check_fits_eighty_columns() -> None:
    done = python("-m", "callproof", "check", "--help")
    assert done.returncode == CLEAN
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("word", "meant"), [("chek", "did you mean check?"), ("zzz", "the commands are check, run, ")]
)
def test_an_unknown_command_gets_a_suggestion(
    word: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([word]) == NOT_JUDGED
    assert meant in capsys.readouterr().err


def test_python_dash_m_is_the_command() -> None:
    done = python("-m", "callproof", "check", str(HELD))
    assert (done.returncode, done.stdout, done.stderr) == (
        CLEAN,
        "",
        "nothing found (1 file, 1 message judged)\n",
    )
    done = python("-m", "callproof", "check", "missing.json")
    assert (done.returncode, done.stdout) == (NOT_JUDGED, "")
    assert "Traceback" not in done.stderr


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def called(module: str, arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(cli, "_called", called)


def test_a_command_that_stops_short_says_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, Stopped("the target file is not there", CONFIGURATION))
    assert cli.main(["run"]) == CONFIGURATION
    assert capsys.readouterr().err == "callproof run: the target file is not there\n"


@pytest.mark.parametrize(
    ("module", "extra"),
    [("httpx", "run"), ("yaml", "run"), ("schemathesis.core", "run"), ("connexion", "server")],
)
def test_a_missing_extra_is_reported_with_the_command_that_installs_it(
    module: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert cli.main(["run"]) == CONFIGURATION
    assert capsys.readouterr().err == (
        f'callproof run: {module} is not installed; run: pip install "callproof[{extra}]"\n'
    )


def test_a_module_of_our_own_that_is_missing_is_our_fault_and_not_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, ModuleNotFoundError("No module named 'callproof.nothing'", name="callproof.nothing"))
    assert cli.main(["run"]) == SUITE_ERROR
    assert "No module named 'callproof.nothing'" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "code"), [("check", NOT_JUDGED), ("run", SUITE_ERROR)])
def test_a_mistake_of_ours_is_never_a_verdict(
    command: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, AssertionError("this cannot be"))
    assert cli.main([command]) == code
    err = capsys.readouterr().err
    assert "AssertionError: this cannot be" in err
    assert err.endswith(f"callproof {command}: this is a bug in callproof, not in what was judged\n")


def test_an_interrupt_is_reported_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert cli.main(["check"]) == INTERRUPTED
    assert capsys.readouterr().err == "callproof check: interrupted\n"


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    twice = ", ".join(f'"n{number}": 1, "n{number}": 2' for number in range(2000))
    (tmp_path / "bad.json").write_text(f'{{"operationName": "UpdateUserData", "userData": {{{twice}}}}}')
    environment = os.environ | {"PYTHONPATH": str(ROOT / "conformance")}
    command = [sys.executable, "-m", "callproof", "check", str(tmp_path), "--max-findings", "2000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


#: A command with little to say, one with much, the help, and each of those whose words are not its whole result.
WORDY = [
    (["--version"], SUITE_ERROR),
    (["--help"], SUITE_ERROR),
    (["list", "--format", "json"], SUITE_ERROR),
    (["explain", "OPS-INITCONF-002"], SUITE_ERROR),
    (["run", "--help"], SUITE_ERROR),
    (["run", "--list-only"], SUITE_ERROR),
    (["check", "--help"], NOT_JUDGED),
    (["check", "bad.json"], NOT_JUDGED),
]


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "bad.json").write_text("[" + ", ".join(["{}"] * 2000) + "]")
    return tmp_path


def in_shell(redirected: str, words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it, with its streams redirected."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "conformance"), "PYTHON": sys.executable}
    command = ["bash", "-c", f'"$PYTHON" -m callproof "$@" {redirected}', "bash", *words]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=60, check=False
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is nothing that is always full")
@pytest.mark.parametrize(("words", "code"), [*WORDY, (["--version"], 6), (["--help"], 6)])
def test_an_output_that_takes_no_more_is_reported_in_one_sentence(
    words: list[str], code: int, bad: Path
) -> None:
    done = in_shell(">/dev/full", words, bad)
    sentence = f"callproof {words[0]}: standard output cannot be written (No space left on device)"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (code, sentence)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the shell closes the stream")
@pytest.mark.parametrize(("words", "code"), WORDY)
def test_an_output_that_is_closed_is_reported_in_one_sentence(words: list[str], code: int, bad: Path) -> None:
    done = in_shell(">&-", words, bad)
    sentence = f"callproof {words[0]}: standard output cannot be written (Bad file descriptor)"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (code, sentence)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the shell connects the pipe")
@pytest.mark.parametrize("words", [words for words, _ in WORDY])
def test_a_reader_that_has_seen_enough_gets_no_message(words: list[str], bad: Path) -> None:
    done = in_shell("| true; exit ${PIPESTATUS[0]}", words, bad)
    assert done.returncode == 141
    assert [line for line in done.stderr.splitlines() if "to play" not in line] == []


@pytest.mark.skipif(os.name != "posix", reason="the shell closes the stream")
@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full"])
def test_where_nobody_hears_complaints_the_code_still_says_it_all(redirected: str, bad: Path) -> None:
    done = in_shell(redirected, ["check", "bad.json"], bad)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("bad.json:1:2: error")


def test_what_a_server_says_reaches_no_terminal_as_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, Stopped("alice has a call (\x1b[2J, \x9b1m):\nend it first", CONFIGURATION))
    cli.main(["run"])
    assert capsys.readouterr().err == "callproof run: alice has a call (\\x1b[2J, \\x9b1m):\nend it first\n"


def test_every_command_has_its_module() -> None:
    for name, (module, _, _) in cli.COMMANDS.items():
        path = ROOT / "conformance" / Path(*module.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), name


def test_a_traceback_holds_no_secret_and_nothing_that_a_terminal_obeys(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def called(*_: object) -> int:
        mask_errors(Redactor(["hunter22"]).shown)
        raise AssertionError("Basic hunter22 hunter%322 \x1b[2J\u202e")

    monkeypatch.setattr(cli, "_called", called)
    assert cli.main(["run"]) == SUITE_ERROR
    said = capsys.readouterr().err
    assert r"AssertionError: Basic *** *** \x1b[2J\u202e" in said
    assert not {"\x1b", "\u202e"} & {*said}
