"""What became of a broadcast: counted by state and reason, safe to open in a spreadsheet, telling of nobody."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import insert

from bot.broadcasts.report import csv_of, report
from bot.messages import Card, Post
from bot.playbook.model import Playbooks
from bot.playbook.shared_files import Policy
from bot.store import Store, announcements, broadcasts, deliveries
from bot.store import tables as t
from bot.store.announcements import Announcement, Audience
from bot.store.broadcasts import OUT, READ, Version, Written
from bot.words import Words
from tests.delivery.organisation import MONDAY, initiative, listed, place, playbooks, send_what_is_released, unit

BOOKS = playbooks(initiative("crm", ["sales"]), units=[unit("sales")])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_of([["state", cell], [cell, 3]]), newline="")))

    assert rows == [["state", f"'{cell}"], [f"'{cell}", "3"]]


def test_the_export_is_what_a_spreadsheet_reads_whatever_is_in_it() -> None:
    text = csv_of([['a "quoted" word, with a comma', "two\nlines"]])

    assert text == '"a ""quoted"" word, with a comma","two\nlines"\r\n'
    assert csv_of([]) == ""


def sent_to(store: Store, names: list[str], receipt: bool = True) -> int:
    """A broadcast that went to these people, at once; its number."""
    keys = [listed(store, name) for name in names]
    written = Written((Version("en", "News", "Text"),), receipt=receipt)
    with store.begin() as tx:
        number = broadcasts.draft(tx, "crm", keys[0], written, MONDAY)
        broadcasts.turn(tx, number, OUT, of=["draft"], out_at=MONDAY)
        key = f"broadcast:{number}"
        posts = [Post(key=f"{key}:{who}", card=Card("Text"), person=who, batch=key) for who in keys]
        deliveries.enqueue(tx, posts, MONDAY)
        for who in keys[:2]:
            broadcasts.mark(tx, number, READ, who)
        send_what_is_released(tx, MONDAY)
    return number


FIVE = ["ann", "ben", "cleo", "dan", "eva"]


def test_how_many_have_read_it_is_told_from_five_recipients_on(store: Store) -> None:
    many, few = sent_to(store, FIVE), sent_to(store, FIVE[:4])

    with store.read() as tx:
        told, hidden = report(tx, many, BOOKS), report(tx, few, BOOKS)

    assert told is not None
    assert hidden is not None
    assert (told.read, told.few) == (2, False)
    assert (hidden.read, hidden.few, hidden.finished) == (None, True, True)


def test_a_channel_is_no_fifth_recipient(store: Store) -> None:
    number = sent_to(store, FIVE[:4])
    key = f"broadcast:{number}"
    with store.begin() as tx:
        news = Announcement(key, "broadcasts", "crm", Audience(), (), MONDAY)
        announcements.add(tx, news, MONDAY)
        announcements.advance(tx, key, reached="", people=4, channels=1, done=True)
        deliveries.enqueue(tx, [Post(key=f"{key}:c", card=Card("Text"), place=place("sales"), batch=key)], MONDAY)
        send_what_is_released(tx, MONDAY)
        found = report(tx, number, BOOKS)

    assert found is not None
    assert (found.total("sent"), found.read, found.few) == (5, None, True)


def test_what_a_policy_forbids_is_not_told(store: Store) -> None:
    number = sent_to(store, FIVE)
    organisation = Playbooks(BOOKS.organisation.__class__(policy=Policy(off=("read-marks", "interaction-counts"))))

    with store.read() as tx:
        found = report(tx, number, organisation)

    assert found is not None
    assert (found.read, found.pressed) == (None, None)


def test_reasons_that_differ_from_person_to_person_are_counted_together(store: Store) -> None:
    number = sent_to(store, FIVE)
    c = t.delivery.c
    reasons = {
        "ann": ("suppressed", "too late: 2027-03-20 09:00 UTC would have been the next moment"),
        "ben": ("suppressed", "too late: 2027-03-21 09:00 UTC would have been the next moment"),
        "cleo": ("failed", "account_inactive"),
        "dan": ("failed", "no account on any platform"),
    }
    with store.begin() as tx:
        rows = tx.execute(t.delivery.select().order_by(c.seq)).all()
        for row, (state, reason) in zip(rows, reasons.values(), strict=False):
            tx.execute(t.delivery.update().where(c.id == row.id).values(state=state, reason=reason))
        found = report(tx, number, BOOKS)

    assert found is not None
    assert found.table(Words("en"))[1:] == (
        ("sent", "", "1"),
        ("not sent", "their next free moment was too far off", "2"),
        ("not delivered", "the platform says: account_inactive", "1"),
        ("not delivered", "no account here", "1"),
    )


def test_what_came_within_a_summary_has_the_fate_of_the_summary(store: Store) -> None:
    number = sent_to(store, FIVE)
    c = t.delivery.c
    with store.begin() as tx:
        first = tx.execute(t.delivery.select().order_by(c.seq)).first()
        assert first is not None
        whole = {**first._mapping, "id": "whole", "key": "gathered:1", "batch": "", "state": "queued"}
        whole.pop("seq")
        tx.execute(insert(t.delivery).values(whole))
        inside = t.delivery.update().where(c.id == first.id)
        tx.execute(inside.values(state="suppressed", reason="in a digest: whole"))
        waiting = report(tx, number, BOOKS)
        tx.execute(t.delivery.update().where(c.id == "whole").values(state="sent"))
        told = report(tx, number, BOOKS)

    assert waiting is not None
    assert told is not None
    assert (waiting.total("queued"), waiting.finished) == (1, False)
    assert (told.total("sent"), told.finished) == (5, True)
    assert ("sent", "within a summary", "1") in told.table(Words("en"))


@pytest.mark.parametrize("id", ["", "0", "x", "-1", "²", "9" * 30])
def test_there_is_no_report_of_what_there_is_not(store: Store, id: str) -> None:
    with store.read() as tx:
        assert report(tx, id, BOOKS) is None
