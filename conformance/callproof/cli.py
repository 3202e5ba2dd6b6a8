"""The command `callproof`: finds the sub-command, runs it, and exits with its code.

Almost nothing is imported before the sub-command is known, because commit hooks run `callproof check` and its start-up time is noticeable.
"""

from __future__ import annotations

import sys

from callproof import VERSION
from callproof.commands.exits import (
    CALLS_LEFT,
    CLEAN,
    CONFIGURATION,
    INTERRUPTED,
    NOT_JUDGED,
    SUITE_ERROR,
    Stopped,
)
from callproof.commands.streams import NotWritten, Streams

# name -> (module with `main(arguments) -> int`, what it does, exit code if it cannot start)
COMMANDS = {
    "check": ("callproof.commands.check", "judge payloads against the contract", NOT_JUDGED),
    "run": ("callproof.commands.run", "certify a server, or the reference server", CONFIGURATION),
    "init": ("callproof.commands.init", "write a commented target file", CONFIGURATION),
    "listen": ("callproof.commands.listen", "print notifications, each with a verdict", CONFIGURATION),
    "list": ("callproof.commands.list", "list requirements, scenarios, profiles", CONFIGURATION),
    "explain": ("callproof.commands.explain", "explain a requirement or a scenario", CONFIGURATION),
    "contract": ("callproof.commands.contract", "print, find, make and compare contracts", CONFIGURATION),
    "stubs": ("callproof.commands.stubs", "write typed stubs from the contract", CONFIGURATION),
    "cleanup": ("callproof.commands.cleanup", "end calls that an interrupted run left up", CONFIGURATION),
    "selftest": ("callproof.commands.selftest", "test the suite with faulty servers", CONFIGURATION),
}
# package that is not in the base distribution -> the extra that installs it
_EXTRAS = {
    "httpx": "run",
    "jinja2": "run",
    "schemathesis": "run",
    "websockets": "run",
    "yaml": "run",
    "jsonschema_rs": "run",
    "connexion": "server",
    "refswitch": "server",
    "starlette": "server",
    "uvicorn": "server",
}
_BROKEN_PIPE = 141  # as a shell reports a process that SIGPIPE ended


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code of the command."""
    words = sys.argv[1:] if arguments is None else arguments
    code = CLEAN
    with Streams():
        try:
            code = _dispatched(words)
            sys.stdout.flush()
            return code
        except NotWritten as error:
            if code == CALLS_LEFT:  # what was not written is the lesser evil
                return code
            if error.reader_left:
                return _BROKEN_PIPE
            command = words[0] if words else ""
            print(f"callproof {command}".rstrip() + f": {error}", file=sys.stderr)
            return NOT_JUDGED if COMMANDS.get(command, ("", "", 0))[2] == NOT_JUDGED else SUITE_ERROR


def _dispatched(words: list[str]) -> int:
    if not words:
        print(_usage(), file=sys.stderr)
        return NOT_JUDGED
    if words[0] in ("-h", "--help", "help"):
        print(_usage())
        return CLEAN
    if words[0] in ("-V", "--version"):
        print(f"callproof {VERSION}")
        return CLEAN
    if words[0] in COMMANDS:
        return _guarded(words[0], words[1:])
    print(_no_command(words[0]), file=sys.stderr)
    return NOT_JUDGED


def _guarded(command: str, arguments: list[str]) -> int:
    """Turn whatever stops a command into a sentence and an exit code; only NotWritten reaches `main`."""
    module, _, no_start = COMMANDS[command]
    try:
        return _called(module, arguments)
    except Stopped as stop:
        print(f"callproof {command}: {_shown(stop.sentence)}", file=sys.stderr)
        return stop.code
    except SystemExit as end:  # how argparse leaves after --help
        return end.code if isinstance(end.code, int) else CLEAN
    except ModuleNotFoundError as error:
        if (sentence := _missing(command, error.name or "")) is None:
            return _crashed(command, no_start)
        print(sentence, file=sys.stderr)
        return no_start
    except KeyboardInterrupt:
        print(f"callproof {command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except NotWritten:
        raise
    except Exception:  # noqa: BLE001  # uncaught, it would end the process with 1, which means "something was found"
        return _crashed(command, no_start)


def _called(module: str, arguments: list[str]) -> int:
    from importlib import import_module

    return int(import_module(module).main(arguments))


def _crashed(command: str, no_start: int) -> int:
    from traceback import format_exc

    print(_shown(format_exc()), end="", file=sys.stderr)
    print(f"callproof {command}: this is a bug in callproof, not in what was judged", file=sys.stderr)
    return NOT_JUDGED if no_start == NOT_JUDGED else SUITE_ERROR


def _shown(sentence: str) -> str:
    """The sentence without control characters: it may contain text from a server."""
    from callproof.validator.finding import printable

    return "\n".join(printable(line) for line in sentence.split("\n"))


def _missing(command: str, module: str) -> str | None:
    extra = _EXTRAS.get(module.partition(".")[0])
    if extra is None:
        return None
    return f'callproof {command}: {module} is not installed; run: pip install "callproof[{extra}]"'


def _no_command(word: str) -> str:
    from callproof.suggestions import did_you_mean
    from callproof.validator.finding import printable

    meant = did_you_mean(word, COMMANDS, f"the commands are {', '.join(COMMANDS)}")
    return f"callproof: no command {printable(word)}; {meant}"


def _usage() -> str:
    lines = [f"  {name:9} {text}" for name, (_, text, _) in COMMANDS.items()]
    head = "usage: callproof COMMAND [OPTION ...]\n\nThe conformance suite and payload validator of the Genesys call-operation API."
    return "\n".join(
        [
            head,
            "",
            *lines,
            "",
            "callproof COMMAND --help describes a command; callproof --version the version.",
        ]
    )
