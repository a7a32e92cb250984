"""Offers of roles: pressed late, twice, by two at once, or when it is not to be had any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.store import Store, audit, offers, owners, people
from bot.store import tables as t
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAMES = ("pm", "otto", "agent", "lea", "root", "head")


@pytest.fixture
def here(store: Store) -> Iterator[World]:
    """The small organisation; everybody has said hello."""
    with world(store, SMALL, MONDAY) as made:
        for name in NAMES:
            made.says(name, "thanks")
        yield made


def offered(here: World, by: str, text: str, to: str) -> str:
    """The id of what `by` offers with these words; `to` has got the question."""
    here.says(by, text)
    return here.button(to, "Yes, I take it on").rpartition(" ")[2]


def press(here: World, who: str, says: str) -> str:
    handled = here.hear(here.payload(who, press=says))
    assert handled is not None
    return handled.cards[0].body


def agents(here: World, unit: str) -> tuple[str, ...]:
    here.library.renew()
    return here.library.current.playbooks.initiatives["phones"].written.change_agents.get(unit, ())


def key(here: World, name: str) -> str:
    with here.store.read() as tx:
        found = people.person_by_email(tx, f"{name}@example.com")
    assert found is not None
    return found.key


def leaves(here: World, *names: str) -> None:
    with here.store.begin() as tx:
        people.mark_left(tx, [key(here, name) for name in names], here.time)


def test_nothing_is_in_force_before_the_yes(here: World) -> None:
    id = offered(here, "pm", "nominate otto@example.com office phones", "otto")
    assert agents(here, "office") == ()

    press(here, "otto", f"offer accept {id}")
    assert agents(here, "office") == ("otto@example.com",)


def test_an_answer_counts_once(here: World) -> None:
    id = offered(here, "pm", "nominate otto@example.com office phones", "otto")
    press(here, "otto", f"offer accept {id}")

    assert "answered with yes already" in press(here, "otto", f"offer accept {id}")
    assert "answered with yes already" in press(here, "otto", f"offer decline {id}")
    assert "answered with yes already" in press(here, "pm", f"offer withdraw {id}")
    assert agents(here, "office") == ("otto@example.com",)


def test_who_takes_on_a_unit_is_not_asked_whether_they_answer_for_it(here: World) -> None:
    form = f"hand-over give unit/-/sales {key(here, 'head')}"
    here.fills("head", form, {"who": "otto@example.com", "note": ""})
    press(here, "otto", f"offer accept {here.button('otto', 'Yes, I take it on').rpartition(' ')[2]}")
    before = len(here.platform.posted)

    for hour in range(8):
        here.time = MONDAY + timedelta(days=1, hours=hour)
        here.core.tick(here.time)
        here.drain()

    told = [shown for place, shown in here.platform.posted[before:] if place.conversation == "direct:otto"]
    assert not any("do you answer for it" in str(one) for one in told)
    with here.store.read() as tx:
        said = [one for one in owners.words(tx, "phones") if one.owner == key(here, "otto")]
    assert [(one.unit, one.state) for one in said if one.subject == "role"] == [("sales", "confirmed")]


def test_nobody_answers_or_takes_back_for_somebody_else(here: World) -> None:
    id = offered(here, "pm", "nominate otto@example.com office phones", "otto")

    for who, verb in (("lea", "accept"), ("pm", "accept"), ("otto", "withdraw"), ("otto", "toss")):
        assert press(here, who, f"offer {verb} {id}").startswith("There is no such question for you")


def test_a_week_later_it_still_stands_and_after_two_it_does_not(here: World) -> None:
    first = offered(here, "pm", "nominate otto@example.com office phones", "otto")
    here.time += timedelta(days=7)
    press(here, "otto", f"offer accept {first}")
    second = offered(here, "pm", "nominate root@example.com office phones", "root")
    here.time += timedelta(days=15)

    assert "stood for two weeks" in press(here, "root", f"offer accept {second}")
    assert agents(here, "office") == ("otto@example.com",)


def test_who_was_withdrawn_cannot_say_yes(here: World) -> None:
    id = offered(here, "pm", "nominate otto@example.com office phones", "otto")
    press(here, "pm", f"offer withdraw {id}")

    assert "has withdrawn this question" in press(here, "otto", f"offer accept {id}")
    assert agents(here, "office") == ()


def test_of_two_who_are_asked_for_one_place_the_first_has_it(here: World) -> None:
    first = offered(here, "agent", "nominate lea@example.com", "lea")
    second = offered(here, "agent", "nominate otto@example.com", "otto")
    press(here, "lea", f"offer accept {first}")

    assert "not to be had any more" in press(here, "otto", f"offer accept {second}")
    assert agents(here, "sales") == ("lea@example.com",)


def test_whoever_lost_the_right_to_offer_offers_nothing_any_more(here: World) -> None:
    id = offered(here, "agent", "nominate lea@example.com", "lea")
    press(here, "agent", f"hand-over leave change-agent/phones/sales {key(here, 'agent')}")

    assert "not to be had any more" in press(here, "lea", f"offer accept {id}")
    assert agents(here, "sales") == ()


def test_what_a_button_of_last_week_offers_is_looked_at_again(here: World) -> None:
    says = f"hand-over give change-agent/phones/sales {key(here, 'agent')}"
    press(here, "agent", f"hand-over leave change-agent/phones/sales {key(here, 'agent')}")

    assert "nothing to hand over" in press(here, "agent", says)
    assert press(here, "lea", says).startswith("You can hand over what you hold yourself")


@pytest.mark.parametrize("verb", ["pick", "give", "leave"])
@pytest.mark.parametrize("ref", ["project-manager/phones/-", "milestone/phones/phones-out", "cases/phones/x", "x", ""])
def test_nobody_hands_over_what_is_not_theirs(here: World, verb: str, ref: str) -> None:
    for who in ("lea", "agent", "root"):
        said = press(here, who, f"hand-over {verb} {ref} {key(here, 'pm')}")
        assert said.startswith("You can hand over what you hold yourself")


def test_what_has_to_have_somebody_cannot_be_given_up(here: World) -> None:
    said = press(here, "pm", f"hand-over leave project-manager/phones/- {key(here, 'pm')}")

    assert "That needs somebody" in said
    here.library.renew()
    assert here.library.current.playbooks.initiatives["phones"].written.project_manager == "pm@example.com"


def hand_over(here: World, who: str, ref: str, holder: str, to: str) -> str:
    answers = {"who": f"{to}@example.com", "note": ""}
    here.fills(who, f"hand-over give {ref} {key(here, holder)}", answers)
    return here.button(to, "Yes, I take it on").rpartition(" ")[2] if to != who else ""


def test_a_project_is_handed_over_with_what_its_manager_may(here: World) -> None:
    id = hand_over(here, "pm", "project-manager/phones/-", "pm", "lea")
    press(here, "lea", f"offer accept {id}")

    assert "is asked" in str(here.says("lea", "nominate otto@example.com office phones"))
    assert "Office (New phones)" not in str(here.says("pm", "nominate"))


def test_a_draft_may_be_handed_to_somebody_who_could_not_know_of_it(here: World) -> None:
    id = hand_over(here, "pm", "project-manager/secret/-", "pm", "otto")
    press(here, "otto", f"offer accept {id}")
    here.library.renew()

    assert here.library.current.playbooks.initiatives["secret"].written.project_manager == "otto@example.com"


def test_the_audit_trail_holds_keys_and_the_database_no_note(here: World) -> None:
    here.fills("pm", "nominate phones/office", {"who": "otto@example.com", "note": "canary-note"})
    id = here.button("otto", "Yes, I take it on").rpartition(" ")[2]
    press(here, "otto", f"offer accept {id}")

    with here.store.begin() as tx:
        audit.chain(tx)
        rows = tx.execute(select(t.offer)).all()
        trail = [(row.action, row.subject) for row in tx.execute(select(t.audit))]
        offer = offers.offer(tx, id)
    assert offer is not None
    assert offer.note == "canary-note"
    assert "canary" not in str(rows)
    otto = key(here, "otto")
    assert ("role.offered", f"change-agent/phones/office to {otto}") in trail
    assert ("role.taken", f"change-agent/phones/office to {otto}") in trail
    assert "@" not in "".join(subject for action, subject in trail if action.startswith("role."))


# Somebody leaves.


def told(here: World, name: str) -> list[str]:
    place = f"direct:{name}"
    return [str(m["text"]) for posted, m in here.platform.posted if posted.conversation == place]


def test_what_somebody_held_who_left_is_told_once_to_whoever_decides(here: World) -> None:
    leaves(here, "pm")
    for _ in range(3):
        here.core.tick(here.time)
        here.time += timedelta(minutes=10)
    here.drain()

    assert len([text for text in told(here, "head") if "Pavel Manager has left" in text]) == 1
    assert not [text for name in ("lea", "root", "otto") for text in told(here, name) if "has left" in text]


def test_if_the_sponsor_leaves_too_the_administrators_hear_of_all(here: World) -> None:
    leaves(here, "pm", "head")
    here.core.tick(here.time)
    here.drain()

    said = "\n".join(told(here, "root"))
    assert "Pavel Manager has left" in said
    assert "Hilda Head has left" in said
    assert "Sales: answering for it" in said


def test_if_nobody_is_there_to_decide_it_is_logged(here: World, caplog: pytest.LogCaptureFixture) -> None:
    leaves(here, "pm", "head", "root")
    for _ in range(2):
        here.core.tick(here.time)

    found = [one.message for one in caplog.records if "nobody is there to hand over" in one.message]
    assert len([one for one in found if "project-manager/phones" in one]) == 1


def test_whoever_comes_back_is_asked_for_nothing(here: World) -> None:
    leaves(here, "pm")
    here.core.tick(here.time)
    here.drain()
    with here.store.begin() as tx:
        tx.execute(update(t.person).values(left_on=None))

    assert press(here, "head", f"hand-over give project-manager/phones/- {key(here, 'pm')}").startswith("You can hand")


def test_open_questions_go_over_with_their_history(here: World) -> None:
    here.says("lea", "when phones")
    here.says("lea", "does my hearing aid fit?")
    here.presses("lea", "Ask Pavel")
    leaves(here, "pm")
    ref = f"cases/phones/{key(here, 'pm')}"
    id = hand_over(here, "head", ref, "pm", "otto")
    press(here, "otto", f"offer accept {id}")

    assert "hearing aid" in str(here.says("otto", "my questions"))
    here.fills("otto", "answer 1", {"text": "It does.", "name": "named"})
    assert "It does." in "\n".join(told(here, "lea"))


def test_two_clocks_end_an_offer_once(here: World) -> None:
    offered(here, "pm", "nominate otto@example.com office phones", "otto")
    here.time += timedelta(days=15)
    for _ in range(3):
        here.core.tick(here.time)
    here.drain()

    assert len([text for text in told(here, "pm") if "has not answered for two weeks" in text]) == 1
    with here.store.read() as tx:
        assert offers.waiting(tx) == []
