"""What came out of a survey: to those who lead in full, to change agents for their units, to who was asked as told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.capabilities.pulse_results.there import led, no, plain_reply, readable, shown_to, was_asked
from bot.messages import Card, Choice, quoted
from bot.people.audience import viewer_of
from bot.pulse.action_words import told_card
from bot.pulse.drafts import drafts
from bot.pulse.named import by_name, names_card
from bot.pulse.over_time import trend_card
from bot.pulse.report import Report, scopes_for, series, spoken_of
from bot.pulse.report import comments as texts_of
from bot.pulse.reporting import name
from bot.pulse.result_words import card, few_card, paragraphs, themes
from bot.pulse.spread import spread_card
from bot.pulse.topics import LOOKED_AT, topics
from bot.store import audit, surveys
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
    closed_on = round.closes_at.astimezone(ZoneInfo(turn.words.zone)).date()
    return turn.words("results.dated", name=name, date=turn.words.short_day(closed_on, turn.reader.today))


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
    leader = name(turn.tx, turn.reader.playbooks, shown)
    return (told_card(shown, spoken_of(turn.tx, shown), turn.words, leader),)


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
            spoken = themes(shown, question, everybody, topics(there), words) or f"**{question.text}**"
            parts += [spoken, *map(quoted, there[:COMMENTS]), more]
    body = paragraphs(*parts) if parts else words("results.no-comments")
    return plain_reply(turn, body)


def names(turn: Turn, number: int) -> Reply:
    """Who answered what in a survey with names, to whoever leads; that it was read is noted."""
    shown = shown_to(turn, number)
    if shown is None or not shown.round.named or not led(turn, shown):
        return no(turn, "results.none")
    audit.note(turn.tx, turn.person.key, "survey.names-read", f"{shown.initiative.id} {number}", turn.now)
    found = by_name(turn.tx, shown)
    return Reply(cards=(names_card(shown, found, turn.words),), personal=True)


def spread(turn: Turn, number: int) -> Reply:
    """Every answer with its share, for the first of the groups that this person reads."""
    shown = shown_to(turn, number)
    scopes = scopes_for(viewer_of(turn.person), shown) if shown else ()
    if shown is None or not scopes:
        return no(turn, "results.none")
    return Reply(cards=(spread_card(shown, scopes[0], turn.words),), personal=True)


def over_time(turn: Turn, number: int) -> Reply:
    """How it moved over the rounds, for the first of the groups that this person reads."""
    shown = shown_to(turn, number)
    scopes = scopes_for(viewer_of(turn.person), shown) if shown else ()
    if shown is None or not scopes:
        return no(turn, "results.none")
    rounds = list(series(turn.tx, turn.reader.playbooks, shown.round))
    made = trend_card(shown, scopes[0], rounds, turn.words, turn.reader.today)
    return Reply(cards=(made,), personal=True) if made else no(turn, "results.no-trend")


def drafted(turn: Turn, number: int) -> Reply:
    """Drafts for the playbook out of an early survey, to whoever leads."""
    shown = shown_to(turn, number)
    everybody = shown.outcome.everybody if shown else None
    if shown is None or everybody is None or not led(turn, shown) or shown.initiative.written.phase != "assess":
        return no(turn, "results.none")
    text = drafts(shown, spoken_of(turn.tx, shown), turn.words)
    return plain_reply(turn, paragraphs(turn.words("results.drafts-lead"), quoted(text)))
