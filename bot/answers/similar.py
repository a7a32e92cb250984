"""Finds the words of a playbook that look like a word somebody typed: typos, compounds, words two languages share.

It knows spellings only; whether a word may be seen by the asker is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from bot.answers.text import stem

SAME = 0.75
"""From this likeness on a word counts as another spelling of the other."""
_LEAST = 0.45
_FAINT = 0.15
_ALIKE = 0.5
_PART = 5
"""Letters from which the beginning or end of a compound counts as its part."""
_LONG = 8
"""Letters from which a word may have two slips."""
_LOOKED_AT = 40
_HANDFUL = 8
_SIZES = (3, 4, 5)
_SHORTEST = 4
_COMPOUNDING = frozenset({"de", "nl", "da", "sv", "nb", "nn", "no", "fi", "hu", "et"})


class Vocabulary:
    """The different words of one language, by stem and by runs of three to five letters. Never changes."""

    def __init__(self, words: Sequence[str], language: str) -> None:
        self._words = tuple(words)
        self._language = language
        self._by_stem: dict[str, list[int]] = {}
        grams: dict[str, list[int]] = {}
        sizes = np.zeros(len(self._words), dtype=np.float32)
        for number, form in enumerate(self._words):
            for root in {stem(form, language), form}:
                self._by_stem.setdefault(root, []).append(number)
            runs = _runs(form) if _comparable(form) else set()
            sizes[number] = len(runs)
            for run in runs:
                grams.setdefault(run, []).append(number)
        self._sizes = sizes
        self._grams = {run: np.array(numbers, dtype=np.int32) for run, numbers in grams.items()}

    def of_stems(self, roots: Iterable[str]) -> list[int]:
        """The words that have one of these stems, each once."""
        return list(dict.fromkeys(number for root in roots for number in self._by_stem.get(root, ())))

    def like(self, form: str, among: NDArray[np.bool_], *, unknown: bool) -> list[tuple[int, float]]:
        """The words `among` these that look like this one with their likeness (0..1), best first, a handful.

        Slips of the keyboard are sought only in a word that is unknown.
        """
        if not _comparable(form):
            return []
        runs = _runs(form)
        hits = [self._grams[run] for run in runs if run in self._grams]
        if not hits:
            return []
        shared = np.bincount(np.concatenate(hits), minlength=len(self._words)).astype(np.float32)
        dice = np.where(among, 2.0 * shared / (self._sizes + len(runs)), 0.0)
        near = np.flatnonzero(dice > _FAINT)
        if len(near) > _LOOKED_AT:
            near = near[dice[near] >= np.partition(dice[near], -_LOOKED_AT)[-_LOOKED_AT]]
        scored = [(int(n), self._likeness(form, int(n), float(dice[n]), unknown)) for n in near]
        alike = sorted((s for s in scored if s[1] >= _LEAST), key=lambda s: (-s[1], self._words[s[0]]))
        return alike[:_HANDFUL]

    def _likeness(self, form: str, number: int, dice: float, unknown: bool) -> float:
        other = self._words[number]
        likeness = 0.9 * dice if dice >= _ALIKE else 0.0
        if unknown:
            likeness = max(likeness, _slip(form, other))
        if self._language in _COMPOUNDING:
            short, long = sorted((form, other), key=len)
            if len(short) >= _PART and (long.startswith(short) or long.endswith(short)):
                likeness = max(likeness, 0.75)
        return likeness


def _slip(typed: str, meant: str) -> float:
    """How likely one is the other mistyped: one slip, two in long words; the first letter is seldom wrong."""
    allowed = 1 if min(len(typed), len(meant)) < _LONG else 2
    slips = OSA.distance(typed, meant, score_cutoff=allowed)
    if slips > allowed or (typed[0] != meant[0] and sorted(typed[:2]) != sorted(meant[:2])):
        return 0.0
    return 1.0 - slips / max(len(typed), len(meant))


def _comparable(form: str) -> bool:
    return len(form) >= _SHORTEST and form.isalpha()


def _runs(form: str) -> set[str]:
    padded = f"^{form}$"
    return {padded[i : i + size] for size in _SIZES for i in range(len(padded) - size + 1)}
