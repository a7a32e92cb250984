"""Learns `bot/triage/coefficients.npz`: `python -m benchmarks.train_triage`. The same texts always give the same file.

Learned from our own texts in `benchmarks/triage_texts` and the *How it sounds* lists of the sample pushback pages, but
for those too much like a labelled message. Certainty is calibrated on what was judged without having been learned:
texts that say the same in other words or another language are kept together and a fifth at a time is left out, and the
development half of the labelled messages, which is never learned from, counts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # it has no types

from benchmarks.remembering import Remembering
from benchmarks.triage import Message, labelled, remembering
from bot.triage.head import COEFFICIENTS, Examples, Head, nearness, pointed
from bot.triage.judging import by_meaning, by_words
from bot.triage.signs import readable
from bot.triage.verdict import DRIVERS, KINDS, SEVERITIES

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "benchmarks" / "triage_texts"
PUSHBACK = ROOT / "playbooks" / "pushback"
STRENGTH = 8.0
LOOSENESS = 0.05
"""How far what is learned may stray from each example; more forgives wrong labels."""
AXES = 256
SHARPNESS = 4.0
"""What makes scores of about -1 and 1 into shares; the certainty is calibrated afterwards."""
TOO_ALIKE = 0.6
SAME = 0.5
"""Cosines, seen from the middle, from which two texts count as too much alike, and as saying the same."""
FOLDS = 5
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text to learn from; severity 0 where nobody said."""

    text: str
    locale: str
    kind: str
    driver: str
    severity: int


def texts() -> list[Labelled]:
    """Everything there is to learn from."""
    return [*_own(), *_how_it_sounds()]


def _own() -> Iterator[Labelled]:
    for file in sorted(TEXTS.glob("*.txt")):
        kind = driver = severity = ""
        for line in filter(None, map(str.strip, file.read_text(encoding="utf-8").splitlines())):
            if line.startswith("# "):
                kind, driver, severity = line[2:].split()
            else:
                yield Labelled(line, file.stem, kind, driver, int(severity))


def _how_it_sounds() -> Iterator[Labelled]:
    for file in sorted(PUSHBACK.glob("*.md")):
        driver, _, locale = file.stem.partition(".")
        section = 0
        for line in file.read_text(encoding="utf-8").splitlines():
            section += line.startswith("## ")
            if section == 1 and line.startswith("- "):
                yield Labelled(line[2:].strip(), locale or "en", "objection", driver, 0)


Learner = Callable[[Rows, Sequence[Labelled]], Head]


def by_letters(rows: Rows, known: Sequence[Labelled]) -> Head:
    """The head that these rows and labels teach, not calibrated yet: the best straight lines."""
    objections = [n for n, each in enumerate(known) if each.kind == "objection"]
    judged = [n for n, each in enumerate(known) if each.severity]
    parts = [
        _layer(rows, [each.kind for each in known], KINDS, "balanced"),
        _layer(rows[objections], [known[n].driver for n in objections], DRIVERS, "balanced"),
        _layer(rows[judged], [known[n].severity for n in judged], SEVERITIES, None),
    ]
    weights = np.hstack([weights for weights, _ in parts]).astype(np.float32)
    return Head(weights, np.concatenate([bias for _, bias in parts]).astype(np.float32), 1.0, 0.0)


def _layer(rows: Rows, labels: Sequence[Any], names: Sequence[Any], weight: str | None) -> Any:
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight=weight).fit(rows, labels)
    order = [list(model.classes_).index(name) for name in names]
    return model.coef_[order].T, model.intercept_[order]


def by_examples(rows: Rows, known: Sequence[Labelled]) -> Head:
    """The same where the rows are points: how much each speaks for each label (ridge regression on nearness, every
    label counting the same however many examples it has)."""
    near = nearness(rows, rows).astype(np.float64)
    every = [True] * len(known)
    parts = [
        _spoken(near, every, [each.kind for each in known], KINDS),
        _spoken(near, [each.kind == "objection" for each in known], [each.driver for each in known], DRIVERS),
        _spoken(near, [each.severity > 0 for each in known], [each.severity for each in known], SEVERITIES, 0.0),
    ]
    weights = SHARPNESS * np.hstack(parts)
    return Head(weights.astype(np.float32), np.zeros(weights.shape[1], dtype=np.float32), 1.0, 0.0)


def _spoken(near: Any, used: Sequence[bool], labels: Sequence[Any], names: Sequence[Any], evenly: float = 1.0) -> Any:
    chosen = np.flatnonzero(used)
    meant = np.array([[1.0 if labels[n] == name else -1.0 for name in names] for n in chosen.tolist()])
    often = (meant > 0).sum(axis=0)
    weight = (len(chosen) / len(names) / often[(meant > 0).argmax(axis=1)]) ** evenly
    inside = near[np.ix_(chosen, chosen)]
    inside[np.diag_indices_from(inside)] += LOOSENESS / weight
    weights = np.zeros((len(near), len(names)))
    weights[chosen] = np.linalg.solve(inside, meant)
    return weights


def spread(rows: Rows) -> Examples:
    """The rows as points on the axes along which they differ most, rounded as they are kept."""
    away = rows - rows.mean(axis=0)
    _, directions = np.linalg.eigh((away.T @ away).astype(np.float64))
    axes = _rounded(directions[:, ::-1][:, :AXES])
    return Examples(axes, _rounded(rows @ axes))


def _rounded(rows: Rows) -> Rows:
    scale = float(np.abs(rows).max()) / 127
    return (np.round(rows / scale) * scale).astype(np.float32)


