"""A server may say as much as it likes; people are shown the beginning, with the secrets in it masked."""

from __future__ import annotations

from callproof.aiobayeux.opening import why_not_ready
from callproof.bayeux import BayeuxError, ConnectFailed
from callproof.redaction import Redactor
from callproof.wire import NoAnswer, Reason

SECRET = "a-password-of-alice"


def test_a_long_error_of_a_server_is_cut_after_its_secrets_are_masked() -> None:
    redactor = Redactor()
    redactor.learn(SECRET)
    for before in range(280, 310):
        error = BayeuxError(500, (), "x" * before + SECRET + "y" * 1_000_000)
        why = why_not_ready([ConnectFailed(0, error)])
        shown = redactor.shown(why)

        assert (len(why) < 20_000, len(shown) < 400, SECRET[:5] in shown) == (True, True, False)
        assert shown.startswith("the connect was refused (500::xxx")
        assert shown.endswith(" ...)")


def test_a_long_detail_of_a_network_failure_is_cut() -> None:
    lost = NoAnswer(
        id="t1", answer_id="t2", method="GET", url="http://a.test/me", reason=Reason.NOT_HTTP, detail="x" * 100_000,
        started=0, elapsed=0,
    )  # fmt: skip

    assert Redactor().shown(str(lost)) == f"GET http://a.test/me: the answer is not HTTP ({'x' * 300} ...)"
