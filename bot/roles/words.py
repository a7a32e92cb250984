"""What is said of roles: their names, the question whether somebody takes one on, and what became of it. Pure.

It knows no database; names of people are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.messages import Card, Choice, escape, quoted
from bot.playbook.initiative_file import Milestone
from bot.playbook.model import Playbooks
from bot.roles.held import CASES, Held
from bot.store.amendments import AGENT, MILESTONE
from bot.words import Words

STANDS = timedelta(days=14)
"""How long an offer waits for an answer."""
SHOWN = 10
"""How many things a card lists with a button each."""


def title(held: Held, words: Words, playbooks: Playbooks, count: int = 0) -> str:
    """What is held, in the reader's language; `count` is the number of cases."""
    project = _project(held, words, playbooks)
    if held.role == CASES:
        return words.count("role.cases", count, project=project)
    milestone = milestone_of(held, words, playbooks) if held.role == MILESTONE else None
    name = (milestone.name or milestone.id) if milestone else held.subject
    unit = unit_name(held.subject, words, playbooks)
    return words(f"role.{held.role}", project=project, unit=unit, name=name)


def _project(held: Held, words: Words, playbooks: Playbooks) -> str:
    initiative = playbooks.initiatives.get(held.initiative)
    return initiative.text(words.locale).name.partition(":")[0].strip() if initiative else held.initiative


def milestone_of(held: Held, words: Words, playbooks: Playbooks) -> Milestone | None:
    """The milestone that is held, in the reader's language."""
    initiative = playbooks.initiatives.get(held.initiative)
    there = initiative.text(words.locale).milestones if initiative else ()
    return next((one for one in there if one.id == held.subject), None)


def unit_name(unit: str, words: Words, playbooks: Playbooks) -> str:
    """A unit's name in the reader's language."""
    organisation = playbooks.organisation
    found = organisation.translated_units.get(words.language, {}).get(unit) or organisation.units.get(unit)
    return (found.name if found else "") or unit


def means(held: Held, words: Words, playbooks: Playbooks) -> str:
    """What comes with it, for whoever is asked to take it on."""
    milestone = milestone_of(held, words, playbooks) if held.role == MILESTONE else None
    day = words.day(milestone.date) if milestone else ""
    return words(f"offer.means-{held.role}", unit=unit_name(held.subject, words, playbooks), date=day)


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer as it is shown: `asker` and `holder` are names, the same where the asker gives it up; the holder is ''
    where nobody does. `count` is the number of cases."""

    id: str
    held: Held
    asker: str
    holder: str
    note: str
    since: date
    count: int = 0


def offer_card(asked: Asked, words: Words, playbooks: Playbooks) -> Card:
    """The question whether somebody takes it on."""
    name, holder = escape(asked.asker), escape(asked.holder)
    if not holder:
        lead = words("offer.asks", name=name)
    elif holder == name:
        lead = words("offer.asks-instead", name=name)
    else:
        lead = words("offer.asks-for", name=name, holder=holder)
    parts = (
        lead,
        f"**{title(asked.held, words, playbooks, asked.count)}**",
        means(asked.held, words, playbooks),
        quoted(asked.note) if asked.note.strip() else "",
        words("offer.until", date=words.weekday(asked.since + STANDS)),
    )
    return Card(
        title=words("offer.title"),
        body="\n\n".join(part for part in parts if part),
        choices=(
            Choice(words("offer.yes"), f"offer accept {asked.id}", style="primary"),
            Choice(words("offer.no"), f"offer decline {asked.id}"),
        ),
        locale=words.language,
    )


def closed(card: Card, said: str) -> Card:
    """The question once it is settled: it says how, and cannot be pressed any more."""
    return replace(card, body=f"{card.body}\n\n{said}", choices=())


def listed(
    words: Words,
    playbooks: Playbooks,
    lead: str,
    held: Iterable[tuple[Held, int]],
    holder: str,
    heading: str = "",
) -> Card:
    """A card with all that a person (their key) holds, with a button for each; the number is that of cases."""
    there = tuple(held)
    shown = there[:SHOWN]
    rows = "\n".join(f"- {title(one, words, playbooks, count)}" for one, count in shown)
    more = words.count("hand-over.more", len(there) - SHOWN) if len(there) > SHOWN else ""
    choices = tuple(
        Choice(title(one, words, playbooks, n), f"hand-over {verb(one)} {one.ref} {holder}") for one, n in shown
    )
    body = "\n\n".join(part for part in (lead, rows, more) if part)
    return Card(title=heading, body=body, choices=choices, locale=words.language)


def verb(held: Held) -> str:
    """What a press on something held does: a change agent can step down too, everything else needs somebody."""
    return "pick" if held.role == AGENT else "give"
