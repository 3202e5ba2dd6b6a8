"""`run` and `listen` survive hostile servers. CI tries a share of the kinds; `make soak` tries all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.tests.hostile.kinds import KINDS, SHARE
from conformance.tests.hostile.relay import WHERE
from conformance.tests.hostile.trial import BACKEND, faults_of
from impl.tests.process import serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> Iterator[int]:
    with serving(*BACKEND, "--sandboxes", "100") as address:
        yield int(address.rsplit(":", 1)[1])


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory is bounded with prlimit, which Linux has"
)
@pytest.mark.parametrize("kind", SHARE)
def test_no_server_crashes_hangs_or_bloats_us_or_is_convicted_by_a_bound_of_ours(
    kind: str, backend: int, tmp_path: Path
) -> None:
    faults = faults_of(kind, backend, tmp_path)
    assert faults == [], "\n".join(faults)


def test_every_kind_says_where_it_spoils_and_the_share_names_kinds() -> None:
    assert {kind.where for kind in KINDS.values()} <= set(WHERE)
    assert set(SHARE) <= set(KINDS)
    assert len(KINDS) >= 20
