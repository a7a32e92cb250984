"""What is said of milestones: to everybody concerned, to change agents, to the project manager, to an owner. Pure.

Every date is written out. A message waits for its reader's right moment, so that "tomorrow" could be wrong by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.delivery.announcing import Preview
from bot.messages import Card, Choice, escape
from bot.milestones.plan import Planned, Question
from bot.milestones.standing import Standing, said, units_of
from bot.playbook.model import AffectedUnit, Initiative, InitiativeFile, Milestone, Organisation
from bot.store.announcements import Wording
from bot.store.milestones import AT_RISK, Slip
from bot.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Subject:
    """A milestone with all that its texts need: the organisation, and the name of whoever has an address."""

    initiative: Initiative
    standing: Standing
    organisation: Organisation
    name: Callable[[str], str]

    @property
    def ref(self) -> str:
        """How a button names the milestone."""
        return f"{self.initiative.id}/{self.standing.id}"

    def texts(self, words: Words) -> tuple[InitiativeFile, Milestone]:
        """The initiative's and the milestone's texts in the language of these words."""
        return said(self.initiative, self.standing.milestone, words.locale)

    def title(self, words: Words) -> str:
        """The milestone's name."""
        _, milestone = self.texts(words)
        return milestone.name or milestone.id

    def project(self, words: Words) -> str:
        """The initiative's name as people say it: what stands before a colon."""
        return self.initiative.text(words.locale).name.partition(":")[0].strip()

    def unit_name(self, unit: str, words: Words) -> str:
        """A unit's name in the language of these words."""
        translated = self.organisation.translated_units.get(words.language, {}).get(unit)
        found = translated or self.organisation.units.get(unit)
        return (found.name if found else "") or unit


Written = Callable[[Subject, Words, str], Card]
"""A card for the people of a unit, or with '' for everybody."""


def wordings(subject: Subject, written: Written) -> tuple[Wording, ...]:
    """The card in every language that the bot speaks: for everybody, and for each unit concerned that is told more."""
    own, found = subject.organisation.policy.word_for, list[Wording]()
    for words in (Words(language, own=own) for language in LANGUAGES):
        general = written(subject, words, "")
        found.append(Wording(words.language, general))
        for unit in units_of(subject.initiative, subject.standing.milestone):
            card = written(subject, words, unit)
            found += [Wording(words.language, card, unit)] if card != general else []
    return tuple(found)


def news(subject: Subject, words: Words, unit: str) -> Card:
    """The post itself: the date, what the project team says, and what it means in this unit."""
    _, milestone = subject.texts(words)
    lead = f"**{_date(words, subject.standing.on)}**"
    return _told(subject, words, _paragraphs(lead, milestone.say, _for_unit(subject, words, unit)))


def heads_up(subject: Subject, words: Words, unit: str) -> Card:
    """What change agents read before everybody else: the post, and what to say when they are asked."""
    text, milestone = subject.texts(words)
    lead = words("milestone.agents-lead", name=subject.title(words), date=_date(words, subject.standing.on))
    points = [milestone.say, *(_point(subject, words, one) for one in _units(subject, text, unit))]
    if milestone.done_when:
        points.append(words("milestone.done-when", text=milestone.done_when))
    points.append(words("milestone.agents-ask", name=subject.name(text.project_manager)))
    listed = "\n".join(f"- {' '.join(point.split())}" for point in points if point)
    body = _paragraphs(lead, f"**{words('milestone.agents-points')}**\n\n{listed}")
    return _told(subject, words, body, words("milestone.agents-title", name=subject.title(words)))


def moved(slip: Slip) -> Written:
    """That a date has changed: the new one, the old one and the reason."""

    def written(subject: Subject, words: Words, _unit: str) -> Card:
        new, old = _date(words, slip.to), _date(words, slip.before)
        key = "milestone.moved" if slip.to > slip.before else "milestone.moved-earlier"
        lead = words(key, name=subject.title(words), new=f"**{new}**", old=old)
        body = _paragraphs(lead, escape(slip.reason))
        title = words("milestone.moved-title", project=subject.project(words), name=subject.title(words))
        return _told(subject, words, body, title)

    return written


def preview_card(subject: Subject, words: Words, planned: Planned, dry_run: Preview, yes: bool) -> Card:
    """What the project manager sees of a planned post, with whom it reaches. `yes`: silence means as planned."""
    day = words.weekday(planned.day)
    key = "milestone.preview-lead" if yes else "milestone.preview-late"
    lead = words(key, date=day)
    agents = words("milestone.preview-agents", date=words.weekday(planned.heads_up)) if planned.heads_up else ""
    shown = news(subject, words, "")
    text = subject.initiative.text(words.locale)
    units = [_for_unit(subject, words, one.id) for one in _units(subject, text, "")]
    body = _paragraphs(lead, agents, f"**{shown.title}**", shown.body, *units)
    ref = f"{subject.ref} {subject.standing.on} {planned.stage}"
    return Card(
        title=words("milestone.preview-title", project=subject.project(words), name=subject.title(words)),
        body=body,
        facts=(*reach_facts(words, dry_run, planned.to_people), *_risk(subject, words)),
        choices=(
            Choice(words("milestone.as-planned-button"), f"milestone as-planned {ref}", style="primary"),
            Choice(words("milestone.hold-button"), f"milestone hold {ref}"),
        ),
        locale=words.language,
    )


