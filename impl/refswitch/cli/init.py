"""`refswitch init`: writes a commented seats file to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from refswitch.seats_file import template
from refswitch.violations import shown

from .exits import CannotWrite

DEFAULT_FILE = Path("seats.yaml")


def init(options: argparse.Namespace) -> None:
    """Write the file. An existing file is overwritten only with --force. Raises CannotWrite."""
    file: Path = options.file
    try:
        with file.open("w" if options.force else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(template())
    except FileExistsError:
        raise CannotWrite(
            f"{shown(str(file))} already exists and was not changed; name another file, or overwrite it with --force"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotWrite(f"{shown(str(file))} cannot be written ({reason}); name another file") from None
    print(f"wrote {file}")
    print(f"edit it, then: refswitch serve --seats {file}")
