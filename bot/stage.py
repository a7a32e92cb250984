"""The stage: the deployment as the local page sees it. Sample people and channels, and the messages that were posted.

It shows nothing and knows no HTML; what is said goes to the core, like everything that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import Core
from bot.library import Library
from bot.messages import Card, Person, Place, Said
from bot.playbook.initiative_file import InitiativeFile
from bot.playbook.shared_files import Unit
from bot.store import Store, accounts, people, web_messages
from bot.store.people import PersonRecord
from bot.store.web_messages import Message

PLATFORM = "web"
WORKSPACE = "local"
KEPT = timedelta(days=90)
EVERYBODY = "general"
# Here guests and partners read along.
SHARED = "partners"
GUEST = Person(PLATFORM, WORKSPACE, "guest", name="Guest from a partner", member=False)
VISITOR = Person(PLATFORM, WORKSPACE, "visitor", name="Somebody not in the directory")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody one can be on the local page. `part`: what they do in the initiatives; `suggested`: why to try them."""

    person: Person
    unit: str = ""
    part: str = ""
    location: str = ""
    suggested: str = ""


class Stage:
    """What the local page needs of one deployment. Every method works in the database and may take its time."""

    def __init__(self, store: Store, library: Library, core: Core, now: Callable[[], datetime]) -> None:
        self._store = store
        self._library = library
        self._core = core
        self._now = now

    def open(self) -> None:
        """Gives everybody in the directory an account, so that they can be written to first; forgets what is old."""
        now = self._now()
        with self._store.begin() as tx:
            for person in (_person(record) for record in people.directory(tx) if record.listed):
                accounts.identify(tx, person, now)
                accounts.remember_direct(tx, person, direct_place(person.account))
            web_messages.forget(tx, now - KEPT)

    def speakers(self) -> list[Speaker]:
        """Everybody one can be: first who is worth trying, then the directory by name, then a guest and a stranger."""
        playbooks = self._library.current.playbooks
        initiatives = self._library.initiatives()
        units = playbooks.organisation.units
        with self._store.read() as tx:
            records = [record for record in people.directory(tx) if record.listed]
        parts = {record.email: _part(record, initiatives, units) for record in records}
        suggested = _suggested(records, parts, initiatives, units)
        order = {email: place for place, email in enumerate(suggested)}
        found = [
            Speaker(
                _person(record),
                units[record.unit].name if record.unit in units else record.unit,
                parts[record.email],
                record.location,
                suggested.get(record.email, ""),
            )
            for record in sorted(records, key=lambda record: (order.get(record.email, len(order)), _by_name(record)))
        ]
        outside = (
            Speaker(GUEST, suggested="Guest: reads public pages only"),
            Speaker(VISITOR, suggested="Employee unknown to the directory"),
        )
        return [*found, *outside]

    def channels(self) -> Mapping[str, bool]:
        """The channels of what everybody may know of, and whether guests read there too."""
        live = (one for one in self._library.initiatives() if one.status == "live")
        named = sorted({channel for one in live for channel in one.channels} - {EVERYBODY})
        return {EVERYBODY: False, **dict.fromkeys(named, False), SHARED: True}

    def post(
        self, place: str, *, key: str, thread: int = 0, sender: str = "", text: str = "", how: str = "typed"
    ) -> int:
        """Keeps what somebody said, once; returns the number of the message."""
        with self._store.begin() as tx:
            return web_messages.add(
                tx, key=key, place=place, thread=thread, sender=sender, text=text, how=how, now=self._now()
            )

    def post_card(self, place: str, *, key: str, thread: int, card: Card) -> int:
        """Keeps what the bot posts, once; returns the number of the message."""
        with self._store.begin() as tx:
            return web_messages.add(tx, key=key, place=place, thread=thread, card=card, now=self._now())

    def change_card(self, number: int, card: Card) -> bool:
        """Puts another card in the place of what the bot posted; False if it is not there."""
        with self._store.begin() as tx:
            return web_messages.change(tx, number, card)

    def remove_card(self, number: int) -> None:
        """Takes back what the bot posted."""
        with self._store.begin() as tx:
            web_messages.remove(tx, number)

    def number_of(self, key: str) -> int:
        """The number of the message with this key, 0 if there is none."""
        with self._store.read() as tx:
            return web_messages.number_of(tx, key)

    def page(self, place: str, before: int = 0, limit: int = 50) -> list[Message]:
        """The newest messages of a place, each followed by its replies; `limit` counts those that are no replies."""
        with self._store.read() as tx:
            return web_messages.page(tx, place, before=before, limit=limit)

    def since(self, number: int, places: Iterable[str]) -> list[Message]:
        """What was said, changed or taken back in these places after this count, in that order."""
        with self._store.read() as tx:
            return web_messages.since(tx, number, places)

    def newest(self) -> int:
        """What was counted last, messages and their changes together."""
        with self._store.read() as tx:
            return web_messages.newest(tx)

    def message(self, number: int) -> Message | None:
        """The message with this number."""
        with self._store.read() as tx:
            return web_messages.message(tx, number)

    def accept(self, said: Said) -> bool:
        """What was typed is safe from now on; False if it was heard before. `handle` answers it."""
        return self._core.accept(said)

    def handle(self, said: Said) -> None:
        """Answers what was accepted."""
        self._core.handle(said)

    def press(self, said: Said, number: int = 0) -> None:
        """Hears the press of a button and answers it; where the message that was pressed is to show something else
        from now on, it does.
        """
        instead = self._core.hear(said).instead
        if instead and number:
            self.change_card(number, instead)

    def hand_in(self, said: Said, number: int) -> Mapping[str, str]:
        """Hears a form; what is wrong with it, by field. If nothing is, the message that held it is done."""
        handled = self._core.hear(said)
        if not handled.problems:
            with self._store.begin() as tx:
                web_messages.hand_in(tx, number)
                instead = handled.instead or (_asking_first(handled.cards) if handled.aside else None)
                if instead:
                    web_messages.change(tx, number, instead)
        return handled.problems

    def home(self, account: str) -> Sequence[Card]:
        """What the page of one's own shows to this account; nothing to whoever is not there."""
        found = next((speaker.person for speaker in self.speakers() if speaker.person.account == account), None)
        return self._core.home(found) if found else ()

    def signature(self, account: str) -> str:
        """What only a page of this deployment can hand in for this account."""
        return self._store.seal.mark("web page", account)


