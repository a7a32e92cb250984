"""Which initiative and which unit are meant, and who answers a question: by the words, the topic, the reader's unit.

Pure; when it cannot tell, it gives the choices to ask with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.answers.rank import Found
from bot.cues import plain
from bot.messages import Card, Choice
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader

MOST_CHOICES = 10
NEAR = 0.1
"""Confidence from which a passage is worth a look although it is no answer."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text names. `left` is what remains of it when the names are taken out."""

    initiative: str = ""
    unit: str = ""
    left: str = ""


def named(text: str, reader: Reader) -> Meant:
    """The initiative and unit that a text names, by id or name in any language; only what the reader may know."""
    rest = f" {plain(text)} "
    initiative = unit = ""
    for candidate in reader.initiatives():
        rest, found = _taken(rest, _initiative_names(candidate))
        if found:
            initiative = candidate.id
            break
    for id, names in _unit_names(reader):
        rest, found = _taken(rest, names)
        if found:
            unit = id
            break
    return Meant(initiative, unit, rest.strip())


def _taken(text: str, names: Iterable[str]) -> tuple[str, bool]:
    for name in sorted(names, key=len, reverse=True):
        if name and f" {name} " in text:
            return text.replace(f" {name} ", " ", 1), True
    return text, False


def _initiative_names(initiative: Initiative) -> set[str]:
    texts = (initiative.written, *initiative.translations.values())
    return {plain(initiative.id)} | {plain(t.name) for t in texts}


def _unit_names(reader: Reader) -> list[tuple[str, set[str]]]:
    organisation = reader.playbooks.organisation
    found = []
    for id, unit in organisation.units.items():
        names = {plain(id), plain(unit.name)}
        names |= {plain(t[id].name) for t in organisation.translated_units.values() if id in t}
        found.append((id, names))
    return sorted(found, key=lambda pair: -max(map(len, pair[1])))


def initiative_for(reader: Reader, name: str = "") -> Initiative | None:
    """The initiative that is meant: the one named, else talked about, else the only one for the reader's unit."""
    if name:
        return reader.initiative(name)
    if reader.topic.initiative and (found := reader.initiative(reader.topic.initiative)):
        return found
    candidates = reader.initiatives()
    if len(candidates) > 1:
        mine = [i for i in candidates if reader.unit_in(i)]
        candidates = tuple(mine) if len(mine) == 1 else candidates
    return candidates[0] if len(candidates) == 1 else None


def ask_which(reader: Reader, says: str, among: Collection[str] = ()) -> Card:
    """The question which initiative is meant; each choice says `says` with the initiative's id in it (`{id}`).

    With `among` only these are offered. Everything else in `says` stays as it is.
    """
    words = reader.words
    candidates = [i for i in reader.initiatives() if not among or i.id in among]
    if not candidates:
        return Card(body=words("which.none"), locale=words.language)
    picks = tuple(Choice(i.text(words.locale).name, says.replace("{id}", i.id, 1)) for i in candidates[:MOST_CHOICES])
    return Card(body=words("which.ask"), choices=picks, locale=words.language)


def near(found: Found) -> list[Passage]:
    """The pages that come near what was asked, the closest first; none where nothing does."""
    if found.confidence < NEAR:
        return []
    return [hit.passage for hit in found.hits if hit.passage.kind != "fact"]


def question_owner(reader: Reader, initiative: Initiative, pages: Iterable[Passage]) -> str:
    """Whose question it is: the owner of the closest page, else the project manager, after handover `after.owner`.

    `pages` are the closest first. Somebody whom the directory does not know (any more) is passed over.
    """
    written = initiative.written
    page = next((p for p in pages if p.initiative == initiative.id), None)
    chain = [page.owner] if page and page.owner else []
    if written.phase in ("operate", "review") and written.after:
        chain.append(written.after.owner)
    chain += [written.project_manager, written.sponsor]
    return next((address for address in chain if reader.directory(address)), chain[0])
