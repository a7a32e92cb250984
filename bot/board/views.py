"""The named views: which there are, who is offered them, and what `show` gives of one.

A view is asked for by its name and checks itself of what its reader may see; it only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.board import case, coverage, decided, kit_page, messages, overview, queue, results, unit_concerns, wins
from bot.board.look import AGENT, LEADS, OPENING, Look, look_of
from bot.board.page import File, Filters, Link, Page
from bot.library import Snapshot
from bot.store.engine import Session

Shown = Page | File | None


@dataclass(frozen=True, slots=True)
class View:
    """A page by its name. For whoever has one of these `roles` in an initiative, and where it is for `answering` for
    those too who answer for what people raise. Not `listed`: other pages lead to it.
    """

    roles: frozenset[str]
    show: Callable[[Look, Filters], Shown]
    answering: bool = False
    listed: bool = True

    def is_for(self, look: Look) -> bool:
        """Whether whoever looks may open it."""
        return bool(look.having(self.roles)) or (self.answering and look.answers)


VIEWS: Mapping[str, View] = {
    "overview": View(LEADS, overview.show),
    "queue": View(LEADS, queue.show, answering=True),
    "case": View(LEADS, case.show, answering=True, listed=False),
    "decided": View(LEADS, decided.show),
    "kit": View(AGENT | LEADS, kit_page.show),
    "concerns": View(AGENT, unit_concerns.show),
    "broadcasts": View(LEADS, messages.show),
    "coverage": View(LEADS, coverage.show),
    "results": View(OPENING, results.show),
    "wins": View(OPENING, wins.show),
}
"""The views in the order in which they are offered; the first that somebody is offered is where they begin."""


def show(
    tx: Session, person: str, name: str, filters: Filters, snapshot: Snapshot, now: datetime, pages: str = ""
) -> Shown:
    """The view of this name for the person with this key; with '' the one they begin at. None where there is no such
    page for them: they may not, or what they look for is not there. `pages` is the public address of the pages.
    """
    look = look_of(tx, person, snapshot, now, pages)
    if look is None:
        return None
    offered = {n: view for n, view in VIEWS.items() if view.is_for(look)}
    name = name or next(iter(offered))
    if name not in offered:
        return None
    shown = offered[name].show(look, filters)
    if not isinstance(shown, Page):
        return shown
    words = look.words
    views = tuple(Link(words(f"board.view-{n}"), n, n == name) for n, view in offered.items() if view.listed)
    labels = {
        "print": words("board.print"),
        "print-hint": words("board.print-hint"),
        "leave": words("board.leave"),
        "pages": words("board.pages"),
        "skip": words("board.skip"),
        "narrow": words("board.narrow"),
        "turning": words("board.turning"),
    }
    return replace(shown, views=views, labels=labels, locale=shown.locale or words.language)
