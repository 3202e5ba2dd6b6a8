"""What the bench compares its variants with: the sound server, listened to in the same way."""

from dataclasses import replace

from callproof.faults.bench import SOUND, Bench
from callproof.faults.matrix import Seen, Trial, judge_all
from callproof.faults.model import Rule, Variant
from conformance.tests.performing import CONTRACT, suite

BENCH = Bench(suite(), suite().catalogue, CONTRACT, exit_code=lambda document: 0)
FAULTY = Variant("faulty", "order", "A faulty server", expects="CMD-WS-001", rules=(Rule("reply"),))
OVER_WEBSOCKET = replace(FAULTY, over="websocket")
LEGAL = Variant("odd", "legal", "An odd but legal server", rules=(Rule("reply"),), acknowledge=True)


def test_the_sound_server_is_listened_to_in_each_way_that_variants_need() -> None:
    sound = BENCH.sound([OVER_WEBSOCKET, LEGAL], whole=True)
    assert [(one.name, one.listening) for one in sound] == [
        ("sound", ("long-polling", False)),
        ("sound-websocket", ("websocket", False)),
        ("sound-long-polling-acknowledged", ("long-polling", True)),
    ]


def test_the_sound_server_plays_everything_beside_a_legal_server_and_otherwise_what_is_needed() -> None:
    assert [one.scenarios for one in BENCH.sound([OVER_WEBSOCKET, LEGAL], whole=False)] == [
        ("notify/websocket",),
        (),
    ]


def test_a_variant_is_judged_against_the_sound_server_that_was_listened_to_in_the_same_way() -> None:
    red, green = Seen("s", "CMD-WS-001", "fail"), Seen("s", "CMD-WS-001", "pass")
    usual, over = Trial(SOUND, (green,)), Trial(replace(SOUND, over="websocket"), (red,))
    trials = [Trial(variant, (red,), (1,)) for variant in (FAULTY, OVER_WEBSOCKET)]

    matrix = judge_all(trials, [usual, over], {"CMD-WS-001": "MUST"})
    assert [result.outcome for result in matrix.results] == ["caught", "missed"]
