"""Builds the source distribution, and from that the wheel, so that the same commit always gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.release.ready import Commit

OUT = "build/release"


def build(root: Path, commit: Commit, out: Path) -> list[Path]:
    """Write both distributions and SHA256SUMS into the folder, which is emptied first. Returns the distributions.

    The time in every entry is the commit's (SOURCE_DATE_EPOCH, https://reproducible-builds.org). Raises CalledProcessError.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    subprocess.run(  # noqa: S603  # a fixed command
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(root)],
        env=os.environ | {"SOURCE_DATE_EPOCH": str(commit.seconds)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    made = sorted(out.iterdir())
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made)
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return made
