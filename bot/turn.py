"""What a capability is given and what it gives back: the reader, the turn of a conversation, and the reply.

It knows no platform and no capability. `Reader` is all that a pure answer depends on; `Turn` adds the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.answers.index import Index
from bot.following.lately import Lately
from bot.messages import Card, Post, Said
from bot.playbook.access import Viewer, affected_unit, known, may_read
from bot.playbook.model import Initiative, Passage, Playbooks
from bot.shortening import Brief, Shortened
from bot.store import people
from bot.store.engine import Session
from bot.store.people import PersonRecord
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Topic:
    """What a conversation is about, so that "and for finance?" is understood. Never the words somebody wrote."""

    initiative: str = ""
    passage: str = ""
    word: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """What the directory says of somebody who is named in a playbook."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is so wherever this runs. `pages` is the address of the web pages without a slash at its end, '' where there
    are none; `pace` says how many messages a second one workspace or tenant of a platform takes.
    """

    pages: str = ""
    pace: Callable[[str], float] = lambda _: 1.0


ANYWHERE = Deployment()
"""One without pages, of which no platform's pace is known."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything an answer depends on besides the question.

    `directory` finds a colleague by address, or None. `as_of` says since when an initiative stands as it does.
    `only` is an initiative that was asked for by its id, whatever its status. `direct` is False where others read.
    `pages` is the address of the web pages without a slash at its end, '' where there are none. `lately` is what
    happened in an initiative that the reader may have missed, `changed` the lines of its decision log about what was
    decided otherwise since.
    """

    viewer: Viewer
    words: Words
    now: datetime
    playbooks: Playbooks
    index: Index
    directory: Callable[[str], Colleague | None]
    as_of: Mapping[str, date] = field(default_factory=dict)
    topic: Topic = Topic()
    only: str = ""
    direct: bool = True
    pages: str = ""
    lately: Callable[[Initiative], Lately] = lambda _: Lately()
    changed: Callable[[Initiative], tuple[str, ...]] = lambda _: ()

    @property
    def today(self) -> date:
        """The day it is for the reader, in their zone."""
        return self.now.astimezone(ZoneInfo(self.words.zone)).date()

    def initiatives(self) -> tuple[Initiative, ...]:
        """The initiatives this reader may know of, by name."""
        if self.only:
            found = self.playbooks.initiatives.get(self.only)
            return (found,) if found else ()
        return known(self.viewer, self.playbooks)

    def initiative(self, id: str) -> Initiative | None:
        """The initiative of this id if the reader may know of it."""
        return next((i for i in self.initiatives() if i.id == id), None)

    def may_read(self, passage: Passage) -> bool:
        """Whether this passage may be quoted to this reader."""
        return self.permission()(passage)

    def permission(self) -> Callable[[Passage], bool]:
        """`may_read` for many passages: what the reader may know of is looked up once."""
        there = {i.id: i for i in self.initiatives()}
        units = self.playbooks.organisation.units

        def allowed(passage: Passage) -> bool:
            initiative = there.get(passage.initiative)
            return initiative is not None and may_read(self.viewer, passage, initiative, units)

        return allowed

    def passage(self, id: str) -> Passage | None:
        """The passage of this id if the reader may read it."""
        found = next((p for p in self.index.passages if p.id == id), None)
        return found if found and self.may_read(found) else None

    def names(self, address: str) -> str:
        """The name of whoever has this address; without a directory entry a name made of the part before the @,
        where it looks like one, else the address."""
        found = self.directory(address)
        if found:
            return found.name
        mailbox = address.partition("@")[0]
        return mailbox.replace(".", " ").title() if "." in mailbox else address

    def unit_in(self, initiative: Initiative) -> str:
        """The affected unit that speaks for the reader in this initiative, or ''."""
        return affected_unit(self.viewer, initiative, self.playbooks.organisation.units)

    def unit_name(self, unit: str) -> str:
        """A unit's name in the reader's language."""
        organisation = self.playbooks.organisation
        translated = organisation.translated_units.get(self.words.language, {}).get(unit)
        found = translated or organisation.units.get(unit)
        return (found.name if found else "") or unit

    def about(self, topic: Topic) -> Reader:
        """The same reader with this topic in mind."""
        return replace(self, topic=topic)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was heard, with all that a capability needs to answer it, inside one transaction.

    `draw(n)` gives a random number below n. `shorten`, where there is a language model, gives what it made of a brief,
    or raises `Wanted` for it to be asked outside. `pace` is that of the `Deployment`.
    """

    said: Said
    reader: Reader
    person: PersonRecord
    tx: Session
    draw: Callable[[int], int]
    settings: Mapping[str, str] = field(default_factory=dict)
    shorten: Callable[[Brief], Shortened | None] | None = None
    pace: Callable[[str], float] = ANYWHERE.pace

    @property
    def words(self) -> Words:
        """The words of the person's language."""
        return self.reader.words

    @property
    def now(self) -> datetime:
        """The moment it was heard."""
        return self.reader.now

    def words_for(self, person: PersonRecord) -> Words:
        """The words for somebody else who is told of this."""
        chosen = people.settings(self.tx, person.key).get("language", "")
        organisation = self.reader.playbooks.organisation
        unit = organisation.units.get(person.unit)
        return Words(
            locale=chosen or person.locale or (unit.locale if unit else "en"),
            zone=person.timezone or (unit.timezone if unit else "UTC"),
            own=organisation.policy.word_for,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes of a turn: cards for where it was said, posts for others, and what the conversation is about now.

    `personal` cards go to the person directly, wherever the question was asked. `problems` are faults of a form by
    the name of its field. `topic` None leaves the topic as it was. `notes` are settings of the person to keep.
    `instead`: the card whose button was pressed has done its duty; this takes its place where a platform can do that.
    `ask` is answered as if the person had typed it.
    """

    cards: tuple[Card, ...] = ()
    personal: bool = False
    posts: tuple[Post, ...] = ()
    topic: Topic | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()
    instead: Card | None = None
    ask: str = ""


class Capability(Protocol):
    """One thing that people do with the bot. `name` is its command word and the key of its texts in the catalogues.

    One that hears in confidence has `secret` besides: True, or a function of what stands behind the word and of the
    answers. Such a form, and such a press that opens one, is heard without a trace.
    """

    @property
    def name(self) -> str:
        """The command word."""
        ...

    def takes(self, rest: str, turn: Turn) -> bool:
        """Whether typed text with this behind the command word is meant for this capability."""
        ...

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Answer; `rest` is what stands behind the command word. Checks itself whether this person may."""
        ...
