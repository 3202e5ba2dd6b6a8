"""Compares two contracts, or one half of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callproof.contract_diff.changes import Change
from callproof.contract_diff.channels import event_changes
from callproof.contract_diff.endpoints import http_changes
from callproof.contract_diff.rows import row_changes
from callproof.contract_diff.sentences import Sentences, sentence_changes, sentences_of
from callproof.contract_diff.views import Document, Unreadable
from callproof.json_values import JsonObject, as_object, text_of


class NotComparable(Exception):
    """The two cannot be compared, so that nothing can be said about what breaks."""


@dataclass(frozen=True)
class Bundles:
    """A contract, or a part of it: what people call it, and those of its bundles that are to be compared."""

    name: str
    openapi: JsonObject | None
    asyncapi: JsonObject | None
    call_model: JsonObject | None

    @property
    def version(self) -> str:
        """The version of the contract; empty if only the call model is there. Raises NotComparable if the halves disagree."""
        found = {
            text_of(as_object(half.get("info")).get("version")): None
            for half in (self.openapi, self.asyncapi)
            if half is not None
        }
        if len(found) > 1:
            versions = " and ".join(version or "none" for version in found)
            raise NotComparable(
                f"{self.name}: its halves have different versions ({versions}); take both from one release"
            )
        return next(iter(found), "")

    @property
    def sentences(self) -> Sentences:
        halves = (("openapi", self.openapi), ("asyncapi", self.asyncapi))
        return {
            key: sentence
            for name, half in halves
            if half is not None
            for key, sentence in sentences_of(half, name).items()
        }

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the bundles that are there."""
        named = {
            "openapi.json": self.openapi,
            "asyncapi.json": self.asyncapi,
            "call-model.json": self.call_model,
        }
        return tuple(name for name, bundle in named.items() if bundle is not None)


_Half = Callable[[Document, Document], Iterator[Change]]


def compare(old: Bundles, new: Bundles) -> list[Change]:
    """Every change from the old contract to the new one. Raises NotComparable."""
    _ = old.version, new.version
    if old.parts != new.parts or not new.parts:
        raise NotComparable(
            f"{old.name} has {_listed(old.parts)}, {new.name} has {_listed(new.parts)}; "
            "compare bundles of the same kind"
        )
    found: list[Change] = []
    halves: tuple[tuple[_Half, JsonObject | None, JsonObject | None], ...] = (
        (http_changes, old.openapi, new.openapi),
        (event_changes, old.asyncapi, new.asyncapi),
    )
    try:
        for changes, before, now in halves:
            if before is not None and now is not None:
                found += changes(Document(before), Document(now))
        found += sentence_changes(old.sentences, new.sentences)
    except Unreadable as error:
        raise NotComparable(f"{old.name} and {new.name}: {error.problem}") from None
    except RecursionError:
        raise NotComparable(f"{old.name} and {new.name}: one of them is nested too deeply") from None
    if old.call_model is not None and new.call_model is not None:
        found += row_changes(old.call_model, new.call_model)
    return found


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "no bundle"
