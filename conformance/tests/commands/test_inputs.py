"""Whatever `check` is asked to judge is read once or left out with a reason, also when it changes meanwhile and on other systems."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from callproof import limits
from callproof.commands import inputs
from callproof.commands.inputs import STDIN, Input, Inputs, pieces_of
from callproof.validator.readers import LeftOut

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"[]")


class Found:
    """What inputs were found, and what was left out."""

    def __init__(self, *paths: str, ignored: tuple[str, ...] = ()) -> None:
        self.left_out: dict[str, str] = {}
        self.inputs = Inputs(ignored, self.left_out.__setitem__).files(paths)

    def paths(self) -> list[str]:
        return [found.path.replace(os.sep, "/") for found in self.inputs]


def content(source: Input, most: int = 100) -> bytes:
    return b"".join(pieces_of(source, most))


def reason(source: Input, most: int = 100) -> str:
    with pytest.raises(LeftOut) as caught:
        content(source, most)
    return str(caught.value)


def test_a_folder_is_read_depth_first_in_the_order_of_names(folder: Path) -> None:
    write(
        "b.json",
        "a/2.jsonl",
        "a/1.NDJSON",
        "a/b/c.json",
        "c.json",
        ".git/x.json",
        ".hidden.json",
        ".gitignore",
    )
    found = Found(".")
    assert found.paths() == [
        "./.hidden.json", "./a/1.NDJSON", "./a/2.jsonl", "./a/b/c.json", "./b.json", "./c.json",
    ]  # fmt: skip
    assert found.left_out == {}


def test_patterns_leave_names_and_paths_out_without_a_word(folder: Path) -> None:
    write(
        "a.json", "README.md", "docs/b.json", "docs/notes.md", "old/c.json", "deep/old/d.json", "deep/e.json"
    )
    found = Found(".", ignored=("*.md", "old", "deep/e.json"))
    assert found.paths() == ["./a.json", "./docs/b.json"]
    assert found.left_out == {}


def test_the_remedy_for_an_unknown_ending_can_be_typed(folder: Path) -> None:
    write("a.json", "notes.TXT", "Makefile")
    found = Found(".")
    assert found.paths() == ["./a.json"]
    assert found.left_out == {
        os.path.join(".", name): "its name does not say what it holds; check reads .json, .ndjson, .jsonl; "
        f"leave it out with --ignore '{pattern}'"
        for name, pattern in (("Makefile", "Makefile"), ("notes.TXT", "*.txt"))
    }


def test_a_file_that_vanishes_after_the_folder_was_read_is_named(folder: Path) -> None:
    write("a.json", "b.json")
    found = Found(".")
    first = next(found.inputs)
    Path("b.json").unlink()
    assert found.paths() == []
    assert found.left_out == {os.path.join(".", "b.json"): "was there when the folder was read, and is gone"}
    Path("a.json").unlink()
    assert reason(first) == "was there when the folder was read, and is gone"


@posix
def test_a_file_that_becomes_a_pipe_is_not_waited_for(folder: Path) -> None:
    write("a.json")
    (found,) = Found(".").inputs
    Path("a.json").unlink()
    os.mkfifo("a.json")
    assert reason(found) == "has become a pipe since the folder was read"


def test_of_a_file_that_grows_what_it_held_at_first_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_PIECE", 2)
    Path("a.json").write_bytes(b"12345")
    read = b""
    for piece in pieces_of(Input("a.json", in_folder=False), 100):
        read += piece
        with Path("a.json").open("ab") as stream:
            stream.write(b"6789")
    assert read == b"12345"


def test_a_file_that_shrinks_is_read_to_its_new_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_PIECE", 2)
    Path("a.json").write_bytes(b"12345")
    pieces = pieces_of(Input("a.json", in_folder=False), 100)
    first = next(pieces)
    os.truncate("a.json", 3)
    assert first + b"".join(pieces) in (b"123", b"12345")  # the system may have read ahead


def test_a_file_is_read_up_to_its_bound(folder: Path) -> None:
    Path("a.json").write_bytes(b"12345")
    assert content(Input("a.json", in_folder=True), 5) == b"12345"
    assert reason(Input("a.json", in_folder=True), 4).startswith("is larger than 0 MiB; ")


@posix
@pytest.mark.parametrize(("most", "expected"), [(5, b"12345"), (4, None)])
def test_a_pipe_on_the_command_line_is_read_within_the_same_bound(
    folder: Path, most: int, expected: bytes | None
) -> None:
    os.mkfifo("pipe")
    (found,) = Found("pipe", "./pipe").inputs
    writer = threading.Thread(target=Path("pipe").write_bytes, args=(b"12345",))
    writer.start()
    if expected is None:
        assert reason(found, most).startswith("is larger than")
    else:
        assert content(found, most) == expected
    writer.join()


def test_a_folder_of_too_many_entries_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.ENTRIES, "default", 3)
    write("a.json", "b/.1", "b/2.json")
    found = Found(".")
    assert found.paths() == ["./a.json"]
    assert found.left_out == {".": "holds more than 3 files and folders; name some of them"}


@pytest.mark.parametrize("stdin", [None, io.TextIOWrapper(io.BytesIO())])
def test_closed_standard_input_is_left_out_in_a_sentence(monkeypatch: pytest.MonkeyPatch, stdin: Any) -> None:
    if stdin is not None:
        stdin.close()
    monkeypatch.setattr(sys, "stdin", stdin)
    assert reason(Input(STDIN, in_folder=False)) == "standard input is closed"


def test_a_name_that_no_system_has_is_left_out() -> None:
    found = Found("a\0b")
    assert found.paths() == []
    assert found.left_out == {"a\0b": "is not a name that a file can have"}


class System:
    """The module `os` of another system: this one's, but for a few names; None is a name that is not there."""

    def __init__(self, **own: Any) -> None:
        self._own = own

    def __getattr__(self, name: str) -> Any:
        if name not in self._own:
            return getattr(os, name)
        if self._own[name] is None:
            raise AttributeError(name)
        return self._own[name]


