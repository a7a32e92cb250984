"""Whether a planned post goes out: the project manager's and the sponsor's word."""

from __future__ import annotations

from bot.capabilities.milestones.subjects import day_in
from bot.messages import Card, Choice
from bot.milestones import telling
from bot.milestones.standing import decides
from bot.milestones.ticking import key_of
from bot.store import audit
from bot.store import milestones as kept
from bot.store.milestones import APPROVED, ASKED, GONE, HELD, OUT, SHOWN, PostId
from bot.turn import Reply, Turn


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def _post_of(turn: Turn, rest: str) -> PostId | None:
    """The planned post that a button names, if this person decides about it."""
    ref, _, more = rest.partition(" ")
    id, _, milestone = ref.partition("/")
    on, _, stage = more.partition(" ")
    day, initiative = day_in(on), turn.reader.initiative(id)
    if day is None or initiative is None or not (turn.person.member and decides(turn.person.email, initiative)):
        return None
    return PostId(id, milestone, day, stage) if stage.isalpha() else None


def as_planned(turn: Turn, rest: str) -> Reply:
    """A planned post goes out on its day, or at once where that has come."""
    id = _post_of(turn, rest)
    if id is None:
        return _no(turn, "milestone.not-yours")
    if not kept.turn(turn.tx, id, APPROVED, of=[SHOWN, ASKED, HELD]):
        return _standing_of(turn, id)
    audit.note(turn.tx, turn.person.key, "milestone.post-approved", _named(id), turn.now)
    return _no(turn, "milestone.approved")


def hold(turn: Turn, rest: str) -> Reply:
    """A planned post waits until it is released. Of one that is on its way nothing more goes out."""
    id = _post_of(turn, rest)
    if id is None:
        return _no(turn, "milestone.not-yours")
    if kept.turn(turn.tx, id, GONE, of=[OUT]):
        telling.stop(turn.tx, key_of(id), turn.now)
        audit.note(turn.tx, turn.person.key, "milestone.post-stopped", _named(id), turn.now)
        return _no(turn, "milestone.stopped")
    if not kept.turn(turn.tx, id, HELD, of=[SHOWN, ASKED, APPROVED]):
        return _standing_of(turn, id)
    audit.note(turn.tx, turn.person.key, "milestone.post-held", _named(id), turn.now)
    release = Choice(turn.words("milestone.as-planned-button"), f"milestone as-planned {rest}")
    body = turn.words("milestone.held")
    return Reply(cards=(Card(body=body, choices=(release,), locale=turn.words.language),), personal=True)


def _standing_of(turn: Turn, id: PostId) -> Reply:
    """What has become of a post about which nothing is to be decided any more."""
    found = kept.post(turn.tx, id)
    key = {
        HELD: "milestone.held-already",
        APPROVED: "milestone.approved",
        OUT: "milestone.out-already",
    }.get(found.state if found else "", "milestone.post-gone")
    return _no(turn, key)


def _named(id: PostId) -> str:
    return f"{id.initiative}/{id.milestone} {id.date} {id.stage}"
