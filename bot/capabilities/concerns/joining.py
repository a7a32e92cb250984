"""Adding oneself to what others raised: once, by name or in confidence, as long as it is open."""

from __future__ import annotations

import re

from bot import confidence
from bot.cases import life
from bot.cases.steps import Step
from bot.messages import Card
from bot.playbook.model import Initiative
from bot.store import cases
from bot.store.cases import OPEN, Case
from bot.turn import Reply, Turn


def join(turn: Turn, initiative: Initiative, number: str, secretly: bool) -> Reply:
    """Puts the person behind the concern with this number, as whoever picks it was offered it."""
    case = _meant(turn, number)
    words = turn.words
    if case is None or case.initiative != initiative.id or case.kind != "concern" or case.state not in OPEN:
        return Reply(cards=(Card(body=words("concern.join-closed"), locale=words.language),), personal=True)
    if secretly:
        new = confidence.join(turn.tx, turn.reader.playbooks, case, turn.person.key, turn.now)
        key = "concern.joined-in-confidence" if new else "confidence.too-many"
    else:
        step = Step(turn.tx, turn.reader.playbooks, turn.person.key, turn.now)
        key = "concern.joined-already" if life.joined(step, case) is None else "concern.joined"
    return Reply(cards=(Card(body=words(key, number=case.number), locale=words.language),), personal=True)


def _meant(turn: Turn, number: str) -> Case | None:
    """The case with this number, or the one that it was merged into."""
    if not re.fullmatch("[0-9]{1,9}", number):
        return None
    found = cases.case_by_number(turn.tx, int(number))
    return (cases.case(turn.tx, found.merged_into) or found) if found and found.merged_into else found
