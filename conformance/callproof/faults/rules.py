"""Matches facts about a request, an answer or a message against rules, and counts the matches. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from callproof.json_values import Json

from .members import holds
from .model import Match, Rule


@dataclass(frozen=True)
class Facts:
    """What is known about one thing that passes over the line. Facts that do not apply are empty or None."""

    agent: str = ""
    method: str = ""
    resource: str = ""
    is_cometd: bool = False
    operation: str = ""
    code: Json = None
    login: str = ""
    leg: str = ""
    after: str = ""
    channel: str = ""
    subscriptions: frozenset[str] = frozenset()
    held: bool = False
    waited: bool = True
    value: Json = None
    asked: Json = None


class Counted:
    """The rules of a variant, with how often each took effect."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._seen: Counter[int] = Counter()
        self._triggers: Counter[int] = Counter()

    @property
    def triggers(self) -> tuple[int, ...]:
        """How often each rule took effect, in the order of the rules."""
        return tuple(self._triggers[index] for index in range(len(self._rules)))

    def matching(self, on: str, facts: Facts) -> Iterator[Rule]:
        """Yield the rules that apply, and count each."""
        for index, rule in enumerate(self._rules):
            if rule.on == on and fits(rule.match, facts):
                self._seen[index] += 1
                if not rule.match.nth or self._seen[index] in rule.match.nth:
                    self._triggers[index] += 1
                    yield rule


def fits(match: Match, facts: Facts) -> bool:
    """Whether everything that the match names is true. `nth` is not checked here."""
    return all(test(match, facts) for test in _TESTS)


def _is(word: str) -> Callable[[Match, Facts], bool]:
    """Compare a word of the match with the fact of the same name, if the match has the word."""
    return lambda match, facts: getattr(match, word) in ("", None, getattr(facts, word))


def _path_fits(match: Match, facts: Facts) -> bool:
    """Without a path, a match does not apply to CometD requests."""
    if match.path is None:
        return not (facts.is_cometd and facts.resource)
    return match.path.fullmatch(facts.resource) is not None


_TESTS: tuple[Callable[[Match, Facts], bool], ...] = (
    _path_fits,
    *map(_is, ("agent", "method", "operation", "login", "leg", "after", "channel", "held", "waited")),
    lambda match, facts: not match.subscription or match.subscription in facts.subscriptions,
    lambda match, facts: _code_fits(match.code, facts.code),
    lambda match, facts: all(holds(test, facts.value) for test in match.members),
    lambda match, facts: all(holds(test, facts.asked) for test in match.asked),
)


def _code_fits(wanted: str | tuple[int, ...], code: Json) -> bool:
    if wanted == "":
        return True
    if isinstance(code, bool) or not isinstance(code, int):
        return False
    if isinstance(wanted, str):
        return code == 0 if wanted == "taken" else code > 0
    return code in wanted
