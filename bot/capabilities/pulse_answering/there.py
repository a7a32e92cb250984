"""The survey that a button or a form names, if this person can answer it now; else what to say to them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.messages import Card
from bot.pulse.answering import Survey
from bot.pulse.rounds import barred, snapshot_of
from bot.pulse.words import who_sees
from bot.store import ballots
from bot.store.ballots import There
from bot.store.surveys import Round
from bot.turn import Reply, Turn

TEST = "test"
LONGEST_NUMBER = 9


def plain_reply(turn: Turn, key: str, **fields: object) -> Reply:
    """A reply of one sentence, to the person alone."""
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def standing(turn: Turn, number: str) -> There | Reply:
    """The round with this number if this person can answer it now; else what to say. Only looks."""
    known = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    found = ballots.there(turn.tx, int(number), turn.person.key) if known else None
    if found is None:
        return plain_reply(turn, "survey.take-not-asked")
    reason = barred(found.round, found.asked, turn.person, turn.now)
    if reason == "answered":
        return plain_reply(turn, "survey.take-answered")
    if reason:
        key = "survey.take-closed" if turn.said.how == "form" else "survey.over"
        until = turn.words.moment(found.round.closes_at)
        return plain_reply(turn, key, until=until)
    return found


def survey_of(turn: Turn, there: There) -> Survey:
    """What the round asks, in words for this person."""
    round = there.round
    above = who_sees(turn.words, round, _readers(turn, round))
    return Survey(f"take-survey {round.id}", there.snapshot, above, _closes_on(turn, round), round.named)


def _closes_on(turn: Turn, round: Round) -> date:
    return round.closes_at.astimezone(ZoneInfo(turn.words.zone)).date()


def _readers(turn: Turn, round: Round) -> tuple[str, ...]:
    """Who reads the answers with their names: whoever leads the initiative and whoever sponsors it."""
    initiative = turn.reader.playbooks.initiatives.get(round.initiative)
    if not round.named:
        return ()
    if initiative is None:
        return (turn.words("name.somebody"),)
    written = initiative.written
    return tuple(dict.fromkeys(turn.reader.names(who) for who in (written.project_manager, written.sponsor)))


def tested(turn: Turn, named: str) -> Survey | Reply:
    """The survey `initiative/template` as a test, for whoever leads or sponsors the initiative."""
    id, _, template = named.partition("/")
    initiative = turn.reader.initiative(id)
    if initiative is None or turn.person.email not in (initiative.written.project_manager, initiative.written.sponsor):
        return plain_reply(turn, "survey.take-not-asked")
    snapshot = snapshot_of(turn.reader.playbooks, initiative, template)
    if snapshot is None:
        return plain_reply(turn, "survey.take-not-asked")
    return Survey(f"take-survey {TEST} {named}", snapshot, turn.words("survey.form-test"), None)
