"""The calendar of what everybody got: rows in the reader's own date and time, a file, and tables for the guide."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo

from tests.nine_months.living import Got
from tests.nine_months.organisation import Organisation

STAGES = {
    "early": "date, two weeks before",
    "week": "date, one week before",
    "eve": "date, the day before",
    "day": "date, on the day",
    "agents": "heads-up for key users",
}
# By what a key begins with; the longest that fits counts.
KINDS = {
    "gathered": "several in one",
    "milestone-ask": "how does it stand?",
    "milestone-previews": "to be sent: several",
    "milestone-said": "an owner's word",
    "milestone-slip": "new date to release",
    "milestone-risk": "at risk",
    "milestone-at-risk": "at risk",
    "milestone-done": "a result",
    "change": "new date",
    "change-release": "new date to release",
    "role-taken": "a question to take something on",
    "offer": "a question to take something on",
    "left": "a colleague has left",
    "broadcast": "message from the project",
    "broadcast-ask": "a message to agree to",
    "broadcast-progress": "how a message goes out",
    "broadcast-told": "a message was agreed to",
    "sponsor-digest": "the week",
    "win": "good news",
}
# Whose figures the guide shows, and whose calendar whole.
ARCHETYPES = {
    "Gabriela Pontes": "sales representative in São Paulo",
    "Luana Ferraz": "key user in São Paulo",
    "Matthias Brenner": "medical adviser in Berlin",
    "Terrence Boyd": "marketing in Los Angeles",
    "Cristina Molina": "customer service in Lisbon, reads Spanish",
    "Birgit Scholz": "finance in Berlin, in two projects, key user and owner of dates",
    "Katrin Vogel": "warehouse in Leipzig, early shift",
    "Imran Sheikh": "service desk in Kolkata, night shift, key user",
    "Carmen Ibarra": "head of sales in Spain, owner of a date",
    "Beatriz Nogueira": "sponsor",
    "Nuno Falcão": "project manager",
    "Leonor Castanheira": "project manager, and affected by the other project",
    "#finance": "a channel",
}
SHOWN = ("Gabriela Pontes", "Luana Ferraz")


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the calendar, in the zone and with the name of who got it; `place` is a channel or empty."""

    who: str
    department: str
    day: str
    time: str
    place: str
    what: str
    project: str
    title: str

    @property
    def week(self) -> tuple[int, int]:
        """The ISO year and week of its day."""
        return date.fromisoformat(self.day).isocalendar()[:2]


def rows(got: Iterable[Got], here: Organisation) -> list[Row]:
    """Everybody's messages, by person and time; a channel is listed under its name."""
    found = [_row(one, here) for one in got]
    return sorted(found, key=lambda row: (bool(row.place), row.who, row.day, row.time, row.title))


def as_csv(calendar: Sequence[Row]) -> str:
    """The whole calendar."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    writer.writerows(astuple(row) for row in calendar)
    return out.getvalue()


def from_csv(text: str) -> list[Row]:
    """What `as_csv` wrote."""
    return [Row(**row) for row in csv.DictReader(io.StringIO(text))]


def summary(calendar: Sequence[Row]) -> str:
    """A line for each archetype: how much, how often, how early and how late."""
    lines = [
        "| Who | In nine months | In the fullest week | On the fullest day | Earliest | Latest |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, part in ARCHETYPES.items():
        mine = [row for row in calendar if row.who == name]
        lines.append(f"| {name}, {part} | {' | '.join(_figures(mine))} |")
    return "\n".join(lines) + "\n"


def table(calendar: Sequence[Row], name: str) -> str:
    """All that one person got."""
    lines = ["| Day | Time | What | Project | Title |", "| --- | --- | --- | --- | --- |"]
    for row in calendar:
        if row.who == name:
            day = date.fromisoformat(row.day)
            lines.append(f"| {day:%a} {day.day} {day:%b %Y} | {row.time} | {row.what} | {row.project} | {row.title} |")
    return "\n".join(lines) + "\n"


def renewed(guide: str, calendar: Sequence[Row]) -> str:
    """The guide with the tables between its marks made anew."""
    made = {"summary": summary(calendar)} | {f"calendar of {name}": table(calendar, name) for name in SHOWN}
    for name, lines in made.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = guide.partition(begin)
        _, _, after = rest.partition(end)
        guide = f"{before}{begin}\n{lines}\n{end}{after}"
    return guide


def unknown_titles(calendar: Iterable[Row], here: Organisation) -> list[str]:
    """Titles of dates in the calendar that no playbook has (any more)."""
    known = {
        milestone.name
        for initiative in here.playbooks.initiatives.values()
        for text in (initiative.written, *initiative.translations.values())
        for milestone in text.milestones
    }
    told = [row for row in calendar if row.what in STAGES.values()]
    return sorted({row.title for row in told if not any(row.title.endswith(name) for name in known)})


def _figures(mine: Sequence[Row]) -> list[str]:
    if not mine:
        return ["0", *["–"] * 4]
    weeks, days = Counter(row.week for row in mine), Counter(row.day for row in mine)
    times = sorted(row.time for row in mine)
    return [str(len(mine)), str(max(weeks.values())), str(max(days.values())), times[0], times[-1]]


def _row(one: Got, here: Organisation) -> Row:
    unit = here.unit(one)
    zone = ZoneInfo(unit.timezone) if one.channel else here.people[one.where].zone
    local = one.at.astimezone(zone)
    projects = [i.written.name.partition(":")[0] for i in here.playbooks.initiatives.values()]
    abouts = dict.fromkeys(i.written.name.partition(":")[0] for key in one.keys if (i := here.about(key)))
    abouts = abouts or dict.fromkeys(name for name in projects if one.title.startswith(f"{name}:"))
    return Row(
        who=f"#{one.where}" if one.channel else here.people[one.where].row["name"],
        department=unit.name,
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        place=one.where if one.channel else "",
        what=what(one),
        project=", ".join(abouts),
        title=one.title.replace("|", "/"),
    )


def what(one: Got) -> str:
    """Which sort of message it is, in plain words."""
    parts = one.key.split(":")
    if parts[0] == "milestone" and "shown" in parts:
        return "to be sent: silence is yes" if parts[-1] == "silence" else "to be sent: needs a yes"
    if parts[0] == "milestone" and len(parts) > 4 and parts[4] in STAGES:
        return STAGES[parts[4]]
    if parts[0] == "milestone-ask" and parts[-1] == "leader":
        return "an owner is silent"
    fits = [kind for kind in KINDS if one.key.startswith(kind)]
    return KINDS[max(fits, key=len)] if fits else (one.kind or "other")
