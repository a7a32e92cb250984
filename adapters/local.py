"""The in-memory platform: a small chat without a network, for transcripts, for trying things out and for tests.

It is an adapter like the others: `parse` and `render` are pure, and what it cannot show it cuts or shows as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.plain import cut, plain_text
from bot.messages import Absent, Card, Later, Limits, Outcome, Person, Place, Refused, Said, Sent

NAME = "local"
WORKSPACE = "local"
BOT = "throughline"
LONGEST_TEXT = 4_000
LIMITS = Limits(history=True)
LONGEST_LABEL = 75


def parse(payload: Mapping[str, Any]) -> Said | None:
    """What a payload says; None for the bot's own messages and for what says nothing.

    A payload has `id`, `from` (`account`, and optionally name, email, locale, timezone, guest, bot), `conversation`
    (`id`, `kind`, optionally `thread` and `outsiders`), and `text`, or `press`, or `form` with `answers`.
    """
    sender = payload["from"]
    if sender["account"] == BOT:
        return None
    person = Person(
        platform=NAME,
        workspace=WORKSPACE,
        account=sender["account"],
        name=sender.get("name", ""),
        email=sender.get("email", ""),
        locale=sender.get("locale", ""),
        timezone=sender.get("timezone", ""),
        member=not sender.get("guest", False),
        bot=sender.get("bot", False),
    )
    where = payload["conversation"]
    place = Place(
        platform=NAME,
        workspace=WORKSPACE,
        conversation=where["id"],
        thread=where.get("thread", ""),
        kind=where.get("kind", "direct"),
        outsiders=where.get("outsiders", False),
    )
    if "form" in payload:
        answers = {k: tuple(v) if isinstance(v, list) else v for k, v in payload["answers"].items()}
        return Said(payload["id"], person, place, payload["form"], "form", answers)
    if "press" in payload:
        return Said(payload["id"], person, place, payload["press"], "pressed")
    return Said(payload["id"], person, place, _without_mention(payload.get("text", "")))


def _without_mention(text: str) -> str:
    mention = f"@{BOT}"
    start = text.lstrip()
    return start[len(mention) :].lstrip(" ,:") if start.lower().startswith(mention) else text


def render(card: Card) -> dict[str, Any]:
    """The card as this platform shows it: text within its limit, buttons, and the fields of a form."""
    return {
        "text": plain_text(card, LONGEST_TEXT),
        "buttons": [{"label": cut(c.label, LONGEST_LABEL), "says": c.says, "url": c.url} for c in card.choices],
        "form": card.submits,
        "fields": [ask.name for ask in card.asks],
    }


def direct_place(account: str) -> Place:
    """The direct conversation with this account."""
    return Place(NAME, WORKSPACE, f"direct:{account}")


@dataclass(slots=True)
class Local:
    """The platform itself: it knows its accounts and keeps what was posted, in order, with the place."""

    accounts: set[str] = field(default_factory=set)
    posted: list[tuple[Place, dict[str, Any]]] = field(default_factory=list)
    name: str = NAME
    limits: Limits = LIMITS
    keys: dict[str, str] = field(default_factory=dict)

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Keeps the message; refuses direct conversations with accounts it does not know."""
        if place.conversation.startswith("direct:") and place.conversation.removeprefix("direct:") not in self.accounts:
            return Refused("no such account")
        self.posted.append((place, render(card)))
        self.keys[key] = str(len(self.posted))
        return Sent(self.keys[key])

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Exchanges the message."""
        self.posted[int(message) - 1] = (place, render(card))
        return Sent(message)

    async def delete(self, place: Place, message: str) -> Outcome:
        """Empties the message, so that those after it keep their numbers."""
        self.posted[int(message) - 1] = (place, {"text": "", "buttons": [], "form": "", "fields": []})
        return Sent(message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Knows every key it was given."""
        return Sent(self.keys[key]) if key in self.keys else Absent()

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The direct conversation with a known account."""
        return direct_place(account) if account in self.accounts else Refused("no such account")
