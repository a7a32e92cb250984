"""What lies behind the Slack adapter: the functions of the core that it is handed, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.messages import Card, Person, Place, Said


class Decided(Protocol):
    """What came of something that was decided at once. `new` is False for what was heard before."""

    @property
    def new(self) -> bool:
        """Whether it is heard for the first time."""
        ...

    @property
    def cards(self) -> Sequence[Card]:
        """What is posted in answer, by the delivery engine."""
        ...

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong with a form, by the name of its field."""
        ...

    @property
    def form(self) -> Card | None:
        """The form to open now."""
        ...

    @property
    def instead(self) -> Card | None:
        """What takes the place of the pressed card."""
        ...


@dataclass(frozen=True, slots=True)
class Inside:
    """Functions of the core, all synchronous: they run in the executor and raise what goes wrong.

    `accept` records and `handle` answers it later; `hear` decides at once, unless nobody `wanted` it any more when it
    is done. `words` gives a text by its key in a language. `gone` is told of a conversation that is no more and why,
    `moved` of one that has another id now.
    """

    accept: Callable[[Said], bool]
    handle: Callable[[Said], None]
    hear: Callable[[Said, Callable[[], bool]], Decided]
    home: Callable[[Person], Sequence[Card]]
    words: Callable[[str, str], str]
    gone: Callable[[Place, str], None]
    moved: Callable[[Place, str], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long deciding on a press or a form may take, and recording an event, in seconds."""

    decide: float
    accept: float


@dataclass(frozen=True, slots=True)
class Ack:
    """The answer to a payload of Slack's; what is not 200 it sends again, if it was an event."""

    status: int = 200
    body: Mapping[str, Any] | str = ""


DONE = Ack()
NOT_NOW = Ack(503)
MALFORMED = Ack(400)
