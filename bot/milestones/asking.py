"""What an owner is asked about their milestone, and what the project manager hears of one who is silent. Pure."""

from __future__ import annotations

from bot.messages import Card, Choice, escape
from bot.milestones.plan import Question
from bot.milestones.words import Subject, paragraphs
from bot.words import Words


def question_card(subject: Subject, words: Words, asked: Question) -> Card:
    """Asks an owner how their milestone stands."""
    _, milestone = subject.texts(words)
    day = words.weekday(subject.standing.on)
    key = "milestone.ask-passed" if asked.passed else "milestone.ask"
    lead = words(key, name=subject.title(words), date=day)
    again = words("milestone.ask-again") if asked.again else ""
    done_when = words("milestone.done-when", text=milestone.done_when) if milestone.done_when else ""
    return Card(
        title=words("milestone.ask-title", project=subject.project(words), name=subject.title(words)),
        body=paragraphs(again, lead, done_when),
        choices=answers(subject, words, asked.passed),
        locale=words.language,
    )


def silence_card(subject: Subject, words: Words, asked: Question) -> Card:
    """Tells the project manager that an owner has not said how a milestone stands."""
    owner = escape(subject.name(subject.standing.milestone.owner))
    key = "milestone.silent-passed" if asked.passed else "milestone.silent"
    body = words(key, name=subject.title(words), date=words.weekday(subject.standing.on), owner=owner)
    title = words("milestone.ask-title", project=subject.project(words), name=subject.title(words))
    return Card(title=title, body=body, choices=answers(subject, words, asked.passed), locale=words.language)


def answers(subject: Subject, words: Words, passed: bool) -> tuple[Choice, ...]:
    """The answers to the question how a milestone stands, as buttons."""
    says = f"{subject.ref}"
    done = Choice(words("milestone.done-button"), f"milestone done {says}", style="primary")
    slips = Choice(words("milestone.slips-button"), f"milestone slips {says}")
    later = Choice(words("milestone.later-button"), f"milestone later {says}")
    if passed:
        return (done, slips, later)
    on_track = Choice(words("milestone.on-track-button"), f"milestone on-track {says}")
    at_risk = Choice(words("milestone.at-risk-button"), f"milestone at-risk {says}")
    return (on_track, at_risk, done, later)
