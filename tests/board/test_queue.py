"""The queue, one case, what agents and sponsors see of them, and the file: who may, and what stands there."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.board.look import look_of
from bot.board.page import File, Page
from bot.board.sight import sight_of
from bot.cases.accountable import may_answer
from bot.messages import Place
from bot.store import audit, case_history, case_queue, case_supporters, cases, mailbox, people, tables
from bot.store.case_queue import Wanted
from bot.store.cases import Case
from bot.themes import ticking
from bot.themes.likeness import BY_WORDS
from tests.board.house import NOW, House

MINE = "The tests collide with the end of the quarter"


def raised(house: House, who: str = "", text: str = MINE, **more: object) -> Case:
    """A concern of this person, in confidence where nobody is named."""
    values: dict[str, object] = {
        "kind": "concern", "initiative": "phones", "unit": "sales", "owner": "head@example.com",
        "due_at": house.now + timedelta(days=5), "driver": "timing", "severity": 2,
    }  # fmt: skip
    with house.store.begin() as tx:
        case = case_history.open_case(
            tx, text=text, asker=house.key(who) if who else None, reply_to=Place("local", "local", "direct"),
            now=house.now, confidential=not who, **{**values, **more},  # type: ignore[arg-type]  # as they are
        )  # fmt: skip
        if not who:
            mailbox.admit(tx, [mailbox.Behind(case.id, house.key("lea"), mailbox.AUTHOR)])
    return case


def change(house: House, case: Case, **values: object) -> None:
    with house.store.begin() as tx:
        tx.execute(update(tables.case).where(tables.case.c.id == case.id).values(**values))


def page(house: House, who: str, view: str = "queue", **filters: str) -> Page | None:
    shown = house.door.show(house.key(who), view, filters)
    assert not isinstance(shown, File)
    return shown


def text(shown: Page | None) -> str:
    assert shown
    return str(asdict(shown))


def listed(shown: Page | None) -> list[str]:
    """The numbers of the cases that a page lists, in their order."""
    assert shown
    return [link.to for link in shown.lists[0].links]


def file(house: House, who: str, **filters: str) -> list[list[str]]:
    shown = house.door.show(house.key(who), "queue", {"as": "csv", **filters})
    assert isinstance(shown, File)
    return list(csv.reader(io.StringIO(shown.content)))


def trail(house: House) -> list[tuple[str, str]]:
    with house.store.begin() as tx:
        audit.chain(tx)
    with house.store.read() as tx:
        return [(line.action, line.subject) for line in audit.lines(tx)]


# who may


@pytest.mark.parametrize("view", ["queue", "case", "decided", "concerns"])
@pytest.mark.parametrize("who", ["lea", "otto", "root"])
def test_whoever_answers_for_nothing_sees_none_of_it(house: House, view: str, who: str) -> None:
    case = raised(house, "lea")

    assert page(house, who, view, of=str(case.number)) is None


def test_a_change_agent_sees_neither_the_queue_nor_a_case(house: House) -> None:
    case = raised(house, "lea")

    assert page(house, "agent", "queue") is None
    assert page(house, "agent", "case", of=str(case.number)) is None
    assert house.door.show(house.key("agent"), "queue", {"as": "csv"}) is None


def test_whoever_only_owns_a_unit_sees_their_own(house: House) -> None:
    mine = raised(house, "lea", owner="otto@example.com", unit="office")
    other = raised(house, "agent")
    units = house.folder / "units.yaml"
    units.write_text(units.read_text().replace("Europe/Berlin, owner: head", "Europe/Berlin, owner: otto"))
    house.now += timedelta(seconds=1)
    house.library.refresh(house.now)

    shown = page(house, "otto")

    assert listed(shown) == [f"case/{mine.number}"]
    assert shown
    assert [view.to for view in shown.views] == ["queue"]
    assert page(house, "otto", "case", of=str(other.number)) is None
    assert page(house, "otto", "overview") is None


def test_whoever_was_only_given_a_case_sees_it_as_long_as_it_is_theirs(house: House) -> None:
    given, other = raised(house, "lea"), raised(house, "agent")
    assert house.door.enter(house.link("otto")) == ""
    change(house, given, handler="otto@example.com")
    session = house.enter("otto")

    shown = page(house, "otto")

    assert listed(shown) == [f"case/{given.number}"]
    assert shown
    assert [view.to for view in shown.views] == ["queue"]
    assert MINE in text(page(house, "otto", "case", of=str(given.number)))
    assert page(house, "otto", "case", of=str(other.number)) is None
    assert house.door.visitor(session) == house.key("otto")
    change(house, given, handler=None)
    assert house.door.visitor(session) == ""
    assert page(house, "otto") is None


def test_a_session_goes_on_when_somebody_with_a_role_is_given_a_case(house: House) -> None:
    session = house.enter("agent")
    change(house, raised(house, "lea"), handler="agent@example.com")

    assert house.door.visitor(session) == house.key("agent")
    assert len(listed(page(house, "agent"))) == 1


def test_what_a_page_shows_is_what_somebody_may_answer(house: House) -> None:
    """The store's condition for many cases is the rule of bot/cases for one, in random worlds."""
    chance = random.Random(7)
    some = ["head", "pm", "lea", "otto", "agent", "root"]
    units = house.folder / "units.yaml"
    plain = units.read_text()
    for world in range(6):
        written = plain
        for unit in ("company", "sales", "office"):
            one, two = chance.sample(some, 2)
            line = next(line for line in plain.splitlines() if f"id: {unit}," in line)
            new = line.replace("owner: head@example.com", f"owner: {one}@example.com, deputy: {two}@example.com")
            written = written.replace(line, new)
        units.write_text(written)
        house.now += timedelta(seconds=1)
        house.library.refresh(house.now)
        for _ in range(12):
            case = raised(
                house, chance.choice(["lea", "pm", "head"]), unit=chance.choice(["", "sales", "office", "company"]),
                owner=f"{chance.choice(some)}@example.com", avoid_owner=chance.random() < 0.4,
            )  # fmt: skip
            handler = f"{chance.choice(some)}@example.com" if chance.random() < 0.3 else None
            change(house, case, escalated=chance.choice([0, 1, 2]), handler=handler)
        if world == 3:
            with house.store.begin() as tx:
                people.mark_left(tx, [house.key("pm")], house.now)
        for who in some:
            key = house.key(who)
            with house.store.read() as tx:
                look = look_of(tx, key, house.library.current, house.now, "")
                if look is None:
                    continue
                books = house.library.current.playbooks
                seen = {one.number for one in case_queue.page(tx, sight_of(look), Wanted(state=""), 0, 1000)}
                every = [c for n in range(1, 12 * world + 13) if (c := cases.case_by_number(tx, n))]
                assert seen == {c.number for c in every if may_answer(tx, books, c, f"{who}@example.com")}, who


