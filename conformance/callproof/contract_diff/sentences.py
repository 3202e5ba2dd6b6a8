"""The contract's sentences: added, removed, reworded, or resting on something else.

No tool can tell what a sentence means, so a rewording is listed and not judged. A sentence that a server must keep and that was not there
before may break servers; one that is gone may break clients that rely on it. What is inferred, or only recommended, binds nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callproof.contract_diff.changes import Change, Effect
from callproof.json_values import Json, JsonObject, as_list, as_object, objects_in, text_of

_READ = "read both: a machine cannot tell whether the meaning changed"
_RISES = (Effect.MAY_BREAK_SERVERS, "a server must now keep it")
_FALLS = (Effect.MAY_BREAK_CLIENTS, "no client may rely on it any more")
_NO_SENTENCES = ("x-behaviour", "x-bayeux", "examples", "example")


@dataclass(frozen=True)
class Sentence:
    """A sentence: `pointer` is what a requirement cites (file, #, id), `id` its id, `entry` what the contract says."""

    pointer: str
    id: str
    entry: JsonObject

    @property
    def text(self) -> str:
        return text_of(self.entry.get("text"))

    @property
    def binds(self) -> bool:
        """Whether a server must keep it."""
        level = text_of(self.entry.get("level"))
        return level in ("", "MUST", "MUST NOT") and self.entry.get("basis") != "inferred"


#: Sentences by the place that holds them (a named schema is one place, wherever its file is) and their id.
Sentences = Mapping[tuple[str, str], Sentence]


def sentences_of(document: JsonObject, name: str) -> Sentences:
    """Every sentence of one half; `name` stands for what the half says of itself."""
    return {(place, sentence.id): sentence for place, sentence in _sentences(document, (), name)}


def _sentences(value: Json, at: tuple[str, ...], name: str) -> Iterator[tuple[str, Sentence]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _sentences(item, (*at, str(number)), name)
    if not isinstance(value, dict):
        return
    is_schema = at[:2] == ("components", "schemas")
    place = (
        "/".join(at[2:] if is_schema else at) or name
    )  # a schema that both halves share has its sentences once
    bayeux = as_object(value.get("x-bayeux"))
    entries = [
        *as_list(value.get("x-behaviour")),
        *objects_in(bayeux.get("rules")),
        *objects_in(bayeux.get("offered")),
    ]
    for entry in map(as_object, entries):
        told = text_of(entry.get("id"))
        yield place, Sentence(f"{text_of(value.get('x-file')) or place}#{told}", told, entry)
    for member, inner in value.items():
        if member not in _NO_SENTENCES:
            yield from _sentences(inner, (*at, member), name)


def sentence_changes(old: Sentences, new: Sentences) -> Iterator[Change]:
    """Every change of the sentences."""
    moved = _moved(old, new)
    for key, sentence in old.items():
        if key not in new and key not in moved.values():
            effect, consequence = _FALLS if sentence.binds else (Effect.DOCUMENTS, "")
            yield Change(effect, sentence.pointer, f'sentence removed: "{sentence.text}"', consequence)
    for key, sentence in new.items():
        if key in moved:
            yield Change(Effect.DOCUMENTS, sentence.pointer, f"moved from {old[moved[key]].pointer}")
        elif key in old:
            yield from _reworded(old[key], sentence)
        else:
            effect, consequence = _RISES if sentence.binds else (Effect.DOCUMENTS, "")
            yield Change(effect, sentence.pointer, f'sentence added: "{sentence.text}"', consequence)


def _moved(old: Sentences, new: Sentences) -> dict[tuple[str, str], tuple[str, str]]:
    """New key -> old key of a sentence that stands, with the same id and contents, at another place."""
    left = [key for key in old if key not in new]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key in [key for key in new if key not in old]:
        origin = next(
            (one for one in left if (old[one].id, old[one].entry) == (new[key].id, new[key].entry)), None
        )
        if origin is not None:
            left.remove(origin)
            found[key] = origin
    return found


def _reworded(old: Sentence, new: Sentence) -> Iterator[Change]:
    if old.text != new.text:
        what = f'sentence reworded: "{old.text}" -> "{new.text}"'
        yield Change(Effect.DOCUMENTS, new.pointer, what, _READ)
    for name in ("level", "basis"):
        before, now = (text_of(sentence.entry.get(name)) for sentence in (old, new))
        if before != now:
            effect, consequence = Effect.DOCUMENTS, ""
            if new.binds != old.binds:
                effect, consequence = _RISES if new.binds else _FALLS
            yield Change(effect, new.pointer, f"{name} {before or 'none'} -> {now or 'none'}", consequence)
    if changed := [name for name in ("source", "note") if old.entry.get(name) != new.entry.get(name)]:
        yield Change(Effect.DOCUMENTS, new.pointer, f"{', '.join(changed)} changed")
