"""A deployment with pages, for the tests of links, sessions and views."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.board.link import Door, give
from bot.core import Core, Handled
from bot.library import Library
from bot.messages import Answers, How, Person, Place, PlaceKind, Said
from bot.serving import import_sample_people
from bot.store import Store, people
from bot.turn import Deployment

SMALL = Path(__file__).parents[1] / "transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGES = "https://pages.example.com"


@dataclass
class House:
    """A deployment with pages, at a time of one's choosing; random numbers count up."""

    store: Store
    folder: Path
    now: datetime = NOW
    drawn: int = 0
    events: int = 0
    library: Library = field(init=False)
    core: Core = field(init=False)
    door: Door = field(init=False)
    pages: str = PAGES

    def __post_init__(self) -> None:
        self.library = Library(self.store, self.folder)
        self.library.refresh(self.now)
        import_sample_people(self.store, self.library, self.folder, self.now)
        here = Deployment(pages=self.pages)
        self.core = Core(self.store, self.library, lambda: self.now, frozenset({"local"}), deployment=here)
        self.door = Door(self.store, self.library, lambda: self.now, self.draw, self.core.show)

    def draw(self, below: int) -> int:
        self.drawn += 1
        return self.drawn % below

    def key(self, who: str) -> str:
        """The key of the person with this mailbox."""
        with self.store.read() as tx:
            found = people.person_by_email(tx, f"{who}@example.com")
        assert found
        return found.key

    def link(self, who: str) -> str:
        """The token of a link that this person was given."""
        with self.store.begin() as tx:
            return give(tx, self.key(who), PAGES, "", self.now, self.draw).rpartition("/")[2]

    def enter(self, who: str) -> str:
        """The session of this person."""
        session = self.door.enter(self.link(who))
        assert session
        return session

    def presses(self, who: str, says: str, answers: Answers | None = None, kind: PlaceKind = "direct") -> Handled:
        """What comes of a button, or of a form with these answers, in the conversation with the bot or in a channel."""
        self.events += 1
        person = Person("local", "local", who, email=f"{who}@example.com")
        place = Place("local", "local", f"direct:{who}" if kind == "direct" else "sales", kind=kind)
        how: How = "form" if answers else "pressed"
        return self.core.hear(Said(f"e{self.events}", person, place, says, how, answers or {}))

    def edit(self, old: str, new: str) -> None:
        """Changes the playbook of the phones, a second later."""
        self.now += timedelta(seconds=1)
        file = self.folder / "phones/initiative.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.library.refresh(self.now)
