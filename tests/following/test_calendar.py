"""A calendar address: whose dates it shows, that a moved date moves, that it can be stopped, and who gets none."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, update

from adapters.web.calendar import Calendars, NotNow
from bot.core import Core
from bot.following import address
from bot.following.day_named import past_day
from bot.messages import Person
from bot.store import Store, accounts, following
from bot.store import tables as t
from bot.turn import Deployment
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
PAGES = "https://change.example.com"
SESSIONS = """
learning:
  sessions:
    - {id: basics, name: The basics, minutes: 45, audience: all-affected, when: 2027-03-10T10:00, where: "Room 2; left"}
    - {id: agents, name: For agents, audience: change-agents, when: 2027-03-11T10:00}
    - {id: later, name: Without a date}
"""


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    """The small organisation with two sessions, where web pages are on."""
    folder = tmp_path / "playbooks"
    for file in SMALL.rglob("*"):
        if file.is_file():
            (folder / file.relative_to(SMALL)).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.relative_to(SMALL)).write_bytes(file.read_bytes())
    with (folder / "phones/initiative.yaml").open("a") as opened:
        opened.write(SESSIONS)
    with world(store, folder, NOW) as made:
        made.core = Core(store, made.library, lambda: made.time, draw=made._draw, deployment=Deployment(PAGES))
        yield made


def token_in(posted: list[dict[str, Any]]) -> str:
    found = re.search(rf"{PAGES}/calendar/([0-9a-f]{{64}})\.ics", "\n".join(one["text"] for one in posted))
    assert found, posted
    return found[1]


def read(here: World, token: str) -> bytes | None:
    return address.read(here.store, here.library.current.playbooks, token, here.time, PAGES)


def events(content: bytes | None) -> dict[str, Any]:
    assert content is not None
    return {str(one["summary"]): one for one in icalendar.Calendar.from_ical(content).walk("VEVENT")}


def edit(here: World, old: str, new: str, file: str = "phones/initiative.yaml") -> None:
    path = here.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    here.time += timedelta(hours=1)
    here.library.refresh(here.time)


def test_it_shows_the_dates_that_are_ones_own(here: World) -> None:
    lea, otto, agent = (token_in(here.says(who, "my dates")) for who in ("lea", "otto", "agent"))

    assert {"New phones: Phones handed out", "New phones: The basics"} <= set(events(read(here, lea)))
    assert "New phones: For agents" not in events(read(here, lea))
    assert "New phones: Phones handed out" not in events(read(here, otto))
    assert "New phones: For agents" in events(read(here, agent))


def test_a_milestone_is_a_day_and_a_session_a_time_of_wherever_one_is(here: World) -> None:
    shown = events(read(here, token_in(here.says("lea", "my dates"))))

    day, hour = shown["New phones: Phones handed out"], shown["New phones: The basics"]
    assert (day["dtstart"].dt, day["dtend"].dt) == (date(2027, 3, 15), date(2027, 3, 16))
    assert [hour[key].to_ical() for key in ("dtstart", "dtend")] == [b"20270310T100000", b"20270310T104500"]
    assert hour["location"] == "Room 2; left"
    assert "Bring your old phone." in day["description"]


def test_a_moved_date_moves_and_a_dropped_one_is_cancelled(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    first = events(read(here, token))["New phones: Phones handed out"]
    again = events(read(here, token))["New phones: Phones handed out"]

    edit(here, "2027-03-15", "2027-04-12")
    moved = events(read(here, token))["New phones: Phones handed out"]
    edit(here, "2027-03-10T10:00", "2027-03-09T10:00")
    session = events(read(here, token))["New phones: The basics"]
    edit(here, "{id: basics", "{id: advanced")
    shown = icalendar.Calendar.from_ical(read(here, token) or b"").walk("VEVENT")

    assert again.to_ical() == first.to_ical()
    assert (first["uid"], first["sequence"]) == (moved["uid"], moved["sequence"] - 1)
    assert moved["dtstart"].dt == date(2027, 4, 12)
    assert moved["last-modified"].dt > first["last-modified"].dt
    assert session["sequence"] == 1
    cancelled = {str(one["uid"]).split(".")[2]: str(one["status"]) for one in shown}
    assert cancelled["basics@throughline"] == "CANCELLED"
    assert cancelled["advanced@throughline"] == "CONFIRMED"


def test_what_is_cancelled_is_forgotten_after_two_months(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    read(here, token)
    edit(here, "{id: basics", "{id: advanced")
    assert b"session.phones.basics" in (read(here, token) or b"")

    here.time += timedelta(days=61)

    assert b"session.phones.basics" not in (read(here, token) or b"")


def test_a_date_said_in_chat_counts(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    read(here, token)
    here.says("pm", "thanks")
    here.says("pm", "milestone at-risk phones-out Forty are at customs")
    here.says("pm", "milestone slips phones-out 2027-04-12 Customs")
    here.presses("pm", "Send it")
    here.library.renew()

    shown = events(read(here, token))["New phones: Phones handed out"]

    assert shown["dtstart"].dt == date(2027, 4, 12)
    assert "the date before was 15 March 2027" in shown["description"]
    assert "Customs" not in shown["description"]


def test_what_one_may_no_longer_know_of_is_gone_without_a_trace(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    assert b"phones-out" in (read(here, token) or b"")

    edit(here, "phase: build", "phase: build\nstatus: draft")

    content = read(here, token) or b""
    assert b"phones" not in content
    with here.store.read() as tx:
        assert not list(tx.execute(select(t.calendar_date).where(t.calendar_date.c.uid.like("%phones%"))))


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_all(here: World) -> None:
    first = token_in(here.says("lea", "my dates"))
    asked = here.says("lea", "my dates")
    second = token_in(here.presses("lea", "Make a new one"))

    assert "I can only make a new one" in asked[-1]["text"]
    assert read(here, first) is None
    assert read(here, second) is not None

    stopped = here.says("lea", "calendar stop")
    assert "has ended" in stopped[-1]["text"]
    assert read(here, second) is None
    assert "no calendar address" in here.says("lea", "calendar stop")[-1]["text"]


def test_who_has_left_has_no_address_any_more(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    with here.store.begin() as tx:
        tx.execute(update(t.person).where(t.person.c.email == "lea@example.com").values(left_on=NOW.date()))

    assert read(here, token) is None
    with here.store.begin() as tx:
        assert following.forget(tx) == 2
        assert following.address(tx, token) is None


def test_the_address_is_given_to_its_person_alone(here: World) -> None:
    posted = here.says("lea", "@throughline my dates", "sales")

    assert [one["to"] for one in posted if PAGES in one["text"]] == ["direct:lea"]


def test_nothing_in_the_database_leads_to_the_address(here: World) -> None:
    token = token_in(here.says("lea", "my dates"))
    read(here, token)

    with here.store.read() as tx:
        rows = [*tx.execute(select(t.calendar)), *tx.execute(select(t.calendar_date))]
    assert rows
    assert not [row for row in rows if token in str(row) or "Phones handed out" in str(row)]


def test_it_is_in_the_language_of_its_reader(here: World) -> None:
    token = token_in(here.says("lea", "meine Termine"))
    english = read(here, token) or b""
    here.says("lea", "settings language de")

    assert b"NAME:My dates" in english
    assert b"NAME:Meine Termine" in (read(here, token) or b"")


def test_a_guest_gets_none(here: World) -> None:
    here.accounts["eva"] = {"name": "Eva", "guest": True}
    here.platform.accounts.add("eva")

    assert "people in our directory" in here.says("eva", "calendar")[-1]["text"]


def ask(path: str, answer: Any) -> tuple[int, str, dict[str, str], bytes]:
    """What the route answers where reading gives this answer."""

    def reading(token: str) -> bytes | None:
        if isinstance(answer, Exception):
            raise answer
        return answer if token == "known" else None

    async def asked() -> tuple[int, str, dict[str, str], bytes]:
        app = web.Application()
        with ThreadPoolExecutor(1) as pool:
            Calendars(reading, pool).add_to(app)
            async with TestClient(TestServer(app)) as client, client.get(path) as response:
                return response.status, response.content_type, dict(response.headers), await response.read()

    return asyncio.run(asked())


def test_the_route_gives_the_file_and_lets_no_cache_keep_it() -> None:
    status, kind, headers, body = ask("/calendar/known.ics", b"BEGIN:VCALENDAR")

    assert (status, kind, body) == (200, "text/calendar", b"BEGIN:VCALENDAR")
    assert "private" in headers["Cache-Control"]


def test_what_never_was_and_what_has_ended_are_answered_alike() -> None:
    answers = [ask(f"/calendar/{token}.ics", b"x") for token in ("a" * 64, "0", "%00", "known.ics.x")]

    assert {(status, body) for status, _, _, body in answers} == {(404, b"there is no calendar here\n")}


def test_a_database_that_is_away_is_no_missing_calendar() -> None:
    status, _, headers, _ = ask("/calendar/known.ics", NotNow())

    assert status == 503
    assert headers["Retry-After"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("since 3 November", date(2026, 11, 3)),
        ("since November 3rd", date(2026, 11, 3)),
        ("seit 3. November", date(2026, 11, 3)),
        ("seit dem 03.11.", date(2026, 11, 3)),
        ("seit 1. März 2027", date(2027, 3, 1)),
        ("desde 3 de novembro", date(2026, 11, 3)),
        ("desde el 3 de noviembre de 2025", date(2025, 11, 3)),
        ("desde 1º de março", date(2027, 3, 1)),
        ("since 2026-11-03", date(2026, 11, 3)),
        ("since 3/11/2026", date(2026, 11, 3)),
        ("since 31 February", None),
        ("since 99.99.9999", None),
        ("since 5 March 2027", None),
        ("since yesterday", None),
        ("", None),
    ],
)
def test_a_day_is_understood_as_people_write_it(text: str, day: date | None) -> None:
    assert past_day(text, date(2027, 3, 2)) == day


def test_visits_tell_who_was_away(store: Store) -> None:
    with store.begin() as tx:
        key = accounts.identify(tx, Person("local", "acme", "lea", email="lea@example.com"), NOW).key
        for day in (date(2027, 1, 4), date(2027, 1, 6), date(2027, 1, 6), date(2027, 2, 1), date(2027, 2, 3)):
            following.note_visit(tx, key, day)
        seen = following.visits(tx, key)

    assert seen == following.Visits(date(2027, 1, 4), date(2027, 2, 3), date(2027, 1, 6), date(2027, 2, 1))
