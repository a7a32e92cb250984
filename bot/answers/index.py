"""All passages prepared for finding: by language, by exact wording, by translation.

An `Index` never changes once built, so any number of threads may read it. It ranks nothing and decides nothing;
`match` gives the evidence of one question, and only from passages the asker may read: what is hidden does not
change a single number. Other kinds of evidence than words belong beside `Shelf`, behind `Index.match`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.shelf import Evidence, Mask, Shelf
from bot.answers.text import key, language_of, words
from bot.playbook.model import Passage

WORDS_LIMIT = 64
"""Different words of one question that are looked up; of more the first and the last half."""


class Index:
    """All passages, ready to be searched. Built once for a version of the playbooks."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = tuple(passages)
        by_language: dict[str, list[int]] = {}
        self._exact: dict[str, list[int]] = {}
        self._versions: dict[str, list[int]] = {}
        for position, passage in enumerate(self.passages):
            by_language.setdefault(language_of(passage.locale), []).append(position)
            self._versions.setdefault(text_of(passage), []).append(position)
            for wording in dict.fromkeys(key(text) for text in (passage.heading, *passage.also)):
                if wording:
                    self._exact.setdefault(wording, []).append(position)
        self._shelves = [
            Shelf(language, positions, [self.passages[p] for p in positions])
            for language, positions in by_language.items()
        ]

    def __len__(self) -> int:
        return len(self.passages)

    def exact(self, question: str) -> Sequence[int]:
        """Positions of the passages that have the question as heading or other wording, word for word."""
        return self._exact.get(key(question), ())

    def versions(self, text: str) -> Sequence[int]:
        """Positions of the passages that are translations of one text, the original among them."""
        return self._versions.get(text, ())

    def match(self, question: str, language: str, visible: Mask) -> list[Evidence]:
        """The evidence for each language there are passages in. `visible` runs along `passages`."""
        asked = list(dict.fromkeys(words(question)))
        if len(asked) > WORDS_LIMIT:
            asked = asked[: WORDS_LIMIT // 2] + asked[-WORDS_LIMIT // 2 :]
        found = (shelf.match(asked, language, visible[shelf.positions]) for shelf in self._shelves)
        return [evidence for evidence in found if evidence is not None]


def text_of(passage: Passage) -> str:
    """What all translations of one passage share."""
    return passage.original or passage.id
