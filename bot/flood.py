"""Too much at once from one account: a polite word, then silence until it is bearable again. Pure; it knows no text."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

AT_MOST = 60
WITHIN = timedelta(minutes=1)
ACCOUNTS_WATCHED = 10_000

Verdict = Literal["take", "tell", "drop"]


class Flood:
    """Counts what each account says, in this process. Safe to use from several threads; bounded in memory."""

    def __init__(self, at_most: int = AT_MOST, within: timedelta = WITHIN) -> None:
        self._at_most = at_most
        self._within = within
        self._said: OrderedDict[str, deque[tuple[datetime, str]]] = OrderedDict()
        self._told: dict[str, datetime] = {}
        self._lock = Lock()

    def verdict(self, account: str, event: str, now: datetime) -> Verdict:
        """`take` it; or it is too much: `tell` them, once in the time that counts, else `drop` it. What a platform
        sends once more counts once.
        """
        with self._lock:
            said = self._said.setdefault(account, deque(maxlen=self._at_most))
            self._said.move_to_end(account)
            self._forget()
            if any(event == earlier for _, earlier in said):
                return "take"
            if len(said) < self._at_most or now - said[0][0] >= self._within:
                said.append((now, event))
                return "take"
            told = self._told.get(account)
            if told is not None and now - told < self._within:
                return "drop"
            self._told[account] = now
            return "tell"

    def _forget(self) -> None:
        while len(self._said) > ACCOUNTS_WATCHED:
            account, _ = self._said.popitem(last=False)
            self._told.pop(account, None)
