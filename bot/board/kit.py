"""The kit of a change agent for one milestone: what to say, and which questions to expect, each with its source.

It quotes what the playbook says and only what the colleagues themselves may read. Who may have a kit stands here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.answers.rank import MENTION_FROM, find
from bot.messages import escape
from bot.milestones.standing import decides, units_of
from bot.milestones.subjects import subjects_of
from bot.milestones.words import Subject
from bot.playbook.access import Viewer, in_audience, lineage, may_read
from bot.playbook.check_topics import TOPICS, topics_of
from bot.playbook.initiative_file import AffectedUnit, Milestone
from bot.playbook.model import Initiative, Passage
from bot.store import gaps
from bot.store.engine import Session
from bot.store.gaps import Gap
from bot.store.milestones import AT_RISK, DONE
from bot.turn import Reader

ASKED_BY = 5
"""Different people from which on a question without an answer is shown: fewer could be recognised by their words."""
ASKED_WITHIN = timedelta(days=28)
MOST_ASKED, MOST_NEAR, MOST_COMMON, MOST_QUESTIONS = 2, 2, 5, 7
SHORT, SHORTEST = 280, 50
"""Characters of an answer, and of the least that a cut leaves."""
STEPS = 4


@dataclass(frozen=True, slots=True)
class Likely:
    """A question to expect. `answer` is Markdown; `source` says who wrote it and when, '' where nothing is written."""

    question: str
    answer: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """What to say about a milestone in these units; texts are Markdown, each point with its heading."""

    subject: Subject
    units: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    questions: tuple[Likely, ...]


def units_for(email: str, initiative: Initiative, milestone: Milestone, reader: Reader) -> tuple[str, ...]:
    """The affected units for which this person speaks of the milestone: a change agent for the own ones that it
    concerns, whoever leads the initiative for all of these. None where it is not theirs.
    """
    if not email or reader.viewer.outsider:
        return ()
    above, affected = reader.playbooks.organisation.units, {unit.id for unit in initiative.written.units}
    concerned = set(units_of(initiative, milestone))
    if decides(email, initiative):
        return tuple(unit.id for unit in initiative.written.units if unit.id in concerned)
    lines = [(u, *lineage(u, above)) for u, agents in initiative.written.change_agents.items() if email in agents]
    found = [next((u for u in line if u in affected), "") for line in lines if concerned & set(line)]
    return tuple(dict.fromkeys(unit for unit in found if unit))


def subjects_for(tx: Session, reader: Reader) -> Iterator[tuple[Subject, tuple[str, ...]]]:
    """The milestones of which the reader has a kit, with the units it is for: by initiative, then by date."""
    for initiative in reader.initiatives():
        for subject in subjects_of(tx, reader, initiative):
            if units := units_for(reader.viewer.email, initiative, subject.standing.milestone, reader):
                yield subject, units


def is_coming(subject: Subject, reader: Reader) -> bool:
    """Whether its date is not over and it was not reported as reached."""
    return subject.standing.on >= reader.today and subject.standing.report.state != DONE


def kit(tx: Session, reader: Reader, subject: Subject, units: tuple[str, ...]) -> Kit:
    """The kit for these units, in the reader's language where the playbook has it."""
    points = tuple((reader.words(f"kit.{key}"), text) for key, text in _points(reader, subject, units) if text)
    return Kit(subject, units, points, tuple(_questions(tx, reader, subject, units))[:MOST_QUESTIONS])


