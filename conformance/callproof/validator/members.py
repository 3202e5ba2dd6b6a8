"""The keywords that concern the members of an object and the items of an array. Pure.

Each takes its argument and the site, and yields findings; `evaluation.KEYWORDS` names them.
"""

from __future__ import annotations

from callproof.json_values import as_list, as_object
from callproof.validator.finding import Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from callproof.json_values import Json
    from callproof.validator.site import Site


def required(names: Json, site: Site) -> Iterator[Finding]:
    """Required members are present; a misspelled one is reported at its name."""
    if not isinstance(site.value, dict):
        return
    for name in as_list(names):
        if isinstance(name, str) and name not in site.value:
            yield missing(name, site.guesses.closest(name, site.unknown or ()), site.path, site.within)


def missing(name: str, slip: str, path: tuple[str | int, ...], schema: str = "") -> Finding:
    """A finding about a missing member; `slip` is a member that may be its misspelling."""
    about = (*path, name)
    if slip:
        at, what = (*path, slip), f"is an unknown member where {shown(name)} is missing"
        return Finding(at, "required", what, suggestion=name, schema=schema, at_name=True, about=about)
    return Finding(path, "required", f"lacks the member {shown(name)}", schema=schema, about=about)


def properties(schemas: Json, site: Site) -> Iterator[Finding]:
    """Each member fits the schema of its name."""
    known = as_object(schemas)
    for name, member in as_object(site.value).items():
        if name in known:
            yield from site.below(name, member, as_object(known[name]))


def additional_properties(rule: Json, site: Site) -> Iterator[Finding]:
    """The other members are not allowed, or fit a schema of their own."""
    known = as_object(site.schema.get("properties"))
    for name, member in as_object(site.value).items():
        if name in known:
            continue
        if isinstance(rule, dict):
            yield from site.below(name, member, rule)
        elif rule is False:
            what = "is a member that is not allowed here"
            yield site.finding(
                "additionalProperties", what, suggestion=site.guesses.closest(name, known), at=name
            )


def items(schema: Json, site: Site) -> Iterator[Finding]:
    """Each item fits one schema."""
    for number, item in enumerate(as_list(site.value)):
        yield from site.below(number, item, as_object(schema))
