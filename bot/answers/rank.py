"""Finds the passages that answer a question, says how sure that is, and knows when to say nothing.

It knows nothing of people or platforms: what the asker may read, their language and units are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.answers.asked import lacking
from bot.answers.candidates import Candidate, Search, search
from bot.answers.confidence import Sense, Signs, probability, seen_of
from bot.answers.index import Index
from bot.answers.text import key
from bot.playbook.model import Passage

ANSWER_FROM = 0.6
"""Confidence from which a passage is given as the answer."""
MENTION_FROM = 0.2
"""Confidence from which the nearest topics are worth asking about."""
TOPICS = 3
EXACT_CONFIDENCE = 0.98
LACKING = 0.5
"""What a confidence is at most worth where the fact asked for is not in the passage."""

Outcome = Literal["answer", "about", "did-you-mean", "none"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` (0..1) orders the hits; `confidence` is how likely it answers the question."""

    passage: Passage
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first, and what to make of it.

    `answer`: the first hit answers. `about`: it is about what is asked, but the fact asked for is not in it.
    `did-you-mean`: the first `TOPICS` hits are worth asking about. `none`: say
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
    spoken: str = "",
    allowed: Callable[[Passage], bool] | None = None,
    units: Collection[str] = (),
    initiative: str = "",
    projects: Mapping[str, str] = MappingProxyType({}),
    helpful: Mapping[str, int] = MappingProxyType({}),
    limit: int = 5,
) -> Found:
    """The passages that answer the question, at most `limit`, one for each text whatever the translations.

    `allowed` is asked before anything is ranked: a passage it refuses changes nothing in the result.
    `initiative` restricts to one. `projects` are the initiatives by the names that people use (as `text.key` has
    them): of a question that names one, the passages of another do not answer unless they name it too. `units` are
    the asker's, a preference; `helpful` says how many people a text helped, by its id, another. Of translations the
    one in `locale` is returned, else the original; `spoken` is the language of the question where it is another.
    Never raises for what somebody typed; time is bounded by `text.QUESTION_LIMIT`.
    """
    asked = search(index, question, locale, allowed, units, initiative, helpful, spoken, projects)
    best = asked.candidates()
    judged = _judged(asked, best, max(limit, 1))
    hits = tuple(
        Hit(asked.version(c.passage), round(min(c.score, 1.0), 4), round(sure.confidence, 4))
        for c, sure in zip(best[:limit], judged, strict=False)
    )
    return Found(hits, outcome_of(judged[0]) if hits else "none")


@dataclass(frozen=True, slots=True)
class Judged:
    """How likely a passage answers, and how likely it would if nothing that is asked for were lacking in it."""

    confidence: float
    apart_from_lack: float


def outcome_of(judged: Judged) -> Outcome:
    """What a confidence is good for. Where the fact asked for is lacking, no confidence is enough."""
    if judged.apart_from_lack >= ANSWER_FROM:
        return "answer" if judged.confidence == judged.apart_from_lack else "about"
    return "did-you-mean" if judged.confidence >= MENTION_FROM else "none"


def first_signs(index: Index, question: str, locale: str, initiative: str = "") -> tuple[Passage, Signs | Sense] | None:
    """The best passage with the signs its confidence is judged by, to learn from; None if there is no doubt."""
    asked = search(index, question, locale, None, (), initiative)
    best = asked.candidates()
    if not best or best[0].exact:
        return None
    return best[0].passage, seen_of(best[0], best[1:], lacks(asked, best[0].passage))


def lacks(asked: Search, passage: Passage) -> bool:
    """Whether the kind of fact, or the thing, that is asked for is not in the passage."""
    above = " ".join((passage.heading, *passage.also, passage.file)).replace("-", " ")
    if lacking(asked.question, above, passage.body):
        return True
    other = [name for name, project in asked.named().items() if project != passage.initiative]
    told = f" {key(above)} {key(passage.body)} "
    return bool(other) and not any(f" {name} " in told for name in other)


def _judged(asked: Search, best: Sequence[Candidate], limit: int) -> list[Judged]:
    """How sure each is: the first by its lead over the rest, the others as if they had none."""
    exact = sum(candidate.exact and candidate.score > 0.999 * best[0].score for candidate in best)
    result: list[Judged] = []
    for place, candidate in enumerate(best[:limit]):
        if candidate.exact:
            result.append(Judged(EXACT_CONFIDENCE / exact, EXACT_CONFIDENCE / exact))
            continue
        others = best[1:] if place == 0 else [*best[:place], *best[place + 1 :]]
        without = sure = probability(seen_of(candidate, others, lacks=False))
        if lacks(asked, candidate.passage):
            sure = min(LACKING * without, probability(seen_of(candidate, others, lacks=True)))
        most = result[-1].confidence if result else 1.0
        result.append(Judged(min(sure, most), without if place == 0 else min(without, most)))
    return result
