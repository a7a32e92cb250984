"""What people are told of a survey before they answer: who sees what, how long it takes. Pure.

The lines of `who_sees` are those that stand above the form.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.messages import escape
from bot.playbook.model import Initiative
from bot.playbook.shared_files import PulseTemplate, Question
from bot.words import Words

# Seconds that an answer takes, by kind of question.
_SECONDS = {"scale": 8, "choice": 8, "multi": 12, "text": 15}


class Promised(Protocol):
    """What a promise depends on: a round, or one that is planned."""

    @property
    def named(self) -> bool:
        """Whether answers are kept with the names."""
        ...

    @property
    def minimum(self) -> int:
        """The smallest group of which anything is shown."""
        ...

    @property
    def closes_at(self) -> datetime:
        """When the answers are mixed."""
        ...


def short_name(initiative: Initiative, words: Words) -> str:
    """What a project is called in the reader's language, without what follows a colon."""
    return initiative.text(words.locale).name.partition(":")[0].strip()


def who_sees(words: Words, promised: Promised, readers: tuple[str, ...] = ()) -> str:
    """Who will see what, and what the platform and the holder of the key could technically see. `readers` are the
    names of those who read a named survey."""
    if promised.named:
        return words("survey.form-named", names=words.all_of([escape(name) for name in readers]))
    day = words.day(promised.closes_at.astimezone(ZoneInfo(words.zone)).date())
    anonymous = words("survey.form-anonymous", smallest=words.number(promised.minimum), day=day)
    return f"{anonymous}\n\n{words('survey.form-technical')}"


def length(words: Words, template: PulseTemplate) -> str:
    """How many questions there are at most and how long they take: 6 questions, about a minute."""
    certain = [one for one in template.questions if not one.only_if]
    seconds = sum(_SECONDS[one.type] for one in certain)
    questions = words.count("survey.questions", len(certain))
    return words("survey.length", questions=questions, time=words.count("survey.minutes", max(1, ceil(seconds / 60))))


def questions(words: Words, template: PulseTemplate) -> str:
    """All questions with what can be answered, as a list, for somebody who looks at them beforehand."""
    return "\n".join(f"{n}. {_question(words, one)}" for n, one in enumerate(template.questions, 1))


def _question(words: Words, question: Question) -> str:
    notes = []
    if question.type == "scale":
        low, high = (question.labels.get(at, "") for at in (question.min, question.max))
        ends = [f"{at}{f' = {label}' if label else ''}" for at, label in ((question.min, low), (question.max, high))]
        notes.append(words("survey.scale", low=ends[0], high=ends[1]))
    elif question.type == "text":
        notes.append(words("survey.text"))
    else:
        key = "survey.one-of" if question.type == "choice" else "survey.several-of"
        notes.append(words(key, options=" / ".join(question.options)))
    if question.optional:
        notes.append(words("survey.optional"))
    if question.only_if:
        notes.append(words("survey.only-sometimes"))
    return f"{question.text} ({'; '.join(notes)})"
