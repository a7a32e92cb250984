"""Quality of answers on evaluation sets, side by side in one run: `python -m benchmarks.evaluate [DIR...]`.

A set is a folder with `questions.jsonl` and `playbooks/`, without which it is about the samples. DIR is a set or a
folder of sets; without any the questions of this project's own tests are asked.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import triage
from benchmarks.measure import auroc, calibration_error
from benchmarks.remembering import Remembering, remembering
from benchmarks.sets import Set, read_sets
from benchmarks.systems import OURS, Reply, replies_of

ROUNDS = 1000
SEED = 2027
Figures = Mapping[str, float | None]
_COLUMNS = ("R@1", "R@3", "MRR", "right", "wrong", "near", "far", "AUROC", "ECE")
_LEGEND = """\
R@1 R@3 MRR  of the questions the playbook answers: right passage first, among three, mean reciprocal rank
right wrong  of the same questions: answered with the right passage, answered with a wrong one
near far     of the questions it does not answer: answered all the same (near: about its topic; far: not)
AUROC ECE    of the confidence that the first passage is right, over all questions; only Throughline is calibrated
The others answer from the score on, set for each set with hindsight, at which they give no more false answers than
Throughline: wrong passages and answers to what is not there together.
Intervals are those of 95 % over drawing the questions again.
"""
OWN = Path(__file__).parent.parent / "tests/eval"


def figures(replies: Sequence[Reply], calibrated: bool = True) -> Figures:
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


def table(each: Set, systems: Mapping[str, Sequence[Reply]]) -> Iterable[str]:
    """The lines of one set: all of it, then each of its languages."""
    yield from _rows(each.name, systems)
    locales = sorted({q.locale for q in each.questions})
    for locale in locales if len(locales) > 1 else ():
        here = [n for n, q in enumerate(each.questions) if q.locale == locale]
        yield from _rows(f"  {locale}", {name: [replies[n] for n in here] for name, replies in systems.items()})


def _rows(name: str, systems: Mapping[str, Sequence[Reply]]) -> Iterable[str]:
    for system, replies in systems.items():
        row = figures(replies, calibrated=system == OURS)
        cells = ("      –" if (value := row[c]) is None else f"{value:7.3f}" for c in _COLUMNS)
        yield f"{name:<14}{len(replies):>10}  {system:<12}" + "".join(cells)


def intervals(each: Set, systems: Mapping[str, Sequence[Reply]]) -> Iterable[str]:
    """For each system the intervals of recall@1 and of what was answered and right, and the lead of Throughline."""
    chance = random.Random(SEED)
    known = [n for n, q in enumerate(each.questions) if q.expect]
    if not known:
        return
    draws = [chance.choices(known, k=len(known)) for _ in range(ROUNDS)]

    def first(reply: Reply) -> bool:
        return reply.place == 0

    def right(reply: Reply) -> bool:
        return reply.answered and reply.place == 0

    ours = systems[OURS]
    for system, replies in systems.items():
        text = f"{each.name:<14}{system:<12}"
        for column, is_so in (("R@1", first), ("right", right)):
            hit = [is_so(reply) for reply in replies]
            text += f"  {column} {_interval([sum(hit[n] for n in draw) / len(draw) for draw in draws])}"
        if system != OURS:
            lead = [right(mine) - right(other) for mine, other in zip(ours, replies, strict=True)]
            text += f"  Throughline's lead in right {_interval([sum(lead[n] for n in d) / len(d) for d in draws])}"
        yield text


def _interval(values: list[float]) -> str:
    ordered = sorted(values)
    low, high = ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered)) - 1]
    return f"{low:5.2f} to {high:5.2f}"


def answers(sets: Sequence[Set], encoder: Remembering | None) -> None:
    """Prints the table of answers and its intervals."""
    print(f"{'set':<14}{'questions':>10}  {'system':<12}" + "".join(f"{c:>7}" for c in _COLUMNS))
    judged = []
    for each in sets:
        systems = replies_of(each, encoder)
        judged.append((each, systems))
        for line in table(each, systems):
            print(line, flush=True)
    print("\n" + _LEGEND)
    for each, systems in judged:
        for line in intervals(each, systems):
            print(line)


def main(folders: Sequence[str]) -> int:
    """Prints the tables for the sets in these folders; 2 where one cannot be read or there is none in them."""
    try:
        sets = read_sets([Path(folder) for folder in folders] or [OWN])
    except (OSError, ValueError, KeyError) as wrong:
        print(f"a set cannot be read: {wrong}", file=sys.stderr)
        return 2
    if not sets:
        print(f"no set in {', '.join(folders)}: a set has playbooks/ and questions.jsonl", file=sys.stderr)
        return 2
    encoder = remembering()
    answers(sets, encoder)
    if encoder:
        encoder.save()
    print("\ntriage, messages held out\n" + triage.table())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
