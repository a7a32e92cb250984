"""What `initiative.yaml` says, as readable texts under their keys, in whatever language it is written.

No word of any language is added: `(+)` marks what comes, `(−)` what goes and `(=)` what stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.playbook.initiative_file import AffectedUnit, InitiativeFile, Kpi, Milestone, Risk

COMES, GOES, STAYS = "(+)", "(−)", "(=)"


@dataclass(frozen=True, slots=True)
class Fact:
    """One key with the text of what stands behind it. `owner` is an address or empty."""

    key: str
    body: str
    units: tuple[str, ...] = ()
    owner: str = ""


def facts(written: InitiativeFile) -> tuple[Fact, ...]:
    """Everything of the file that can be quoted, in the file's own order of keys; what is empty makes none."""
    return tuple(fact for fact in _all(written) if fact.body)


def _all(written: InitiativeFile) -> Iterator[Fact]:
    yield from _about(written)
    for unit in written.units:
        yield Fact(f"units.{unit.id}", _unit(unit), units=(unit.id,))
    for decision in written.decisions:
        about = _sentences(decision.what, decision.why, decision.how_to_be_heard)
        day = _day(decision.when if decision.status == "made" else decision.until)
        yield Fact(f"decisions.{decision.id}", _lines(about, day), owner=decision.by or "")
    for kpi in written.kpis:
        yield Fact(f"kpis.{kpi.id}", _kpi(kpi), owner=kpi.owner or "")
    for milestone in written.milestones:
        yield Fact(f"milestones.{milestone.id}", _milestone(milestone), milestone.units, milestone.owner)
    for risk in written.risks:
        yield Fact(f"risks.{risk.id}", _risk(risk), owner=risk.owner or "")
    yield from _learning(written)


def _about(written: InitiativeFile) -> Iterator[Fact]:
    yield Fact("purpose", written.purpose)
    yield Fact("summary", written.summary)
    inside, outside = written.scope.inside, written.scope.outside
    yield Fact("scope", _lines(*_marked(COMES, inside), *_marked(GOES, outside)))
    yield Fact("if_we_do_nothing", written.if_we_do_nothing)
    yield Fact("makes_possible", written.makes_possible)
    systems = written.systems
    changed = (*_marked(GOES, systems.replaced), *_marked(STAYS, systems.kept), *_marked(COMES, systems.connected))
    yield Fact("systems", _lines(systems.kind, *changed))
    if written.support:
        yield Fact("support", f"{written.support.name}: {written.support.how}")
    if written.budget:
        yield Fact("budget", f"{_number(written.budget.amount)} {written.budget.currency}".strip())
    if governance := written.governance:
        forums = (forum.name for forum in governance.forums)
        duties = (_titled(duty.name, _sentences(duty.evidence), _day(duty.due)) for duty in governance.obligations)
        yield Fact("governance", _lines(governance.decides, governance.meets, *forums, *duties))


def _learning(written: InitiativeFile) -> Iterator[Fact]:
    if learning := written.learning:
        for session in learning.sessions:
            when = session.when.isoformat(" ", "minutes") if session.when else ""
            length = f"{session.minutes} min" if session.minutes else ""
            yield Fact(f"learning.{session.id}", _titled(session.name, when, length, session.where))
        for lesson in learning.lessons:
            length = f"{lesson.minutes} min" if lesson.minutes else ""
            yield Fact(f"learning.{lesson.id}", _titled(lesson.name, length))


def _unit(unit: AffectedUnit) -> str:
    return _lines(unit.changes, *_marked(COMES, unit.gains), *_marked(GOES, unit.losses), *_marked(STAYS, unit.stays))


def _kpi(kpi: Kpi) -> str:
    values = " → ".join(_number(value) for value in (kpi.baseline, kpi.target) if value is not None)
    return _titled(kpi.name, f"{values} {kpi.unit}".strip() if values else "", _day(kpi.due))


def _milestone(milestone: Milestone) -> str:
    title = _titled(milestone.name or milestone.id, _day(milestone.date))
    return _lines(title, _sentences(milestone.say, milestone.done_when))


def _risk(risk: Risk) -> str:
    return _sentences(risk.risk, risk.response)


def _marked(mark: str, texts: Iterable[str]) -> Iterator[str]:
    return (f"{mark} {text}" for text in texts)


def _lines(*texts: str) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())


def _sentences(*texts: str) -> str:
    """The texts one after the other, each closed like a sentence."""
    written = [text.strip() for text in texts if text.strip()]
    return " ".join(text if text[-1] in ".!?…:;" else f"{text}." for text in written)


def _titled(title: str, *more: str) -> str:
    rest = ", ".join(text.strip() for text in more if text.strip())
    return f"{title}: {rest}" if rest else title


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
