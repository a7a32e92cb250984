"""Who may do what about a case, each step once, and what becomes of everybody behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.capabilities.cases import VERBS
from bot.cases import answering, cards, counting, deciding, life, merging
from bot.cases.accountable import may_answer, readers_of
from bot.cases.opening import who_reads
from bot.cases.raised import Raised
from bot.cases.standing import subject as subject_of
from bot.cases.told import answered_card
from bot.messages import Card, escape
from bot.milestones import telling
from bot.store import Session, Store, case_history, case_supporters, erasing, mailbox, people
from bot.store.cases import Case
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
LEAVE = "I am not behind this any more"


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
    return shown.strip().partition("\n\n")[0] in UNKNOWN


# Who may.


def test_every_verb_is_looked_at_here() -> None:
    assert set(VERBS) == {*OWNERS_VERBS, *AUTHORS_VERBS, "leave"}


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


@pytest.mark.parametrize(
    ("author", "owner", "readers"),
    [
        ("rasmus", "dana", {"dana", "paul"}),
        ("dana", "rasmus", {"rasmus", "paul"}),
        ("paul", "rasmus", {"rasmus"}),
        ("lena", "rasmus", {"rasmus", "paul"}),
    ],
)
def test_nobody_answers_for_what_they_raised_themselves(
    here: World, author: str, owner: str, readers: set[str]
) -> None:
    case = raised(here, author)
    assert case.owner == f"{owner}@example.com"
    with here.store.read() as tx:
        playbooks = here.library.current.playbooks
        assert set(readers_of(tx, playbooks, case)) == {f"{one}@example.com" for one in readers}
        assert not may_answer(tx, playbooks, case, f"{author}@example.com")
    # The project manager approves what is told of anything.
    for verb in set(OWNERS_VERBS) - {"approve", "keep", "unpublish"}:
        assert refused(press(here, author, f"case {verb} {case.number} 1")), verb
    assert now_of(here, case) == case
    handled = here.hear(here.payload(author, press=f"case {case.number}"))
    assert handled is not None
    assert f"case withdraw {case.number}" in {choice.says for choice in handled.cards[0].choices}


def test_nobody_is_given_what_they_raised_themselves(here: World) -> None:
    case = raised(here, "lena")
    press(here, "rasmus", f"case assign {case.number} lena@example.com")
    assert now_of(here, case).handler == ""


def test_raised_for_a_colleague_it_is_answered_by_whoever_answers_there(here: World) -> None:
    case = raised(here, "rasmus", for_colleague=True)
    assert case.owner == "rasmus@example.com"


def test_whom_the_author_left_out_does_not_get_it_by_way_of_another_one(here: World) -> None:
    apart = raised(here, "lena", avoid_owner=True, text="Rasmus shouts at us")
    usual = raised(here, "ines", text="we are shouted at")

    shown = press(here, "paul", f"case merge {apart.number} {usual.number}")

    assert now_of(here, apart).state == "new"
    assert f"{apart.number}" in shown
    assert "Rasmus shouts" not in press(here, "rasmus", f"case {usual.number}")
    assert take(here, "paul", lambda step: merging.merged(step, usual, apart)) is not None
    assert refused(press(here, "rasmus", f"case {apart.number}"))


def test_who_may_not_read_it_is_said_to_those_who_may(here: World) -> None:
    case = raised(here, "lena", avoid_owner=True)
    with here.store.read() as tx:
        found = owner_card_for(tx, here, case, "paul")
    assert ("Not to be read by", "Dana Deputy and Rasmus Sales") in found.facts


def owner_card_for(tx: Session, here: World, case: Case, who: str) -> Card:
    playbooks = here.library.current.playbooks
    whom = telling.reader(tx, f"{who}@example.com", playbooks)
    assert whom is not None
    return cards.owner_card(tx, playbooks, case, replace(whom, words=Words("en")))


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
        assert {event.actor for event in case_history.history(tx, case.id)} == {""}
        assert all(event.at.hour == event.at.minute == 0 for event in case_history.history(tx, case.id))


# Each step once.


@pytest.mark.parametrize("verb", ["case", "case add", "settled", "not-settled", "answer"])
def test_under_a_number_in_confidence_everybody_is_shown_the_way_that_leaves_no_trace(here: World, verb: str) -> None:
    case = raised(here, None, confidential=True)
    other = case.number + 1 if case.number < 99_999 else case.number - 1
    for number in (case.number, other):
        handled = here.hear(here.payload("lena", press=f"{verb} {number}"))
        assert handled is not None
        (shown,) = handled.cards
        assert "in confidence" in shown.body
        assert [choice.says for choice in shown.choices] == [f"in-confidence show {number}"]


def test_whether_words_can_be_taken_out_or_the_exchange_closed_shows_on_the_card(here: World) -> None:
    case = raised(here, None, confidential=True)

    def offered() -> set[str]:
        handled = here.hear(here.payload("rasmus", press=f"case {case.number}"))
        assert handled is not None
        return {choice.says.split()[0] for choice in handled.cards[0].choices} - {"case", "answer"}

    assert offered() == {"hide-words", "close-mailbox"}
    press(here, "rasmus", f"hide-words {case.number} sure")
    assert offered() == {"close-mailbox"}
    take(here, "", lambda step: life.replied(step, case, "more of the same"))
    assert offered() == {"hide-words", "close-mailbox"}
    press(here, "rasmus", f"close-mailbox {case.number} sure")
    assert offered() == {"hide-words"}


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


def test_the_sponsor_whom_it_came_up_to_is_not_told_who_raised_it(here: World) -> None:
    """The form named those who read it, and the sponsor was not among them. The board does the same."""
    case = raised(here, "lena")
    for _ in range(3):
        take(here, "rasmus", lambda step: deciding.decided(step, case, "no", "It costs too much."))
        take(here, "lena", lambda step: life.not_solved(step, now_of(here, case), "It does not."))
    assert "Lena" in press(here, "rasmus", f"case {case.number}")
    shown = press(here, "hilda", f"case {case.number}")
    assert "no time to test" in shown
    assert "Lena" not in shown
    assert take(here, "hilda", lambda step: answering.asked_back(step, case, "Since when?")) is not None
    posts = take(here, "lena", lambda step: life.replied(step, now_of(here, case), "Since May.")) or ()
    told = {post.person: post.card.body for post in posts}
    assert "Since May." in told[key_of(here, "hilda")]
    assert "Lena" not in told[key_of(here, "hilda")]


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


def test_nobody_is_asked_who_has_left(here: World) -> None:
    case = raised(here, "lena")
    with here.store.begin() as tx:
        people.mark_left(tx, [key_of(here, "lena")], here.time)
    assert take(here, "rasmus", lambda step: answering.asked_back(step, case, "Which days?")) is None
    assert now_of(here, case).paused_since is None


def test_an_author_in_confidence_is_not_counted_among_the_others(here: World) -> None:
    case = raised(here, None, confidential=True)
    with here.store.begin() as tx:
        joined = [mailbox.Behind(case.id, f"person{n}", mailbox.JOINED) for n in range(5)]
        mailbox.admit(tx, [mailbox.Behind(case.id, key_of(here, "lena"), mailbox.AUTHOR), *joined])
    take(here, "rasmus", lambda step: deciding.decided(step, case, "no", "It costs too much."))
    with here.store.read() as tx:
        playbooks = here.library.current.playbooks
        about = subject_of(tx, playbooks, now_of(here, case), counting.unnamed(tx, case))
    assert "you and 5 others" in answered_card(about, Words("en"), "Rasmus", author=True).body


@pytest.mark.parametrize("step", ["withdraw", "settled"])
def test_why_somebody_in_confidence_takes_it_back_reaches_those_who_answer(here: World, step: str) -> None:
    here.says("rasmus", "thanks")
    case = raised(here, None, confidential=True)
    with here.store.begin() as tx:
        mailbox.admit(tx, [mailbox.Behind(case.id, key_of(here, "lena"), mailbox.AUTHOR)])
    take(here, "rasmus", lambda taken: answering.acknowledged(taken, case))
    if step == "settled":
        take(here, "rasmus", lambda taken: deciding.answered(taken, case, "Two afternoons are free."))
    here.hear(here.payload("lena", form=f"in-confidence {step} {case.number}", answers={"text": "It was a mistake."}))
    here.time += timedelta(hours=6)
    here.core.tick(here.time)
    here.drain()

    to_rasmus = [shown["text"] for place, shown in here.platform.posted if place.conversation == "direct:rasmus"]
    assert any("It was a mistake." in text for text in to_rasmus)


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


def test_who_joined_can_leave_and_hears_no_more_of_it(here: World) -> None:
    case = raised(here)
    take(here, "ines", lambda step: life.joined(step, case))
    assert "You joined this" in press(here, "ines", f"case {case.number}")

    assert "hear nothing more of it" in press(here, "ines", here.button("ines", LEAVE))
    assert refused(press(here, "ines", f"case leave {case.number}"))

    posts = take(here, "rasmus", lambda step: deciding.answered(step, now_of(here, case), "so")) or ()
    assert key_of(here, "ines") not in {post.person for post in posts}
    assert "left it again" in press(here, "rasmus", f"case {case.number}")


def test_nobody_leaves_what_they_did_not_join(here: World) -> None:
    case = raised(here)

    for who in ("lena", "rasmus", "ines"):
        assert refused(press(here, who, f"case leave {case.number}"))
    assert now_of(here, case).state == "new"


def test_what_its_author_has_left_ends_with_the_last_who_joined(here: World) -> None:
    case = raised(here)
    take(here, "rasmus", lambda step: answering.acknowledged(step, case))
    for who in ("ines", "joe"):
        take(here, who, lambda step: life.joined(step, case))
    take(here, "lena", lambda step: life.withdrawn(step, case))

    press(here, "ines", f"case leave {case.number}")
    assert now_of(here, case).state == "acknowledged"
    press(here, "joe", f"case leave {case.number}")
    assert now_of(here, case).state == "withdrawn"
    assert "nobody stood behind it" in press(here, "rasmus", f"case {case.number}")


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
