"""Asks a language model for a shorter answer and takes it only if it holds; counts what that costs.

It knows no HTTP: the endpoint is handed in. It may be asked by several threads at once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.shortening.brief import Brief, instructions
from bot.shortening.checking import Sentence, checked

Ask = Callable[[Sequence[Mapping[str, str]]], "tuple[str, int] | None"]
"""Gives the model's text and the tokens it used, or None where no answer came in time. Never raises."""
Outcome = Literal["taken", "refused", "failed"]
REST = timedelta(seconds=60)
"""How long an endpoint that gave no answer is left alone, so that not every asker waits for it."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """An answer made shorter. Every sentence comes from a passage."""

    sentences: tuple[Sentence, ...]

    @property
    def passages(self) -> tuple[str, ...]:
        """The ids of the passages it comes from, in their order."""
        return tuple(dict.fromkeys(sentence.passage for sentence in self.sentences))


class Wanted(Exception):
    """Raised where an answer could be shorter: the model is asked outside the transaction, and all is done anew."""

    def __init__(self, brief: Brief) -> None:
        super().__init__("an answer could be made shorter")
        self.brief = brief


class Shortener:
    """Makes answers shorter. `counts` says how often that went how, and `tokens` what it has cost so far."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._counts: Counter[Outcome] = Counter()
        self._tokens = 0
        self._rests_until: datetime | None = None

    def shorten(self, brief: Brief, now: datetime) -> Shortened | None:
        """The shorter answer, or None: the answer is then sent as it is quoted. Takes as long as `ask` does."""
        with self._lock:
            if self._rests_until is not None and now < self._rests_until:
                return None
        told = self._ask(instructions(brief))
        sentences = checked(told[0], brief) if told else None
        outcome: Outcome = "failed" if told is None else "taken" if sentences else "refused"
        with self._lock:
            self._counts[outcome] += 1
            self._tokens += told[1] if told else 0
            self._rests_until = now + REST if told is None else None
        return Shortened(sentences) if sentences else None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many answers were taken, refused by the check, or did not come."""
        with self._lock:
            return {outcome: self._counts[outcome] for outcome in ("taken", "refused", "failed")}

    @property
    def tokens(self) -> int:
        """The tokens that the endpoint says it has used since the start."""
        return self._tokens
