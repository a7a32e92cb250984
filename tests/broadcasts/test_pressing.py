"""What the buttons and forms of a broadcast do when they are pressed late, twice, by others, or filled in wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.store import Store, audit, broadcasts, people
from bot.store import tables as t
from bot.store.broadcasts import ASKED, DRAFT, OUT, PLANNED, RECALLED, STOPPED, Broadcast
from tests.world import World, world

DEPOT = Path(__file__).parent.parent / "transcripts" / "playbooks" / "depot"
NOW = datetime(2027, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
NEWS = {"title": "Closed", "text": "The counter is closed.", "units": ["north"], "to": "both"}
TO_ALL = {"title": "Closed", "text": "The counter is closed.", "to": "both"}


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The depot, on a platform that has forms; everybody but Nils has spoken."""
    with world(store, DEPOT, NOW, forms=frozenset({"local"})) as made:
        for who in ("paul", "hilda", "rita", "ada", "nora", "sven", "sara"):
            made.says(who, "thanks")
        yield made


def presses(here: World, who: str, says: str, **answers: Any) -> str:
    """Everything that is said to `who` then."""
    here.time += timedelta(seconds=2)
    before = len(here.platform.posted)
    payload = here.payload(who, press=says) if not answers else here.payload(who, form=says, answers=answers)
    handled = here.hear(payload)
    problems = dict(handled.problems) if handled else {}
    shown = [m["text"] for place, m in here.platform.posted[before:] if place.conversation == f"direct:{who}"]
    return "\n".join([*problems.values(), *shown])


def get(here: World, number: int = 1) -> Broadcast:
    with here.store.read() as tx:
        found = broadcasts.get(tx, number)
    assert found is not None
    return found


def composed(here: World, who: str = "paul", **more: Any) -> None:
    presses(here, who, "broadcast write scanners", **{**NEWS, **more})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"date": "2027-03-01"}, "over"),
        ({"date": "2027-03-02", "time": "09:29"}, "over"),
        ({"time": "10:00"}, "needs a day"),
        ({"date": "2027-03-03", "time": "soon"}, "14:30"),
        ({"date": "2029-03-03"}, "more than a year"),
        ({"title": "x" * 151}, "at most 150"),
        ({"text": "  "}, "needed"),
        ({"units": ["moon"]}, "Please pick one"),
    ],
)
def test_a_form_that_is_wrong_says_what_is(here: World, wrong: dict[str, Any], told: str) -> None:
    said = presses(here, "paul", "broadcast write scanners", **{**NEWS, **wrong})

    assert told in said
    with here.store.read() as tx:
        assert broadcasts.of_initiative(tx, "scanners") == []


def test_a_change_agent_cannot_reach_beyond_the_own_unit_whatever_is_handed_in(here: World) -> None:
    presses(here, "ada", "broadcast write scanners", **{**NEWS, "units": ["south"], "urgent": "yes", "group": "x"})

    written = get(here).written
    assert (written.units, written.urgent, written.group) == (("north",), False, "")


def test_a_date_is_in_the_zone_of_whoever_composes(here: World) -> None:
    with here.store.begin() as tx:
        found = people.person_by_email(tx, "paul@example.com")
        assert found is not None
        tx.execute(t.person.update().where(t.person.c.key == found.key).values(timezone="Asia/Kolkata"))

    composed(here, date="2027-03-03", time="9:30")

    at = get(here).written.at
    assert at is not None
    assert at.astimezone(ZoneInfo("UTC")).strftime("%d %H:%M") == "03 04:00"


def test_a_text_changed_since_is_shown_again_before_it_goes(here: World) -> None:
    composed(here)
    presses(here, "paul", "broadcast check 1")
    presses(here, "paul", "broadcast edit 1", **{**NEWS, "text": "Open again."})

    said = presses(here, "paul", "broadcast send 1 1")

    assert "changed since" in said
    assert get(here).state == DRAFT
    presses(here, "paul", "broadcast send 1 2")
    assert get(here).state == OUT


def test_a_moment_that_is_over_when_it_is_pressed_sends_nothing(here: World) -> None:
    composed(here, date="2027-03-03")
    here.time += timedelta(days=7)

    assert "is over" in presses(here, "paul", "broadcast send 1 1")
    assert get(here).state == DRAFT
    presses(here, "paul", "broadcast send 1 1 now")
    assert get(here).state == OUT


def test_an_approval_holds_for_the_text_that_was_seen(here: World) -> None:
    presses(here, "paul", "broadcast write scanners", **TO_ALL)
    presses(here, "paul", "broadcast send 1 1")
    presses(here, "paul", "broadcast withdraw 1")
    presses(here, "paul", "broadcast edit 1", **{**TO_ALL, "text": "Something else."})
    presses(here, "paul", "broadcast send 1 2")

    assert "changed since" in presses(here, "hilda", "broadcast approve 1 1")
    assert get(here).state == ASKED
    presses(here, "hilda", "broadcast approve 1 2")
    assert get(here).state == OUT


