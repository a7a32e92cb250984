"""Finds the passages that answer a question, says how sure that is, and knows when to say nothing.

It knows nothing of people or platforms: what the asker may read, their language and units are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers.candidates import Candidate, search
from bot.answers.confidence import Signs, probability, signs
from bot.answers.index import Index
from bot.playbook.model import Passage

ANSWER_FROM = 0.6
"""Confidence from which a passage is given as the answer."""
MENTION_FROM = 0.2
"""Confidence from which the nearest topics are worth asking about."""
TOPICS = 3
EXACT_CONFIDENCE = 0.98

Outcome = Literal["answer", "did-you-mean", "none"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` (0..1) orders the hits; `confidence` is how likely it answers the question."""

    passage: Passage
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first, and what to make of it.

    `answer`: the first hit answers. `did-you-mean`: the first `TOPICS` hits are worth asking about. `none`: say
    that it is not written; the hits are then only what came nearest.
    """

    hits: tuple[Hit, ...] = ()
    outcome: Outcome = "none"

    @property
    def confidence(self) -> float:
        """The probability that the first hit answers the question; 0 when there is none."""
        return self.hits[0].confidence if self.hits else 0.0

    @property
    def topics(self) -> tuple[Hit, ...]:
        """What to ask about when the outcome is `did-you-mean`."""
        return self.hits[:TOPICS]


def find(
    index: Index,
    question: str,
    *,
    locale: str,
    allowed: Callable[[Passage], bool] | None = None,
    units: Collection[str] = (),
    initiative: str = "",
    limit: int = 5,
) -> Found:
    """The passages that answer the question, at most `limit`, one for each text whatever the translations.

    `allowed` is asked before anything is ranked: a passage it refuses changes nothing in the result.
    `initiative` restricts to one. `units` are the asker's, a preference. Of translations the one in `locale` is
    returned, else the original. Never raises for what somebody typed; time is bounded by `text.QUESTION_LIMIT`.
    """
    asked = search(index, question, locale, allowed, units, initiative)
    best = asked.candidates()
    confidences = _confidences(best, max(limit, 1))
    hits = tuple(
        Hit(asked.version(c.passage), round(min(c.score, 1.0), 4), round(sure, 4))
        for c, sure in zip(best[:limit], confidences, strict=False)
    )
    return Found(hits, outcome_of(confidences[0]) if hits else "none")


def outcome_of(confidence: float) -> Outcome:
    """What a confidence is good for."""
    if confidence >= ANSWER_FROM:
        return "answer"
    return "did-you-mean" if confidence >= MENTION_FROM else "none"


def first_signs(index: Index, question: str, locale: str) -> tuple[Passage, Signs] | None:
    """The best passage with the signs its confidence is judged by, to learn from; None if there is no doubt."""
    best = search(index, question, locale, None, (), "").candidates()
    if not best or best[0].exact:
        return None
    return best[0].passage, signs(best[0], [c.score for c in best[1:]])


def _confidences(best: Sequence[Candidate], limit: int) -> list[float]:
    """How sure each is: the first by its lead over the rest, the others as if they had none."""
    scores = [candidate.score for candidate in best]
    exact = sum(candidate.exact and candidate.score > 0.999 * scores[0] for candidate in best)
    result: list[float] = []
    for place, candidate in enumerate(best[:limit]):
        if candidate.exact:
            result.append(EXACT_CONFIDENCE / exact)
            continue
        others = scores[1:] if place == 0 else scores[:place] + scores[place + 1 :]
        result.append(min([probability(signs(candidate, others)), *result]))
    return result
