"""Who is erased can be read nowhere, and what others rely on is still there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import (
    Session,
    Store,
    accounts,
    announcements,
    audit,
    board,
    broadcasts,
    case_history,
    cases,
    deliveries,
    erasing,
    feedback,
    following,
    learned,
    people,
    subject,
    wins,
)
from bot.store import tables as t
from bot.store.subject import REFERENCES, Subject
from tests.store.everywhere import ACCOUNT, ADDRESS, DIRECT, ME, NAME, NOW, TODAY, everywhere


def values(store: Store) -> list[tuple[str, str, str]]:
    """Every value of every row, as (table, column, text)."""
    with store.read() as tx:
        return [
            (table.name, column, str(value))
            for table in t.metadata.sorted_tables
            for row in tx.execute(table.select())
            for column, value in row._mapping.items()
        ]


def opened(store: Store) -> list[tuple[str, str, str]]:
    """The same, with everything that is sealed opened."""
    return [(table, column, store.seal.open(v) if v.startswith("gAAAA") else v) for table, column, v in values(store)]


def holding(found: list[tuple[str, str, str]], *canaries: str) -> set[tuple[str, str]]:
    return {(table, column) for table, column, value in found if any(subject.names(c, value) for c in canaries)}


def erase(store: Store, whose: Subject) -> None:
    with store.begin() as tx:
        audit.chain(tx)
    with store.begin() as tx:
        erasing.erase(tx, whose, {"crm": "other@example.com"}, NOW)
    erasing.sweep(store)


def test_the_test_puts_them_into_every_table_that_refers_to_people(store: Store) -> None:
    everywhere(store)
    filled = {table for table, _, _ in values(store)}
    assert {name for name, one in REFERENCES.items() if one.columns} - filled == {"gap_asker", "install"}


def test_nothing_readable_is_left(store: Store) -> None:
    whose = everywhere(store)
    canaries = (ADDRESS, NAME, whose.key, ACCOUNT, "canary-local", "canary-direct", "canary-event")
    before = {table for table, _ in holding(values(store), *canaries)}
    assert {"person", "identity", "delivery", "case", "learned", "audit", "amendment", "win", "stated"} <= before
    erase(store, whose)
    assert holding(values(store), *canaries) == {("audit", "actor"), ("audit", "subject")}
    assert holding(values(store), ADDRESS, NAME, ACCOUNT) == set()


def test_nothing_sealed_names_them_but_what_was_raised_without_a_name(store: Store) -> None:
    whose = everywhere(store)
    erase(store, whose)
    sealed = holding(opened(store), ADDRESS, NAME, ACCOUNT, "canary-local", "canary-direct")
    assert sealed == {("case", "reply_to")}
    with store.read() as tx:
        left = {case.text: case.reply_to for case in _all_cases(tx)}
    assert left["unnamed words"] == DIRECT
    assert left["open words"].platform == ""


def _all_cases(tx: Session) -> list[cases.Case]:
    ids = tx.scalars(select(t.case.c.id)).all()
    return [case for id in ids if (case := cases.case(tx, id))]


def test_a_case_without_a_name_is_not_touched(store: Store) -> None:
    whose = everywhere(store)
    unnamed = select(t.case).where(t.case.c.number >= case_history.NUMBERS_WITHOUT_NAME.start)
    with store.read() as tx:
        before = tx.execute(unnamed).all()
    erase(store, whose)
    with store.read() as tx:
        assert tx.execute(unnamed).all() == before


def test_open_cases_stay_without_the_name_and_closed_ones_go(store: Store) -> None:
    erase(store, everywhere(store))
    with store.read() as tx:
        left = {case.text: case for case in _all_cases(tx)}
        assert set(left) == {"open words", "unnamed words", "to be answered", "answered by them"}
        assert left["open words"].asker is None
        assert left["to be answered"].owner == "other@example.com"
        assert left["answered by them"].owner == ""
        assert [event.actor for event in case_history.history(tx, left["open words"].id)] == [""]
        (card,) = (row.card for row in tx.execute(select(t.delivery)) if row.key.startswith("case:") and row.card)
        assert tx.seal.open(card).count("– asks: open words") == 1


def test_what_others_have_read_stays_without_their_name_and_what_nobody_has_goes(store: Store) -> None:
    whose = everywhere(store)
    erase(store, whose)
    with store.read() as tx:
        assert [(a.heading, a.author, a.owner) for a in learned.of(tx)] == [
            ("H", "", ""),
            ("I", "other@example.com", ""),
        ]
        assert [(b.written.original.text, b.author) for b in broadcasts.of_initiative(tx, "crm")] == [("words out", "")]
        said = [found.said for id in tx.scalars(select(t.win.c.id)) if (found := wins.win(tx, id))]
        assert sorted((one.what, one.thanks) for one in said) == [("thanks to them", ""), ("win told", "")]


def test_what_was_on_its_way_to_them_is_not_sent_and_still_counted(store: Store) -> None:
    erase(store, everywhere(store))
    with store.read() as tx:
        assert deliveries.progress(tx, "aall-affected") == {"cancelled": 1}
        assert {(p.state, p.reached) for k in ("a", "aall-affected") if (p := announcements.progress(tx, k))} == {
            ("cancelled", ""),
            ("expanding", _before(tx)),
        }
        meant = announcements.get(tx, "aall-affected")
        assert meant
        assert meant.audience.people == ("other@example.com",)


def _before(tx: Session) -> str | None:
    """The checkpoint of somebody who was reached last: whoever comes before them, or nobody."""
    reached: str | None = tx.scalar(select(t.announcement.c.reached).where(t.announcement.c.key == "aall-affected"))
    assert reached in {"", *tx.scalars(select(t.person.c.key))}
    return reached


def test_link_session_and_calendar_end_at_once_and_the_next_word_makes_a_new_person(store: Store) -> None:
    whose = everywhere(store)
    erase(store, whose)
    with store.begin() as tx:
        assert board.link(tx, "a-link", NOW) == ""
        assert board.visit(tx, "a-session", NOW) is None
        assert following.address_of(tx, whose.key) is None
        assert accounts.identify(tx, ME, NOW).key != whose.key


def test_the_trail_verifies_and_other_people_are_as_before(store: Store) -> None:
    whose = everywhere(store)
    erase(store, whose)
    with store.begin() as tx:
        audit.chain(tx)
        assert audit.verify(tx) is None
        other = people.person_by_email(tx, "other@example.com")
        assert other
        assert (other.name, other.manager) == ("Other Person", "")
        assert people.person_by_email(tx, f"mojo{ADDRESS}")
        assert sum(v.not_helpful + v.helpful for v in feedback.votes(tx).values()) == 1
        assert subject.still_readable(tx, whose) == {}


def test_where_others_wrote_the_address_is_told(store: Store) -> None:
    whose = everywhere(store)
    with store.begin() as tx:
        learned.add(
            tx, initiative="crm", locale="en", heading="Who?", body=f"Ask {ADDRESS}.", author=whose.key, today=TODAY
        )
    erase(store, whose)
    with store.read() as tx:
        assert subject.still_readable(tx, whose) == {"learned.body": 1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_files_of_sqlite(store: Store, tmp_path: Path) -> None:
    whose = everywhere(store)
    erase(store, whose)
    store.close()
    content = b"".join(file.read_bytes() for file in tmp_path.glob("throughline.db*"))
    for canary in (NAME, ACCOUNT, "canary-direct", f" {ADDRESS}"):
        assert canary.encode() not in content, canary
    assert content.count(ADDRESS.encode()) == content.count(f"mojo{ADDRESS}".encode())
