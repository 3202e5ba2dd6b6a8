"""No server makes `run` or `listen` crash, hang, take gigabytes or accuse it of what is a bound of ours."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conformance.tests.hostile.kinds import KINDS, SHARE
from conformance.tests.hostile.trial import BACKEND, faults_of
from tools.soak.evidence import Evidence
from tools.soak.server import refswitch

_AT_A_TIME = 2


def prove(kinds: int) -> Evidence:
    """Try so many kinds of hostile server, those of CI first. The kinds and the exit codes stand in conformance/tests/hostile."""
    chosen = list(dict.fromkeys((*SHARE, *KINDS)))[:kinds]
    with (
        refswitch(*BACKEND, "--sandboxes", str(3 * len(KINDS))) as server,
        tempfile.TemporaryDirectory() as name,
        ThreadPoolExecutor(_AT_A_TIME) as pool,
    ):

        def tried(kind: str) -> list[str]:
            folder = Path(name) / kind
            folder.mkdir()
            return faults_of(kind, server.port, folder)

        faults = [fault for found in pool.map(tried, chosen) for fault in found]
        faults += server.why_not_alive()
    return Evidence(
        f"run and listen met {len(chosen)} kinds of hostile server", {"kinds": len(chosen)}, faults
    )
