"""What was learned a moment ago and need not be asked again: a small memory that forgets by age and by number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Keeps at most `most` values for so many `seconds` each. `clock` counts seconds."""

    def __init__(self, seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """What is kept under this key, unless it is too old."""
        at, value = self._kept.get(key, (None, None))
        return value if at is not None and self._clock() - at < self._seconds else None

    def keep(self, key: Key, value: Value) -> None:
        """Keeps this; the oldest makes way."""
        self._kept.pop(key, None)
        self._kept[key] = (self._clock(), value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Forgets what is kept under this key."""
        self._kept.pop(key, None)
