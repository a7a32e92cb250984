"""Composing a broadcast: the form, versions in other languages, what it looks like, whom it reaches."""

from __future__ import annotations

from dataclasses import replace

from bot.broadcasts import cards, dry_run, sending
from bot.broadcasts.permission import allowed, scope
from bot.broadcasts.telling import card
from bot.capabilities.broadcasts.finding import (
    Found,
    any_of,
    broadcast,
    composable,
    decides,
    looker,
    own,
    said,
    shown,
    waiting,
)
from bot.capabilities.broadcasts.form import LONGEST_TEXT, LONGEST_TITLE, form, handed_in
from bot.capabilities.broadcasts.standing import standing
from bot.dialogue import handed_back, incomplete
from bot.messages import Ask, Card, Choice, Option, escape
from bot.store import audit, broadcasts
from bot.store.broadcasts import ASKED, BACK, DRAFT, DROPPED, OUT, PLANNED, WITH_AUTHOR, Version, Written
from bot.turn import Reply, Turn
from bot.which import named
from bot.words import LANGUAGES, Words

OFFERED = 8


def begin(turn: Turn, rest: str) -> Reply:
    """What is under way, and a new one; who may not learns that they may not."""
    words, there = turn.words, composable(turn)
    if not there:
        return said(turn, "broadcast.not-permitted")
    wanted = named(rest, turn.reader).initiative if rest else ""
    if wanted and wanted in {one.id for one in there}:
        return write(turn, wanted)
    found = waiting(turn)[:OFFERED]
    if not found and len(there) == 1:
        return write(turn, there[0].id)
    rows = [f"- {escape(one.broadcast.written.original.title)}: {_state(turn, one)}" for one in found]
    old = [Choice(one.broadcast.written.original.title, f"broadcast show {one.broadcast.number}") for one in found]
    names = {one.id: one.text(words.locale).name.partition(":")[0].strip() for one in there}
    new = [Choice(words("broadcast.new-button", name=names[id]), f"broadcast write {id}") for id in names]
    lead = words("broadcast.yours") if found else words("broadcast.which")
    body = "\n\n".join(part for part in (lead, "\n".join(rows)) if part)
    return shown(Card(body=body, choices=(*old, *new[:OFFERED]), locale=words.language))


def _state(turn: Turn, found: Found) -> str:
    """How it stands, in a few words."""
    one, words = found.broadcast, turn.words
    if one.state == ASKED and decides(turn, found):
        return words("broadcast.is-yours-to-decide")
    key = {
        DRAFT: "broadcast.is-draft",
        BACK: "broadcast.is-back",
        ASKED: "broadcast.is-asked",
        PLANNED: "broadcast.is-planned",
        OUT: "broadcast.is-out",
    }[one.state]
    return words(key)


def write(turn: Turn, rest: str) -> Reply:
    """A new one, for an initiative."""
    initiative = next((one for one in composable(turn) if one.id == rest), None)
    if initiative is None:
        return said(turn, "broadcast.not-permitted")
    limit = scope(turn.person, initiative, turn.reader.playbooks)
    asked = form(turn, initiative, limit, f"broadcast write {initiative.id}", None)
    if not turn.said.answers:
        return shown(asked)
    given = handed_in(turn, asked, limit, None)
    if given.written is None:
        return handed_back(asked, turn.said.answers, given.problems)
    number = broadcasts.draft(turn.tx, initiative.id, turn.person.key, given.written, turn.now)
    audit.note(turn.tx, turn.person.key, "broadcast.composed", f"{initiative.id} {number}", turn.now)
    return _draft(turn, number)


def edit(turn: Turn, rest: str) -> Reply:
    """The same form again, for what was written before."""
    found = broadcast(turn, rest, own)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    before = found.broadcast.written
    if found.broadcast.state not in WITH_AUTHOR:
        return standing(turn, found)
    asked = form(turn, found.initiative, found.scope, f"broadcast edit {rest}", before)
    if not turn.said.answers:
        return shown(asked)
    given = handed_in(turn, asked, found.scope, before)
    if given.written is None:
        return handed_back(asked, turn.said.answers, given.problems)
    broadcasts.save(turn.tx, found.broadcast.number, given.written)
    return _draft(turn, found.broadcast.number)


