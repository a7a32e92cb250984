"""Who may do what about a case, each step once, and what becomes of everybody behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.capabilities.cases import VERBS
from bot.cases import answering, deciding, life, merging
from bot.cases.accountable import readers_of
from bot.cases.opening import who_reads
from bot.cases.raised import Raised
from bot.messages import escape
from bot.store import Store, case_supporters, cases, erasing, people
from bot.store.subject import subject
from bot.words import LANGUAGES, Words
from tests.cases.lamps import NOW, key_of, lamps, now_of, raised, take
from tests.world import World

UNKNOWN = {Words(language)("case.unknown") for language in LANGUAGES}
ANSWERS = ("rasmus", "dana", "paul")
NOT = ("ada", "olga", "sten", "hilda", "rita", "bruno", "udo", "ines")
"""A change agent, another project's manager, another unit's owner, the sponsor, an administrator, colleagues."""
OWNERS_VERBS = ("acknowledge", "assign", "ask", "cause", "decide", "workshop", "merge", "publish", "kept", "revise",
                "later", "split", "approve", "keep", "unpublish", "offer")  # fmt: skip
AUTHORS_VERBS = ("reply", "add", "correct", "withdraw", "accept")


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    with lamps(store, tmp_path) as made:
        yield made


def press(here: World, who: str, says: str) -> str:
    """What is said to whoever presses this, as one text."""
    here.time += timedelta(seconds=3)
    handled = here.hear(here.payload(who, press=says))
    assert handled is not None
    return "\n".join(f"{card.title}\n{card.body}" for card in handled.cards)


def refused(shown: str) -> bool:
    """Whether that is all that somebody is told who has no part in a case."""
    return shown.strip() in UNKNOWN


# Who may.


def test_every_verb_is_looked_at_here() -> None:
    assert set(VERBS) == {*OWNERS_VERBS, *AUTHORS_VERBS}


def test_only_those_who_answer_may(here: World) -> None:
    case = raised(here)
    for verb in OWNERS_VERBS:
        for who in (*NOT, "lena"):
            assert refused(press(here, who, f"case {verb} {case.number} 1")), (verb, who)
    assert now_of(here, case) == case
    for verb in OWNERS_VERBS:
        for who in ANSWERS:
            manager_alone = verb in ("approve", "keep", "unpublish") and who != "paul"
            assert refused(press(here, who, f"case {verb} {case.number}")) == manager_alone, (verb, who)


def test_only_the_author_may(here: World) -> None:
    case = raised(here)
    for verb in AUTHORS_VERBS:
        for who in (*NOT, *ANSWERS):
            assert refused(press(here, who, f"case {verb} {case.number} something more")), (verb, who)
    assert now_of(here, case) == case
    for verb in AUTHORS_VERBS:
        assert not refused(press(here, "lena", f"case {verb} {case.number}")), verb


def test_it_looks_the_same_whether_there_is_such_a_case_or_not(here: World) -> None:
    case = raised(here)
    assert press(here, "olga", f"case {case.number}") == press(here, "olga", f"case {case.number + 1}")


def test_whoever_it_was_given_to_may_and_the_sponsor_once_it_lies_there(here: World) -> None:
    case = raised(here)
    assert refused(press(here, "bruno", f"case {case.number}"))
    take(here, "rasmus", lambda step: answering.assigned(step, case, _person(step.tx, "bruno")))
    assert not refused(press(here, "bruno", f"case decide {case.number}"))
    assert refused(press(here, "hilda", f"case {case.number}"))
    for _ in range(3):
        take(here, "rasmus", lambda step: deciding.answered(step, now_of(here, case), "so"))
        take(here, "lena", lambda step: life.not_solved(step, now_of(here, case), "no"))
    assert not refused(press(here, "hilda", f"case decide {case.number}"))


def test_whom_the_author_left_out_neither_gets_it_nor_may_answer(here: World) -> None:
    case = raised(here, avoid_owner=True)
    with here.store.read() as tx:
        playbooks = here.library.current.playbooks
        assert readers_of(tx, playbooks, case) == ("paul@example.com",)
        worry = Raised("concern", "beacon", "x", "sales", avoid_owner=True)
        assert who_reads(tx, playbooks, worry) == ("paul@example.com",)
    for who in ("rasmus", "dana"):
        assert refused(press(here, who, f"case {case.number}"))
    # Nor can it be given to them.
    press(here, "paul", f"case assign {case.number} rasmus@example.com")
    assert now_of(here, case).handler == ""


def test_who_has_left_is_passed_over_and_may_do_nothing(here: World) -> None:
    with here.store.begin() as tx:
        people.mark_left(tx, [_person(tx, "rasmus").key], here.time)
    case = raised(here)
    assert case.owner == "dana@example.com"
    assert refused(press(here, "rasmus", f"case {case.number}"))
    assert not refused(press(here, "dana", f"case {case.number}"))


def test_in_confidence_nobody_is_the_author_here_and_nothing_names_anybody(here: World) -> None:
    case = raised(here, None, confidential=True)
    shown = press(here, "rasmus", f"case {case.number}")
    assert "Somebody in Sales says in confidence:" in shown
    assert refused(press(here, "lena", f"case {case.number}"))
    assert refused(press(here, "lena", f"case withdraw {case.number} yes"))
    take(here, "", lambda step: life.replied(step, case, "more"))
    with here.store.read() as tx:
        assert {event.actor for event in cases.history(tx, case.id)} == {""}
        assert all(event.at.hour == event.at.minute == 0 for event in cases.history(tx, case.id))


# Each step once.


def test_a_step_is_taken_once_however_often_it_is_pressed(here: World) -> None:
    case = raised(here)
    assert take(here, "rasmus", lambda step: answering.acknowledged(step, case)) is not None
    assert take(here, "dana", lambda step: answering.acknowledged(step, case)) is None
    assert take(here, "rasmus", lambda step: deciding.decided(step, case, "yes", "because", date(2027, 4, 1)))
    assert take(here, "paul", lambda step: deciding.decided(step, case, "no", "because")) is None
    assert take(here, "paul", lambda step: deciding.answered(step, case, "because")) is None
    stands = now_of(here, case)
    assert (stands.decision, stands.promised_for, stands.decided_by) == (
        "yes",
        date(2027, 4, 1),
        key_of(here, "rasmus"),
    )
    assert take(here, "lena", lambda step: life.thanked(step, case)) is not None
    assert take(here, "lena", lambda step: life.thanked(step, case)) is None
    assert take(here, "lena", lambda step: life.withdrawn(step, case)) is None


@pytest.mark.parametrize("decision", ["maybe", ""])
def test_a_decision_is_one_of_four_and_has_a_reason(here: World, decision: str) -> None:
    case = raised(here)
    with pytest.raises(ValueError, match="one of four"):
        take(here, "rasmus", lambda step: deciding.decided(step, case, decision, "because"))
    with pytest.raises(ValueError, match="reason"):
        take(here, "rasmus", lambda step: deciding.decided(step, case, "yes", "  "))


def test_a_no_carries_no_date(here: World) -> None:
    case = raised(here)
    take(here, "rasmus", lambda step: deciding.decided(step, case, "no", "because", date(2027, 4, 1)))
    assert now_of(here, case).promised_for is None


# Clocks and coming back.


def test_both_clocks_stand_still_while_the_author_is_asked(here: World) -> None:
    case = raised(here)
    take(here, "rasmus", lambda step: answering.asked_back(step, case, "when?"))
    asked = now_of(here, case)
    assert asked.paused_since is not None
    assert asked.respond_until is None
    here.time += timedelta(days=7)
    take(here, "lena", lambda step: life.replied(step, asked, "on Tuesdays"))
    after = now_of(here, case)
    assert after.paused_since is None
    assert after.due_at - case.due_at >= timedelta(days=6)


def test_it_comes_back_twice_and_then_lies_with_the_sponsor_and_no_further(here: World) -> None:
    case = raised(here)
    went_up = []
    for _ in range(3):
        take(here, "rasmus", lambda step: deciding.answered(step, now_of(here, case), "so"))
        assert take(here, "lena", lambda step: life.not_solved(step, now_of(here, case), "no")) is not None
        went_up.append(now_of(here, case).escalated)
        assert now_of(here, case).respond_until is not None
    assert went_up == [0, 0, 2]
    take(here, "hilda", lambda step: deciding.answered(step, now_of(here, case), "so"))
    assert take(here, "lena", lambda step: life.not_solved(step, now_of(here, case), "no")) is None


def test_what_nobody_objects_to_is_closed_after_ten_days_and_what_is_promised_not_before_its_day(here: World) -> None:
    quiet, promised, spoken = raised(here), raised(here, text="b"), raised(here, text="c")
    take(here, "rasmus", lambda step: deciding.decided(step, quiet, "no", "because"))
    take(here, "rasmus", lambda step: deciding.decided(step, promised, "yes", "because", date(2027, 4, 1)))
    take(here, "rasmus", lambda step: deciding.decided(step, spoken, "no", "because"))
    take(here, "lena", lambda step: life.not_solved(step, now_of(here, spoken), "no"))
    for days, states in ((9, ("answered", "answered")), (10, ("resolved", "answered")), (40, ("resolved", "resolved"))):
        deciding.close_unobjected(here.store, here.library.current.playbooks, NOW + timedelta(days=days))
        assert (now_of(here, quiet).state, now_of(here, promised).state) == states, days
    assert now_of(here, spoken).state == "reopened"


# Together and apart.


def test_whoever_stands_behind_the_one_comes_along_and_goes_back(here: World) -> None:
    one, other = raised(here), raised(here, "ines", text="no time at all", severity=3)
    take(here, "marta", lambda step: life.joined(step, other))
    take(here, "joe", lambda step: life.joined(step, one))
    take(here, "rasmus", lambda step: merging.merged(step, other, one))
    assert _behind(here, one.id) == {key_of(here, who) for who in ("ines", "marta", "joe")}
    assert now_of(here, one).severity == 3
    assert now_of(here, one).due_at == min(one.due_at, other.due_at)
    assert (now_of(here, other).state, now_of(here, other).merged_into) == ("resolved", one.id)
    # Nothing is done about the one that is not one of its own any more.
    assert take(here, "rasmus", lambda step: deciding.answered(step, now_of(here, other), "x")) is None
    assert take(here, "ines", lambda step: life.not_solved(step, now_of(here, other), "x")) is None
    assert take(here, "rasmus", lambda step: merging.merged(step, one, now_of(here, other))) is None
    take(here, "paul", lambda step: merging.split(step, now_of(here, other)))
    assert _behind(here, one.id) == {key_of(here, "joe")}
    assert _behind(here, other.id) == {key_of(here, "marta")}
    assert now_of(here, other).state == "in-progress"


def test_two_cannot_be_put_into_each_other_nor_into_another_project(here: World) -> None:
    one, other = raised(here), raised(here, "ines", text="no time at all")
    apart = raised(here, "udo", initiative="lights", unit="stock", text="too dark")
    assert take(here, "rasmus", lambda step: merging.merged(step, one, one)) is None
    assert take(here, "rasmus", lambda step: merging.merged(step, one, apart)) is None
    assert take(here, "rasmus", lambda step: merging.merged(step, one, other)) is not None
    assert take(here, "rasmus", lambda step: merging.merged(step, other, one)) is None


def test_a_case_that_others_joined_outlives_its_author(here: World) -> None:
    case = raised(here)
    take(here, "ines", lambda step: life.joined(step, case))
    take(here, "lena", lambda step: life.withdrawn(step, case))
    left = now_of(here, case)
    assert (left.state, left.asker, left.reply_to.platform) == ("new", None, "")
    assert "Lena" not in press(here, "rasmus", f"case {case.number}")
    posts = take(here, "rasmus", lambda step: deciding.answered(step, left, "so")) or ()
    assert key_of(here, "ines") in {post.person for post in posts}
    assert key_of(here, "lena") not in {post.person for post in posts}


def test_an_erased_author_leaves_a_case_that_can_be_decided(here: World) -> None:
    case = raised(here)
    take(here, "rasmus", lambda step: answering.acknowledged(step, case))
    with here.store.begin() as tx:
        found = subject(tx, "lena@example.com")
        assert found is not None
        erasing.erase(tx, found, {}, here.time)
    erased = now_of(here, case)
    assert (erased.asker, erased.text) == (None, case.text)
    assert take(here, "rasmus", lambda step: answering.asked_back(step, erased, "when?")) is None
    assert take(here, "rasmus", lambda step: deciding.decided(step, erased, "no", "because")) is not None


@pytest.mark.parametrize("text", ["x" * 3000, "<!channel> *b* [a](https://x.example) " * 40, "\n\n- a\n" * 200])
def test_long_and_odd_words_are_shown_and_change_nothing(here: World, text: str) -> None:
    case = raised(here, text=text, would_work=text, at_stake=text)
    take(here, "rasmus", lambda step: answering.asked_back(step, case, text))
    take(here, "lena", lambda step: life.replied(step, now_of(here, case), text))
    take(here, "rasmus", lambda step: deciding.decided(step, now_of(here, case), "yes", text))
    for who in ("rasmus", "lena"):
        shown = press(here, who, f"case {case.number}")
        assert "<!channel>" not in shown
        assert escape(text.strip()).splitlines()[0][:40] in shown


def _behind(here: World, case: str) -> set[str]:
    with here.store.read() as tx:
        return set(case_supporters.supporters(tx, case))


def _person(tx: object, name: str) -> people.PersonRecord:
    found = people.person_by_email(tx, f"{name}@example.com")  # type: ignore[arg-type]  # a session
    assert found is not None
    return found
