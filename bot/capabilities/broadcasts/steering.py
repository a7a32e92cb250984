"""Following a broadcast: how far it is, stopped, taken back, corrected. Each step is confirmed with figures."""

from __future__ import annotations

from bot.broadcasts import sending
from bot.broadcasts.report import GOING, SENT, Report, report
from bot.broadcasts.telling import correction
from bot.capabilities.broadcasts.finding import Found, broadcast, said, shown, steers
from bot.capabilities.broadcasts.form import LONGEST_TEXT
from bot.capabilities.broadcasts.standing import followed, standing
from bot.dialogue import incomplete
from bot.messages import Ask, Card, Choice, Post, escape
from bot.store.broadcasts import OUT, STOPPED
from bot.turn import Reply, Turn
from bot.words import Words


def status(turn: Turn, rest: str) -> Reply:
    """How far it is, in place of the card that was pressed where that is possible."""
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.out_at is None:
        return standing(turn, found)
    card = followed(turn, found)
    return Reply(cards=(card,), personal=True)


def stop(turn: Turn, rest: str) -> Reply:
    """Asks whether it is to be stopped, with how many have it and how many would not get it."""
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.state != OUT:
        return standing(turn, found)
    words, seen = turn.words, _seen(turn, found)
    body = words("broadcast.stop-lead", sent=words.number(seen.total(SENT)), left=words.number(seen.total(*GOING)))
    choices = (
        Choice(words("broadcast.stop-now-button"), f"broadcast stop-now {rest}", style="danger"),
        Choice(words("broadcast.go-on-button"), f"broadcast status {rest}"),
    )
    title = words("broadcast.stop-title", title=seen.title)
    return shown(Card(title=title, body=body, choices=choices, locale=words.language))


def stop_now(turn: Turn, rest: str) -> Reply:
    """Nobody else gets it."""
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    spared = sending.stop(turn.tx, found.broadcast, turn.reader.playbooks, turn.now, turn.person.key)
    if spared is None:
        return standing(turn, found)
    words, seen = turn.words, _seen(turn, found)
    body = words("broadcast.stopped", sent=words.number(seen.total(SENT)), spared=words.number(spared))
    recall = Choice(words("broadcast.recall-button"), f"broadcast recall {rest}")
    choices = (recall,) if seen.total(SENT, *GOING) else ()
    posts = _told_author(turn, found, "broadcast.stopped-told")
    return Reply(cards=(Card(body=body, choices=choices, locale=words.language),), personal=True, posts=posts)


def recall(turn: Turn, rest: str) -> Reply:
    """Asks whether it is to be deleted or corrected, with how many have it."""
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.state not in (OUT, STOPPED):
        return standing(turn, found)
    words, seen = turn.words, _seen(turn, found)
    body = words("broadcast.recall-lead", sent=words.number(seen.total(SENT)), left=words.number(seen.total(*GOING)))
    choices = (
        Choice(words("broadcast.correct-button"), f"broadcast correct {rest}"),
        Choice(words("broadcast.delete-button"), f"broadcast recall-now {rest}", style="danger"),
        Choice(words("broadcast.leave-button"), f"broadcast status {rest}"),
    )
    title = words("broadcast.recall-title", title=seen.title)
    return shown(Card(title=title, body=body, choices=choices, locale=words.language))


def recall_now(turn: Turn, rest: str) -> Reply:
    """What was sent is deleted wherever the platform allows it."""
    return _recalled(turn, rest, None)


def correct(turn: Turn, rest: str) -> Reply:
    """What was sent is replaced by a correction, which is asked for."""
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.state not in (OUT, STOPPED):
        return standing(turn, found)
    words, original = turn.words, found.broadcast.written.original
    form = Card(
        title=words("broadcast.correct-title", title=original.title),
        body=words("broadcast.correct-body"),
        asks=(Ask("text", words("broadcast.ask-correction"), longest=LONGEST_TEXT, value=original.text),),
        submits=f"broadcast correct {rest}",
        submit_label=words("broadcast.correct-button"),
        locale=words.language,
    )
    if again := incomplete(form, turn.said.answers, words):
        return again
    # One card stands in the place of all, so its frame is in the language the broadcast was written in.
    frame = Words(original.locale, own=words.own)
    text, name = str(turn.said.answers["text"]).strip(), sending.author_name(turn.tx, found.broadcast)
    return _recalled(turn, rest, correction(original.title, text, found.broadcast, found.initiative, frame, name))


def _recalled(turn: Turn, rest: str, instead: Card | None) -> Reply:
    found = broadcast(turn, rest, steers)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    concerned = sending.recall(turn.tx, found.broadcast, turn.reader.playbooks, turn.now, turn.person.key, instead)
    if concerned is None:
        return standing(turn, found)
    words = turn.words
    key = "broadcast.being-corrected" if instead else "broadcast.being-deleted"
    refresh = Choice(words("broadcast.refresh-button"), f"broadcast status {rest}")
    body = words(key, number=words.number(concerned))
    posts = _told_author(turn, found, "broadcast.recalled-told")
    return Reply(cards=(Card(body=body, choices=(refresh,), locale=words.language),), personal=True, posts=posts)


def _seen(turn: Turn, found: Found) -> Report:
    seen = report(turn.tx, found.broadcast.number, turn.reader.playbooks, turn.now, turn.pace)
    if seen is None:
        raise LookupError("a broadcast that is held cannot be gone")
    return seen


def _told_author(turn: Turn, found: Found, key: str) -> tuple[Post, ...]:
    """The author hears what somebody else has done."""
    one = found.broadcast
    author = sending.author_of(turn.tx, one, turn.reader.playbooks)
    if author is None or one.author == turn.person.key:
        return ()
    name, title = escape(turn.person.name or turn.person.email), escape(one.written.original.title)
    text = "broadcast.stopped-told" if key == "broadcast.stopped-told" else "broadcast.recalled-told"
    card = Card(body=author.words(text, name=name, title=title), locale=author.words.language)
    event = f"{turn.said.place.platform}:{turn.said.event}"
    return (Post(key=f"broadcast-told:{event}", card=card, person=author.person.key),)
