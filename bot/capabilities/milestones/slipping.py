"""A new date for a milestone: said with its reason, released by the project manager, told with the old date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.capabilities.milestones.subjects import day_in
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card
from bot.milestones import telling
from bot.milestones.changes import releasing
from bot.milestones.changes.facts import fact_of
from bot.milestones.previews import release_card
from bot.milestones.standing import decides
from bot.milestones.subjects import subjects_of
from bot.milestones.words import Subject, moved
from bot.store import audit, changes
from bot.store import milestones as kept
from bot.store.milestones import DROPPED, SENT
from bot.turn import Reply, Turn

LONGEST = 1000


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def slips(turn: Turn, subject: Subject, text: str) -> Reply:
    """A new date with its reason; it holds, and is told, when the project manager has released it."""
    words = turn.words
    first, _, behind = text.partition(" ")
    typed = {"date": first, "reason": behind.strip()} if day_in(first) else {"reason": text}
    form = _slip_form(turn, subject)
    given = {name: str(value).strip() for name, value in (turn.said.answers or typed).items()}
    missing = problems(form.asks, given, words)
    wrong = missing or _wrong_date(turn, subject, given)
    if wrong and turn.said.answers:
        return handed_back(form, given, wrong)
    if missing:
        return handed_back(form, given, {})
    if wrong:
        again = replace(form, body=f"{wrong['date']}\n\n{form.body}")
        return handed_back(again, {"reason": given["reason"]}, {})
    return _proposed(turn, subject, date.fromisoformat(given["date"]), given["reason"])


def _slip_form(turn: Turn, subject: Subject) -> Card:
    words = turn.words
    name, old = subject.title(words), words.day(subject.standing.on)
    return Card(
        title=name,
        body=words("milestone.slip-body", date=old),
        asks=(
            Ask("date", words("milestone.slip-date"), kind="date"),
            Ask("reason", words("milestone.slip-reason"), longest=LONGEST, hint=words("milestone.slip-hint")),
        ),
        submits=f"milestone slips {subject.ref}",
        submit_label=words("milestone.save"),
        locale=words.language,
    )


def _wrong_date(turn: Turn, subject: Subject, given: Mapping[str, str]) -> dict[str, str]:
    day = date.fromisoformat(given["date"])
    if day == subject.standing.on:
        return {"date": turn.words("milestone.slip-same")}
    return {"date": turn.words("milestone.slip-past")} if day < turn.reader.today else {}


def _proposed(turn: Turn, subject: Subject, day: date, reason: str) -> Reply:
    initiative, standing = subject.initiative, subject.standing
    id = kept.propose(turn.tx, initiative.id, standing.id, standing.on, day, reason, turn.person.key, turn.reader.today)
    audit.note(turn.tx, turn.person.key, "milestone.new-date-said", subject.ref, turn.now)
    slip, leader = kept.slip(turn.tx, id), telling.leader(turn.tx, initiative, turn.reader.playbooks)
    if slip is None or leader is None:
        return _no(turn, "milestone.nobody-releases")
    announcement = telling.for_people(subject, f"milestone-moved:{id}", moved(slip), turn.reader.today)
    dry_run = telling.dry_run(turn.tx, subject, announcement, turn.reader.playbooks)
    if leader.person.key == turn.person.key:
        return Reply(cards=(release_card(subject, turn.words, slip, dry_run),), personal=True)
    card = release_card(subject, leader.words, slip, dry_run)
    passed = Card(body=turn.words("milestone.slip-passed", name=leader.person.name), locale=turn.words.language)
    telling.to_one(turn.tx, f"milestone-slip:{id}", leader, card, turn.now)
    return Reply(cards=(passed,), personal=True)


def _slip_of(turn: Turn, id: str) -> tuple[kept.Slip, Subject] | None:
    """A new date with its milestone, if this person decides about it."""
    slip = kept.slip(turn.tx, id) if id.isalnum() else None
    initiative = turn.reader.initiative(slip.initiative) if slip else None
    if slip is None or initiative is None or not (turn.person.member and decides(turn.person.email, initiative)):
        return None
    subject = next((s for s in subjects_of(turn.tx, turn.reader, initiative) if s.standing.id == slip.milestone), None)
    return (slip, subject) if subject else None


def send(turn: Turn, rest: str) -> Reply:
    """Releases a new date: it holds from now on. Who had asked and change agents hear of it now, everybody else a
    working day later."""
    found = _slip_of(turn, rest)
    if found is None:
        return _no(turn, "milestone.not-yours")
    slip, subject = found
    if slip.state != kept.WAITING:
        return _no(turn, "milestone.decided-already")
    if subject.standing.on != slip.before:
        return _no(turn, "milestone.slip-gone")
    if not kept.answer(turn.tx, slip.id, SENT):
        return _no(turn, "milestone.decided-already")
    initiative = subject.initiative
    kept.move(turn.tx, initiative.id, slip.milestone, slip.to, subject.standing.milestone.date)
    audit.note(turn.tx, turn.person.key, "milestone.moved", f"{subject.ref} {slip.before} {slip.to}", turn.now)
    day = _told(turn, slip, subject)
    return _no(turn, "milestone.slip-sent", date=turn.words.weekday(day or turn.reader.today))


def _told(turn: Turn, slip: kept.Slip, subject: Subject) -> date | None:
    """Puts it in the decision log and tells of it as of any change of what people were told."""
    initiative, fact, before, after = subject.initiative, fact_of(slip.milestone), slip.before, slip.to
    playbooks = turn.reader.playbooks
    change = changes.add(
        turn.tx, initiative.id, fact, before.isoformat(), after.isoformat(), turn.now, wide=True, reason=slip.reason
    )
    about = releasing.about(turn.tx, initiative, [subject.standing], fact, playbooks)
    asked = releasing.askers(turn.tx, initiative, fact, "")
    return releasing.release(turn.tx, change, slip.reason, about, playbooks, turn.now, asked)


def drop(turn: Turn, rest: str) -> Reply:
    """The old date stays."""
    found = _slip_of(turn, rest)
    if found is None:
        return _no(turn, "milestone.not-yours")
    slip, subject = found
    if not kept.answer(turn.tx, slip.id, DROPPED):
        return _no(turn, "milestone.decided-already")
    audit.note(turn.tx, turn.person.key, "milestone.new-date-dropped", subject.ref, turn.now)
    return _no(turn, "milestone.slip-dropped", date=turn.words.day(subject.standing.on))
