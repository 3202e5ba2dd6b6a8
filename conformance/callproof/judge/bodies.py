"""Judges the answers to generated bodies. The call they are posted to does not exist, so the server must refuse all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from callproof.catalogue.scenario import Unasked
from callproof.judge.claims import judge_claim
from callproof.judge.everywhere import against_schema
from callproof.judge.findings import About, AcceptedReading, Finding, Met, Unmet, undecided
from callproof.judge.played import Reply
from callproof.judge.predicates import NO_SCOPE
from callproof.judge.sentences import Sentence, passed_on, say


@dataclass(frozen=True)
class Body:
    """A generated body as it is sent, and whether it is a valid request by the contract."""

    content: bytes
    valid: bool

    @property
    def shown(self) -> str:
        """The beginning of the body, for people."""
        return self.content[:120].decode("utf-8", errors="replace")


def proves(unasked: Unasked) -> frozenset[str]:
    """The requirements that generated bodies produce checks for."""
    answers = {each for claim in unasked.answers for each in claim.proves}
    return unasked.generated.proves.union(answers, unasked.schema_of.get("answer", ()))


def judge_body(body: Body, reply: Reply, problems: Sequence[str], unasked: Unasked) -> Iterator[Finding]:
    """Judge the answer to a body; violations quote the body. `problems` are the schema violations of the answer."""
    about = About(step="generated bodies", expected="", evidence=reply.evidence)
    own = unasked.generated
    claims = (*own.each, *(own.valid if body.valid else own.invalid), *unasked.answers)
    if not reply.answered:
        proved = dict.fromkeys(each for claim in claims for each in claim.proves)
        yield from undecided(passed_on(reply.why), proved, about)
        return
    what = f"for the body {body.shown}"
    for finding in (f for claim in claims for f in judge_claim(claim, reply.value, NO_SCOPE, about, what)):
        if isinstance(finding, Unmet):
            yield replace(finding, message=say(Sentence.FOR_BODY, body=body.shown, what=finding.message))
        else:
            yield finding
    yield from against_schema("answer", unasked, problems, what, about)


def violated(findings: Sequence[Finding]) -> frozenset[str]:
    """The requirements that are violated."""
    return frozenset(finding.requirement for finding in findings if isinstance(finding, Unmet))


def replayed(
    first: Sequence[Finding], again: Sequence[Finding], evidence: tuple[str, ...]
) -> Iterator[Finding]:
    """The findings about a body that was sent again: a violation that does not repeat is only worth knowing.

    `evidence` is that of the second time.
    """
    for finding in first:
        about = replace(finding.about, evidence=(*finding.about.evidence, *evidence))
        if not isinstance(finding, Unmet):
            yield finding
        elif finding.requirement in violated(again):
            yield replace(finding, about=about)
        else:
            once = AcceptedReading(because=say(Sentence.SEEN_ONCE), verdict="info")
            yield Met(requirement=finding.requirement, about=about, reading=once)
