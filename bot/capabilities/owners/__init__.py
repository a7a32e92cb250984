"""What the owners of affected units confirm, and what speaks against what is decided or planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.dialogue import incomplete
from bot.messages import Card
from bot.milestones import telling
from bot.milestones.standing import decides
from bot.owners.asking import about, owners_of, unconfirmed
from bot.owners.words import About, asked_card, objection_form, role_card, roles_table, summary_card
from bot.playbook.model import Initiative
from bot.roles import giving
from bot.store import audit, deliveries, owners
from bot.store.owners import CLEAR, CONFIRMED, OBJECTS, ROLE, Word
from bot.turn import Capability, Reply, Turn
from bot.which import ask_which, named

SEVERITY = 2
"""Somebody accountable says that work suffers: it is put before the project manager at once."""


def _said(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


@dataclass(frozen=True, slots=True)
class Owners:
    """`owners`: who answers for which unit and what they said, for those who lead; what an owner is asked, for owners.
    Buttons say `owners confirm|clear|object <initiative>` and `owners confirm-all <day>`.
    """

    name: str = "owners"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, or with the name of an initiative."""
        return not rest or bool(named(rest, turn.reader).initiative)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Shows it, or does what a button says; whoever has no part in it learns nothing."""
        if not turn.person.member or not turn.person.email:
            return _said(turn, "owners.not-yours")
        verb, _, more = rest.strip().partition(" ")
        if verb == "confirm-all":
            return _confirm_all(turn, more.strip())
        if verb in _ACTS:
            id, _, shown = more.partition(" ")
            initiative = turn.reader.initiative(id)
            return _ACTS[verb](turn, initiative, shown) if initiative else _said(turn, "owners.not-yours")
        return self._shown(turn, rest)

    def _shown(self, turn: Turn, rest: str) -> Reply:
        mine = owners.waiting(turn.tx, turn.person.key)
        asked = (*_role_cards(turn, mine), *_open_cards(turn, [one for one in mine if one.subject != ROLE]))
        led = [one for one in turn.reader.initiatives() if decides(turn.person.email, _in_force(turn, one))]
        wanted = named(rest, turn.reader).initiative
        meant = [one for one in led if one.id == wanted] if wanted else led
        if not asked and not meant:
            return _said(turn, "owners.nothing" if self._answers_for_some(turn) else "owners.not-yours")
        if len(meant) > 1:
            which = ask_which(turn.reader, "owners {id}", [one.id for one in meant])
            return Reply(cards=(*asked, which), personal=True)
        return Reply(cards=(*asked, *(card for one in meant for card in _overview(turn, one))), personal=True)

    def _answers_for_some(self, turn: Turn) -> bool:
        units = giving.in_force(turn.tx, turn.reader.playbooks).organisation.units.values()
        return any(turn.person.email in (one.owner, one.deputy) for one in units)


def _in_force(turn: Turn, initiative: Initiative) -> Initiative:
    return giving.in_force(turn.tx, turn.reader.playbooks).initiatives[initiative.id]


def _role_cards(turn: Turn, waiting: list[Word]) -> tuple[Card, ...]:
    """For what is theirs and what they were asked whether they answer for, without a word: the question again."""
    playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
    roles = [one for one in waiting if one.subject == ROLE]
    asked: list[tuple[About, list[str]]] = []
    for initiative in (one for one in turn.reader.initiatives() if unconfirmed(one, roles)):
        there = owners_of(turn.tx, playbooks.initiatives[initiative.id], playbooks)
        holders = {unit: one.person.key for unit, one in there.items() if one}
        units = [unit for unit in unconfirmed(initiative, roles) if holders.get(unit) == turn.person.key]
        asked += [(about(turn.tx, initiative, playbooks), units)] if units else []
    if not asked:
        return ()
    return (role_card(asked, turn.words, turn.person.key, max(one.asked_on for one in roles)),)


def _open_cards(turn: Turn, asked: list[Word]) -> tuple[Card, ...]:
    """What they were asked, a card for each project."""
    found = ((one, [word for word in asked if word.initiative == one.id]) for one in turn.reader.initiatives())
    return tuple(_open_card(turn, initiative, some) for initiative, some in found if some)


def _open_card(turn: Turn, initiative: Initiative, asked: list[Word]) -> Card:
    role = unconfirmed(initiative, owners.waiting(turn.tx, turn.person.key))
    return asked_card(about(turn.tx, initiative, turn.reader.playbooks), turn.words, asked, role)


def _overview(turn: Turn, initiative: Initiative) -> tuple[Card, ...]:
    """Who answers for which unit, and what was said of what still lies ahead."""
    playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
    said, facts = owners.words(turn.tx, initiative.id), about(turn.tx, initiative, playbooks)
    there = owners_of(turn.tx, playbooks.initiatives[initiative.id], playbooks)
    here = {unit: (one.person.name or one.person.email) if one else "" for unit, one in there.items()}
    mine = [one for one in said if one.subject == ROLE and there.get(one.unit) and _is(one, there[one.unit])]
    cards = [roles_table(facts, turn.words, mine, here)]
    ahead = [one for one in said if one.subject != ROLE and one.on >= turn.reader.today]
    if ahead:
        cards.append(replace(summary_card(facts, turn.words, ahead, {}), choices=()))
    return tuple(cards)


def _is(word: Word, owner: telling.Reader | None) -> bool:
    return owner is not None and word.owner == owner.person.key


def _confirm(turn: Turn, initiative: Initiative, _shown: str) -> Reply:
    """They answer for what they were asked about in one project."""
    there = owners.words(turn.tx, initiative.id)
    return _said(turn, "owners.confirmed" if _confirmed(turn, there) else "owners.not-yours")


def _confirm_all(turn: Turn, shown: str) -> Reply:
    """They answer for what they were asked about in all projects, up to the day of the card they press."""
    there = [word for one in turn.reader.initiatives() for word in owners.words(turn.tx, one.id)]
    seen = [one for one in there if one.asked_on.isoformat() <= shown]
    return _said(turn, "owners.confirmed-all" if _confirmed(turn, seen) else "owners.not-yours")


def _confirmed(turn: Turn, words: list[Word]) -> bool:
    """Notes it; False where nothing of this was asked of this person."""
    mine = [one for one in words if one.owner == turn.person.key and one.subject == ROLE]
    for one in mine:
        if owners.answer(turn.tx, one, CONFIRMED, turn.reader.today):
            audit.note(turn.tx, turn.person.key, "owner.confirmed", f"{one.initiative}/{one.unit}", turn.now)
    return bool(mine)


def _asked(turn: Turn, initiative: Initiative, shown: str) -> list[Word]:
    """What this person was asked up to the day of the card they press, and can still answer."""
    today = turn.reader.today
    mine = owners.waiting(turn.tx, turn.person.key)
    here = [one for one in mine if one.initiative == initiative.id and one.subject != ROLE and one.on >= today]
    return [one for one in here if one.asked_on.isoformat() <= shown]


def _clear(turn: Turn, initiative: Initiative, shown: str) -> Reply:
    """Nothing speaks against anything that they were asked about."""
    asked = _asked(turn, initiative, shown)
    if not asked:
        return _nothing_open(turn, initiative)
    for one in asked:
        owners.answer(turn.tx, one, CLEAR, turn.reader.today)
    audit.note(turn.tx, turn.person.key, "owner.clear", f"{initiative.id}: {len(asked)}", turn.now)
    return _said(turn, "owners.cleared")


def _nothing_open(turn: Turn, initiative: Initiative) -> Reply:
    known = any(one.owner == turn.person.key for one in owners.words(turn.tx, initiative.id))
    return _said(turn, "owners.nothing" if known else "owners.not-yours")


def _object(turn: Turn, initiative: Initiative, shown: str) -> Reply:
    """Something speaks against one of them: asked for in a form, and put before the project manager as a case."""
    asked, words = _asked(turn, initiative, shown), turn.words
    if not asked:
        return _nothing_open(turn, initiative)
    playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
    facts = about(turn.tx, initiative, playbooks)
    leader = turn.reader.names(playbooks.initiatives[initiative.id].written.project_manager)
    form, given = objection_form(facts, words, asked, leader), turn.said.answers
    if again := incomplete(form, given, words):
        return again
    meant = str(given.get("which") or asked[0].subject)
    hit = [one for one in asked if one.subject == meant]
    raised = Raised(
        kind="concern",
        initiative=initiative.id,
        text=f"{facts.subject(meant, words)}: {str(given['text']).strip()}",
        unit=hit[0].unit,
        driver="conflicting-priorities",
        severity=SEVERITY,
        would_work=str(given.get("would") or "").strip(),
        avoid_owner=True,
        locale=words.language,
    )
    case, posts = open_raised(
        turn.tx, playbooks, raised, asker=turn.person.key, reply_to=turn.said.place, now=turn.now, draw=turn.draw
    )
    deliveries.enqueue(turn.tx, posts, turn.now)
    for one in hit:
        owners.answer(turn.tx, one, OBJECTS, turn.reader.today, case.number)
    return _objected(turn, initiative, shown, case.number, leader)


def _objected(turn: Turn, initiative: Initiative, shown: str, number: int, leader: str) -> Reply:
    reply = _said(turn, "owners.objected", number=number, name=leader)
    rest = _asked(turn, initiative, shown)
    if not rest:
        return reply
    others = _open_card(turn, initiative, rest)
    return replace(reply, cards=(*reply.cards, others))


_ACTS: Mapping[str, Callable[[Turn, Initiative, str], Reply]] = {
    "confirm": _confirm,
    "clear": _clear,
    "object": _object,
}

CAPABILITIES: tuple[Capability, ...] = (Owners(),)
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("owners",)
"""What `help` lists for those who hold a role."""
