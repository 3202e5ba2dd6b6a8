"""The result document itself, for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping

from callproof.json_values import Json
from callproof.report import result


def render(document: Mapping[str, Json]) -> str:
    """The document as text, as `result.write` writes it. Raises BadResult for a document that is not valid."""
    result.check_document(document)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
