"""The plan as a table and as a picture: each milestone with its date and how it stands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.milestones.standing import Standing
from bot.milestones.words import Subject
from bot.pictures import MOST_ROWS, Legend, Row, timeline
from bot.pictures.signs import STATES, State
from bot.store.milestones import AT_RISK, DONE, ON_TRACK
from bot.words import Words

_KEYS: Mapping[State, str] = {
    "done": "roadmap.done",
    "on-track": "roadmap.on-track",
    "planned": "roadmap.planned",
    "at-risk": "roadmap.at-risk",
    "passed": "roadmap.passed",
}
_SAID: Mapping[str, State] = {"": "planned", ON_TRACK: "on-track", AT_RISK: "at-risk", DONE: "done"}


def roadmap(subjects: Iterable[Subject], words: Words, today: date) -> tuple[tuple[str, str, str], ...]:
    """The plan as a table: milestone, date, state; its first row names the columns."""
    head = (words("roadmap.milestone"), words("roadmap.date"), words("roadmap.state"))
    return (head, *(_row(subject, words, today) for subject in subjects))


def picture(subjects: Sequence[Subject], words: Words, today: date, title: str) -> tuple[str, str]:
    """The plan as SVG, and in words what it shows; both empty without milestones. Where there are too many to be read,
    those done longest ago are left out, then the earliest."""
    if not subjects:
        return "", ""
    shown = _worth_showing(subjects)
    legend = Legend(
        title=title,
        today=words("roadmap.today"),
        states={one: words(key) for one, key in _KEYS.items()},
        moved=words("roadmap.earlier"),
        month=words.month,
    )
    rows = [_drawn(subject, words, today) for subject in shown]
    return timeline(rows, today, legend), _said(shown, len(subjects), words, today)


def state(words: Words, standing: Standing, today: date) -> str:
    """How a milestone stands, in a word or two."""
    return words(_KEYS[stands(standing, today)])


def stands(standing: Standing, today: date) -> State:
    """How a milestone stands: as was said of it, unless its date has passed without it being done."""
    said = _SAID[standing.report.state]
    return "passed" if standing.on < today and said != "done" else said


def _row(subject: Subject, words: Words, today: date) -> tuple[str, str, str]:
    standing = subject.standing
    day = words.day(standing.on)
    if standing.before:
        day = words("roadmap.moved", date=day, before=words.day(standing.before))
    return subject.title(words), day, state(words, standing, today)


def _worth_showing(subjects: Sequence[Subject]) -> list[Subject]:
    left_out = len(subjects) - MOST_ROWS
    first_to_go = sorted(subjects, key=lambda one: (one.standing.report.state != DONE, one.standing.on))
    gone = {one.ref for one in first_to_go[: max(0, left_out)]}
    return [one for one in subjects if one.ref not in gone]


def _drawn(subject: Subject, words: Words, today: date) -> Row:
    standing = subject.standing
    written = words.short_day(standing.on, today)
    return Row(subject.title(words), standing.on, written, stands(standing, today), standing.before)


def _said(shown: Sequence[Subject], of: int, words: Words, today: date) -> str:
    """What the picture shows, in words; the table beside it names each."""
    counted = Counter(stands(one.standing, today) for one in shown)
    states = "; ".join(f"{words(_KEYS[one])}: {words.number(counted[one])}" for one in STATES if counted[one])
    days = [one.standing.on for one in shown]
    first, last = words.day(min(days)), words.day(max(days))
    key = "roadmap.picture" if min(days) < max(days) else "roadmap.picture-day"
    said = words(key, first=first, last=last, states=states)
    less = " " + words("roadmap.picture-part", n=len(shown), of=of) if len(shown) < of else ""
    return f"{said}{less}"
