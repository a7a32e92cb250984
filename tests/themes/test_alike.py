"""Alike concerns: found by meaning in any language, in the right initiative and unit, as long as they are open."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
from sqlalchemy import delete, select, update

from bot.answers.encoder import embedded
from bot.messages import Place
from bot.playbook.model import Playbooks
from bot.store import Seal, Store, case_history, tables, themes
from bot.themes import alike, ticking
from bot.themes.likeness import BY_WORDS, Likeness, likeness

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOWHERE = Place("local", "local", "direct:lea")
ENCODER = pytest.mark.skipif(embedded() is None, reason="no sentence encoder in this installation")


def raised(store: Store, text: str, *, unit: str = "sales", initiative: str = "phones", kind: str = "concern") -> str:
    """The id of a new case without a name."""
    with store.begin() as tx:
        case = case_history.open_case(
            tx, kind=kind, initiative=initiative, unit=unit, text=text, asker=None, reply_to=NOWHERE,
            owner="head@example.com", due_at=NOW, now=NOW, confidential=True,
        )  # fmt: skip
        return case.id


def understand(store: Store, by: Likeness) -> int:
    return ticking.understand(store, Playbooks(), NOW, by)


def found(store: Store, text: str, unit: str = "", initiative: str = "phones") -> list[str]:
    with store.read() as tx:
        return [case.id for case, _ in alike(tx, initiative, unit, text)]


@ENCODER
def test_the_same_worry_is_found_in_another_language(store: Store) -> None:
    month_end = raised(store, "The go-live falls right on month-end closing, we can't do both")
    raised(store, "It crashes whenever I print a label")
    assert understand(store, likeness()) == 2
    assert understand(store, likeness()) == 0

    assert found(store, "Go-live und Monatsabschluss fallen zusammen, das schaffen wir nicht") == [month_end]
    assert found(store, "Will there be free coffee?") == []


def test_what_was_raised_just_now_is_found_by_its_words(store: Store) -> None:
    here = raised(store, "Nobody asked the warehouse about the new scanners")
    elsewhere = raised(store, "Nobody asked the warehouse about the new scanners", unit="office")

    assert found(store, "the warehouse was not asked about new scanners", unit="sales") == [here]
    assert set(found(store, "the warehouse was not asked about new scanners")) == {here, elsewhere}
    assert found(store, "the warehouse was not asked about new scanners", initiative="laptops") == []


def test_only_open_concerns_and_requests_are_found(store: Store) -> None:
    text = "the label printer stops all the time"
    question = raised(store, text, kind="question")
    closed, merged, gone, stays = (raised(store, text) for _ in range(4))
    by = BY_WORDS
    understand(store, by)

    def seen() -> set[str]:
        with store.read() as tx:
            return {case.id for case, _ in alike(tx, "phones", "", text, limit=9, by=by)}

    assert seen() == {closed, merged, gone, stays}
    assert question not in seen()
    with store.begin() as tx:
        case_history.change_state(tx, closed, "withdrawn", actor="", now=NOW)
        tx.execute(update(tables.case).where(tables.case.c.id == merged).values(merged_into=stays))
        tx.execute(delete(tables.case).where(tables.case.c.id == gone))
    assert seen() == {stays}


def test_of_a_unit_its_own_are_found_behind_more_of_others_than_are_asked_for_at_once(store: Store) -> None:
    text = "the label printer stops all the time"
    others = [raised(store, text, unit="office") for _ in range(4)]
    mine = raised(store, f"{text} since Monday")
    understand(store, BY_WORDS)
    with store.read() as tx, pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(import_module("bot.themes.alike"), "ASKED_AT_ONCE", 2)
        assert [case.id for case, _ in alike(tx, "phones", "sales", text, by=BY_WORDS)] == [mine]
        everywhere = [case.id for case, _ in alike(tx, "phones", "", text, limit=9, by=BY_WORDS)]
    assert everywhere == [*sorted(others), mine]


def test_what_another_process_understood_is_found_after_the_first_look(store: Store) -> None:
    raised(store, "the label printer stops all the time")
    ticking.due(store, Playbooks(), NOW, BY_WORDS)
    with store.read() as tx:
        assert len(alike(tx, "phones", "", "label printer", by=BY_WORDS)) == 1
    raised(store, "the label printer stops again")
    understand(store, BY_WORDS)

    with store.read() as tx:
        assert len(alike(tx, "phones", "", "label printer", by=BY_WORDS)) == 2


def test_a_case_that_is_worded_anew_means_something_else(store: Store) -> None:
    case = raised(store, "the label printer stops all the time")
    understand(store, BY_WORDS)
    with store.begin() as tx:
        new = tx.seal.seal("no training for the night shift")
        tx.execute(update(tables.case).where(tables.case.c.id == case).values(text=new))
        themes.worded_anew(tx, case)
    for _ in range(2):  # before its meaning is made again, and after
        with store.read() as tx:
            assert alike(tx, "phones", "", "label printer stops", by=BY_WORDS) == []
            assert [c.id for c, _ in alike(tx, "phones", "", "night shift: no training", by=BY_WORDS)] == [case]
        understand(store, BY_WORDS)


def test_what_a_case_means_cannot_be_read_from_the_database(store: Store) -> None:
    text = "the label printer stops all the time"
    raised(store, text)
    understand(store, BY_WORDS)
    with store.read() as tx:
        kept = tx.scalars(select(tables.case_meaning.c.vector)).one()
        assert BY_WORDS.kept(text) in themes.vectors(tx, list(tx.scalars(select(tables.case_meaning.c.id)))).values()
    with pytest.raises(Exception, match="cannot be opened"):
        Seal(["another secret"]).open(kept)


def test_another_process_that_encoded_the_same_case_does_no_harm(store: Store) -> None:
    case = raised(store, "the label printer stops all the time")
    made = {case: ("the label printer stops all the time", BY_WORDS.kept("the label printer stops all the time"))}
    with store.begin() as tx:
        assert themes.keep_vectors(tx, BY_WORDS.maker, {case: ("what it said before", b"")}) == 0
        assert themes.keep_vectors(tx, BY_WORDS.maker, made) == 1
        assert themes.keep_vectors(tx, BY_WORDS.maker, made) == 0
