"""The command `refswitch`, also as `python -m refswitch`.

The bare distribution is a validator without dependencies, so the command must be able to say what it lacks before it imports anything.
"""

from __future__ import annotations

import sys

_CONFIGURATION = 4  # as `refswitch.cli` has it


def main() -> int:
    """Run the command and return its exit code; 4, with one sentence, when the extra `server` is not installed."""
    try:
        from .cli import main as command

        return command()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("refswitch"):
            raise
        print(
            f'refswitch: {error.name} is not installed; run: pip install "callproof[server]"', file=sys.stderr
        )
        return _CONFIGURATION


if __name__ == "__main__":
    sys.exit(main())
