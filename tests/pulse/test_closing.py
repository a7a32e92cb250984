"""Closing a round: everything that was answered is kept, and nothing that leads to whoever answered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from bot.playbook.model import Organisation, Playbooks
from bot.playbook.shared_files import PulseTemplate, Unit
from bot.pulse import ticking
from bot.pulse.ballots import Ballot, length
from bot.pulse.closing import close, swept
from bot.store import Seal, SealBroken, Store, ballots, participation, surveys
from bot.store import tables as t
from bot.store.surveys import Round, Snapshot
from tests.pulse.opened import CLOSES, open_round

TEMPLATE = PulseTemplate.model_validate(
    {
        "id": "plain",
        "name": "How is it?",
        "questions": [
            {"id": "fine", "text": "I am fine.", "type": "scale", "min": 1, "max": 5},
            {"id": "first", "text": "What is it?", "type": "text", "optional": True},
            {"id": "second", "text": "And then?", "type": "text", "optional": True},
        ],
    }
)
UNITS = {
    name: Unit.model_validate({"id": name, "timezone": "UTC", "owner": "o@example.com", "parent": parent})
    for name, parent in {"all": None, "sales": "all", "north": "sales", "south": "sales", "legal": "all"}.items()
}
BOOKS = Playbooks(Organisation(units=UNITS))


def people_of(store: Store, units: Mapping[str, int]) -> list[tuple[str, str]]:
    """So many people in each unit, in the database: key and unit."""
    found = [(f"{n:03}{unit:_<29}", unit) for unit, count in units.items() for n in range(count)]
    with store.begin() as tx:
        for key, unit in found:
            tx.execute(t.person.insert().values(_person(key, unit)))
    return found


def _person(key: str, unit: str) -> dict[str, object]:
    needed = {c.name: "" for c in t.person.c if not c.nullable}
    return {**needed, "key": key, "email": f"{key}@example.com", "unit": unit}


def answered(store: Store, round: Round, asked: list[tuple[str, str]], chance: random.Random) -> list[Ballot]:
    """Everybody answers, in any order, each in a transaction of their own."""
    cast: list[Ballot] = []
    for number, (person, unit) in enumerate(chance.sample(asked, len(asked))):
        texts = {"first": f"one {number}", "second": f"two {number}"} if number % 2 else {}
        ballot = Ballot(unit, {"fine": number % 5 + 1}, texts)
        with store.begin() as tx:
            assert participation.answered(tx, round.id, person)
            if round.named:
                assert ballots.put_named(tx, round.id, person, ballot.to_json(), length(TEMPLATE))
            else:
                key = f"{chance.getrandbits(128):032x}"
                ballots.put_in(tx, round.id, key, ballot.to_json(), length(TEMPLATE))
        cast.append(ballot)
    return cast


def closed(store: Store, round: Round, chance: random.Random | None = None) -> str:
    close(store, BOOKS, round.id, CLOSES, chance)
    assert swept(store)
    with store.read() as tx:
        found = surveys.round(tx, round.id)
    assert found is not None
    return found.state


def rows(store: Store, table: str) -> list[dict[str, object]]:
    with store.read() as tx:
        return [dict(row._mapping) for row in tx.execute(select(t.metadata.tables[table]))]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(7)


def test_every_answer_is_kept_and_the_box_is_gone(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 7, "legal": 6})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    cast = answered(store, round, asked, chance)
    keys = {str(row["key"]) for row in rows(store, "survey_ballot")}

    assert closed(store, round) == surveys.CLOSED

    kept, comments = rows(store, "survey_answer"), rows(store, "survey_comment")
    wanted = Counter((one.unit, one.answers["fine"]) for one in cast)
    assert Counter((row["unit"], row["answers"]["fine"]) for row in kept) == wanted  # type: ignore[index]  # it is JSON
    said = {store.seal.open(str(row["text"])) for row in comments}
    assert said == {text for one in cast for text in one.texts.values()}
    assert rows(store, "survey_ballot") == []
    assert not keys & {str(row["key"]) for row in (*kept, *comments)}
    assert len({row["key"] for row in (*kept, *comments)}) == len(kept) + len(comments)


def test_answers_of_one_person_stand_in_no_order_that_leads_back(store: Store) -> None:
    """Neither the order of answering, nor that of the ballots' keys, nor one comment beside another."""
    asked = people_of(store, {"north": 40})
    chance = random.Random(11)
    round = open_round(store, Snapshot(TEMPLATE), asked)
    template = length(TEMPLATE)
    for number, (person, unit) in enumerate(asked):
        with store.begin() as tx:
            participation.answered(tx, round.id, person)
            ballot = Ballot(unit, {"fine": number % 5 + 1}, {"first": str(number), "second": str(number)})
            ballots.put_in(tx, round.id, f"{number:032x}", ballot.to_json(), template)

    closed(store, round, chance)

    # As the file has them: by their keys in SQLite, where these tables have no numbers of rows.
    order = text("key" if store.embedded else "ctid")
    with store.read() as tx:
        answers = list(tx.scalars(select(t.survey_answer.c.answers).order_by(order)))
        kept = tx.execute(select(t.survey_comment).order_by(order)).all()
    first = [int(store.seal.open(row.text)) for row in kept if row.question == "first"]
    second = [int(store.seal.open(row.text)) for row in kept if row.question == "second"]
    assert sorted(first) == sorted(second) == list(range(40))
    assert first != sorted(first)
    assert second != sorted(second)
    assert first != second
    assert [{"fine": n % 5 + 1} for n in range(40)] != answers
    assert [{"fine": n % 5 + 1} for n in first] != answers


