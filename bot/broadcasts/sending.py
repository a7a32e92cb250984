"""What becomes of a broadcast: asked about, let go, stopped, taken back. In the transaction it is given.

It decides nothing about who may: `permission` does. Each step that changes a state can happen once.
"""

from __future__ import annotations

from datetime import datetime

from bot.broadcasts import cards
from bot.broadcasts.dry_run import Looker, dry_run
from bot.broadcasts.permission import may_decide
from bot.broadcasts.report import RECALLED_REASON, STOPPED_REASON, Report, report
from bot.broadcasts.telling import announcement
from bot.delivery import announcing
from bot.delivery.moment import right_moment
from bot.messages import Card, Post
from bot.milestones.telling import Reader, reader
from bot.people.audience import viewer_of
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, accounts, announcements, audit, broadcasts, deliveries, people
from bot.store.broadcasts import ASKED, OUT, RECALLED, STOPPED, Broadcast


def author_of(tx: Session, broadcast: Broadcast, playbooks: Playbooks) -> Reader | None:
    """Its author, to be written to; None where they have left or are erased."""
    person = people.person(tx, broadcast.author) if broadcast.author else None
    return reader(tx, person.email, playbooks) if person and person.email else None


def author_name(tx: Session, broadcast: Broadcast) -> str:
    """The name that recipients read; '' where the author is erased."""
    person = people.person(tx, broadcast.author) if broadcast.author else None
    return person.name or person.email if person else ""


def deciders(tx: Session, broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks) -> list[Reader]:
    """Who is asked for the second word: the sponsor and the project manager, where neither can be, administrators."""
    written = initiative.written
    first = [reader(tx, address, playbooks) for address in dict.fromkeys((written.sponsor, written.project_manager))]
    found = [one for one in first if one and _can_decide(tx, one, broadcast, initiative)]
    if found:
        return found
    admins = [one.email for one in people.directory(tx) if "admin" in one.roles]
    others = (reader(tx, address, playbooks) for address in admins)
    return [one for one in others if one and _can_decide(tx, one, broadcast, initiative)]


def _can_decide(tx: Session, one: Reader, broadcast: Broadcast, initiative: Initiative) -> bool:
    return (
        may_decide(one.person, broadcast, initiative) and accounts.account_for_writing(tx, one.person.key) is not None
    )


def ask(tx: Session, broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
    """Asks for the second word, of everybody who may give it; the first one counts."""
    name = author_name(tx, broadcast)
    posts = []
    for one in deciders(tx, broadcast, initiative, playbooks):
        looker = Looker(viewer_of(one.person), one.words.locale, one.words.zone)
        found = dry_run(tx, broadcast, playbooks, looker, now)
        card = cards.approval_card(broadcast, one.words, playbooks.organisation, found, name)
        moment = now if broadcast.written.urgent else right_moment(now, one.calendar)
        key = f"broadcast-ask:{broadcast.number}:{broadcast.version}:{one.person.key}"
        posts.append(Post(key=key, card=card, person=one.person.key, not_before=moment))
    deliveries.enqueue(tx, posts, now)


def let_go(
    tx: Session, broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks, now: datetime, by: str = ""
) -> bool:
    """Hands it to the delivery engine and its author a card that says how far it is; False if that was done before.
    `by` is whose press it was, '' where its moment had come."""
    if not broadcasts.turn(tx, broadcast.number, OUT, of=[broadcast.state], out_at=now):
        return False
    announcements.add(tx, announcement(broadcast, initiative, playbooks, author_name(tx, broadcast), now), now)
    audit.note(tx, by, "broadcast.sent", named(broadcast), now)
    author, found = author_of(tx, broadcast, playbooks), report(tx, broadcast.number, playbooks, now)
    if author and found:
        card = cards.progress_card(found, author.words)
        deliveries.enqueue(tx, [Post(key=progress_key(broadcast), card=card, person=author.person.key)], now)
    return True


def stop(tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime, by: str) -> int | None:
    """Nobody else gets it; how many queued messages that were. None if it is not on its way any more."""
    if not broadcasts.turn(tx, broadcast.number, STOPPED, of=[OUT], decided_by=by):
        return None
    spared = announcing.cancel(tx, broadcast.key, now, STOPPED_REASON)
    audit.note(tx, by, "broadcast.stopped", named(broadcast), now)
    show_progress(tx, broadcast, playbooks, now)
    return spared


def recall(
    tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime, by: str, instead: Card | None = None
) -> int | None:
    """Takes back what was sent: deletes it, or puts the card in its place; says how many messages it concerns. None if
    that was done before."""
    if not broadcasts.turn(tx, broadcast.number, RECALLED, of=[OUT, STOPPED], decided_by=by):
        return None
    announcements.cancel(tx, broadcast.key)
    concerned = deliveries.recall(tx, RECALLED_REASON, now, batch=broadcast.key, instead=instead)
    audit.note(tx, by, "broadcast.corrected" if instead else "broadcast.recalled", named(broadcast), now)
    show_progress(tx, broadcast, playbooks, now)
    return concerned


def show_progress(tx: Session, broadcast: Broadcast, playbooks: Playbooks, now: datetime) -> Report | None:
    """Makes the card of its author say how far it is now."""
    author, found = author_of(tx, broadcast, playbooks), report(tx, broadcast.number, playbooks, now)
    if author and found:
        deliveries.edit(tx, progress_key(broadcast), cards.progress_card(found, author.words), now)
    return found


def progress_key(broadcast: Broadcast) -> str:
    """The key of the card that says its author how far it is."""
    return f"broadcast-progress:{broadcast.number}"


def named(broadcast: Broadcast) -> str:
    """How the audit trail names it."""
    return f"{broadcast.initiative} {broadcast.number}"


def asked_again(tx: Session, broadcast: Broadcast, initiative: Initiative, playbooks: Playbooks, now: datetime) -> bool:
    """Its author may not send it any more: a second person decides; False if somebody was quicker."""
    if not broadcasts.turn(tx, broadcast.number, ASKED, of=[broadcast.state]):
        return False
    ask(tx, broadcast, initiative, playbooks, now)
    return True
