"""The wall of wins: the newest that somebody may read, and which of them answers a worry. It changes nothing."""

from __future__ import annotations

from bot.messages import Card
from bot.playbook.access import Viewer
from bot.playbook.model import Playbooks
from bot.store import Session
from bot.store import wins as kept
from bot.triage import triage
from bot.turn import Reader
from bot.wins.standing import readable
from bot.wins.telling import subject
from bot.wins.words import Subject, happened, news
from bot.words import Words


def newest(
    tx: Session, viewer: Viewer, playbooks: Playbooks, limit: int, initiative: str = "", driver: str = ""
) -> list[Subject]:
    """The newest wins that this viewer may read, of one initiative if it is named, the last told first."""
    there = [one for one in playbooks.initiatives.values() if initiative in ("", one.id)]
    found = readable(viewer, there, playbooks.organisation.units)
    wins = kept.newest(tx, everywhere=found.everywhere, units=found.units, led=found.led, driver=driver, limit=limit)
    return [subject(tx, win, playbooks.initiatives[win.initiative], playbooks) for win in wins]


def wall(tx: Session, reader: Reader, limit: int) -> tuple[Card, ...]:
    """The newest wins that this reader may read, each as the card that it was told with."""
    return tuple(news(one, reader.words) for one in newest(tx, reader.viewer, reader.playbooks, limit))


def evidence(tx: Session, viewer: Viewer, words: Words, playbooks: Playbooks, initiative: str, text: str) -> str:
    """A sentence that quotes the newest win that this viewer may read and that answers a worry of the same kind as
    this text; '' where there is none."""
    if not kept.drivers(tx, initiative):
        return ""
    driver = triage(text).driver
    found = newest(tx, viewer, playbooks, 1, initiative, driver) if driver != "none" else []
    return happened(found[0].win, playbooks.organisation, words) if found else ""
