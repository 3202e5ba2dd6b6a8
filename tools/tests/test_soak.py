"""The proofs that `make soak` plays whole, each with the share of it that CI plays."""

from __future__ import annotations

import sys

import pytest

from tools.soak.evidence import Proof
from tools.soak.proofs import PROOFS

pytestmark = pytest.mark.slow

#: The share of the hostile servers is conformance/tests/hostile.
SHARED = [proof for proof in PROOFS if proof.share]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the proofs read /proc, which Linux has")
@pytest.mark.parametrize("proof", SHARED, ids=[proof.name for proof in SHARED])
def test_a_share_of_the_proof_holds(proof: Proof) -> None:
    faults = proof.prove(proof.share).faults
    assert list(faults) == [], "\n".join(faults)


def test_each_proof_has_a_name_and_a_promise_of_its_own() -> None:
    assert len({proof.name for proof in PROOFS}) == len({proof.promise for proof in PROOFS}) == len(PROOFS)
    assert all(0 <= proof.share < proof.whole for proof in PROOFS)