def translate(turn: Turn, rest: str) -> Reply:
    """A version in one more language; the same language again replaces it."""
    found = broadcast(turn, rest, own)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.state not in WITH_AUTHOR:
        return standing(turn, found)
    words, written = turn.words, found.broadcast.written
    asked = _translation(turn, rest, written)
    if again := incomplete(asked, turn.said.answers, words):
        return again
    given = {name: str(turn.said.answers[name]).strip() for name in ("language", "title", "text")}
    more = Version(given["language"], given["title"], given["text"])
    kept = tuple(one for one in written.versions if one.locale != more.locale)
    broadcasts.save(turn.tx, found.broadcast.number, replace(written, versions=(*kept, more)))
    return _draft(turn, found.broadcast.number)


def _translation(turn: Turn, number: str, written: Written) -> Card:
    """The form for one more language."""
    words = turn.words
    others = tuple(Option(one, Words(one)("language.own-name")) for one in LANGUAGES if one != written.original.locale)
    return Card(
        title=words("broadcast.translate-title", title=written.original.title),
        body=words("broadcast.translate-body"),
        asks=(
            Ask("language", words("broadcast.ask-language"), "choice", others),
            Ask("title", words("broadcast.ask-title"), longest=LONGEST_TITLE),
            Ask("text", words("broadcast.ask-text"), longest=LONGEST_TEXT),
        ),
        submits=f"broadcast translate {number}",
        submit_label=words("broadcast.save"),
        locale=words.language,
    )


def drop(turn: Turn, rest: str) -> Reply:
    """The draft is thrown away."""
    found = broadcast(turn, rest, own)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if not broadcasts.turn(turn.tx, found.broadcast.number, DROPPED, of=WITH_AUTHOR):
        return standing(turn, found)
    return said(turn, "broadcast.dropped")


def preview(turn: Turn, rest: str) -> Reply:
    """The card as its recipients will see it, in each language there is."""
    found = broadcast(turn, rest, any_of(own, decides))
    if found is None:
        return said(turn, "broadcast.not-permitted")
    one, playbooks = found.broadcast, turn.reader.playbooks
    asked = one.written.receipt and allowed("read-marks", "", playbooks)
    name = sending.author_name(turn.tx, one)
    spoken = [Words(v.locale, turn.words.zone, turn.words.own) for v in one.written.versions]
    seen = [card(one, found.initiative, words, name, asked) for words in spoken]
    lead = Card(body=turn.words("broadcast.preview-lead"), locale=turn.words.language)
    return shown(lead, *seen)


def check(turn: Turn, rest: str) -> Reply:
    """The dry run."""
    found = broadcast(turn, rest, own)
    if found is None:
        return said(turn, "broadcast.not-permitted")
    if found.broadcast.state not in WITH_AUTHOR:
        return standing(turn, found)
    return shown(checked(turn, found))


def checked(turn: Turn, found: Found) -> Card:
    """The dry run as a card, with whoever has to agree."""
    one, playbooks = found.broadcast, turn.reader.playbooks
    ran = dry_run.dry_run(turn.tx, one, playbooks, looker(turn), turn.now, turn.pace)
    needed = ran.meant > found.initiative.written.messaging.approve_above
    asked = sending.deciders(turn.tx, one, found.initiative, playbooks) if needed else []
    names = [reader.person.name or reader.person.email for reader in asked]
    if needed and not names:
        return Card(body=turn.words("broadcast.nobody-decides"), locale=turn.words.language)
    return cards.dry_run_card(one, turn.words, playbooks.organisation, ran, names)


def show(turn: Turn, rest: str) -> Reply:
    """Where it stands, with what can be done now."""
    found = broadcast(turn, rest, any_of(own, decides))
    return standing(turn, found) if found else said(turn, "broadcast.not-permitted")


def _draft(turn: Turn, number: int) -> Reply:
    one = broadcasts.get(turn.tx, number)
    if one is None:
        return said(turn, "broadcast.not-permitted")
    return shown(cards.draft_card(one, turn.words, turn.reader.playbooks.organisation))
