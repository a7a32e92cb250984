"""A theme that grows is told once to the project manager and to the change agents of the unit it grows in.

A theme grows where at least five people stand behind it and three of them came within the last two weeks. Nobody is
told who they are, and nobody is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.messages import Card, Choice
from bot.milestones import telling
from bot.milestones.telling import Reader
from bot.people.audience import viewer_of
from bot.playbook.access import lineage, may_know
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.shared_files import Unit
from bot.store import Session, case_themes
from bot.themes.reading import SHOWN_FROM, People, Theme, by_unit, themes_of, title

LATELY = timedelta(days=14)
MORE = 3
"""People who must have come lately."""


def grows(theme: Theme) -> bool:
    """Whether it is told: five people or more stand behind it, and three or more of them came lately."""
    return theme.people.number >= SHOWN_FROM and theme.more >= MORE


def tell(tx: Session, initiative: Initiative, playbooks: Playbooks, now: datetime) -> int:
    """Tells of the themes of an initiative that grow; says how many posts were queued."""
    if not telling.is_told(initiative):
        return 0
    units, done = playbooks.organisation.units, 0
    large = themes_of(tx, initiative.id, now, lambda one: one.people.number >= SHOWN_FROM, lately=LATELY)
    for theme in filter(grows, large):
        done += _tell_leader(tx, initiative, playbooks, theme, now)
    if not large:
        return done
    for unit, agents in initiative.written.change_agents.items():
        here = [one for one in units if unit in lineage(one, units)]
        for theme in themes_of(tx, initiative.id, now, grows, units=here, lately=LATELY):
            done += _tell_agents(tx, initiative, playbooks, theme, unit, agents, now)
    return done


def _tell_leader(tx: Session, initiative: Initiative, playbooks: Playbooks, theme: Theme, now: datetime) -> int:
    leader = telling.leader(tx, initiative, playbooks)
    if leader is None or case_themes.told_before(tx, theme.id, "", now.date()):
        return 0
    card = leader_card(theme, by_unit(tx, initiative.id, theme.id, now), initiative, leader, playbooks)
    telling.to_one(tx, f"theme:{theme.id}", leader, card, now)
    return 1


def _tell_agents(
    tx: Session,
    initiative: Initiative,
    playbooks: Playbooks,
    theme: Theme,
    unit: str,
    agents: tuple[str, ...],
    now: datetime,
) -> int:
    units = playbooks.organisation.units
    found = [one for address in agents if (one := telling.reader(tx, address, playbooks))]
    may = [one for one in found if may_know(viewer_of(one.person), initiative, units)]
    if not may or case_themes.told_before(tx, theme.id, unit, now.date()):
        return 0
    for one in may:
        card = agent_card(theme, initiative, one, unit, playbooks)
        telling.to_one(tx, f"theme:{theme.id}:{unit}:{one.person.key}", one, card, now)
    return len(may)


def leader_card(
    theme: Theme, units: Mapping[str, People], initiative: Initiative, whom: Reader, playbooks: Playbooks
) -> Card:
    """What the project manager is told: the theme, how many people in which units, since when."""
    words = whom.words
    facts = [(words("themes.people"), theme.people.shown(words)), *_lately(theme, whom)]
    facts += list(_by_unit(units, whom, playbooks))
    return Card(
        title=words("themes.grows", title=title(theme, words)),
        body=words("themes.grows-leader", project=_project(initiative, whom)),
        facts=tuple(facts),
        choices=(Choice(words("themes.see"), "board queue"),),
        locale=words.language,
    )


def agent_card(theme: Theme, initiative: Initiative, whom: Reader, unit: str, playbooks: Playbooks) -> Card:
    """What change agents are told: the theme of their unit and a number, never who or what somebody wrote."""
    words = whom.words
    name = _unit_name(playbooks, unit, words.language)
    return Card(
        title=words("themes.grows", title=title(theme, words)),
        body=words("themes.grows-agent", project=_project(initiative, whom), unit=name),
        facts=((words("themes.people"), theme.people.shown(words, closely=False)), *_lately(theme, whom)),
        choices=(Choice(words("themes.see"), "board concerns"),),
        locale=words.language,
    )


def _lately(theme: Theme, whom: Reader) -> tuple[tuple[str, str], ...]:
    more = whom.words.number(theme.more) if theme.more >= SHOWN_FROM else whom.words("themes.few")
    return ((whom.words("themes.lately"), more),)


def _by_unit(units: Mapping[str, People], whom: Reader, playbooks: Playbooks) -> Iterator[tuple[str, str]]:
    """The units with at least five people."""
    for unit in sorted(filter(None, units)):
        if units[unit].number >= SHOWN_FROM:
            yield _unit_name(playbooks, unit, whom.words.language), units[unit].shown(whom.words)


def _unit_name(playbooks: Playbooks, unit: str, language: str) -> str:
    organisation = playbooks.organisation
    translated: Mapping[str, Unit] = organisation.translated_units.get(language, {})
    found = translated.get(unit) or organisation.units.get(unit)
    return (found.name if found else "") or unit


def _project(initiative: Initiative, whom: Reader) -> str:
    return initiative.text(whom.words.locale).name.partition(":")[0].strip()
