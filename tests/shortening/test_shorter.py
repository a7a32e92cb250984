"""Which answers may be made shorter, and how such an answer looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answers.index import Index
from bot.answers.rank import Hit
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.shorter import brief_for, shorter
from bot.capabilities.explain.show import passage_card
from bot.playbook.access import Viewer
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.playbook.model import Passage, Playbooks
from bot.shortening import Sentence, Shortened
from bot.triage import Triage
from bot.turn import Reader
from bot.words import LANGUAGES, Words
from tests.world import SAMPLE

QUESTION = Triage("question", "none", 1, 0.9)
BODY = "The old system stays readable until June. " + "Nothing else is asked of you before that. " * 12
PLAYBOOKS = assemble(read_folder(SAMPLE)[0])
INITIATIVE = next(iter(PLAYBOOKS.initiatives.values()))
PASSAGE = Passage(
    id="p", initiative=INITIATIVE.id, file="x/faq.md", heading="Old system", body=BODY, locale="en", kind="question"
)


def reader(playbooks: Playbooks = PLAYBOOKS, locale: str = "en", unit: str = "") -> Reader:
    """An employee."""
    return Reader(
        viewer=Viewer(unit=unit, everywhere=not unit),
        words=Words(locale),
        now=datetime(2027, 3, 1, 9, tzinfo=UTC),
        playbooks=playbooks,
        index=Index(()),
        directory=lambda _: None,
        only=INITIATIVE.id,
    )


def response(passage: Passage = PASSAGE) -> Response:
    """The answer with this passage, as it is quoted."""
    card = passage_card(reader(), INITIATIVE, passage)
    return Response("answer", card, hits=(Hit(passage, 1.0, 0.9),), initiative=INITIATIVE.id)


def with_policy(**values: object) -> Playbooks:
    """The sample playbooks with another policy."""
    organisation = PLAYBOOKS.organisation
    policy = organisation.policy.model_copy(update=values)
    return replace(PLAYBOOKS, organisation=replace(organisation, policy=policy))


def test_a_question_with_a_long_answer_may_be_made_shorter() -> None:
    """With the passage, and the question without the name."""
    found = brief_for("when can ana prates use the old system?", response(), reader(), QUESTION, ["Ana Prates"])

    assert found is not None
    assert [quoted.id for quoted in found.passages] == ["p"]
    assert found.question == "when can [name] use the old system?"


@pytest.mark.parametrize("kind", ["objection", "request", "praise", "other"])
def test_nothing_that_may_be_a_concern_leaves_the_house(kind: str) -> None:
    """Nor a question of which it is not sure that it is one."""
    judged = Triage(kind, "none", 1, 0.99)  # type: ignore[arg-type]  # each is a kind

    assert brief_for("nobody asked us", response(), reader(), judged, []) is None
    assert brief_for("nobody asked us", response(), reader(), replace(QUESTION, confidence=0.4), []) is None


@pytest.mark.parametrize(
    "passage",
    [
        replace(PASSAGE, audience="change-agents"),
        replace(PASSAGE, topic="jobs"),
        replace(PASSAGE, kind="fact"),
        replace(PASSAGE, locale="pt"),
        replace(PASSAGE, body="Until June."),
    ],
    ids=["not for everybody", "jobs", "a fact", "another language", "short"],
)
def test_some_passages_are_sent_as_they_stand(passage: Passage) -> None:
    """What not everybody may read, jobs and pay, facts, other languages, and what is short."""
    assert brief_for("when?", response(passage), reader(), QUESTION, []) is None


@pytest.mark.parametrize("kind", ["about", "did-you-mean", "unknown", "which", "redirect", "small-talk"])
def test_only_answers_are_made_shorter(kind: str) -> None:
    """Nothing else comes from a passage."""
    other = replace(response(), kind=kind)  # type: ignore[arg-type]  # each is a kind of response

    assert brief_for("when?", other, reader(), QUESTION, []) is None


def test_the_policy_forbids_it() -> None:
    """Everywhere, or in a unit and those below it."""
    below = next(id for id, unit in PLAYBOOKS.organisation.units.items() if unit.parent)
    above = PLAYBOOKS.organisation.units[below].parent
    nowhere, there = with_policy(off=("language-model",)), with_policy(off_in={above: ("language-model",)})

    assert brief_for("when?", response(), reader(nowhere), QUESTION, []) is None
    assert brief_for("when?", response(), reader(there, unit=below), QUESTION, []) is None
    assert brief_for("when?", response(), reader(there), QUESTION, []) is not None


@pytest.mark.parametrize("locale", LANGUAGES)
def test_such_an_answer_is_marked_and_the_whole_one_press_away(locale: str) -> None:
    """In each language; source and other buttons stay."""
    whole = response()
    short = Shortened((Sentence("The old system stays readable until June.", "p"),))

    card = shorter(whole, short, reader(locale=locale)).card

    assert card.body.startswith("The old system stays readable until June.\n\n(")
    assert '"Old system"' in card.body
    assert card.choices[0].says == "more p"
    assert [c.says for c in card.choices].count("more p") == 1
    assert (card.source, card.details) == (whole.card.source, whole.card.details)


def test_what_saves_nothing_changes_nothing() -> None:
    """The quoted answer is better than one that is as long."""
    whole = response()
    long = Shortened((Sentence(BODY, "p"),))

    assert shorter(whole, long, reader()) is whole
    assert shorter(whole, Shortened((Sentence("x", "another"),)), reader()) is whole
