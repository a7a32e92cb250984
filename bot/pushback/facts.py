"""Single facts of an initiative that can settle a worry, each one line in the reader's language, or '' where nothing is
known. Pure; everything here is what the reader may read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.answers.rank import find
from bot.messages import escape
from bot.playbook.access import in_audience
from bot.playbook.initiative_file import AffectedUnit, InitiativeFile, Kpi
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader
from bot.which import NEAR

LONGEST_QUOTE = 260
MOST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fact depends on. `unit` is the affected unit of the reader, '' where they belong to none."""

    reader: Reader
    initiative: Initiative
    unit: str
    text: str

    @property
    def written(self) -> InitiativeFile:
        """The initiative in the reader's language."""
        return self.initiative.text(self.reader.words.locale)

    @property
    def mine(self) -> AffectedUnit | None:
        """What is written of the reader's unit."""
        return next((one for one in self.written.units if one.id == self.unit), None)

    def words(self, key: str, **fields: object) -> str:
        """A text in the reader's language."""
        return self.reader.words(key, **fields)

    def found(self, allowed: Callable[[Passage], bool], least: float = NEAR) -> Passage | None:
        """The passage of the initiative that comes nearest to the worry among those allowed to this reader."""
        reader, may_read = self.reader, self.reader.permission()
        hits = find(
            reader.index,
            self.text,
            locale=reader.words.locale,
            allowed=lambda p: allowed(p) and may_read(p),
            initiative=self.initiative.id,
        ).hits
        return hits[0].passage if hits and hits[0].confidence >= least else None


def steps(asked: Asked) -> str:
    """The dates ahead, of the unit first, as the way in which it comes."""
    reader, text = asked.reader, asked.written
    ahead = sorted((m for m in text.milestones if m.date >= reader.today), key=lambda m: m.date)
    mine = [m for m in ahead if asked.unit and asked.unit in (m.units or (asked.unit,))]
    rows = [f"{m.name or m.id} ({reader.words.day(m.date)})" for m in (mine or ahead)[:MOST]]
    return asked.words("concern.known-steps", steps="; ".join(rows)) if rows else ""


def training(asked: Asked) -> str:
    """The next training that is meant for the reader."""
    reader, plan = asked.reader, asked.written.learning
    units = reader.playbooks.organisation.units
    sessions = [
        s
        for s in (plan.sessions if plan else ())
        if in_audience(reader.viewer, s.audience or "all-affected", asked.initiative, units)
    ]
    dated = sorted(
        (s for s in sessions if s.when and s.when.date() >= reader.today),
        key=lambda s: s.when.isoformat() if s.when else "",
    )
    if dated and dated[0].when:
        return asked.words(
            "concern.known-training", name=dated[0].name, date=reader.words.weekday(dated[0].when.date())
        )
    return asked.words("concern.known-training-undated", name=sessions[0].name) if sessions else ""


def help_there(asked: Asked) -> str:
    """Who helps: the change agent of the unit, and the desk."""
    reader, text = asked.reader, asked.written
    there = (a for a in text.change_agents.get(asked.unit, ()) if a != reader.viewer.email and reader.directory(a))
    agents = [reader.names(a) for a in there]
    desk = (
        asked.words("concern.known-desk", name=text.support.name, how=escape(text.support.how.rstrip(".")))
        if text.support
        else ""
    )
    near = asked.words("concern.known-agent", name=reader.words.all_of(agents)) if agents else ""
    return f"{near} {desk}".strip()


def measures(asked: Asked) -> str:
    """By which numbers it will be judged."""
    rows = [_measure(asked, k) for k in asked.written.kpis if k.target is not None][:MOST]
    return asked.words("concern.known-measures", measures="; ".join(rows)) if rows else ""


def _measure(asked: Asked, kpi: Kpi) -> str:
    words = asked.reader.words
    start, target = (words.number(v) if v is not None else words("goals.unknown") for v in (kpi.baseline, kpi.target))
    by = f" ({words.day(kpi.due)})" if kpi.due else ""
    return f"{kpi.name}: {start} → {target} {kpi.unit}".rstrip() + by


def gains(asked: Asked) -> str:
    """What the unit gets; without a unit of one's own nothing."""
    return _said(asked, "concern.known-gains", asked.mine.gains if asked.mine else ())


def losses(asked: Asked) -> str:
    """What the unit gives up, said openly."""
    return _said(asked, "concern.known-losses", asked.mine.losses if asked.mine else ())


def stays(asked: Asked) -> str:
    """What stays as it is."""
    return _said(asked, "concern.known-stays", asked.mine.stays if asked.mine else ())


