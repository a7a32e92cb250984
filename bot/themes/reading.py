"""The themes of an initiative as they stand: how many people, in which units, more or fewer than before, and why.

It counts people, not cases, and says nothing of who they are. Pure but for what it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.store import Session, case_themes
from bot.store.case_themes import Crowd, TitleWords
from bot.themes.grouping import COUNTS
from bot.words import Words

SHOWN_FROM = 5
"""People from which on their number is shown where somebody among them is not to be named."""
MONTH = timedelta(days=30)
# Of what was raised without a name only the end of the day is kept.
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class People:
    """Who stands behind something: how many by name, and how many without one. Somebody who raised two cases in
    confidence counts twice: nobody can tell.
    """

    named: int = 0
    unnamed: int = 0

    @property
    def number(self) -> int:
        """How many they are."""
        return self.named + self.unnamed

    @property
    def few(self) -> bool:
        """Whether their number could give away somebody among them."""
        return 0 < self.number < SHOWN_FROM and self.unnamed > 0

    def shown(self, words: Words, closely: bool = True) -> str:
        """Their number in the reader's words. Not `closely`: for somebody who sees no names, from five on alone."""
        if self.few or (not closely and 0 < self.number < SHOWN_FROM):
            return words("themes.few")
        return words.number(self.number)


@dataclass(frozen=True, slots=True)
class Theme:
    """Cases that say something similar: how many count and how many of them are open, the number of the first and when
    it was raised, what is behind them most often, and how many people: in all, `lately`, in the time of the same length
    `before`, and at any time `earlier` than lately.
    """

    id: str
    driver: str
    cases: int
    open: int
    first: int
    began: datetime
    people: People
    lately: People
    before: People
    earlier: People
    words: TitleWords = field(default_factory=dict)

    @property
    def more(self) -> int:
        """How many people came lately who had not been behind it."""
        return self.people.number - self.earlier.number


def themes_of(
    tx: Session,
    initiative: str,
    now: datetime,
    wanted: Callable[[Theme], bool] = lambda _: True,
    *,
    units: Collection[str] | None = None,
    lately: timedelta = MONTH,
    most: int | None = None,
) -> list[Theme]:
    """The themes of an initiative that are wanted, those with most people first, of equals the older one; with `units`
    as they stand in these alone. Reads no case, it only counts.
    """
    recent, ever = now - lately, datetime.min.replace(tzinfo=UTC)
    periods = ((ever, now + AHEAD), (recent, now + AHEAD), (recent - lately, recent), (ever, recent))
    crowds = case_themes.crowds(tx, initiative, now - COUNTS, periods, units)
    found = (_theme(id, one) for id, one in crowds.items())
    some = sorted(filter(wanted, found), key=lambda one: (-one.people.number, one.began, one.id))[:most]
    titles = case_themes.titles(tx, [one.id for one in some])
    return [replace(one, words=titles.get(one.id, {})) for one in some]


def by_unit(tx: Session, initiative: str, theme: str, now: datetime) -> dict[str, People]:
    """Who stands behind a theme in each unit that has a part in it."""
    ever = (datetime.min.replace(tzinfo=UTC), now + AHEAD)
    found = case_themes.crowds_by_unit(tx, initiative, theme, now - COUNTS, ever)
    return {unit: People(*one.behind[0]) for unit, one in found.items()}


def _theme(id: str, one: Crowd) -> Theme:
    known = [driver for driver in one.drivers if driver != "none"]
    driver = min(known, key=lambda driver: (-one.drivers[driver], driver), default="none")
    people, lately, before, earlier = (People(*behind) for behind in one.behind)
    return Theme(id, driver, one.cases, one.open, one.first, one.began, people, lately, before, earlier)


def title(theme: Theme, words: Words) -> str:
    """What a theme is called: what such worries are about, and the words that several people used for it."""
    return named_after(theme.driver, theme.words, words)


def named_after(driver: str, said: TitleWords, words: Words) -> str:
    """What worries of a kind are about, and the words of a theme, in the reader's language where it has any there."""
    about = words(f"concern.about-{driver}")
    about = about[:1].upper() + about[1:]
    shown = said.get(words.language) or next(iter(said.values()), ())
    return words("themes.title", about=about, words=words.all_of([f"“{one}”" for one in shown])) if shown else about
