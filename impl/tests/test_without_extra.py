"""The bare distribution has no dependency, and `refswitch` there says which extra brings what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

IMPL = Path(__file__).parents[1]


def test_without_its_extra_the_command_ends_with_one_sentence() -> None:
    command = [sys.executable, "-S", "-m", "refswitch", "serve"]  # -S: without anything that is installed
    environment = os.environ | {"PYTHONPATH": str(IMPL)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    sentence = done.stderr.partition(" is not installed; ")
    assert (done.returncode, done.stdout, sentence[2]) == (4, "", 'run: pip install "callproof[server]"\n')
    assert "\n" not in sentence[0]
