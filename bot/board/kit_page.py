"""The kit as a page: what to say, the questions to expect, and one sheet of paper for the notice board.

The paper holds nobody's name but that of the unit's change agent, as the one to ask.
"""

from __future__ import annotations

from dataclasses import replace

from bot.board.kit import Kit, asked_of, is_coming, kit, short, subjects_for
from bot.board.look import Look
from bot.board.page import Filters, Link, Page, Sheet
from bot.messages import Card
from bot.milestones.words import Subject
from bot.words import LANGUAGES, Words

MILESTONES_LISTED = 8
# So many characters can be read from two metres and fit on one page.
LONGEST_ON_PAPER, LONGEST_TITLE = 130, 80
ASK = "ask"
"""The page, open to everybody, that says where to ask; the QR code leads there."""


def show(look: Look, filters: Filters) -> Page | None:
    """The kit of a milestone (`of`: initiative/milestone), else of the next; for one `unit`, in one `language`."""
    mine = list(subjects_for(look.tx, look.reader))
    wanted = filters.get("of", "")
    coming = [pair for pair in mine if is_coming(pair[0], look.reader)]
    if not wanted and not coming:
        words = look.words
        return Page(words("board.view-kit"), (Card(body=words("kit.nothing"), locale=words.language),))
    found = next((pair for pair in mine if pair[0].ref == wanted), None) if wanted else min(coming, key=_day)
    if found is None:
        return None
    subject, units = found
    unit = filters.get("unit", "")
    chosen = (unit,) if unit in units else units
    return _page(_in_language(look, filters), subject, units, chosen, sorted(coming, key=_day))


def _day(pair: tuple[Subject, tuple[str, ...]]) -> tuple[object, str]:
    return (pair[0].standing.on, pair[0].ref)


def _in_language(look: Look, filters: Filters) -> Look:
    language, words = filters.get("language", ""), look.words
    if language not in LANGUAGES or language == words.language:
        return look
    return replace(look, reader=replace(look.reader, words=replace(words, locale=language)))


def _page(
    look: Look,
    subject: Subject,
    units: tuple[str, ...],
    chosen: tuple[str, ...],
    coming: list[tuple[Subject, tuple[str, ...]]],
) -> Page:
    words = look.words
    made = kit(look.tx, look.reader, subject, chosen)
    here = f"kit/{subject.ref}"
    unit = f"&unit={chosen[0]}" if len(chosen) == 1 else ""
    spoken = f"&language={words.language}"
    others = [one for one, _ in coming[:MILESTONES_LISTED]]
    rows = (
        tuple(Link(_dated(one, words), f"kit/{one.ref}", one.ref == subject.ref) for one in others),
        tuple(Link(look.reader.unit_name(u), f"{here}?unit={u}{spoken}", (u,) == chosen) for u in units),
        tuple(Link(_name(one), f"{here}?language={one}{unit}", one == words.language) for one in LANGUAGES),
    )
    links = tuple(row for row in rows if len(row) > 1)
    title = words("kit.title", name=subject.title(words))
    made_cards, sheet = cards(made, look), _sheet(look, made)
    return Page(title, made_cards, subject.project(words), links=links, sheet=sheet, locale=words.language)


def cards(made: Kit, look: Look) -> tuple[Card, ...]:
    """The points and the questions as cards."""
    words = look.words
    points = [Card(title=label, body=text, locale=words.language) for label, text in made.points]
    asked = "\n\n".join(
        f"**{one.question}**\n{one.answer}" + (f"\n_{one.source}_" if one.source else "") for one in made.questions
    )
    questions = [Card(title=words("kit.questions"), body=asked, locale=words.language)] if asked else []
    return (*points, *questions)


def _sheet(look: Look, made: Kit) -> Sheet:
    words, reader, subject = look.words, look.reader, made.subject
    text, milestone = subject.texts(words)
    affected = [unit for unit in text.units if unit.id in made.units and unit.changes]
    several = len(affected) > 1
    parts = [(words("kit.what"), short(milestone.say or text.summary, LONGEST_ON_PAPER))]
    if affected and not several:
        label = words("kit.paper-unit", unit=reader.unit_name(affected[0].id))
        parts.append((label, short(affected[0].changes, LONGEST_ON_PAPER)))
    asked = asked_of(reader, subject, made.units)
    if asked:
        parts.append((words("kit.asked"), short(asked[0], LONGEST_ON_PAPER)))
    contact = _contact(look, made)
    open_to_all = reader.pages.startswith("https://")
    ask = words("kit.paper-scan" if open_to_all else "kit.paper-chat")
    return Sheet(
        project=subject.project(words),
        title=short(subject.title(words), LONGEST_TITLE),
        date=words("milestone.date", weekday=words.weekday(subject.standing.on), year=str(subject.standing.on.year)),
        parts=tuple(parts),
        ask=ask,
        contact=words("kit.paper-contact", name=contact) if contact else "",
        address=f"{reader.pages}/board/{ASK}" if open_to_all else "",
        foot=words("kit.paper-foot", date=words.day(reader.today)),
    )


def _contact(look: Look, made: Kit) -> str:
    """The change agent whom colleagues can ask: the reader, where they are one, else the first of the unit."""
    agents = look.reader.playbooks.initiatives[made.subject.initiative.id].written.change_agents
    everybody = {address for there in agents.values() for address in there}
    if look.person.email in everybody:
        return look.person.name
    own = [address for unit in made.units for address in agents.get(unit, ())] if len(made.units) == 1 else []
    return look.reader.names(own[0]) if own else ""


def _dated(subject: Subject, words: Words) -> str:
    return words("board.dated", name=subject.title(words), date=words.day(subject.standing.on))


def _name(language: str) -> str:
    return Words(language)("language.own-name")
