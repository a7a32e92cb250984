"""What an initiative lacks to be complete: the questions of change management asked of its `initiative.yaml`.

Everything here is a warning: an incomplete initiative still answers what it can.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.playbook.fault import Fault
from bot.playbook.initiative_file import InitiativeFile, Kpi
from bot.playbook.naming import shown
from bot.playbook.reading import Sheet

EARLY = ("assess", "align", "design", "prepare")


def completeness_faults(sheet: Sheet, written: InitiativeFile, today: date) -> Iterator[Fault]:
    """Everything that makes this initiative less than complete."""
    yield from _units(sheet, written)
    yield from _kpis(sheet, written)
    yield from _milestones(sheet, written, today)
    yield from _risks(sheet, written)
    yield from _decisions(sheet, written, today)
    yield from _periods(sheet, written)
    if not written.governance:
        yield sheet.fault("warning", "no governance: write who decides and when they meet", "governance")
    if not written.learning or not (written.learning.sessions or written.learning.lessons):
        yield sheet.fault("warning", "no learning plan: write its sessions or lessons", "learning")


def _units(sheet: Sheet, written: InitiativeFile) -> Iterator[Fault]:
    for number, unit in enumerate(written.units):
        if not written.change_agents.get(unit.id):
            message = f"the unit {shown(unit.id)} has no change agent; name one in change_agents"
            yield sheet.fault("warning", message, "units", number)
        if not unit.changes.strip():
            message = f"nothing is said about what changes for {shown(unit.id)}; write changes"
            yield sheet.fault("warning", message, "units", number)


def _kpis(sheet: Sheet, written: InitiativeFile) -> Iterator[Fault]:
    for number, kpi in enumerate(written.kpis):
        lacking = [
            what
            for what, value in (
                ("baseline", kpi.baseline),
                ("target", kpi.target),
                ("owner", kpi.owner),
                ("due date", kpi.due),
            )
            if value is None
        ]
        if lacking:
            message = f"the KPI {shown(kpi.id)} has no {', no '.join(lacking)}"
            yield sheet.fault("warning", message, "kpis", number)
        if problem := _wrong_way(kpi):
            yield sheet.fault("warning", problem, "kpis", number, "direction")


def _wrong_way(kpi: Kpi) -> str:
    if kpi.direction is None or kpi.baseline is None or kpi.target is None:
        return ""
    rises = kpi.target > kpi.baseline
    if kpi.target != kpi.baseline and rises == (kpi.direction == "up"):
        return ""
    return (
        f"the KPI {shown(kpi.id)} should go {kpi.direction}, but its target {kpi.target:g} "
        f"does not lie {kpi.direction} from {kpi.baseline:g}"
    )


def _milestones(sheet: Sheet, written: InitiativeFile, today: date) -> Iterator[Fault]:
    for number, milestone in enumerate(written.milestones):
        here = ("milestones", number)
        if not milestone.done_when.strip():
            message = f"the milestone {shown(milestone.id)} does not say when it is done; write done_when"
            yield sheet.fault("warning", message, *here)
        if milestone.date < today and written.phase in EARLY:
            message = (
                f"the milestone {shown(milestone.id)} lies in the past, but the phase is still "
                f"{written.phase}; move one of them"
            )
            yield sheet.fault("warning", message, *here, "date")


def _risks(sheet: Sheet, written: InitiativeFile) -> Iterator[Fault]:
    if not written.risks:
        yield sheet.fault("warning", "no risks: every change has some; write them with a response", "risks")
    for number, risk in enumerate(written.risks):
        if not risk.response.strip():
            yield sheet.fault("warning", f"the risk {shown(risk.id)} has no response", "risks", number)


def _decisions(sheet: Sheet, written: InitiativeFile, today: date) -> Iterator[Fault]:
    for number, decision in enumerate(written.decisions):
        if decision.status == "open" and decision.until is None:
            message = f"the open decision {shown(decision.id)} has no until: people ask how long they can be heard"
            yield sheet.fault("warning", message, "decisions", number)
        elif decision.status == "open" and decision.until and decision.until < today:
            message = f"the decision {shown(decision.id)} was open until {decision.until}; write what was decided"
            yield sheet.fault("warning", message, "decisions", number, "until")


def _periods(sheet: Sheet, written: InitiativeFile) -> Iterator[Fault]:
    for number, resource in enumerate(written.resources):
        if resource.start and resource.until and resource.until < resource.start:
            yield sheet.fault("warning", "this ends before it begins", "resources", number, "to")
