"""A finding with its verdict: what a run reports about one requirement in one scenario. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from callproof.catalogue.requirement import Verdict
from callproof.judge.findings import NearMiss, Strength


@dataclass(frozen=True)
class CheckDone:
    """One observation about one requirement, judged.

    `check` is stable from run to run: the step's title and the requirement, unique in its scenario. `code` is stable and machine
    readable; `message`, `expected` and `got` are for people and may change. `evidence` and the ids in `nearest` are ids of
    transcript entries. `blocked_by` names the check or step that did not happen. `reading` is the accepted alternative that was met.
    """

    check: str
    requirement: str
    verdict: Verdict
    code: str = ""
    message: str = ""
    expected: str = ""
    got: str = ""
    evidence: tuple[str, ...] = ()
    nearest: tuple[NearMiss, ...] = ()
    blocked_by: str = ""
    strength: Strength = ""
    reading: str = ""
    step: str = ""
    place: str = ""
