"""The transcript: everything in one time order, masked when it is written."""

import json
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from callproof.wire import Clock, Entry, Kind, Redactor, Transcript

Play = Callable[[Coroutine[None, None, None]], None]


def test_entries_are_numbered_and_timed_from_the_start(play: Play, clock: Clock) -> None:
    async def story() -> None:
        await clock.sleep(100)
        transcript = Transcript(clock)
        transcript.note("alice", "begin")
        await clock.sleep(1.5)
        transcript.record("bob", Kind.REQUEST, {"method": "GET"}, [("Cookie", "JSESSIONID=secret")])

        assert transcript.entries == (
            Entry("t0001", 0, "2026-01-02T03:05:45.000+00:00", "alice", Kind.NOTE, {"text": "begin"}),
            Entry(
                "t0002",
                1500,
                "2026-01-02T03:05:46.500+00:00",
                "bob",
                Kind.REQUEST,
                {"method": "GET", "headers": [["Cookie", "JSESSIONID=cookie#1"]]},
            ),
        )

    play(story())


def test_a_mark_gives_what_came_after(play: Play, clock: Clock) -> None:
    async def story() -> None:
        transcript = Transcript(clock)
        transcript.note("alice", "before")
        mark = transcript.mark()
        after = transcript.note("alice", "after")

        assert transcript.since(mark) == (after,)

    play(story())


def test_every_line_is_in_the_file_as_soon_as_it_is_recorded(
    play: Play, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "transcript.jsonl"

    async def story() -> None:
        transcript = Transcript(clock, Redactor(["hunter22"]), file)
        entry = transcript.record("alice", Kind.NOTIFICATION, {"text": "hunter22 \ud800 \u2028 ä"})
        lines = file.read_text(encoding="utf-8").splitlines()
        transcript.close()

        assert [json.loads(line) for line in lines] == [entry.as_json()]
        assert entry.body == {"text": "*** \ud800 \u2028 ä"}

    play(story())


def test_a_full_transcript_keeps_ids_and_no_contents(play: Play, clock: Clock, tmp_path: Path) -> None:
    async def story() -> None:
        transcript = Transcript(clock, file=tmp_path / "transcript.jsonl")
        transcript.bound(100)
        transcript.note("alice", "short")
        assert not transcript.is_full
        transcript.note("alice", "x" * 200)
        last = transcript.record("alice", Kind.REQUEST, {"url": "/me"}, [("Accept", "all")])
        transcript.close()

        assert transcript.is_full
        assert (last.id, last.body) == (
            "t0003",
            {"left_out": "the transcript has reached limits.transcript_bytes"},
        )
        assert (tmp_path / "transcript.jsonl").stat().st_size < 1000

    play(story())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_costs_the_file_and_not_the_recording(clock: Clock, play: Play) -> None:
    """The first failure is kept as a value: whoever records is in the middle of a request that must go on."""

    async def story() -> None:
        transcript = Transcript(clock, file=Path("/dev/full"))
        entries = tuple(transcript.note("alice", text) for text in ("one", "two"))
        transcript.close()

        assert transcript.entries == entries
        assert str(transcript.failure) == (
            "/dev/full cannot be written: No space left on device; free some space, or name another folder"
        )

    play(story())


def test_a_file_that_cannot_be_opened_is_a_failure_too(clock: Clock, play: Play, tmp_path: Path) -> None:
    async def story() -> None:
        transcript = Transcript(clock, file=tmp_path)
        transcript.note("alice", "one")

        assert str(transcript.failure) == f"{tmp_path} cannot be written: Is a directory; name another folder"

    play(story())
