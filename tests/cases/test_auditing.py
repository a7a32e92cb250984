"""Every way of losing a case is found: each is inflicted on the database behind everybody's back, and at the next tick
the case has somebody who answers for it and a running clock again, or the administrators are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from bot.cases import watch
from bot.cases.clock import breached
from bot.cases.escalation import clocks_of
from bot.cases.looking import Look
from bot.cases.losses import losses
from bot.commands.doctor import _cases as doctor
from bot.playbook.model import Initiative, Playbooks
from bot.store import Store, audit, case_clocks, people
from bot.store import tables as t
from bot.store.cases import OPEN, Case
from tests.cases.clockwork import at, books, events, inflict, leave, opened, posts, recipients, staffed, tick

NOW = at("2026-11-25T10:00")
OPENED = at("2026-11-25T09:30")
LATER = timedelta(minutes=5)


@pytest.fixture
def team(store: Store) -> Store:
    return staffed(store)


Infliction = Callable[[Store, Case], None]


def columns(**values: Any) -> Infliction:
    return lambda store, case: inflict(store, case, **values)


def nobody_left(store: Store, case: Case) -> None:
    leave(store, "head", on=date(2026, 11, 1))


def without_history(store: Store, case: Case) -> None:
    with store.begin() as tx:
        tx.execute(delete(t.case_event).where(t.case_event.c.case == case.id))


def in_a_circle(store: Store, case: Case) -> None:
    other = opened(store, OPENED, books(), text="Another one.", severity=2)
    inflict(store, other, merged_into=case.id, state="resolved")
    inflict(store, case, merged_into=other.id, state="resolved")


def into_a_withdrawn_one(store: Store, case: Case) -> None:
    other = opened(store, OPENED, books(), text="Another one.", severity=2)
    inflict(store, other, state="withdrawn")
    inflict(store, case, merged_into=other.id, state="resolved")


def into_itself(store: Store, case: Case) -> None:
    inflict(store, case, merged_into=case.id, state="resolved")


def without_a_word_why(store: Store, case: Case) -> None:
    inflict(store, case, state="answered", decision="no", answer=None, respond_until=None)


def in_confidence_without_mailbox(store: Store, case: Case) -> None:
    inflict(store, case, asker=None, confidential=True)


def unreadable(store: Store, case: Case) -> None:
    inflict(store, case, text="not sealed at all", respond_until=NOW - timedelta(days=2))


MENDED: dict[str, Infliction] = {
    "no owner": columns(owner=""),
    "an owner whom nobody knows": columns(owner="ghost@example.com"),
    "an owner who has left": nobody_left,
    "a handler who is gone": columns(handler="ghost@example.com"),
    "no clock for the first answer": columns(respond_until=None),
    "a clock that ends in a thousand years": columns(due_at=at("3026-01-01T00:00")),
    "a first answer in a thousand years": columns(respond_until=at("3026-01-01T00:00")),
    "a day that passed": columns(due_at=NOW - timedelta(days=9), respond_until=None, state="acknowledged"),
    "a first answer that is overdue": columns(respond_until=NOW - timedelta(days=9)),
    "waiting without anybody being asked": columns(paused_since=OPENED),
    "waiting for ever": columns(paused_since=NOW - timedelta(days=200)),
    "waiting from next year on": columns(paused_since=NOW + timedelta(days=200)),
    "a state that is none": columns(state="parked"),
    "an empty state": columns(state=""),
    "no history": without_history,
    "merged into nothing": columns(merged_into="0" * 32, state="resolved"),
    "merged into itself": into_itself,
    "merged in a circle": in_a_circle,
    "merged into one that was withdrawn": into_a_withdrawn_one,
    "decided without a reason": without_a_word_why,
    "a severity that is none": columns(severity=9),
    "a severity below all": columns(severity=0, respond_until=None),
    "beyond the sponsor": columns(escalated=7),
    "raised in the future": columns(created_at=NOW + timedelta(days=90)),
    "a remark that came in no digest": columns(
        severity=1, respond_until=None, owner="boss@example.com", created_at=NOW - timedelta(days=20)
    ),
    "a text that cannot be read": unreadable,
}
TOLD: dict[str, Infliction] = {
    "a project that is gone": columns(initiative="closed-down"),
    "a kind that is none": columns(kind="rumour"),
    "in confidence without mailbox": in_confidence_without_mailbox,
}


def well(store: Store, case: Case) -> bool:
    """Whether the case has somebody who answers for it and a running clock, and is no finding any more."""
    with store.read() as tx:
        found = next((one for one in case_clocks.running(tx) if one.id == case.id), None)
        if found is None:
            return False
        there = people.person_by_email(tx, found.owner)
        calendar = Look(tx, books(), NOW).calendar(found.owner, found.unit)
    lost = losses(found, calendar, NOW, books().initiatives)
    running = not breached(clocks_of(found), NOW) and found.due_at < NOW + timedelta(days=30)
    return not lost and there is not None and there.left_on is None and found.state in OPEN and running


def raised(store: Store, what: Playbooks) -> Case:
    case = opened(store, OPENED, what, severity=2)
    tick(store, OPENED + LATER, what)
    assert well(store, case)
    return case


@pytest.mark.parametrize("way", MENDED)
def test_what_can_be_mended_is(team: Store, way: str) -> None:
    what = books()
    case = raised(team, what)
    MENDED[way](team, case)
    assert not well(team, case)

    tick(team, NOW, what)

    assert well(team, case)
    with team.read() as tx:
        noted = [line for line in audit.lines(tx) if line.action == "case.restored"]
    assert noted or {"escalated", "handed-over"} & set(events(team, case)) or recipients(team, "Raised since")
    before = len(posts(team))
    tick(team, NOW + LATER, what)
    assert len(posts(team)) == before


@pytest.mark.parametrize("way", TOLD)
def test_what_only_people_can_mend_is_told_once_a_day(team: Store, way: str) -> None:
    what = books()
    case = raised(team, what)
    TOLD[way](team, case)

    for hours in range(3):
        tick(team, NOW + timedelta(hours=hours), what)

    assert recipients(team, f"No. {case.number}: ") == {"Admin": 1}
    with team.read() as tx:
        assert watch.watched(tx).lost == 1
        finding = doctor(watch.watched(tx), NOW + timedelta(hours=3))
    assert (finding.level, "1 of 1" in finding.text) == ("bad", True)
    tick(team, NOW + timedelta(days=1), what)
    assert recipients(team, f"No. {case.number}: ") == {"Admin": 2}


def test_where_nobody_is_there_at_all_it_is_counted(store: Store) -> None:
    staffed(store)
    what = books()
    case = opened(store, OPENED, what, severity=2)
    leave(store, "head", "deputy", "boss", "pm", "sponsor", "admin", on=date(2026, 11, 1))
    tick(store, NOW, what)

    with store.read() as tx:
        assert watch.watched(tx).lost == 1
    assert not well(store, case)


def test_a_case_that_is_well_is_left_alone(team: Store) -> None:
    what = books()
    case = raised(team, what)
    before = (posts(team), events(team, case))
    for minutes in range(0, 60, 5):
        tick(team, NOW + timedelta(minutes=minutes), what)

    assert (posts(team), events(team, case)) == before
    with team.read() as tx:
        found = watch.watched(tx)
    assert (found.running, found.lost, found.healed) == (1, 0, 0)
    assert not found.silent(NOW + timedelta(hours=1))
    assert found.silent(NOW + timedelta(hours=4))


class Unreadable(dict[str, Initiative]):
    """Stands for anything that keeps the audit from being done."""

    def __contains__(self, _: object) -> bool:
        raise RuntimeError("out of order")


def test_its_own_silence_is_an_alarm(team: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The audit cannot be done, whatever the reason: administrators hear it once a day, once it is an hour."""
    what = books()
    raised(team, what)
    broken = replace(what, initiatives=Unreadable(what.initiatives))
    for minutes in (10, 20, 50):
        tick(team, OPENED + timedelta(minutes=minutes), broken)
    assert recipients(team, "Nothing watches over open points") == {}
    for minutes in (100, 110, 120):
        tick(team, OPENED + timedelta(minutes=minutes), broken)

    assert recipients(team, "Nothing watches over open points") == {"Admin": 1}
    assert "the audit of open cases failed" in caplog.text
    with team.read() as tx:
        assert doctor(watch.watched(tx), OPENED + timedelta(minutes=120)).level == "bad"
