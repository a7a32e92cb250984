"""The plan as a table: each milestone with its date and how it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.milestones.standing import Standing
from bot.milestones.words import Subject
from bot.store.milestones import AT_RISK, DONE, ON_TRACK
from bot.words import Words


def roadmap(subjects: Iterable[Subject], words: Words, today: date) -> tuple[tuple[str, str, str], ...]:
    """The plan as a table: milestone, date, state; its first row names the columns."""
    head = (words("roadmap.milestone"), words("roadmap.date"), words("roadmap.state"))
    return (head, *(_row(subject, words, today) for subject in subjects))


def _row(subject: Subject, words: Words, today: date) -> tuple[str, str, str]:
    standing = subject.standing
    day = words.day(standing.on)
    if standing.before:
        day = words("roadmap.moved", date=day, before=words.day(standing.before))
    return subject.title(words), day, state(words, standing, today)


def state(words: Words, standing: Standing, today: date) -> str:
    """How a milestone stands, in a word or two."""
    said = standing.report.state
    passed = standing.on < today and said != DONE
    key = {
        "": "roadmap.planned",
        ON_TRACK: "roadmap.on-track",
        AT_RISK: "roadmap.at-risk",
        DONE: "roadmap.done",
    }[said]
    return words("roadmap.passed") if passed else words(key)
