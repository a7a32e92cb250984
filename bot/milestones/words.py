"""What is said of milestones: to everybody concerned, to change agents, to the project manager, to an owner. Pure.

Every date is written out. A message waits for its reader's right moment, so that "tomorrow" could be wrong by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.delivery.announcing import Preview
from bot.messages import Card, Choice, escape
from bot.milestones.standing import Standing, said, units_of
from bot.playbook.access import lineage
from bot.playbook.initiative_file import AffectedUnit, InitiativeFile, Milestone
from bot.playbook.model import Initiative, Organisation
from bot.store.announcements import Wording
from bot.store.milestones import AT_RISK, DONE, Slip
from bot.store.wins import Win
from bot.words import LANGUAGES, Words

LONGEST_QUOTE = 280


@dataclass(frozen=True, slots=True)
class Subject:
    """A milestone with all that its texts need: the organisation, and the name of whoever has an address. `own` are
    texts that the project manager gave one of its posts, by language, instead of what the file says; `wins` are those
    that a post may quote, the newest first."""

    initiative: Initiative
    standing: Standing
    organisation: Organisation
    name: Callable[[str], str]
    own: Mapping[str, str] = field(default_factory=dict)
    wins: tuple[Win, ...] = ()

    @property
    def ref(self) -> str:
        """How a button names the milestone."""
        return f"{self.initiative.id}/{self.standing.id}"

    def texts(self, words: Words) -> tuple[InitiativeFile, Milestone]:
        """The initiative's and the milestone's texts in the language of these words."""
        text, milestone = said(self.initiative, self.standing.milestone, words.locale)
        own = self.own.get(read_as(self.initiative, words.locale))
        return text, milestone if own is None else milestone.model_copy(update={"say": own})

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


def read_as(initiative: Initiative, locale: str) -> str:
    """In which language a reader of this locale gets the initiative's texts: a translation's, else the original's."""
    there = (one for one in (locale, locale.partition("-")[0]) if one in initiative.translations)
    return next(there, initiative.written.language)


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
    lead = f"**{date_in_full(words, subject.standing.on)}**"
    meant, happened = for_unit(subject, words, unit), _happened(subject, words, unit)
    return _told(subject, words, paragraphs(lead, milestone.say, meant, happened))


def win_for(subject: Subject, unit: str) -> Win | None:
    """The win that a post quotes for the people of a unit: the newest of their own, else the newest; None for none."""
    units = subject.organisation.units
    own = (win for win in subject.wins if unit in lineage(win.unit, units))
    return next(own, None) or next(iter(subject.wins), None)


def quoted(subject: Subject) -> tuple[Win, ...]:
    """The wins that the post quotes, for anybody."""
    found = (win_for(subject, unit) for unit in ("", *units_of(subject.initiative, subject.standing.milestone)))
    return tuple(dict.fromkeys(win for win in found if win))


def win_quoted(words: Words, unit_name: str, what: str) -> str:
    """A sentence that quotes a win."""
    return words("win.happened", unit=unit_name, text=escape(short(what)))


def short(text: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _happened(subject: Subject, words: Words, unit: str) -> str:
    win = win_for(subject, unit)
    return win_quoted(words, subject.unit_name(win.unit, words), win.said.what) if win else ""


def brief_news(subject: Subject, words: Words, unit: str) -> Card:
    """The same for those who have read a week before what it means in their unit."""
    _, milestone = subject.texts(words)
    lead = f"**{date_in_full(words, subject.standing.on)}**"
    return _told(subject, words, paragraphs(lead, milestone.say, _happened(subject, words, unit)))


def heads_up(subject: Subject, words: Words, unit: str) -> Card:
    """What change agents read before everybody else: the post, and what to say when they are asked."""
    text, milestone = subject.texts(words)
    lead = words("milestone.agents-lead", name=subject.title(words), date=date_in_full(words, subject.standing.on))
    points = [milestone.say, *(_point(subject, words, one) for one in units_concerned(subject, text, unit))]
    if milestone.done_when:
        points.append(words("milestone.done-when", text=milestone.done_when))
    points.append(words("milestone.agents-ask", name=subject.name(text.project_manager)))
    listed = "\n".join(f"- {' '.join(point.split())}" for point in points if point)
    body = paragraphs(lead, f"**{words('milestone.agents-points')}**\n\n{listed}")
    card = _told(subject, words, body, words("milestone.agents-title", name=subject.title(words)))
    return replace(card, choices=(Choice(words("kit.button"), f"kit {subject.ref}", style="primary"), *card.choices))


def moved(slip: Slip) -> Written:
    """That a date has changed: the new one, the old one and the reason."""

    def written(subject: Subject, words: Words, _unit: str) -> Card:
        new, old = date_in_full(words, slip.to), date_in_full(words, slip.before)
        key = "milestone.moved" if slip.to > slip.before else "milestone.moved-earlier"
        lead = words(key, name=subject.title(words), new=f"**{new}**", old=old)
        body = paragraphs(lead, escape(slip.reason))
        title = words("milestone.moved-title", project=subject.project(words), name=subject.title(words))
        return _told(subject, words, body, title)

    return written


def stands(state: str, text: str) -> Written:
    """That a milestone is done or at risk, with these words about it."""

    def written(subject: Subject, words: Words, _unit: str) -> Card:
        lead, title = {
            DONE: ("milestone.done-all", "milestone.done-title"),
            AT_RISK: ("milestone.risk-all", "milestone.risk-title"),
        }[state]
        name, on = subject.title(words), date_in_full(words, subject.standing.on)
        body = paragraphs(words(lead, name=name, date=on), escape(text))
        return _told(subject, words, body, words(title, project=subject.project(words), name=name))

    return written


def at_risk_ahead(text: str) -> Written:
    """The same for change agents, who hear of it before their colleagues."""

    def written(subject: Subject, words: Words, _unit: str) -> Card:
        name, on = subject.title(words), date_in_full(words, subject.standing.on)
        leader = subject.name(subject.initiative.written.project_manager)
        body = paragraphs(
            words("milestone.risk-all", name=name, date=on),
            escape(text),
            words("milestone.risk-agents"),
            words("milestone.agents-ask", name=leader),
        )
        return _told(subject, words, body, words("milestone.agents-title", name=name))

    return written


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


def units_concerned(subject: Subject, text: InitiativeFile, unit: str) -> list[AffectedUnit]:
    """What is written for the units that the milestone concerns; with `unit` for that one alone."""
    concerned = set(units_of(subject.initiative, subject.standing.milestone))
    return [one for one in text.units if one.id in concerned and unit in ("", one.id)]


def for_unit(subject: Subject, words: Words, unit: str) -> str:
    """What it means in this unit, as a sentence; nothing where nothing is written."""
    found = [
        one for one in units_concerned(subject, subject.initiative.text(words.locale), unit) if unit and one.changes
    ]
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


def date_in_full(words: Words, day: date) -> str:
    """A day with its weekday and its year."""
    return words("milestone.date", weekday=words.weekday(day), year=str(day.year))


def paragraphs(*parts: str) -> str:
    """These texts below each other, without the empty ones."""
    return "\n\n".join(part for part in parts if part)
