"""What answers are compared with: BM25, TF-IDF over letters, the encoder alone; each ranks whole passages by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from benchmarks.remembering import Remembering, indexed
from benchmarks.sets import Question, Set
from bot.answers.rank import find
from bot.playbook.model import Passage

DEPTH = 5
OURS = "Throughline"
Scores = NDArray[np.float32]
Rank = Callable[[Question], Scores]


@dataclass(frozen=True)
class Reply:
    """What a system gave: whether as an answer, how sure, and where the right passage stood (0 is first)."""

    question: Question
    answered: bool
    confidence: float
    place: int | None


def replies_of(each: Set, encoder: Remembering | None) -> dict[str, list[Reply]]:
    """What every system gives on this set; the encoder alone only where there is one."""
    ours = ask_throughline(each, encoder)
    plain = {"BM25": bm25(each), "TF-IDF": tfidf(each)}
    if encoder:
        plain["encoder"] = encoded(each, encoder)
    return {**{name: ask_plainly(each, rank, ours) for name, rank in plain.items()}, OURS: ours}


def ask_throughline(each: Set, encoder: Remembering | None) -> list[Reply]:
    """Every question of the set, asked in its own locale and initiative."""
    index = indexed(each.passages, encoder)
    replies = []
    for question in each.questions:
        found = find(index, question.text, locale=question.locale, initiative=question.initiative, limit=DEPTH)
        place = _place(question, (hit.passage for hit in found.hits))
        replies.append(Reply(question, found.outcome == "answer", found.confidence, place))
    return replies


def ask_plainly(each: Set, rank: Rank, beside: Sequence[Reply]) -> list[Reply]:
    """The same by scores alone, answering all that is possible without more false answers than `beside`."""
    replies = []
    for question in each.questions:
        scores = rank(question)
        if question.initiative:
            there = np.array([p.initiative == question.initiative for p in each.passages])
            scores = np.where(there, scores, -np.inf)
        best = [int(i) for i in np.argsort(-scores, kind="stable")[:DEPTH] if scores[i] > 0]
        place = _place(question, (each.passages[i] for i in best))
        replies.append(Reply(question, False, float(scores[best[0]]) if best else 0.0, place))
    least = _threshold(replies, sum(r.answered and r.place != 0 for r in beside))
    return [replace(r, answered=r.confidence > least) for r in replies]


def _threshold(replies: Sequence[Reply], false_answers: int) -> float:
    """The lowest score above which no more than so many answers are false."""
    false = sorted((r.confidence for r in replies if r.place != 0), reverse=True)
    return false[false_answers] if false_answers < len(false) else 0.0


def _place(question: Question, passages: Iterable[Passage]) -> int | None:
    return next((n for n, passage in enumerate(passages) if question.answered_by(passage)), None)


def _texts(each: Set) -> list[str]:
    return [" ".join((p.heading, *p.also, p.body)).lower() for p in each.passages]


def bm25(each: Set) -> Rank:
    """rank_bm25 over lower-case words."""
    from rank_bm25 import BM25Okapi  # noqa: PLC0415  # only here

    model = BM25Okapi([text.split() for text in _texts(each)])
    return lambda question: np.asarray(model.get_scores(question.text.lower().split()), dtype=np.float32)


def tfidf(each: Set) -> Rank:
    """TF-IDF over runs of three to five letters within words, by cosine."""
    model = import_module("sklearn.feature_extraction.text").TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True
    )
    texts = model.fit_transform(_texts(each))
    return lambda question: np.asarray((texts @ model.transform([question.text.lower()]).T).todense()).ravel()


def encoded(each: Set, encoder: Remembering) -> Rank:
    """The nearest of the encoder's vectors of a passage, nothing else."""
    index = indexed(each.passages, encoder)
    everything = np.ones(len(index), dtype=np.bool_)

    def rank(question: Question) -> Scores:
        near = index.near(question.text, everything)
        return near.best if near else np.zeros(len(index), dtype=np.float32)

    return rank
