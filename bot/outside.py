"""What has to be asked outside before something can be decided: who somebody is, and a shorter wording of an answer.

Neither is ever asked inside a transaction: the work says what it lacks by an exception, and is done anew with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.messages import Person
from bot.shortening import Brief, Shortened, Wanted
from bot.store import accounts

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Known:
    """What was learned outside: who a bare person is, and what the language model made of a brief (None: nothing)."""

    met: Person | None = None
    shortened: dict[Brief, Shortened | None] = field(default_factory=dict)

    def shorten(self, brief: Brief) -> Shortened | None:
        """What the model made of it. Raises `Wanted` if it was not asked yet."""
        if brief not in self.shortened:
            raise Wanted(brief)
        return self.shortened[brief]


class Outside:
    """`introduce` asks a platform who a bare person is, None if it cannot say now; `shorten` asks the language model,
    if there is one. Both may take a second or two.
    """

    def __init__(
        self,
        introduce: Callable[[Person], Person | None],
        shorten: Callable[[Brief], Shortened | None] | None,
    ) -> None:
        self._introduce = introduce
        self._shorten = shorten

    @property
    def shortens(self) -> bool:
        """Whether there is a language model."""
        return self._shorten is not None

    def done(self, work: Callable[[Known], Result]) -> Result:
        """Does the work, each thing it lacks being asked once. Raises `Unacquainted` if a platform cannot say now who
        somebody is; a model that fails only leaves the answer as long as it was.
        """
        known = Known()
        while True:
            try:
                return work(known)
            except accounts.Unacquainted as new:
                met = self._introduce(new.person) if known.met is None else None
                if met is None:
                    raise
                known = replace(known, met=met)
            except Wanted as wanted:
                answer = self._shorten(wanted.brief) if self._shorten and not known.shortened else None
                known = replace(known, shortened={**known.shortened, wanted.brief: answer})
