"""The week of an initiative as a card, for its sponsor and its project manager. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Card, Choice
from bot.milestones.roadmap import picture, roadmap
from bot.milestones.words import Subject
from bot.pictures import Bar, bars, png
from bot.playbook.initiative_file import Kpi
from bot.playbook.model import Initiative
from bot.sponsors.week import LEAST_PEOPLE, Week
from bot.words import Words

MOST_MEASURES, MOST_NAMES = 5, 5


def card(initiative: Initiative, week: Week, words: Words, leader: str) -> Card:
    """How it stands: an honest line, the dates, the measures, what was asked, whom it reached; and a picture of it.
    `leader` is the name of the project manager."""
    text = initiative.text(words.locale)
    title = words("sponsor.title", name=text.name.partition(":")[0].strip(), date=words.day(week.since))
    measures = [_measure(kpi, words) for kpi in text.kpis[:MOST_MEASURES] if week.with_measures]
    listed = "\n".join(f"- {one}" for one in measures)
    image, shows = _picture(week, words, title)
    return Card(
        title=title,
        body="\n\n".join(part for part in (review(week, words), listed and _headed(words, listed)) if part),
        facts=_facts(week, words),
        table=roadmap(week.shown, words, week.today) if week.shown else (),
        image=image,
        image_text=shows,
        source=words("source.team", name=leader),
        choices=(
            Choice(words("roadmap.button"), f"roadmap {initiative.id}"),
            Choice(words("risks.button"), f"risks {initiative.id}"),
        ),
        locale=words.language,
    )


def review(week: Week, words: Words) -> str:
    """What a sponsor has to know first, bad news before good."""
    passed, at_risk, moved = week.those("passed"), week.those("at-risk"), week.those_moved()
    said = [
        *([words.count("sponsor.passed", len(passed), names=_names(passed, words))] if passed else []),
        *([words.count("sponsor.at-risk", len(at_risk), names=_names(at_risk, words))] if at_risk else []),
        *([words.count("sponsor.moved", len(moved), names=_names(moved, words))] if moved else []),
        *([words.count("sponsor.late", week.raised.late)] if week.raised.late else []),
    ]
    return "\n".join(f"- {one}" for one in said) if said else words("sponsor.well")


def _names(found: Sequence[Subject], words: Words) -> str:
    names = [one.title(words) for one in found[:MOST_NAMES]]
    return "; ".join([*names, *(["…"] if len(found) > MOST_NAMES else [])])


def people(words: Words, count: int) -> str:
    """How many people, as far as that may be said."""
    if not count:
        return words("sponsor.none")
    return words("sponsor.few") if count < LEAST_PEOPLE else words.number(count)


def _headed(words: Words, listed: str) -> str:
    return f"**{words('sponsor.measures')}**\n\n{listed}"


def _measure(kpi: Kpi, words: Words) -> str:
    there = (("sponsor.measure-from", kpi.baseline), ("sponsor.measure-target", kpi.target))
    said = [f"{words(key)} {_amount(kpi, value, words)}" for key, value in there if value is not None]
    if kpi.due:
        said.append(words("sponsor.measure-due", date=words.day(kpi.due)))
    return f"{kpi.name}: {', '.join(said)}" if said else f"{kpi.name}: {words('sponsor.measure-open')}"


def _amount(kpi: Kpi, value: float, words: Words) -> str:
    return f"{words.number(value)} {kpi.unit}".strip()


def _facts(week: Week, words: Words) -> tuple[tuple[str, str], ...]:
    facts, raised = [], week.raised
    if raised.asked or raised.answered or raised.open:
        counted = {"asked": people(words, raised.asked), "answered": people(words, raised.answered)}
        said = words("sponsor.raised-said", **counted, open=words.number(raised.open))
        facts.append((words("sponsor.raised"), said))
    if week.unwritten:
        facts.append((words("sponsor.unwritten"), words.number(week.unwritten)))
    if week.reach.meant:
        facts.append((words("sponsor.reach"), _reached(week, words)))
    return tuple(facts)


def _reached(week: Week, words: Words) -> str:
    if week.reach.meant < LEAST_PEOPLE:
        return words("sponsor.few")
    return words("sponsor.of", n=words.number(week.reach.reached), of=words.number(week.reach.meant))


def _picture(week: Week, words: Words, title: str) -> tuple[str, str]:
    """A picture of the week with what it shows: the figures where there are several, else the plan."""
    rows = _bars(week, words)
    if len(rows) > 1:
        figures = "; ".join(f"{one.label}: {one.said}" for one in rows)
        return png(bars(rows, title)), words("sponsor.picture", figures=figures)
    drawn, shows = picture(week.subjects, words, week.today, title)
    return (png(drawn), shows) if drawn else ("", "")


def _bars(week: Week, words: Words) -> list[Bar]:
    """The figures that are parts of a whole; of people only where there are enough."""
    found, milestones = [], len(week.subjects)
    if milestones:
        done = len(week.those("done"))
        said = words("sponsor.of", n=words.number(done), of=words.number(milestones))
        found.append(Bar(words("sponsor.bar-dates"), done, milestones, said))
    if week.reach.meant >= LEAST_PEOPLE:
        found.append(Bar(words("sponsor.bar-reach"), week.reach.reached, week.reach.meant, _reached(week, words)))
    answered, asked = week.raised.answered, week.raised.answered + week.raised.open
    if answered >= LEAST_PEOPLE:
        said = words("sponsor.of", n=words.number(answered), of=words.number(asked))
        found.append(Bar(words("sponsor.bar-answered"), answered, asked, said))
    return found
