"""What leaves a case for others: the words that are told to everybody, and the calendar file of a meeting. Neither
names or quotes whoever raised it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.cases import deciding, publishing, workshop
from bot.cases.standing import subject
from bot.following import address
from bot.people.audience import viewer_of
from bot.store import Store, announcements, case_news, case_workshops, people
from bot.store.case_workshops import Meeting
from bot.words import LANGUAGES, Words
from tests.cases.lamps import NOW, lamps, now_of, raised, take
from tests.world import World

PAGES = "https://pages.example.com"


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    with lamps(store, tmp_path) as made:
        yield made


@pytest.mark.parametrize("confidential", [False, True])
def test_what_is_proposed_quotes_nobody_and_in_confidence_gives_no_reason(here: World, confidential: bool) -> None:
    author = None if confidential else "lena"
    stake = "Close the quarter on time"
    case = raised(
        here, author, text="Lena cannot test", would_work="a substitute", at_stake=stake, confidential=confidential
    )
    take(here, "rasmus", lambda step: deciding.decided(step, case, "yes-but", "You get Kim.", date(2027, 4, 1)))
    for language in LANGUAGES:
        with here.store.read() as tx:
            about = subject(tx, here.library.current.playbooks, now_of(here, case))
            said = " ".join(publishing.proposed(about, Words(language)))
        assert "Lena" not in said
        assert "substitute" not in said
        assert ("Kim" in said) == (stake in said) == (not confidential)


def test_only_words_that_the_project_manager_approved_are_told_and_only_as_they_were(here: World) -> None:
    case = raised(here)
    assert take(here, "rasmus", lambda step: publishing.drafted(step, case, "you", "we", ())) is None
    take(here, "rasmus", lambda step: deciding.decided(step, case, "yes", "so"))
    decided = now_of(here, case)
    take(here, "rasmus", lambda step: publishing.drafted(step, decided, "you", "we", ("sales",)))
    take(here, "dana", lambda step: publishing.drafted(step, decided, "you", "we and more", ("sales",)))
    assert take(here, "paul", lambda step: publishing.approved(step, decided, 1)) is None
    assert _told(here, case.number, 1) is None
    assert take(here, "paul", lambda step: publishing.approved(step, decided, 2)) is not None
    assert take(here, "paul", lambda step: publishing.approved(step, decided, 2)) is None
    assert take(here, "rasmus", lambda step: publishing.drafted(step, decided, "x", "y", ())) is None
    told = _told(here, case.number, 2)
    assert told is not None
    assert told.audience.units == ("sales",)
    assert [len(_lines(here, who)) for who in ("lena", "paul", "udo")] == [1, 1, 0]
    take(here, "paul", lambda step: publishing.taken_back(step, decided))
    assert [len(_lines(here, who)) for who in ("lena", "paul")] == [0, 0]


def test_a_meeting_has_one_calendar_file_that_names_nobody_and_says_what_has_changed(here: World) -> None:
    case = raised(here)
    begins = NOW + timedelta(days=3)
    for where in ("Room 3", "Room 4"):
        meeting = Meeting("Beacon: a meeting", where, "1. What is at stake")
        take(
            here,
            "rasmus",
            partial(workshop.offered, case=case, begins=begins, minutes=45, meeting=meeting, pages=PAGES),
        )
    with here.store.read() as tx:
        offered = case_workshops.of_case(tx, case.id)
    assert offered is not None
    assert workshop.link_to(PAGES, offered) == f"{PAGES}/calendar/{offered.token}.ics"
    file = address.read(here.store, here.library.current.playbooks, offered.token, here.time)
    assert file is not None
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert (str(event["location"]), int(str(event["sequence"]))) == ("Room 4", 1)
    assert (event.decoded("dtend") - event.decoded("dtstart"), event.decoded("dtstart")) == (
        timedelta(minutes=45),
        begins,
    )
    assert not {"attendee", "organizer"} & {key.lower() for key in event}
    take(here, "rasmus", lambda step: workshop.cancelled(step, now_of(here, case)))
    again = address.read(here.store, here.library.current.playbooks, offered.token, here.time)
    assert again is not None
    assert b"STATUS:CANCELLED" in again
    assert address.read(here.store, here.library.current.playbooks, "0" * 64, here.time) is None


def _told(here: World, number: int, version: int) -> announcements.Announcement | None:
    with here.store.read() as tx:
        return announcements.get(tx, f"case-news:{number}:{version}")


def _lines(here: World, who: str) -> tuple[str, ...]:
    playbooks = here.library.current.playbooks
    with here.store.read() as tx:
        found = people.person_by_email(tx, f"{who}@example.com")
        assert found is not None
        assert len(case_news.published(tx, "beacon", 5)) <= 1
        return publishing.lines(tx, viewer_of(found), playbooks.initiatives["beacon"], playbooks, Words("en"))
