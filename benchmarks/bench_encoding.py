"""What encoding costs: passages a second on one thread, a start with everything encoded, what an event loop waits."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench_answers import samples
from benchmarks.sets import SAMPLES
from bot.answers.encoder import embedded
from bot.answers.meaning import encoded, pieces
from bot.commands.asking import Desk

ENCODED = 20
TICK = 0.005


def measured() -> Iterable[str]:
    """One line for each figure."""
    encoder = embedded()
    if encoder is None:
        yield "no encoder on this machine"
        return
    some = samples()[:: max(1, len(samples()) // ENCODED)][:ENCODED]
    start = time.perf_counter()
    for passage in some:
        encoded(pieces(passage), encoder)
    seconds = time.perf_counter() - start
    texts = sum(len(pieces(passage)) for passage in some)
    yield f"{len(some) / seconds:.1f} passages a second encoded ({texts / seconds:.1f} texts), one thread"

    async def longest_wait() -> float:
        work = asyncio.get_running_loop().run_in_executor(None, encoded, pieces(some[0]) * 10, encoder)
        waits = []
        while not work.done():
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            waits.append(time.perf_counter() - before - TICK)
        return max(waits)

    yield f"an event loop waits at most {asyncio.run(longest_wait()) * 1000:.0f} ms longer meanwhile"
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        Desk(SAMPLES, datetime(2026, 11, 23, tzinfo=UTC), encoder, Path(name) / "vectors.bin")
        yield f"{time.perf_counter() - start:.1f} s from the sample playbooks to ready, with their vectors kept"


def main() -> None:
    """Prints the figures."""
    for line in measured():
        print(line, flush=True)


if __name__ == "__main__":
    main()
