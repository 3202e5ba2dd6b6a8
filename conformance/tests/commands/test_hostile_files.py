"""Files made to hang, fill or fool `check` end it in bounded time and memory, with the right exit code and without a traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from callproof.commands.exits import CLEAN, FINDINGS, NOT_JUDGED

ROOT = Path(__file__).parents[3]
GOOD = b'{"statusCode": 0}\n'
BAD = b'{"operationName": 5}\n'
CALL = b'{"operationName": "Dial", "destination": {"phoneNumber": "15001"}, "userData": %s}'
MEMORY = 512 * 1024 * 1024
#: Starts `check` with little memory and, for root too, without the power to read what nobody may read (capabilities 1 and 2 of Linux).
CHILD = f"""\
import ctypes, os, sys
from callproof.cli import main
if hasattr(os, "geteuid") and os.geteuid() == 0 and sys.platform == "linux":
    libc, head, held = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(head, held) == 0
    held[0] &= ~0b110
    assert libc.capset(head, held) == 0
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
except (ImportError, ValueError):
    pass
sys.exit(main(["check", *sys.argv[1:]]))
"""

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


class Case(NamedTuple):
    """What is put into a folder, what `check` is asked, and what it must say."""

    make: Callable[[Path], object]
    code: int
    rules: frozenset[str] = frozenset()
    #: A part of each reason why something was left out.
    left_out: tuple[str, ...] = ()
    arguments: tuple[str, ...] = (".",)


def content(data: bytes, name: str = "x.json") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def user_data(data: bytes) -> Callable[[Path], object]:
    return content(CALL % data)


def broken(data: bytes) -> Case:
    return Case(content(data), FINDINGS, frozenset({"json"}))


def beside_good(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def both(folder: Path) -> None:
        content(GOOD, "good.json")(folder)
        make(folder)

    return both


def left_out(make: Callable[[Path], object], *why: str, arguments: tuple[str, ...] = (".",)) -> Case:
    return Case(beside_good(make), NOT_JUDGED, frozenset(), why, arguments)


def link(name: str, to: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(to)


def with_mode(name: str, mode: int, *, is_folder: bool = False) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        path = folder / name
        if is_folder:
            path.mkdir()
            (path / "wrong.json").write_bytes(BAD)
        else:
            path.write_bytes(BAD)
        path.chmod(mode)

    return make


def sparse(folder: Path) -> None:
    with (folder / "x.json").open("wb") as stream:
        stream.truncate(1 << 40)


def sparse_lines(folder: Path) -> None:
    with (folder / "x.ndjson").open("wb") as stream:
        stream.write(BAD)
        stream.truncate(1 << 40)


def listening_socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("x.json")
    finally:
        os.chdir(here)


def named(name: bytes) -> Callable[[Path], object]:
    return lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(BAD)


def deep_folders(folder: Path) -> None:
    for _ in range(150):
        folder = folder / "d"
        folder.mkdir()
    (folder / "x.json").write_bytes(BAD)


def folder_named_like_a_file(folder: Path) -> None:
    (folder / "x.json").mkdir()
    (folder / "x.json" / "y.JSON").write_bytes(BAD)


def linked_twice(folder: Path) -> None:
    content(BAD)(folder)
    os.link(folder / "x.json", folder / "hard.json")
    link("soft.json", "x.json")(folder)
    link("again", ".")(folder)


CASES = {
    # text that is not JSON
    "empty": broken(b""),
    "whitespace only": broken(b" \t\r\n" * 1000),
    "null bytes": broken(b"\0" * 1000),
    "null byte inside": broken(b'{"operationName": "Hold\0"}'),
    "truncated": broken(b'{"operationName": "Hold"'),
    "trailing garbage": broken(GOOD + b"]"),
    "two documents": broken(GOOD * 2),
    "gzip": broken(b"\x1f\x8b\x08\x00" + bytes(range(256))),
    "UTF-16 with a mark": broken(GOOD.decode().encode("utf-16")),
    "UTF-16 without a mark": broken(GOOD.decode().encode("utf-16-le")),
    "UTF-16, big-endian": broken(GOOD.decode().encode("utf-16-be")),
    "UTF-32 with a mark": broken(GOOD.decode().encode("utf-32")),
    "UTF-32 without a mark": broken(GOOD.decode().encode("utf-32-le")),
    "overlong UTF-8": broken(b'{"operationName": "\xc0\xaf"}'),
    "a surrogate in UTF-8": broken(b'{"operationName": "\xed\xa0\x80"}'),
    "a mark inside": broken(b'{"statusCode": \xef\xbb\xbf0}'),
    "two marks": broken(b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD),
    "not a number": broken(b'{"statusCode": NaN, "x": "' + b'\\"' * 200_000),
    "10^5 digits": broken(b'{"statusCode": ' + b"1" * 100_000 + b"}"),
    "deep arrays": broken(b"[" * 100_000 + b"]" * 100_000),
    "deep objects, cut off": broken(b'{"a":' * 100_000),
    "deep arrays in user data": broken(CALL % (b"[" * 250 + b"]" * 250)),
    "YAML under another name": broken(b"operationName: &a Hold\nuserData: {x: *a, y: !!python/object:os.system 1}\n"),
    "HTML of a proxy": broken(b"<!DOCTYPE html><title>502 Bad Gateway</title>"),
    "carriage returns alone": Case(content(b'{"operationName":\r 5}\r'), FINDINGS, frozenset({"type"})),
    # JSON that strains its reader
    "a mark at the start": Case(content(b"\xef\xbb\xbf" + GOOD), CLEAN),
    "a number beyond a double": Case(user_data(b'{"x": 1e999999, "y": -1e400}'), CLEAN, frozenset({"number-range"})),
    "lone surrogates": Case(user_data(b'{"x": "\\ud800", "\\udfff": "y"}'), FINDINGS, frozenset({"lone-surrogate"})),
    "a member twice": Case(user_data(b'{"x": 1, "x": 1}'), FINDINGS, frozenset({"duplicate-member"})),
    "30,000 members twice": Case(
        user_data(b"{" + b",".join(b'"n%d":1,"n%d":2' % (n, n) for n in range(30_000)) + b"}"),
        FINDINGS,
        frozenset({"duplicate-member"}),
    ),
    "200,000 numbers": Case(content(b"[" + b"1," * 200_000 + b"1]"), FINDINGS, frozenset({"unrecognised"})),
    "200,000 wrong participants": Case(
        content(
            b'{"channel": "/v2/me/calls", "data": {"messageType": "CallStateChangeMessage", '
            b'"notificationType": "StatusChange", "call": {"participants": [' + b"1," * 200_000 + b"1]}}}"
        ),
        FINDINGS,
        frozenset({"required", "type", "not-judged"}),
    ),
    "100,000 unknown members": Case(
        content(b'{"channel": "/v2/me/calls", "data": {' + b",".join(b'"m%d":1' % n for n in range(100_000)) + b"}}"),
        FINDINGS,
        frozenset({"required", "not-judged"}),
    ),
    "40,000 objects with an unknown name": Case(
        content(b"[" + b",".join(b'{"statusCod%d":1}' % n for n in range(40_000)) + b"]"), FINDINGS, frozenset({"unrecognised"})
    ),
    "5 million values": left_out(content(b"[" + b"[]," * 5_000_000 + b"[]]"), "more than 4,000,000 values"),
    "a name of 3 MB": Case(
        content(b'{"operationName": "Dial", "destination": {"' + b"x" * 3_000_000 + b'": 1, "phoneNumber": 1}}'),
        FINDINGS,
        frozenset({"type"}),
    ),
    "a string of 3 MB": Case(
        content(b'{"operationName": "' + b"x" * 3_000_000 + b'"}'), FINDINGS, frozenset({"unknown-operationName"})
    ),
    "3 million line ends": broken(b"\n" * 3_000_000 + b"x"),
    "30,000 broken lines": Case(content(b"{\n" * 30_000, "x.ndjson"), FINDINGS, frozenset({"json"})),
    "blank lines": Case(content(b"\r\n\n" + GOOD + b"\n" + GOOD, "x.jsonl"), CLEAN),
    # files that are left out
    "a sparse file of a terabyte": left_out(sparse, "larger than 64 MiB"),
    "a sparse file of lines": Case(sparse_lines, FINDINGS, frozenset({"type"}), ("a line longer than 16 MiB",)),
    "an unknown ending": left_out(content(BAD, "notes.txt"), "its name does not say what it holds"),
    "a YAML bomb": left_out(content(b"a: &a [x]\nb: [*a, *a]\n", "bomb.yaml"), "is YAML"),
    "a log": left_out(content(b"2026-11-20 INFO " + BAD, "gws.LOG"), "is a log"),
    "a log, named": left_out(
        content(b"2026-11-20 INFO " + BAD, "gws.txt"), "does not begin like JSON", arguments=("good.json", "gws.txt")
    ),
    "a file that is missing": left_out(content(b""), "No such file", arguments=("good.json", "missing.json")),
    "a HAR recording": left_out(content(b'{"log": {"entries": []}}', "x.har"), "is a HAR recording"),
    "a HAR recording in disguise": left_out(content(b'{"log": {"entries": []}}'), "is a HAR recording"),
    "an ending in capitals": Case(content(BAD, "WRONG.JSON"), FINDINGS, frozenset({"type"})),
    "findings beside what is left out": Case(
        beside_good(lambda folder: (content(BAD)(folder), content(BAD, "x.har")(folder))),
        FINDINGS,
        frozenset({"type"}),
        ("is a HAR recording",),
    ),
    "an empty folder": Case(lambda folder: None, NOT_JUDGED, frozenset(), ("holds no file that can be judged",)),
    "a hidden folder only": Case(
        lambda folder: (folder / ".git").mkdir(), NOT_JUDGED, frozenset(), ("holds no file that can be judged",)
    ),
    "a folder named like a file": Case(folder_named_like_a_file, FINDINGS, frozenset({"type"})),
    "deep folders": Case(deep_folders, FINDINGS, frozenset({"type"})),
    "the same file many times": Case(content(GOOD), CLEAN, arguments=("x.json", ".", "./x.json", ".")),
    "standard input twice": Case(content(GOOD), FINDINGS, frozenset({"json"}), arguments=("-", "-")),
    "a pattern that the shell left": Case(content(BAD), FINDINGS, frozenset({"type"}), arguments=("*.json",)),
    "a pattern that matches nothing": Case(
        content(BAD), NOT_JUDGED, frozenset(), ("matches nothing",), arguments=("*.ndjson",)
    ),
}  # fmt: skip
POSIX_CASES = {
    "a pipe in a folder": left_out(lambda folder: os.mkfifo(folder / "x.json"), "is a pipe"),
    "a socket in a folder": left_out(listening_socket, "is a socket"),
    "a socket, named": left_out(listening_socket, "is a socket", arguments=("good.json", "x.json")),
    "a device in a folder, by a link": left_out(link("x.json", "/dev/zero"), "leads out of the folder"),
    "a device, named": left_out(content(b""), "larger than 64 MiB", arguments=("good.json", "/dev/zero")),
    "an empty device, named": Case(content(GOOD), FINDINGS, frozenset({"json"}), arguments=("/dev/null",)),
    "a link that leads nowhere": left_out(link("x.json", "missing.json"), "leads nowhere"),
    "a link to itself": left_out(link("x.json", "x.json"), "leads to itself"),
    "two links in a circle": left_out(
        lambda folder: (link("x.json", "y.json")(folder), link("y.json", "x.json")(folder)),
        "leads to itself", "leads to itself",
    ),
    "a link out of the folder": left_out(link("out", "../"), "leads out of the folder"),
    "a link to a neighbour with the same beginning": left_out(
        lambda folder: (
            (folder / "in").mkdir(), content(GOOD, "in/good.json")(folder),
            (folder / "inside").mkdir(), content(BAD, "inside/bad.json")(folder), link("in/out", "../inside")(folder),
        ),
        "leads out of the folder", arguments=("in",),
    ),
    "links to what was met before": Case(linked_twice, FINDINGS, frozenset({"type"})),
    "a file that may not be read": left_out(with_mode("x.json", 0), "Permission denied"),
    "a folder that may not be read": left_out(with_mode("x", 0, is_folder=True), "Permission denied"),
    "a folder that may not be entered": left_out(with_mode("x", 0o444, is_folder=True), "Permission denied"),
    "a name with a line end and an escape": Case(named(b"a\nb\x1b[31m.json"), FINDINGS, frozenset({"type"})),
    "a name that is not UTF-8": Case(named(b"\xff\xfe.json"), FINDINGS, frozenset({"type"})),
    "a name that runs backwards": Case(named("\u202enosj.exe\u2066.json".encode()), FINDINGS, frozenset({"type"})),
    "a name of 255 bytes": Case(named(b"x" * 250 + b".json"), FINDINGS, frozenset({"type"})),
}  # fmt: skip


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "conformance"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        cwd=folder,
        env=environment,
        input=b"",
        capture_output=True,
        timeout=120,  # ends a test that hangs
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [*(pytest.param(case, id=name) for name, case in CASES.items()),
             *(pytest.param(case, id=name, marks=posix) for name, case in POSIX_CASES.items())]
)  # fmt: skip
def test_a_hostile_file_gets_its_sentence(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    case.make(folder)
    done = check(folder, "--format", "json", *case.arguments)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    report: Any = json.loads(done.stdout)
    assert (done.returncode, {found["rule"] for found in report["findings"]}) == (case.code, set(case.rules))
    reasons = [left["reason"] for left in report["left_out"]]
    assert len(reasons) == len(case.left_out), reasons
    assert [part for part, reason in zip(case.left_out, reasons, strict=True) if part not in reason] == []
    for line in done.stderr.decode().splitlines():
        assert line.isprintable()
        assert len(line) < 5000
    assert max((len(found["message"]) for found in report["findings"]), default=0) < 1000
