"""What was given once against what holds now: which passage took the place of another, and what the earlier one said.

Pure, but for the earlier texts, which are handed in as files and are put together only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.answers.text import key
from bot.learning.changes import notable
from bot.learning.facts import key_of, subject, values, version
from bot.learning.joining import Question, passage_of, question
from bot.playbook.load import assemble
from bot.playbook.model import Initiative, Passage, Playbooks
from bot.store.learned import Learned
from bot.store.told import Version

Files = Mapping[str, str]


class Present:
    """What holds now, by what it can have been given as."""

    def __init__(self, playbooks: Playbooks) -> None:
        self.initiatives = playbooks.initiatives
        self._passages: dict[str, Passage] = {}
        self._questions: dict[tuple[str, Question], Passage] = {}
        self._facts: dict[str, dict[str, str]] = {}
        for id, initiative in playbooks.initiatives.items():
            self._facts[id] = values(initiative.written)
            for passage in initiative.passages:
                self._passages[passage.id] = passage
                if passage.kind != "fact":
                    self._questions.setdefault((id, question(passage.locale, passage.heading)), passage)

    def fact(self, initiative: str, key: str) -> str:
        """What a fact says; '' where there is none (any more)."""
        return self._facts.get(initiative, {}).get(key, "")

    def passage(self, id: str) -> Passage | None:
        """The passage of this id."""
        return self._passages.get(id)

    def holds(self, what: Version) -> bool:
        """Whether this version is what holds now, or nothing can be said of it."""
        if what.initiative not in self.initiatives:
            return True
        if fact := key_of(what.subject):
            return version(self.fact(what.initiative, fact)) == what.version
        passage = self.passage(what.subject)
        return passage is not None and passage.hash == what.version

    def successor(self, old: Passage) -> Passage | None:
        """The passage that stands in the same initiative under the same heading: in another file, or in one instead of
        the chat.
        """
        return self._questions.get((old.initiative, question(old.locale, old.heading))) if key(old.heading) else None


@dataclass(slots=True)
class Past:
    """The texts of versions that are not in force any more. `files` gives the stored ones of an initiative."""

    files: Callable[[str], Iterable[Files]]
    answers: Iterable[Learned] = ()
    _passages: dict[str, dict[tuple[str, str], Passage]] = field(default_factory=dict)
    _facts: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)

    def passage(self, what: Version) -> Passage | None:
        """The passage as it was given; None if it is too long ago."""
        self._read(what.initiative)
        return self._passages[what.initiative].get((what.subject, what.version))

    def fact(self, what: Version) -> str | None:
        """What the fact said; None if it is too long ago."""
        self._read(what.initiative)
        return self._facts[what.initiative].get((what.subject, what.version))

    def _read(self, id: str) -> None:
        if id in self._passages:
            return
        passages, facts = self._passages.setdefault(id, {}), self._facts.setdefault(id, {})
        for answer in self.answers:
            if answer.initiative == id:
                passages[answer.id, passage_of(answer).hash] = passage_of(answer)
        for files in self.files(id):
            earlier = assemble({path: text.encode() for path, text in files.items()}).initiatives.get(id)
            if earlier is not None:
                passages.update({(p.id, p.hash): p for p in earlier.passages if p.kind != "fact"})
                facts.update(_facts_of(earlier))


def _facts_of(initiative: Initiative) -> dict[tuple[str, str], str]:
    said = values(initiative.written)
    return {(subject(initiative.id, key), version(value)): value for key, value in said.items()}


def says_something_else(old: Passage | None, new: Passage) -> bool:
    """Whether who was given the old one is to hear of the new one; of one that nobody can read any more they are."""
    return old is None or notable(f"{old.heading}\n{old.body}", f"{new.heading}\n{new.body}")