# the list


def test_what_needs_a_word_first_stands_first(house: House) -> None:
    later = raised(house, "lea", due_at=NOW + timedelta(days=9))
    soon = raised(house, "agent", due_at=NOW + timedelta(days=9), respond_until=NOW + timedelta(hours=3))
    waits = raised(house, "otto", due_at=NOW + timedelta(days=1))
    change(house, waits, paused_since=NOW)
    done = raised(house, "root")
    with house.store.begin() as tx:
        case_history.change_state(tx, done.id, "answered", actor=house.key("head"), now=NOW, text="Yes.")

    assert listed(page(house, "pm")) == [f"case/{one.number}" for one in (soon, later, waits)]
    assert listed(page(house, "pm", state="all")) == [f"case/{one.number}" for one in (soon, later, waits, done)]
    assert listed(page(house, "pm", whose="soon")) == [f"case/{soon.number}"]
    assert listed(page(house, "pm", state="waiting")) == [f"case/{waits.number}"]
    assert listed(page(house, "pm", state="closed")) == [f"case/{done.number}"]


def test_the_list_is_narrowed_by_what_was_chosen(house: House) -> None:
    one = raised(house, "lea")
    two = raised(house, "otto", unit="office", kind="request", driver="cost", owner="pm@example.com")

    assert listed(page(house, "pm", unit="office")) == [f"case/{two.number}"]
    assert listed(page(house, "pm", kind="concern")) == [f"case/{one.number}"]
    assert listed(page(house, "pm", about="cost")) == [f"case/{two.number}"]
    assert listed(page(house, "pm", whose="mine")) == [f"case/{two.number}"]
    assert listed(page(house, "pm", unit="nowhere")) == []
    assert len(listed(page(house, "pm", state="nonsense", kind="nonsense", page="nonsense", about="x"))) == 2


def test_questions_are_not_in_it(house: House) -> None:
    raised(house, "lea", kind="question", owner="pm@example.com")

    assert listed(page(house, "pm", state="all")) == []


def test_an_empty_list_says_so(house: House) -> None:
    assert "Nobody waits for your word." in text(page(house, "pm"))
    assert "Choose less above" in text(page(house, "pm", kind="request"))


def test_many_cases_come_in_pages(house: House) -> None:
    for n in range(60):
        raised(house, "lea", text=f"Worry {n}", due_at=NOW + timedelta(days=1, minutes=n))

    first, second = page(house, "pm"), page(house, "pm", page="2")

    assert first
    assert second
    assert len(listed(first)) == 50
    assert len(listed(second)) == 10
    assert [link.to for link in first.turning] == ["queue?page=2"]
    assert [link.to for link in second.turning] == ["queue?page=1"]
    assert listed(page(house, "pm", page="99")) == listed(second)
    assert listed(page(house, "pm", page="9" * 400)) == listed(second)


# one case


