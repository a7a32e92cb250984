"""What the adapter is handed: the core to speak to, and where addresses are kept. Only shapes stand here; what fills
them is put together elsewhere, since an adapter knows nothing of the core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

from bot.messages import Card, Said

Reference = Mapping[str, Any]


class Handled(Protocol):
    """What came of a press or a form."""

    @property
    def new(self) -> bool:
        """False if it was heard before."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """What was posted where it was said."""

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong with a form, by field."""

    @property
    def form(self) -> Card | None:
        """What is to be opened now."""

    @property
    def instead(self) -> Card | None:
        """What takes the place of the pressed card."""


class Core(Protocol):
    """The core as this module needs it. Every method may take its time and is called outside the event loop."""

    def accept(self, said: Said) -> bool:
        """What was typed is safe from now on; False if it was heard before."""

    def handle(self, said: Said) -> None:
        """Answers what was accepted."""

    def hear(self, said: Said, wanted: Callable[[], bool]) -> Handled:
        """Hears and answers a press or a form. Raises what went wrong, with nothing recorded; also if the answer is not
        `wanted` any more when it is there.
        """


class Kept(Protocol):
    """A conversation that was heard from."""

    @property
    def reference(self) -> Reference:
        """What `conversation_reference` gave."""

    @property
    def outsiders(self) -> bool | None:
        """Whether guests or people of other tenants read there; None while nobody has looked."""

    @property
    def looked_on(self) -> date | None:
        """The day of that look."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be written there until it is heard from again."""


class References(Protocol):
    """What is kept. Every method may take its time and is called outside the event loop."""

    def conversation(self, workspace: str, conversation: str) -> Kept | None:
        """What is known of this conversation."""

    def keep_conversation(self, workspace: str, conversation: str, reference: Reference) -> None:
        """Remembers where this conversation is. It is open from now on."""

    def note_outsiders(self, workspace: str, conversation: str, outsiders: bool) -> None:
        """Remembers whether guests or people of other tenants read there, as of today."""

    def close_conversation(self, workspace: str, conversation: str) -> None:
        """Nothing can be written there until it is heard from again."""

    def newest(self, workspace: str) -> Reference | None:
        """The conversation of this tenant that was heard from last."""

    def account(self, workspace: str, account: str) -> Reference | None:
        """What `account_reference` gave for this account."""

    def keep_account(self, workspace: str, account: str, reference: Reference) -> None:
        """Remembers how to reach this account."""
