"""One fault of a payload, in words for the person who must correct it. Pure."""

from __future__ import annotations

from json import dumps

from callproof.shortening import MOST_KEPT, to_show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from callproof.json_values import Json

    Path: TypeAlias = tuple[str | int, ...]

ERROR = "error"
WARNING = "warning"
NOTE = "note"  # nothing is wrong; a person should know it all the same
#: The rule of a note about something that was read and not judged. It never makes a payload invalid.
NOT_JUDGED = "not-judged"
#: The rule of the note about a call in the form before 8.5.2.
OLDER_FORM = "older-form"
_LONGEST = 60  # characters of a value that are shown; a line should stay a line


class Finding:
    """What is wrong at which place of a payload, and what was expected there. Compares by its contents.

    `rule` is the keyword or the named rule that was broken; `schema` names the contract's schema that contains it, if it has a name.
    `at_name` says that the place is the member's name rather than its value. `about` is the path of the faulty member, even if it is
    missing; `hinges` are the paths of the members that made a rule apply.
    """

    __slots__ = (
        "about", "at_name", "expected", "hinges", "path", "rule", "schema", "severity", "suggestion", "what",
    )  # fmt: skip

    def __init__(
        self,
        path: Path,
        rule: str,
        what: str,
        expected: str = "",
        *,
        suggestion: str = "",
        schema: str = "",
        severity: str = ERROR,
        at_name: bool = False,
        about: Path | None = None,
        hinges: tuple[Path, ...] = (),
    ) -> None:
        self.path = path
        self.rule = rule
        self.what = what
        self.expected = expected
        self.suggestion = suggestion
        self.schema = schema
        self.severity = severity
        self.at_name = at_name
        self.about = path if about is None else about
        self.hinges = hinges

    @property
    def where(self) -> str:
        """The path as it is printed: `$.data.call.participants[0].digits`."""
        return written(self.path)

    @property
    def message(self) -> str:
        """What is wrong, what was expected, and a suggestion."""
        expected = f", expected {self.expected}" if self.expected else ""
        return self.what + expected + (f"; did you mean {shown(self.suggestion)}?" if self.suggestion else "")

    def _contents(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._contents() == other._contents()

    def __hash__(self) -> int:
        return hash(self._contents())

    def __repr__(self) -> str:
        return f"<{self.severity} {self.rule} {self.where}: {self.message}>"


def written(path: Path) -> str:
    """A path in the notation of JSONPath; a name that is not an identifier is quoted, and a long one is shortened."""
    steps = []
    for step in path:
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif len(step) <= _LONGEST and step.isascii() and step.isidentifier():
            steps.append(f".{step}")
        else:
            steps.append(f"[{_quoted(step)}]")
    return "$" + "".join(steps)


def shown(value: Json) -> str:
    """The value as JSON, marked to be shortened, without characters that a terminal would act on."""
    if isinstance(value, list):
        return f"an array of {len(value)}" if value else "an empty array"
    if isinstance(value, dict):
        return f"an object of {len(value)}" if value else "an empty object"
    if isinstance(value, str):
        return _quoted(value, f'…" ({len(value)} characters)')
    text = printable(dumps(value, ensure_ascii=False))
    return to_show(text, _LONGEST, f"… ({len(text)} characters)")


def _quoted(text: str, ending: str = '…"') -> str:
    if len(text) <= _LONGEST:
        return printable(dumps(text, ensure_ascii=False))
    return to_show(printable(dumps(text[:MOST_KEPT], ensure_ascii=False))[:-1], _LONGEST + 1, ending)


def printable(text: str) -> str:
    """The text with every unprintable character as an escape."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that make a payload invalid."""
    return [finding for finding in findings if finding.severity == ERROR]
