"""What owners of affected units are asked, and what the project manager reads of their answers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from bot.messages import Ask, Card, Choice, Option, escape
from bot.playbook.model import Initiative, Organisation
from bot.store.owners import ASKED, CLEAR, CONFIRMED, OBJECTS, ROLE, Word
from bot.words import Words

LONGEST = 1500
SHOWN = 8
"""Questions in one card; what is beyond them comes the next working day."""
NAMED = 3
"""Units that buttons name: more buttons are not read, and where room is short they are hidden."""


@dataclass(frozen=True, slots=True)
class About:
    """An initiative with all that its texts need; `name` gives the name of whoever has a person's key."""

    initiative: Initiative
    organisation: Organisation
    name: Callable[[str], str]

    def project(self, words: Words) -> str:
        """The initiative's name as people say it: what stands before a colon."""
        return self.initiative.text(words.locale).name.partition(":")[0].strip()

    def unit(self, id: str, words: Words) -> str:
        """A unit's name in the language of these words."""
        translated = self.organisation.translated_units.get(words.language, {}).get(id)
        found = translated or self.organisation.units.get(id)
        return (found.name if found else "") or id

    def subject(self, ref: str, words: Words) -> str:
        """What a decision or a milestone is called; its id where the playbook has it no more."""
        kind, _, id = ref.partition(":")
        text = self.initiative.text(words.locale)
        if kind == "decision":
            return next((one.what for one in text.decisions if one.id == id), id)
        return next((one.name for one in text.milestones if one.id == id), "") or id


def role_card(asked: Sequence[tuple[About, Sequence[str]]], words: Words, holder: str, shown: date) -> Card:
    """Asks whether somebody answers for the units of these projects, all in one. `holder` is their key, for the buttons
    that name somebody else; what is pressed for several projects carries the day, so that it confirms no later one."""
    first, mine = asked[0]
    project = first.project(words)
    units = {unit: about.unit(unit, words) for about, some in asked for unit in some}
    others = [
        Choice(words("owners.somebody-else", unit=name), f"hand-over give unit/-/{unit} {holder}")
        for unit, name in units.items()
    ]
    if len(others) > NAMED:
        others = [Choice(words("owners.somebody-else-some"), "hand-over")]
    if len(asked) == 1:
        title = words("owners.role-title", project=project)
        body = words("owners.role-body", project=project, units=_names(first, words, mine))
        yes = confirm_button(first, words, mine)
    else:
        title = words.count("owners.roles-title", len(asked))
        rows = "\n".join(f"- **{escape(about.project(words))}**: {_names(about, words, some)}" for about, some in asked)
        body = f"{words('owners.roles-lead')}\n\n{rows}\n\n{words('owners.roles-body')}"
        yes = Choice(words("owners.confirm-all"), f"owners confirm-all {shown}")
    return Card(title=title, body=body, choices=(replace(yes, style="primary"), *others), locale=words.language)


def _names(about: About, words: Words, units: Sequence[str]) -> str:
    return words.all_of([about.unit(unit, words) for unit in units])


def confirm_button(about: About, words: Words, units: Sequence[str]) -> Choice:
    """The button with which somebody confirms that they answer for these units."""
    says = f"owners confirm {about.initiative.id}"
    if len(units) > NAMED:
        return Choice(words("owners.confirm-all"), says)
    return Choice(words("owners.confirm", units=_names(about, words, units)), says)


def asked_card(
    about: About, words: Words, asked: Sequence[Word], unconfirmed: Sequence[str] = (), again: bool = False
) -> Card:
    """Asks what speaks against what is decided or reached soon. `unconfirmed` are units for which they were asked
    whether they answer, and have not said so; `again`: they were asked before and are silent.

    What is pressed carries the day of the newest question on the card, so that an old card answers no later one.
    """
    until = min(one.word_until for one in asked)
    key = "owners.asked-again" if again else "owners.asked"
    units = words.all_of(list(dict.fromkeys(about.unit(one.unit, words) for one in asked)))
    lead = words(key, units=units, date=words.weekday(until))
    rows = "\n".join(f"- {line(about, words, ref, on)}" for ref, on in subjects(asked))
    id, shown = about.initiative.id, max(one.asked_on for one in asked)
    choices = [
        Choice(words("owners.clear"), f"owners clear {id} {shown}", style="primary"),
        Choice(words("owners.object"), f"owners object {id} {shown}"),
    ]
    if unconfirmed:
        choices.append(confirm_button(about, words, unconfirmed))
    title = words("owners.asked-title", project=about.project(words))
    return Card(title=title, body=f"{lead}\n\n{rows}", choices=tuple(choices), locale=words.language)


