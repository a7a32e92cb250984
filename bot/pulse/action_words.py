"""What is done about weak points, in words: to the project manager, and to those who were asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.messages import Card, Choice, escape, quoted
from bot.pulse.report import Report
from bot.pulse.result_words import few_card, figure, paragraphs, participation, themes, weak_line
from bot.pulse.topics import Topic
from bot.store.results import DONE, NAMED, NOTHING, OPEN, Action
from bot.words import Words

MOST_SHOWN = 6


def overview(shown: Report, words: Words) -> Card:
    """All weak points with what was said of them, and a button for the first of which nothing was said."""
    lines = [f"{n + 1}. {weak_line(shown, n, words)}\n{_said(one, words)}" for n, one in enumerate(shown.actions)]
    first = next((one for one in shown.actions if one.state == OPEN), None)
    choices = (name_choice(first, words), nothing_choice(first, words)) if first else ()
    return Card(
        title=words("action.title", name=shown.name(words)),
        body=paragraphs(words("action.lead") if first else "", "\n\n".join(lines)),
        choices=choices,
        locale=words.language,
    )


def _said(action: Action, words: Words) -> str:
    until = words.day(action.until) if action.until else ""
    key = {OPEN: "action.is-open", NAMED: "action.is-named", DONE: "action.is-done", NOTHING: "action.is-nothing"}
    return words(key[action.state], text=escape(action.said), date=until)


def _moved(action: Action, words: Words) -> str:
    until = words.day(action.until) if action.until else ""
    return words("action.is-moved", text=escape(action.said), date=until)


def name_choice(action: Action, words: Words) -> Choice:
    """The button under which somebody says what will be done."""
    return Choice(words("action.name-button"), f"action name {action.id}", style="primary")


def nothing_choice(action: Action, words: Words) -> Choice:
    """The button under which somebody says that nothing will be done, and why."""
    return Choice(words("action.nothing-button"), f"action nothing {action.id}")


def reminder(shown: Report, words: Words) -> Card:
    """To the project manager: nobody has said yet what will be done."""
    waits = [n for n, one in enumerate(shown.actions) if one.state == OPEN]
    lines = "\n".join(f"- {weak_line(shown, n, words)}" for n in waits[:MOST_SHOWN])
    lead = words("action.reminder", name=shown.name(words), date=words.day(shown.closed.closed_on))
    first = shown.actions[waits[0]]
    choices = (name_choice(first, words), nothing_choice(first, words))
    return Card(body=paragraphs(lead, lines), choices=choices, locale=words.language)


def how_card(shown: Report, action: Action, words: Words) -> Card:
    """To whoever promised it: how does it stand?"""
    date = words.day(action.until) if action.until else ""
    choices = (
        Choice(words("action.done-button"), f"action done {action.id}", style="primary"),
        Choice(words("action.moved-button"), f"action moved {action.id}"),
        nothing_choice(action, words),
    )
    lead = words("action.how", name=shown.name(words), date=date)
    return Card(body=paragraphs(lead, quoted(action.said)), choices=choices, locale=words.language)


def told_card(shown: Report, spoken: Mapping[str, Sequence[Topic]], words: Words, leader: str) -> Card:
    """To everybody who was asked: what they said, and what is done about it. `spoken` is what free texts speak of, by
    question."""
    everybody = shown.outcome.everybody
    if everybody is None:
        return few_card(shown, words, leads=False)
    parts = (
        participation(shown, everybody, words),
        f"**{words('results.you-said')}**\n" + "\n".join(f"- {one}" for one in _answers(shown, spoken, words)),
        f"**{words('results.we-do')}**\n" + "\n".join(f"- {one}" for one in _doings(shown, words, leader)),
    )
    return Card(
        title=words("results.told-title", name=shown.name(words), project=shown.project(words)),
        body=paragraphs(*parts),
        source=words("source.team", name=leader),
        locale=words.language,
    )


def _answers(shown: Report, spoken: Mapping[str, Sequence[Topic]], words: Words) -> Iterator[str]:
    everybody = shown.outcome.everybody
    if everybody is None:
        return
    for question in shown.snapshot.text(words.locale).questions:
        if said := themes(shown, question, everybody, spoken.get(question.id, ()), words):
            yield said
        cell = shown.outcome.cell(question, everybody)
        if cell and not (question.only_if and cell.answers < shown.outcome.answered_in(cell.scope) / 2):
            yield f"{escape(question.text)} **{escape(figure(cell, words))}**"


def _doings(shown: Report, words: Words, leader: str) -> Iterator[str]:
    for action in shown.actions:
        question = shown.question(action.question, words)
        about = f"{escape(question.text)} " if question else ""
        if action.state == OPEN:
            yield about + words("action.told-open", name=escape(leader))
        else:
            yield about + _said(action, words)


def news_card(shown: Report, action: Action, words: Words, leader: str, *, moved: bool) -> Card:
    """To everybody who was asked: what has become of what was promised; `moved`: it takes longer than was said."""
    question = shown.question(action.question, words)
    asked = words("action.you-said", text=escape(question.text)) if question else ""
    return Card(
        title=words("action.news-title", name=shown.name(words), project=shown.project(words)),
        body=paragraphs(asked, _moved(action, words) if moved else _said(action, words)),
        source=words("source.team", name=leader),
        locale=words.language,
    )
