"""What people in their units have raised, for change agents: themes and numbers, never a name and never a wording.

Only what at least five people stand behind is shown, so that nobody is recognised.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.board.look import AGENT, Look
from bot.board.page import Filters, Page
from bot.messages import Card
from bot.playbook.access import lineage
from bot.playbook.model import Initiative
from bot.themes.reading import SHOWN_FROM, Theme, themes_of, title


def show(look: Look, _filters: Filters) -> Page:
    """A table of themes for each initiative and unit in which this person is a change agent."""
    words, me = look.words, look.reader.viewer.email
    made = [
        _table(look, initiative, unit)
        for initiative in look.having(AGENT)
        for unit, agents in initiative.written.change_agents.items()
        if me in agents
    ]
    return Page(words("board.view-concerns"), tuple(made), words("concerns.lead"))


def _table(look: Look, initiative: Initiative, unit: str) -> Card:
    words, units = look.words, look.reader.playbooks.organisation.units
    here = {one for one in units if unit in lineage(one, units)}
    project = initiative.text(words.locale).name.partition(":")[0].strip()
    called = words("concerns.of-unit", unit=look.reader.unit_name(unit), project=project)
    found = _shown(look, initiative, here)
    if not found:
        return Card(title=called, body=words("concerns.nothing"), locale=words.language)
    columns = ("theme", "people", "lately", "before", "stands")
    head = tuple(words(f"concerns.column-{one}") for one in columns)
    rows = tuple(_row(look, theme) for theme in found)
    return Card(title=called, body="", table=(head, *rows), source=words("concerns.foot"), locale=words.language)


def _shown(look: Look, initiative: Initiative, here: Collection[str]) -> list[Theme]:
    return themes_of(look.tx, initiative.id, look.reader.now, lambda one: one.people.number >= SHOWN_FROM, units=here)


def _row(look: Look, theme: Theme) -> tuple[str, ...]:
    words = look.words
    numbers = (one.shown(words, closely=False) for one in (theme.people, theme.lately, theme.before))
    return (title(theme, words), *numbers, words("concerns.all-answered" if not theme.open else "concerns.in-hand"))
