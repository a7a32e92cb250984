"""The vocabulary that the core and the adapters share: who said what where, and what is posted in reply.

It imports nothing of the project and knows no platform. Everything here is plain, immutable data that
survives a round trip through JSON, because what was heard and what is to be sent waits in the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

PlaceKind = Literal["direct", "group", "channel"]
How = Literal["typed", "pressed", "form"]
AskKind = Literal["text", "choice", "multi", "date"]
Style = Literal["", "primary", "danger"]
Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the platform shows them. `member` is False for guests, externals and strangers."""

    platform: str
    workspace: str
    account: str
    name: str = ""
    email: str = ""
    locale: str = ""
    timezone: str = ""
    member: bool = True
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said. The ids are opaque to the core; `outsiders` says that guests or partners read here."""

    platform: str
    workspace: str
    conversation: str
    thread: str = ""
    kind: PlaceKind = "direct"
    outsiders: bool = False

    def encode(self) -> str:
        """One line of text that `decode` turns back into the same place, for the database."""
        return json.dumps(
            [
                self.platform,
                self.workspace,
                self.conversation,
                self.thread,
                self.kind,
                self.outsiders,
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @staticmethod
    def decode(text: str) -> Place:
        """The place that `encode` wrote."""
        return Place(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody said: typed, pressed on a card, or handed in as a form.

    `event` is the platform's own id of it, the same on every retry. `text` of a press or a form is complete
    in itself, so that it means the same a week later. `answers` are the fields of a form by name.
    """

    event: str
    person: Person
    place: Place
    text: str
    how: How = "typed"
    answers: Answers = field(default_factory=dict)
    message: str = ""

    def to_json(self) -> str:
        """This, as text for the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Said:
        """What `to_json` wrote."""
        raw = json.loads(text)
        answers = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.pop("answers").items()}
        return Said(
            person=Person(**raw.pop("person")),
            place=Place(**raw.pop("place")),
            answers=answers,
            **raw,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: pressing it says `says`. With `url` it opens an address instead."""

    label: str
    says: str = ""
    style: Style = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be picked in an ask."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of a form, or one question in a row of questions where a platform has no forms.

    `longest` is in characters. `value` fills the field in beforehand.
    """

    name: str
    question: str
    kind: AskKind = "text"
    options: tuple[Option, ...] = ()
    optional: bool = False
    longest: int = 3000
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A message. `body` is a small Markdown subset (paragraphs, **bold**, _italic_, lists, links); no HTML.

    With `asks` the card is a form and handing it in says `submits`. Every card has a plain-text form.
    `source` says where the content is from; `details` stand behind "details".
    """

    body: str
    title: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    image: str = ""
    image_text: str = ""
    choices: tuple[Choice, ...] = ()
    asks: tuple[Ask, ...] = ()
    submits: str = ""
    submit_label: str = ""
    source: str = ""
    details: str = ""
    locale: str = "en"

    def to_json(self) -> str:
        """This, as text for the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Card:
        """What `to_json` wrote. Keys of a newer version are ignored, so that two versions can run side by side."""
        raw: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in Card.__slots__}
        asks = tuple(Ask(**{**a, "options": tuple(Option(**o) for o in a["options"])}) for a in raw.pop("asks", ()))
        choices = tuple(Choice(**c) for c in raw.pop("choices", ()))
        facts = tuple((label, value) for label, value in raw.pop("facts", ()))
        table = tuple(tuple(row) for row in raw.pop("table", ()))
        return Card(asks=asks, choices=choices, facts=facts, table=table, **raw)


@dataclass(frozen=True, slots=True)
class Post:
    """A card on its way: to a place, or to a person of the directory (by their key), who is then written to directly.

    `key` makes it unique: the same key is never posted twice. `reply` posts answer something that was just said.
    """

    key: str
    card: Card
    place: Place | None = None
    person: str = ""
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it and gave it this id (which may be empty)."""

    id: str


@dataclass(frozen=True, slots=True)
class Later:
    """The platform asks to wait so many seconds, or a passing fault was met."""

    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not take it, now or later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether the platform took it: the call broke off."""

    reason: str


Outcome = Sent | Later | Refused | Unknown


class Adapter(Protocol):
    """What the delivery engine asks of a platform: one call, no pacing, no retry, no decision."""

    name: str

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Post the card once. Never raises for what a platform or a network does."""
        ...

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The direct conversation with this account, made if need be, so that a person can be written to first."""
        ...


_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)([-+>]|\d+[.)])(?=\s)", re.MULTILINE)


def escape(text: str) -> str:
    """Text that came from people, made safe to stand inside a card's body: no markup of theirs takes effect."""
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def quoted(text: str) -> str:
    """Text that came from people as a quotation in a card's body."""
    return "> " + escape(text.strip()).replace("\n", "\n> ")
