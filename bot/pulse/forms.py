"""A short survey as a form: which questions are asked after which answers, and what is handed in means. Pure.

What is asked next follows from the answers so far, by name. Answers are those of the original template in every
language: a point of a scale, the numbers of the options. It knows neither who answers nor where.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.messages import Answers, Ask, Option
from bot.playbook.conditions import NotACondition, parse_condition
from bot.playbook.shared_files import PulseTemplate, Question

LONGEST_TEXT = 1_000

Answer = int | tuple[int, ...] | str
Given = Mapping[str, Answer | None]
"""Answers by the id of their question; None where it was left empty. A question without one was not asked yet."""

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a form: questions by their place in the template, new ones first, with the answers so far."""

    places: tuple[int, ...]
    given: Given

    @staticmethod
    def first(template: PulseTemplate) -> Sheet:
        """What is asked of everybody."""
        return Sheet(_places(template, applying(template, {})), {})

    def encoded(self) -> str:
        """The questions of the form in one word, which `decoded` turns back."""
        return ".".join(map(str, self.places))


def decoded(text: str, template: PulseTemplate) -> tuple[Question, ...]:
    """The questions that stood on a form; none for what no form of this template says."""
    numbers = [int(n) for n in text.split(".") if n.isascii() and n.isdecimal()]
    return tuple(template.questions[n] for n in numbers if n < len(template.questions))


def applying(template: PulseTemplate, given: Given) -> tuple[Question, ...]:
    """The questions that are asked after these answers, in the template's order. One with a condition on what was not
    asked, not answered yet or left empty is not among them.
    """
    found: dict[str, Question] = {}
    for question in template.questions:
        if all(_holds(text, found.get(name), given.get(name)) for name, text in question.only_if.items()):
            found[question.id] = question
    return tuple(found.values())


def _holds(condition: str, question: Question | None, answer: Answer | None) -> bool:
    if question is None or answer is None:
        return False
    try:
        wanted = parse_condition(condition)
    except NotACondition:
        return False
    if question.type == "scale":
        return isinstance(wanted.value, float) and _COMPARED[wanted.comparison](float(str(answer)), wanted.value)
    chosen = answer if isinstance(answer, tuple) else (answer,)
    meant = any(wanted.means(question.options[n]) for n in chosen if isinstance(n, int))
    return meant == (wanted.comparison == "=")


def leads_on(template: PulseTemplate, given: Given) -> bool:
    """Whether a further question depends on an answer that is still to come."""
    asked = {question.id for question in applying(template, given)}
    waiting = [question for question in template.questions if question.id not in asked]
    return any(name in asked and name not in given for question in waiting for name in question.only_if)


def next_sheet(template: PulseTemplate, given: Given) -> Sheet | None:
    """The form that goes on after these answers, or None if nothing is left to ask. What has become of interest stands
    first; below it everything that was answered, to be changed.
    """
    asked = applying(template, given)
    new = [question for question in asked if question.id not in given]
    if not new:
        return None
    return Sheet(_places(template, [*new, *(q for q in asked if q.id in given)]), given)


def again(template: PulseTemplate, given: Given) -> Sheet:
    """The same form once more, free texts first, before what is in them is sent."""
    asked = applying(template, given)
    texts = [question for question in asked if question.type == "text"]
    return Sheet(_places(template, [*texts, *(q for q in asked if q.type != "text")]), given)


def handed_in(template: PulseTemplate, given: Given) -> dict[str, Answer]:
    """What counts of these answers: those of questions that are asked after all, and not what was left empty."""
    answers = ((question.id, given.get(question.id)) for question in applying(template, given))
    return {name: answer for name, answer in answers if answer is not None}


def _places(template: PulseTemplate, questions: Iterable[Question]) -> tuple[int, ...]:
    place = {question.id: n for n, question in enumerate(template.questions)}
    return tuple(place[question.id] for question in questions)


def asks(
    sheet: Sheet, template: PulseTemplate, text: PulseTemplate, hint: str, open: Sequence[str] = ()
) -> tuple[Ask, ...]:
    """The fields of the form in the language of `text`, with what was answered in them; `hint` stands below free texts.
    What is settled is not asked again where asks are put one by one, but for the questions in `open`.
    """
    translated = {question.id: question for question in text.questions}
    questions = [template.questions[place] for place in sheet.places]
    settled = sheet.given.keys() - set(open)
    return tuple(
        _ask(one, translated.get(one.id, one), sheet.given.get(one.id), hint, one.id in settled) for one in questions
    )


def _ask(question: Question, text: Question, answer: Answer | None, hint: str, settled: bool) -> Ask:
    if question.type == "text":
        return Ask(
            question.id,
            text.text,
            optional=question.optional,
            longest=LONGEST_TEXT,
            value=str(answer or ""),
            hint=hint,
            settled=settled,
        )
    return Ask(
        question.id,
        text.text,
        kind="multi" if question.type == "multi" else "choice",
        options=_options(question, text),
        optional=question.optional,
        value=_value(question, answer),
        settled=settled,
    )


def _options(question: Question, text: Question) -> tuple[Option, ...]:
    if question.type != "scale":
        return tuple(Option(f"o{n}", label) for n, label in enumerate(text.options))
    return tuple(
        Option(str(point), f"{point} – {text.labels[point]}" if text.labels.get(point) else str(point))
        for point in range(question.min, question.max + 1)
    )


def _value(question: Question, answer: Answer | None) -> str:
    if answer is None:
        return ""
    if question.type == "scale":
        return str(answer)
    return ",".join(f"o{n}" for n in (answer if isinstance(answer, tuple) else (answer,)))


def understood(questions: Iterable[Question], answers: Answers) -> dict[str, Answer | None]:
    """What was entered into a form with these questions. What is no answer to a question is taken as left empty."""
    return {question.id: _understood(question, answers.get(question.id, "")) for question in questions}


def _understood(question: Question, entered: str | tuple[str, ...]) -> Answer | None:
    values = [value.strip() for value in ((entered,) if isinstance(entered, str) else entered)]
    if question.type == "text":
        return "\n".join(value for value in values if value) or None
    if question.type == "scale":
        points = [str(point) for point in range(question.min, question.max + 1)]
        return next((int(value) for value in values if value in points), None)
    options = {f"o{n}": n for n in range(len(question.options))}
    chosen = sorted({options[part] for value in values for part in value.split(",") if part in options})
    if question.type == "multi":
        return tuple(chosen) or None
    return chosen[0] if chosen else None
