"""The keywords that combine schemas: allOf, anyOf, oneOf, not. Pure.

When no branch of a choice fits, the findings are those of the intended branch: the one with the weakest evidence against it. A named form
that `not` rules out is a rule across members, such as "a Released leg offers no operations": the finding carries the rule's name and
sentence, and the members that made the rule apply.
"""

from __future__ import annotations

from itertools import islice

from callproof import limits
from callproof.json_values import as_list, as_object, texts_in
from callproof.validator.finding import Finding, errors, shown
from callproof.validator.values import sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Path
    from callproof.validator.site import Site

    Keyword: TypeAlias = Callable[[Json, Site], Iterator[Finding]]

_SELECTORS = ("enum", "not", "type")  # a branch that fails by one of these is hardly the intended one


def all_of(branches: Json, site: Site) -> Iterator[Finding]:
    """Every branch holds."""
    for branch in as_list(branches):
        yield from site.under(as_object(branch))


def choice(keyword: str) -> Keyword:
    """The keyword `anyOf` or `oneOf`."""

    def chosen(branches: Json, site: Site) -> Iterator[Finding]:
        outcomes = [_bounded(site.under(as_object(branch))) for branch in as_list(branches)]
        fitting = [outcome for outcome in outcomes if not errors(outcome)]
        if keyword == "oneOf" and len(fitting) > 1:
            yield site.finding("oneOf", f"fits {len(fitting)} of the forms", "exactly one")
        elif fitting:
            yield from min(fitting, key=len)
        else:
            yield from _no_branch(as_list(branches), [errors(outcome) for outcome in outcomes], site)

    return chosen


def denied(schema: Json, site: Site) -> Iterator[Finding]:
    """`not`: the value has none of the forms that are ruled out, which are the schema or, if it is a bare choice, its branches."""
    ruled_out = as_object(schema)
    forms = as_list(ruled_out["anyOf"]) if set(ruled_out) == {"anyOf"} else [ruled_out]
    for form in map(as_object, forms):
        if not errors(_bounded(site.under(form))):
            yield _ruled_out(form, site)


def _ruled_out(form: JsonObject, site: Site) -> Finding:
    """The finding about a value of that form. A named form is a rule across members: it is reported at the last that it asks for."""
    name, schema = site.schemas.resolved(form)
    words = schema.get("enum")
    if not schema:
        return Finding(site.path, "not", "must not be there", schema=site.within, at_name=True)
    if isinstance(words, list):
        return site.finding("not", f"is {shown(site.value)}", "another value")
    if not name:
        return site.finding("not", "has a form that is ruled out here")
    members: list[Path] = [(*site.path, member) for member in texts_in(schema.get("required"))]
    place = members[-1] if members else site.path
    return Finding(place, name, f"breaks a rule: {sentence(schema)}", schema=name, hinges=tuple(members))


def _bounded(found: Iterator[Finding]) -> list[Finding]:
    """The findings, up to the number that is looked at in one message."""
    return list(islice(found, limits.FINDINGS.default))


def _no_branch(branches: list[Json], failures: list[list[Finding]], site: Site) -> Iterator[Finding]:
    if all(_wrong_types(found, site.path) for found in failures):
        types = [error for found in failures for error in found if error.rule == "type"]
        forms = " or ".join(dict.fromkeys(error.expected for error in types))
        yield site.finding("type", failures[0][0].what, forms)
        return
    meant = min(range(len(failures)), key=lambda number: _distance(failures[number], site.path))
    yield from failures[meant]


def _wrong_types(found: list[Finding], path: Path) -> bool:
    return any(error.rule == "type" and error.path == path for error in found)


def _distance(found: list[Finding], path: Path) -> tuple[int, int]:
    return _strangeness(found, path), len(found)


def _strangeness(found: list[Finding], path: Path) -> int:
    """How unlikely a branch with these findings is the intended one: 2 when the value itself is of another kind."""
    degrees = [
        2 if error.path == path else 1
        for error in found
        if error.rule in _SELECTORS and len(error.path) <= len(path) + 1
    ]
    return max(degrees, default=0)