def _asking_first(cards: Sequence[Card]) -> Card | None:
    return next((card for card in cards if card.asks), next(iter(cards), None))


def direct_place(account: str) -> Place:
    """Where this account is written to."""
    return Place(PLATFORM, WORKSPACE, f"direct:{account}")


def _by_name(record: PersonRecord) -> str:
    return record.name.casefold()


def _person(record: PersonRecord) -> Person:
    return Person(
        PLATFORM,
        WORKSPACE,
        record.email,
        name=record.name,
        email=record.email,
        locale=record.locale,
        timezone=record.timezone,
    )


def _part(record: PersonRecord, initiatives: Iterable[InitiativeFile], units: Mapping[str, Unit]) -> str:
    """What this person does in the initiatives, in a few words."""
    found = ["administrator"] if "admin" in record.roles else []
    for one in initiatives:
        short = _short(one)
        found += [f"project manager of {short}"] if record.email == one.project_manager else []
        found += [f"sponsor of {short}"] if record.email == one.sponsor else []
        agents = {agent for named in one.change_agents.values() for agent in named}
        found += [f"change agent for {short}"] if record.email in agents else []
    found += [f"answers for {unit.name}" for unit in units.values() if unit.owner == record.email]
    return ", ".join(found)


def _short(one: InitiativeFile) -> str:
    """What stands before the colon of a name, as in "Linden: one place for our work"."""
    return one.name.partition(":")[0]


def _suggested(
    records: Iterable[PersonRecord],
    parts: Mapping[str, str],
    initiatives: Iterable[InitiativeFile],
    units: Mapping[str, Unit],
) -> dict[str, str]:
    """A few people who between them see everything, by address, with the reason to try them."""
    affected = list(dict.fromkeys(unit.id for one in initiatives for unit in one.units))
    plain = [record for record in records if not parts[record.email]]
    found: dict[str, str] = {}
    for unit in affected:
        theirs = [record for record in plain if record.unit == unit]
        if theirs:
            usual = units[unit].locale if unit in units else ""
            first = min(theirs, key=lambda record: record.locale != usual)
            found[first.email] = f"Employee in {units[unit].name if unit in units else unit}"
    found |= {one.project_manager: f"Project manager of {_short(one)}" for one in initiatives}
    for part, reason in _PARTS.items():
        having = [r.email for r in records if parts[r.email].startswith(part) and r.email not in found]
        found |= dict.fromkeys(having[:1], reason)
    return found


_PARTS = {
    "sponsor": "Sponsor",
    "change agent": "Change agent",
    "administrator": "Administrator",
}