def reach_facts(words: Words, dry_run: Preview, to_people: bool) -> tuple[tuple[str, str], ...]:
    """How many people and channels something reaches, and who is not reached, by reason."""
    facts = [(words("milestone.channels"), words.number(dry_run.channels))]
    if not to_people:
        return tuple(facts)
    reached = dry_run.people - sum(n for reason, n in dry_run.unreachable.items() if reason != "left")
    facts.insert(0, (words("milestone.people"), words.number(reached)))
    missed = [f"{_missed(words, reason)}: {words.number(n)}" for reason, n in sorted(dry_run.unreachable.items()) if n]
    return (*facts, (words("milestone.not-reached"), "; ".join(missed))) if missed else tuple(facts)


def _missed(words: Words, reason: str) -> str:
    key = {
        "no-account": "milestone.missed-no-account",
        "refused": "milestone.missed-refused",
        "switched-off": "milestone.missed-switched-off",
        "left": "milestone.missed-left",
    }[reason]
    return words(key)


def release_card(subject: Subject, words: Words, slip: Slip, dry_run: Preview) -> Card:
    """A new date as a finished message, for the project manager to release."""
    shown = moved(slip)(subject, words, "")
    return Card(
        title=words("milestone.slip-title", project=subject.project(words), name=subject.title(words)),
        body=_paragraphs(words("milestone.slip-lead"), f"**{shown.title}**", shown.body),
        facts=reach_facts(words, dry_run, to_people=True),
        choices=(
            Choice(words("milestone.slip-send"), f"milestone send {slip.id}", style="primary"),
            Choice(words("milestone.slip-drop"), f"milestone drop {slip.id}"),
        ),
        locale=words.language,
    )


def question_card(subject: Subject, words: Words, asked: Question) -> Card:
    """Asks an owner how their milestone stands."""
    _, milestone = subject.texts(words)
    day = words.weekday(subject.standing.on)
    key = "milestone.ask-passed" if asked.passed else "milestone.ask"
    lead = words(key, name=subject.title(words), date=day)
    again = words("milestone.ask-again") if asked.again else ""
    done_when = words("milestone.done-when", text=milestone.done_when) if milestone.done_when else ""
    return Card(
        title=words("milestone.ask-title", project=subject.project(words), name=subject.title(words)),
        body=_paragraphs(again, lead, done_when),
        choices=answers(subject, words, asked.passed),
        locale=words.language,
    )


def silence_card(subject: Subject, words: Words, asked: Question) -> Card:
    """Tells the project manager that an owner has not said how a milestone stands."""
    owner = escape(subject.name(subject.standing.milestone.owner))
    key = "milestone.silent-passed" if asked.passed else "milestone.silent"
    body = words(key, name=subject.title(words), date=words.weekday(subject.standing.on), owner=owner)
    title = words("milestone.ask-title", project=subject.project(words), name=subject.title(words))
    return Card(title=title, body=body, choices=answers(subject, words, asked.passed), locale=words.language)


def answers(subject: Subject, words: Words, passed: bool) -> tuple[Choice, ...]:
    """The answers to the question how a milestone stands, as buttons."""
    says = f"{subject.ref}"
    done = Choice(words("milestone.done-button"), f"milestone done {says}", style="primary")
    slips = Choice(words("milestone.slips-button"), f"milestone slips {says}")
    later = Choice(words("milestone.later-button"), f"milestone later {says}")
    if passed:
        return (done, slips, later)
    on_track = Choice(words("milestone.on-track-button"), f"milestone on-track {says}")
    at_risk = Choice(words("milestone.at-risk-button"), f"milestone at-risk {says}")
    return (on_track, at_risk, done, later)


def _told(subject: Subject, words: Words, body: str, title: str = "") -> Card:
    """A card that goes to many: what it is from, and what one can ask next."""
    project, text = subject.project(words), subject.initiative.written
    return Card(
        title=title or words("milestone.title", project=project, name=subject.title(words)),
        body=body,
        source=words("source.team", name=subject.name(text.project_manager)),
        choices=(
            Choice(words("changes.button"), f"changes {subject.initiative.id}"),
            Choice(words("roadmap.button"), f"roadmap {subject.initiative.id}"),
        ),
        locale=words.language,
    )


def _units(subject: Subject, text: InitiativeFile, unit: str) -> list[AffectedUnit]:
    concerned = set(units_of(subject.initiative, subject.standing.milestone))
    return [one for one in text.units if one.id in concerned and unit in ("", one.id)]


def _for_unit(subject: Subject, words: Words, unit: str) -> str:
    found = [one for one in _units(subject, subject.initiative.text(words.locale), unit) if unit and one.changes]
    return "".join(
        words("milestone.for-unit", unit=subject.unit_name(one.id, words), text=one.changes) for one in found
    )


def _point(subject: Subject, words: Words, unit: AffectedUnit) -> str:
    parts = [unit.changes]
    parts += [f"{words('changes.gains')}: {'; '.join(unit.gains)}."] if unit.gains else []
    parts += [f"{words('changes.losses')}: {'; '.join(unit.losses)}."] if unit.losses else []
    parts += [f"{words('changes.stays')}: {'; '.join(unit.stays)}."] if unit.stays else []
    said = " ".join(part for part in parts if part)
    return f"{subject.unit_name(unit.id, words)}: {said}" if said else ""


def _risk(subject: Subject, words: Words) -> tuple[tuple[str, str], ...]:
    report = subject.standing.report
    return ((words("milestone.risk"), escape(report.note)),) if report.state == AT_RISK else ()


def _date(words: Words, day: date) -> str:
    return words("milestone.date", weekday=words.weekday(day), year=str(day.year))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
