"""Who may add an answer and take it back, what is kept until it is confirmed, and what a writer gets to paste."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.gaps import in_force, lines, patch
from bot.learning.ticking import Learning
from bot.playbook.load import check
from bot.store import Store, audit, gaps, learned
from bot.store.learned import Learned
from tests.world import World, world

SMALL = Path(__file__).parent.parent / "transcripts" / "playbooks" / "small"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FORM = {"heading": "How loud is it?", "text": "Very loud.", "audience": "everybody", "language": "en"}


@pytest.fixture
def here(store: Store, tmp_path: Path) -> Iterator[World]:
    """The small organisation; Lea's first question is answered by Pavel."""
    folder = tmp_path / "playbooks"
    shutil.copytree(SMALL, folder)
    with world(store, folder, NOW, forms=frozenset({"local"})) as made:
        made.hear(made.payload("lea", press="ask-owner phones named: how loud is it?"))
        made.hear(made.payload("pm", press="answer 1 Very loud."))
        yield made


def added(here: World) -> list[Learned]:
    with here.store.read() as tx:
        return learned.in_force(tx)


def submits(here: World, who: str, **given: Any) -> str:
    """What is said to somebody who hands in the form."""
    posted = here.fills(who, "add-answer case 1", {**FORM, **given})
    return " ".join(message["text"] for message in posted)


@pytest.mark.parametrize("who", ["pm", "head"])
def test_who_the_question_was_put_to_and_the_sponsor_add_and_take_back(here: World, who: str) -> None:
    submits(here, who)
    (answer,) = added(here)
    assert (answer.heading, answer.author, answer.since) == ("How loud is it?", f"{who}@example.com", NOW.date())

    here.presses(who, "Undo")
    assert added(here) == []
    with here.store.read() as tx:
        did = [line.action for line in audit.lines(tx) if line.action.startswith("answer.")]
        assert did == ["answer.added", "answer.taken-back"]
        assert learned.learned(tx, answer.id) is None


@pytest.mark.parametrize("who", ["lea", "otto", "agent", "root"])
def test_nobody_else_adds_or_takes_back_whoevers_card_they_press(here: World, who: str) -> None:
    submits(here, who)
    assert added(here) == []

    submits(here, "pm")
    (answer,) = added(here)
    for press in (f"undo-answer {answer.id}", f"confirm-answer {answer.id}", f"add-answer draft {answer.id}"):
        here.hear(here.payload(who, press=press))

    assert added(here) == [answer]


def test_who_does_not_lead_it_any_more_cannot_take_back(here: World) -> None:
    here.hear(here.payload("lea", press="ask-owner phones named: is there a case?"))
    submits(here, "head")
    (answer,) = added(here)
    file = here.folder / "phones" / "initiative.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("sponsor: head@", "sponsor: root@"), encoding="utf-8")
    here.time += timedelta(minutes=1)
    here.library.refresh(here.time)

    here.hear(here.payload("head", press=f"undo-answer {answer.id}"))
    assert added(here) == [answer]

    here.hear(here.payload("root", press=f"undo-answer {answer.id}"))
    assert added(here) == []


def test_what_looks_private_waits_for_a_second_look(here: World) -> None:
    shown = submits(here, "pm", text="Ask Hilda Head, 912 345 678.")
    assert "Hilda Head" in shown
    assert added(here) == []

    here.presses("pm", "Add it as it is")
    assert [one.body for one in added(here)] == ["Ask Hilda Head, 912 345 678."]


def test_the_same_question_again_takes_the_place_of_the_first(here: World) -> None:
    submits(here, "pm")
    submits(here, "pm", heading="how LOUD is it", text="Not so loud.")
    here.library.renew()

    assert [one.body for one in added(here)] == ["Not so loud."]
    assert "Not so loud." in str(here.says("otto", "how loud is it?"))


def test_what_a_file_answers_and_what_asks_nothing_cannot_be_added(here: World) -> None:
    for heading in ("Who pays for a broken screen?", "same number as before", "???"):
        submits(here, "pm", heading=heading)

    assert added(here) == []


def test_an_added_answer_has_the_readers_that_were_chosen(here: World) -> None:
    submits(here, "pm", audience="change-agents")
    here.library.renew()

    assert "Very loud." in str(here.says("agent", "how loud is it?"))
    assert "Very loud." not in str(here.says("otto", "how loud is it?"))
    assert "Very loud." not in str(here.says("agent", "how loud is it?", where="sales"))


def test_nothing_of_who_asked_is_kept_with_it(here: World) -> None:
    here.hear(here.payload("lea", press="ask-owner phones unnamed: may my nephew have one?"))
    here.hear(here.payload("pm", press="answer 10001 No."))
    unnamed = here.fills("pm", "add-answer case 10001", FORM)
    assert added(here) == [], unnamed

    here.fills("pm", "add-answer case 10001", {**FORM, "heading": "May relatives have one?", "words": "mine"})
    (answer,) = added(here)
    assert "nephew" not in str(answer)
    assert "10001" not in str(answer)


def test_the_patch_is_a_page_that_the_checker_takes_and_that_ends_what_was_added(here: World) -> None:
    submits(here, "pm", text="Very loud.\n# but\nnot at night.")
    with here.store.begin() as tx:
        gaps.record_gap(
            tx, initiative="phones", locale="en", text="how loud is it", words="how loud is it", passage="",
            person="ana", today=NOW.date(),
        )  # fmt: skip
    with here.store.read() as tx:
        printed = list(patch(tx, "phones"))
        listed = "\n".join(lines(tx, in_force(tx), None))
    assert "## How loud is it?" in printed
    assert "asked by" not in "\n".join(printed)
    assert "Added in chat; --patch" in listed
    assert "How loud is it?; pm@example.com" in listed

    pasted = "# Loudness\n\n" + "\n".join(line for line in printed if not line.startswith("<!--"))
    (here.folder / "phones" / "faq-loud.md").write_text(pasted, encoding="utf-8")
    files = {"phones/faq-loud.md": pasted.encode()}
    there = {str(p.relative_to(here.folder)): p.read_bytes() for p in here.folder.rglob("*") if p.is_file()}
    assert [f for f in check({**there, **files}, NOW.date()).faults if f.file == "phones/faq-loud.md"] == []
    here.time += timedelta(minutes=1)
    here.library.refresh(here.time)

    with here.store.read() as tx:
        assert [p.file for p in here.library.current.index.passages if p.heading == "How loud is it?"] == [
            "phones/faq-loud.md"
        ]
    Learning(here.store, here.library).tick(here.time)
    with here.store.read() as tx:
        assert [line for line in patch(tx, "phones") if "loud" in line] == []
        assert "out of force, because a file answers them now" in "\n".join(lines(tx, in_force(tx), None))
