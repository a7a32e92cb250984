"""The vocabulary that the core and the adapters share: who said what where, and what is posted in reply.

It imports nothing of the project and knows no platform. Everything here is plain, immutable data that
survives a round trip through JSON, because what was heard and what is to be sent waits in the database.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

PlaceKind = Literal["direct", "group", "channel"]
How = Literal["typed", "pressed", "form"]
AskKind = Literal["text", "choice", "multi", "date"]
Style = Literal["", "primary", "danger"]
Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the platform shows them. `member` is False for guests, externals and strangers.

    `bare`: only the account was told; who that is has to be asked of the platform at the first contact.
    """

    platform: str
    workspace: str
    account: str
    name: str = ""
    email: str = ""
    locale: str = ""
    timezone: str = ""
    member: bool = True
    bot: bool = False
    bare: bool = False


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
    in itself, so that it means the same a week later. `answers` are the fields of a form by name; `message` is the
    platform's id of the message that was pressed. `opens`: a form can be opened in answer to this; `replaces`: the
    pressed card can be exchanged in answer to this.
    """

    event: str
    person: Person
    place: Place
    text: str
    how: How = "typed"
    answers: Answers = field(default_factory=dict)
    message: str = ""
    opens: bool = False
    replaces: bool = False

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

    `longest` is in characters. `value` fills the field in beforehand. `settled`: it was answered before, is shown in a
    form to be changed, and is not asked again where asks are put one by one. `only_with` are answers of asks before it,
    as `name=value`: one by one it is asked only where one of them was given.
    """

    name: str
    question: str
    kind: AskKind = "text"
    options: tuple[Option, ...] = ()
    optional: bool = False
    longest: int = 3000
    value: str = ""
    hint: str = ""
    settled: bool = False
    only_with: tuple[str, ...] = ()

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Ask:
        """An ask out of the plain data of a card. Keys of a newer version are ignored."""
        known = {k: v for k, v in raw.items() if k in Ask.__slots__}
        options = tuple(Option(**o) for o in raw["options"])
        return Ask(**{**known, "options": options, "only_with": tuple(raw.get("only_with", ()))})


@dataclass(frozen=True, slots=True)
class Card:
    """A message. `body` is a small Markdown subset (paragraphs, **bold**, _italic_, lists, links); no HTML.

    With `asks` the card is a form and handing it in says `submits`. Every card has a plain-text form.
    `image` is an https address, a path of our own, or a picture of our own as `data:image/png;base64,…` (see
    `picture_of`); `image_text` says in words what it shows, and stands where no picture can.
    `source` says where the content is from; `details` stand behind "details". `confidential`: what is entered in this
    form is kept by no platform beyond the form itself.
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
    confidential: bool = False

    def to_json(self) -> str:
        """This, as text for the database."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Card:
        """What `to_json` wrote. Keys of a newer version are ignored, so that two versions can run side by side."""
        raw: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in Card.__slots__}
        asks = tuple(Ask.from_dict(a) for a in raw.pop("asks", ()))
        choices = tuple(Choice(**c) for c in raw.pop("choices", ()))
        facts = tuple((label, value) for label, value in raw.pop("facts", ()))
        table = tuple(tuple(row) for row in raw.pop("table", ()))
        return Card(asks=asks, choices=choices, facts=facts, table=table, **raw)


PICTURE = "data:image/png;base64,"
# learn.microsoft.com, "Send and receive messages": pictures up to 1024 x 1024 pixels and 1 MB. Slack takes more.
PICTURE_BYTES = 1_000_000
PICTURE_SIDE = 1_024
# PNG specification (W3C), 5.2 and 11.2.2: the signature, then the chunk IHDR with width and height, four bytes each.
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def picture_of(card: Card) -> bytes | None:
    """The picture of our own that a card carries, as PNG; None where it has none or that is too large or no PNG, so
    that its words are shown.
    """
    if not card.image.startswith(PICTURE) or len(card.image) > len(PICTURE) + (PICTURE_BYTES + 2) // 3 * 4:
        return None
    try:
        content = b64decode(card.image.removeprefix(PICTURE), validate=True)
    except (binascii.Error, ValueError):
        return None
    sides = [int.from_bytes(content[at : at + 4], "big") for at in (len(_PNG), len(_PNG) + 4)]
    fits = len(content) <= PICTURE_BYTES and all(0 < side <= PICTURE_SIDE for side in sides)
    return content if fits and content.startswith(_PNG) else None


@dataclass(frozen=True, slots=True)
class Post:
    """A card on its way: to a place, or to a person of the directory (by their key), who is then written to directly.

    `key` makes it unique: the same key is never posted twice. `reply` posts answer something that was just said.
    What the bot writes to a person of its own accord has a `kind`, which they can switch off, and waits for their
    right moment unless it is `urgent`; without a kind it is about their own affairs and is sent at once. Posts of one
    `batch` are counted, cancelled and recalled together. Nothing is sent before `not_before` (aware).
    """

    key: str
    card: Card
    place: Place | None = None
    person: str = ""
    reply: bool = False
    kind: str = ""
    urgent: bool = False
    batch: str = ""
    not_before: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class Absent:
    """The platform's history was read, and the message is not in it."""


Outcome = Sent | Later | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many calls within so many seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The pace a platform documents: for all calls to one workspace or tenant, and for one conversation of it.

    `at_once` calls may be under way together. With `history`, what was sent can be looked up by its key.
    """

    workspace: tuple[Window, ...] = ()
    conversation: tuple[Window, ...] = ()
    at_once: int = 20
    history: bool = False


class Adapter(Protocol):
    """What the delivery engine asks of a platform: single calls, no pacing, no retry, no decision.

    No call raises for what a platform or a network does. `message` is an id that `send` gave.
    """

    name: str
    limits: Limits

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Post the card once. `key` is random; where `limits.history` says so, `find` finds the message by it."""
        ...

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """Put this card in the place of what was sent."""
        ...

    async def delete(self, place: Place, message: str) -> Outcome:
        """Take back what was sent. That it is gone already is `Sent` too."""
        ...

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Look for what was sent with this key between these aware moments. `Refused`: history cannot be read."""
        ...

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """The direct conversation with this account, made if need be, so that a person can be written to first."""
        ...


_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
# What would begin a list, a quotation or the line under a heading.
_LINE_START = re.compile(r"^(\s*)(?:(\d+)([.)])(?=\s|$)|([-+=>]))", re.MULTILINE)


def escape(text: str) -> str:
    """Text that came from people, made safe to stand inside a card's body: no markup of theirs takes effect."""
    return _LINE_START.sub(_harmless, _SPECIAL.sub(r"\\\1", text))


def _harmless(begin: re.Match[str]) -> str:
    space, number, dot, sign = begin.groups()
    return f"{space}{number}\\{dot}" if number else f"{space}\\{sign}"


def quoted(text: str) -> str:
    """Text that came from people as a quotation in a card's body."""
    return "> " + escape(text.strip()).replace("\n", "\n> ")
