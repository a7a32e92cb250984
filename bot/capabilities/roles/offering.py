"""Offering something to a colleague: whether that can be, the question that is put to them, and who hears of a yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.dialogue import handed_back
from bot.messages import Ask, Card, Choice, escape
from bot.milestones import telling
from bot.people.audience import viewer_of
from bot.playbook.access import may_know
from bot.playbook.model import Playbooks
from bot.roles import giving
from bot.roles.asking import asked, post_key
from bot.roles.held import Held
from bot.roles.rights import TELLS_OF_IT
from bot.roles.words import offer_card, title
from bot.store import accounts, audit, offers, people
from bot.store.people import PersonRecord
from bot.turn import Reply, Turn

LONGEST_ADDRESS, LONGEST_NOTE = 200, 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is to be offered: what, by whom it is given up (None: by nobody), to which address, with what
    words."""

    held: Held
    holder: PersonRecord | None
    address: str
    note: str


def said(turn: Turn, text: str, *choices: Choice) -> Reply:
    """A plain answer, for this person alone."""
    return Reply(cards=(Card(body=text, choices=choices, locale=turn.words.language),), personal=True)


def form(turn: Turn, heading: str, body: str, submits: str, *first: Ask, address: str = "") -> Card:
    """The form that asks to whom, after whatever else it asks first."""
    words = turn.words
    return Card(
        title=heading,
        body=body,
        asks=(
            *first,
            Ask("who", words("offer.who"), longest=LONGEST_ADDRESS, value=address, hint=words("offer.who-hint")),
            Ask("note", words("offer.note"), optional=True, longest=LONGEST_NOTE, hint=words("offer.note-hint")),
        ),
        submits=submits,
        submit_label=words("offer.ask-button"),
        locale=words.language,
    )


def offered(turn: Turn, playbooks: Playbooks, wanted: Wanted, shown: Card) -> Reply:
    """Puts the question to the colleague, or gives the form back with what stands in the way. Whoever names themselves
    has it at once."""
    typed = "@" in wanted.address and wanted.address.isprintable()
    colleague = people.person_by_email(turn.tx, wanted.address) if typed else None
    wrong = _in_the_way(turn, playbooks, wanted, colleague)
    if colleague is None or wrong:
        return _not_so(turn, wanted, shown, wrong)
    held, holder = wanted.held, wanted.holder
    if colleague.key == turn.person.key:
        count = giving.count_of(turn.tx, held)
        giving.hand_over(turn.tx, playbooks, held, holder, colleague, colleague.key, turn.now)
        tell(turn, playbooks, held, colleague, (holder.key if holder else "",), count)
        return said(turn, turn.words("offer.taken", role=title(held, turn.words, playbooks, count)))
    id = offers.add(
        turn.tx,
        held.initiative,
        held.role,
        held.subject,
        holder=holder.key if holder else "",
        by=turn.person.key,
        person=colleague.key,
        note=wanted.note,
        today=turn.reader.today,
    )
    offer = offers.offer(turn.tx, id)
    reader = telling.reader(turn.tx, colleague.email, playbooks)
    name = escape(colleague.name or colleague.email)
    if offer is None or reader is None:
        return said(turn, turn.words("offer.asked-already", name=name))
    audit.note(turn.tx, turn.person.key, "role.offered", f"{held.ref} to {colleague.key}", turn.now)
    telling.to_one(turn.tx, post_key(id), reader, offer_card(asked(turn.tx, offer), reader.words, playbooks), turn.now)
    withdraw = Choice(turn.words("offer.withdraw"), f"offer withdraw {id}")
    key = "offer.asked-yours" if holder is not None and holder.key == turn.person.key else "offer.asked"
    return said(turn, turn.words(key, name=name), withdraw)


def _not_so(turn: Turn, wanted: Wanted, shown: Card, wrong: str) -> Reply:
    """The form again: with what was entered, and what is wrong at its field, or where it was typed above it all."""
    if turn.said.answers:
        return handed_back(shown, turn.said.answers, {"who": wrong})
    again = replace(shown, body=f"{wrong}\n\n{shown.body}")
    empty = tuple(replace(ask, value="") if ask.value == wanted.address else ask for ask in again.asks)
    return Reply(cards=(replace(again, asks=empty),), personal=True)


def _in_the_way(turn: Turn, playbooks: Playbooks, wanted: Wanted, colleague: PersonRecord | None) -> str:
    """Why it cannot be offered to them, in plain words; '' where nothing stands in the way."""
    words, held = turn.words, wanted.held
    if colleague is None:
        return words("offer.unknown", address=escape(wanted.address))
    name = escape(colleague.name or colleague.email)
    if colleague.left_on is not None:
        return words("offer.left", name=name)
    if not colleague.member:
        return words("offer.outside", name=name)
    if giving.still_holds(turn.tx, playbooks, held, colleague):
        return words("offer.has-it", name=name)
    if not accounts.of_person(turn.tx, colleague.key):
        return words("offer.no-account", name=name)
    initiative = playbooks.initiatives.get(held.initiative)
    open_to_them = initiative is None or may_know(viewer_of(colleague), initiative, playbooks.organisation.units)
    if not open_to_them and held.role not in TELLS_OF_IT:
        return words("offer.may-not-know", name=name)
    return ""


def tell(turn: Turn, playbooks: Playbooks, held: Held, theirs: PersonRecord, others: Iterable[str], count: int) -> None:
    """Tells the project manager and these others (keys, or nothing) whose it is from now on; not whoever has it, nor
    whoever speaks. `count` is the number of cases."""
    holding = giving.in_force(turn.tx, playbooks)
    initiative = holding.initiatives.get(held.initiative)
    leader = telling.leader(turn.tx, initiative, holding) if initiative else None
    keys = dict.fromkeys([leader.person.key if leader else "", *others])
    for key in keys:
        one = people.person(turn.tx, key) if key not in ("", theirs.key, turn.person.key) else None
        reader = telling.reader(turn.tx, one.email, holding) if one else None
        if reader is None:
            continue
        role = title(held, reader.words, holding, count)
        body = reader.words("offer.told-yes", name=escape(theirs.name or theirs.email), role=role)
        card = Card(body=body, locale=reader.words.language)
        event = f"{turn.said.place.platform}:{turn.said.event}"
        telling.to_one(turn.tx, f"role-taken:{event}:{key}", reader, card, turn.now)
