"""Wins: who may say, decide and read them, where they go, and what pressing twice, late or without leave does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.local import parse
from bot.store import Store
from bot.store import tables as t
from bot.store import wins as kept
from bot.store.wins import APPROVED, ASKED, SUGGESTED, TOLD, WAITING, WITHDRAWN
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
SAID = {"what": "It rings.", "whom": "Sales", "evidence": "", "link": "", "thanks": "", "worry": ""}
PRESSES = (
    *("everybody", "approve", "edit", "back", "again", "take", "decline", "withdraw", "show", "without"),
    *("thanks-yes", "thanks-no", "thanks-words", "thanks-accept"),
)


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    """The small organisation on a Tuesday morning; everybody has been welcomed."""
    shutil.copytree(SMALL, tmp_path / "playbooks")
    with world(store, tmp_path / "playbooks", NOW) as made:
        for name in ("agent", "lea", "otto", "pm", "root"):
            made.says(name, "thanks")
        yield made


def the_win(here: World) -> kept.Win:
    """The newest win there is."""
    with here.store.read() as tx:
        ids = list(tx.scalars(t.win.select().with_only_columns(t.win.c.id).order_by(t.win.c.said_at.desc())))
        found = kept.win(tx, ids[0])
    assert found is not None
    return found


def say(here: World, who: str = "agent", spot: str = "phones sales", **more: str) -> kept.Win:
    """Somebody hands in the form; the win that came of it."""
    here.time += timedelta(seconds=1)
    here.fills(who, f"win {spot}", SAID | more)
    return the_win(here)


def press(here: World, who: str, verb: str, win: kept.Win) -> str:
    """What is posted to whoever presses this."""
    before = len(here.platform.posted)
    here.hear(here.payload(who, press=f"win {verb} {win.id}"))
    return " ".join(str(m) for p, m in here.platform.posted[before:] if p.conversation == f"direct:{who}")


def pass_time(here: World, **more: float) -> list[str]:
    """What is posted while time passes, as 'conversation: text'."""
    before = len(here.platform.posted)
    here.time += timedelta(**more)
    here.core.tick(here.time)
    here.core.tick(here.time)
    here.drain()
    return [f"{p.conversation}: {m['text']}" for p, m in here.platform.posted[before:]]


def test_a_press_by_whom_it_does_not_concern_says_nothing_and_does_nothing(here: World) -> None:
    for state in (TOLD, ASKED, SUGGESTED, WAITING):
        author = "lea" if state == SUGGESTED else "agent"
        thanks = "root@example.com" if state == WAITING else ""
        win = say(here, author, thanks=thanks, what=f"It rings when {state}.")
        if state == ASKED:
            press(here, "agent", "everybody", win)
        assert the_win(here).state == state
        for verb in PRESSES:
            here.time += timedelta(seconds=3)
            shown = press(here, "otto", verb, win)
            assert "Only the people who have to do with it" in shown, (state, verb)
            assert "rings when" not in shown
        assert the_win(here).state == state
        here.time += timedelta(minutes=1)


def test_every_button_can_be_pressed_late_and_twice(here: World) -> None:
    win = say(here)
    press(here, "agent", "everybody", win)
    press(here, "pm", "approve", win)
    assert the_win(here).state == APPROVED

    for who in ("agent", "pm"):
        for verb in ("everybody", "approve", "edit", "back", "again", "take", "decline", "without", "thanks-accept"):
            here.time += timedelta(seconds=3)
            assert press(here, who, verb, win), verb
    assert the_win(here).state == APPROVED

    posted = [one for one in pass_time(here, minutes=10) if "It rings." in one and "got better in" in one]
    assert sorted(one.partition(": ")[0] for one in posted) == ["direct:lea", "direct:otto", "direct:root"]
    press(here, "pm", "withdraw", win)
    for verb in PRESSES:
        here.time += timedelta(seconds=3)
        assert press(here, "agent", verb, win), verb
    assert the_win(here).state == WITHDRAWN


def test_what_is_taken_back_is_deleted_where_it_was_sent(here: World) -> None:
    win = say(here)
    assert [one for one in pass_time(here, minutes=5) if "It rings." in one]

    press(here, "agent", "withdraw", win)
    here.drain()

    with here.store.read() as tx:
        rows = tx.execute(t.delivery.select().where(t.delivery.c.batch == f"win:{win.id}:unit")).all()
    assert {(row.action, row.state) for row in rows} == {("post", "cancelled"), ("delete", "sent")}


def test_what_was_not_sent_yet_is_never_sent(here: World) -> None:
    here.time = NOW.replace(hour=22)
    win = say(here)
    here.core.tick(here.time)
    press(here, "agent", "withdraw", win)

    assert [one for one in pass_time(here, days=1) if "It rings." in one] == []


def test_who_switched_good_news_off_gets_none(here: World) -> None:
    here.says("lea", "settings kinds wins")
    say(here)

    assert [one for one in pass_time(here, minutes=5) if "It rings." in one] == []


def test_a_name_taken_out_is_out_of_what_waits_and_of_what_was_sent(here: World) -> None:
    win = say(here, thanks="root@example.com")
    press(here, "root", "thanks-yes", win)
    assert [one for one in pass_time(here, minutes=5) if "Thanks to Rita Root." in one]

    press(here, "root", "thanks-no", win)
    here.drain()

    with here.store.read() as tx:
        edits = tx.execute(t.delivery.select().where(t.delivery.c.action == "edit")).all()
    assert [row.state for row in edits] == ["sent"]
    assert "Rita" not in str(here.says("lea", "wins"))


def test_the_name_of_whoever_has_left_is_not_shown(here: World) -> None:
    win = say(here, thanks="root@example.com")
    press(here, "root", "thanks-yes", win)
    assert "Rita" in str(here.says("lea", "wins"))

    with here.store.begin() as tx:
        tx.execute(t.person.update().where(t.person.c.email == "root@example.com").values(left_on=NOW.date()))

    assert "Rita" not in str(here.says("lea", "wins"))


def test_whoever_has_left_or_is_not_known_is_not_asked_to_be_thanked(here: World) -> None:
    with here.store.begin() as tx:
        tx.execute(t.person.update().where(t.person.c.email == "root@example.com").values(left_on=NOW.date()))

    for address in ("root@example.com", "nobody@example.com"):
        said = here.payload("agent", form="win phones sales", answers=SAID | {"thanks": address})
        handled = here.hear(said)
        assert handled is not None
        assert "can't ask anybody with this address" in handled.problems["thanks"]
        here.says("agent", "cancel")


@pytest.mark.parametrize(
    "link",
    ["http://example.com", "https://", "https://a b.com", "javascript:alert(1)", "https://u:p@example.com", "x" * 501],
)
def test_a_link_is_one_complete_https_address(here: World, link: str) -> None:
    said = here.payload("agent", form="win phones sales", answers=SAID | {"link": link})

    handled = here.hear(said)

    assert handled is not None
    assert "link" in handled.problems


@pytest.mark.parametrize(
    ("spot", "who"), [("secret office", "otto"), ("trial office", "lea"), ("phones office", "lea")]
)
def test_a_win_is_said_only_where_one_may(here: World, spot: str, who: str) -> None:
    here.fills(who, f"win {spot}", SAID)

    with here.store.read() as tx:
        assert tx.execute(t.win.select()).all() == []


def test_nobody_says_a_win_of_a_draft(here: World) -> None:
    for who in ("pm", "head", "root"):
        here.fills(who, "win secret office", SAID)
        assert "Office move" not in str(here.says(who, "win"))

    with here.store.read() as tx:
        assert tx.execute(t.win.select()).all() == []


def test_a_win_that_nobody_answers_for_goes_out_after_two_working_days(here: World) -> None:
    friday = datetime(2027, 3, 5, 15, tzinfo=UTC)
    here.time = friday
    say(here, thanks="root@example.com")

    assert [one for one in pass_time(here, days=3) if "It rings." in one and "got better" in one] == []
    posted = pass_time(here, days=2)
    assert [one for one in posted if "It rings." in one and "got better" in one]
    assert [one for one in posted if "Rita Root has not answered" in one]


def test_a_win_of_an_initiative_that_ended_does_not_go_out(here: World) -> None:
    win = say(here, thanks="root@example.com")
    path = here.folder / "phones" / "initiative.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("phase: build", "phase: build\nstatus: draft"), "utf-8")
    here.library.refresh(here.time)

    posted = pass_time(here, days=3)

    assert the_win(here).state == WITHDRAWN
    assert [one for one in posted if "not under way any more" in one]
    assert win.id == the_win(here).id


def test_an_approved_win_is_quoted_in_the_next_milestone_post_to_people_once(here: World) -> None:
    win = say(here, what="Nobody has to charge at noon.")
    press(here, "agent", "everybody", win)
    press(here, "pm", "approve", win)

    posted = [one for _ in range(14) for one in pass_time(here, days=1)]

    quoted = [one for one in posted if "In Sales, this happened: “Nobody has to charge at noon.”" in one]
    to_lea = [one for one in quoted if one.startswith("direct:lea")]
    assert len(to_lea) == 1
    assert "Bring your old phone." in to_lea[0]
    assert [one for one in quoted if one.startswith("direct:pm") and "to be sent" in one]


def test_the_page_of_ones_own_shows_what_one_may_read(here: World) -> None:
    say(here)
    shown: dict[str, Any] = {}
    for who in ("lea", "otto"):
        said = parse(here.payload(who, text="x"))
        assert said is not None
        shown[who] = " ".join(card.body for card in here.core.home(said.person))

    assert "It rings." in shown["lea"]
    assert "It rings." not in shown["otto"]


def test_old_ones_are_forgotten(here: World) -> None:
    told, suggested = say(here), say(here, "lea", what="Or not")

    with here.store.begin() as tx:
        gone = kept.forget(tx, NOW + timedelta(days=1), NOW)
        left = kept.win(tx, told.id), kept.win(tx, suggested.id)

    assert gone == 1
    assert left[0] is not None
    assert left[1] is None
