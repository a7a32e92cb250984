"""Which initiatives a text speaks of, by the names that people use for them and for what they replace. Pure."""

from __future__ import annotations

from bot.answers.text import key
from bot.cues import plain
from bot.playbook.access import known
from bot.turn import Reader


def only_project(text: str, reader: Reader) -> str:
    """The initiative that the text names in the way people name it, if it is one the reader may know of."""
    asked = f" {key(text)} "
    meant = {id for name, id in projects(reader).items() if f" {name} " in asked}
    id = meant.pop() if len(meant) == 1 else ""
    return id if id and reader.initiative(id) else ""


def projects(reader: Reader) -> dict[str, str]:
    """The initiatives that the reader may know of by the names people use for them; of two with one name neither."""
    there = known(reader.viewer, reader.playbooks)
    only = reader.playbooks.initiatives.get(reader.only)
    found: dict[str, set[str]] = {}
    for initiative in (*there, *((only,) if only else ())):
        for text in (initiative.written, *initiative.translations.values()):
            for name in (text.name.partition(":")[0], text.name):
                found.setdefault(key(name), set()).add(initiative.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


def changes_named(short: str, reader: Reader) -> list[str]:
    """The initiatives of which the text speaks by the name of what comes or goes."""
    found = []
    for initiative in reader.initiatives():
        written = initiative.written
        names = {plain(name) for name in (written.name.partition(":")[0], *written.systems.replaced)}
        if any(f" {name} " in f" {short} " for name in names if name):
            found.append(initiative.id)
    return found