def writers(store: Store) -> set[str]:
    """The transactions that the rows of who was asked stand to be written by."""
    if store.embedded:
        return set()
    with store.read() as tx:
        return set(tx.scalars(text("SELECT xmin::text FROM survey_asked")))


def test_participation_is_written_anew_in_an_order_that_tells_nothing(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 9})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked[:6], chance)
    before = sorted(map(str, rows(store, "survey_asked")))
    answering = writers(store)

    closed(store, round)

    assert sorted(map(str, rows(store, "survey_asked"))) == before
    if store.embedded:
        return
    with store.read() as tx:
        written = tx.execute(text("SELECT person, xmin::text AS by FROM survey_asked ORDER BY ctid")).all()
    assert not {row.by for row in written} & answering
    assert len({row.by for row in written}) == 1
    assert [row.person for row in written] == sorted(person for person, _ in asked)


def test_a_unit_of_four_counts_with_others_and_never_alone(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 4, "south": 8, "legal": 9})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)

    closed(store, round)

    sizes = Counter(row["unit"] for row in rows(store, "survey_answer"))
    assert sizes == {"north south": 12, "legal": 9}
    assert {row["unit"] for row in rows(store, "survey_comment")} <= sizes.keys()


def test_people_without_a_unit_that_is_there_count_too(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"gone": 3, "": 3, "north": 5})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)

    closed(store, round)

    assert Counter(row["unit"] for row in rows(store, "survey_answer")) == {"-": 6, "north": 5}


@pytest.mark.parametrize(("answers", "minimum", "state"), [(4, 5, "destroyed"), (5, 5, "closed"), (9, 10, "destroyed")])
def test_too_few_answers_are_destroyed_unseen(
    store: Store, chance: random.Random, answers: int, minimum: int, state: str
) -> None:
    asked = people_of(store, {"north": 12})
    round = open_round(store, Snapshot(TEMPLATE), asked, minimum=minimum)
    answered(store, round, asked[:answers], chance)

    assert closed(store, round) == state

    kept = answers if state == "closed" else 0
    assert len(rows(store, "survey_answer")) == kept
    assert rows(store, "survey_ballot") == []
    assert bool(rows(store, "survey_comment")) == bool(kept)


