"""Which findings of a file get a line, and which are only counted. Pure.

Findings are alike if they break one rule of one schema at one path, whatever the indexes in it: a recording of a faulty server breaks
the same rule in every message. Memory stays bounded whatever the file holds.
"""

from __future__ import annotations

from callproof import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from callproof.validator.finding import Finding, Path

    Kind: TypeAlias = tuple[str, str, str, Path]


def kind_of(finding: Finding) -> Kind:
    """What alike findings share."""
    path = tuple("*" if isinstance(step, int) else step for step in finding.path)
    return finding.severity, finding.rule, finding.schema, path


class Folding:
    """The count of findings of one file, by kind; at most `most` of them get a line."""

    __slots__ = ("_left", "_lines", "_more")

    def __init__(self, most: int) -> None:
        self._left = most
        self._lines: dict[Kind, int] = {}
        self._more: dict[Kind, int] = {}

    def keeps(self, finding: Finding) -> bool:
        """Count a finding, and say whether it gets a line."""
        kind = kind_of(finding)
        lines = self._lines.get(kind, 0)
        if self._left > 0 and lines < limits.ALIKE.default:
            self._lines[kind] = lines + 1
            self._left -= 1
            return True
        if lines:
            self._more[kind] = self._more.get(kind, 0) + 1
        return False

    def more(self, kind: Kind) -> int:
        """How many findings of the kind got no line."""
        return self._more.get(kind, 0)
