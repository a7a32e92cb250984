"""Listening: who is speaking, in which language to answer, what they may know. Gathers a turn, decides nothing else.

It reads the directory and the person's settings in the given transaction and knows no platform.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.answers.language import detect
from bot.cases import publishing
from bot.following.looking_back import lately
from bot.library import Snapshot
from bot.messages import Said
from bot.milestones.changes import releasing
from bot.playbook.access import Viewer
from bot.playbook.model import Playbooks
from bot.playbook.shared_files import Unit
from bot.store import accounts, following, people
from bot.store.engine import Session
from bot.store.people import PersonRecord
from bot.turn import ANYWHERE, Colleague, Deployment, Reader, Topic, Turn
from bot.words import LANGUAGES, Words

WELCOMED = "welcomed"


def listen(
    tx: Session,
    said: Said,
    topic: Topic,
    spoken: str,
    snapshot: Snapshot,
    now: datetime,
    draw: Callable[[int], int],
    deployment: Deployment = ANYWHERE,
) -> tuple[Turn, bool]:
    """The turn for what was said, and whether it is the person's first contact (noted here).

    `spoken` is the locale in which the conversation was answered last.
    """
    turn = look(tx, said, topic, spoken, snapshot, now, draw, deployment)
    following.note_visit(tx, turn.person.key, turn.reader.today)
    if said.place.kind == "direct":
        accounts.remember_direct(tx, said.person, said.place)
    first = WELCOMED not in turn.settings
    if first:
        people.set_setting(tx, turn.person.key, WELCOMED, "yes")
    return turn, first


def look(
    tx: Session,
    said: Said,
    topic: Topic,
    spoken: str,
    snapshot: Snapshot,
    now: datetime,
    draw: Callable[[int], int],
    deployment: Deployment = ANYWHERE,
) -> Turn:
    """The turn for somebody who only looks: they are known from now on, nothing else is noted."""
    person = accounts.identify(tx, said.person, now)
    settings = people.settings(tx, person.key)
    unit = snapshot.playbooks.organisation.units.get(person.unit)
    words = Words(
        locale=language(said, person, settings.get("language", ""), spoken, unit, snapshot.playbooks),
        zone=person.timezone or said.person.timezone or (unit.timezone if unit else "UTC"),
        own=snapshot.playbooks.organisation.policy.word_for,
    )
    reader = Reader(
        viewer=viewer(said, person),
        words=words,
        now=now,
        playbooks=snapshot.playbooks,
        index=snapshot.index,
        directory=lambda address: _colleague(tx, address),
        as_of=snapshot.as_of,
        topic=topic,
        direct=said.place.kind == "direct",
        pages=deployment.pages,
        lately=lambda initiative: lately(
            tx, person.key, viewer(said, person), words, snapshot.playbooks, initiative, _today(now, words)
        ),
        changed=lambda initiative: (
            *releasing.logged_lines(tx, initiative, words, snapshot.playbooks),
            *publishing.lines(tx, viewer(said, person), initiative, snapshot.playbooks, words),
        ),
    )
    return Turn(said=said, reader=reader, person=person, tx=tx, draw=draw, settings=settings, pace=deployment.pace)


def _today(now: datetime, words: Words) -> date:
    return now.astimezone(ZoneInfo(words.zone)).date()


def viewer(said: Said, person: PersonRecord) -> Viewer:
    """What this person may see in this place: in a place that others read, only what everybody there may."""
    crowd = said.place.kind != "direct"
    return Viewer(
        email=person.email if person.member else "",
        unit=person.unit if person.member else "",
        location=person.location,
        admin="admin" in person.roles and person.member,
        outsider=not person.member or (crowd and said.place.outsiders),
        crowd=crowd,
    )


def language(
    said: Said, person: PersonRecord, chosen: str, spoken: str, unit: Unit | None, playbooks: Playbooks
) -> str:
    """The locale to answer in: explicitly chosen, else the text's where that is sure, else the directory's, the
    platform profile's, the unit's, English. A press is answered in the language of the card it was on."""
    if chosen:
        return chosen
    if said.how == "typed":
        sure = detect(said.text, _languages(playbooks))
        if sure:
            return sure
    elif spoken:
        return spoken
    return person.locale or said.person.locale or (unit.locale if unit else "") or "en"


def _languages(playbooks: Playbooks) -> list[str]:
    written = {i.written.language.split("-")[0] for i in playbooks.initiatives.values()}
    return sorted({*LANGUAGES, *written})


def _colleague(tx: Session, address: str) -> Colleague | None:
    found = people.person_by_email(tx, address)
    return Colleague(found.name, found.unit) if found and found.left_on is None else None
