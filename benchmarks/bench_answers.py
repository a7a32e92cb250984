"""Finding one answer: among 300 real passages with the encoder, among 10,000 and 100,000 with stored vectors, beside
plain rank_bm25.

Thousands of passages are made up, but word-like: words of syllables, used as unevenly as words are. Their vectors are
drawn at random, which costs as much to search as real ones.
"""

from __future__ import annotations

import importlib.util
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil

from benchmarks.sets import SAMPLES
from bot.answers.encoder import DIMENSIONS
from bot.answers.vector_file import shipped_vectors
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.playbook.model import Passage

if TYPE_CHECKING:
    from bot.answers import Index

FEW, MANY, MOST = 300, 10_000, 100_000
VOCABULARY = 30_000
QUESTIONS = 200
OF_MOST = 20
SEED = 2027
_SYLLABLES = [c + v + e for c in "bcdfglmnprstv" for v in "aeiou" for e in ("", "n", "r", "s")]
_GRAMMAR = ("the", "is", "for", "my", "and", "of", "in", "to", "a", "what")
Ask = Callable[[str], str]


def vocabulary(chance: random.Random) -> list[str]:
    """Different words of two to four syllables, the most frequent first."""
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def passages(count: int) -> list[Passage]:
    """The made-up playbook, the same every time: a question, another wording and about 100 words of answer each."""
    chance = random.Random(SEED)
    known = vocabulary(chance)
    uneven = [1.0 / (rank + 10) for rank in range(len(known))]
    found = []
    for number in range(count):
        drawn = chance.choices(known, weights=uneven, k=80)
        lines = [" ".join(_with_grammar(part, chance)) for part in (drawn[:6], drawn[6:12], drawn[12:])]
        found.append(
            Passage(
                id=str(number),
                initiative=f"made-up-{number % 5}",
                file=f"made-up-{number % 5}/faq.md",
                heading=f"{lines[0]} q{number}?".capitalize(),
                also=(lines[1],),
                body=lines[2],
                locale="en",
                kind="question",
            )
        )
    return found


def questions(asked: Sequence[Passage], count: int) -> list[tuple[str, str]]:
    """Questions with the id of the passage they mean: half its words in another order, two letters swapped in one."""
    chance = random.Random(SEED + 1)
    found = []
    for passage in chance.sample(list(asked), count):
        parts = [w for w in passage.heading.lower().split()[:-1] if w not in _GRAMMAR]
        chance.shuffle(parts)
        parts = parts[:4]
        word = parts[0]
        parts[0] = word[:2] + word[3] + word[2] + word[4:] if len(word) > 4 else word
        found.append((" ".join(_with_grammar(parts, chance)), passage.id))
    return found


def _with_grammar(parts: Sequence[str], chance: random.Random) -> list[str]:
    return [w for part in parts for w in ((chance.choice(_GRAMMAR), part) if chance.random() < 0.5 else (part,))]


def bm25(asked: Sequence[Passage]) -> Ask:
    """rank_bm25 over lower-case words."""
    from rank_bm25 import BM25Okapi  # noqa: PLC0415  # each system is measured with its own imports

    model = BM25Okapi([" ".join((p.heading, *p.also, p.body)).lower().split() for p in asked])
    return lambda question: asked[int(model.get_scores(question.lower().split()).argmax())].id


def words(asked: Sequence[Passage]) -> Ask:
    """What the product does where there is no encoder, the permission of every passage included."""
    from bot.answers import Index  # noqa: PLC0415  # each system is measured with its own imports

    return _asking(Index(asked))


def throughline(asked: Sequence[Passage]) -> Ask:
    """What the product does with stored vectors and the real encoder for the question."""
    from bot.answers import Index  # noqa: PLC0415  # each system is measured with its own imports
    from bot.answers.encoder import embedded  # noqa: PLC0415  # the same

    encoder = embedded()
    if encoder is None:
        raise SystemExit("there is no encoder on this machine")
    held = shipped_vectors(encoder.name)
    index = Index(asked, encoder, held)
    chance = np.random.default_rng(SEED)
    for piece in index.missing():
        held[piece.key] = chance.integers(-127, 127, DIMENSIONS, dtype=np.int8).tobytes()
    return _asking(index.with_vectors(held))


