"""Telling whoever raised something, and everybody who joined, what becomes of it: the one way to do that.

Who is told in confidence gets a mail at a later slot, and nothing that is queued here says that there is anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.answers.language import detect
from bot.cases import mails
from bot.messages import Card, Post
from bot.people.calendar import language_of, zone_of
from bot.playbook.model import Playbooks
from bot.store import Session, case_history, case_supporters, mailbox, people
from bot.store.cases import Case
from bot.store.people import PersonRecord
from bot.turn import Turn
from bot.words import LANGUAGES, Words

Say = Callable[[Words], Card]


def to_author(
    tx: Session, playbooks: Playbooks, case: Case, say: Say, now: datetime, key: str = ""
) -> tuple[Post, ...]:
    """What tells the author of a case: a post under their name, where and how they wish; in confidence a mail in the
    mailbox and no post. Nothing where they are erased or have left.

    `say` gives the card in their words, with the buttons that an author has under their name. `key` makes the post
    unique; without it there is one for each step of the case's history.
    """
    if case.confidential:
        for one in mailbox.behind(tx, case.id):
            if one.role == mailbox.AUTHOR:
                _mail(tx, playbooks, case, one, say, now)
        return ()
    key = key or _key(tx, case)
    if case.asker is None:
        return _to_place(playbooks, case, say, key)
    author = _there(tx, case.asker)
    if author is None:
        return ()
    card = say(words_of(tx, playbooks, author))
    if case.kind == "question" and case.reply_to.platform:
        return (Post(key=key, card=card, place=case.reply_to, reply=True),)
    return (Post(key=key, card=card, person=author.key),)


def to_everyone(
    tx: Session, playbooks: Playbooks, case: Case, say: Say, now: datetime, key: str = ""
) -> tuple[Post, ...]:
    """What tells the author and everybody who joined. `say` and `key` as for `to_author`."""
    told = to_joined(tx, playbooks, case, say, now, key)
    return (*to_author(tx, playbooks, case, say, now, key), *told)


def to_joined(
    tx: Session, playbooks: Playbooks, case: Case, say: Say, now: datetime, key: str = ""
) -> tuple[Post, ...]:
    """What tells those who joined, under their name or in confidence, and not the author."""
    key = key or _key(tx, case)
    posts = []
    for supporter in case_supporters.supporters(tx, case.id):
        there = _there(tx, supporter)
        if there is not None:
            card = say(words_of(tx, playbooks, there))
            posts.append(Post(key=f"{key}:{supporter}", card=card, person=supporter))
    for one in mailbox.behind(tx, case.id):
        if one.role == mailbox.JOINED:
            _mail(tx, playbooks, case, one, say, now)
    return tuple(posts)


def is_author(turn: Turn, case: Case) -> bool:
    """Whether the person of this turn raised the case: under their name, in confidence, or without a name in the direct
    conversation that this is.
    """
    if case.asker:
        return case.asker == turn.person.key
    if case.confidential:
        return mailbox.Behind(case.id, turn.person.key, mailbox.AUTHOR) in mailbox.behind(turn.tx, case.id)
    place, here = case.reply_to, turn.said.place
    same = (place.platform, place.workspace, place.conversation) == (here.platform, here.workspace, here.conversation)
    return place.kind == "direct" and same


def words_of(tx: Session, playbooks: Playbooks, person: PersonRecord) -> Words:
    """The words in which this person is written to."""
    unit = playbooks.organisation.units.get(person.unit)
    settings = people.settings(tx, person.key)
    own = playbooks.organisation.policy.word_for
    return Words(language_of(person, settings, unit), zone_of(person, unit), own)


def _key(tx: Session, case: Case) -> str:
    return f"case:{case.number}:told:{len(case_history.history(tx, case.id))}"


def _there(tx: Session, person: str) -> PersonRecord | None:
    found = people.person(tx, person) if person else None
    return found if found and found.left_on is None else None


def _mail(tx: Session, playbooks: Playbooks, case: Case, whom: mailbox.Behind, say: Say, now: datetime) -> None:
    there = _there(tx, whom.person)
    if there is not None:
        card = say(words_of(tx, playbooks, there))
        closed = mailbox.is_closed(tx, case.id)
        mails.write(tx, playbooks, case, there, mails.in_confidence(card, case, closed), now)


def _to_place(playbooks: Playbooks, case: Case, say: Say, key: str) -> tuple[Post, ...]:
    """The answer to what was asked without a name goes to where it was asked."""
    if not case.reply_to.platform:
        return ()
    initiative = playbooks.initiatives.get(case.initiative)
    spoken = detect(case.text, LANGUAGES) or (initiative.written.language if initiative else "") or case.locale
    card = say(Words(spoken, "UTC", playbooks.organisation.policy.word_for))
    return (Post(key=key, card=card, place=case.reply_to, reply=True),)
