"""What the templates of the local page show: people, messages and places, ready to be written down. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from adapters.web.parse import Room, channel_room, direct_room
from adapters.web.render import TEMPLATES, Acts, render
from adapters.web.stage import Message, Speaker
from adapters.web.times import city, full, moment, zone_of

HUES = 6
LANGUAGES = {"en": "English", "pt": "Portuguese", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian"}


@dataclass(frozen=True, slots=True)
class Face:
    """How a person is shown: initials on one of a few colours, and what is known of them in one line each."""

    account: str
    name: str
    initials: str
    hue: int
    unit: str
    part: str
    language: str
    location: str
    suggested: str
    address: str


def face(speaker: Speaker) -> Face:
    """How this person is shown."""
    person = speaker.person
    return Face(
        account=person.account,
        name=person.name or person.account,
        initials=initials(person.name or person.account),
        hue=sum(n * ord(letter) for n, letter in enumerate(person.account)) % HUES,
        unit=speaker.unit,
        part=speaker.part,
        language=LANGUAGES.get(person.locale.partition("-")[0], person.locale),
        location=speaker.location,
        suggested=speaker.suggested,
        address=f"/as/{quote(person.account, safe='@')}/",
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the page: who they are, where, and what their browser hands in to show that it read the page."""

    speaker: Speaker
    room: Room
    rooms: tuple[Room, ...]
    people: Mapping[str, Speaker]
    token: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the person."""
        return zone_of(self.speaker.person.timezone)

    @property
    def town(self) -> str:
        """Where it is what time for them."""
        return self.speaker.location or city(self.zone)

    @property
    def address(self) -> str:
        """The address of this person in this room."""
        return face(self.speaker).address + quote(self.room.slug)

    def acts(self, message: Message, event: str) -> Acts:
        """Where the buttons of this message lead."""
        return Acts(self.address, self.token, event, message.number, done=message.done)


def rooms(speaker: Speaker, channels: Mapping[str, bool]) -> tuple[Room, ...]:
    """Where this person can talk: with the bot alone, and in the channels; a guest in those that guests read."""
    person = speaker.person
    open_to = [channel_room(n, outsiders) for n, outsiders in channels.items() if outsiders or person.member]
    return (direct_room(person.account), *open_to)


def shown(message: Message, visit: Visit, event: str, acts: Acts | None = None, replies: Sequence[str] = ()) -> Markup:
    """A message as an HTML fragment, with its replies inside."""
    sender = visit.people.get(message.sender)
    return Markup(  # noqa: S704 - the template escapes everything in it
        TEMPLATES.get_template("message.html").render(
            message=message,
            mine=message.sender == visit.speaker.person.account,
            by=face(sender) if sender else None,
            time=moment(message.at, visit.zone),
            time_in_full=full(message.at, visit.zone),
            card=render(message.card, acts or visit.acts(message, event)) if message.card else "",
            address=visit.address,
            threads=visit.room.kind != "direct",
            replies=replies,
        )
    )


def log(messages: Sequence[Message], visit: Visit, event: str, acts: Mapping[int, Acts]) -> list[Markup]:
    """Messages of a page as HTML fragments, replies within the message they reply to."""
    replies: dict[int, list[Markup]] = {}
    for message in messages:
        if message.thread:
            replies.setdefault(message.thread, []).append(shown(message, visit, event, acts.get(message.number)))
    return [shown(m, visit, event, acts.get(m.number), replies.get(m.number, ())) for m in messages if not m.thread]


def filtered(faces: Sequence[Face], words: str) -> list[Face]:
    """Those of whom all these words are known: name, unit, part, language, place."""
    wanted = words.casefold().split()
    return [f for f in faces if all(w in _known(f) for w in wanted)]


def _known(one: Face) -> str:
    return " ".join((one.name, one.account, one.unit, one.part, one.language, one.location)).casefold()


def size_of(text: str) -> str:
    """How long a text is; JSON as it is sent, without the spaces that only make it readable."""
    try:
        sent = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        sent = text
    return f"{len(sent):,} characters, {len(sent.encode('utf-8', 'replace')):,} bytes as sent"
