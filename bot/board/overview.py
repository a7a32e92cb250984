"""The overview: an initiative's goals and measures, and its plan with how each milestone stands."""

from __future__ import annotations

from dataclasses import replace

from bot.board.look import LEADS, Look
from bot.board.page import Filters, Link, Page
from bot.messages import Card
from bot.milestones.roadmap import roadmap
from bot.milestones.subjects import subjects_of
from bot.milestones.words import Subject
from bot.playbook.initiative_file import Kpi
from bot.playbook.model import Initiative
from bot.store.milestones import DONE
from bot.words import Words


def show(look: Look, filters: Filters) -> Page | None:
    """The initiative that is wanted, else the first of those this person leads or sponsors."""
    mine = look.having(LEADS)
    wanted = filters.get("of", "") or mine[0].id
    initiative = next((i for i in mine if i.id == wanted), None)
    if initiative is None:
        return None
    words, subjects = look.words, subjects_of(look.tx, look.reader, initiative)
    text = initiative.text(words.locale)
    links = tuple(Link(_short(i, words), f"overview/{i.id}", i is initiative) for i in mine)
    cards = (_about(look, initiative, subjects), _goals(look, initiative), *_plan(look, subjects))
    rows = (links,) if len(links) > 1 else ()
    made = tuple(replace(card, locale=words.language) for card in cards)
    return Page(text.name, made, text.summary, links=rows)


def _about(look: Look, initiative: Initiative, subjects: list[Subject]) -> Card:
    words, today = look.words, look.reader.today
    coming = [s for s in subjects if s.standing.on >= today and s.standing.report.state != DONE]
    nearest = coming[0] if coming else None
    facts = [
        (words("who.leads"), look.reader.names(initiative.written.project_manager)),
        (words("who.sponsor"), look.reader.names(initiative.written.sponsor)),
    ]
    if nearest:
        on = words("board.dated", name=nearest.title(words), date=words.day(nearest.standing.on))
        facts.append((words("board.next"), on))
    return Card(title=words("board.at-a-glance"), body="", facts=tuple(facts))


def _goals(look: Look, initiative: Initiative) -> Card:
    words, text = look.words, initiative.text(look.words.locale)
    head = (words("board.measure"), words("board.from"), words("board.target"), words("board.by"))
    rows = tuple(_measure(words, kpi) for kpi in text.kpis)
    served = [_goal(look, goal) for goal in text.serves]
    body = "\n".join(f"- {one}" for one in served)
    if not rows:
        body += f"\n\n{words('goals.no-measures')}"
    return Card(title=words("board.goals"), body=body, table=(head, *rows) if rows else ())


def _goal(look: Look, id: str) -> str:
    organisation = look.reader.playbooks.organisation
    goals = organisation.translated_goals.get(look.words.language, {})
    found = goals.get(id) or organisation.goals.get(id)
    return found.name if found else id


def _measure(words: Words, kpi: Kpi) -> tuple[str, ...]:
    def amount(value: float | None) -> str:
        return f"{words.number(value)} {kpi.unit}".strip() if value is not None else words("goals.unknown")

    return (kpi.name, amount(kpi.baseline), amount(kpi.target), words.day(kpi.due) if kpi.due else "–")


def _plan(look: Look, subjects: list[Subject]) -> tuple[Card, ...]:
    words = look.words
    if not subjects:
        return (Card(title=words("board.plan"), body=words("roadmap.nothing")),)
    return (Card(title=words("board.plan"), body="", table=roadmap(subjects, words, look.reader.today)),)


def _short(initiative: Initiative, words: Words) -> str:
    return initiative.text(words.locale).name.partition(":")[0].strip()
