"""The sample organisation as the checks see it: who there is, what is planned, who may know what, and when they work.

Read from the files, and apart from what decides in the program: working time is read off a clock on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, cached_property

import holidays

from bot.playbook.folder import read_folder
from bot.playbook.load import check
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.shared_files import Unit
from tests.nine_months import story
from tests.nine_months.living import Colleague, Got, colleagues
from tests.people.slow_hours import Worker
from tests.world import SAMPLE

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_CAP = 3


@dataclass(frozen=True)
class Organisation:
    """Everybody and everything; `channels` are the units of channels, `left` when somebody left."""

    people: Mapping[str, Colleague]
    playbooks: Playbooks
    channels: Mapping[str, str]
    left: Mapping[str, datetime]

    def unit(self, one: Got) -> Unit:
        """The unit that a message came to: that of the channel or of the person."""
        return self.playbooks.organisation.units[
            self.channels[one.where] if one.channel else self._row(one.where)["unit"]
        ]

    def language(self, one: Got) -> str:
        """In which language it has to be."""
        locale = self.unit(one).locale if one.channel else self._row(one.where)["locale"]
        return locale.partition("-")[0]

    def about(self, key: str) -> Initiative | None:
        """Which initiative a message is about, by its key."""
        return next((one for id, one in self.playbooks.initiatives.items() if id in re.split("[:/]", key)), None)

    def worker(self, one: Got) -> Worker:
        """When whoever got it works."""
        unit, row = self.unit(one), {} if one.channel else self._row(one.where)
        days = row["working_days"].split(";") if row.get("working_days") else unit.working_days
        hours = row.get("working_hours", "")
        start, until = (
            map(time.fromisoformat, hours.split("-")) if hours else (unit.working_hours.start, unit.working_hours.until)
        )
        free = _holidays(unit.country) | set(unit.holidays)
        return Worker(
            row.get("timezone") or unit.timezone,
            lambda day: WEEK[day.weekday()] in days and day not in free,
            start,
            until,
        )

    def cap(self, account: str) -> int:
        """How many messages a week somebody may get of what goes to many."""
        concern = [i for i in self.playbooks.initiatives.values() if self.may_know(account, i)]
        caps = [i.written.messaging.weekly_cap for i in concern if self._affected(account, i) or self._part(account, i)]
        return min(caps, default=USUAL_CAP)

    def may_know(self, account: str, about: Initiative) -> bool:
        """Whether somebody may know that there is such an initiative."""
        written, row = about.written, self._row(account)
        leads = row["email"] in (written.sponsor, written.project_manager) or "admin" in row["roles"].split(";")
        named = row["email"] in written.pilot.people or bool(self._lineage(account) & set(written.pilot.units))
        return written.status == "live" or leads or (written.status == "pilot" and named)

    def concerns(self, account: str, about: Initiative) -> bool:
        """Whether it affects their unit, or they have a part in it."""
        email = self._row(account)["email"]
        named = {e for audience in about.written.audiences.values() for e in audience.people}
        owners = {m.owner for m in about.written.milestones}
        return self._affected(account, about) or self._part(account, about) or email in named | owners

    @cached_property
    def ids(self) -> frozenset[str]:
        """Names that only files know."""
        found = {*self.playbooks.initiatives, *self.playbooks.organisation.units}
        for one in self.playbooks.initiatives.values():
            found |= {m.id for m in one.written.milestones} | set(one.written.audiences)
        return frozenset(id for id in found if "-" in id)

    def _row(self, account: str) -> dict[str, str]:
        return self.people[account].row

    def _lineage(self, account: str) -> set[str]:
        found, here = set(), self._row(account)["unit"]
        while here:
            found.add(here)
            here = self.playbooks.organisation.units[here].parent or ""
        return found

    def _affected(self, account: str, about: Initiative) -> bool:
        return bool(self._lineage(account) & {unit.id for unit in about.written.units})

    def _part(self, account: str, about: Initiative) -> bool:
        written = about.written
        agents = {agent for many in written.change_agents.values() for agent in many}
        chosen = story.ACCEPTED.get(account) == about.id
        return chosen or self._row(account)["email"] in {written.sponsor, written.project_manager, *agents}


@cache
def _holidays(country: str) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=range(2026, 2029))) if country else frozenset()


def organisation() -> Organisation:
    """The samples, with the channels and leavings of the story."""
    files, faults = read_folder(SAMPLE)
    playbooks = check(files, story.FIRST.date(), faults).playbooks
    return Organisation(colleagues(), playbooks, story.channel_units(), story.LEFT)
