"""What is said in confidence: it waits, sealed, for its slot; its author hears of it; nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.local import parse, render
from bot import confidence
from bot.cases import mails, telling
from bot.cases.slots import next_slot
from bot.cases.words import plainly
from bot.confidence.units import rolled_up, sizes
from bot.messages import Card, Choice, Later, Refused, Sent, Unknown
from bot.playbook.shared_files import Unit
from bot.store import Store, case_history, cases, mailbox, outgoing
from bot.store import tables as t
from bot.store.cases import Case
from bot.store.deliveries import Result
from bot.store.lanes import Lane
from bot.store.patience import PATIENCE
from bot.words import Words
from tests.confidence.copying import copied
from tests.confidence.worlds import SMALL
from tests.world import World, world

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WORRY = "Nobody asked us, and month-end will break."
LOCAL = Lane("local", "local")


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation, whose people have all met the bot."""
    with world(store, SMALL, NOW) as made:
        for who in ("lea", "otto", "pm", "agent"):
            made.says(who, "hello")
        yield made


def raises(here: World, who: str = "lea", text: str = WORRY, severity: str = "1") -> str:
    """What somebody is shown who hands in a worry in confidence."""
    answers = {"text": text, "alike": "other"}
    said = parse(here.payload(who, form=f"concern phones sure {severity} - sales all", answers=answers))
    assert said is not None
    handled = here.core.hear(replace(said, opens=True))
    assert handled.aside
    assert handled.form is not None
    return str(render(handled.form)["text"])


def passes(here: World, hours: int) -> None:
    """Hours pass, with a tick at each."""
    for _ in range(hours):
        here.time += timedelta(hours=1)
        here.core.tick(here.time)
        here.drain()


def numbers(here: World) -> list[int]:
    """The cases there are."""
    with here.store.read() as tx:
        return list(tx.scalars(select(t.case.c.number)))


def the_case(here: World) -> Case:
    """The only case there is."""
    with here.store.read() as tx:
        number = tx.scalars(select(t.case.c.number)).one()
        found = cases.case_by_number(tx, number)
    assert found is not None
    return found


def waiting(here: World) -> list[mailbox.Waiting]:
    with here.store.read() as tx:
        return mailbox.waiting(tx)


def shown_to(here: World, who: str) -> list[str]:
    return [str(message["text"]) for place, message in here.platform.posted if place.conversation == f"direct:{who}"]


# heard without a trace


def test_handing_in_changes_no_table_but_the_box(here: World) -> None:
    before = copied(here.store).rows

    raises(here)

    after = copied(here.store).rows
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {"mailbox_waiting"}


def test_opening_the_form_changes_nothing_at_all(here: World) -> None:
    before = copied(here.store).rows
    said = parse(here.payload("lea", press="concern phones"))
    assert said is not None

    handled = here.core.hear(replace(said, opens=True))

    assert handled.form is not None
    assert handled.form.asks
    assert copied(here.store).rows == before


def test_a_stranger_is_made_known_before_and_not_beside(here: World) -> None:
    here.accounts["root"] = {"name": "Rita Root", "email": "root@example.com"}

    raises(here, "root")

    with here.store.read() as tx:
        known = tx.execute(select(t.identity.c.account).where(t.identity.c.account == "root")).scalar_one()
        assert known == "root"
        assert len(mailbox.waiting(tx)) == 1


def test_the_same_twice_is_one_and_too_many_are_refused(here: World) -> None:
    raises(here)
    raises(here)
    assert len(waiting(here)) == 1

    raises(here, text="second")
    raises(here, text="third")
    refused = raises(here, text="fourth")

    assert len(waiting(here)) == 3
    assert "waiting already" in refused


# slots


@pytest.mark.parametrize(
    ("hour", "severity", "expected"), [(8, 1, 9), (9, 1, 12), (17, 2, 18), (10, 3, 11), (23, 3, 24)]
)
def test_the_next_slot(hour: int, severity: int, expected: int) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    slot = next_slot(midnight + timedelta(hours=hour), severity, "Europe/Lisbon")
    assert slot == midnight + timedelta(hours=expected)


