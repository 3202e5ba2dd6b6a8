"""The folder that a run writes to. It is cleared before the run starts, so that it never holds the verdict of another run."""

from __future__ import annotations

import shlex
import sys
import tempfile
import textwrap
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from callproof.commands.exits import CONFIGURATION, Stopped
from callproof.not_written import FileNotWritten
from callproof.private_files import make_private_folder, write_private
from callproof.report.formats import FORMATS
from callproof.report.report import Report
from callproof.runner import locking
from callproof.runner.ledger import Ledger, LedgerNotUsable, read_ledger

TRANSCRIPT = "transcript.jsonl"
#: Each run has a ledger of its own, so that a later run into the same folder never hides the calls of an earlier one.
LEDGERS = "ledger*.jsonl"


def what_is_written() -> str:
    """The paragraph about the files of a run, for a command's help."""
    reports = ", ".join(format.file for format in FORMATS)
    return textwrap.fill(
        f"The result goes to DIR as {reports} and {TRANSCRIPT}; a ledger-*.jsonl of its own names every call that the run made. "
        "Files of an earlier run are removed first, except for ledgers that name calls which may still be up.",
        78,
    )


def make_room(out: Path) -> Ledger:
    """Make the folder, remove the files of an earlier run, and return the ledger of this one, open and locked.

    Ledgers that name open calls stay. Raises Stopped when another run works there or nothing can be written there.
    """
    _require_renderers()
    try:
        make_private_folder(out)
        _require_alone(out)
        with tempfile.TemporaryFile(dir=out):
            pass
        reports = [format.file for format in FORMATS]
        for name in (*reports, TRANSCRIPT):
            if (out / name).is_dir():
                raise _cannot_use(out, f"{name} is a folder there")
        ledger = Ledger(out / f"ledger-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}.jsonl")
        ledger.claim()
        _require_alone(out, ledger.file)
        for name in reports:
            (out / name).unlink(missing_ok=True)
        if (out / TRANSCRIPT).is_file():  # a pipe stays: somebody may be following the run
            (out / TRANSCRIPT).unlink()
        _put_away(out, ledger.file)
    except FileExistsError:
        raise _cannot_use(out, "it is a file") from None
    except FileNotWritten as error:
        raise _cannot_use(out, error.reason) from None
    except OSError as error:
        raise _cannot_use(out, error.strerror or str(error)) from None
    except ValueError as error:  # a name that no file can have
        raise _cannot_use(out, str(error)) from None
    return ledger


def write(report: Report, out: Path) -> tuple[FileNotWritten, ...]:
    """Write the reports; return why any of them could not be written. None stays half written."""
    failures = []
    for format in FORMATS:
        file = out / format.file
        try:
            write_private(file, format.render(report))
        except OSError as error:
            failures.append(FileNotWritten(file, error))
    return tuple(failures)


def how_to_end_calls(out: Path, target: str | None) -> str:
    """The command that ends the calls which the runs of a folder may have left."""
    if target is None:
        return "the server was started for this run; every call ends with it"
    return f"to end calls that may still be up: {_command(out, str(Path(target).absolute()))}"


def _command(out: Path, target: str) -> str:
    return shlex.join(["callproof", "cleanup", "--out", str(out.absolute()), "--target", target])


def ledgers_in(out: Path) -> tuple[Path, ...]:
    """The ledgers of a folder, by name. Raises OSError if the folder cannot be read."""
    names = [file.name for file in out.iterdir()]
    return tuple(out / name for name in sorted(names) if Path(name).match(LEDGERS))


def _require_renderers() -> None:
    """Find out now that a report cannot be made, not after everything has been judged."""
    for format in FORMATS:
        if format.module and find_spec(format.module) is None:
            remedy = f'{format.module} is not installed; run: pip install "callproof[{format.extra}]"'
            raise Stopped(f"{format.file} cannot be written: {remedy}", CONFIGURATION)


def _require_alone(out: Path, own: Path | None = None) -> None:
    """Refuse a folder with the locked ledger of another process. Called twice: another run may begin at the same time."""
    for file in ledgers_in(out):
        if file != own and locking.is_held(file):
            raise _cannot_use(out, f"another run is still writing there ({file.name} is in use)")


def _put_away(out: Path, own: Path | None) -> None:
    """Remove the ledgers whose calls have all ended, and name the others."""
    kept = 0
    for file in ledgers_in(out):
        if file == own:
            continue
        if _names_open_calls(file):
            kept += 1
        else:
            file.unlink()
    if kept:
        print(
            f"callproof run: an earlier run may have left calls; to end them: {_command(out, 'FILE')}",
            file=sys.stderr,
        )


def _names_open_calls(file: Path) -> bool:
    try:
        return read_ledger(file).may_have_left_calls
    except LedgerNotUsable:
        return True


def _cannot_use(out: Path, why: str) -> Stopped:
    return Stopped(f"--out {out} cannot be used: {why}; name another folder", CONFIGURATION)