def test_a_case_shows_its_words_its_author_and_its_history(house: House) -> None:
    case = raised(house, "lea", would_work="two afternoons", at_stake="Close the quarter")

    shown = text(page(house, "pm", "case", of=str(case.number)))

    for said in (MINE, "Lea Lang", "two afternoons", "Close the quarter", f"case {case.number}"):
        assert said in shown
    assert text(page(house, "head", "case", of=str(case.number)))
    assert page(house, "pm", "case", of="999") is None
    assert page(house, "pm", "case", of="x") is None
    assert page(house, "pm", "case") is None


def test_of_a_case_in_confidence_nobody_sees_the_author(house: House) -> None:
    case = raised(house)

    for who in ("pm", "head"):
        for view in ("queue", "case"):
            shown = text(page(house, who, view, of=str(case.number)))
            assert MINE in shown
            assert "Lea Lang" not in shown
        assert "Lea Lang" not in str(file(house, who))


def test_the_sponsor_sees_what_came_up_and_not_who_raised_it(house: House) -> None:
    case = raised(house, "lea", owner="pm@example.com", unit="office")
    assert page(house, "head", "case", of=str(case.number)) is None

    change(house, case, escalated=2)
    shown = text(page(house, "head", "case", of=str(case.number)))

    assert MINE in shown
    assert "Lea Lang" not in shown
    (_, row) = file(house, "head")
    assert "Lea Lang" not in str(row)
    assert "Lea Lang" in str(file(house, "pm"))


def test_how_many_joined_in_confidence_is_not_said_below_five(house: House) -> None:
    case = raised(house, "lea")
    with house.store.begin() as tx:
        case_supporters.join(tx, case.id, house.key("otto"))
        mailbox.admit(tx, [mailbox.Behind(case.id, f"nobody-{n}", mailbox.JOINED) for n in range(1)])

    assert "1 other stands behind it" in text(page(house, "pm"))
    assert file(house, "pm")[1][11] == "1"


# the file


def test_the_file_is_safe_in_a_spreadsheet_and_noted(house: House) -> None:
    raised(house, "lea", text="=HYPERLINK(1)")
    raised(house, "lea", text="@sum", unit="office")
    before = len(trail(house))

    head, *rows = file(house, "pm", unit="sales")

    assert head[0] == "Number"
    assert [row[-1] for row in rows] == ["'=HYPERLINK(1)"]
    assert trail(house)[before:] == [("board.exported", "1 cases")]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "\u00a0=", "\uff1d"])
def test_no_cell_of_the_file_is_a_formula(house: House, begins: str) -> None:
    raised(house, "lea", text=f"{begins}HYPERLINK(1)")

    _head, row = file(house, "pm")

    assert row[-1] == f"'{begins}HYPERLINK(1)"


def test_the_file_has_the_days_that_people_read_elsewhere(house: House) -> None:
    """Of what was said in confidence the end of the day is kept, which is the day after it by its date."""
    raised(house, due_at=NOW + timedelta(days=5))
    head, row = file(house, "pm")
    there = dict(zip(head, row, strict=True))
    assert (there["Raised on"], there["A word needed by"]) == (str(NOW.date()), str(NOW.date() + timedelta(days=5)))


def test_a_page_leaves_no_line_in_the_audit_trail(house: House) -> None:
    raised(house, "lea")
    before = trail(house)
    page(house, "pm")

    assert trail(house) == before


# for change agents


def test_agents_see_what_five_people_of_their_unit_share_and_nothing_of_them(house: House) -> None:
    for _ in range(4):
        raised(house)
    raised(house, "otto", unit="office")
    ticking.understand(house.store, house.library.current.playbooks, house.now, BY_WORDS)
    shown = text(page(house, "agent", "concerns"))
    assert "Nothing that five people or more stand behind." in shown

    raised(house, "otto")
    ticking.understand(house.store, house.library.current.playbooks, house.now, BY_WORDS)
    shown = text(page(house, "agent", "concerns"))

    assert "Nothing that five" not in shown
    assert "'5'" in shown
    for never in ("collide", "Otto Ort", "Lea Lang", "otto@"):
        assert never not in shown
    assert page(house, "pm", "concerns") is None


# for sponsors


def test_sponsors_see_what_was_decided_and_what_is_late_without_names(house: House) -> None:
    done = raised(house, "lea", due_at=NOW - timedelta(days=1))
    raised(house, "otto", due_at=NOW - timedelta(days=1))
    raised(house, "agent", unit="office")
    earlier = raised(house, "root")
    values = {"state": "answered", "decision": "yes-but", "decided_on": date(2026, 11, 20)}
    change(house, done, **values, created_at=NOW - timedelta(days=9))
    change(house, earlier, **{**values, "decided_on": date(2026, 10, 20)})

    shown = page(house, "head", "decided")

    assert "20 November 2026" in text(shown)
    assert "20 October" not in text(shown)
    assert "20 October" in text(page(house, "head", "decided", month="2026-10"))
    for never in (MINE, "Lea Lang", "Otto Ort"):
        assert never not in text(shown)
    assert shown
    tables_shown = [card.table for card in shown.cards if card.table]
    assert tables_shown == [(("Department", "Open", "Overdue"), ("Office", "1", "0"), ("Sales", "1", "1"))]
