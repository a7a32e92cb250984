"""Answering an offer: yes, with which it holds, or no, with a comment if one likes; and taking an offer back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.capabilities.roles.offering import said, tell
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, Choice, escape, quoted
from bot.milestones import telling
from bot.playbook.model import Playbooks
from bot.roles import giving
from bot.roles.asking import again, close, held_of, name, withdraw
from bot.roles.held import CASES, Held, holders
from bot.roles.rights import may_decide, may_nominate
from bot.roles.words import STANDS, title
from bot.store import audit, offers, owners, people
from bot.store.amendments import AGENT, MILESTONE, UNIT
from bot.store.offers import ACCEPTED, DECLINED, EXPIRED, GONE, WAITING, Offer
from bot.store.people import PersonRecord
from bot.turn import Reply, Turn

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Answering:
    """`offer accept ID`, `offer decline ID`, `offer withdraw ID`: as the buttons of an offer say."""

    name: str = "offer"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Does it where the offer is this person's to answer or to take back, and still waits."""
        verb, _, id = rest.partition(" ")
        offer = offers.offer(turn.tx, id.strip())
        act = _ACTS.get(verb)
        mine = offer is not None and turn.person.key == (offer.by if verb == "withdraw" else offer.person)
        if act is None or offer is None or not mine or not (turn.person.member and turn.person.left_on is None):
            return said(turn, turn.words("offer.not-yours"))
        if offer.state == WAITING and offer.since + STANDS < turn.reader.today:
            offers.settle(turn.tx, offer.id, EXPIRED)
            offer = offers.offer(turn.tx, offer.id) or offer
        playbooks = giving.in_force(turn.tx, turn.reader.playbooks)
        return act(turn, playbooks, offer) if offer.state == WAITING else _over(turn, offer)


def _over(turn: Turn, offer: Offer) -> Reply:
    """Why an offer that does not wait any more cannot be answered or taken back."""
    return said(turn, turn.words(f"offer.was-{offer.state}", name=escape(name(turn.tx, offer.by))))


def accept(turn: Turn, playbooks: Playbooks, offer: Offer) -> Reply:
    """It is theirs from now on, if it is still to be had; everybody else who was asked for it hears that it is gone."""
    held, words = held_of(offer), turn.words
    rivals = offers.rivals(turn.tx, offer)
    if offer.id not in {one.id for one in rivals}:
        return _over(turn, offers.offer(turn.tx, offer.id) or offer)
    holder, count = people.person(turn.tx, offer.holder) if offer.holder else None, giving.count_of(turn.tx, held)
    if not _to_be_had(turn, playbooks, offer, holder):
        offers.settle(turn.tx, offer.id, GONE)
        close(turn.tx, offer, playbooks, GONE, turn.now)
        return _over(turn, offers.offer(turn.tx, offer.id) or offer)
    for one in rivals:
        state = ACCEPTED if one.id == offer.id else GONE
        offers.settle(turn.tx, one.id, state)
        close(turn.tx, one, playbooks, state, turn.now)
    giving.hand_over(turn.tx, playbooks, held, holder, turn.person, turn.person.key, turn.now)
    if held.role == UNIT:
        # They have just said so: they are not asked again whether they answer for it.
        for initiative in _affecting(playbooks, held.subject):
            owners.confirm(turn.tx, initiative, held.subject, turn.person.key, turn.reader.today)
    tell(turn, playbooks, held, turn.person, (offer.by, offer.holder), count)
    return said(turn, words("offer.taken", role=title(held, words, playbooks, count)), *_next(turn, held))


def _affecting(playbooks: Playbooks, unit: str) -> Iterator[str]:
    return (id for id, one in playbooks.initiatives.items() if unit in {there.id for there in one.written.units})


def _to_be_had(turn: Turn, playbooks: Playbooks, offer: Offer, holder: PersonRecord | None) -> bool:
    """Whether it still exists, is still the holder's, is not theirs yet, and may still be offered by whoever offered
    it."""
    held, by = held_of(offer), people.person(turn.tx, offer.by) if offer.by else None
    if by is None or (held.role != CASES and turn.person.email in holders(playbooks, held)):
        return False
    initiative = playbooks.initiatives.get(held.initiative)
    if held.role == AGENT and holder is None:
        return initiative is not None and may_nominate(playbooks, initiative, held.subject, by.email)
    if holder is None or not giving.still_holds(turn.tx, playbooks, held, holder):
        return False
    admins = (by.email,) if "admin" in by.roles else ()
    decides = holder.left_on is not None and may_decide(playbooks, held, holder.email, by.email, admins)
    return holder.key == by.key or decides


def _next(turn: Turn, held: Held) -> tuple[Choice, ...]:
    """What one can do next with what one has taken on."""
    words = turn.words
    if held.role == CASES:
        return (Choice(words("offer.see-cases"), "questions"),)
    if held.role == MILESTONE:
        return (Choice(words("roadmap.button"), f"roadmap {held.initiative}"),)
    return (Choice(words("changes.button"), f"changes {held.initiative}"),) if held.initiative else ()


def decline(turn: Turn, playbooks: Playbooks, offer: Offer) -> Reply:
    """Asks for a comment, which may be left out; then it is said no, and whoever asked hears it."""
    words, by = turn.words, escape(name(turn.tx, offer.by))
    form = Card(
        title=words("offer.decline-title"),
        body=f"**{title(held_of(offer), words, playbooks, giving.count_of(turn.tx, held_of(offer)))}**",
        asks=(Ask("comment", words("offer.comment", name=by), optional=True, longest=LONGEST),),
        submits=f"offer decline {offer.id}",
        submit_label=words("offer.decline-button"),
        locale=words.language,
    )
    given = turn.said.answers
    if "comment" not in given:
        return Reply(cards=(form,), personal=True)
    if wrong := problems(form.asks, given, words):
        return handed_back(form, given, wrong)
    offers.settle(turn.tx, offer.id, DECLINED)
    close(turn.tx, offer, playbooks, DECLINED, turn.now)
    audit.note(turn.tx, turn.person.key, "role.declined", held_of(offer).ref, turn.now)
    _tell_of_no(turn, playbooks, offer, str(given["comment"]).strip())
    return said(turn, words("offer.declined", name=by))


def _tell_of_no(turn: Turn, playbooks: Playbooks, offer: Offer, comment: str) -> None:
    by = people.person(turn.tx, offer.by) if offer.by else None
    asker = telling.reader(turn.tx, by.email, playbooks) if by else None
    if asker is None:
        return
    words, held = asker.words, held_of(offer)
    role = title(held, words, playbooks, giving.count_of(turn.tx, held))
    body = words("offer.told-no", name=escape(turn.person.name or turn.person.email), role=role)
    card = Card(
        body=f"{body}\n\n{quoted(comment)}" if comment else body,
        choices=(Choice(words("offer.another"), again(offer)),),
        locale=words.language,
    )
    telling.to_one(turn.tx, f"offer:{offer.id}:declined", asker, card, turn.now)


def take_back(turn: Turn, playbooks: Playbooks, offer: Offer) -> Reply:
    """Nobody is asked any more."""
    withdraw(turn.tx, offer, playbooks, turn.now)
    audit.note(turn.tx, turn.person.key, "role.withdrawn", held_of(offer).ref, turn.now)
    return said(turn, turn.words("offer.withdrawn", name=escape(name(turn.tx, offer.person))))


_ACTS: Mapping[str, Callable[[Turn, Playbooks, Offer], Reply]] = {
    "accept": accept,
    "decline": decline,
    "withdraw": take_back,
}