def short(text: str, longest: int = SHORT) -> str:
    """The beginning of a text up to the end of a sentence, at most so many characters, in one paragraph."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    head = flat[:longest]
    end = max(head.rfind(stop) for stop in (". ", "! ", "? "))
    return head[: end + 1] if end >= SHORTEST else head[: head.rfind(" ")].rstrip(" ,;:") + " …"


def when_text(reader: Reader, subject: Subject) -> str:
    """The date that holds, the one before it where it moved, and that it is at risk where it was said so."""
    words, standing = reader.words, subject.standing
    day = words("milestone.date", weekday=words.weekday(standing.on), year=str(standing.on.year))
    parts = [f"**{day}**"]
    parts += [words("kit.was", date=words.day(standing.before))] if standing.before else []
    if standing.report.state == AT_RISK:
        parts.append(words("kit.at-risk", note=escape(standing.report.note)))
    return " ".join(parts)


def asked_of(reader: Reader, subject: Subject, units: Iterable[str]) -> list[str]:
    """What people in these units are asked to do before the milestone: sessions, lessons, and where they have a say."""
    words, text = reader.words, subject.initiative.text(reader.words.locale)
    organisation, today, until = reader.playbooks.organisation.units, reader.today, subject.standing.on

    def meant(audience: str | None) -> bool:
        name = audience or "all-affected"
        return any(in_audience(Viewer(unit=u), name, subject.initiative, organisation) for u in units)

    plan = text.learning
    dated = (
        [s for s in plan.sessions if s.when and today <= s.when.date() <= until and meant(s.audience)] if plan else []
    )
    found = [words("kit.session", name=s.name, date=words.weekday(s.when.date())) for s in dated if s.when]
    found += [words("kit.lesson", name=one.name) for one in (plan.lessons if plan else ()) if meant(one.audience)]
    still = [
        d for d in text.decisions if d.status == "open" and d.how_to_be_heard and (not d.until or d.until >= today)
    ]
    found += [words("kit.have-a-say", what=d.what.rstrip("."), how=d.how_to_be_heard) for d in still[:1]]
    return found[:STEPS]


def _points(reader: Reader, subject: Subject, units: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    words = reader.words
    text, milestone = subject.texts(words)
    yield "what", " ".join((milestone.say or text.summary).split())
    yield "why", short(text.purpose)
    yield "when", when_text(reader, subject)
    affected = [_for_unit(reader, unit, len(units) > 1) for unit in text.units if unit.id in units]
    yield "for-unit", "\n\n".join(one for one in affected if one)
    asked = asked_of(reader, subject, units)
    yield "asked", "\n".join(f"- {one}" for one in asked) or words("kit.asked-nothing")


def _for_unit(reader: Reader, unit: AffectedUnit, several: bool) -> str:
    words = reader.words
    name = f"**{reader.unit_name(unit.id)}:** " if several else ""
    lists = (("gains", unit.gains), ("losses", unit.losses), ("stays", unit.stays))
    rows = [f"- {words(f'changes.{key}')}: {'; '.join(items)}" for key, items in lists if items]
    return "\n".join([f"{name}{' '.join(unit.changes.split())}".strip(), *rows]).strip()


def _questions(tx: Session, reader: Reader, subject: Subject, units: tuple[str, ...]) -> Iterator[Likely]:
    """What was asked lately, what is near the milestone, what is written for the unit, what everybody asks."""
    for gap in _asked_lately(tx, reader, subject):
        yield Likely(escape(" ".join(gap.text.split())), reader.words("kit.not-written"))
    told: set[str] = set()
    for passage in _chosen(reader, subject, units):
        if passage.original not in told:
            told.add(passage.original)
            yield Likely(passage.heading, short(passage.body), _source(reader, subject.initiative, passage))


def _source(reader: Reader, initiative: Initiative, passage: Passage) -> str:
    name = reader.names(passage.owner or initiative.written.project_manager)
    day = passage.reviewed or reader.as_of.get(initiative.id)
    return reader.words("kit.from", name=name, date=reader.words.day(day)) if day else name


def _asked_lately(tx: Session, reader: Reader, subject: Subject) -> list[Gap]:
    since = reader.today - ASKED_WITHIN
    found = gaps.gaps(tx, subject.initiative.id)
    return [gap for gap in found if gap.askers >= ASKED_BY and gap.week >= since][:MOST_ASKED]


def _chosen(reader: Reader, subject: Subject, units: tuple[str, ...]) -> Iterator[Passage]:
    there = [p for p in _readable(reader, subject.initiative, units) if p.kind == "question"]
    ids = {p.id for p in there}
    _, milestone = subject.texts(reader.words)
    near = find(
        reader.index,
        f"{milestone.name} {milestone.say}",
        locale=reader.words.locale,
        allowed=lambda passage: passage.id in ids,
        units=units,
        initiative=subject.initiative.id,
        limit=MOST_NEAR,
    )
    yield from (hit.passage for hit in near.hits if hit.confidence >= MENTION_FROM)
    spoken = [p for p in there if p.id in {v.id for v in _in_language(there, reader.words.language)}]
    sounds = {p.id: set(topics_of((p.heading, *p.also), p.locale)) for p in spoken}
    ordered = sorted(spoken, key=lambda p: not set(p.units) & set(units))
    common = (next((p for p in ordered if topic in sounds[p.id]), None) for topic in TOPICS)
    yield from [p for p in common if p][:MOST_COMMON]
    yield from (p for p in spoken if set(p.units) & set(units))


def _readable(reader: Reader, initiative: Initiative, units: tuple[str, ...]) -> list[Passage]:
    """What the reader may read and every colleague in these units may, so that it can be passed on."""
    above, own = reader.playbooks.organisation.units, reader.permission()
    colleagues = [replace(Viewer(), unit=unit) for unit in units]
    passages = (p for p in initiative.passages if own(p))
    return [p for p in passages if all(may_read(one, p, initiative, above) for one in colleagues)]


def _in_language(passages: list[Passage], language: str) -> list[Passage]:
    """Each text once: in this language where there is one, else as it was written first."""
    found: dict[str, Passage] = {}
    for one in passages:
        if one.original not in found or one.locale.partition("-")[0] == language:
            found[one.original] = one
    return list(found.values())
