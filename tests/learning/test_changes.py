"""What counts as a change worth telling, what looks private, and which of two texts wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.learning.changes import notable
from bot.learning.joining import in_files, is_learned, joined, question, superseded
from bot.learning.personal import possible_names, private_bits
from bot.playbook.load import assemble
from bot.playbook.model import Playbooks
from bot.store.learned import IN_FORCE, Learned

LONG = (
    "Your number moves to the new phone by itself. The old phone goes into the box at the reception, and whoever"
    " is ill on that day gets the new one by post."
)
FILES = {
    "strategy.yaml": b"goals: [{id: calm, name: Calm}]",
    "units.yaml": b"units: [{id: sales, name: Sales, timezone: Europe/Lisbon, owner: head@example.com}]",
    "phones/initiative.yaml": (
        b"id: phones\nname: Phones\npurpose: They are old.\nserves: [calm]\nsponsor: head@example.com\n"
        b"project_manager: pm@example.com\nunits: [{id: sales, changes: New ones.}]\n"
    ),
    "phones/faq.md": b"# Questions\n\n## Who pays?\n\nThe company.\n\nAlso asked: is it free\n",
}
ANSWER = Learned(
    id="abc123abc123",
    initiative="phones",
    locale="en",
    audience="",
    heading="How loud is it?",
    body="Very.",
    author="pm@example.com",
    owner="",
    gap="",
    state=IN_FORCE,
    since=date(2027, 3, 15),
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one broken screen", "two broken screens"),
        ("on 10 May", "on 11 May"),
        ("It is on Monday.", "It is on Tuesday."),
        ("es el lunes por la tarde", "es el martes por la tarde"),
        ("You can keep it.", "You can't keep it."),
        ("Das wird gemacht, sobald es geht", "Das wird nicht gemacht, sobald es geht"),
        ("ask Ana about it", "ask Eva about it"),
        ("you may bring it", "you must bring it"),
        ("for 20 of you", "for all of you"),
        ("", "and everybody else waits until summer"),
    ],
)
def test_who_knows_the_old_wording_hears_of_another_meaning_however_long_the_text(old: str, new: str) -> None:
    assert notable(f"{LONG} {old} {LONG}", f"{LONG} {new} {LONG}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the reciept is enough", "the receipt is enough"),
        ("Everything stays; as it is", "Everything stays as it is"),
        ("siehe die Einfürung", "siehe die Einführung"),
        ("a phone", "a  phone"),
        ("it moves by itself", "it moves also by itself"),
    ],
)
def test_nobody_hears_of_a_mended_spelling(old: str, new: str) -> None:
    assert not notable(f"{LONG} {old} {LONG}", f"{LONG} {new} {LONG}")


def test_much_that_is_mended_is_a_new_text() -> None:
    assert notable(LONG, LONG.replace("e", "3x"))
    assert notable(LONG, "Nobody gets a phone.")


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("Write to ana.silva@example.com.", ("ana.silva@example.com",)),
        ("Call +351 912 345 678 or (030) 123-4567", ("+351 912 345 678", "(030) 123-4567")),
        ("I live at 12 Harbour Street", ("12 Harbour Street",)),
        ("Rua das Flores, 12", ("Rua das Flores, 12",)),
        ("in der Hauptstraße 5", ("Hauptstraße 5",)),
        ("Until 2027-03-15, 10.05.2027 or extension 4711, for 400000 euros", ()),
        ("A plain answer.", ()),
    ],
)
def test_what_looks_private_is_found_and_dates_are_not(text: str, bits: tuple[str, ...]) -> None:
    assert private_bits(text) == bits


def test_names_of_people_are_looked_for_among_words_with_a_capital() -> None:
    text = "Please ask Maria do Carmo or Hilda Head, not the Service desk."

    assert "Hilda Head" in possible_names(text)
    assert private_bits(text, ["Hilda Head", "Otto Ort"]) == ("Hilda Head",)


def playbooks(faq: str = "") -> Playbooks:
    return assemble({**FILES, **({"phones/faq.md": faq.encode()} if faq else {})})


def test_an_added_answer_is_a_passage_with_its_authors_name_and_date() -> None:
    (passage,) = [p for p in joined(playbooks(), [ANSWER]).initiatives["phones"].passages if is_learned(p)]

    assert (passage.heading, passage.body, passage.owner) == ("How loud is it?", "Very.", "pm@example.com")
    assert passage.reviewed == date(2027, 3, 15)


@pytest.mark.parametrize(
    "heading", ["how LOUD is it", "Is it loud?\n\nVery.\n\nAlso asked: how loud is it?\n\n## More"]
)
def test_a_file_that_asks_the_same_wins(heading: str) -> None:
    written = playbooks(f"# Questions\n\n## {heading}\n\nNot at all.\n")

    assert [p for p in joined(written, [ANSWER]).initiatives["phones"].passages if is_learned(p)] == []
    assert [one.id for one, _ in superseded(written, [ANSWER])] == [ANSWER.id]


def test_another_language_or_a_playbook_that_is_gone_is_left_alone() -> None:
    spanish = replace(ANSWER, id="b", locale="es", heading="Who pays?")
    elsewhere = replace(ANSWER, id="c", initiative="gone")
    both = joined(playbooks(), [spanish, elsewhere])

    assert [p.id for p in both.initiatives["phones"].passages if is_learned(p)] == ["b"]
    assert superseded(both, [spanish, elsewhere]) == []


def test_an_answer_never_stands_in_its_own_way() -> None:
    there = joined(playbooks(), [ANSWER])

    assert superseded(there, [ANSWER]) == []
    assert question("en-GB", "How loud is it") not in in_files(there.initiatives["phones"])
