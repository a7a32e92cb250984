"""`take-survey 12`: the form of a short survey; handed in, its next page or the end. What was answered counts once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.capabilities.pulse_answering.there import TEST, plain_reply, standing, survey_of, tested
from bot.dialogue import problems
from bot.learning.personal import possible_names, private_bits
from bot.messages import Answers
from bot.pulse.answering import SURE, Survey, texts_of
from bot.pulse.ballots import Ballot, fits, length
from bot.pulse.forms import Answer, Given, Sheet, again, applying, decoded, handed_in, understood
from bot.store import ballots, learned, participation
from bot.store.ballots import There
from bot.triage import Judge
from bot.turn import Reply, Turn

WORRY = "objection"
# By its letters alone: what an encoder knows beyond that is not worth 50 ms in which nobody else can answer.
_JUDGE = Judge(None)


@dataclass(frozen=True, slots=True)
class Page:
    """What a button or a form says: the survey, the questions that stood on the form, and whether it is sent whatever
    private things seem to stand in its texts.
    """

    named: str
    test: bool
    shown: str = ""
    sure: bool = False

    @staticmethod
    def of(rest: str) -> Page:
        """`12`, `12 0.1.4`, `12 0.1.4 sure`; with `test beacon/adkar` in the place of the number."""
        words = rest.split()
        test = words[:1] == [TEST]
        named, shown, sure, *_ = [*words[test:], "", "", ""]
        return Page(named, test, shown, sure == SURE)


@dataclass(frozen=True, slots=True)
class TakeSurvey:
    """The form opens by a press and is handed in; who hands it in is nowhere but in the round's participation."""

    name: str = "take-survey"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed: what is typed stays in the chat."""
        return False

    def secret(self, rest: str, answers: Answers) -> bool:
        """Always: opening the form writes nothing, and what was entered leads to nobody."""
        return True

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form; handed in, the next one, or that it was received, or why it cannot be."""
        page = Page.of(rest)
        if page.test:
            survey = tested(turn, page.named)
            return survey if isinstance(survey, Reply) else _answer(turn, page, survey, None)
        there = standing(turn, page.named)
        if isinstance(there, Reply):
            return there
        return _answer(turn, page, survey_of(turn, there), there)


def _answer(turn: Turn, page: Page, survey: Survey, there: There | None) -> Reply:
    questions = decoded(page.shown, survey.snapshot.template)
    if turn.said.how != "form" or not questions:
        return Reply(cards=(survey.first(turn.words),), personal=True)
    template, words = survey.snapshot.template, turn.words
    given = understood(questions, turn.said.answers)
    sheet = Sheet(tuple(template.questions.index(question) for question in questions), given)
    if wrong := _wrong(turn, survey, sheet):
        return Reply(cards=(survey.same(sheet, words, tuple(wrong)),), problems=wrong, personal=True)
    if further := survey.goes_on(given):
        return Reply(cards=(survey.further(further, words),), personal=True)
    answers = handed_in(template, given)
    if not page.sure and (found := _private(turn, answers)):
        return Reply(cards=(survey.before_sending(again(template, given), words, found),), personal=True)
    if there is not None and not _counted(turn, answers, there):
        # Between looking and counting, another window or the end of the survey was quicker.
        late = standing(turn, page.named)
        return late if isinstance(late, Reply) else plain_reply(turn, "survey.take-not-asked")
    worried = any(_JUDGE(text).kind == WORRY for text in texts_of(answers).values())
    return Reply(cards=(survey.thanks(words, worried),), personal=True)


def _wrong(turn: Turn, survey: Survey, sheet: Sheet) -> dict[str, str]:
    """What is wrong with what was entered, where it is about a question that is asked after all."""
    template = survey.snapshot.template
    fields = survey.asks(sheet, turn.words)
    asked = {question.id for question in applying(template, sheet.given)}
    wrong = {name: said for name, said in problems(fields, turn.said.answers, turn.words).items() if name in asked}
    too_long = (name for name, text in texts_of(_there(sheet.given)).items() if not fits(text))
    return {name: turn.words("survey.form-too-long") for name in too_long} | wrong


def _there(given: Given) -> dict[str, Answer]:
    return {name: answer for name, answer in given.items() if answer is not None}


def _private(turn: Turn, answers: dict[str, Answer]) -> tuple[str, ...]:
    """What in the free texts looks like a name, an address or a number of somebody. Nothing is kept of it."""
    text = "\n".join(texts_of(answers).values())
    return private_bits(text, learned.people_named(turn.tx, possible_names(text))) if text else ()


def _counted(turn: Turn, answers: dict[str, Answer], there: There) -> bool:
    """Puts the answers into the box, in the transaction that notes who has answered. False if it is closed, or if this
    person has answered before.
    """
    round, asked = there.round, there.asked
    if not ballots.open_for_answers(turn.tx, round.id) or not participation.answered(turn.tx, round.id, asked.person):
        return False
    content, size = Ballot.of(asked.unit, answers).to_json(), length(there.snapshot.template)
    if round.named:
        return ballots.put_named(turn.tx, round.id, asked.person, content, size)
    ballots.put_in(turn.tx, round.id, secrets.token_hex(16), content, size)
    return True
