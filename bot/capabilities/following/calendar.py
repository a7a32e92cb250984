"""The personal address under which a calendar program reads one's dates: given, given anew, stopped."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cues import is_one_of, plain
from bot.following import address
from bot.messages import Card, Choice
from bot.people.audience import viewer_of
from bot.store import audit, following
from bot.turn import Reply, Turn

NEW, STOP = "new", "stop"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`calendar`: the address; `calendar new`: another one instead; `calendar stop`: none any more."""

    name: str = "calendar"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with what is to be done with the address."""
        return not rest or bool(_wish(rest))

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Always to the person directly: whoever has the address can read their dates."""
        if not (turn.person.member and turn.person.email):
            return _said(turn, "calendar.not-known")
        wish = _wish(rest)
        if wish == STOP:
            return _stop(turn)
        if not turn.reader.pages:
            return _said(turn, "calendar.off")
        has = following.address_of(turn.tx, turn.person.key)
        if has and wish != NEW:
            words = turn.words
            again = Choice(words("calendar.new-button"), "calendar new")
            return _said(turn, "calendar.has", (again, _stopping(turn)), date=words.day(has.made_on))
        return _new(turn)


def _new(turn: Turn) -> Reply:
    words, viewer = turn.words, viewer_of(turn.person)
    token = following.new_address(turn.tx, turn.person.key, words.language, turn.reader.today, turn.draw)
    audit.note(turn.tx, turn.person.key, "calendar.made", "", turn.now)
    its = address.words_of(turn.tx, words.language, turn.person, turn.reader.playbooks)
    found = address.own_entries(turn.tx, viewer, turn.reader.playbooks, its, turn.now)
    ahead = [one for one in found if one.begins.isoformat() >= turn.reader.today.isoformat()]
    link = f"{turn.reader.pages}/calendar/{token}.ics"
    count = words.count("calendar.ahead", len(ahead)) if ahead else words("calendar.none-ahead")
    body = "\n\n".join((words("calendar.lead"), f"`{link}`", count, words("calendar.secret")))
    return Reply(
        cards=(Card(title=words("calendar.name"), body=body, choices=(_stopping(turn),), locale=words.language),),
        personal=True,
    )


def _stop(turn: Turn) -> Reply:
    if not following.stop_address(turn.tx, turn.person.key):
        return _said(turn, "calendar.no-address")
    audit.note(turn.tx, turn.person.key, "calendar.stopped", "", turn.now)
    return _said(turn, "calendar.stopped")


def _stopping(turn: Turn) -> Choice:
    return Choice(turn.words("calendar.stop-button"), "calendar stop")


def _wish(rest: str) -> str:
    text = plain(rest)
    if text == NEW or is_one_of(text, "cue.calendar-new"):
        return NEW
    return STOP if text == STOP or is_one_of(text, "cue.calendar-stop") else ""


def _said(turn: Turn, key: str, choices: tuple[Choice, ...] = (), **fields: object) -> Reply:
    card = Card(body=turn.words(key, **fields), choices=choices, locale=turn.words.language)
    return Reply(cards=(card,), personal=True)