def test_the_last_slot_of_friday_is_followed_by_monday_for_mails_alone() -> None:
    friday = datetime(2026, 11, 27, 20, tzinfo=UTC)
    assert next_slot(friday, 1, "Europe/Lisbon") == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert next_slot(friday, 1, "Europe/Lisbon", working_days=True) == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_it_becomes_a_case_at_its_slot_without_author_and_time(here: World) -> None:
    raises(here)
    passes(here, 1)
    with here.store.read() as tx:
        assert tx.scalars(select(t.case.c.id)).all() == []

    passes(here, 1)

    case = the_case(here)
    assert (case.text, case.asker, case.confidential) == (WORRY, None, True)
    assert case.created_at == datetime(2026, 11, 24, tzinfo=UTC)
    with here.store.read() as tx:
        assert mailbox.has_mailbox(tx, [case.id]) == {case.id}
        assert mailbox.joined(tx, [case.id]) == {}


def test_who_presses_again_after_the_slot_means_it_once(here: World) -> None:
    """Until it is settled; then the same words are a new worry. Somebody else's are their own."""
    for _ in range(2):
        raises(here)
        passes(here, 8)
    first = the_case(here)

    raises(here, "otto")
    here.says("otto", "hello")
    passes(here, 24)
    assert len(numbers(here)) == 2

    said = parse(here.payload("lea", form=f"in-confidence withdraw {first.number}", answers={"sure": "yes"}))
    assert said is not None
    here.core.hear(replace(said, opens=True))
    passes(here, 24)
    raises(here)
    passes(here, 24)
    assert len(numbers(here)) == 3


def test_one_that_cannot_be_passed_on_keeps_back_no_other(here: World) -> None:
    raises(here)
    raises(here, "otto", text="Another one.")
    with here.store.begin() as tx:
        broken = next(one for one in mailbox.waiting(tx) if one.rest["text"] == WORRY)
        mailbox.take(tx, [broken.key])
        mailbox.put(tx, broken.due_at, broken.what, broken.person, {**broken.rest, "initiative": "gone"})

    passes(here, 2)

    assert the_case(here).text == "Another one."
    assert [one.rest["initiative"] for one in waiting(here) if one.what == "concern"] == ["gone"]


# mails


def told(here: World, case: Case, words: str = "It is decided.") -> tuple[Any, ...]:
    """Whoever is behind the case is told this."""
    with here.store.begin() as tx:
        return telling.to_everyone(tx, here.library.current.playbooks, case, lambda _: Card(words), here.time)


def test_its_author_is_told_at_later_slots_and_nothing_of_it_is_left(here: World) -> None:
    raises(here)
    passes(here, 2)
    case = the_case(here)
    passes(here, 3)
    assert any(str(case.number) in text for text in shown_to(here, "lea"))

    assert told(here, case) == ()
    assert "It is decided." not in shown_to(here, "lea")
    deliveries_before = copied(here.store).rows.get("delivery", [])
    passes(here, 3)

    assert shown_to(here, "lea")[-1] == "It is decided."
    assert waiting(here) == []
    mine = [row for row in copied(here.store).rows.get("delivery", []) if row not in deliveries_before]
    assert [row for row in mine if "lea" in str(row)] == []


def test_who_joined_in_confidence_is_counted_and_told(here: World) -> None:
    raises(here)
    passes(here, 2)
    case = the_case(here)
    with here.store.begin() as tx:
        otto = tx.execute(select(t.identity.c.person).where(t.identity.c.account == "otto")).scalar_one()
        assert confidence.join(tx, here.library.current.playbooks, case, otto, here.time)

    passes(here, 3)
    told(here, case)
    passes(here, 3)

    with here.store.read() as tx:
        assert mailbox.joined(tx, [case.id]) == {case.id: 1}
    assert shown_to(here, "otto")[-1] == shown_to(here, "lea")[-1] == "It is decided."


def test_what_failed_is_sent_again_and_what_nobody_knows_about_too(here: World) -> None:
    raises(here)
    passes(here, 2)
    due = here.time + timedelta(hours=4)
    with here.store.begin() as tx:
        claimed = outgoing.claim(tx, LOCAL, due, 5)
        outgoing.record_all(tx, [Result(claimed[0].id, Unknown("cut off"))], due)
        assert outgoing.claim(tx, LOCAL, due, 5) == []
        again = outgoing.claim(tx, LOCAL, due + outgoing.TRY_AGAIN, 5)
        assert [one.card for one in again] == [one.card for one in claimed]
        outgoing.record_all(tx, [Result(again[0].id, Later(5))], due + outgoing.TRY_AGAIN)
        late = due + outgoing.GIVE_UP + timedelta(hours=1)
        last = outgoing.claim(tx, LOCAL, late, 5)
        outgoing.record_all(tx, [Result(last[0].id, Refused("blocked"))], late)
        assert mailbox.waiting(tx) == []


