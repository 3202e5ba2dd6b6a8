"""What the tools say about the contract: where, which rule, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a contract file."""

    path: str
    line: int
    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.problem}; {self.remedy}"


class ContractBroken(Exception):
    """The bundles cannot be made from this contract. ``findings`` says why, in the order of the files."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(map(str, self.findings)))


class ContractMissing(Exception):
    """There is no contract to judge: a file that everything else hangs on is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not there: run from the checkout's root, or name it with --root")
        self.path = path
