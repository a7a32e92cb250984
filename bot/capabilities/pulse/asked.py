"""What somebody who is asked can do besides answering: see what is open, put it off, want no more of it, ask why."""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.pulse.leads import led_cards
from bot.messages import Card, Choice
from bot.milestones import telling
from bot.people.calendar import calendar_for
from bot.pulse.inviting import Subject, after_not_now, choices, invitation
from bot.pulse.leading import unit_names, whom
from bot.pulse.reminding import subject_of
from bot.pulse.rounds import NEVER_SETTING, barred
from bot.pulse.rounds import never as never_of
from bot.pulse.sampling import rounds_to_a_cycle
from bot.store import participation, people, surveys
from bot.store.participation import ASKED, NEVER, NOT_NOW, Asked
from bot.store.surveys import OPEN, Round
from bot.turn import Reply, Turn


def small(turn: Turn, body: str, *buttons: Choice) -> Reply:
    """A reply of one card, to the person alone."""
    return Reply(cards=(Card(body=body, choices=buttons, locale=turn.words.language),), personal=True)


def overview(turn: Turn, _rest: str) -> Reply:
    """What is open for this person and what they want no more of; for those who lead, what runs and what is planned."""
    return Reply(cards=(_mine(turn), *led_cards(turn)), personal=True)


def home(turn: Turn) -> tuple[Card, ...]:
    """What is open for this person, for their own page; nothing where there is nothing."""
    if not turn.person.member:
        return ()
    return tuple(_open_card(turn, subject) for subject, _ in _open(turn))


def _open(turn: Turn) -> list[tuple[Subject, Asked]]:
    """The rounds in which this person can answer now, the newest first."""
    found = []
    for round, asked in surveys.of_person(turn.tx, turn.person.key):
        subject = subject_of(turn.tx, round, turn.reader.playbooks) if round.state == OPEN else None
        if subject and not barred(round, asked, turn.person, turn.now):
            found.append((subject, asked))
    return found


def _open_card(turn: Turn, subject: Subject) -> Card:
    card = invitation(subject, turn.words)
    return replace(card, choices=(card.choices[0], card.choices[-1]))


def _mine(turn: Turn) -> Card:
    words, there = turn.words, _open(turn)
    lines = [f"- {words('survey.open-line', name=s.title(words), until=s.closes(words))}" for s, _ in there]
    buttons = [Choice(words("survey.start-named", name=s.name(words)), f"take-survey {s.round.id}") for s, _ in there]
    unwanted = never_of(turn.settings)
    names = [_name(turn, one) for one in unwanted]
    parts = [words("survey.open-lead"), "\n".join(lines)] if lines else [words("survey.nothing-open")]
    if unwanted:
        parts.append(words("survey.unwanted", names=words.all_of([words("survey.quoted", name=one) for one in names])))
    if "surveys" in turn.settings.get("off", "").split(","):
        parts.append(words("survey.all-off"))
    for id, name in zip(unwanted, names, strict=True):
        buttons.append(Choice(words("survey.again-button", name=name), f"survey again {id}"))
    return Card(title=words("survey.overview"), body="\n\n".join(parts), choices=tuple(buttons), locale=words.language)


def _name(turn: Turn, template: str) -> str:
    """The name of a template in the reader's language; its id where it is there no more."""
    organisation = turn.reader.playbooks.organisation
    translated = organisation.translated_pulses.get(turn.words.language, {})
    found = translated.get(template) or organisation.pulses.get(template)
    return found.name if found else template


def _held(turn: Turn, rest: str) -> tuple[Round, Asked] | None:
    """The round of this number with how the person stands in it; None where they are not asked in it."""
    number = rest.strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004 - what fits every database
        return None
    round = surveys.round(turn.tx, int(number))
    asked = participation.asked_of(turn.tx, round.id, turn.person.key) if round else None
    return (round, asked) if round and asked else None


