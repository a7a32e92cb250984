"""What messages are judged to be: quality with a floor, and whatever comes in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.triage import Message, by_keywords, labelled, remembering, row
from bot.answers.encoder import embedded
from bot.commands.triaging import Unjudgeable, judge_batch
from bot.triage import DRIVERS, KINDS, SEVERITIES, Judge, Triage, triage
from bot.triage.signs import LONGEST, readable, tail

ENCODER = pytest.mark.skipif(embedded() is None, reason="no sentence encoder in this installation")
BLIND = Judge(None)


@pytest.fixture(scope="module")
def judge(request: pytest.FixtureRequest) -> Iterator[Judge]:
    """The judge with the encoder of the installation; what it encoded is kept from one run to the next."""
    kept = remembering(Path(request.config.cache.mkdir("triage")) / "vectors.bin")
    yield Judge(kept)
    if kept:
        kept.save()


def held_out() -> list[Message]:
    """The half that nothing is learned from or chosen by."""
    return [message for message in labelled() if message.part == "held-out"]


def test_the_labelled_messages_are_what_they_should_be() -> None:
    """At least 300 in four languages, no text twice, every label a word of the vocabulary, a half held out."""
    messages = labelled()
    parts, languages = Counter(m.part for m in messages), Counter(m.locale for m in messages)

    assert len({m.text for m in messages}) == len({m.id for m in messages}) == len(messages) >= 300
    assert sorted(languages) == ["de", "en", "es", "pt"]
    assert min(languages.values()) >= 60
    assert min(parts.values()) >= 0.45 * len(messages)
    assert {m.driver for m in messages} == set(DRIVERS)
    assert {m.kind for m in messages} == set(KINDS)
    assert {m.severity for m in messages} == set(SEVERITIES)
    assert {m.sort for m in messages} >= {"polite", "sarcasm", "but", "fault", "rhetorical"}


@ENCODER
def test_the_quality_does_not_drop(judge: Judge) -> None:
    """On the held-out half, and clearly better than a list of keywords."""
    messages = held_out()

    ours = row("", "", messages, [judge(m.text, m.locale) for m in messages], True)
    words = row("", "", messages, [by_keywords(m.text, m.locale) for m in messages], False)

    assert ours.kind >= 0.80
    assert ours.both >= 0.63
    assert ours.severity >= 0.85
    assert ours.both >= words.both + 0.25
    assert ours.error is not None
    assert ours.error <= 0.15


def test_without_an_encoder_it_still_judges() -> None:
    """By letters alone, worse, and knowing that it is: its confidence is low."""
    messages = held_out()
    found = [BLIND(m.text) for m in messages]

    assert row("", "", messages, found, True).kind >= 0.60
    assert sum(f.confidence for f in found) / len(found) <= 0.6


@ENCODER
@pytest.mark.parametrize(
    ("text", "kind", "driver", "severity"),
    [
        ("Hej, hvornår får vi det nye system?", "question", "none", 1),
        ("Niemand heeft ons iets gevraagd, zoals altijd.", "objection", "not-consulted", 1),
        ("Je peux lire les salaires de tout le monde dans le dossier commun.", "objection", "data-security", 3),
        ("The new report is great, but it crashes every time I open it.", "objection", "technical", 2),
        ("Potremmo avere anche un corso in italiano?", "request", "none", 1),
        ("thank you, that was really helpful!", "praise", "none", 1),
        ("see you at lunch", "other", "none", 1),
    ],
)
def test_in_other_languages_and_hard_cases(text: str, kind: str, driver: str, severity: int) -> None:
    """Also in languages with few texts to learn from."""
    found = triage(text)

    assert (found.kind, found.driver, found.severity) == (kind, driver, severity)


@pytest.mark.parametrize("text", ["", "   ", "\n\u200b\u200e", "\0", "\ud800"])
def test_nothing_said_is_other(text: str) -> None:
    """Not even a question."""
    assert BLIND(text) == Triage("other", "none", 1, 0.9)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300))
@settings(max_examples=200, deadline=None)
def test_whatever_is_said_gets_words_of_the_vocabulary(text: str) -> None:
    """Lone surrogates, marks of direction and all."""
    found = BLIND(text)

    assert found.kind in KINDS
    assert found.severity in SEVERITIES
    assert found.driver in DRIVERS
    assert found.driver == "none" or found.kind == "objection"
    assert 0.0 < found.confidence < 1.0


def test_a_megabyte_is_cut_to_its_beginning_and_end() -> None:
    """Where people say what they want; so the time is bounded."""
    read = readable("Why? " + "x " * 500_000 + "It crashed.")

    assert len(read) <= LONGEST + 1
    assert read.startswith("Why?")
    assert read.endswith("It crashed.")


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("I like it, but nobody was asked", "nobody was asked"),
        ("Schön, nur fehlt die Zeit dafür", "fehlt die Zeit dafür"),
        ("Gostei, só que trava sempre", "trava sempre"),
        ("Butter is expensive", "Butter is expensive"),
        ("nice but no", "nice but no"),
    ],
)
def test_what_stands_behind_a_but(text: str, behind: str) -> None:
    """A word that only begins like one is none, and a tail of two letters says nothing."""
    assert tail(text) == behind


def test_a_batch_gives_one_line_for_each_in_the_contract_s_form() -> None:
    """The same id, and exactly the keys of the contract."""
    lines = [b'\xef\xbb\xbf{"id": 7, "text": "It crashed."}\n', b"\n", b'{"id": "b", "text": "", "locale": "de"}\n']

    found = [json.loads(line) for line in judge_batch(BLIND, lines, "in.jsonl")]

    assert [each["id"] for each in found] == [7, "b"]
    assert all(list(each) == ["id", "kind", "driver", "severity", "confidence"] for each in found)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no json", "this line is not JSON"),
        (b'{"id": NaN, "text": ""}', "this line is not JSON"),
        (b"[" * 100_000, "this line is not JSON"),
        (b'{"id": 1}', '"id" and "text"'),
        (b'{"text": "x"}', '"id" and "text"'),
        (b'["id", "text"]', '"id" and "text"'),
        (b'{"id": 1, "text": 2}', '"id" and "text"'),
        (b'{"id": 1, "text": "x", "locale": 3}', '"locale" must be a text'),
        (b"\xff", "not UTF-8"),
    ],
    ids=["words", "no number", "deep", "no text", "no id", "a list", "a number for a text", "locale", "latin-1"],
)
def test_a_bad_line_is_named(line: bytes, reason: str) -> None:
    """By file and line, in one sentence."""
    with pytest.raises(Unjudgeable, match=f"^in.jsonl:2: .*{reason}"):
        list(judge_batch(BLIND, [b'{"id": 1, "text": "x"}', line], "in.jsonl"))
