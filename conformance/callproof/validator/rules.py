"""The rules that no keyword can express, one row each: over the text of a document, and over an object with its members. Pure.

A rule across members that a schema can express stands in the contract, as a schema with a name (`choices`); anything else is a row here.
"""

from __future__ import annotations

from callproof.suggestions import closest
from callproof.validator.finding import WARNING, Finding
from callproof.validator.positions import duplicates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from callproof.validator.document import Document
    from callproof.validator.site import Site


class DocumentRule:
    """A rule over the text of a document: its id, its sentence, and the function that finds what breaks it."""

    __slots__ = ("find", "id", "text")

    def __init__(self, id: str, text: str, find: Callable[[Document], Iterator[Finding]]) -> None:
        self.id = id
        self.text = text
        self.find = find


class MemberRule:
    """A rule over an object and its members. `schema` names the schema whose objects it looks at; empty: every object.

    The function gets the object where its schema has been applied, with the members that no branch of the schema knows.
    """

    __slots__ = ("find", "id", "schema", "text")

    def __init__(
        self, id: str, text: str, find: Callable[[Site], Iterator[Finding]], schema: str = ""
    ) -> None:
        self.id = id
        self.text = text
        self.find = find
        self.schema = schema


def _duplicate_members(document: Document) -> Iterator[Finding]:
    if document.has_duplicates:  # the scan of the text costs more than reading it
        for path in duplicates(document.text):
            what = "stands twice in its object, and readers differ in which one they take"
            yield Finding(path, "duplicate-member", what, at_name=True)


def _unknown_members(site: Site) -> Iterator[Finding]:
    value = site.value
    assert isinstance(value, dict)
    absent = [name for name in site.schemas.members(site.schema) if name not in value]
    for name in site.unknown or ():
        if meant := closest(name, absent):
            what = "is a member that the contract does not know"
            yield site.finding_at_name(name, "unknown-member", what, meant, WARNING)


DOCUMENT_RULES: tuple[DocumentRule, ...] = (
    DocumentRule("duplicate-member", "A member stands once in its object.", _duplicate_members),
)
MEMBER_RULES: tuple[MemberRule, ...] = (
    MemberRule(
        "unknown-member",
        "Unknown members are legal; one that is nearly a known and absent name is probably a slip.",
        _unknown_members,
    ),
)


def in_document(document: Document) -> list[Finding]:
    """What breaks a rule over the text."""
    return [finding for rule in DOCUMENT_RULES for finding in rule.find(document)]


def in_members(site: Site) -> Iterator[Finding]:
    """What breaks a rule over the object of the site."""
    for rule in MEMBER_RULES:
        if rule.schema in ("", site.name):
            yield from rule.find(site)
