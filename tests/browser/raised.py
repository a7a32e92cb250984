"""Concerns and requests of the sample organisation, for looking at the pages: raised, answered and decided."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.messages import Place
from bot.playbook.model import Playbooks
from bot.store import Store, case_history, case_supporters, mailbox, people, tables
from bot.store.people import PersonRecord
from bot.themes import ticking
from bot.themes.likeness import likeness

WORRIES = Path(__file__).parents[1] / "themes/worries.txt"
DRIVERS = (
    "timing", "technical", "workload", "skills-support", "role-threatened", "role-threatened", "not-consulted",
    "not-consulted", "past-failures", "technical", "technical", "data-security", "data-security", "cost",
    "benefit-unclear", "workload", "timing", "technical", "fear-of-change", "skills-support", "conflicting-priorities",
    "skills-support", "skills-support", "technical",
)  # fmt: skip
"""What is behind each of the worries."""


def fill(store: Store, playbooks: Playbooks, now: datetime, initiative: str, many: int) -> None:
    """Raises so many, the same every time: some in confidence, some late, some decided, some joined by others."""
    chance = random.Random(2027)
    blocks = [one.split("\n") for one in WORRIES.read_text("utf-8").strip().split("\n\n")[1:]]
    said = [(text.removeprefix("! "), DRIVERS[n]) for n, block in enumerate(blocks) for text in block]
    there = playbooks.initiatives[initiative]
    units = playbooks.organisation.units
    with store.begin() as tx:
        everybody = [one for one in people.directory(tx) if one.listed]
    for text, driver in said[:10] + chance.sample(said[10:], many - 10):
        unit = chance.choice([one.id for one in there.written.units][:4])
        _raise(store, initiative, unit, units[unit].owner, text, driver, everybody, now, chance)
    while ticking.understand(store, playbooks, now, likeness()):
        pass


def _raise(
    store: Store,
    initiative: str,
    unit: str,
    owner: str,
    text: str,
    driver: str,
    everybody: Sequence[PersonRecord],
    now: datetime,
    chance: random.Random,
) -> None:
    named, raised_at = chance.random() < 0.7, now - timedelta(days=chance.randrange(40), hours=chance.randrange(9))
    due = now + timedelta(days=chance.randrange(-2, 12), hours=chance.randrange(9))
    with store.begin() as tx:
        case = case_history.open_case(
            tx, kind="request" if chance.random() < 0.15 else "concern", initiative=initiative, unit=unit, text=text,
            asker=chance.choice(everybody).key if named else None, reply_to=Place("local", "local", "direct"),
            owner=owner, due_at=due, now=raised_at, driver=driver, severity=chance.choice([1, 2, 2, 3]),
            confidential=not named, respond_until=due - timedelta(days=2) if chance.random() < 0.5 else None,
            would_work="Two afternoons a week without visits" if chance.random() < 0.3 else "",
        )  # fmt: skip
        if not named:
            mailbox.admit(tx, [mailbox.Behind(case.id, chance.choice(everybody).key, mailbox.AUTHOR)])
        for one in chance.sample(list(everybody), chance.choice([0, 0, 1, 3, 7])):
            case_supporters.join(tx, case.id, one.key)
        if chance.random() < 0.25:
            case_history.change_state(tx, case.id, "answered", actor="", now=now, text="We move it by a week.")
            decided = {"decision": chance.choice(["yes", "yes-but", "not-now", "no"]), "decided_on": now.date()}
            tx.execute(update(tables.case).where(tables.case.c.id == case.id).values(**decided))
