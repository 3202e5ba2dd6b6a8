"""The folder that a run writes to. It is cleared before the run starts, so that it never holds the verdict of another run."""

from __future__ import annotations

import shlex
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from callproof.commands.exits import CONFIGURATION, Stopped
from callproof.json_values import Json
from callproof.private_files import make_private_folder, write_private
from callproof.report.formats import FORMATS
from callproof.report.report import Report
from callproof.runner.ledger import LedgerNotUsable, read_ledger

LEDGER, TRANSCRIPT = "ledger.jsonl", "transcript.jsonl"


def what_is_written() -> str:
    """The paragraph about the files of a run, for a command's help."""
    reports = ", ".join(format.file for format in FORMATS)
    return textwrap.fill(
        f"The result goes to DIR as {reports} and {TRANSCRIPT}; {LEDGER} names every call that the run made. "
        "Files of an earlier run are removed first.",
        78,
    )


def make_room(out: Path) -> None:
    """Make the folder and remove the files of an earlier run. Raises Stopped when nothing can be written there.

    A ledger that names open calls is kept under another name, because nothing else records them.
    """
    try:
        make_private_folder(out)
        with tempfile.TemporaryFile(dir=out):
            pass
        reports = [format.file for format in FORMATS]
        for name in (*reports, TRANSCRIPT, LEDGER):
            if (out / name).is_dir():
                raise _cannot_use(out, f"{name} is a folder there")
        for name in reports:
            (out / name).unlink(missing_ok=True)
        if (out / TRANSCRIPT).is_file():  # a pipe stays: somebody may be following the run
            (out / TRANSCRIPT).unlink()
        _put_away(out / LEDGER)
    except FileExistsError:
        raise _cannot_use(out, "it is a file") from None
    except OSError as error:
        raise _cannot_use(out, error.strerror or str(error)) from None
    except ValueError as error:  # a name that no file can have
        raise _cannot_use(out, str(error)) from None


def write(document: dict[str, Json], transcript: Sequence[dict[str, Json]], out: Path) -> Report:
    """Write the reports. Raises Stopped when one of them cannot be written."""
    report = Report.of(document, transcript)
    for format in FORMATS:
        try:
            write_private(out / format.file, format.render(report))
        except ModuleNotFoundError as error:
            remedy = f'{error.name} is not installed; run: pip install "callproof[{format.extra}]"'
            raise Stopped(f"{format.file} cannot be written: {remedy}", CONFIGURATION) from None
        except OSError as error:
            raise Stopped(f"--out {out} cannot be written: {error.strerror}", CONFIGURATION) from None
    return report


def how_to_end_calls(ledger: Path, target: str | None) -> str:
    """The command that ends the calls which a run may have left."""
    if target is None:
        return "the server was started for this run; every call ends with it"
    words = ["callproof", "cleanup", "--ledger", str(ledger), "--target", target]
    return f"to end calls that may still be up: {shlex.join(words)}"


def _put_away(ledger: Path) -> None:
    if not ledger.exists():
        return
    if not _names_open_calls(ledger):
        ledger.unlink()
        return
    kept = ledger.with_name(
        f"ledger-{datetime.fromtimestamp(ledger.stat().st_mtime, UTC):%Y%m%dT%H%M%SZ}.jsonl"
    )
    ledger.rename(kept)
    print(
        f"callproof run: an earlier run may have left calls; {how_to_end_calls(kept, 'FILE')}",
        file=sys.stderr,
    )


def _names_open_calls(ledger: Path) -> bool:
    try:
        earlier = read_ledger(ledger)
    except LedgerNotUsable:
        return True
    return bool(earlier.open_legs or earlier.unlearnt) and not earlier.embedded


def _cannot_use(out: Path, why: str) -> Stopped:
    return Stopped(f"--out {out} cannot be used: {why}; name another folder", CONFIGURATION)
