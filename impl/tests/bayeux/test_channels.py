"""Channel names and wildcards."""

from __future__ import annotations

import pytest

from refswitch.bayeux.channels import is_meta, is_name, is_service, is_subscribable, patterns_reaching


@pytest.mark.parametrize("channel", ["/v2/me/calls", "/a", "/a-b/C_9/!~()$@", "/v2/me/calls/0071"])
def test_a_name_is_segments_of_the_allowed_characters_each_after_a_slash(channel: str) -> None:
    """CH-1: Bayeux 1.0, Channels."""
    assert is_name(channel)
    assert is_subscribable(channel)


@pytest.mark.parametrize(
    "channel",
    [
        "",
        "/",
        "a",
        "a/b",
        "/a/",
        "//a",
        "/a//b",
        "/a b",
        "/a\n",
        "/ä",
        "/a*",
        "/a/***",
        "/*/a",
        "/a/**/b",
        "/a#",
    ],
)
def test_anything_but_a_name_or_a_pattern_is_refused(channel: str) -> None:
    """Bayeux 1.0, Channels and Channel Globbing."""
    assert not is_name(channel)
    assert not is_subscribable(channel)


@pytest.mark.parametrize("pattern", ["/*", "/**", "/v2/me/*", "/v2/**"])
def test_a_wildcard_is_a_last_segment_and_not_a_name(pattern: str) -> None:
    """CH-4: Bayeux 1.0, Channel Globbing."""
    assert is_subscribable(pattern)
    assert not is_name(pattern)


def test_one_star_reaches_one_segment_and_two_stars_reach_one_or_more() -> None:
    """CH-2, CH-3: Bayeux 1.0, Channel Globbing: neither reaches its own parent channel."""
    assert patterns_reaching("/v2/me/calls") == {"/v2/me/calls", "/v2/me/*", "/v2/me/**", "/v2/**", "/**"}
    assert patterns_reaching("/a") == {"/a", "/*", "/**"}


@pytest.mark.parametrize("channel", ["/meta", "/meta/connect", "/service", "/service/time"])
def test_nothing_reaches_the_subscribers_of_meta_and_service_channels(channel: str) -> None:
    """CH-5, CH-6: Bayeux 1.0, Meta Channels and Service Channels."""
    assert patterns_reaching(channel) == frozenset()


def test_only_a_whole_first_segment_makes_a_meta_or_service_channel() -> None:
    assert (is_meta("/meta/x"), is_meta("/metal/x"), is_meta("meta/x")) == (True, False, False)
    assert (is_service("/service/x"), is_service("/services"), is_service("")) == (True, False, False)