def subjects(asked: Iterable[Word]) -> list[tuple[str, date]]:
    """What was asked about, each once, by date."""
    return sorted(dict.fromkeys((one.subject, one.on) for one in asked), key=lambda one: (one[1], one[0]))


def line(about: About, words: Words, ref: str, on: date) -> str:
    """One subject with its date."""
    key = "owners.decision" if ref.startswith("decision:") else "owners.milestone"
    return words(key, name=escape(about.subject(ref, words)), date=words.weekday(on))


def objection_form(about: About, words: Words, asked: Sequence[Word], leader: str) -> Card:
    """Asks what it is that something speaks against, and what that is."""
    shown = max(one.asked_on for one in asked)
    options = tuple(Option(ref, line(about, words, ref, on)) for ref, on in subjects(asked))
    which = (Ask("which", words("owners.which"), kind="choice", options=options),) if len(options) > 1 else ()
    about_it = "" if which else f"**{options[0].label}**\n\n"
    return Card(
        title=words("owners.object-title"),
        body=about_it + words("owners.object-body", name=escape(leader)),
        asks=(
            *which,
            Ask("text", words("owners.what-speaks"), longest=LONGEST),
            Ask("would", words("owners.would-work"), longest=LONGEST, optional=True),
        ),
        submits=f"owners object {about.initiative.id} {shown}",
        submit_label=words("owners.send"),
        locale=words.language,
    )


def summary_card(about: About, words: Words, found: Sequence[Word], nobody: Mapping[str, Sequence[str]]) -> Card:
    """What owners said of something, silence shown as silence. `nobody` are, by subject, the units without an owner."""
    parts = [
        paragraph(about, words, list(some), nobody.get(ref, ()))
        for (ref, _), some in groupby(
            sorted(found, key=lambda o: (o.on, o.subject, o.unit)), lambda o: (o.subject, o.on)
        )
    ]
    title = words("owners.summary-title", project=about.project(words))
    overview = Choice(words("owners.overview"), f"owners {about.initiative.id}")
    return Card(title=title, body="\n\n".join(parts), choices=(overview,), locale=words.language)


def paragraph(about: About, words: Words, said: Sequence[Word], nobody: Sequence[str]) -> str:
    """One subject with the word of each unit."""
    head = f"**{line(about, words, said[0].subject, said[0].on)}**"
    rows = [f"- {_row(about, words, one)}" for one in said]
    rows += [f"- {words('owners.row-nobody', unit=about.unit(unit, words))}" for unit in nobody]
    return "\n".join((head, *rows))


def _row(about: About, words: Words, word: Word) -> str:
    key = {ASKED: "owners.row-silent", CLEAR: "owners.row-clear", OBJECTS: "owners.row-objects"}[word.state]
    fields = {"unit": about.unit(word.unit, words), "name": escape(about.name(word.owner)), "number": word.case or 0}
    return words(key, **fields, date=words.weekday(word.said_on or word.asked_on))


def roles_table(about: About, words: Words, found: Iterable[Word], owners: Mapping[str, str]) -> Card:
    """For each affected unit, who answers for it and whether they have said so. `owners` are names by unit, '' for
    nobody."""
    said = {one.unit: one for one in found if one.subject == ROLE}
    head = (words("agents.unit"), words("owners.who"), words("owners.said"))
    rows = tuple(
        (about.unit(unit, words), name or words("owners.nobody"), _role_said(words, said.get(unit)) if name else "–")
        for unit, name in owners.items()
    )
    title = words("owners.table-title", project=about.project(words))
    return Card(title=title, body=words("owners.table-body"), table=(head, *rows), locale=words.language)


def _role_said(words: Words, word: Word | None) -> str:
    if word is None:
        return words("owners.not-asked")
    if word.state == CONFIRMED and word.said_on:
        return words("owners.said-yes", date=words.day(word.said_on))
    return words("owners.said-nothing", date=words.day(word.asked_on))
