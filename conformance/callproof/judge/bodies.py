"""What the answers to generated bodies show. The call they are posted to does not exist, so every one of them must be refused."""

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
    """A generated body as it is sent, and whether the contract's own validator takes it for a valid request."""

    content: bytes
    valid: bool

    @property
    def shown(self) -> str:
        """The beginning of it, for people."""
        return self.content[:120].decode("utf-8", errors="replace")


def proves(unasked: Unasked) -> frozenset[str]:
    """The requirements that generated bodies emit checks for."""
    answers = {each for claim in unasked.answers for each in claim.proves}
    return unasked.generated.proves.union(answers, unasked.schema_of.get("answer", ()))


def judge_body(body: Body, reply: Reply, problems: Sequence[str], unasked: Unasked) -> Iterator[Finding]:
    """What the answer to a body shows; violations say which body it was. `problems` are those of the answer by its schema."""
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
    """What a body showed, once it was sent again: a violation that does not repeat is worth knowing, and no more.

    `evidence` shows the second time.
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
