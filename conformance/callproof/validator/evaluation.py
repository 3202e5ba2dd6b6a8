"""Validates a value against a schema of the contract and says in plain words what is wrong with it. Pure.

The contract's schemas use a small set of keywords that mean the same in OpenAPI 3.0 and in JSON Schema; a lint enforces this, so
`KEYWORDS` has all of them. A general engine cannot say "a Released leg offers no operations", suggest a word from an open list, or see
that a required member has a misspelled name. A test holds this module and jsonschema-rs to agree on what is valid.
"""

from __future__ import annotations

from itertools import islice

from callproof import limits
from callproof.json_values import as_list
from callproof.validator import choices, keywords, members, older, rules
from callproof.validator.finding import NOT_JUDGED, NOTE, WARNING, Finding, errors, shown
from callproof.validator.guesses import Guesses
from callproof.validator.site import Site
from callproof.validator.values import TYPES, form, is_what

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from callproof.json_values import Json, JsonObject
    from callproof.validator.finding import Path
    from callproof.validator.schemas import Schemas


def evaluate(
    value: Json,
    schema: JsonObject,
    schemas: Schemas,
    path: Path = (),
    name: str = "",
    guesses: Guesses | None = None,
) -> list[Finding]:
    """All findings about the value, each once, up to a bound; the last is then a note that says so.

    A rule is not reported when a member that it depends on is wrong itself, because the rule may not apply.
    """
    site = Site(value, schema, schemas, Guesses() if guesses is None else guesses, _evaluated, path, name)
    found = list(dict.fromkeys(islice(_evaluated(site), limits.FINDINGS.default)))
    if len(found) == limits.FINDINGS.default:
        what = f"has {len(found):,} findings or more, and only these were looked at"
        found.append(Finding(path, NOT_JUDGED, what, severity=NOTE))
    wrong = {finding.about for finding in errors(found) if not finding.hinges}
    slips = {finding.path for finding in found if finding.rule == "required"}
    return [
        finding
        for finding in found
        if wrong.isdisjoint(finding.hinges)
        and not (finding.rule == "unknown-member" and finding.path in slips)
    ]


def _evaluated(site: Site) -> Iterator[Finding]:
    """The type first, because no other keyword applies to a value of another type; then each keyword; then the rules.

    A call in the form before 8.5.2 is not judged at all.
    """
    value, schema = site.value, site.schema
    if (note := older.note_about(value, site.name, site.path)) is not None:
        yield note
        return
    kind = schema.get("type")
    if isinstance(kind, str) and not (kind in TYPES and TYPES[kind][1](value)):
        yield site.finding("type", is_what(value), form(kind, site.name, schema))
        return
    is_outermost = False
    if isinstance(value, dict) and site.unknown is None:
        is_outermost = True
        known = site.schemas.members(schema)
        site.unknown = [name for name in value if name not in known] if known else []
    for keyword, argument in schema.items():
        if keyword in KEYWORDS:
            yield from KEYWORDS[keyword](argument, site)
    if is_outermost:
        yield from rules.in_members(site)


def _of_one_value(keyword: str) -> Callable[[Json, Site], Iterator[Finding]]:
    breach = keywords.KEYWORDS[keyword]

    def found(argument: Json, site: Site) -> Iterator[Finding]:
        if (broken := breach(argument, site.value)) is not None:
            yield site.finding(keyword, *broken)

    return found


def _enum(words: Json, site: Site) -> Iterator[Finding]:
    if (broken := keywords.KEYWORDS["enum"](words, site.value)) is not None:
        slip = site.value if isinstance(site.value, str) else ""
        suggestion = (
            site.guesses.closest(slip, (word for word in as_list(words) if isinstance(word, str)))
            if slip
            else ""
        )
        yield site.finding("enum", *broken, suggestion)


def _pattern(pattern: Json, site: Site) -> Iterator[Finding]:
    """A string that is too long is not also searched: patterns take time."""
    limit = site.schema.get("maxLength")
    if limit is not None and keywords.KEYWORDS["maxLength"](limit, site.value) is not None:
        return
    if (broken := keywords.KEYWORDS["pattern"](pattern, site.value)) is not None:
        yield site.finding("pattern", broken[0], form("string", site.name, site.schema))


def _open_enum(words: Json, site: Site) -> Iterator[Finding]:
    """A list of documented words is open: another word is legal but may be a misspelling."""
    value = site.value
    if isinstance(words, list) and isinstance(value, str) and value not in words:
        what = f"is {shown(value)}, which is not a documented word"
        yield site.finding("x-open-enum", what, "", site.guesses.closest(value, map(str, words)), WARNING)


def _open_pattern(pattern: Json, site: Site) -> Iterator[Finding]:
    """The documented form of an open string: another form is legal but may be a mistake."""
    if (broken := keywords.KEYWORDS["pattern"](pattern, site.value)) is not None:
        what = f"{broken[0]}, which is not the documented form"
        yield site.finding("x-open-pattern", what, form("string", site.name, site.schema), severity=WARNING)


#: Every keyword but `type`. Adding a keyword is adding a row.
KEYWORDS: dict[str, Callable[[Json, Site], Iterator[Finding]]] = {
    **{keyword: _of_one_value(keyword) for keyword in keywords.KEYWORDS},
    "enum": _enum,
    "pattern": _pattern,
    "x-open-enum": _open_enum,
    "x-open-pattern": _open_pattern,
    "required": members.required,
    "properties": members.properties,
    "additionalProperties": members.additional_properties,
    "items": members.items,
    "allOf": choices.all_of,
    "anyOf": choices.choice("anyOf"),
    "oneOf": choices.choice("oneOf"),
    "not": choices.denied,
}
