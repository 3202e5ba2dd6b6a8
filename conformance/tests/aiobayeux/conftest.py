"""What the tests of `callproof listen` share."""

import pytest

from .listen_to import Listen


@pytest.fixture
def listen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Listen:
    """The command, with a password in its environment."""
    monkeypatch.setenv("CALLPROOF_PASSWORD", "planted-password")
    return Listen(capsys)