def test_without_inodes_a_file_is_known_by_its_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows reports no inode on some file systems: two files must not be taken for one, nor one for two."""

    def without_inode(status: os.stat_result) -> os.stat_result:
        return os.stat_result((status.st_mode, 0, 0, *status[3:]))

    system = System(
        stat=lambda path: without_inode(os.stat(path)), lstat=lambda path: without_inode(os.lstat(path))
    )
    monkeypatch.setattr(inputs, "os", system)
    write("a.json", "b/c.json")
    assert Found(".", "b", "a.json", "./b/../a.json").paths() == ["./a.json", "./b/c.json"]


def test_a_junction_is_followed_as_a_link_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A junction of Windows is a folder by its mode; what it leads to lies outside."""
    write("in/a.json", "in/junction/b.json", "out/b.json")

    def lstat(path: str) -> Any:
        status = os.lstat(path)
        tag = 0xA0000003 if os.path.basename(path) == "junction" else 0
        return SimpleNamespace(st_mode=status.st_mode, st_reparse_tag=tag)

    def realpath(path: str) -> str:
        return os.path.realpath(path).replace(os.path.join("in", "junction"), "out")

    path = SimpleNamespace(**{**vars(os.path), "realpath": realpath})
    monkeypatch.setattr(inputs, "os", System(lstat=lstat, path=path))
    found = Found("in")
    with monkeypatch.context() as only_folders:
        only_folders.setattr(inputs, "_identity", lambda status, path: os.path.abspath(path))
        assert found.paths() == ["in/a.json"]
    assert list(found.left_out.values()) == ["is a link that leads out of the folder; name what it leads to"]


@posix
def test_a_link_whose_target_is_spelt_in_capitals_stays_inside_where_capitals_do_not_count(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS and Windows a link may lead to DATA where the folder is called data."""
    write("data/b/a.json")
    Path("data/alias").symlink_to(folder / "DATA" / "b")

    def spelt(path: Any) -> str:
        return str(path).replace("DATA", "data").replace("data/alias/", "data/b/")

    def status(path: Any) -> os.stat_result:
        return os.stat("data/b" if path == "data/alias" else spelt(path))

    def entries(path: Any) -> Any:
        return os.scandir("data/b" if path == "data/alias" else path)

    monkeypatch.setattr(
        inputs, "os", System(stat=status, lstat=lambda path: os.lstat(spelt(path)), scandir=entries)
    )
    found = Found("data")
    assert (found.paths(), found.left_out) == (["data/alias/a.json"], {})


def test_a_system_without_posix_calls_reads_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = ("O_NONBLOCK", "O_NOFOLLOW", "mkfifo", "getuid", "geteuid", "fork", "setsid", "killpg")
    monkeypatch.setattr(inputs, "os", System(**dict.fromkeys(absent)))
    write("a.json")
    assert [content(found) for found in Found(".").inputs] == [b"[]"]
