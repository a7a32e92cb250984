"""Handing over: what somebody holds goes to a colleague who says yes, one thing after the other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capabilities.roles.offering import Wanted, form, offered, said
from bot.dialogue import incomplete
from bot.messages import Card, Choice, escape
from bot.milestones import telling
from bot.playbook.model import Playbooks
from bot.roles import giving
from bot.roles.held import Held, everybody, held_from
from bot.roles.rights import may_decide
from bot.roles.words import listed, title
from bot.store import cases, people
from bot.store.amendments import AGENT
from bot.store.people import PersonRecord
from bot.turn import Reply, Turn

OPERATING = ("operate", "review")
MOST_GONE = 5
"""People who have left for whom a button is offered at once."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """`hand-over`: what one holds; `hand-over jo@example.com`: what somebody held who has left. Buttons say more."""

    name: str = "hand-over"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with one address."""
        return not rest or ("@" in rest and len(rest.split()) == 1)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Lists, asks or hands over; who may not learns nothing."""
        if not (turn.person.member and turn.person.email and turn.person.left_on is None):
            return said(turn, turn.words("hand-over.not-yours"))
        playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
        verb, _, more = rest.partition(" ")
        if not verb:
            return _mine(turn, playbooks)
        if verb in ("pick", "give", "leave"):
            return _one(turn, playbooks, verb, more)
        return _of(turn, playbooks, _somebody(turn, more.strip() if verb == "of" else verb))


def _somebody(turn: Turn, who: str) -> PersonRecord | None:
    """Whoever has this key or address, which may be anything that somebody typed."""
    if "@" in who:
        return people.person_by_email(turn.tx, who) if who.isprintable() else None
    return people.person(turn.tx, who) if who.isalnum() else None


def _mine(turn: Turn, playbooks: Playbooks) -> Reply:
    """What this person holds, and of whom else they decide."""
    words = turn.words
    mine = [
        (one, n)
        for one, n in giving.inventory(turn.tx, playbooks, turn.person)
        if not one.initiative or turn.reader.initiative(one.initiative)
    ]
    gone = people.departed(turn.tx, {*everybody(playbooks), *cases.owners_who_left(turn.tx)})
    left = [one for one in gone if _decided_by(turn, playbooks, one)][:MOST_GONE]
    more = tuple(
        Choice(words("hand-over.of-button", name=one.name or one.email), f"hand-over of {one.key}") for one in left
    )
    if not mine:
        return said(turn, words("hand-over.others" if left else "hand-over.nothing"), *more)
    card = listed(words, playbooks, words("hand-over.yours"), mine, turn.person.key)
    cards = [card]
    if more:
        cards.append(Card(body=words("hand-over.others"), choices=more, locale=words.language))
    return Reply(cards=tuple(cards), personal=True)


def _decided_by(turn: Turn, playbooks: Playbooks, gone: PersonRecord) -> list[tuple[Held, int]]:
    """What somebody held who has left, as far as this person decides about it."""
    if gone.left_on is None:
        return []
    return [(one, n) for one, n in giving.inventory(turn.tx, playbooks, gone) if _decides(turn, playbooks, one, gone)]


def _decides(turn: Turn, playbooks: Playbooks, held: Held, gone: PersonRecord) -> bool:
    admins = (turn.person.email,) if "admin" in turn.person.roles else ()
    return gone.left_on is not None and may_decide(playbooks, held, gone.email, turn.person.email, admins)


def _of(turn: Turn, playbooks: Playbooks, gone: PersonRecord | None) -> Reply:
    """What somebody held who has left."""
    if gone is not None and gone.key == turn.person.key:
        return _mine(turn, playbooks)
    theirs = _decided_by(turn, playbooks, gone) if gone else []
    if gone is None or not theirs:
        return said(turn, turn.words("hand-over.not-yours"))
    heading = turn.words("hand-over.left-title", name=gone.name or gone.email)
    card = listed(turn.words, playbooks, turn.words("hand-over.left"), theirs, gone.key, heading)
    return Reply(cards=(card,), personal=True)


def _one(turn: Turn, playbooks: Playbooks, verb: str, more: str) -> Reply:
    """One thing: what can be done with it, to whom it goes, or that it is given up."""
    ref, _, key = more.strip().partition(" ")
    held, holder = held_from(ref), _somebody(turn, key.strip())
    words = turn.words
    own = holder is not None and holder.key == turn.person.key
    if held is None or holder is None or not (own or _decides(turn, playbooks, held, holder)):
        return said(turn, words("hand-over.not-yours"))
    if not giving.still_holds(turn.tx, playbooks, held, holder):
        return said(turn, words("hand-over.gone", name=escape(holder.name or holder.email)))
    name = title(held, words, playbooks, giving.count_of(turn.tx, held))
    if verb == "give":
        return _given(turn, playbooks, held, holder, name)
    if held.role != AGENT:
        return said(turn, words("hand-over.needs-somebody", role=name), _give(turn, held, holder))
    if verb == "leave":
        return _left(turn, playbooks, held, holder, name)
    leave = Choice(words("hand-over.leave-button"), f"hand-over leave {held.ref} {holder.key}")
    return said(turn, words("hand-over.pick", role=name), _give(turn, held, holder), leave)


def _give(turn: Turn, held: Held, holder: PersonRecord) -> Choice:
    return Choice(turn.words("hand-over.button"), f"hand-over give {held.ref} {holder.key}", style="primary")


def _given(turn: Turn, playbooks: Playbooks, held: Held, holder: PersonRecord, name: str) -> Reply:
    words, given = turn.words, turn.said.answers
    body = f"**{name}**\n\n{words('hand-over.body')}"
    submits = f"hand-over give {held.ref} {holder.key}"
    shown = form(turn, words("hand-over.title"), body, submits, address=_expected(playbooks, held, holder))
    if again := incomplete(shown, given, words):
        return again
    wanted = Wanted(held, holder, str(given["who"]).strip(), str(given.get("note", "")).strip())
    return offered(turn, playbooks, wanted, shown)


def _expected(playbooks: Playbooks, held: Held, holder: PersonRecord) -> str:
    """To whom it goes as planned: in operation to whoever answers for it afterwards."""
    initiative = playbooks.initiatives.get(held.initiative)
    if initiative is None or initiative.written.phase not in OPERATING or initiative.written.after is None:
        return ""
    return initiative.written.after.owner if initiative.written.after.owner != holder.email else ""


def _left(turn: Turn, playbooks: Playbooks, held: Held, holder: PersonRecord, name: str) -> Reply:
    """Somebody is a change agent no longer, without a successor."""
    giving.step_down(turn.tx, playbooks, held, holder, turn.person.key, turn.now)
    initiative = playbooks.initiatives[held.initiative]
    leader = telling.leader(turn.tx, initiative, playbooks)
    if leader is not None and leader.person.key != turn.person.key:
        words = leader.words
        nominate = Choice(words("hand-over.nominate"), f"nominate {held.initiative}/{held.subject}")
        who = escape(holder.name or holder.email)
        body = words("hand-over.told-left", name=who, role=title(held, words, playbooks))
        card = Card(body=body, choices=(nominate,), locale=words.language)
        key = f"role-left:{turn.said.place.platform}:{turn.said.event}"
        telling.to_one(turn.tx, key, leader, card, turn.now)
    return said(turn, turn.words("hand-over.done-left", role=name))
