"""Answers that were added in chat, as passages among those of the files. A file that says the same wins.

Pure; who may add one and where it is kept is decided elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from bot.answers.text import key, language_of
from bot.playbook.model import Initiative, Passage, Playbooks
from bot.store.learned import Learned

# The name under which an added answer is cited. No file of a playbook can have it: it is no page.
FILE = "faq-learned"
Question = tuple[str, str]


def passage_of(answer: Learned) -> Passage:
    """The answer as a question of a FAQ, owned by its author, as of the day it was added."""
    content = "\0".join((answer.heading, answer.body, answer.audience))
    return Passage(
        id=answer.id,
        initiative=answer.initiative,
        file=f"{answer.initiative}/{FILE}",
        heading=answer.heading,
        body=answer.body,
        locale=answer.locale,
        kind="question",
        audience=answer.audience,
        owner=answer.author,
        reviewed=answer.since,
        original=answer.id,
        hash=hashlib.sha256(content.encode()).hexdigest()[:16],
    )


def joined(playbooks: Playbooks, answers: Iterable[Learned]) -> Playbooks:
    """The playbooks with these answers among their passages, but for those that stand in a file already."""
    answers = tuple(answers)
    in_files = {answer.id for answer, _ in superseded(playbooks, answers)}
    added: dict[str, Initiative] = {}
    for answer in answers:
        initiative = added.get(answer.initiative) or playbooks.initiatives.get(answer.initiative)
        if initiative is not None and answer.id not in in_files:
            added[initiative.id] = replace(initiative, passages=(*initiative.passages, passage_of(answer)))
    return replace(playbooks, initiatives={**playbooks.initiatives, **added}) if added else playbooks


def superseded(playbooks: Playbooks, answers: Iterable[Learned]) -> list[tuple[Learned, Passage]]:
    """The answers whose question stands in a file by now, with what stands there. Takes playbooks joined or not."""
    answers = tuple(answers)
    concerned = {answer.initiative for answer in answers} & playbooks.initiatives.keys()
    written = {id: in_files(playbooks.initiatives[id]) for id in concerned}
    found = []
    for answer in answers:
        there = written.get(answer.initiative, {}).get(question(answer.locale, answer.heading))
        if there is not None:
            found.append((answer, there))
    return found


def in_files(initiative: Initiative) -> dict[Question, Passage]:
    """What stands in files, by question: headings and other wordings in each language."""
    passages = [p for p in initiative.passages if p.kind != "fact" and not is_learned(p)]
    return {question(p.locale, wording): p for p in reversed(passages) for wording in (p.heading, *p.also)}


def question(locale: str, wording: str) -> Question:
    """By what two wordings are the same question: the language and the words, whatever capitals, accents and marks."""
    return language_of(locale), key(wording)


def is_learned(passage: Passage) -> bool:
    """Whether it was added in chat."""
    return passage.file.endswith(f"/{FILE}")
