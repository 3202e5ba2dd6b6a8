"""Requirements as values, for tests that need a catalogue of their own."""

from __future__ import annotations

from typing import Any

from callproof.catalogue.requirement import Basis, Clause, Requirement, Source

SOURCE = Source("CallsHold, HTCC 8.5.2", "Overview")


def requirement(
    name: str,
    title: str = "",
    text: str = "The server does it.",
    basis: Basis = "stated",
    source: Source = SOURCE,
    **change: Any,
) -> Requirement:
    """A MUST of the profile http on a stated clause, unless something else is said."""
    made: dict[str, Any] = {
        "title": title or f"Title of {name}",
        "level": "MUST",
        "rationale": "A client needs it.",
        "since": "0.1",
        "profiles": ("http",),
        "clause": Clause(f"openapi/openapi.yaml#{name.lower()}", text, basis, source),
    }
    return Requirement(id=name, **{**made, **change})
