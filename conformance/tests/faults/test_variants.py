"""The data of the fault bench is read whole or refused whole, with the place of every mistake."""

import pytest

from callproof.catalogue.requirement import Catalogue
from callproof.catalogue.scenario import Reading
from callproof.faults import BadVariants, parse, read_variants
from callproof.faults.fitting import misfits
from callproof.faults.model import Variant
from conformance.tests.performing import suite
from conformance.tests.requirements import requirement

GOOD = (
    "- {name: silent, area: order, title: The Held is never delivered, expects: OPS-INITCONF-002, "
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
        (GOOD + "\n" + GOOD, "appears twice"),
        ("- {name: [", "is not YAML"),
    ],
)
def test_a_mistake_is_reported_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(BadVariants) as caught:
        parse({"order.yaml": text})
    assert str(caught.value.mistakes[0]).startswith("order.yaml:")
    assert complaint in str(caught.value)


def test_no_variants_at_all_are_a_mistake() -> None:
    with pytest.raises(BadVariants, match="there are no variants"):
        parse({})


def test_the_variants_fit_the_catalogue_and_every_reading_has_a_legal_server_that_needs_it() -> None:
    assert [*misfits(read_variants(), suite().catalogue)] == []


def test_unknown_names_and_readings_without_a_server_are_reported() -> None:
    reading = Reading("forbidden", "statusCode 3", "pass", rule="some rule")
    catalogue = Catalogue((requirement("HTTP-X-001", accepts=(reading,)),), ("http",))
    variants = (
        Variant("faulty", "http", "A faulty server", expects="HTTP-X-002"),
        Variant("odd", "legal", "An odd but legal server", needs=("HTTP-X-001/forbiden",)),
    )
    assert [*misfits(variants, catalogue)] == [
        "faulty: no requirement is called HTTP-X-002; did you mean HTTP-X-001?",
        "odd: no reading is called HTTP-X-001/forbiden; did you mean HTTP-X-001/forbidden?",
        "HTTP-X-001/forbidden: no legal variant needs this reading; add one to legal.yaml, or remove the reading",
    ]
    legal = Variant("odd", "legal", "An odd but legal server", needs=("HTTP-X-001/forbidden",))
    assert [*misfits((legal,), catalogue)] == []


def test_there_are_variants_of_both_kinds_and_of_every_area() -> None:
    assert {variant.area for variant in read_variants()} == {
        "http", "call state", "content", "order", "completeness", "bayeux", "security", "legal",
    }  # fmt: skip
