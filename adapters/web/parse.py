"""What a browser hands in, as something that was said. Pure.

The page has fields of its own (`text`, `press`, `form`, `event`); the answers to a form stand in fields named
`field.` and the name of the ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.messages import Ask, Person, Place, PlaceKind, Said

PLATFORM = "web"
WORKSPACE = "local"
BOT = "throughline"
MENTION = f"@{BOT}"
FIELD = "field."
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Room:
    """A place of the page: `slug` is its name in addresses, `outsiders` says that guests read here."""

    slug: str
    conversation: str
    kind: PlaceKind = "channel"
    outsiders: bool = False

    def place(self, thread: int = 0) -> Place:
        """This room, or a thread in it, for the core."""
        within = str(thread) if thread else ""
        return Place(PLATFORM, WORKSPACE, self.conversation, within, self.kind, self.outsiders)


def direct_room(account: str) -> Room:
    """Where this account talks with the bot alone."""
    return Room("direct", f"direct:{account}", "direct")


def channel_room(name: str, outsiders: bool) -> Room:
    """A channel."""
    return Room(name, f"channel:{name}", "channel", outsiders)


def parse(person: Person, room: Room, fields: Fields, thread: int = 0, asks: Sequence[Ask] = ()) -> Said | None:
    """What was said with these fields; None for the bot's own messages and for what is not meant for it.

    In a channel only what mentions the bot is. `asks` are the fields of the form that is handed in.
    """
    if person.account == BOT:
        return None
    event, place = first(fields, "event"), room.place(thread)
    if "form" in fields:
        known = {ask.name: ask for ask in asks}
        answers = {
            name.removeprefix(FIELD): _answer(known.get(name.removeprefix(FIELD)), values)
            for name, values in fields.items()
            if name.startswith(FIELD)
        }
        return Said(event, person, place, first(fields, "form"), "form", answers)
    if "press" in fields:
        message = first(fields, "message")
        pressed = first(fields, "press")
        return Said(event, person, place, pressed, "pressed", message=message, replaces=bool(message))
    text = first(fields, "text")
    if room.kind == "direct":
        return Said(event, person, place, without_mention(text))
    return Said(event, person, place, without_mention(text)) if mentions(text) else None


def _answer(ask: Ask | None, values: Sequence[str]) -> str | tuple[str, ...]:
    if ask is not None and ask.kind == "multi":
        return tuple(value for value in values if value)
    # Browsers hand in line ends as CRLF, whatever the system.
    return values[0].replace("\r\n", "\n") if values else ""


def first(fields: Fields, name: str) -> str:
    """The first value of a field, '' if there is none."""
    return next(iter(fields.get(name, ())), "").replace("\r\n", "\n")


def mentions(text: str) -> bool:
    """Whether this text begins with a mention of the bot or has one inside."""
    return any(word.rstrip(",:;.!?") == MENTION for word in text.lower().split())


def without_mention(text: str) -> str:
    """The text without a mention of the bot at its beginning."""
    start = text.lstrip()
    return start[len(MENTION) :].lstrip(" ,:") if start.lower().startswith(MENTION) else text
