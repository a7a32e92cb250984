"""What of a message is looked at: its words as hashed runs of letters, how it is put, and the part behind a "but".

Pure, and linear in a bounded length whatever comes in. It knows no label.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from bot.answers.text import tidy

Floats = NDArray[np.float32]

LONGEST = 600
"""Characters that are looked at: of a longer message its beginning and its end, where people say what they want."""
BUCKETS = 4096
"""Runs of letters are told apart by a hash of this many values."""
RUNS = (2, 3, 4)
LONGEST_TAIL = 300
SHORTEST_TAIL = 6
FEW = 3
_CUT = re.compile(
    r"(?:^|[\s,;.!–—-])(?:but|only that|except that|although|though|yet|aber|allerdings|nur|mas|porém|só que|pero|"
    r"solo que|sin embargo|mais|sauf que|men|ma|però|maar)\s",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？؟]")


def readable(text: str) -> str:
    """The message on one line, without what cannot be seen, cut to a bounded length."""
    if len(text) > 4 * LONGEST:
        text = f"{text[: 2 * LONGEST]} {text[-2 * LONGEST :]}"
    flat = " ".join(tidy(text.replace("\0", " ")).split())
    half = LONGEST // 2
    return flat if len(flat) <= LONGEST else f"{flat[:half]} {flat[-half:]}"


def tail(text: str) -> str:
    """What stands behind the last "but" of a readable text, or the whole: praise with a "but" is told by it."""
    cuts = [found.end() for found in _CUT.finditer(text) if len(text) - found.end() >= SHORTEST_TAIL]
    return text[cuts[-1] :][-LONGEST_TAIL:] if cuts else text


def runs(text: str) -> Floats:
    """How often each hashed run of letters stands in a readable text, dampened; a row of length 1."""
    padded = f" {text.casefold()} "
    row = np.zeros(BUCKETS, dtype=np.float32)
    counted = Counter(padded[at : at + n] for n in RUNS for at in range(len(padded) - n + 1))
    for run, times in counted.items():
        row[zlib.crc32(run.encode("utf-8", "replace")) % BUCKETS] += 1.0 + np.log(times)
    return row / max(float(np.linalg.norm(row)), 1e-9)


def manner(text: str) -> Floats:
    """How a readable text is put: length, whether and where it asks, exclaims, how many sentences, digits."""
    asks = [found.end() for found in _QUESTION.finditer(text)]
    words = text.split()
    return np.array(
        [
            min(len(words), 40) / 20.0,
            float(len(words) <= FEW),
            float(bool(asks)),
            float(text.rstrip(" !.…").endswith(("?", "？", "؟"))),
            float(bool(asks) and asks[0] < len(text) - 3),
            float("!" in text),
            min(len(re.findall(r"[.!?…]+(?:\s|$)", text)), 5) / 3.0,
            float(any(c.isdigit() for c in text)),
            float(tail(text) != text),
        ],
        dtype=np.float32,
    )
