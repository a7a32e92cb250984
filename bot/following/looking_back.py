"""Gathers what somebody may have missed of an initiative, out of what the store keeps and what they may read."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.following.lately import Lately, absence
from bot.playbook.access import Viewer
from bot.playbook.model import Initiative, Playbooks
from bot.store import following, milestones
from bot.store.engine import Session
from bot.wins.wall import newest
from bot.wins.words import happened
from bot.words import Words

MOST_WINS = 5


def lately(
    tx: Session, person: str, viewer: Viewer, words: Words, playbooks: Playbooks, initiative: Initiative, today: date
) -> Lately:
    """What this person may have missed of this initiative."""
    new, since = absence(following.visits(tx, person), today)
    found = newest(tx, viewer, playbooks, MOST_WINS, initiative.id)
    return Lately(
        new=new,
        since=since,
        reports=milestones.reports(tx, initiative.id),
        moved=tuple(milestones.sent(tx, initiative.id)),
        wins=tuple(
            (one.win.told_at.astimezone(ZoneInfo(words.zone)).date(), happened(one.win, playbooks.organisation, words))
            for one in found
            if one.win.told_at
        ),
    )