def _asking(index: Index) -> Ask:
    from bot.answers import find  # noqa: PLC0415  # each system is measured with its own imports

    def ask(question: str) -> str:
        found = find(index, question, locale="en", allowed=lambda passage: not passage.audience)
        return found.hits[0].passage.id if found.hits else ""

    return ask


SYSTEMS = {"rank_bm25": bm25, "words alone": words, "Throughline": throughline}


def measure(system: str, count: int) -> dict[str, float]:
    """Loading and asking in this process: seconds, megabytes, milliseconds, share of questions answered right."""
    if count == FEW:
        asked = [p for p in samples() if p.id == p.original and p.kind != "fact"][:FEW]
        wanted = [(f"{p.heading} please tell me", p.id) for p in asked[:: max(1, len(asked) // QUESTIONS)]][:QUESTIONS]
    else:
        asked = passages(count)
        wanted = questions(asked, QUESTIONS if count < MOST else OF_MOST)
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    ask = SYSTEMS[system](asked)
    load = time.perf_counter() - start
    ask("the first one takes longer")
    times, right = [], 0
    for question, passage in wanted:
        start = time.perf_counter()
        right += ask(question) == passage
        times.append((time.perf_counter() - start) * 1000)
    return {
        "load s": load,
        "memory MB": (process.memory_info().rss - before) / 2**20,
        "p50 ms": statistics.median(times),
        "p95 ms": statistics.quantiles(times, n=20)[-1],
        # Vectors drawn at random find nothing.
        "right": math.nan if system == "Throughline" and count > FEW else right / len(wanted),
    }


def samples() -> list[Passage]:
    """The passages of the sample playbooks."""
    files, _ = read_folder(SAMPLES)
    return [p for initiative in assemble(files).initiatives.values() for p in initiative.passages]


def command_line() -> str:
    """`throughline ask` from start to answer on the same passages, in seconds; a remark where there is no command."""
    if importlib.util.find_spec("bot.__main__") is None:
        return "no command line to measure"
    asked = passages(MANY)
    with tempfile.TemporaryDirectory() as name:
        _write(Path(name), asked)
        command = [sys.executable, "-m", "bot", "ask", asked[7].heading, "--playbooks", name, "--json"]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # our own command
        seconds = time.perf_counter() - start
    if done.returncode:
        return f"failed: {done.stderr.strip()[-200:]}"
    return f"{seconds:.1f} s"


def _write(root: Path, asked: Sequence[Passage]) -> None:
    (root / "strategy.yaml").write_text("goals:\n  - {id: goal, name: Goal}\n", encoding="utf-8")
    unit = "units:\n  - {id: all, name: All, timezone: Europe/Lisbon, owner: head@example.com}\n"
    (root / "units.yaml").write_text(unit, encoding="utf-8")
    for initiative in sorted({p.initiative for p in asked}):
        folder = root / initiative
        folder.mkdir()
        head = (
            f"id: {initiative}\nname: Made up\npurpose: Measuring.\nserves: [goal]\nsponsor: head@example.com\n"
            "project_manager: head@example.com\nunits:\n  - {id: all, changes: Nothing}\n"
        )
        (folder / "initiative.yaml").write_text(head, encoding="utf-8")
        entries = (
            f"## {p.heading}\n\nAlso asked: {p.also[0]}\n\n{p.body}\n" for p in asked if p.initiative == initiative
        )
        (folder / "faq.md").write_text("# Questions\n\n" + "\n".join(entries), encoding="utf-8")


def main() -> None:
    """Prints the tables; each system is measured in a process of its own."""
    for count in (FEW, MANY, MOST):
        print(f"{count:,} passages")
        for n, system in enumerate(SYSTEMS if count < MOST else ["Throughline"]):
            command = [sys.executable, "-m", "benchmarks.bench_answers", system, str(count)]
            row = json.loads(subprocess.check_output(command))  # this module
            if not n:
                print(f"{'':<14}" + "".join(f"{column:>12}" for column in row))
            print(
                f"{system:<14}" + "".join("           –" if math.isnan(v) else f"{v:12.2f}" for v in row.values()),
                flush=True,
            )
    print(f"throughline ask among {MANY:,} passages, start to answer: {command_line()}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
