"""Whether a planned post goes out, and in which words: the project manager's and the sponsor's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.capabilities.milestones.subjects import day_in, upcoming_of
from bot.dialogue import incomplete
from bot.messages import Card, Choice
from bot.milestones import telling
from bot.milestones.previews import Upcoming, edit_form, key_of, languages_of, preview_card, version
from bot.milestones.standing import decides
from bot.store import audit
from bot.store import milestones as kept
from bot.store.milestones import APPROVED, ASKED, GONE, HELD, OUT, SHOWN, WAITS, Edited, PostId, Shown
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
    """A planned post goes out on its day, or at once where that has come. Of several, between semicolons, those do that
    are not held."""
    ids = [_post_of(turn, one) for one in rest.split(";")]
    mine = [id for id in ids if id is not None]
    if len(mine) < len(ids):
        return _no(turn, "milestone.not-yours")
    of = [SHOWN, ASKED] if len(mine) > 1 else [SHOWN, ASKED, HELD]
    approved = [id for id in mine if kept.turn(turn.tx, id, APPROVED, of=of, on=turn.reader.today)]
    for id in approved:
        audit.note(turn.tx, turn.person.key, "milestone.post-approved", _named(id), turn.now)
    if not approved:
        return _standing_of(turn, mine[0])
    if len(mine) == 1:
        return _no(turn, "milestone.approved")
    body = turn.words.count("milestone.approved-all", len(approved))
    return Reply(cards=(Card(body=body, locale=turn.words.language),), personal=True)


def look(turn: Turn, rest: str) -> Reply:
    """One of several planned posts by itself, with what can be done about it: what is on its way can be stopped."""
    found = _waiting_post(turn, rest)
    if isinstance(found, Reply):
        id = _post_of(turn, rest)
        there = kept.post(turn.tx, id) if id else None
        if there is None or there.state != OUT:
            return found
        stop = Choice(turn.words("milestone.hold-button"), f"milestone hold {rest}")
        return replace(found, cards=tuple(replace(card, choices=(stop,)) for card in found.cards))
    post, shown = found
    dry_run = telling.post_dry_run(turn.tx, post, turn.reader.playbooks)
    return Reply(cards=(preview_card(post, turn.words, dry_run, shown.state),), personal=True)


def hold(turn: Turn, rest: str) -> Reply:
    """A planned post waits until it is released. Of one that is on its way nothing more goes out."""
    id = _post_of(turn, rest)
    if id is None:
        return _no(turn, "milestone.not-yours")
    if kept.turn(turn.tx, id, GONE, of=[OUT]):
        telling.stop(turn.tx, key_of(id), turn.now)
        audit.note(turn.tx, turn.person.key, "milestone.post-stopped", _named(id), turn.now)
        return _no(turn, "milestone.stopped")
    if not kept.turn(turn.tx, id, HELD, of=[SHOWN, ASKED, APPROVED], on=turn.reader.today):
        return _standing_of(turn, id)
    audit.note(turn.tx, turn.person.key, "milestone.post-held", _named(id), turn.now)
    release = Choice(turn.words("milestone.as-planned-button"), f"milestone as-planned {rest}")
    body = turn.words("milestone.held")
    return Reply(cards=(Card(body=body, choices=(release,), locale=turn.words.language),), personal=True)


def edit(turn: Turn, rest: str) -> Reply:
    """A text of one's own for a planned post, in one language: a form, then the post as it would go out."""
    named, _, locale = rest.rpartition(" ")
    found = _waiting_post(turn, named)
    if isinstance(found, Reply):
        return found
    post, shown = found
    if locale not in languages_of(post.subject.initiative):
        return _no(turn, "milestone.post-gone")
    ahead = post.planned.heads_up is None and kept.post(turn.tx, post.agents) is not None
    form, given = edit_form(post, turn.words, locale, ahead), turn.said.answers
    if again := incomplete(form, given, turn.words):
        return again
    planned, text = post.planned_text(locale), str(given["text"]).strip()
    others = {one: edited for one, edited in post.edited.items() if one != locale}
    return _reworded(turn, post, shown, others if text == planned else {**others, locale: Edited(text, planned)})


def unedit(turn: Turn, rest: str) -> Reply:
    """The planned text in every language, as if nobody had written another one."""
    found = _waiting_post(turn, rest)
    return found if isinstance(found, Reply) else _reworded(turn, *found, {})


def _waiting_post(turn: Turn, rest: str) -> tuple[Upcoming, Shown] | Reply:
    """The post that a button names with what was shown of it; the answer where there is nothing to be changed."""
    id = _post_of(turn, rest)
    if id is None:
        return _no(turn, "milestone.not-yours")
    shown = kept.post(turn.tx, id)
    post = upcoming_of(turn, id) if shown and shown.state in WAITS else None
    return (post, shown) if post and shown else _standing_of(turn, id)


def _reworded(turn: Turn, post: Upcoming, shown: Shown, edited: Mapping[str, Edited]) -> Reply:
    post = post.with_texts(edited)
    leader = telling.leader(turn.tx, post.subject.initiative, turn.reader.playbooks)
    # Whoever else rewords it: the project manager is shown it by the clock.
    says = version(post) if leader is None or leader.person.key == turn.person.key else ""
    if not kept.edit(turn.tx, post.id, edited, says):
        return _standing_of(turn, post.id)
    audit.note(turn.tx, turn.person.key, "milestone.post-reworded", _named(post.id), turn.now)
    dry_run = telling.post_dry_run(turn.tx, post, turn.reader.playbooks)
    return Reply(cards=(preview_card(post, turn.words, dry_run, shown.state),), personal=True)


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
