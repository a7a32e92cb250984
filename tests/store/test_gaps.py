"""Askers and voters are counted and cannot be named."""

from __future__ import annotations

from datetime import date

from bot.store import Store, feedback, gaps
from bot.store.feedback import Votes
from bot.store.gaps import Gap

WEDNESDAY = date(2027, 3, 17)


def ask(store: Store, person: str, text: str = "What about pay?", today: date = WEDNESDAY, **more: str) -> None:
    values = {"initiative": "crm", "locale": "en", "passage": "crm/faq#pay", "words": text.lower().strip("?! ")}
    with store.begin() as tx:
        gaps.record_gap(tx, text=text, person=person, today=today, **{**values, **more})


def found(store: Store, initiative: str | None = None) -> list[Gap]:
    with store.read() as tx:
        return gaps.gaps(tx, initiative)


def test_the_same_question_of_several_people_is_one_gap(store: Store) -> None:
    for person in ("ana", "ben", "ana"):
        ask(store, person)
    ask(store, "zoe", "what about PAY!")

    (gap,) = found(store)

    assert (gap.text, gap.askers, gap.passage, gap.locale) == ("What about pay?", 3, "crm/faq#pay", "en")


def test_only_the_week_of_the_last_asking_is_kept(store: Store) -> None:
    ask(store, "ana")
    assert found(store)[0].week == date(2027, 3, 15)

    ask(store, "ben", today=date(2027, 3, 28))
    ask(store, "zoe", today=WEDNESDAY)
    assert found(store)[0].week == date(2027, 3, 22)


def test_gaps_most_people_have_come_first(store: Store) -> None:
    ask(store, "ana", "Who?")
    for person in ("ana", "ben"):
        ask(store, person, "When?")
    ask(store, "ana", "Where?", initiative="hr")

    assert [gap.text for gap in found(store, "crm")] == ["When?", "Who?"]
    assert [gap.text for gap in found(store, "hr")] == ["Where?"]
    assert len(found(store)) == 3


def test_languages_and_initiatives_are_apart(store: Store) -> None:
    ask(store, "ana")
    ask(store, "ana", locale="pt")
    ask(store, "ana", initiative="hr")

    assert [gap.askers for gap in found(store)] == [1, 1, 1]


def test_gaps_nobody_asks_about_any_more_are_forgotten(store: Store) -> None:
    ask(store, "ana", "Who?", today=date(2026, 1, 1))
    ask(store, "ana", "When?")

    with store.begin() as tx:
        assert gaps.forget(tx, date(2027, 1, 1)) == 1

    assert [gap.text for gap in found(store)] == ["When?"]


def test_everybody_has_one_vote_on_each_version_and_may_change_it(store: Store) -> None:
    with store.begin() as tx:
        for person, helpful in (("ana", True), ("ben", True), ("zoe", False), ("ben", False), ("ana", True)):
            feedback.vote(tx, passage="crm/faq#pay", hash="v1", person=person, helpful=helpful)
        feedback.vote(tx, passage="crm/faq#pay", hash="v2", person="ana", helpful=False)

        assert feedback.votes(tx) == {
            ("crm/faq#pay", "v1"): Votes(helpful=1, not_helpful=2),
            ("crm/faq#pay", "v2"): Votes(helpful=0, not_helpful=1),
        }