def test_an_administrator_is_a_second_person_and_the_second_approval_is_late(here: World) -> None:
    presses(here, "paul", "broadcast write scanners", **{**TO_ALL, "date": "2027-03-03"})
    presses(here, "paul", "broadcast send 1 1")

    presses(here, "rita", "broadcast approve 1 1")

    assert get(here).state == PLANNED
    assert "decided already" in presses(here, "hilda", "broadcast approve 1 1")
    presses(here, "hilda", "broadcast withdraw 1")
    assert get(here).state == DRAFT
    assert "approve" not in presses(here, "hilda", "broadcast show 1")


def test_to_channels_alone_needs_the_second_word_too(here: World) -> None:
    presses(here, "paul", "broadcast write scanners", **{**TO_ALL, "to": "channels"})

    assert "second person" in presses(here, "paul", "broadcast check 1")
    presses(here, "paul", "broadcast send 1 1")
    assert get(here).state == ASKED


def test_where_nobody_else_may_decide_nothing_goes_out(here: World) -> None:
    with here.store.begin() as tx:
        gone = [people.person_by_email(tx, f"{who}@example.com") for who in ("hilda", "rita")]
        people.mark_left(tx, [one.key for one in gone if one], here.time)
    presses(here, "paul", "broadcast write scanners", **TO_ALL)

    assert "nobody who could" in presses(here, "paul", "broadcast check 1")
    assert "nobody who could" in presses(here, "paul", "broadcast send 1 1")
    assert get(here).state == DRAFT


def test_what_is_thrown_away_is_gone(here: World) -> None:
    composed(here)
    presses(here, "paul", "broadcast drop 1")

    for verb in ("show", "edit", "check", "send", "preview", "status", "recall-now"):
        rest = "1 1" if verb == "send" else "1"
        assert "Only those who lead" in presses(here, "paul", f"broadcast {verb} {rest}")
    assert "Closed" not in presses(here, "paul", "broadcast")


VERBS = ("edit", "translate", "drop", "preview", "check", "show", "send", "approve", "back", "withdraw", "status",
         "stop", "stop-now", "recall", "recall-now", "correct")  # fmt: skip


@pytest.mark.parametrize("who", ["nora", "ada"])
def test_who_has_no_part_in_it_learns_and_changes_nothing(here: World, who: str) -> None:
    """An employee, and a change agent whose unit it is not for."""
    presses(here, "paul", "broadcast write scanners", **{**NEWS, "title": "Hush", "units": ["south"]})
    presses(here, "paul", "broadcast send 1 1")
    stood = get(here)

    said = " ".join(presses(here, who, f"broadcast {verb} {rest}") for verb in VERBS for rest in ("1", "1 1"))

    assert "Hush" not in said
    assert get(here) == stood


def test_stopped_and_taken_back_once(here: World) -> None:
    composed(here)
    presses(here, "paul", "broadcast send 1 1")
    here.core.tick(here.time)

    assert "Stopped." in presses(here, "paul", "broadcast stop-now 1")
    assert get(here).state == STOPPED
    assert "Stopped." not in presses(here, "paul", "broadcast stop-now 1")
    presses(here, "paul", "broadcast recall-now 1")
    assert get(here).state == RECALLED
    assert "Being deleted" not in presses(here, "paul", "broadcast recall-now 1")


def test_what_is_replaced_reads_corrected_and_counts_no_more(here: World) -> None:
    composed(here, receipt="yes")
    presses(here, "paul", "broadcast send 1 1")
    for _ in range(2):
        here.core.tick(here.time)
        here.drain()
        here.time += timedelta(minutes=1)

    presses(here, "paul", "broadcast correct 1", text="Open *after* all.")
    here.drain()

    shown = [m["text"] for place, m in here.platform.posted if place.conversation == "direct:nora"]
    assert any(text.startswith("Corrected: Closed") and "Open *after* all." in text for text in shown)
    assert not any("The counter is closed." in text for text in shown)
    assert "taken back" in presses(here, "nora", "broadcast-read 1")


def test_a_press_is_counted_once_and_leaves_no_person_behind(here: World) -> None:
    composed(here, receipt="yes")
    presses(here, "paul", "broadcast send 1 1")

    for _ in range(2):
        presses(here, "nora", "broadcast-read 1")
        presses(here, "nora", "broadcast-reply 1")

    with here.store.read() as tx:
        nora = people.person_by_email(tx, "nora@example.com")
        assert nora is not None
        assert broadcasts.marks(tx, 1) == {"read": 1, "pressed": 1}
        rows = tx.execute(t.broadcast_mark.select()).all()
    assert nora.key not in str(rows)


def test_the_trail_says_who_did_what_and_no_words(here: World) -> None:
    presses(here, "paul", "broadcast write scanners", **TO_ALL)
    presses(here, "paul", "broadcast send 1 1")
    presses(here, "hilda", "broadcast approve 1 1")
    presses(here, "paul", "broadcast stop-now 1")
    presses(here, "paul", "broadcast recall-now 1")

    with here.store.read() as tx:
        lines = [(line.action, line.subject) for line in audit.lines(tx) if line.action.startswith("broadcast.")]

    steps = ("composed", "approval-asked", "approved", "sent", "stopped", "recalled")
    assert lines == [(f"broadcast.{step}", "scanners 1") for step in steps]
