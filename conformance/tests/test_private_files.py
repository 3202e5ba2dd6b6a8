"""Files of a run belong to whoever ran it: nobody else may read them, and no planted link leads the run to write elsewhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from callproof.private_files import make_private_folder, open_private, write_private

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows has no such modes; there the folder's owner decides"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _generous_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_file_is_private_also_when_it_replaces_one_that_was_not(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old", encoding="utf-8")
    (tmp_path / "old").chmod(0o644)
    for name in ("old", "new"):
        write_private(tmp_path / name, "text")
    assert {path.name: (mode(path), path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()} == {
        "old": (0o600, "text"),
        "new": (0o600, "text"),
    }


def test_an_opened_file_is_private_also_if_it_was_not(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old\n", encoding="utf-8")
    old.chmod(0o644)
    for file, fresh, text in ((old, False, b"more"), (tmp_path / "new", True, b"text")):
        descriptor = open_private(file, fresh=fresh)
        os.write(descriptor, text)
        os.close(descriptor)
    assert (mode(old), old.read_text(encoding="utf-8"), mode(tmp_path / "new")) == (0o600, "old\nmore", 0o600)


def test_a_planted_link_is_replaced_or_refused_and_never_followed(tmp_path: Path) -> None:
    precious, folder = tmp_path / "precious", tmp_path / "results"
    precious.write_text("precious", encoding="utf-8")
    folder.mkdir()
    for name in ("report", "transcript"):
        (folder / name).symlink_to(precious)
    write_private(folder / "report", "text")
    with pytest.raises(OSError, match="link"):
        open_private(folder / "transcript")
    assert precious.read_text(encoding="utf-8") == "precious"
    assert not (folder / "report").is_symlink()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "file", "\ud800")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"file": "old"}


def test_a_folder_that_is_made_is_private_and_one_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    (tmp_path / "old").mkdir(0o755)
    make_private_folder(tmp_path / "old")
    assert (mode(tmp_path / "a" / "b"), mode(tmp_path / "old")) == (0o700, 0o755)


def test_a_folder_that_is_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_private_folder(tmp_path / "file")
