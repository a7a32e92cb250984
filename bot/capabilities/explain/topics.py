"""The standing questions about an initiative, answered from its facts: why, what changes, who, what is decided.

Each function turns one initiative into one card for one reader. Pure; it knows no database and no platform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.capabilities.explain.dates import concerns, learn, milestone_line, upcoming, when
from bot.capabilities.explain.missing import missed
from bot.capabilities.explain.show import SHOWN_AT_ONCE, fact_card, lead, lines, next_questions, paragraphs, short_name
from bot.messages import Card, Choice
from bot.playbook.initiative_file import InitiativeFile, Kpi
from bot.playbook.model import Initiative
from bot.turn import Reader


def why(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """The purpose in short and the goals it serves; the rest stands behind "More"."""
    words, text = reader.words, initiative.text(reader.words.locale)
    purpose, cut = lead(text.purpose)
    more = cut or text.if_we_do_nothing or text.makes_possible
    choices = next_questions(reader, initiative, "why")
    if more:
        choices = (Choice(words("answer.more"), f"more why {initiative.id}"), *choices)
    return fact_card(reader, initiative, "why", paragraphs(purpose, _serves(reader, text)), choices=choices)


def why_in_full(reader: Reader, initiative: Initiative) -> Card:
    """The whole purpose, what happens otherwise, and what it makes possible."""
    words, text = reader.words, initiative.text(reader.words.locale)
    otherwise = words("why.otherwise", text=text.if_we_do_nothing) if text.if_we_do_nothing else ""
    possible = words("why.possible", text=text.makes_possible) if text.makes_possible else ""
    return fact_card(reader, initiative, "why", paragraphs(text.purpose, otherwise, possible, _serves(reader, text)))


def _serves(reader: Reader, text: InitiativeFile) -> str:
    goals = [reader.words("quote", text=_goal(reader, goal)[0]) for goal in text.serves]
    return reader.words("why.serves", goals=reader.words.all_of(goals)) if goals else ""


def _goal(reader: Reader, id: str) -> tuple[str, str]:
    organisation = reader.playbooks.organisation
    goal = organisation.translated_goals.get(reader.words.language, {}).get(id) or organisation.goals.get(id)
    return (goal.name, goal.description) if goal else (id, "")


def changes(reader: Reader, initiative: Initiative, unit: str) -> Card:
    """What changes for one unit: gains, losses, what stays, and the next date. Without a unit, for each in short."""
    words, text = reader.words, initiative.text(reader.words.locale)
    affected = next((u for u in text.units if u.id == unit), None)
    if affected is None:
        return _changes_for_all(reader, initiative)
    parts = [affected.changes or words("changes.nothing-written", unit=reader.unit_name(unit))]
    for key, items in (
        ("gains", affected.gains),
        ("losses", affected.losses),
        ("stays", affected.stays),
    ):
        if items:
            parts.append(f"**{words(f'changes.{key}')}**\n{lines(items)}")
    coming = [m for m in upcoming(reader, text) if concerns(m, unit, text)][:2]
    if coming:
        todo = lines(milestone_line(reader, m) for m in coming)
        parts.append(f"**{words('changes.next')}**\n{todo}")
    title = words("changes.title", name=short_name(text), unit=reader.unit_name(unit))
    return fact_card(reader, initiative, "changes", paragraphs(*parts), title=title)


def _changes_for_all(reader: Reader, initiative: Initiative) -> Card:
    words, text = reader.words, initiative.text(reader.words.locale)
    rows = lines(f"**{reader.unit_name(u.id)}**: {first_sentence(u.changes)}" for u in text.units if u.changes)
    known = reader.viewer.unit and not reader.viewer.everywhere
    opening = words(
        "changes.not-affected" if known else "changes.which-unit",
        unit=reader.unit_name(reader.viewer.unit),
    )
    picks = tuple(Choice(reader.unit_name(u.id), f"changes {initiative.id} {u.id}") for u in text.units[:SHOWN_AT_ONCE])
    title = words("changes.title-all", name=short_name(text))
    return fact_card(reader, initiative, "changes", paragraphs(opening, rows), choices=picks, title=title)


def first_sentence(text: str) -> str:
    """The text up to its first full stop that is followed by a space."""
    flat = " ".join(text.split())
    for end in (". ", "! ", "? "):
        if end in flat:
            return flat[: flat.index(end) + 1]
    return flat


def who(reader: Reader, initiative: Initiative, unit: str) -> Card:
    """Who answers for it, leads it, is the change agent, is accountable for the unit; and whom to call."""
    words, text = reader.words, initiative.text(reader.words.locale)
    names = reader.names
    rows = [
        (words("who.leads"), names(text.project_manager)),
        (words("who.sponsor"), names(text.sponsor)),
    ]
    agents = text.change_agents.get(unit, ())
    if agents:
        rows.append((words("who.agent"), words.all_of([names(a) for a in agents])))
    head = reader.playbooks.organisation.units.get(unit)
    if head:
        rows.append((words("who.accountable", unit=reader.unit_name(unit)), names(head.owner)))
    if text.support:
        rows.append((text.support.name, text.support.how))
    if text.after:
        rows.append((words("who.after"), names(text.after.owner)))
    opening = words("who.lead", leader=names(text.project_manager), sponsor=names(text.sponsor))
    return fact_card(reader, initiative, "who", opening, facts=tuple(rows))


def goals(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """What it is for and by which numbers it will be judged."""
    words, text = reader.words, initiative.text(reader.words.locale)
    served = lines(
        f"**{name}**: {about}" if about else f"**{name}**" for name, about in (_goal(reader, g) for g in text.serves)
    )
    facts = tuple((k.name, _measure(reader, k)) for k in text.kpis)
    judged = words("goals.judged") if facts else words("goals.no-measures")
    return fact_card(
        reader,
        initiative,
        "goals",
        paragraphs(words("goals.lead"), served, judged),
        facts=facts,
    )


def _measure(reader: Reader, kpi: Kpi) -> str:
    words = reader.words
    by = words("goals.by", date=words.day(kpi.due)) if kpi.due else ""
    start, target = (_amount(reader, value, kpi.unit) for value in (kpi.baseline, kpi.target))
    return words("goals.from-to", start=start, target=target, by=by).strip()


def _amount(reader: Reader, value: float | None, unit: str) -> str:
    if value is None:
        return reader.words("goals.unknown")
    return f"{reader.words.number(value)} {unit}".strip()


def scope(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """What the initiative covers and what it does not."""
    words, covered = reader.words, initiative.text(reader.words.locale).scope
    both = ((words("scope.in"), covered.inside), (words("scope.out"), covered.outside))
    parts = [f"**{head}**\n{lines(items)}" for head, items in both if items]
    return fact_card(reader, initiative, "scope", paragraphs(*parts))


def budget(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """The budget, written as amounts are in the reader's language."""
    money = initiative.written.budget
    amount = reader.words.money(money.amount, money.currency) if money else reader.words("goals.unknown")
    return fact_card(reader, initiative, "budget", reader.words("budget.lead", amount=amount))


