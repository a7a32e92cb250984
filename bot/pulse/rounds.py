"""Rounds of a survey: what is to be asked of whom, what keeps it from beginning, and opening it.

It writes to nobody and makes no card. A round keeps a snapshot of what it asks: a file that is edited later changes
nothing in it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery import announcing
from bot.people.hours import clock_shows
from bot.playbook.access import lineage
from bot.playbook.initiative_file import Obligation, PulseSchedule
from bot.playbook.model import Initiative, Playbooks
from bot.pulse.obligations import blocking
from bot.pulse.sampling import SPARED_FOR, next_turn, sample
from bot.store import Session, announcements, obligations, participation, surveys
from bot.store.announcements import Announcement
from bot.store.participation import ANSWERED, Asked
from bot.store.people import PersonRecord
from bot.store.surveys import OPEN, New, Round, Snapshot

KIND = "surveys"
ALL_AFFECTED = "all-affected"
UNIT = "unit:"
NAMED_SURVEYS = "named-surveys"
USUAL_DAYS = 7
NEVER_SETTING = "never-surveys"
"""The setting that holds the templates of which somebody wants no survey, separated by commas."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A survey that could be asked. `audience` is a name of the playbook, or `unit:ID`."""

    initiative: Initiative
    snapshot: Snapshot
    audience: str
    share: float = 1.0
    days: int = USUAL_DAYS
    zone: str = "UTC"

    @property
    def id(self) -> str:
        """The template's id."""
        return self.snapshot.template.id

    @property
    def named(self) -> bool:
        """Whether answers are kept with the names."""
        return not self.snapshot.template.anonymous

    @property
    def version(self) -> str:
        """A fingerprint of what people will see."""
        return hashlib.sha256(self.snapshot.to_json().encode()).hexdigest()

    def closes_at(self, reading: datetime) -> datetime:
        """When a round closes that begins at this reading of the clock in its zone: at the same time of day."""
        return clock_shows(reading.date() + timedelta(days=self.days), reading.time(), self.zone)


