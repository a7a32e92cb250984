"""The personal link to the pages and the session that it opens: for how long, for whom, and what ends it.

A link opens once. Each look at a page asks anew whether the person is still there with the roles they had; if not, the
session is over for good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.board.look import roles_mark
from bot.board.page import Filters
from bot.board.views import Shown
from bot.library import Library
from bot.people.calendar import language_of
from bot.store import audit, board, people
from bot.store.board import Visit
from bot.store.engine import Session, Store
from bot.words import Words, supported

LINK_LASTS = timedelta(minutes=10)
VISIT_LASTS = timedelta(hours=8)
TOKEN_BITS = 256
ENTER = "board/enter"

Said = Literal["open", "over", "closed", "missing", "ask", "left"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that only says something; `button` is the word on its one button, '' where it has none."""

    title: str
    body: str
    button: str = ""
    locale: str = "en"


def give(tx: Session, person: str, pages: str, to: str, now: datetime, draw: Callable[[int], int]) -> str:
    """A new personal link to the pages; whatever this person was given before opens nothing any more. `to` is the page
    it leads to, below the pages. `draw(n)` gives a random number below n.
    """
    token = new_token(draw)
    board.give_link(tx, person, token, now + LINK_LASTS)
    return f"{pages}/{ENTER}/{token}" + (f"?to={to}" if to else "")


def new_token(draw: Callable[[int], int]) -> str:
    """A token that nobody can guess."""
    return f"{draw(1 << TOKEN_BITS):0{TOKEN_BITS // 4}x}"


class Door:
    """Lets people in to the pages, which `show` gives by name. Safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Callable[[], datetime],
        draw: Callable[[int], int],
        show: Callable[[str, str, Filters], Shown],
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._draw = draw
        self.show = show

    def greet(self, token: str) -> Notice | None:
        """What a link shows before it is used; None where it opens nothing. The link stays as it is."""
        with self._store.read() as tx:
            person = board.link(tx, token, self._clock())
            return self._notice("open", self._words_of(tx, person)) if person else None

    def enter(self, token: str) -> str:
        """Uses the link up and begins a session: its token, '' where the link opens nothing."""
        now, playbooks = self._clock(), self._library.current.playbooks
        with self._store.begin() as tx:
            person = board.use_link(tx, token, now)
            mark = roles_mark(tx, person, playbooks) if person else ""
            if not mark:
                return ""
            session = new_token(self._draw)
            board.begin_visit(tx, session, Visit(person, mark), now + VISIT_LASTS)
            audit.note(tx, person, "board.opened", "pages", now)
            return session

    def visitor(self, session: str) -> str:
        """The key of the person whose session this is, '' where it is none. A session of somebody who left, or whose
        roles are not what they were when it began, ends here.
        """
        with self._store.read() as tx:
            visit = board.visit(tx, session, self._clock()) if session else None
            if visit is None:
                return ""
            if roles_mark(tx, visit.person, self._library.current.playbooks) == visit.roles:
                return visit.person
        self.leave(session)
        return ""

    def leave(self, session: str) -> None:
        """Ends the session."""
        with self._store.begin() as tx:
            board.end_visit(tx, session)

    def say(self, what: Said, locales: Sequence[str], person: str = "") -> Notice:
        """A page that only says something: in the person's language, else in the first of these that is spoken."""
        with self._store.read() as tx:
            locale = next((found for one in locales if (found := supported(one))), "en")
            return self._notice(what, self._words_of(tx, person) if person else Words(locale, own=self._own()))

    def _own(self) -> dict[str, str]:
        return dict(self._library.current.playbooks.organisation.policy.word_for)

    def _words_of(self, tx: Session, key: str) -> Words:
        person = people.person(tx, key)
        if person is None:
            return Words(own=self._own())
        unit = self._library.current.playbooks.organisation.units.get(person.unit)
        return Words(language_of(person, people.settings(tx, key), unit), own=self._own())

    def _notice(self, what: Said, words: Words) -> Notice:
        button = words("board.open-button") if what == "open" else ""
        return Notice(words(f"board.{what}-title"), words(f"board.{what}-body"), button, words.language)
