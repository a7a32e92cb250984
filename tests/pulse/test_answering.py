"""Answering a short survey: what is asked next, correcting, counting once, and who may not answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.messages import Card
from bot.playbook.shared_files import PulseTemplate
from bot.pulse import closing
from bot.pulse.ballots import Ballot, length
from bot.pulse.forms import applying
from bot.store import Store, ballots, participation, surveys
from bot.store import tables as t
from bot.store.surveys import Round, Snapshot
from tests.pulse.asking import asked_in, hands_in, opens, shown
from tests.pulse.opened import CLOSES, NOW
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"

PLAIN = PulseTemplate.model_validate(
    {
        "id": "plain",
        "name": "How is it?",
        "questions": [
            {"id": "fine", "text": "I am fine.", "type": "scale", "min": 1, "max": 5, "labels": {1: "no", 5: "yes"}},
            {"id": "why", "text": "What is it?", "type": "multi", "options": ["time", "tools"], "if": {"fine": "<= 2"}},
            {
                "id": "tool",
                "text": "Which tool?",
                "type": "choice",
                "options": ["old", "new"],
                "if": {"why": "= tools"},
            },
            {"id": "else", "text": "Anything else?", "type": "text", "optional": True},
        ],
    }
)


IN_GERMAN = PLAIN.model_copy(
    update={
        "name": "Wie geht es?",
        "questions": (
            *PLAIN.questions[:1],
            PLAIN.questions[1].model_copy(update={"options": ("Zeit", "Werkzeug")}),
            *PLAIN.questions[2:],
        ),
    }
)


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    """The small organisation with a template, on a platform with forms."""
    folder = tmp_path / "playbooks"
    shutil.copytree(SMALL, folder)
    (folder / "pulse").mkdir()
    written = PLAIN.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    (folder / "pulse" / "plain.yaml").write_text(json.dumps(written))
    with world(store, folder, NOW, forms=frozenset({"local"})) as made:
        yield made


def names(card: Any) -> list[str]:
    return [ask.name for ask in card.asks]


def box(here: World, round: Round) -> list[Ballot]:
    with here.store.read() as tx:
        return [Ballot.from_json(content) for content in ballots.opened(tx, round.id)]


def state(here: World, round: Round, who: str) -> str:
    with here.store.read() as tx:
        return {one.person: one.state for one in participation.asked(tx, round.id)}[key(here, who)]


def key(here: World, who: str) -> str:
    with here.store.read() as tx:
        email = here.accounts[who]["email"]
        return str(tx.scalar(select(t.person.c.key).where(t.person.c.email == email)))


def test_who_answers_in_one_go_is_counted_with_the_unit_they_were_asked_in(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "agent")
    form = opens(here, "agent", f"take-survey {round.id}")

    done = shown(hands_in(here, "agent", form, {"fine": "4", "else": "More practice"}))

    assert names(form) == ["fine", "else"]
    assert "Received" in done.body
    assert done.choices == ()
    assert box(here, round) == [Ballot("sales", {"fine": 4}, {"else": "More practice"})]
    assert state(here, round, "agent") == "answered"


def test_what_is_asked_next_follows_from_the_answers_and_stands_above_them(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    first = opens(here, "lea", f"take-survey {round.id}")

    second = shown(hands_in(here, "lea", first, {"fine": "2", "else": "Mine"}))
    third = shown(hands_in(here, "lea", second, {"why": ["o0", "o1"]}))
    done = shown(hands_in(here, "lea", third, {"tool": "o1"}))

    assert first.submit_label == second.submit_label == "Go on"
    assert third.submit_label == "Send"
    assert names(second) == ["why", "fine", "else"]
    assert names(third) == ["tool", "fine", "why", "else"]
    assert {ask.name: ask.value for ask in third.asks} == {"tool": "", "fine": "2", "why": "o0,o1", "else": "Mine"}
    assert "Received" in done.body
    assert box(here, round) == [Ballot("sales", {"fine": 2, "why": (0, 1), "tool": 1}, {"else": "Mine"})]


def test_a_mind_that_changed_before_sending_counts_as_it_is_then(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    first = opens(here, "lea", f"take-survey {round.id}")
    second = shown(hands_in(here, "lea", first, {"fine": "1"}))

    hands_in(here, "lea", second, {"fine": "5", "why": ["o1"]})

    assert box(here, round) == [Ballot("sales", {"fine": 5}, {})]


def test_nothing_is_kept_before_it_is_sent(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    first = opens(here, "lea", f"take-survey {round.id}")
    with here.store.read() as tx:
        before = {table.name: tx.scalar(select(func.count()).select_from(table)) for table in t.metadata.sorted_tables}

    hands_in(here, "lea", first, {"fine": "1", "else": "written, but not sent"})

    with here.store.read() as tx:
        after = {table.name: tx.scalar(select(func.count()).select_from(table)) for table in t.metadata.sorted_tables}
    assert after == before


def test_whoever_answers_again_in_another_window_is_told_that_it_counts_once(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")
    hands_in(here, "lea", form, {"fine": "5"})

    second = shown(hands_in(here, "lea", form, {"fine": "1"}))
    again = opens(here, "lea", f"take-survey {round.id}")

    assert "already" in second.body
    assert second == again
    assert box(here, round) == [Ballot("sales", {"fine": 5}, {})]


def test_handed_in_many_times_at_once_it_counts_once(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea", "otto", "pm")
    forms = {who: opens(here, who, f"take-survey {round.id}") for who in ("lea", "otto", "pm")}

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda who: shown(hands_in(here, who, forms[who], {"fine": "3"})), [*forms] * 4))

    assert len(done) == 12
    assert sum(bool(card.body.startswith("Received")) for card in done) == 3
    assert len(box(here, round)) == 3


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")

    handled = hands_in(here, "lea", form, {"fine": "9", "else": "kept"})

    assert set(handled.problems) == {"fine"}
    assert {ask.name: ask.value for ask in shown(handled).asks} == {"fine": "", "else": "kept"}
    assert box(here, round) == []


def test_a_required_question_that_is_not_asked_any_more_is_in_nobodys_way(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    first = opens(here, "lea", f"take-survey {round.id}")
    second = shown(hands_in(here, "lea", first, {"fine": "1"}))

    handled = hands_in(here, "lea", second, {"fine": "4", "why": []})

    assert not handled.problems
    assert box(here, round) == [Ballot("sales", {"fine": 4}, {})]


def test_a_text_that_names_somebody_is_shown_once_more_before_it_is_sent(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")

    asked = shown(hands_in(here, "lea", form, {"fine": "4", "else": "Otto Ort never answers, call 030 1234567"}))
    assert box(here, round) == []
    done = shown(hands_in(here, "lea", asked, {}))

    assert "Otto Ort" in asked.body
    assert "030 1234567" in asked.body
    assert names(asked) == ["else", "fine"]
    assert "Received" in done.body
    assert [one.texts for one in box(here, round)] == [{"else": "Otto Ort never answers, call 030 1234567"}]


def test_a_name_that_was_taken_out_is_gone(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")
    asked = shown(hands_in(here, "lea", form, {"fine": "4", "else": "Otto Ort never answers"}))

    hands_in(here, "lea", asked, {"else": "Nobody answers"})

    assert [one.texts for one in box(here, round)] == [{"else": "Nobody answers"}]


def test_who_writes_a_worry_is_offered_to_raise_it_and_not_a_word_goes_along(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")

    done = shown(hands_in(here, "lea", form, {"fine": "2", "else": "Nobody asked us, it will fail like last time"}))
    done = shown(hands_in(here, "lea", done, {"why": ["o0"]}))

    assert [choice.says for choice in done.choices] == ["concern"]
    assert "fail" not in done.body


def test_who_was_not_asked_learns_nothing(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    nobody = opens(here, "otto", f"take-survey {round.id}")
    nothing = opens(here, "otto", "take-survey 999")
    form = opens(here, "lea", f"take-survey {round.id}")

    tried = shown(hands_in(here, "otto", form, {"fine": "1"}))

    assert nobody == nothing == tried
    assert "not sent to you" in nobody.body
    assert box(here, round) == []


@pytest.mark.parametrize("rest", ["", "x", "-1", "1 99.x.-2", "test", "test x", "test x/y 0", "1" * 50])
def test_nonsense_behind_the_word_does_no_harm(here: World, rest: str) -> None:
    assert opens(here, "lea", f"take-survey {rest}".strip()).body


def test_closed_while_it_was_filled_in_it_is_said_and_nothing_counts(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")
    here.time = CLOSES

    late = shown(hands_in(here, "lea", form, {"fine": "1"}))

    assert "closed on Monday, 22 March" in late.body
    assert "not kept" in late.body
    assert box(here, round) == []
    assert state(here, round, "lea") == "drawn"


def test_a_closing_that_has_begun_takes_no_more_answers(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")
    with here.store.begin() as tx:
        surveys.set_state(tx, round.id, surveys.CLOSING)

    late = shown(hands_in(here, "lea", form, {"fine": "1"}))

    assert "closed" in late.body
    assert box(here, round) == []


def test_what_is_handed_in_while_it_closes_is_kept_or_refused_but_never_left_behind(here: World) -> None:
    everybody = ("lea", "otto", "pm", "agent", "root", "head")
    round = asked_in(here, Snapshot(PLAIN), *everybody)
    forms = {who: opens(here, who, f"take-survey {round.id}") for who in everybody}
    books = here.library.current.playbooks

    def close(_: str) -> Card | None:
        assert closing.close(here.store, books, round.id, CLOSES)
        closing.swept(here.store)
        return None

    def act(who: str) -> Card | None:
        return shown(hands_in(here, who, forms[who], {"fine": "3"})) if who else close(who)

    with ThreadPoolExecutor(7) as pool:
        done = [card for card in pool.map(act, (*everybody, "")) if card]

    received = sum(card.body.startswith("Received") for card in done)
    with here.store.read() as tx:
        kept = tx.scalar(select(func.count()).select_from(t.survey_answer))
        answered = sum(one.state == participation.ANSWERED for one in participation.asked(tx, round.id))
        after = surveys.round(tx, round.id)
    assert answered == received
    assert after is not None
    assert kept == (received if after.state == surveys.CLOSED else 0)
    assert box(here, round) == []


def test_not_now_is_not_never_again(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    with here.store.begin() as tx:
        participation.turn(tx, round.id, key(here, "lea"), participation.NOT_NOW)

    hands_in(here, "lea", opens(here, "lea", f"take-survey {round.id}"), {"fine": "1"})

    assert box(here, round) == []
    second = shown(hands_in(here, "lea", opens(here, "lea", f"take-survey {round.id}"), {"fine": "3"}))
    assert "Received" in second.body


def test_before_the_first_question_stands_who_sees_what(here: World) -> None:
    anonymous = opens(here, "lea", f"take-survey {asked_in(here, Snapshot(PLAIN), 'lea').id}")
    named = opens(here, "lea", f"take-survey {asked_in(here, Snapshot(PLAIN), 'lea', named=True).id}")

    assert "Nobody sees your answers" in anonymous.body
    assert "holds its key" in anonymous.body
    assert anonymous.confidential
    assert named.body.startswith("**With your name.**")
    assert "Pavel Manager and Hilda Head read your answers" in named.body


def test_answers_with_names_are_kept_with_them(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea", named=True)
    hands_in(here, "lea", opens(here, "lea", f"take-survey {round.id}"), {"fine": "3"})

    with here.store.read() as tx:
        kept = tx.execute(select(t.survey_named)).one()
        assert Ballot.from_json(tx.seal.open(kept.answers)) == Ballot("sales", {"fine": 3}, {})
    assert kept.person == key(here, "lea")


def test_every_ballot_of_a_survey_is_equally_long(here: World) -> None:
    """Else whoever sees the database could tell the ballot with the long text, and later the long text."""
    round = asked_in(here, Snapshot(PLAIN), "lea", "otto", "pm", "root")
    texts = ["", "short", "x" * 1000, "ü" * 990]
    for who, text in zip(("lea", "otto", "pm", "root"), texts, strict=True):
        handled = hands_in(here, who, opens(here, who, f"take-survey {round.id}"), {"fine": "3", "else": text})
        assert "form.too-long" not in handled.problems

    with here.store.read() as tx:
        sizes = set(tx.scalars(select(func.length(t.survey_ballot.c.content))))
        assert tx.scalar(select(func.count()).select_from(t.survey_ballot)) == 4
    assert len(sizes) == 1
    assert length(PLAIN) <= 3000


def test_a_text_too_long_for_a_ballot_is_said_at_its_field(here: World) -> None:
    round = asked_in(here, Snapshot(PLAIN), "lea")
    form = opens(here, "lea", f"take-survey {round.id}")

    handled = hands_in(here, "lea", form, {"fine": "3", "else": "😀" * 900})

    assert set(handled.problems) == {"else"}
    assert box(here, round) == []


def test_a_test_shows_what_people_see_and_keeps_nothing(here: World) -> None:
    form = opens(here, "pm", "take-survey test phones/plain")
    done = shown(hands_in(here, "pm", form, {"fine": "4"}))
    other = opens(here, "agent", "take-survey test phones/plain")
    missing = opens(here, "pm", "take-survey test phones/other")

    assert "A test" in form.body
    assert "It was a test" in done.body
    assert "not sent to you" in other.body
    assert other == missing
    with here.store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(t.survey_ballot)) == 0


def test_options_are_compared_with_the_originals_whatever_the_language(here: World) -> None:
    here.set_locale("lea@example.com", "de")
    round = asked_in(here, Snapshot(PLAIN, {"de": IN_GERMAN}), "lea")

    first = opens(here, "lea", f"take-survey {round.id}")
    second = shown(hands_in(here, "lea", first, {"fine": "1"}))
    third = shown(hands_in(here, "lea", second, {"why": ["o1"]}))

    assert [option.label for option in second.asks[0].options] == ["Zeit", "Werkzeug"]
    assert first.submit_label == "Weiter"
    assert names(third)[0] == "tool"


def test_options_that_look_like_numbers_lead_on_too() -> None:
    template = PulseTemplate.model_validate(
        {
            "id": "n",
            "name": "N",
            "questions": [
                {"id": "days", "text": "How many?", "type": "choice", "options": ["1", "2"]},
                {"id": "more", "text": "Why?", "type": "text", "if": {"days": "= 2"}},
            ],
        }
    )
    assert [[q.id for q in applying(template, {"days": n})] for n in (0, 1)] == [["days"], ["days", "more"]]
