"""How a milestone stands, as its owner, the project manager or the sponsor says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Choice, Post, escape
from bot.milestones import plan, telling
from bot.milestones.roadmap import state
from bot.milestones.words import Subject, answers
from bot.store import audit
from bot.store import milestones as kept
from bot.store.milestones import AT_RISK, DONE, ON_TRACK
from bot.turn import Reply, Turn

LONGEST = 1000


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def status(turn: Turn, subject: Subject, _text: str) -> Reply:
    """How it stands, and what can be said of it."""
    words, standing = turn.words, subject.standing
    said = state(words, standing, turn.reader.today)
    body = words("milestone.stands", name=subject.title(words), date=words.day(standing.on), state=said)
    note = f"\n\n{escape(standing.report.note)}" if standing.report.note else ""
    passed = standing.on < turn.reader.today
    choices = (
        *answers(subject, words, passed)[:-1],
        Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}"),
    )
    card = Card(body=f"{body}{note}", choices=tuple(dict.fromkeys(choices)), locale=words.language)
    return Reply(cards=(card,), personal=True)


def on_track(turn: Turn, subject: Subject, _text: str) -> Reply:
    """It is as planned."""
    _keep(turn, subject, ON_TRACK, "")
    return _no(turn, "milestone.on-track-noted", name=subject.title(turn.words))


def later(turn: Turn, subject: Subject, _text: str) -> Reply:
    """Nothing is said yet: the owner is asked again, as long as there is time for it."""
    reader = telling.reader(turn.tx, turn.person.email, turn.reader.playbooks)
    if reader is None:
        return _no(turn, "milestone.not-yours")
    day = plan.next_working_day(turn.reader.today, reader.calendar)
    if plan.question(subject.standing, reader.calendar, day) is None:
        return _no(turn, "milestone.later-no-more")
    return _no(turn, "milestone.later-noted", date=turn.words.weekday(day))


def done(turn: Turn, subject: Subject, text: str) -> Reply:
    """It is reached: with evidence, which is asked for."""
    words = turn.words
    form = _form(turn, subject, DONE, words("milestone.done-question"), words("milestone.done-hint"))
    given, wrong = _given(turn, form, text)
    if given is None:
        return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong, personal=True)
    _keep(turn, subject, DONE, given)
    body = words("milestone.done-noted", name=subject.title(words))
    return Reply(
        cards=(Card(body=body, locale=words.language),), personal=True, posts=_told_leader(turn, subject, DONE, given)
    )


def at_risk(turn: Turn, subject: Subject, text: str) -> Reply:
    """It may not be reached: with the reason, which is asked for."""
    words = turn.words
    form = _form(turn, subject, AT_RISK, words("milestone.risk-question"), words("milestone.risk-hint"))
    given, wrong = _given(turn, form, text)
    if given is None:
        return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong, personal=True)
    _keep(turn, subject, AT_RISK, given)
    slips = Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}")
    card = Card(body=words("milestone.risk-noted", name=subject.title(words)), choices=(slips,), locale=words.language)
    return Reply(cards=(card,), personal=True, posts=_told_leader(turn, subject, AT_RISK, given))


def _form(turn: Turn, subject: Subject, verb: str, question: str, hint: str) -> Card:
    words = turn.words
    return Card(
        title=subject.title(words),
        body="",
        asks=(Ask("text", question, longest=LONGEST, hint=hint),),
        submits=f"milestone {verb} {subject.ref}",
        submit_label=words("milestone.save"),
        locale=words.language,
    )


def _given(turn: Turn, form: Card, text: str) -> tuple[str | None, dict[str, str]]:
    """What was typed or handed in; None with what is wrong, or with nothing where the form was not handed in yet."""
    if not turn.said.answers:
        return (text[:LONGEST] or None), {}
    wrong = problems(form.asks, turn.said.answers, turn.words)
    return (None, wrong) if wrong else (str(turn.said.answers["text"]).strip(), {})


def _keep(turn: Turn, subject: Subject, said: str, note: str) -> None:
    here = turn.now.astimezone(ZoneInfo(turn.words.zone)).date()
    kept.report(turn.tx, subject.initiative.id, subject.standing.id, said, note, turn.person.key, here)
    audit.note(turn.tx, turn.person.key, f"milestone.{said}", subject.ref, turn.now)


def _told_leader(turn: Turn, subject: Subject, said: str, note: str) -> tuple[Post, ...]:
    """The project manager hears what somebody else said."""
    leader = telling.leader(turn.tx, subject.initiative, turn.reader.playbooks)
    if leader is None or leader.person.key == turn.person.key:
        return ()
    words, name = leader.words, escape(turn.person.name or turn.person.email)
    key = "milestone.told-done" if said == DONE else "milestone.told-risk"
    body = words(key, who=name, name=subject.title(words), date=words.day(subject.standing.on))
    slips = Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}")
    card = Card(body=f"{body}\n\n{escape(note)}", choices=(slips,) if said == AT_RISK else (), locale=words.language)
    event = f"{turn.said.place.platform}:{turn.said.event}"
    return (Post(key=f"milestone-said:{event}", card=card, person=leader.person.key),)