def _barred(turn: Turn, round: Round, asked: Asked) -> Reply | None:
    """What somebody is told who cannot answer any more."""
    reason = barred(round, asked, turn.person, turn.now)
    if not reason:
        return None
    if reason == "answered":
        return small(turn, turn.words("survey.take-answered"))
    return small(turn, turn.words("survey.over", until=turn.words.moment(round.closes_at)))


def not_now(turn: Turn, rest: str) -> Reply:
    """Asked once more later in the round, where there is time."""
    found = _held(turn, rest)
    if found is None:
        return small(turn, turn.words("survey.take-not-asked"))
    round, asked = found
    if barring := _barred(turn, round, asked):
        return barring
    units = turn.reader.playbooks.organisation.units
    calendar = calendar_for(turn.person, turn.settings, units)
    again_at = after_not_now(round, calendar, turn.now, asked.reminded, asked.ask_at)
    participation.turn(turn.tx, round.id, turn.person.key, NOT_NOW, again_at)
    words, until = turn.words, turn.words.moment(round.closes_at)
    if again_at:
        body = words("survey.not-now-done", day=words.weekday(again_at.date()), until=until)
    else:
        body = words("survey.not-now-last", until=until)
    return small(turn, body, Choice(words("survey.start-button"), f"take-survey {round.id}", style="primary"))


def never(turn: Turn, rest: str) -> Reply:
    """No survey of this kind any more, until they say otherwise."""
    found = _held(turn, rest)
    if found is None:
        return small(turn, turn.words("survey.take-not-asked"))
    round, _ = found
    participation.turn(turn.tx, round.id, turn.person.key, NEVER)
    kept = dict.fromkeys((*never_of(turn.settings), round.template))
    words, name = turn.words, _name(turn, round.template)
    undo = Choice(words("survey.again-button", name=name), f"survey again {round.template}")
    kinds = Choice(words("settings.change-kinds"), "settings kinds")
    reply = small(turn, words("survey.never-done", name=name), undo, kinds)
    return replace(reply, notes=((NEVER_SETTING, ",".join(kept)),))


def again(turn: Turn, rest: str) -> Reply:
    """Surveys of this kind are wanted again; one that is open can be answered at once."""
    template, words = rest.strip(), turn.words
    unwanted = never_of(turn.settings)
    if template not in unwanted:
        return overview(turn, "")
    note = ((NEVER_SETTING, ",".join(one for one in unwanted if one != template)),)
    done = Card(body=words("survey.again-done", name=_name(turn, template)), locale=words.language)
    there = [(subject, asked) for subject, asked in _open(turn) if subject.round.template == template]
    for subject, asked in there:
        if asked.state == NEVER:
            participation.turn(turn.tx, subject.round.id, turn.person.key, ASKED)
    cards = (done, *(_open_card(turn, subject) for subject, _ in there))
    return Reply(cards=cards, personal=True, notes=note)


def why(turn: Turn, rest: str) -> Reply:
    """Why this person is asked."""
    found = _held(turn, rest)
    if found is None:
        return small(turn, turn.words("survey.take-not-asked"))
    round, asked = found
    words, playbooks = turn.words, turn.reader.playbooks
    subject = subject_of(turn.tx, round, playbooks)
    if subject is None:
        return small(turn, words("survey.over", until=words.moment(round.closes_at)))
    names = unit_names(words, playbooks)
    project = subject.project(words)
    parts = [words("survey.why", project=project, whom=whom(words, round.audience, names))]
    if asked.unit:
        parts.append(words("survey.why-unit", unit=names.get(asked.unit, asked.unit)))
    if round.share < 1:
        parts.append(words("survey.why-share", rounds=rounds_to_a_cycle(round.share)))
    parts.append(words("survey.why-many", people=words.count("survey.people", round.asked)))
    starter = people.person(turn.tx, round.started_by) if round.started_by else None
    name = starter.name if starter else telling.names(turn.tx)(subject.initiative.written.project_manager)
    parts.append(words("survey.why-started" if starter else "survey.why-planned", name=name))
    buttons = () if barred(round, asked, turn.person, turn.now) else choices(subject, words)[:3]
    return small(turn, " ".join(parts), *buttons)