def test_a_round_nobody_answered_is_closed_too(store: Store) -> None:
    round = open_round(store, Snapshot(TEMPLATE), people_of(store, {"north": 6}))

    assert closed(store, round) == surveys.DESTROYED


def test_nothing_is_closed_twice_or_before_its_time(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 6})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)
    assert close(store, BOOKS, round.id, CLOSES - timedelta(seconds=1)) is None
    assert rows(store, "survey_answer") == []

    assert closed(store, round) == closed(store, round) == surveys.CLOSED

    assert len(rows(store, "survey_answer")) == 6


def test_a_closing_that_ended_in_the_middle_is_finished_by_the_clock(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 6})
    begun, unburnt = (open_round(store, Snapshot(TEMPLATE), asked, minimum=least) for least in (5, 4))
    for round in (begun, unburnt):
        answered(store, round, asked, chance)
    with store.begin() as tx:
        surveys.set_state(tx, begun.id, surveys.CLOSING)
    assert close(store, BOOKS, unburnt.id, CLOSES)
    assert len(rows(store, "survey_ballot")) == 12

    assert ticking.close(store, BOOKS, CLOSES) == 1

    assert rows(store, "survey_ballot") == []
    assert Counter(row["round"] for row in rows(store, "survey_answer")) == {begun.id: 6, unburnt.id: 6}
    assert {row["round"] for row in rows(store, "survey_result")} == {begun.id, unburnt.id}
    assert ticking.close(store, BOOKS, CLOSES) == 0


def test_of_several_that_close_a_round_at_once_one_does(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 8})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: close(store, BOOKS, round.id, CLOSES), range(4)))

    assert len([one for one in done if one]) == 1
    assert len(rows(store, "survey_answer")) == 8
    assert {row["state"] for row in rows(store, "survey_asked")} == {participation.ANSWERED}
    assert len(rows(store, "survey_asked")) == 8


def test_a_closing_that_fails_keeps_the_box(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 6})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)
    with store.begin() as tx:
        one = tx.scalar(select(func.min(t.survey_ballot.c.key)))
        lost = Seal(["another secret"]).seal("lost")
        tx.execute(update(t.survey_ballot).where(t.survey_ballot.c.key == one).values(content=lost))

    with pytest.raises(SealBroken):
        closed(store, round)

    assert len(rows(store, "survey_ballot")) == 6
    assert rows(store, "survey_answer") == []
    assert ticking.close(store, BOOKS, CLOSES) == 0
    assert len(rows(store, "survey_ballot")) == 6


def test_answers_with_names_stay_with_them_and_are_counted_like_others(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 6})
    round = open_round(store, Snapshot(TEMPLATE), asked, named=True)
    answered(store, round, asked, chance)

    assert closed(store, round) == surveys.CLOSED

    assert len(rows(store, "survey_named")) == len(rows(store, "survey_answer")) == 6


def test_few_answers_with_names_are_not_destroyed(store: Store, chance: random.Random) -> None:
    asked = people_of(store, {"north": 3})
    round = open_round(store, Snapshot(TEMPLATE), asked, named=True)
    answered(store, round, asked, chance)

    assert closed(store, round) == surveys.CLOSED

    assert len(rows(store, "survey_named")) == 3
    assert rows(store, "survey_answer") == []


def test_after_closing_no_byte_of_a_ballot_is_left_in_the_file(store: Store, chance: random.Random) -> None:
    if not store.embedded:
        return  # there others hold the files; what dead rows leave in them is sealed
    asked = people_of(store, {"north": 6})
    round = open_round(store, Snapshot(TEMPLATE), asked)
    answered(store, round, asked, chance)
    files = [Path(f"{store.engine.url.database}{end}") for end in ("", "-wal")]
    # A piece that lies within one page of the file.
    pieces = [str(row["content"]).encode()[-300:-200] for row in rows(store, "survey_ballot")]
    assert all(any(piece in file.read_bytes() for file in files) for piece in pieces)

    closed(store, round)

    assert not any(piece in file.read_bytes() for file in files for piece in pieces)
