"""What the trials of all variants prove: which were caught by name or wrongly accused, and what remains unproved. Pure.

A faulty variant is caught when the sound server is green in the same scenarios, the fault took effect, the requirement that it names
turned red with a fitting code, the run ended normally, and only a few other requirements turned red too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from callproof.catalogue.planning import GENERATED
from callproof.catalogue.requirement import Level, Verdict
from callproof.json_values import Json

from .model import Variant

Outcome: TypeAlias = Literal[
    "caught", "missed", "not exercised", "wrong story", "green", "accused", "not judged"
]

#: If more requirements than this turn red beside the expected one and its relatives, the report misleads a vendor.
A_FEW = 3
_GOOD: frozenset[Outcome] = frozenset({"caught", "green"})
_UNDECIDED: frozenset[Verdict] = frozenset({"error", "inconclusive", "blocked"})


@dataclass(frozen=True)
class Seen:
    """One check of a trial. `reading` is the id of the accepted reading that was used, if one was."""

    scenario: str
    requirement: str
    verdict: Verdict
    code: str = ""
    message: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Trial:
    """One run of the suite. `stopped` says why it did not end normally; `profiles` are the profiles' verdicts."""

    variant: Variant
    checks: tuple[Seen, ...] = ()
    triggers: tuple[int, ...] = ()
    seconds: float = 0.0
    stopped: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict)

    @property
    def scenarios(self) -> frozenset[str]:
        return frozenset(check.scenario for check in self.checks)

    def reds(self, within: frozenset[str] | None = None) -> tuple[str, ...]:
        """The requirements with a check that failed, each once."""
        failed = (check for check in self.checks if check.verdict == "fail")
        return tuple(dict.fromkeys(c.requirement for c in failed if within is None or c.scenario in within))


@dataclass(frozen=True)
class TrialResult:
    """What a trial proves, or why it proves nothing. `others` are the reds outside the variant's family."""

    trial: Trial
    outcome: Outcome
    why: str = ""
    code: str = ""
    others: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return self.outcome in _GOOD


@dataclass(frozen=True)
class Matrix:
    """All results. `unproved` are the MUST requirements that no caught variant expects; `whole` says that all variants were tried.

    `baselines` are the runs of the sound server, one for each way of listening to it.
    """

    baselines: tuple[Trial, ...]
    results: tuple[TrialResult, ...]
    unproved: tuple[str, ...]
    whole: bool = True

    @property
    def baseline_is_green(self) -> bool:
        """Whether the sound server is conformant or, if it played only a part of the suite, nothing is red."""
        return all(_is_green(baseline) for baseline in self.baselines)

    @property
    def is_proof(self) -> bool:
        return self.baseline_is_green and all(result.is_good for result in self.results)

    def of_kind(self, *, legal: bool) -> tuple[TrialResult, ...]:
        return tuple(result for result in self.results if result.trial.variant.is_legal is legal)


def judge_all(
    trials: Sequence[Trial],
    baselines: Sequence[Trial],
    levels: Mapping[str, Level],
    not_tested: frozenset[str] = frozenset(),
    *,
    whole: bool = True,
) -> Matrix:
    """Judge every trial against the sound server's run with the same way of listening."""
    sound = {baseline.variant.listening: baseline for baseline in baselines}
    results = tuple(judge(trial, sound[trial.variant.listening], levels) for trial in trials)
    caught = {result.trial.variant.expects for result in results if result.outcome == "caught"}
    unproved = (name for name, level in levels.items() if level == "MUST" and name not in caught | not_tested)
    return Matrix(tuple(baselines), results, tuple(unproved), whole)


def _is_green(baseline: Trial) -> bool:
    conformant = all(verdict == "conformant" for verdict in baseline.profiles.values())
    judged = bool(baseline.checks) and not baseline.stopped and not baseline.reds()
    return judged and (conformant or bool(baseline.variant.scenarios))


def judge(trial: Trial, baseline: Trial, levels: Mapping[str, Level]) -> TrialResult:
    """Judge one trial."""
    if trial.stopped:
        return TrialResult(trial, "not judged", trial.stopped)
    if errors := [check for check in trial.checks if check.verdict == "error"]:
        why = f"the suite failed at {errors[0].requirement}: {errors[0].message}"
        return TrialResult(trial, "not judged", why)
    if not any(trial.triggers):
        return TrialResult(trial, "not exercised", "the difference of this server never took effect")
    return _judge_legal(trial, baseline) if trial.variant.is_legal else _judge_faulty(trial, baseline, levels)


