"""Whether the variants fit the catalogue: every name exists, and every accepted reading has a legal server that needs it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callproof.catalogue.requirement import Catalogue
from callproof.suggestions import did_you_mean

from .model import Variant


def misfits(variants: Sequence[Variant], catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for each unknown name, and for each reading that no legal server needs."""
    readings = [f"{asked.id}/{reading.id}" for asked in catalogue for reading in asked.accepts]
    for variant in variants:
        for name in (variant.expects, *variant.related):
            if name and name not in catalogue:
                remedy = did_you_mean(name, catalogue.ids, "`callproof list` shows all of them")
                yield f"{variant.name}: no requirement is called {name}; {remedy}"
        for need in variant.needs:
            if need not in readings:
                otherwise = "`callproof explain ID` shows what a requirement accepts"
                remedy = did_you_mean(need, readings, otherwise)
                yield f"{variant.name}: no reading is called {need}; {remedy}"
    needed = {need for variant in variants for need in variant.needs}
    for reading in readings:
        if reading not in needed:
            yield f"{reading}: no legal variant needs this reading; add one to legal.yaml, or remove the reading"
