"""Recognises a call in the form before 8.5.2, which the contract does not describe. Pure.

Until the final text of 8.5.2 (March 2016) the participants of a call were plain strings, with objects beside them in `participantsInfo`,
and a call had no `path`; in 8.5.0 and 8.5.1 its id was the connection id of 16 hexadecimal digits (CallResource, HTCC 8.5.1 and 8.5.2,
earlier revisions). A call that mixes both forms, such as one with strings and a path, is a faulty call of the newer form.
"""

from __future__ import annotations

from callproof.json_values import as_list
from callproof.validator.finding import NOTE, OLDER_FORM, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from callproof.json_values import Json
    from callproof.validator.finding import Path

#: The schemas that describe a call of the newer form.
_CALLS = frozenset({"Call", "PartialCall"})


def note_about(value: Json, schema: str, path: Path) -> Finding | None:
    """The note that takes the place of all findings about a call in the older form; None for anything else."""
    if schema not in _CALLS or not _is_older(value):
        return None
    what = "is a call in the form before 8.5.2, whose participants are strings and which has no path; callproof judges 8.5.2 and later"
    return Finding(path, OLDER_FORM, what, schema="Call", severity=NOTE)


def _is_older(value: Json) -> bool:
    if not isinstance(value, dict) or "path" in value:
        return False
    participants = as_list(value.get("participants"))
    if not all(isinstance(one, str) for one in participants):
        return False
    return bool(participants) or isinstance(value.get("participantsInfo"), list)