def test_a_process_that_dies_while_sending_loses_no_mail(here: World) -> None:
    raises(here)
    passes(here, 2)
    due = here.time + timedelta(hours=4)
    with here.store.begin() as tx:
        (claimed,) = outgoing.claim(tx, LOCAL, due, 5)
    # Nobody writes down what came of it; what waits is written anew meanwhile.
    with here.store.begin() as tx:
        mailbox.stir(tx)
        outgoing.recover(tx, due + PATIENCE.over, (), PATIENCE)
        assert outgoing.claim(tx, LOCAL, due + PATIENCE.over, 5) == []
        outgoing.recover(tx, due + PATIENCE.over + timedelta(seconds=1), (), PATIENCE)
        (again,) = outgoing.claim(tx, LOCAL, due + PATIENCE.over, 5)
        outgoing.record_all(tx, [Result(again.id, Sent("1"))], due)
        assert again.card == claimed.card
        assert mailbox.waiting(tx) == []


def test_buttons_of_an_author_lead_to_forms_that_are_heard_without_a_trace(here: World) -> None:
    raises(here)
    passes(here, 2)
    case = the_case(here)
    says = [f"case reply {case.number}", f"not-settled {case.number}", f"case {case.number}", "why phones"]
    card = mails.in_confidence(Card("x", choices=tuple(Choice("x", one) for one in says)), case)
    number = case.number
    assert [choice.says for choice in card.choices] == [
        f"in-confidence reply {number}", f"in-confidence not-settled {number}", f"in-confidence show {number}"
    ]  # fmt: skip


# what is padded


def test_lengths_tell_nothing(here: World) -> None:
    raises(here, text="Short.")
    raises(here, "otto", text="Long. " * 300)
    rows = copied(here.store).rows["mailbox_waiting"]
    assert len({len(row["content"]) for row in rows}) == 1


def test_what_waits_gets_other_keys_at_each_tick(here: World) -> None:
    raises(here)
    before = {one.key for one in waiting(here)}
    here.core.tick(here.time + timedelta(minutes=1))
    assert not before & {one.key for one in waiting(here)}


# small units


def _units(**parents: str) -> dict[str, Unit]:
    return {
        name: Unit.model_validate({"id": name, "timezone": "UTC", "owner": "a@b.com", "parent": parent or None})
        for name, parent in parents.items()
    }


@pytest.mark.parametrize(
    ("people", "unit", "named"),
    [
        ({"sales": 5}, "sales", "sales"),
        ({"sales": 4, "company": 1}, "sales", "company"),
        ({"sales": 4}, "sales", ""),
        ({"sales": 2, "office": 3}, "office", "company"),
        # Naming the company would say: not the office, so one of these four.
        ({"sales": 4, "office": 20}, "sales", ""),
        ({"sales": 4, "office": 20, "company": 1}, "sales", "company"),
        ({"sales": 9}, "unheard-of", ""),
    ],
)
def test_a_small_unit_is_rolled_up_until_it_is_large_enough(people: dict[str, int], unit: str, named: str) -> None:
    units = _units(company="", sales="company", office="company")
    size = sizes((one for one, count in people.items() for _ in range(count)), units)
    assert rolled_up(unit, size, units) == named


# closing


def test_a_closed_mailbox_takes_no_more_and_its_author_is_told(here: World) -> None:
    raises(here)
    passes(here, 2)
    number = the_case(here).number

    assert "no. 0" not in str(here.says("otto", f"close-mailbox {number} sure"))
    with here.store.read() as tx:
        assert not mailbox.is_closed(tx, the_case(here).id)
    here.says("pm", f"close-mailbox {number} sure")

    said = parse(here.payload("lea", form=f"in-confidence add {number}", answers={"text": "More."}))
    assert said is not None
    handled = here.core.hear(said)
    words = Words("en")
    closed = words("confidence.closed", case=plainly(the_case(here), words))
    assert handled.cards[0].body == closed
    passes(here, 3)
    assert shown_to(here, "lea")[-1] == closed


def test_hidden_words_are_gone(here: World) -> None:
    raises(here, severity="2")
    passes(here, 2)
    number = the_case(here).number

    here.says("pm", f"hide-words {number} sure")

    assert WORRY not in the_case(here).text
    with here.store.read() as tx:
        assert all(WORRY not in event.text for event in case_history.history(tx, the_case(here).id))
