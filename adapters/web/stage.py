"""What the local page is handed: the people one can be, the channels, the kept messages, and how to speak to the core.

Only shapes stand here; what fills them is put together elsewhere, since an adapter knows nothing of the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.messages import Card, Person, Said


class Speaker(Protocol):
    """Somebody one can be."""

    @property
    def person(self) -> Person:
        """The account on this page."""

    @property
    def unit(self) -> str:
        """The name of their unit, '' if it is not known."""

    @property
    def part(self) -> str:
        """What they do in the initiatives, in a few words."""

    @property
    def location(self) -> str:
        """Where they are."""

    @property
    def suggested(self) -> str:
        """Why to try them first, or ''."""


class Message(Protocol):
    """One message: of a person (`text`) or of the bot (`card`, and no `sender`)."""

    @property
    def number(self) -> int:
        """Its number; later messages have higher ones."""

    @property
    def place(self) -> str:
        """The conversation it stands in."""

    @property
    def thread(self) -> int:
        """The number of the message it replies to, or 0."""

    @property
    def sender(self) -> str:
        """The account, '' for the bot."""

    @property
    def text(self) -> str:
        """What was typed, or the label that was pressed."""

    @property
    def how(self) -> str:
        """As in `Said`."""

    @property
    def card(self) -> Card | None:
        """What the bot posted."""

    @property
    def done(self) -> bool:
        """Whether the form in it was handed in."""

    @property
    def changed(self) -> int:
        """What was counted when it changed last: its number, or a later one."""

    @property
    def edited(self) -> bool:
        """Whether the bot put another card in its place."""

    @property
    def removed(self) -> bool:
        """Whether the bot took it back; nothing of it is there any more."""

    @property
    def at(self) -> datetime:
        """When, with a zone."""


class Stage(Protocol):
    """The deployment. Every method may take its time and is called outside the event loop."""

    def speakers(self) -> Sequence[Speaker]:
        """Everybody one can be."""

    def channels(self) -> Mapping[str, bool]:
        """The channels by name, and whether guests read there too."""

    def post(
        self, place: str, *, key: str, thread: int = 0, sender: str = "", text: str = "", how: str = "typed"
    ) -> int:
        """Keeps what somebody said, once; returns the number of the message."""

    def post_card(self, place: str, *, key: str, thread: int, card: Card) -> int:
        """Keeps what the bot posts, once; returns the number of the message."""

    def change_card(self, number: int, card: Card) -> bool:
        """Puts another card in the place of what the bot posted; False if it is not there."""

    def remove_card(self, number: int) -> None:
        """Takes back what the bot posted."""

    def number_of(self, key: str) -> int:
        """The number of the message with this key, 0 if there is none."""

    def page(self, place: str, before: int = 0, limit: int = 50) -> Sequence[Message]:
        """The newest messages of a place, older than `before` if given, each followed by its replies."""

    def since(self, number: int, places: Iterable[str]) -> Sequence[Message]:
        """What was said, changed or taken back in these places after this count, what changed last at the end."""

    def newest(self) -> int:
        """What was counted last, messages and their changes together."""

    def message(self, number: int) -> Message | None:
        """The message with this number."""

    def accept(self, said: Said) -> bool:
        """What was typed is safe from now on; False if it was heard before. `handle` answers it."""

    def handle(self, said: Said) -> None:
        """Answers what was accepted."""

    def press(self, said: Said, number: int = 0) -> None:
        """Hears the press of a button, of the message with this number if there is one, and answers it."""

    def hand_in(self, said: Said, number: int) -> Mapping[str, str]:
        """Hears the form of a message; what is wrong with it, by field."""

    def home(self, account: str) -> Sequence[Card]:
        """What the page of one's own shows to this account."""

    def signature(self, account: str) -> str:
        """What only a page of this deployment can hand in for this account."""


class Clock(Protocol):
    """The deployment's clock, which can be moved ahead. Moving may take its time."""

    def __call__(self) -> datetime:
        """The moment that it is now, as this clock has it."""

    @property
    def ahead(self) -> timedelta:
        """How far it was moved."""

    def move_to(self, moment: datetime) -> None:
        """From now on it is this moment."""

    def back(self) -> None:
        """Shows the real time again."""
