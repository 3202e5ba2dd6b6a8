"""A catalogue answers for its requirements, and is identified by what verdicts depend on."""

from callproof.catalogue.requirement import Catalogue, NotTested
from conformance.tests.requirements import requirement

PROFILES = ("http", "notify")


def test_a_condition_known_beforehand_decides_whether_a_requirement_applies() -> None:
    number = requirement("OPS-X-001", applies_if="number:nonexistent")
    offered = requirement("OPS-X-002", applies_if="offered:Retrieve")
    assert number.condition == ("number", "nonexistent")
    assert (number.applies_to([]), number.applies_to(["number:nonexistent"])) == (False, True)
    assert (offered.condition, offered.applies_to([])) == (("offered", "Retrieve"), True)
    assert (requirement("OPS-X-003").condition, requirement("OPS-X-003").applies_to([])) == (("", ""), True)


def test_a_profile_requires_what_can_be_tested_of_its_requirements() -> None:
    destructive = NotTested("destructive", "It would end the server.")
    catalogue = Catalogue(
        (
            requirement("HTTP-X-001", profiles=("http", "notify")),
            requirement("HTTP-X-002", not_tested=destructive),
            requirement("CMD-X-001", profiles=("notify",)),
        ),
        PROFILES,
    )
    assert {profile: catalogue.required_set(profile) for profile in PROFILES} == {
        "http": ("HTTP-X-001",),
        "notify": ("HTTP-X-001", "CMD-X-001"),
    }
    assert catalogue.ids == ("HTTP-X-001", "HTTP-X-002", "CMD-X-001")


def test_the_set_hash_changes_with_a_level_and_not_with_words() -> None:
    def set_hash(**change: object) -> str:
        return Catalogue((requirement("HTTP-X-001", **change),), PROFILES).set_hash("http")

    assert set_hash(level="SHOULD") != set_hash()
    assert set_hash(rationale="Other words for the same.") == set_hash()


def test_the_hash_of_the_catalogue_changes_with_what_is_asked() -> None:
    def hash_of(**change: object) -> str:
        return Catalogue((requirement("HTTP-X-001", **change),), PROFILES).hash  # type: ignore[arg-type]  # keywords of requirement

    assert hash_of(text="The server does it twice.") != hash_of()
    assert hash_of(title="Another title") == hash_of()
