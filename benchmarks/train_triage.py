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
from bot.triage.head import COEFFICIENTS, Head, pointed
from bot.triage.judging import by_meaning, by_words
from bot.triage.signs import readable
from bot.triage.verdict import DRIVERS, KINDS, SEVERITIES

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "benchmarks" / "triage_texts"
PUSHBACK = ROOT / "playbooks" / "pushback"
STRENGTH = {"meaning": 4.0, "words": 8.0}
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


def learn(rows: Rows, known: Sequence[Labelled], strength: float) -> Head:
    """The head that these rows and labels teach, not calibrated yet."""
    objections = [n for n, each in enumerate(known) if each.kind == "objection"]
    judged = [n for n, each in enumerate(known) if each.severity]
    parts = [
        _layer(rows, [each.kind for each in known], KINDS, strength, "balanced"),
        _layer(rows[objections], [known[n].driver for n in objections], DRIVERS, strength, "balanced"),
        _layer(rows[judged], [known[n].severity for n in judged], SEVERITIES, strength, None),
    ]
    weights = np.hstack([weights for weights, _ in parts]).astype(np.float32)
    return Head(weights, np.concatenate([bias for _, bias in parts]).astype(np.float32), 1.0, 0.0)


def _layer(rows: Rows, labels: Sequence[Any], names: Sequence[Any], strength: float, weight: str | None) -> Any:
    model = LogisticRegression(C=strength, max_iter=2000, class_weight=weight).fit(rows, labels)
    order = [list(model.classes_).index(name) for name in names]
    return model.coef_[order].T, model.intercept_[order]


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
    rows: Rows, known: Sequence[Labelled], alike: Sequence[int], strength: float
) -> Iterator[tuple[float, bool]]:
    """How sure of each text a head is that has not learned from it or its like, and whether it is right."""
    parts = np.array([group % FOLDS for group in alike])
    for part in range(FOLDS):
        taught = [n for n in range(len(known)) if parts[n] != part]
        head = learn(rows[taught], [known[n] for n in taught], strength)
        for n in np.flatnonzero(parts == part).tolist():
            found = head.verdict(rows[n])
            yield found.confidence, (found.kind, found.driver) == (known[n].kind, known[n].driver)


def _vectors(encoder: Remembering, known: Sequence[str]) -> Rows:
    return np.vstack([encoder.encode([readable(text)], asked=True) for text in known])


def clear_of(messages: Sequence[Message], known: list[Labelled], encoder: Remembering, middle: Rows) -> list[Labelled]:
    """The texts that are not too much like one of these messages."""
    asked = pointed(_vectors(encoder, [m.text for m in messages]), middle)
    near = pointed(_vectors(encoder, [each.text for each in known]), middle) @ asked.T
    return [each for each, row in zip(known, near, strict=True) if row.max() < TOO_ALIKE]


def _ways(encoder: Remembering, middle: Rows) -> dict[str, Callable[[str], Rows]]:
    """The figures of a text, as each head gets them."""
    return {
        "meaning": lambda text: by_meaning(readable(text), lambda parts: encoder.encode(parts, asked=True), middle),
        "words": lambda text: by_words(readable(text)),
    }


def _taught(
    name: str, read: Callable[[str], Rows], known: Sequence[Labelled], alike: Sequence[int], seen: Sequence[Message]
) -> dict[str, Any]:
    """One head, calibrated and packed into bytes. `seen` are the messages of the development half."""
    rows = np.array([read(each.text) for each in known], dtype=np.float32)
    held = list(unseen(rows, known, alike, STRENGTH[name]))
    print(f"{name}: kind and driver right {np.mean([right for _, right in held]):.3f} of texts unseen")
    head = learn(rows, known, STRENGTH[name])
    for message in seen:
        found = head.verdict(read(message.text))
        held.append((found.confidence, (found.kind, found.driver) == (message.kind, message.driver)))
    head = calibrated(head, held)
    scale = np.abs(head.weights).max(axis=0) / 127
    return {
        f"{name}_weights": np.round(head.weights / scale).astype(np.int8),
        f"{name}_scale": scale.astype(np.float32),
        f"{name}_bias": head.bias,
        f"{name}_certainty": np.array([head.slope, head.offset]),
    }


def main() -> None:
    """Learns, says how sure it may be, and writes the file."""
    encoder, messages, known = remembering(), labelled(), texts()
    seen = [message for message in messages if message.part == "development"]
    if encoder is None:
        raise SystemExit("there is no sentence encoder in this installation, so nothing can be learned")
    middle = _vectors(encoder, [each.text for each in known]).mean(axis=0)
    clear = clear_of(messages, known, encoder, middle)
    print(f"{len(known)} texts, {len(known) - len(clear)} of them left out: too much like a labelled message")
    alike = groups(pointed(_vectors(encoder, [each.text for each in clear]), middle))
    learned: dict[str, Any] = {"encoder": np.array(encoder.name), "middle": middle.astype(np.float16)}
    for name, read in _ways(encoder, middle).items():
        learned |= _taught(name, read, clear, alike, seen)
    encoder.save()
    np.savez_compressed(COEFFICIENTS, **learned)
    print(f"wrote {COEFFICIENTS.name}, {COEFFICIENTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
