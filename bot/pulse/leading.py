"""What the project manager sees of rounds: that one has begun, or why not, what it would be like, how far it is. Pure.

Of those who have answered only a coarse figure is shown, from five on, and never who.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.messages import Card, Choice
from bot.playbook.model import Playbooks
from bot.pulse.rounds import ALL_AFFECTED, UNIT, Draw, Hindrance, Plan
from bot.pulse.sampling import rounds_to_a_cycle
from bot.pulse.words import questions, short_name
from bot.store.surveys import Round
from bot.words import LANGUAGES, Words, catalogue

FEWEST_SHOWN, STEP = 5, 5
LEFT_OUT = ("spared", "another-time", "switched-off", "never", "named-off", "no-account", "refused", "left")


def title(words: Words, plan: Plan) -> str:
    """Project and survey, by their names in the reader's language."""
    project, name = short_name(plan.initiative, words), plan.snapshot.text(words.locale).name
    return words("survey.title", project=project, name=name)


def whom(words: Words, audience: str, units: Mapping[str, str]) -> str:
    """An audience as people call it. `units` are the names of units by id."""
    if audience.startswith(UNIT):
        unit = audience.removeprefix(UNIT)
        return units.get(unit, unit)
    if audience in (ALL_AFFECTED, "change-agents"):
        return words(f"survey.{audience}")
    return words("survey.audience", name=audience)


def unit_names(words: Words, playbooks: Playbooks) -> dict[str, str]:
    """The names of all units in the reader's language, by id."""
    organisation = playbooks.organisation
    translated = organisation.translated_units.get(words.language, {})
    return {id: translated.get(id, unit).name or unit.name or id for id, unit in organisation.units.items()}


def begun_card(plan: Plan, round: Round, drawn: Draw, words: Words) -> Card:
    """A round has begun by its schedule."""
    people = words.count("survey.people", len(drawn.people))
    body = words("survey.begun", people=people, until=words.moment(round.closes_at))
    stop = Choice(words("survey.stop-button"), f"survey stop {round.id}")
    said = f"{plan.initiative.id} {plan.id} {plan.audience}"
    see = Choice(words("survey.preview-button"), f"survey preview {said}")
    return Card(title=title(words, plan), body=body, choices=(see, stop), locale=words.language)


def missed_card(plan: Plan, at: datetime, words: Words) -> Card:
    """Nobody was there when a round should have begun."""
    body = words("survey.missed", at=words.moment(at))
    return Card(title=title(words, plan), body=body, choices=(start_choice(words, plan),), locale=words.language)


def start_choice(words: Words, plan: Plan) -> Choice:
    """Leads to what a round would be like, and from there to starting it."""
    return Choice(words("survey.look-button"), f"survey start {plan.initiative.id} {plan.id} {plan.audience}")


def hindered_card(plan: Plan, found: Hindrance, words: Words, planned: bool = True) -> Card:
    """Why a round does not begin; `planned`: by its schedule, else when somebody wanted to start it."""
    again = (start_choice(words, plan),) if planned else ()
    choices: tuple[Choice, ...] = ()
    match found.reason:
        case "obligation":
            names = words.all_of([words("survey.quoted", name=one.name) for one in found.obligations])
            why = words("survey.not-obligation", names=names)
            for one in found.obligations:
                label = words("survey.met-button", name=one.name)
                choices += (Choice(label, f"obligation met {plan.initiative.id} {one.id}"),)
            choices += again
        case "too-few":
            n, minimum = found.people, plan.snapshot.template.minimum_group
            key = "survey.not-too-few" if not plan.named else "survey.not-anybody"
            why = words(key, people=words.count("survey.people", n), minimum=minimum)
            choices = again
        case "under-way" if found.round:
            why = words("survey.not-under-way", until=words.moment(found.round.closes_at))
        case "named-off":
            why = words("survey.not-named")
        case _:
            why = words("survey.not-draft")
    lead = words("survey.not-begun") if planned else ""
    body = "\n\n".join(part for part in (lead, why) if part)
    return Card(title=title(words, plan), body=body, choices=choices, locale=words.language)


def dry_run_card(
    plan: Plan, drawn: Draw, playbooks: Playbooks, closes_at: datetime, words: Words, startable: bool = True
) -> Card:
    """Whom a round would ask if it began now, and whom not and why; from here it is started, if it can be."""
    names = unit_names(words, playbooks)
    fields = {"people": words.count("survey.people", len(drawn.people)), "whom": whom(words, plan.audience, names)}
    if startable:
        lead = words("survey.dry-run", until=words.moment(closes_at), **fields)
    else:
        lead = words("survey.would-ask", **fields)
    parts = [lead]
    if plan.share < 1:
        parts.append(words("survey.share", rounds=rounds_to_a_cycle(plan.share)))
    if plan.named:
        parts.append(words("survey.named-warning"))
    units = sorted(drawn.by_unit.items(), key=lambda one: names.get(one[0], one[0]))
    rows = [(names.get(unit, unit) or words("survey.no-unit"), words.number(count)) for unit, count in units]
    table = ((words("survey.unit"), words("survey.asked")), *rows) if rows else ()
    facts = tuple((words(f"survey.out-{why}"), words.number(drawn.left_out[why])) for why in LEFT_OUT
                  if why in drawn.left_out)  # fmt: skip
    said = f"{plan.initiative.id} {plan.id}"
    go = Choice(words("survey.go-button"), f"survey go {said} {plan.audience} {plan.version[:16]}", style="primary")
    choices = (
        *((go,) if startable else ()),
        Choice(words("survey.preview-button"), f"survey preview {said} {plan.audience}"),
        Choice(words("survey.test-button"), f"take-survey test {plan.initiative.id}/{plan.id}"),
    )
    body = "\n\n".join(parts)
    return Card(title=title(words, plan), body=body, table=table, facts=facts, choices=choices, locale=words.language)


def preview_cards(plan: Plan, invitation: Card, shown: Words, reader: Words) -> tuple[Card, ...]:
    """What people see, in the language of `shown`: the invitation as it is, without its buttons, and the questions.
    The other languages are buttons in the reader's own."""
    template = plan.snapshot.text(shown.locale)
    text = f"{template.intro.strip()}\n\n" if template.intro.strip() else ""
    body = f"{text}{questions(shown, template)}"
    others = [one for one in LANGUAGES if one != shown.language]
    said = f"{plan.initiative.id} {plan.id} {plan.audience}"
    choices = tuple(
        Choice(catalogue(one).gettext("language.own-name"), f"survey preview {said} {one}") for one in others
    )
    try_it = Choice(reader("survey.test-button"), f"take-survey test {plan.initiative.id}/{plan.id}")
    return (
        Card(title=invitation.title, body=invitation.body, locale=shown.language),
        Card(title=template.name, body=body, choices=(*choices, try_it), locale=shown.language),
    )


def coarse(words: Words, answered: int, asked: int) -> str:
    """How many have answered so far, rounded down to fives; below five only that it is fewer. Where fewer than five are
    asked at all, as in a survey with names, nothing of it."""
    if asked < FEWEST_SHOWN:
        return words.count("survey.were-asked", asked)
    if answered < FEWEST_SHOWN:
        return words("survey.so-far-few", asked=asked)
    return words("survey.so-far", answered=answered // STEP * STEP, asked=asked)
