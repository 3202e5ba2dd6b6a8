"""Patterns of channels, and the table of the client's states (Bayeux 1.0)."""

import pytest

from callproof.bayeux import NotPossibleNow, State, is_meta, matches
from callproof.bayeux.states import TABLE, Signal, move


@pytest.mark.parametrize(
    ("pattern", "channel", "covered"),
    [
        ("/a", "/a", True),
        ("/a", "/a/b", False),
        ("/a/*", "/a/b", True),
        ("/a/*", "/a", False),
        ("/a/*", "/ab", False),
        ("/a/*", "/a/b/c", False),
        ("/a/*", "/a/", False),
        ("/a/**", "/a/b", True),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/a", False),
        ("/**", "/a", True),
        ("/*", "/a", True),
        ("/*", "/a/b", False),
        ("/a/*/b", "/a/x/b", False),
    ],
)
def test_a_star_is_one_segment_and_two_are_one_or_more(pattern: str, channel: str, covered: bool) -> None:
    assert matches(pattern, channel) is covered


def test_meta_channels_are_recognised_by_their_first_segment() -> None:
    assert is_meta("/meta/connect")
    assert not is_meta("/metadata/connect")


def test_every_state_has_its_row() -> None:
    assert set(TABLE) == set(State)


def test_a_signal_without_a_row_is_refused_by_name() -> None:
    with pytest.raises(NotPossibleNow) as refusal:
        move(State.DISCONNECTED, Signal.CONNECT)

    assert (refusal.value.signal, refusal.value.state) == (Signal.CONNECT, State.DISCONNECTED)


def test_only_a_handshake_leaves_the_two_states_without_a_session() -> None:
    assert set(TABLE[State.UNCONNECTED]) == set(TABLE[State.DISCONNECTED]) == {Signal.HANDSHAKE}