def groups(rows: Rows) -> list[int]:
    """A number for each row; rows that say the same, also by way of others, have the same."""
    found = list(range(len(rows)))

    def top(n: int) -> int:
        while found[n] != n:
            found[n] = found[found[n]]
            n = found[n]
        return n

    for a, b in np.argwhere(np.triu(rows @ rows.T, 1) > SAME):
        found[top(int(a))] = top(int(b))
    return [top(n) for n in range(len(rows))]


def calibrated(head: Head, held: Sequence[tuple[float, bool]]) -> Head:
    """The head with its certainty made into a probability by what it got right unseen (Platt's method)."""
    odds = np.array([[np.log(sure / (1 - sure))] for sure, _ in held])
    model = LogisticRegression(C=1e3).fit(odds, [right for _, right in held])
    return Head(head.weights, head.bias, float(model.coef_[0, 0]), float(model.intercept_[0]))


def unseen(
    rows: Rows, known: Sequence[Labelled], alike: Sequence[int], learner: Learner, seen: Callable[[Rows, Rows], Rows]
) -> Iterator[tuple[float, bool]]:
    """How sure of each text a head is that has not learned from it or its like, and whether it is right. `seen` makes
    what a head judges of rows and of those it learned from."""
    parts = np.array([group % FOLDS for group in alike])
    for part in range(FOLDS):
        taught = np.flatnonzero(parts != part).tolist()
        head, left = learner(rows[taught], [known[n] for n in taught]), np.flatnonzero(parts == part)
        for n, row in zip(left.tolist(), seen(rows[left], rows[taught]), strict=True):
            found = head.verdict(row)
            yield found.confidence, (found.kind, found.driver) == (known[n].kind, known[n].driver)


def _vectors(encoder: Remembering, known: Sequence[str]) -> Rows:
    return np.vstack([encoder.encode([readable(text)], asked=True) for text in known])


def clear_of(messages: Sequence[Message], known: list[Labelled], encoder: Remembering, middle: Rows) -> list[Labelled]:
    """The texts that are not too much like one of these messages."""
    asked = pointed(_vectors(encoder, [m.text for m in messages]), middle)
    near = pointed(_vectors(encoder, [each.text for each in known]), middle) @ asked.T
    return [each for each, row in zip(known, near, strict=True) if row.max() < TOO_ALIKE]


def _with_certainty(
    name: str, head: Head, held: Sequence[tuple[float, bool]], seen: Sequence[Message], rows: Sequence[Rows]
) -> Head:
    """The head, calibrated by texts it had not learned from and by the development half, as `rows`."""
    print(f"{name}: kind and driver right {np.mean([right for _, right in held]):.3f} of texts unseen")
    verdicts = [head.verdict(row) for row in rows]
    half = [(v.confidence, (v.kind, v.driver) == (m.kind, m.driver)) for v, m in zip(verdicts, seen, strict=True)]
    print(f"{name}: {np.mean([right for _, right in half]):.3f} of the development half")
    return calibrated(head, [*held, *half])


def _kept(name: str, head: Head, fine: bool) -> dict[str, Any]:
    """A head packed into bytes; `fine` where many small numbers add up."""
    scale = np.ones(1) if fine else np.abs(head.weights).max(axis=0) / 127
    return {
        f"{name}_weights": head.weights.astype(np.float16) if fine else np.round(head.weights / scale).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
        f"{name}_bias": head.bias,
        f"{name}_certainty": np.array([head.slope, head.offset]),
    }


def _whole(name: str, rows: Rows) -> dict[str, Any]:
    scale = float(np.abs(rows).max()) / 127
    return {name: np.round(rows / scale).astype(np.int8), f"{name}_scale": np.float32(scale)}


def main() -> None:
    """Learns, says how sure it may be, and writes the file."""
    encoder, messages, known = remembering(), labelled(), texts()
    seen = [message for message in messages if message.part == "development"]
    if encoder is None:
        raise SystemExit("there is no sentence encoder in this installation, so nothing can be learned")
    # The middle stays what it is: vectors that are kept, and when two texts are alike, hold on to it.
    with np.load(COEFFICIENTS, allow_pickle=False) as file:
        middle = file["middle"].astype(np.float32)
    clear = clear_of(messages, known, encoder, middle)
    print(f"{len(known)} texts, {len(known) - len(clear)} of them left out: too much like a labelled message")
    alike = groups(pointed(_vectors(encoder, [each.text for each in clear]), middle))

    def meant(text: str) -> Rows:
        return by_meaning(readable(text), lambda parts: encoder.encode(parts, asked=True), middle)

    rows = np.array([meant(each.text) for each in clear], dtype=np.float32)
    examples = spread(rows)
    held = list(unseen(examples.points, clear, alike, by_examples, nearness))
    half = [examples.near(meant(m.text)) for m in seen]
    meaning = _with_certainty("meaning", by_examples(examples.points, clear), held, seen, half)

    rows = np.array([by_words(readable(each.text)) for each in clear], dtype=np.float32)
    held = list(unseen(rows, clear, alike, by_letters, lambda left, _: left))
    words = _with_certainty(
        "words", by_letters(rows, clear), held, seen, [by_words(readable(message.text)) for message in seen]
    )
    encoder.save()
    np.savez_compressed(
        COEFFICIENTS,
        encoder=np.array(encoder.name),
        middle=middle.astype(np.float16),
        **_whole("axes", examples.axes),
        **_whole("points", examples.points),
        **_kept("meaning", meaning, fine=True),
        **_kept("words", words, fine=False),
    )
    print(f"wrote {COEFFICIENTS.name}, {COEFFICIENTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
