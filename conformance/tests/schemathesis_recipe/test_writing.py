"""The recipe is written whole, into a folder of its own, and works there without callproof."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from callproof import cli
from callproof.schemathesis_recipe import FILES, AlreadyThere, NotWritable, write_recipe

PACKAGE = Path(write_recipe.__code__.co_filename).parent


def test_the_files_are_those_of_the_recipe_as_they_stand(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    files = write_recipe(out)
    assert [file.relative_to(out).as_posix() for file in files] == list(FILES)
    assert [file for file in files if file.read_text() != (PACKAGE / file.relative_to(out)).read_text()] == []
    assert sorted(file for file in out.rglob("*") if file.is_file()) == sorted(files)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_there_is_kept_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(AlreadyThere) as raised:
        write_recipe(tmp_path)
    assert raised.value.file == tmp_path / name
    assert [(file, file.read_text()) for file in tmp_path.rglob("*") if file.is_file()] == [
        (tmp_path / name, "mine")
    ]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match=r"file/README\.md cannot be written: "):
        write_recipe(tmp_path / "file")


def test_the_command_prints_the_files_and_where_to_read_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["contract", "schemathesis", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:-1] == [str(tmp_path / name) for name in FILES]
    assert told[-1].startswith(f"{tmp_path / 'README.md'} says ")


def test_the_command_overwrites_nothing_and_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_recipe(tmp_path)
    assert cli.main(["contract", "schemathesis", "--out", str(tmp_path)]) == 4
    told = f"callproof contract: {tmp_path / 'README.md'} already exists, and nothing was written; name another folder\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_the_hooks_import_nothing_but_schemathesis_requests_and_themselves(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text())
    imported = {
        found.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for found in node.names
    } | {
        node.module.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module
    }
    standard = {
        "__future__",
        "collections",
        "dataclasses",
        "ipaddress",
        "json",
        "os",
        "pathlib",
        "sys",
        "typing",
        "urllib",
        "zlib",
    }
    assert imported - standard <= {"schemathesis", "requests"}


def test_the_readme_names_every_variable_that_the_hooks_and_the_configuration_read() -> None:
    code = "".join((PACKAGE / name).read_text() for name in FILES if name != "README.md")
    readme = (PACKAGE / "README.md").read_text()
    read = set(re.findall(r'environment(?:\.get\(|\[)"([A-Z_]+)"', code)) | set(
        re.findall(r"\$\{([A-Z_]+)\}", code)
    )
    assert read == {"AGENT_USER", "AGENT_PASSWORD", "DIAL_NUMBERS", "CONFIRM_HOST", "OUTSIDE_URL"}
    assert [name for name in read if f"`{name}`" not in readme] == []
