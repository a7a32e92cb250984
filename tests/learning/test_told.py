"""Who was given what is kept so that nobody can read it, and told once when it changes, whoever's clock does it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from bot import milestones
from bot.learning.facts import given
from bot.learning.ticking import Learning
from bot.library import Library
from bot.messages import Person
from bot.milestones.changes import releasing
from bot.milestones.standing import standings
from bot.store import Store, accounts, changes, deliveries, feedback, gaps, learned, people, releases, tables, told
from bot.store.told import Version
from bot.turn import Topic
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MORNING = Version("phones", "abc", "1")


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    """The small organisation, whose files can be changed; everybody has an account."""
    folder = tmp_path / "playbooks"
    shutil.copytree(SMALL, folder)
    with world(store, folder, MONDAY) as made:
        with store.begin() as tx:
            for who in ("lea", "otto", "pm"):
                accounts.identify(tx, Person("local", "local", who, email=f"{who}@example.com"), MONDAY)
        Learning(store, made.library).tick(MONDAY)
        yield made


def key(here: World, who: str) -> str:
    with here.store.read() as tx:
        found = people.person_by_email(tx, f"{who}@example.com")
    assert found is not None
    return found.key


def was_given(here: World, who: str, heading: str = "", topic: Topic = Topic()) -> None:  # noqa: B008 - it never changes
    """Somebody gets what stands under this heading, or the facts of a topic."""
    initiative = here.library.current.playbooks.initiatives["phones"]
    passage = next((p for p in initiative.passages if p.heading == heading), None)
    with here.store.begin() as tx:
        told.remember(tx, key(here, who), given(initiative, passage, topic), MONDAY.date())


def edit(here: World, file: str, old: str, new: str) -> None:
    path = here.folder / "phones" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    here.time += timedelta(minutes=1)
    here.library.refresh(here.time)


def told_now(store: Store) -> list[str]:
    """Who has a message on its way that something changed."""
    c = tables.delivery.c
    with store.read() as tx:
        return list(tx.scalars(select(c.person).where(c.key.startswith("changed:"))))


def test_only_the_last_version_of_each_subject_is_kept(store: Store) -> None:
    with store.begin() as tx:
        told.remember(tx, "ana", [MORNING], MONDAY.date())
        told.remember(tx, "ana", [Version("phones", "abc", "2"), Version("phones", "def", "1")], MONDAY.date())

        assert [v.version for v in told.versions(tx)] == ["2", "1"]
        assert told.of_person(tx, "ana") == [Version("phones", "abc", "2"), Version("phones", "def", "1")]
        assert told.of_person(tx, "ben") == []


def test_of_two_that_move_a_row_one_may_tell(store: Store) -> None:
    with store.begin() as tx:
        told.remember(tx, "ana", [MORNING], MONDAY.date())
        (row,) = told.given(tx, MORNING)
        newer = Version("phones", "abc", "2")

        assert told.move(tx, row, newer)
        assert not told.move(tx, row, newer)
        assert [one.person for one in told.given(tx, newer)] == ["ana"]


def test_nobody_can_read_who_it_was_and_it_goes_with_the_questions(store: Store) -> None:
    with store.begin() as tx:
        told.remember(tx, "canary-person", [MORNING], date(2026, 11, 26))
        told.remember(tx, "ben", [MORNING], date(2026, 11, 26))
        values = [str(value) for row in tx.execute(select(tables.told)) for value in row]

        assert [v for v in values if "canary" in v] == []
        assert "2026-11-23" in values
        assert "2026-11-26" not in values
        assert told.forget_person(tx, "canary-person") == 1
        assert told.forget(tx, date(2026, 11, 23)) == 0
        assert told.forget(tx, date(2026, 11, 24)) == 1


def test_two_clocks_at_once_tell_of_a_change_once(here: World) -> None:
    for who in ("lea", "otto"):
        was_given(here, who, "Who pays for a broken screen?")
    edit(here, "faq.md", "one broken screen", "three broken screens")
    others = [Library(here.store, here.folder) for _ in range(2)]
    for library in others:
        library.refresh(here.time)
    together = Barrier(2)

    def tick(library: Library) -> int:
        together.wait()
        return Learning(here.store, library).tick(here.time)

    with ThreadPoolExecutor(2) as threads:
        queued = sum(threads.map(tick, others))

    assert queued == 2
    assert sorted(told_now(here.store)) == sorted([key(here, "lea"), key(here, "otto")])
    assert Learning(here.store, here.library).tick(here.time + timedelta(days=1)) == 0


def test_what_may_not_be_read_any_more_is_not_told_and_nothing_is_kept_of_it(here: World) -> None:
    was_given(here, "lea", "Who pays for a broken screen?")
    edit(here, "faq.md", "owner: pm@example.com", "owner: pm@example.com\naudience: change-agents")
    edit(here, "faq.md", "one broken screen", "three broken screens")
    Learning(here.store, here.library).tick(here.time)

    assert told_now(here.store) == []
    with here.store.read() as tx:
        assert told.versions(tx) == []


def test_an_answer_that_moved_to_another_file_is_the_same_answer(here: World) -> None:
    was_given(here, "lea", "Who pays for a broken screen?")
    (here.folder / "phones" / "faq-screens.md").write_text(
        "# Screens\n\n## Who pays for a broken screen?\n\nYou pay, from the second on.\n", encoding="utf-8"
    )
    edit(here, "faq.md", "## Who pays for a broken screen?\n\nThe company pays for one broken screen a year.\n", "")
    Learning(here.store, here.library).tick(here.time)

    assert told_now(here.store) == [key(here, "lea")]


def test_facts_wait_for_the_project_manager_and_are_asked_about_once(here: World) -> None:
    was_given(here, "lea", topic=Topic("phones", word="when"))
    was_given(here, "otto", topic=Topic("phones", word="who"))
    edit(here, "initiative.yaml", "Bring your old phone.", "Bring both of your phones, the old one and the spare one.")
    here.time += timedelta(minutes=1)
    for _ in range(2):
        Learning(here.store, here.library).tick(here.time)
    assert told_now(here.store) == []

    with here.store.begin() as tx:
        (asked,) = releases.all_of(tx)
        assert set(asked.facts) == {"milestones.phones-out"}
        releases.answer(tx, asked.id, releases.SENT, here.time.date())
    Learning(here.store, here.library).tick(here.time)

    assert told_now(here.store) == [key(here, "lea")]


def clock_ticks(here: World) -> None:
    Learning(here.store, here.library).tick(here.time)
    milestones.due(here.store, here.library.current.playbooks, here.time)


def release(here: World) -> None:
    """The project manager releases the one change that waits."""
    playbooks = here.library.current.playbooks
    phones = playbooks.initiatives["phones"]
    with here.store.begin() as tx:
        (change,) = [one for one in changes.of(tx, "phones") if one.state == changes.WAITING]
        about = releasing.about(tx, phones, standings(phones, {}), change.fact, playbooks)
        asked = releasing.askers(tx, phones, change.fact)
        assert releasing.release(tx, change, "Customs", about, playbooks, here.time, asked) is None


def test_a_date_that_comes_back_is_asked_about_again(here: World) -> None:
    clock_ticks(here)
    was_given(here, "lea", topic=Topic("phones", word="when"))
    dates = ["2027-03-15", "2027-04-12", "2027-03-15", "2027-04-12"]
    for old, new in pairwise(dates):
        edit(here, "initiative.yaml", old, new)
        clock_ticks(here)
        release(here)
        clock_ticks(here)

    assert told_now(here.store) == [key(here, "lea")] * 3
    with here.store.read() as tx:
        assert releases.all_of(tx) == []


def test_whoever_else_presses_sends_nothing_and_keeps_nothing(here: World) -> None:
    clock_ticks(here)
    was_given(here, "lea", topic=Topic("phones", word="when"))
    edit(here, "initiative.yaml", "2027-03-15", "2027-04-12")
    clock_ticks(here)
    with here.store.read() as tx:
        (change,) = changes.of(tx, "phones")
    for what in ("tell", "keep"):
        here.hear(here.payload("otto", press=f"release {what} {change.id}"))
    here.fills("otto", f"release tell {change.id}", {"reason": "Because"})

    with here.store.read() as tx:
        assert [one.state for one in changes.of(tx, "phones")] == [changes.WAITING]
    assert told_now(here.store) == []


def test_a_date_that_is_put_back_before_anybody_heard_of_it_is_no_change(here: World) -> None:
    clock_ticks(here)
    was_given(here, "lea", topic=Topic("phones", word="when"))
    for old, new in pairwise(["2027-03-15", "2027-04-12", "2027-03-15"]):
        edit(here, "initiative.yaml", old, new)
        clock_ticks(here)

    with here.store.read() as tx:
        assert changes.of(tx, "phones") == []
    assert told_now(here.store) == []


def asks(here: World, text: str, who: str, today: date) -> None:
    with here.store.begin() as tx:
        gaps.record_gap(
            tx, initiative="phones", locale="en", text=text, words=text, passage="", person=who, today=today
        )


def weekly(store: Store) -> int:
    c = tables.delivery.c
    with store.read() as tx:
        return len(tx.scalars(select(c.id).where(c.key.startswith("gaps:"))).all())


def test_the_weeks_list_comes_once_whoevers_clock_it_is_and_not_where_there_is_nothing(here: World) -> None:
    clocks = [Learning(here.store, Library(here.store, here.folder)) for _ in range(2)]
    next_monday = datetime(2026, 11, 30, 9, 1, tzinfo=UTC)
    for clock in clocks:
        clock.tick(next_monday - timedelta(hours=2))
    for clock in clocks:
        clock.tick(next_monday)
    assert weekly(here.store) == 0

    asks(here, "which colour?", "ana", date(2026, 12, 3))
    for clock in clocks:
        clock.tick(next_monday + timedelta(days=7))
        clock.tick(next_monday + timedelta(days=7, minutes=1))
    assert weekly(here.store) == 1

    for clock in clocks:
        clock.tick(next_monday + timedelta(days=14))
    assert weekly(here.store) == 1


def test_an_answer_that_did_not_help_is_in_the_weeks_list_until_it_is_reworded(here: World) -> None:
    passage = next(p for p in here.library.current.index.passages if p.heading == "Can I keep my number?")
    with here.store.begin() as tx:
        for who in ("ana", "ben", "zoe"):
            feedback.vote(tx, passage=passage.id, hash=passage.hash, person=who, helpful=False)
    clock = Learning(here.store, here.library)
    clock.tick(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    assert weekly(here.store) == 1

    edit(here, "faq.md", "moves to the new phone", "comes with you")
    clock.tick(datetime(2026, 12, 7, 9, 1, tzinfo=UTC))
    assert weekly(here.store) == 1


def test_an_added_answer_that_a_file_holds_is_retired_and_who_got_it_hears_if_the_file_says_else(here: World) -> None:
    with here.store.begin() as tx:
        answer = learned.add(
            tx, initiative="phones", locale="en", heading="How loud?", body="Very loud.", author=key(here, "pm"),
            today=MONDAY.date(),
        )  # fmt: skip
    clock = Learning(here.store, here.library)
    clock.tick(here.time)
    was_given(here, "lea", "How loud?")
    edit(here, "faq.md", "# Questions\n", "# Questions\n\n## how loud\n\nQuiet in meetings.\n")
    clock.tick(here.time)

    with here.store.read() as tx:
        assert [(one.id, one.state) for one in learned.of(tx)] == [(answer.id, learned.RETIRED)]
    assert told_now(here.store) == [key(here, "lea")]
    assert [p.body for p in here.library.current.index.passages if "loud" in p.heading.lower()] == [
        "Quiet in meetings."
    ]


def test_what_is_out_of_force_or_was_never_confirmed_is_deleted_by_age(store: Store) -> None:
    with store.begin() as tx:
        ana = accounts.identify(tx, Person("local", "local", "ana", email="ana@example.com"), MONDAY)
        kept, _, old = [
            learned.add(
                tx, initiative="phones", locale="en", heading=heading, body="Yes.", author=ana.key, waiting=waiting,
                today=MONDAY.date(),
            )
            for heading, waiting in (("Kept?", False), ("Waiting?", True), ("Old?", False))
        ]  # fmt: skip
        learned.change(tx, old.id, learned.RETIRED, MONDAY.date())

        assert learned.forget(tx, MONDAY.date()) == 0
        assert learned.forget(tx, MONDAY.date() + timedelta(days=1)) == 2
        assert [one.id for one in learned.in_force(tx)] == [kept.id]
        assert learned.in_force(tx)[0].author == "ana@example.com"


def test_no_post_says_in_its_key_what_somebody_had_asked(here: World) -> None:
    was_given(here, "lea", "Who pays for a broken screen?")
    passage = next(p for p in here.library.current.index.passages if p.heading == "Who pays for a broken screen?")
    edit(here, "faq.md", "one broken screen", "three broken screens")
    Learning(here.store, here.library).tick(here.time)

    with here.store.read() as tx:
        rows = [str(value) for row in tx.execute(select(tables.delivery)) for value in row]
        assert deliveries.counts(tx)["queued"] == 1
    assert [value for value in rows if passage.id in value or "screen" in value] == []
