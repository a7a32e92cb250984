"""Where a broadcast stands, with what this person can do about it now."""

from __future__ import annotations

from bot.broadcasts import cards, dry_run, sending
from bot.broadcasts.report import report
from bot.capabilities.broadcasts.finding import Found, decides, looker, own, said, shown, steers
from bot.messages import Card, Choice, escape
from bot.store.broadcasts import ASKED, PLANNED, WITH_AUTHOR
from bot.turn import Reply, Turn


def standing(turn: Turn, found: Found) -> Reply:
    """The card of a broadcast as it stands; who has nothing to do with it in this state learns nothing of it."""
    one, words = found.broadcast, turn.words
    if one.state in WITH_AUTHOR:
        if not own(turn, found):
            return said(turn, "broadcast.with-author")
        return shown(cards.draft_card(one, words, turn.reader.playbooks.organisation))
    if one.state == ASKED and decides(turn, found):
        return shown(approval(turn, found))
    if not (own(turn, found) or steers(turn, found)):
        return said(turn, "broadcast.not-permitted")
    if one.state not in (ASKED, PLANNED):
        return shown(followed(turn, found))
    when = words.moment(one.written.at) if one.written.at else ""
    title = escape(one.written.original.title)
    body = (
        words("broadcast.planned", title=title, when=when)
        if one.state == PLANNED
        else words("broadcast.asked-again", title=title)
    )
    withdraw = Choice(words("broadcast.withdraw-button"), f"broadcast withdraw {one.number}")
    preview = Choice(words("broadcast.preview-button"), f"broadcast preview {one.number}")
    return shown(Card(body=body, choices=(withdraw, preview), locale=words.language))


def approval(turn: Turn, found: Found) -> Card:
    """What a second person sees."""
    ran = dry_run.dry_run(turn.tx, found.broadcast, turn.reader.playbooks, looker(turn), turn.now, turn.pace)
    name = sending.author_name(turn.tx, found.broadcast)
    return cards.approval_card(found.broadcast, turn.words, turn.reader.playbooks.organisation, ran, name)


def followed(turn: Turn, found: Found) -> Card:
    """How far it is, or what became of it."""
    seen = report(turn.tx, found.broadcast.number, turn.reader.playbooks, turn.now, turn.pace)
    if seen is None:
        raise LookupError("a broadcast that is held cannot be gone")
    return cards.progress_card(seen, turn.words)
