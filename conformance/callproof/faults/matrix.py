"""What the trials of all variants prove: who was caught by name, who was accused wrongly, what nothing proves. Pure.

A faulty variant is caught when the sound server is green in the same scenarios, the fault was brought to bear, the requirement that it
names turned red with a code that fits, the run ended as a run should, and no more than a few other requirements turned red with it.
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

#: More requirements than this that turn red beside the expected one and its relatives tell a vendor the wrong story.
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
    """One run of the suite. `stopped` says in words why it did not end as a run should; `profiles` are the profiles' verdicts."""

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
        found = (
            c.requirement
            for c in self.checks
            if c.verdict == "fail" and (within is None or c.scenario in within)
        )
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class TrialResult:
    """What a trial proves, and why it is not what was hoped for. `others` are the reds outside the variant's family."""

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
    """All of it. `unproved` are the MUST requirements that no caught variant expects; `whole` says that all variants were tried.

    `baselines` are the runs of the sound server, one for each way of listening to it.
    """

    baselines: tuple[Trial, ...]
    results: tuple[TrialResult, ...]
    unproved: tuple[str, ...]
    whole: bool = True

    @property
    def baseline_is_green(self) -> bool:
        """The sound server is conformant; where only a part of the suite was played to it, nothing of it is red."""
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
    """Judge every trial against the run of the sound server that was listened to in the same way."""
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
        return TrialResult(
            trial, "not judged", f"the suite misbehaved at {errors[0].requirement}: {errors[0].message}"
        )
    if not any(trial.triggers):
        return TrialResult(trial, "not exercised", "what is different about this server never came to bear")
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
    wrong = [check for check in trial.checks if check.verdict == "fail" or _is_doubted(check, trial.variant)]
    used = {f"{check.requirement}/{check.reading}" for check in trial.checks if check.reading}
    unused = [need for need in trial.variant.needs if need not in used]
    if wrong:
        check = wrong[0]
        reds = tuple(dict.fromkeys(each.requirement for each in wrong))
        return TrialResult(
            trial, "accused", f"{check.requirement} in {check.scenario}: {check.message}", check.code, reds
        )
    vague = [c for c in trial.checks if c.verdict in _UNDECIDED and not _so_before(c, baseline)]
    if vague:
        check = vague[0]
        return TrialResult(
            trial,
            "not judged",
            f"{check.requirement} in {check.scenario} is {check.verdict}: {check.message}",
        )
    # Generated bodies are sent to a variant only where it answers HTTP in its own way.
    if missing := baseline.scenarios - trial.scenarios - {GENERATED}:
        return TrialResult(trial, "not judged", f"{', '.join(sorted(missing))} did not run")
    if unused:
        return TrialResult(trial, "not exercised", f"the reading {unused[0]} was not used")
    return TrialResult(trial, "green")


def _is_doubted(check: Seen, variant: Variant) -> bool:
    """Whether something is said against a requirement that the variant meets by a reading which it needs."""
    needed = {need.partition("/")[0] for need in variant.needs}
    return check.requirement in needed and not check.reading and check.verdict in ("warn", "info")


def _strangers(trial: Trial, baseline: Trial) -> tuple[str, ...]:
    """The reds that are neither the variant's own, nor its relatives', nor the sound server's."""
    family = {trial.variant.expects, *trial.variant.related, *baseline.reds(trial.scenarios)}
    return tuple(name for name in trial.reds() if name not in family)


def _so_before(check: Seen, baseline: Trial) -> bool:
    return any(
        (other.scenario, other.requirement, other.verdict)
        == (check.scenario, check.requirement, check.verdict)
        for other in baseline.checks
    )


def _why_missed(own: Sequence[Seen]) -> str:
    if not own:
        return "no check of this requirement was made"
    for check in own:
        if check.verdict in _UNDECIDED:
            return f"{check.verdict} in {check.scenario}: {check.message}"
    return f"{own[0].verdict} in {', '.join(dict.fromkeys(check.scenario for check in own))}"


def as_document(matrix: Matrix) -> dict[str, Json]:
    """Return the matrix for machines."""
    variants: list[Json] = [_entry(result) for result in matrix.results]
    return {
        "format": "callproof.selftest/1",
        "proof": matrix.is_proof,
        "whole": matrix.whole,
        "baselines": [_sound(baseline) for baseline in matrix.baselines],
        "variants": variants,
        "unproved": list(matrix.unproved),
    }


def _sound(baseline: Trial) -> Json:
    return {
        "name": baseline.variant.name,
        "profiles": dict(baseline.profiles),
        "checks": len(baseline.checks),
        "seconds": round(baseline.seconds, 1),
        "stopped": baseline.stopped,
    }


def _entry(result: TrialResult) -> dict[str, Json]:
    trial = result.trial
    red: dict[str, Json] = {c.requirement: c.message for c in reversed(trial.checks) if c.verdict == "fail"}
    scenarios: list[Json] = [*sorted(trial.scenarios)]
    return {
        "name": trial.variant.name,
        "area": trial.variant.area,
        "title": trial.variant.title,
        "expects": trial.variant.expects,
        "outcome": result.outcome,
        "why": result.why,
        "code": result.code,
        "others": list(result.others),
        "scenarios": scenarios,
        "triggers": list(trial.triggers),
        "seconds": round(trial.seconds, 1),
        "red": red,
    }
