"""Secrets that are known by their value, and where they stand in a text. Linear in the text, however many secrets there are."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Iterator
from itertools import combinations

from callproof import limits
from callproof.redaction.layers import KINDS, Layer

_SHORTEST_INSIDE = limits.SECRET_INSIDE.default
_SHORTEST_WORD = limits.SECRET_WORD.default
_SHORTEST_BASE64 = 8
#: Every choice of kinds of escapes.
_SOME_KINDS = ["".join(kinds) for number in range(1, len(KINDS) + 1) for kinds in combinations(KINDS, number)]
_MOST_READINGS = limits.SECRET_READINGS.default
#: Nothing to find.
_NEVER = re.compile(r"(?!)")


class Known:
    """The known secrets with their masks. Those that were learned from a server make room when there are too many."""

    def __init__(self) -> None:
        self.longest = 0
        self._masks: dict[str, str] = {}
        self._heads: dict[str, list[str]] = {}  # by their first characters, the longest first
        self._lasting: set[str] = set()
        self._passing: OrderedDict[str, None] = OrderedDict()
        self._words: re.Pattern[str] | None = _NEVER

    def __contains__(self, secret: str) -> bool:
        return secret in self._masks

    def add(self, secret: str, mask: str, *, passing: bool) -> None:
        """Know a secret in each of its forms. A `passing` one is forgotten once enough newer ones have come."""
        if passing and secret in self._masks:
            return
        spelt = forms(secret)
        for form in spelt:
            self._add(form, mask)
        if not passing:
            self._lasting.update(spelt)
        else:
            self._passing[secret] = None
            if len(self._passing) > limits.SECRETS_LEARNED.default:
                oldest, _ = self._passing.popitem(last=False)
                for form in set(forms(oldest)) - self._lasting:
                    self._drop(form)

    def mask_of(self, text: str) -> str | None:
        """The mask of a text that is a secret as a whole."""
        return self._masks.get(text)

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where secrets stand in the text, with their masks: long ones anywhere, short ones as whole words."""
        heads, masks = self._heads, self._masks
        if heads:
            end = 0
            width = _SHORTEST_INSIDE
            for start in [i for i in range(len(text) - width + 1) if text[i : i + width] in heads]:
                form = next(
                    (form for form in heads[text[start : start + width]] if text.startswith(form, start)), ""
                )
                if form and start + len(form) > end:
                    end = start + len(form)
                    yield start, end, masks[form]
        for word in self._whole_words().finditer(text):
            yield *word.span(), masks[word[0]]

    def _add(self, form: str, mask: str) -> None:
        if form in self._masks:
            return
        self._masks[form] = mask
        self.longest = max(self.longest, len(form))
        if len(form) >= _SHORTEST_INSIDE:
            same = self._heads.setdefault(form[:_SHORTEST_INSIDE], [])
            same.append(form)
            same.sort(key=len, reverse=True)
        elif len(form) >= _SHORTEST_WORD:
            self._words = None

    def _drop(self, form: str) -> None:
        self._masks.pop(form, None)
        head = form[:_SHORTEST_INSIDE]
        if form in self._heads.get(head, ()):
            self._heads[head].remove(form)
            if not self._heads[head]:
                del self._heads[head]

    def _whole_words(self) -> re.Pattern[str]:
        if self._words is None:
            short = [form for form in self._masks if _SHORTEST_WORD <= len(form) < _SHORTEST_INSIDE]
            self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, short))})(?!\w)")
        return self._words


def forms(secret: str) -> list[str]:
    """The spellings of a secret that are not escapes: itself, with the spaces of a form, UTF-8 read as Latin-1, Base64 alone or in more."""
    found = [secret, secret.replace(" ", "+")]
    whole = secret.encode("utf-8", "surrogatepass")
    if not secret.isascii():
        found.append(whole.decode("latin-1"))
    found = [reading for form in found for reading in _readings(form)]
    for encode in (b64encode, urlsafe_b64encode):
        padded = encode(whole).decode()
        inner = [_certain(encode(bytes(before) + whole).decode(), before, len(whole)) for before in range(3)]
        found += [form for form in (padded, padded.rstrip("="), *inner) if len(form) >= _SHORTEST_BASE64]
    return list(dict.fromkeys(found))


def _readings(secret: str) -> list[str]:
    """A secret that looks escaped itself, as layers show it in which some of its own escapes have been read too; at least the secret."""
    found = [secret]
    for form in found:
        for kinds in _SOME_KINDS:
            above = Layer(form).read(kinds)
            is_new = above is not None and above.text not in found and len(above.text) >= _SHORTEST_INSIDE
            if above is not None and is_new and len(found) < _MOST_READINGS:
                found.append(above.text)
    return found


def _certain(encoded: str, before: int, length: int) -> str:
    """The characters of a Base64 text that depend on these bytes alone, whatever stands before and after them."""
    return encoded[-(-before * 8 // 6) : (before + length) * 8 // 6]
