"""What of the gaps and votes of a week is worth the project manager's time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from bot.answers.text import key
from bot.playbook.model import Initiative, Passage
from bot.playbook.schedule import EveryWeeks
from bot.store.feedback import Votes
from bot.store.gaps import Gap
from bot.store.learned import Learned

MONDAY_MORNING = EveryWeeks(1, "mon", time(9))
LEAST_NOT_HELPFUL = 3


def open_gaps(gaps: Iterable[Gap], initiative: Initiative, answers: Iterable[Learned]) -> list[Gap]:
    """The gaps of this initiative that nobody has answered since, in their order: neither does anything that is
    written stand under these words, nor has somebody answered the gap in chat.
    """
    filled = {answer.gap for answer in answers} - {""}
    written = {key(text) for p in initiative.passages if p.kind != "fact" for text in (p.heading, *p.also)}
    return [g for g in gaps if g.initiative == initiative.id and g.id not in filled and key(g.text) not in written]


def asked_lately(gaps: Iterable[Gap], today: date) -> bool:
    """Whether one of them was asked in this week or the one before: else the list would say what it said last time."""
    return any(gap.week >= today - timedelta(days=today.weekday() + 7) for gap in gaps)


def weak_answers(initiative: Initiative, votes: Mapping[tuple[str, str], Votes]) -> list[tuple[Passage, Votes]]:
    """The passages that helped fewer people than not, as they are worded now, the worst first."""
    found = [(p, votes[p.id, p.hash]) for p in initiative.passages if (p.id, p.hash) in votes]
    weak = [(p, v) for p, v in found if v.not_helpful >= LEAST_NOT_HELPFUL and v.not_helpful > v.helpful]
    return sorted(weak, key=lambda one: (-one[1].not_helpful, one[1].helpful, one[0].id))