def risks(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """What can go wrong and what is done about it."""
    words, text = reader.words, initiative.text(reader.words.locale)
    if not text.risks:
        return fact_card(reader, initiative, "risks", words("risks.none"))
    shown = sorted(text.risks, key=lambda r: -_weight(r.likelihood, r.impact))[:SHOWN_AT_ONCE]
    rows = lines(
        f"**{r.risk}** {words('risks.response', text=r.response) if r.response else words('risks.no-response')}"
        for r in shown
    )
    return fact_card(reader, initiative, "risks", paragraphs(words("risks.lead"), rows))


def _weight(likelihood: str | None, impact: str | None) -> int:
    level: Mapping[str | None, int] = {"high": 3, "medium": 2, "low": 1}
    return level.get(likelihood, 2) * level.get(impact, 2)


def decided(reader: Reader, initiative: Initiative, _unit: str) -> Card:
    """What is decided, by whom and why; what is open, until when, and how one can be heard."""
    words, text = reader.words, initiative.text(reader.words.locale)
    made = [d for d in text.decisions if d.status == "made"]
    still = [d for d in text.decisions if d.status == "open"]
    changed = reader.changed(initiative)
    log = f"**{words('decided.changed')}**\n{lines(changed)}" if changed else ""
    if not text.decisions:
        return fact_card(reader, initiative, "decided", paragraphs(words("decided.none"), log))
    lead_made = words.count("decided.lead", len(made)) if made else words("decided.lead-none")
    lead_open = words.count("decided.open-count", len(still)) if still else words("decided.none-open")
    parts = [f"{lead_made} {lead_open}"]
    if made:
        rows = (
            _decision(d.what, words("decided.by", name=_name(reader, d.by), date=_day(reader, d.when)), d.why)
            for d in made
        )
        parts.append(f"**{words('decided.made')}**\n{lines(rows)}")
    if still:
        rows = (
            _decision(
                d.what,
                words("decided.until", name=_name(reader, d.by), date=_day(reader, d.until)),
                d.how_to_be_heard,
            )
            for d in still
        )
        parts.append(f"**{words('decided.open')}**\n{lines(rows)}")
    return fact_card(reader, initiative, "decided", paragraphs(*parts, log))


def _decision(what: str, by_whom: str, more: str) -> str:
    return f"**{what}** {by_whom}: {more}" if more else f"**{what}** {by_whom}"


def _name(reader: Reader, address: str | None) -> str:
    return reader.names(address) if address else reader.words("name.somebody")


def _day(reader: Reader, day: date | None) -> str:
    return reader.words.day(day) if day else reader.words("date.unknown")


TOPICS: Mapping[str, Callable[[Reader, Initiative, str], Card]] = {
    "why": why,
    "changes": changes,
    "when": when,
    "who": who,
    "goals": goals,
    "risks": risks,
    "decided": decided,
    "learn": learn,
    "missed": missed,
}

FACTS: Mapping[str, Callable[[Reader, Initiative, str], Card]] = {
    "purpose": why,
    "summary": why,
    "if_we_do_nothing": why,
    "makes_possible": why,
    "units": changes,
    "kpis": goals,
    "risks": risks,
    "decisions": decided,
    "learning": learn,
    "support": who,
    "scope": scope,
    "budget": budget,
}
