"""How a milestone stands, as its owner, the project manager or the sponsor says."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.delivery.moment import right_moment
from bot.dialogue import handed_back, incomplete, problems
from bot.messages import Ask, Card, Choice, Post, escape
from bot.milestones import plan, telling
from bot.milestones.asking import answers
from bot.milestones.roadmap import state
from bot.milestones.standing import decides
from bot.milestones.telling import Reader
from bot.milestones.words import Subject, at_risk_ahead, paragraphs, reach_facts, stands
from bot.store import announcements, audit
from bot.store import milestones as kept
from bot.store.milestones import APPROVED, ASKED, AT_RISK, DONE, HELD, ON_TRACK, SHOWN
from bot.turn import Reply, Turn
from bot.words import Words

LONGEST = 1000
_STATES = {
    SHOWN: "milestone.post-shown",
    ASKED: "milestone.post-asked",
    APPROVED: "milestone.post-approved",
    HELD: "milestone.post-held",
}


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),), personal=True)


def status(turn: Turn, subject: Subject, _text: str) -> Reply:
    """How it stands, which posts about it wait, and what can be said of it."""
    words, standing = turn.words, subject.standing
    said = state(words, standing, turn.reader.today)
    body = words("milestone.stands", name=subject.title(words), date=words.day(standing.on), state=said)
    note = f"\n\n{escape(standing.report.note)}" if standing.report.note else ""
    passed = standing.on < turn.reader.today
    choices = (
        *answers(subject, words, passed)[:-1],
        Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}"),
    )
    posts, held = _posts(turn, subject)
    card = Card(body=f"{body}{note}{posts}", choices=tuple(dict.fromkeys((*held, *choices))), locale=words.language)
    return Reply(cards=(card,), personal=True)


def _posts(turn: Turn, subject: Subject) -> tuple[str, list[Choice]]:
    """The posts that wait, as a list, and a button for each that is held, for whoever decides about it."""
    words, initiative = turn.words, subject.initiative
    calendar = telling.project_calendar(
        telling.leader(turn.tx, initiative, turn.reader.playbooks), initiative, turn.reader.playbooks
    )
    on = subject.standing.on
    shown = {one.id.stage: one for one in kept.posts(turn.tx, initiative.id) if one.id.date == on}
    mine = {stage: one for stage, one in shown.items() if one.id.milestone == subject.standing.id}
    rows, held = [], []
    for planned in plan.posts(on, calendar, turn.reader.today):
        one = mine.get(planned.stage)
        if one is None or one.state not in _STATES:
            continue
        rows.append(f"- {words.weekday(planned.day)}: {words(_STATES[one.state])}")
        if one.state == HELD and decides(turn.person.email, initiative):
            says = f"milestone as-planned {subject.ref} {on} {planned.stage}"
            held.append(Choice(words("milestone.after-all-button"), says))
    return (f"\n\n**{words('milestone.posts')}**\n" + "\n".join(rows) if rows else ""), held


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
        return handed_back(form, turn.said.answers, wrong)
    subject = _keep(turn, subject, DONE, given)
    card = Card(body=words("milestone.done-noted", name=subject.title(words)), locale=words.language)
    return _reported(turn, subject, card)


def at_risk(turn: Turn, subject: Subject, text: str) -> Reply:
    """It may not be reached: with the reason, which is asked for. Change agents hear of it at once."""
    words = turn.words
    form = _form(turn, subject, AT_RISK, words("milestone.risk-question"), words("milestone.risk-hint"))
    given, wrong = _given(turn, form, text)
    if given is None:
        return handed_back(form, turn.said.answers, wrong)
    subject = _keep(turn, subject, AT_RISK, given)
    if telling.is_told(subject.initiative):
        mark = turn.tx.seal.mark("milestone-risk", given)
        key, playbooks = f"milestone-risk:{subject.ref}:{mark}", turn.reader.playbooks
        telling.to_agents(turn.tx, subject, key, at_risk_ahead(given), playbooks, turn.now)
    slips = Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}")
    card = Card(body=words("milestone.risk-noted", name=subject.title(words)), choices=(slips,), locale=words.language)
    return _reported(turn, subject, card)


def tell(turn: Turn, subject: Subject, text: str) -> Reply:
    """Everybody concerned hears that it is done or at risk, in words that are asked for; once for what was said."""
    report, words = subject.standing.report, turn.words
    if not decides(turn.person.email, subject.initiative):
        return _no(turn, "milestone.not-yours")
    if text not in (DONE, AT_RISK) or text != report.state or not telling.is_told(subject.initiative):
        return _no(turn, "milestone.tell-gone")
    mark = turn.tx.seal.mark("milestone-told", text, str(report.said_on), report.note)
    key = f"milestone-{text}:{subject.ref}:{mark}"
    if announcements.progress(turn.tx, key):
        return _no(turn, "milestone.decided-already")
    question = words("milestone.tell-question")
    form = _form(turn, subject, f"tell {subject.ref} {text}", question, words("milestone.slip-hint"), report.note)
    if again := incomplete(form, turn.said.answers, words):
        return again
    written, today = stands(text, str(turn.said.answers["text"]).strip()), turn.reader.today
    if not telling.announce(turn.tx, telling.for_people(subject, key, written, today), turn.now):
        return _no(turn, "milestone.decided-already")
    telling.to_channels(turn.tx, subject, key, written, today, turn.now)
    audit.note(turn.tx, turn.person.key, f"milestone.told-{text}", subject.ref, turn.now)
    return _no(turn, "milestone.told-all")


def _form(turn: Turn, subject: Subject, verb: str, question: str, hint: str, value: str = "") -> Card:
    words, (_, milestone) = turn.words, subject.texts(turn.words)
    needed = verb == DONE and milestone.done_when
    return Card(
        title=subject.title(words),
        body=words("milestone.done-when", text=milestone.done_when) if needed else "",
        asks=(Ask("text", question, longest=LONGEST, value=value, hint=hint),),
        submits=f"milestone {verb}" if " " in verb else f"milestone {verb} {subject.ref}",
        submit_label=words("milestone.save"),
        locale=words.language,
    )


def _given(turn: Turn, form: Card, text: str) -> tuple[str | None, dict[str, str]]:
    """What was typed or handed in; None with what is wrong, or with nothing where the form was not handed in yet."""
    if not turn.said.answers:
        return (text[:LONGEST] or None), {}
    wrong = problems(form.asks, turn.said.answers, turn.words)
    return (None, wrong) if wrong else (str(turn.said.answers["text"]).strip(), {})


def _keep(turn: Turn, subject: Subject, said: str, note: str) -> Subject:
    """Notes it; the milestone as it stands from now on."""
    here = turn.now.astimezone(ZoneInfo(turn.words.zone)).date()
    kept.report(turn.tx, subject.initiative.id, subject.standing.id, said, note, turn.person.key, here)
    audit.note(turn.tx, turn.person.key, f"milestone.{said}", subject.ref, turn.now)
    report = replace(subject.standing.report, state=said, note=note, said_on=here)
    return replace(subject, standing=replace(subject.standing, report=report))


def _reported(turn: Turn, subject: Subject, noted: Card) -> Reply:
    """The answer to whoever said it; the project manager, and of a risk the sponsor too, hears it at once."""
    tx, playbooks, written = turn.tx, turn.reader.playbooks, subject.initiative.written
    leader = telling.leader(tx, subject.initiative, playbooks)
    sponsor = telling.reader(tx, written.sponsor, playbooks) if subject.standing.report.state == AT_RISK else None
    event = f"{turn.said.place.platform}:{turn.said.event}"
    posts = {
        one.person.key: Post(
            key=f"milestone-said:{event}:{one.person.key}",
            card=_said_card(turn, subject, one, tells=one is leader),
            person=one.person.key,
            not_before=right_moment(turn.now, one.calendar),
        )
        for one in (sponsor, leader)
        if one and one.person.key != turn.person.key
    }
    finished = _finished(turn, subject, turn.words) if leader and leader.person.key == turn.person.key else None
    return Reply(cards=(noted, finished) if finished else (noted,), personal=True, posts=tuple(posts.values()))


def _said_card(turn: Turn, subject: Subject, whom: Reader, tells: bool) -> Card:
    """What somebody said, for the project manager with the finished message for everybody."""
    words, report = whom.words, subject.standing.report
    key = "milestone.told-done" if report.state == DONE else "milestone.told-risk"
    who = escape(turn.person.name or turn.person.email)
    lead = words(key, who=who, name=subject.title(words), date=words.day(subject.standing.on))
    finished = _finished(turn, subject, words) if tells else None
    slips = Choice(words("milestone.slips-button"), f"milestone slips {subject.ref}")
    return Card(
        body=paragraphs(lead, escape(report.note), finished.body if finished else ""),
        facts=finished.facts if finished else (),
        choices=(*(finished.choices if finished else ()), *((slips,) if report.state == AT_RISK else ())),
        locale=words.language,
    )


def _finished(turn: Turn, subject: Subject, words: Words) -> Card | None:
    """The message for everybody concerned as it would go out, with whom it would reach; None of a draft."""
    if not telling.is_told(subject.initiative):
        return None
    report = subject.standing.report
    written = stands(report.state, report.note)
    shown, key = written(subject, words, ""), f"milestone-{report.state}:{subject.ref}"
    announcement = telling.for_people(subject, key, written, turn.reader.today)
    dry_run = telling.dry_run(turn.tx, subject, announcement, turn.reader.playbooks)
    tell = Choice(words("milestone.tell-button"), f"milestone tell {subject.ref} {report.state}", style="primary")
    return Card(
        body=paragraphs(words("milestone.tell-lead"), f"**{shown.title}**", shown.body),
        facts=reach_facts(words, dry_run, to_people=True),
        choices=(tell,),
        locale=words.language,
    )
