"""Quality of answers on evaluation sets, beside plain BM25: `python -m benchmarks.evaluate DIR...`.

A set is a folder with `playbooks/` and `questions.jsonl`. DIR is a set or a folder of sets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.measure import auroc, calibration_error
from benchmarks.sets import Question, Set, read_sets
from bot.answers.index import Index
from bot.answers.rank import find
from bot.playbook.model import Passage

DEPTH = 5
_COLUMNS = ("R@1", "R@3", "MRR", "right", "wrong", "near", "far", "AUROC", "ECE")
_LEGEND = """\
R@1 R@3 MRR  of the questions the playbook answers: right passage first, among three, mean reciprocal rank
right wrong  of the same questions: answered with the right passage, answered with a wrong one
near far     of the questions it does not answer: answered all the same (near: about its topic; far: not)
AUROC ECE    of the confidence that the first passage is right, over all questions; BM25 has no calibration
BM25 answers from the score on at which it gives no more false answers to the unanswerable than Throughline.
"""
USAGE = """\
usage: python -m benchmarks.evaluate DIR...
DIR is a set (a folder with playbooks/ and questions.jsonl) or a folder of sets"""


@dataclass(frozen=True)
class Reply:
    """What a system gave: whether as an answer, how sure, and where the right passage stood (0 is first)."""

    question: Question
    answered: bool
    confidence: float
    place: int | None


def ask_throughline(each: Set) -> list[Reply]:
    """Every question of the set, asked in its own locale and initiative."""
    index = Index(each.passages)
    replies = []
    for question in each.questions:
        found = find(index, question.text, locale=question.locale, initiative=question.initiative, limit=DEPTH)
        place = _place(question, (hit.passage for hit in found.hits))
        replies.append(Reply(question, found.outcome == "answer", found.confidence, place))
    return replies


def ask_bm25(each: Set, beside: Sequence[Reply]) -> list[Reply]:
    """The same with BM25 over lower-case words, answering all it can without more false answers than `beside`."""
    texts = [" ".join((p.heading, *p.also, p.body)).lower().split() for p in each.passages]
    model = BM25Okapi(texts)
    replies = []
    for question in each.questions:
        scores = model.get_scores(question.text.lower().split())
        best = [int(i) for i in np.argsort(-scores, kind="stable")[:DEPTH] if scores[i] > 0]
        place = _place(question, (each.passages[i] for i in best))
        replies.append(Reply(question, False, float(scores[best[0]]) if best else 0.0, place))
    false = sum(r.answered for r in beside if not r.question.expect)
    refused = sorted((r.confidence for r in replies if not r.question.expect), reverse=True)
    least = refused[false] if false < len(refused) else 0.0
    return [Reply(r.question, r.confidence > least, r.confidence, r.place) for r in replies]


def _place(question: Question, passages: Iterable[Passage]) -> int | None:
    return next((n for n, passage in enumerate(passages) if question.answered_by(passage)), None)


def figures(replies: Sequence[Reply], calibrated: bool = True) -> dict[str, float | None]:
    """The columns of the table for these replies; None where no question of that kind was asked."""
    known = [r for r in replies if r.question.expect]
    right = [r.place == 0 for r in replies]
    sure = [r.confidence for r in replies]
    near, far = ([r for r in replies if not r.question.expect and r.question.type == t] for t in ("near", "far"))
    return {
        "R@1": _share(known, lambda r: r.place == 0),
        "R@3": _share(known, lambda r: r.place is not None and r.place < 3),
        "MRR": _share(known, lambda r: 0.0 if r.place is None else 1.0 / (1 + r.place)),
        "right": _share(known, lambda r: r.answered and r.place == 0),
        "wrong": _share(known, lambda r: r.answered and r.place != 0),
        "near": _share(near, lambda r: r.answered),
        "far": _share(far, lambda r: r.answered),
        "AUROC": auroc(sure, right) if 0 < sum(right) < len(right) else None,
        "ECE": calibration_error(sure, right) if calibrated and replies else None,
    }


def _share(replies: Sequence[Reply], value: Callable[[Reply], float]) -> float | None:
    return sum(map(value, replies)) / len(replies) if replies else None


def table(sets: Sequence[Set]) -> Iterable[str]:
    """The lines of the table: each set, and where it has several, each of its languages."""
    yield f"{'set':<14}{'questions':>10}  {'system':<12}" + "".join(f"{c:>7}" for c in _COLUMNS)
    for each in sets:
        ours = ask_throughline(each)
        plain = ask_bm25(each, ours)
        yield from _rows(each.name, plain, ours)
        locales = sorted({q.locale for q in each.questions})
        for locale in locales if len(locales) > 1 else ():
            here = [n for n, q in enumerate(each.questions) if q.locale == locale]
            yield from _rows(f"  {locale}", [plain[n] for n in here], [ours[n] for n in here])


def _rows(name: str, plain: Sequence[Reply], ours: Sequence[Reply]) -> Iterable[str]:
    for system, replies in (("BM25", plain), ("Throughline", ours)):
        row = figures(replies, calibrated=system != "BM25")
        cells = ("      –" if row[c] is None else f"{row[c]:7.3f}" for c in _COLUMNS)
        yield f"{name:<14}{len(replies):>10}  {system:<12}" + "".join(cells)


def main(folders: Sequence[str]) -> int:
    """Prints the table for the sets in these folders; 2 where none is named or one cannot be read."""
    if not folders:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        sets = read_sets([Path(folder) for folder in folders])
    except (OSError, ValueError, KeyError) as wrong:
        print(f"a set cannot be read: {wrong}", file=sys.stderr)
        return 2
    if not sets:
        print(f"no set in {', '.join(folders)}: a set has playbooks/ and questions.jsonl", file=sys.stderr)
        return 2
    for line in table(sets):
        print(line, flush=True)
    print("\n" + _LEGEND)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
