"""What was decided this month, what is open and overdue by unit, and how long a decision took: for sponsors.

No name, and no word of anybody who raised something: what was told to everybody, else what it was about.
"""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

from bot.board.look import LEADS, Look
from bot.board.page import Filters, Link, Page
from bot.cases.words import decision_name
from bot.messages import Card, escape
from bot.playbook.model import Initiative
from bot.store import case_queue, case_themes
from bot.store.case_queue import Decided
from bot.store.case_themes import TitleWords
from bot.themes.reading import named_after

MONTHS = 3


def show(look: Look, filters: Filters) -> Page | None:
    """This month, or another one (`month`, as 2027-03); None for what is no month."""
    words, today = look.words, look.reader.today
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    chosen = next((one for one in months if f"{one:%Y-%m}" == filters.get("month", "")), months[0])
    links = tuple(Link(f"{words.month(one)} {one.year}", f"decided?month={one:%Y-%m}", one == chosen) for one in months)
    cards = tuple(card for initiative in look.having(LEADS) for card in _of(look, initiative, chosen))
    return Page(words("board.view-decided"), cards, words("board.decided-lead"), links=(links,))


def _of(look: Look, initiative: Initiative, month: date) -> tuple[Card, ...]:
    words = look.words
    until = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = case_queue.decided(look.tx, initiative.id, month, until)
    project = initiative.text(words.locale).name.partition(":")[0].strip()
    titles = case_themes.titles(look.tx, {one.theme for one in found})
    body = "\n".join(_line(look, one, titles.get(one.theme, {})) for one in found) or words("decided.nothing")
    facts = [(words("decided.number"), words.number(len(found)))]
    if found:
        days = median((one.decided_on - one.raised_on).days for one in found)
        facts.append((words("decided.took"), words.count("decided.days", max(round(days), 0))))
    what = Card(title=project, body=body, facts=tuple(facts), locale=words.language)
    return (what, *_open(look, initiative, project))


def _line(look: Look, one: Decided, said: TitleWords) -> str:
    words = look.words
    unit = look.reader.unit_name(one.unit) if one.unit else ""
    about = named_after(one.driver, said, words)
    you_said, we_did = one.told
    what = " – ".join(escape(part) for part in (you_said, we_did) if part) or escape(about)
    where = f" ({escape(unit)})" if unit else ""
    promised = f" {words('decided.promised', date=words.day(one.promised_for))}" if one.promised_for else ""
    return f"- {words.day(one.decided_on)}: **{decision_name(one.decision, words)}** – {what}{where}.{promised}"


def _open(look: Look, initiative: Initiative, project: str) -> tuple[Card, ...]:
    words = look.words
    found = case_queue.by_unit(look.tx, initiative.id, look.reader.now)
    called = words("decided.still-open", project=project)
    if not found:
        return (Card(title=called, body=words("decided.nothing-open"), locale=words.language),)
    head = (look.unit_word, words("board.decided-open"), words("decided.overdue"))
    rows = tuple(
        (look.reader.unit_name(one.unit) if one.unit else words("decided.no-unit"), str(one.open), str(one.overdue))
        for one in found
    )
    return (Card(title=called, body="", table=(head, *rows), locale=words.language),)
