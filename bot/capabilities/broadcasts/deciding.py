"""Whether a broadcast goes out: its author sends it, above the limit a second person decides."""

from __future__ import annotations

from bot.broadcasts import cards, dry_run, sending
from bot.capabilities.broadcasts.composing import checked
from bot.capabilities.broadcasts.finding import Found, any_of, broadcast, decides, own, said, shown, steers
from bot.capabilities.broadcasts.standing import approval, standing
from bot.dialogue import incomplete
from bot.messages import Ask, Card, Choice, Post, escape, quoted
from bot.store import audit, broadcasts
from bot.store.broadcasts import ASKED, BACK, DRAFT, PLANNED, WITH_AUTHOR
from bot.turn import Reply, Turn

LONGEST = 1000
NOW = "now"


def send(turn: Turn, rest: str) -> Reply:
    """Sends it, plans it, or asks for the second word. Of a text that was changed since, the dry run is shown anew."""
    number, version, now = _parts(rest)
    found = broadcast(turn, number, own)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    one = found.broadcast
    if one.state not in WITH_AUTHOR:
        return standing(turn, found)
    if not found.scope.holds(one.written):
        return said(turn, "broadcast.outside")
    if str(one.version) != version:
        changed = Card(body=turn.words("broadcast.changed-since"), locale=turn.words.language)
        return shown(changed, checked(turn, found))
    if one.written.at and one.written.at <= turn.now and now != NOW:
        return shown(_over(turn, found))
    if dry_run.meant(turn.tx, one, turn.reader.playbooks) > found.initiative.written.messaging.approve_above:
        return _asked(turn, found)
    return _out(turn, found)


def _over(turn: Turn, found: Found) -> Card:
    words, one = turn.words, found.broadcast
    choices = (
        Choice(words("broadcast.edit-button"), f"broadcast edit {one.number}"),
        Choice(words("broadcast.send-button"), f"broadcast send {one.number} {one.version} {NOW}"),
    )
    return Card(body=words("broadcast.moment-over"), choices=choices, locale=words.language)


def _asked(turn: Turn, found: Found) -> Reply:
    one, playbooks = found.broadcast, turn.reader.playbooks
    asked = sending.deciders(turn.tx, one, found.initiative, playbooks)
    if not asked:
        return said(turn, "broadcast.nobody-decides")
    if not broadcasts.turn(turn.tx, one.number, ASKED, of=WITH_AUTHOR, note="", decided_by=None):
        return said(turn, "broadcast.decided-already")
    sending.ask(turn.tx, one, found.initiative, playbooks, turn.now)
    audit.note(turn.tx, turn.person.key, "broadcast.approval-asked", sending.named(one), turn.now)
    names = [reader.person.name or reader.person.email for reader in asked]
    withdraw = Choice(turn.words("broadcast.withdraw-button"), f"broadcast withdraw {one.number}")
    body = turn.words("broadcast.asked", names=cards.one_of(names, turn.words))
    return shown(Card(body=body, choices=(withdraw,), locale=turn.words.language))


def _out(turn: Turn, found: Found) -> Reply:
    """On its way now, or planned."""
    one = found.broadcast
    if one.written.at and one.written.at > turn.now:
        if not broadcasts.turn(turn.tx, one.number, PLANNED, of=[one.state], note=""):
            return said(turn, "broadcast.decided-already")
        audit.note(turn.tx, turn.person.key, "broadcast.planned", sending.named(one), turn.now)
        planned = broadcast(turn, str(one.number), any_of(own, decides))
        return standing(turn, planned) if planned else said(turn, "broadcast.decided-already")
    if not sending.let_go(turn.tx, one, found.initiative, turn.reader.playbooks, turn.now, turn.person.key):
        return said(turn, "broadcast.decided-already")
    return said(turn, "broadcast.out")