def _said(asked: Asked, key: str, items: Sequence[str]) -> str:
    return asked.words(key, items="; ".join(items[:MOST])) if items else ""


def changes(asked: Asked) -> str:
    """What changes for the unit, else what the whole is about."""
    return " ".join((asked.mine.changes if asked.mine else "").split()) or " ".join(asked.written.summary.split())


def open_decisions(asked: Asked) -> str:
    """What is still open, who decides it by when, and how one is heard: the one that comes nearest, else the next."""
    reader = asked.reader
    ahead = [d for d in asked.written.decisions if d.status == "open" and (d.until is None or d.until >= reader.today)]
    near = asked.found(lambda p: p.heading in {f"decisions.{d.id}" for d in ahead})
    chosen = next((d for d in ahead if near and near.heading == f"decisions.{d.id}"), None)
    chosen = chosen or min(ahead, key=lambda d: (d.until is None, str(d.until)), default=None)
    if chosen is None:
        return asked.words("concern.known-decided") if asked.written.decisions else ""
    by = reader.names(chosen.by) if chosen.by else reader.words("name.somebody")
    until = reader.words.day(chosen.until) if chosen.until else reader.words("date.unknown")
    return (
        f"{asked.words('concern.known-open', what=chosen.what, name=by, date=until)} {chosen.how_to_be_heard}".strip()
    )


def people_and_time(asked: Asked) -> str:
    """The people and the time that are set aside, now or later; those that come nearest to the worry first."""
    reader = asked.reader
    there = [r for r in asked.written.resources if r.until is None or r.until >= reader.today]
    rows = [
        f"{r.what} ({reader.words.day(r.start)} – {reader.words.day(r.until)})" if r.start and r.until else r.what
        for r in there[:MOST]
    ]
    return asked.words("concern.known-resources", what="; ".join(rows)) if rows else ""


def risk(asked: Asked) -> str:
    """The risk that the worry is about, and what is done about it."""
    near = asked.found(lambda p: p.heading.startswith("risks."))
    found = next((r for r in asked.written.risks if near and near.heading == f"risks.{r.id}"), None)
    if found is None or not found.response:
        return ""
    return asked.words("concern.known-risk", risk=found.risk.rstrip("."), response=found.response)


def otherwise(asked: Asked) -> str:
    """What happens if nothing is done."""
    text = asked.written.if_we_do_nothing
    return asked.words("concern.known-otherwise", text=shortened(text)) if text else ""


def budget(asked: Asked) -> str:
    """What it costs."""
    money = asked.written.budget
    return (
        asked.words("concern.known-budget", amount=asked.reader.words.money(money.amount, money.currency))
        if money
        else ""
    )


def history(asked: Asked) -> str:
    """What is written of how it went last time: the part that comes nearest, else the last, which says what is new."""
    may_read = asked.reader.permission()
    pages = [p for p in asked.initiative.passages if _is_history(p) and may_read(p)]
    spoken = [p for p in pages if p.locale.split("-")[0] == asked.reader.words.language] or pages
    near = asked.found(_is_history) or (spoken[-1] if spoken else None)
    return asked.words("concern.known-page", heading=near.heading, text=shortened(near.body)) if near else ""


def _is_history(passage: Passage) -> bool:
    return passage.kind == "page" and PurePosixPath(passage.file).name.split(".")[0] == "history"


def jobs(asked: Asked) -> str:
    """What was written on jobs and pay for exactly that; else who says it in person."""
    near = asked.found(lambda p: p.topic == "jobs")
    if near is None:
        return asked.words("concern.known-jobs", name=asked.reader.names(asked.written.sponsor))
    return asked.words("concern.known-page", heading=near.heading, text=shortened(near.body))


def page(asked: Asked) -> str:
    """Whatever comes near the worry in what is written."""
    near = asked.found(lambda p: p.kind != "fact" and p.topic != "jobs", least=3 * NEAR)
    return asked.words("concern.known-page", heading=near.heading, text=shortened(near.body)) if near else ""


def shortened(body: str) -> str:
    """The beginning of a text on one line, up to the end of a sentence where one is near."""
    flat = " ".join(body.replace("\n- ", " ").split()).removeprefix("- ")
    if len(flat) <= LONGEST_QUOTE:
        return flat
    head = flat[:LONGEST_QUOTE]
    end = max(head.rfind(". "), head.rfind("! "), head.rfind("? "))
    return head[: end + 1] if end > LONGEST_QUOTE // 3 else head[: head.rfind(" ")].rstrip(" ,;:") + " …"