@dataclass(frozen=True, slots=True)
class Draw:
    """Whom a round would ask now: persons with their units, and why others are not asked, by reason: `left`,
    `no-account`, `refused`, `switched-off`, `never`, `named-off`, `spared`, `another-time`."""

    people: tuple[tuple[str, str], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    cycle: int = 1

    @property
    def by_unit(self) -> Mapping[str, int]:
        """How many are asked in each unit."""
        return Counter(unit for _, unit in self.people)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a round cannot begin: `draft`, `obligation` (with those that are not met), `named-off`, `under-way` (with
    the round that is) or `too-few` (with how many it would ask)."""

    reason: str
    obligations: tuple[Obligation, ...] = ()
    round: Round | None = None
    people: int = 0


def snapshot_of(playbooks: Playbooks, initiative: Initiative, template: str, rules: bool = True) -> Snapshot | None:
    """What a round of this template would ask if it began now, in all its languages; None without such a template."""
    organisation = playbooks.organisation
    written = organisation.pulses.get(template)
    if written is None:
        return None
    there = {locale: own[template] for locale, own in organisation.translated_pulses.items() if template in own}
    planned = next((one for one in initiative.written.pulses if one.template == template), None)
    return Snapshot(written, there, planned.rules if planned and rules else ())


def zone_of(initiative: Initiative, playbooks: Playbooks, pulse: PulseSchedule | None = None) -> str:
    """The zone in which a survey begins and closes: the one named with it, else that of the first affected unit."""
    if pulse and pulse.timezone:
        return pulse.timezone
    unit = playbooks.organisation.units.get(initiative.written.units[0].id)
    return unit.timezone if unit else "UTC"


def planned(initiative: Initiative, playbooks: Playbooks, pulse: PulseSchedule) -> Plan | None:
    """What this line of the playbook plans; None where there is no such template (any more)."""
    snapshot = snapshot_of(playbooks, initiative, pulse.template)
    if snapshot is None:
        return None
    snapshot = Snapshot(snapshot.template, snapshot.translations, pulse.rules)
    zone = zone_of(initiative, playbooks, pulse)
    return Plan(initiative, snapshot, pulse.audience or ALL_AFFECTED, pulse.share, pulse.closes_after_days, zone)


def plan(playbooks: Playbooks, initiative: Initiative, template: str, audience: str = "") -> Plan | None:
    """What a round of this template would be if the project manager started it: as the playbook plans it where it does
    for this audience, or for any where none is given; else for everybody of the audience, open for a week.

    None where there is no such template or audience.
    """
    snapshot = snapshot_of(playbooks, initiative, template)
    if snapshot is None or (audience and audience not in audiences(initiative)):
        return None
    for pulse in initiative.written.pulses:
        if pulse.template == template and audience in ("", pulse.audience or ALL_AFFECTED):
            return planned(initiative, playbooks, pulse)
    return Plan(initiative, snapshot, audience or ALL_AFFECTED, zone=zone_of(initiative, playbooks))


def audiences(initiative: Initiative) -> tuple[str, ...]:
    """Whom a survey can go to: names of the playbook, and its units."""
    written = initiative.written
    names = (ALL_AFFECTED, "change-agents", *written.audiences)
    return (*dict.fromkeys(names), *(f"{UNIT}{unit.id}" for unit in written.units))


def audience_of(audience: str) -> announcements.Audience:
    """The people whom an audience means, as `Plan` and `Round` name it."""
    if audience.startswith(UNIT):
        return announcements.Audience(units=(audience.removeprefix(UNIT),))
    return announcements.Audience(audience)


def draw(tx: Session, playbooks: Playbooks, plan: Plan, now: datetime) -> Draw:
    """Whom a round would ask if it began now. Changes nothing."""
    initiative, audience = plan.initiative, audience_of(plan.audience)
    announcement = Announcement("", KIND, initiative.id, audience, (), now)
    pool: dict[str, str] = {}
    missed: Counter[str] = Counter()
    for person, reach in announcing.audience_of(tx, announcement, initiative, playbooks):
        reason = announcing.unreachable(person, reach, announcement)
        reason = reason or _unwilling(plan, person, reach.settings, playbooks)
        if reason:
            missed[reason] += 1
        else:
            pool[person.key] = person.unit
    before = [one for one in surveys.rounds(tx, initiative.id) if (one.template, one.audience) == _series(plan)]
    turn = next_turn([(one.cycle, one.share) for one in before], plan.share)
    spared = _spared(tx, plan, now) & pool.keys()
    last = participation.last_cycles(tx, initiative.id, plan.id, plan.audience)
    found = sample(pool, plan.share, turn, last, spared, lambda one: tx.seal.mark("survey-share", *_series(plan), one))
    missed["spared"] = len(spared)
    missed["another-time"] = len(pool) - len(found) - len(spared)
    some = tuple(sorted((key, unit) for key, unit in pool.items() if key in found))
    return Draw(some, {reason: count for reason, count in missed.items() if count}, turn.cycle)


def _series(plan: Plan) -> tuple[str, str]:
    return plan.id, plan.audience


def _unwilling(plan: Plan, person: PersonRecord, settings: Mapping[str, str], playbooks: Playbooks) -> str:
    if plan.id in never(settings):
        return "never"
    organisation = playbooks.organisation
    here = lineage(person.unit, organisation.units)
    switched = any(NAMED_SURVEYS in organisation.policy.off_in.get(unit, ()) for unit in here)
    return "named-off" if plan.named and switched else ""


def _spared(tx: Session, plan: Plan, now: datetime) -> set[str]:
    """Who is asked by another survey since less than seven days, by the days of the plan's zone."""
    here = now.astimezone(ZoneInfo(plan.zone)).date()
    since = clock_shows(here - SPARED_FOR + timedelta(days=1), datetime.min.time(), plan.zone)
    return participation.asked_since(tx, since - timedelta(microseconds=1), plan.initiative.id, plan.id)


def hindrance(tx: Session, playbooks: Playbooks, plan: Plan, draw: Draw, now: datetime) -> Hindrance | None:
    """What keeps a round from beginning now, or nothing."""
    if plan.initiative.written.status == "draft":
        return Hindrance("draft")
    if plan.named and NAMED_SURVEYS in playbooks.organisation.policy.off:
        return Hindrance("named-off")
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    unmet = blocking(plan.initiative, obligations.met(tx, plan.initiative.id), today)
    if unmet:
        return Hindrance("obligation", unmet)
    still = [one for one in surveys.rounds(tx, plan.initiative.id, (OPEN, surveys.CLOSING)) if one.template == plan.id]
    if still:
        return Hindrance("under-way", round=still[0])
    few = not draw.people or (not plan.named and len(draw.people) < plan.snapshot.template.minimum_group)
    return Hindrance("too-few", people=len(draw.people)) if few else None


def begin(
    tx: Session, plan: Plan, draw: Draw, occurrence: str, now: datetime, reading: datetime | None = None, by: str = ""
) -> Round | None:
    """Opens a round for those who were drawn, once for an occurrence; None if it was opened before. `reading` is the
    time that its schedule names, from which its days count."""
    at = reading or now.astimezone(ZoneInfo(plan.zone)).replace(tzinfo=None)
    new = New(
        initiative=plan.initiative.id,
        template=plan.id,
        hash=plan.version,
        snapshot=plan.snapshot,
        occurrence=occurrence,
        audience=plan.audience,
        share=plan.share,
        cycle=draw.cycle,
        minimum=plan.snapshot.template.minimum_group,
        named=plan.named,
        zone=plan.zone,
        opened_at=now,
        closes_at=plan.closes_at(at),
        started_by=by,
    )
    return surveys.open_round(tx, new, draw.people)


def as_if(plan: Plan, now: datetime, draw: Draw | None = None) -> Round:
    """The round that would begin now; it is kept nowhere and has no number."""
    here = now.astimezone(ZoneInfo(plan.zone)).replace(tzinfo=None)
    return Round(
        id=0,
        initiative=plan.initiative.id,
        template=plan.id,
        hash=plan.version,
        audience=plan.audience,
        share=plan.share,
        cycle=1,
        minimum=plan.snapshot.template.minimum_group,
        named=plan.named,
        zone=plan.zone,
        opened_at=now,
        closes_at=plan.closes_at(here),
        state=OPEN,
        asked=len(draw.people) if draw else 0,
    )


def never(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The templates of which somebody wants no survey."""
    return tuple(one for one in settings.get(NEVER_SETTING, "").split(",") if one)


def barred(round: Round, asked: Asked | None, person: PersonRecord, now: datetime) -> str:
    """Why this person cannot answer now: `closed`, `answered`, `not-asked`, `left`; or nothing. Pure."""
    if asked is None:
        return "not-asked"
    if person.left_on is not None:
        return "left"
    if asked.state == ANSWERED:
        return "answered"
    return "" if round.state == OPEN and now < round.closes_at else "closed"
