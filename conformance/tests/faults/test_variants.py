"""The data of the fault bench is read whole or refused whole, with the place of every mistake."""

import pytest

from callproof.catalogue.requirement import read_catalogue
from callproof.faults import BadVariants, parse, read_variants

GOOD = (
    "- {name: silent, area: order, title: The Held is never told, expects: OPS-INITCONF-002, "
    "rules: [{notification: {state: Held}, drop: true}]}"
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("state: Held", "sate: Held"), "silent"),
        (
            GOOD.replace("drop: true", "function: no_such"),
            "rule 1: no_such is not a function for a rule on a notification",
        ),
        (GOOD.replace(", expects: OPS-INITCONF-002", ""), "silent"),
        (GOOD.replace("area: order", "area: legal"), "silent"),
        (GOOD.replace("drop: true", "convert: {a: nonsense}"), "nonsense is not a conversion"),
        (GOOD + "\n" + GOOD, "is there already"),
        ("- {name: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(BadVariants) as caught:
        parse({"order.yaml": text})
    assert str(caught.value.mistakes[0]).startswith("order.yaml:")
    assert complaint in str(caught.value)


def test_no_variants_at_all_are_a_mistake() -> None:
    with pytest.raises(BadVariants, match="there are no variants"):
        parse({})


def test_every_faulty_variant_expects_a_requirement_of_the_catalogue() -> None:
    catalogue = read_catalogue()
    named = {
        name
        for variant in read_variants()
        for name in (*variant.related, *([variant.expects] if variant.expects else []))
    }
    assert named - set(catalogue.ids) == set()


def test_there_are_enough_variants_of_both_kinds_and_of_every_area() -> None:
    variants = read_variants()
    assert len([variant for variant in variants if not variant.is_legal]) >= 24
    assert len([variant for variant in variants if variant.is_legal]) >= 10
    assert {variant.area for variant in variants} == {
        "http", "call state", "content", "order", "completeness", "bayeux", "security", "legal",
    }  # fmt: skip