def _judge_faulty(trial: Trial, baseline: Trial, levels: Mapping[str, Level]) -> TrialResult:
    variant = trial.variant
    red: tuple[Verdict, ...] = ("fail",) if levels[variant.expects] == "MUST" else ("fail", "warn", "info")
    before = {check.verdict for check in _own(baseline, variant) if check.scenario in trial.scenarios}
    if not before.isdisjoint(red):
        return TrialResult(trial, "missed", f"the sound server is {', '.join(sorted(before))} there too")
    own = _own(trial, variant)
    others = _strangers(trial, baseline)
    kills = [check for check in own if check.verdict in red]
    if not kills:
        return TrialResult(trial, "missed", _why_missed(own), others=others)
    fitting = [check.code for check in kills if not variant.codes or check.code in variant.codes]
    if not fitting:
        why = f"red with the code {kills[0].code or 'none'}: {kills[0].message}"
        return TrialResult(trial, "missed", why, kills[0].code, others)
    if len(others) > A_FEW:
        return TrialResult(trial, "wrong story", f"red too: {', '.join(others)}", fitting[0], others)
    return TrialResult(trial, "caught", "", fitting[0], others)


def _own(trial: Trial, variant: Variant) -> list[Seen]:
    """The checks of the requirement that the variant expects to turn red."""
    return [check for check in trial.checks if check.requirement == variant.expects]


def _judge_legal(trial: Trial, baseline: Trial) -> TrialResult:
    if wrong := [
        check for check in trial.checks if check.verdict == "fail" or _is_doubted(check, trial.variant)
    ]:
        why = f"{wrong[0].requirement} in {wrong[0].scenario}: {wrong[0].message}"
        reds = tuple(dict.fromkeys(check.requirement for check in wrong))
        return TrialResult(trial, "accused", why, wrong[0].code, reds)
    before = {(check.scenario, check.requirement, check.verdict) for check in baseline.checks}
    for check in trial.checks:
        if check.verdict in _UNDECIDED and (check.scenario, check.requirement, check.verdict) not in before:
            why = f"{check.requirement} in {check.scenario} is {check.verdict}: {check.message}"
            return TrialResult(trial, "not judged", why)
    # Generated bodies are sent to a variant only where it answers HTTP in its own way.
    if missing := baseline.scenarios - trial.scenarios - {GENERATED}:
        return TrialResult(trial, "not judged", f"{', '.join(sorted(missing))} did not run")
    used = {f"{check.requirement}/{check.reading}" for check in trial.checks if check.reading}
    if unused := [need for need in trial.variant.needs if need not in used]:
        return TrialResult(trial, "not exercised", f"the reading {unused[0]} was not used")
    return TrialResult(trial, "green")


def _is_doubted(check: Seen, variant: Variant) -> bool:
    """Whether a check warns about a requirement that the variant meets by a reading it needs."""
    needed = {need.partition("/")[0] for need in variant.needs}
    return check.requirement in needed and not check.reading and check.verdict in ("warn", "info")


def _strangers(trial: Trial, baseline: Trial) -> tuple[str, ...]:
    """The reds outside the variant's own requirement, its relatives, and the sound server's reds."""
    family = {trial.variant.expects, *trial.variant.related, *baseline.reds(trial.scenarios)}
    return tuple(name for name in trial.reds() if name not in family)


def _why_missed(own: Sequence[Seen]) -> str:
    if not own:
        return "no check of this requirement was made"
    for check in own:
        if check.verdict in _UNDECIDED:
            return f"{check.verdict} in {check.scenario}: {check.message}"
    return f"{own[0].verdict} in {', '.join(dict.fromkeys(check.scenario for check in own))}"


def as_document(matrix: Matrix) -> dict[str, Json]:
    """Return the matrix as JSON."""
    return {
        "format": "callproof.selftest/2", "proof": matrix.is_proof, "whole": matrix.whole,
        "baselines": [_sound(baseline) for baseline in matrix.baselines],
        "variants": [_entry(result) for result in matrix.results], "unproved": list(matrix.unproved),
    }  # fmt: skip


def _sound(baseline: Trial) -> Json:
    return {
        "name": baseline.variant.name, "profiles": dict(baseline.profiles), "checks": len(baseline.checks),
        "seconds": round(baseline.seconds, 1), "stopped": baseline.stopped,
    }  # fmt: skip


def _entry(result: TrialResult) -> Json:
    trial, variant = result.trial, result.trial.variant
    red: dict[str, Json] = {c.requirement: c.message for c in reversed(trial.checks) if c.verdict == "fail"}
    return {
        "name": variant.name, "area": variant.area, "title": variant.title, "expects": variant.expects,
        "outcome": result.outcome, "why": result.why, "code": result.code, "others": list(result.others),
        "scenarios": [*sorted(trial.scenarios)], "triggers": list(trial.triggers),
        "seconds": round(trial.seconds, 1), "red": red,
    }  # fmt: skip
