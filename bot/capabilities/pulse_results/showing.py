"""What came out of a survey: to those who lead in full, to change agents for their units, to who was asked as told."""

from __future__ import annotations

from bot.capabilities.pulse_results.there import led, no, plain_reply, readable, shown_to, was_asked
from bot.messages import Card, Choice, quoted
from bot.people.audience import viewer_of
from bot.pulse.action_words import told_card
from bot.pulse.drafts import drafts
from bot.pulse.report import Report, scopes_for
from bot.pulse.report import comments as texts_of
from bot.pulse.reporting import name
from bot.pulse.result_words import card, few_card, paragraphs, themes
from bot.pulse.topics import LOOKED_AT, topics
from bot.store import surveys
from bot.store.surveys import Round
from bot.turn import Reply, Turn

LISTED, COMMENTS = 8, 15


def listed(turn: Turn) -> Reply:
    """The closed surveys of which this person may see something; the only one at once."""
    found = readable(turn)[:LISTED]
    if not found:
        return no(turn, "results.none")
    if len(found) == 1:
        return one(turn, found[0].id)
    choices = tuple(Choice(_label(turn, round), f"results {round.id}") for round in found)
    return plain_reply(turn, turn.words("results.which"), *choices)


def _label(turn: Turn, round: Round) -> str:
    snapshot = surveys.snapshot(turn.tx, round.id)
    name = snapshot.text(turn.words.locale).name if snapshot else round.template
    return turn.words("results.dated", name=name, date=turn.words.short_day(round.closes_at.date(), turn.reader.today))


def newest(turn: Turn, template: str) -> Reply:
    """The newest closed round of this survey."""
    found = next((round for round in readable(turn) if round.template == template), None)
    return one(turn, found.id) if found else no(turn, "results.none")


def one(turn: Turn, number: int) -> Reply:
    """One closed round, as far as this person may see it."""
    shown = shown_to(turn, number)
    asked = number in was_asked(turn)
    if shown is None:
        return no(turn, "results.none")
    scopes = scopes_for(viewer_of(turn.person), shown)
    leads, words = led(turn, shown), turn.words
    if shown.destroyed and (leads or asked):
        few = few_card(shown, words, leads=leads)
        return Reply(cards=(few,), personal=True)
    cards: tuple[Card, ...] = (card(shown, scopes, words, leads=leads),) if scopes else ()
    if not leads and asked:
        cards = (*cards, *_as_told(turn, shown))
    return Reply(cards=cards, personal=True) if cards else no(turn, "results.none")


def _as_told(turn: Turn, shown: Report) -> tuple[Card, ...]:
    """What everybody who was asked is told; before that, that it will come."""
    if not shown.closed.told:
        return (Card(body=turn.words("results.soon", name=shown.name(turn.words)), locale=turn.words.language),)
    return (told_card(shown, turn.words, name(turn.tx, turn.reader.playbooks, shown)),)


def comments(turn: Turn, number: int) -> Reply:
    """What people wrote, to whoever leads, in an order that says nothing."""
    shown = shown_to(turn, number)
    everybody = shown.outcome.everybody if shown else None
    if shown is None or everybody is None or not led(turn, shown):
        return no(turn, "results.none")
    words, parts = turn.words, list[str]()
    for question in shown.snapshot.text(words.locale).questions:
        there = texts_of(turn.tx, shown, question, everybody, LOOKED_AT)
        if there:
            more = words.count("results.more-comments", len(there) - COMMENTS) if len(there) > COMMENTS else ""
            spoken = themes(shown, question, everybody, there, words) or f"**{question.text}**"
            parts += [spoken, *map(quoted, there[:COMMENTS]), more]
    body = paragraphs(*parts) if parts else words("results.no-comments")
    return plain_reply(turn, body)


def drafted(turn: Turn, number: int) -> Reply:
    """Drafts for the playbook out of an early survey, to whoever leads."""
    shown = shown_to(turn, number)
    everybody = shown.outcome.everybody if shown else None
    if shown is None or everybody is None or not led(turn, shown) or shown.initiative.written.phase != "assess":
        return no(turn, "results.none")
    spoken = {
        question.id: topics(texts_of(turn.tx, shown, question, everybody, LOOKED_AT))
        for question in shown.snapshot.template.questions
    }
    text = drafts(shown, spoken, turn.words)
    return plain_reply(turn, paragraphs(turn.words("results.drafts-lead"), quoted(text)))
