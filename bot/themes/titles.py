"""The words that name a theme: those that several people used and that stand in what the project itself has written.

So a theme never quotes anybody: a name, a nickname or a slip of one person's pen is in no title. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.answers.text import fold, is_stop, language_of, stem, words
from bot.playbook.model import Initiative
from bot.store.case_themes import TitleWords

USED_BY = 3
"""Different people, by name, who must have used a word."""
MOST = 3
SHORTEST = 4
_SURFACE = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """A word of the playbook as it is written there, and in how many of its passages it stands."""

    written: str
    passages: int


Vocabulary = Mapping[str, Mapping[str, Known]]
"""The words of a playbook by language and stem."""


def vocabulary(initiative: Initiative, barred: Collection[str]) -> Vocabulary:
    """The words of what everybody may read of an initiative, but for these (folded): names of people."""
    written: dict[str, dict[str, Counter[str]]] = {}
    passages: dict[str, Counter[str]] = {}
    for passage in initiative.passages:
        if passage.audience:
            continue
        language = language_of(passage.locale)
        found = _words_of(f"{passage.heading}\n{passage.body}", language, barred)
        for root, forms in found.items():
            written.setdefault(language, {}).setdefault(root, Counter()).update(forms)
        passages.setdefault(language, Counter()).update(found.keys())
    return {
        language: {root: Known(_usual(forms), passages[language][root]) for root, forms in roots.items()}
        for language, roots in written.items()
    }


def title_words(said: Iterable[tuple[str, str, str]], known: Vocabulary) -> TitleWords:
    """The words of a theme by language, the most telling first. `said`: person, locale and text of what was raised
    under a name.
    """
    users: dict[str, dict[str, set[str]]] = {}
    for person, locale, text in said:
        language = language_of(locale)
        for word in words(text):
            root = stem(word.form, language)
            if root in known.get(language, {}):
                users.setdefault(language, {}).setdefault(root, set()).add(person)
    return {
        language: found
        for language, roots in sorted(users.items())
        if (found := _telling({root: len(by) for root, by in roots.items()}, known[language]))
    }


def _telling(used: Mapping[str, int], known: Mapping[str, Known]) -> tuple[str, ...]:
    often = [root for root, n in used.items() if n >= USED_BY]
    often.sort(key=lambda root: (-used[root] / float(np.log(2 + known[root].passages)), root))
    return tuple(known[root].written for root in often[:MOST])


def _words_of(text: str, language: str, barred: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in _SURFACE.findall(text):
        folded = [word for word in words(form) if not is_stop(word, language)]
        if len(folded) == 1 and len(form) >= SHORTEST and fold(form) not in barred:
            found.setdefault(stem(folded[0].form, language), []).append(form)
    return found


def _usual(forms: Counter[str]) -> str:
    """The form that is used most; where it begins a sentence as often as not, the small letter."""
    form, times = min(forms.items(), key=lambda one: (-one[1], one[0]))
    small = form.lower()
    return small if forms[small] * 2 >= times else form
