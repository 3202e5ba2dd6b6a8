"""The rules that no keyword can express, one row each: over the text of a document, and over an object with its members. Pure.

A rule across members that a schema can express is a named schema of the contract (`choices`); any other rule is a row here.
"""

from __future__ import annotations

import re
from math import inf

from callproof.validator.finding import WARNING, Finding
from callproof.validator.positions import duplicates, numbers, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from callproof.validator.document import Document
    from callproof.validator.site import Site

    # id, sentence, and what finds the places that break the rule
    DocumentRule: TypeAlias = tuple[str, str, Callable[[Document], Iterator[Finding]]]
    # The same, after the name of the schema whose objects it looks at; empty: every object. The function gets the object where its
    # schema has been applied, with the members that no branch of the schema knows.
    MemberRule: TypeAlias = tuple[str, str, str, Callable[[Site], Iterator[Finding]]]


# What a text must hold before it is worth a scan: an escape of a surrogate; a number that may be beyond a double.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HUGE = re.compile(r"[0-9][eE]\+?[0-9]{3,}|[0-9]{309,}")


def _duplicate_members(document: Document) -> Iterator[Finding]:
    if document.has_duplicates:  # the scan of the text costs more than reading it
        for path in duplicates(document.text):
            what = "appears twice in its object, and readers differ in which one they use"
            yield Finding(path, "duplicate-member", what, at_name=True)


def _lone_surrogates(document: Document) -> Iterator[Finding]:
    if _SURROGATE.search(document.text):
        for path, is_name, value in strings(document.text, _SURROGATE):
            if any("\ud800" <= character <= "\udfff" for character in value):
                what = "has half of a surrogate pair, which is no character; readers refuse it or replace it"
                yield Finding(path, "lone-surrogate", what, at_name=is_name)


def _huge_numbers(document: Document) -> Iterator[Finding]:
    if _HUGE.search(document.text):
        for path, text in numbers(document.text, _HUGE):
            if float(text) in (inf, -inf):
                what = "is a number beyond the range of a double, which many readers turn into infinity"
                yield Finding(path, "number-range", what, severity=WARNING)


def _unknown_members(site: Site) -> Iterator[Finding]:
    value = site.value
    assert isinstance(value, dict)
    absent = [name for name in site.schemas.members(site.schema) if name not in value]
    for name in site.unknown or ():
        if meant := site.guesses.closest(name, absent):
            what = "is a member that the contract does not know"
            yield site.finding("unknown-member", what, suggestion=meant, severity=WARNING, at=name)


DOCUMENT_RULES: tuple[DocumentRule, ...] = (
    ("duplicate-member", "A member appears once in its object.", _duplicate_members),
    ("lone-surrogate", "A string consists of whole characters.", _lone_surrogates),
    ("number-range", "A number fits a double.", _huge_numbers),
)
_SLIP = "Unknown members are legal; one whose name is close to that of an absent member is probably a misspelling."
MEMBER_RULES: tuple[MemberRule, ...] = (("", "unknown-member", _SLIP, _unknown_members),)


def in_document(document: Document) -> Iterator[Finding]:
    """The findings of the rules over the text."""
    for _, _, find in DOCUMENT_RULES:
        yield from find(document)


def in_members(site: Site) -> Iterator[Finding]:
    """The findings of the rules over the object of the site."""
    for schema, _, _, find in MEMBER_RULES:
        if schema in ("", site.name):
            yield from find(site)
