"""Writes the recipe into a folder."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent

#: The recipe's files, relative to the folder that they are written to.
FILES = (
    "README.md",
    "schemathesis.toml",
    *(f"callproof_recipe/{file.name}" for file in sorted((_HERE / "callproof_recipe").glob("*.py"))),
)


class AlreadyThere(Exception):
    """A file of the recipe exists already; somebody may have edited it."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} already exists, and nothing was written; name another folder")
        self.file = file


class NotWritable(Exception):
    """A file of the recipe cannot be written."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} cannot be written: {why}")
        self.file = file


def write_recipe(out: Path) -> list[Path]:
    """Write the recipe into the folder, which is created if need be; return the files. Raises AlreadyThere and NotWritable."""
    files = [out / name for name in FILES]
    for file in files:
        if file.exists():
            raise AlreadyThere(file)
    for name, file in zip(FILES, files, strict=True):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as stream:
                stream.write((_HERE / name).read_text(encoding="utf-8"))
        except OSError as error:
            raise NotWritable(file, error.strerror or str(error)) from None
    return files
