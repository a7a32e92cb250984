"""Whether a change of what was decided goes out, and with which reason: the project manager and the sponsor say."""

from __future__ import annotations

from bot.dialogue import incomplete
from bot.messages import Card
from bot.milestones.changes import releasing
from bot.milestones.changes.facts import values
from bot.milestones.changes.words import reason_form
from bot.milestones.standing import decides, standings
from bot.playbook.model import Initiative
from bot.store import audit, changes, milestones
from bot.store.changes import DROPPED, WAITING, Change
from bot.turn import Reply, Turn


def tell(turn: Turn, id: str) -> Reply:
    """Asks for the reason, and tells of the change with it."""
    found = _of(turn, id)
    if isinstance(found, Reply):
        return found
    change, initiative = found
    known = standings(initiative, milestones.reports(turn.tx, initiative.id))
    about = releasing.about(turn.tx, initiative, known, change.fact, turn.reader.playbooks)
    form, given = reason_form(change, about, turn.words), turn.said.answers
    if again := incomplete(form, given, turn.words):
        return again
    asked = releasing.askers(turn.tx, initiative, change.fact)
    reason = str(given["reason"]).strip()
    day = releasing.release(turn.tx, change, reason, about, turn.reader.playbooks, turn.now, asked)
    audit.note(turn.tx, turn.person.key, "change.sent", f"change {change.id}", turn.now)
    return _said(turn, "change.sent", date=turn.words.weekday(day)) if day else _said(turn, "release.sent")


def keep(turn: Turn, id: str) -> Reply:
    """Nobody is told; whoever asks gets what is written, and the decision log has it."""
    found = _of(turn, id)
    if isinstance(found, Reply):
        return found
    change, _ = found
    changes.answer(turn.tx, change.id, DROPPED)
    changes.state(turn.tx, change.initiative, change.fact, change.after)
    audit.note(turn.tx, turn.person.key, "change.dropped", f"change {change.id}", turn.now)
    return _said(turn, "change.dropped")


def _of(turn: Turn, id: str) -> tuple[Change, Initiative] | Reply:
    """A change that waits, with its initiative, if this person decides about it; else what to say instead."""
    change = changes.change(turn.tx, id)
    initiative = turn.reader.initiative(change.initiative) if change else None
    if change is None or initiative is None:
        return _said(turn, "release.gone")
    if not (turn.person.member and decides(turn.person.email, initiative)):
        return _said(turn, "change.not-yours")
    holds = values(initiative, standings(initiative, milestones.reports(turn.tx, initiative.id)))
    if change.state == WAITING and holds.get(change.fact, "") != change.after:
        return _said(turn, "release.gone")
    if change.state != WAITING:
        return _said(turn, "release.gone" if change.state == changes.GONE else "release.already")
    return change, initiative


def _said(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)