def approve(turn: Turn, rest: str) -> Reply:
    """The second word: it goes out, at its moment or now. Its author cannot give it."""
    number, version, _ = _parts(rest)
    found = broadcast(turn, number, any_of(decides, own))
    if found is None:
        return said(turn, "broadcast.not-permitted")
    one = found.broadcast
    if not decides(turn, found):
        return said(turn, "broadcast.not-your-own")
    if one.state != ASKED:
        return said(turn, "broadcast.decided-already")
    if str(one.version) != version:
        changed = Card(body=turn.words("broadcast.changed-since"), locale=turn.words.language)
        return shown(changed, approval(turn, found))
    later = one.written.at is not None and one.written.at > turn.now
    broadcasts.turn(turn.tx, one.number, PLANNED, of=[ASKED], decided_by=turn.person.key)
    audit.note(turn.tx, turn.person.key, "broadcast.approved", sending.named(one), turn.now)
    agreed = broadcasts.get(turn.tx, one.number)
    if agreed and not later:
        sending.let_go(turn.tx, agreed, found.initiative, turn.reader.playbooks, turn.now, turn.person.key)
    key = "broadcast.approved-planned" if later else "broadcast.approved-out"
    reply = said(turn, "broadcast.approved", name=escape(sending.author_name(turn.tx, one)))
    return Reply(cards=reply.cards, personal=True, posts=_told_author(turn, found, key))


def back(turn: Turn, rest: str) -> Reply:
    """Sent back to its author, with a comment, which is asked for."""
    number, version, _ = _parts(rest)
    found = broadcast(turn, number, any_of(decides, own))
    if found is None:
        return said(turn, "broadcast.not-permitted")
    one, words = found.broadcast, turn.words
    if not decides(turn, found):
        return said(turn, "broadcast.not-your-own")
    if one.state != ASKED:
        return said(turn, "broadcast.decided-already")
    form = Card(
        title=words("broadcast.back-title", title=one.written.original.title),
        body="",
        asks=(Ask("comment", words("broadcast.ask-comment"), longest=LONGEST),),
        submits=f"broadcast back {number} {version}",
        submit_label=words("broadcast.back-button"),
        locale=words.language,
    )
    if again := incomplete(form, turn.said.answers, words):
        return again
    note = str(turn.said.answers["comment"]).strip()
    broadcasts.turn(turn.tx, one.number, BACK, of=[ASKED], note=note, decided_by=turn.person.key)
    audit.note(turn.tx, turn.person.key, "broadcast.sent-back", sending.named(one), turn.now)
    reply = said(turn, "broadcast.sent-back", name=escape(sending.author_name(turn.tx, one)))
    posts = _told_author(turn, found, "broadcast.back-told", note)
    return Reply(cards=reply.cards, personal=True, posts=posts)


def withdraw(turn: Turn, rest: str) -> Reply:
    """Before anything goes out: it is a draft again. Where somebody else than its author does it, the author hears."""
    found = broadcast(turn, rest, any_of(own, steers))
    if found is None:
        return said(turn, "broadcast.not-permitted")
    one = found.broadcast
    if not broadcasts.turn(turn.tx, one.number, DRAFT, of=[ASKED, PLANNED], decided_by=None):
        return standing(turn, found)
    audit.note(turn.tx, turn.person.key, "broadcast.withdrawn", sending.named(one), turn.now)
    posts = () if one.author == turn.person.key else _told_author(turn, found, "broadcast.withdrawn-told")
    return Reply(cards=said(turn, "broadcast.withdrawn").cards, personal=True, posts=posts)


def _told_author(turn: Turn, found: Found, key: str, note: str = "") -> tuple[Post, ...]:
    """The author hears what somebody else has decided."""
    one = found.broadcast
    author = sending.author_of(turn.tx, one, turn.reader.playbooks)
    if author is None:
        return ()
    words, name = author.words, escape(turn.person.name or turn.person.email)
    when = words.moment(one.written.at) if one.written.at else ""
    text = {
        "broadcast.approved-planned": "broadcast.approved-planned",
        "broadcast.approved-out": "broadcast.approved-out",
        "broadcast.back-told": "broadcast.back-told",
        "broadcast.withdrawn-told": "broadcast.withdrawn-told",
    }[key]
    body = words(text, name=name, title=escape(one.written.original.title), when=when)
    show = Choice(words("broadcast.show-button"), f"broadcast show {one.number}")
    card = Card(
        body="\n\n".join(part for part in (body, quoted(note) if note else "") if part),
        choices=(show,),
        locale=words.language,
    )
    event = f"{turn.said.place.platform}:{turn.said.event}"
    return (Post(key=f"broadcast-told:{event}", card=card, person=author.person.key),)


def _parts(rest: str) -> tuple[str, str, str]:
    """Number, version and what stands behind them."""
    number, _, more = rest.partition(" ")
    version, _, behind = more.strip().partition(" ")
    return number, version, behind.strip()
