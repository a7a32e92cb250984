"""Audiences: who is meant by a name, units, roles and locations of a playbook, and which initiatives concern somebody.

Pure; permission comes first: whoever may not know of an initiative is in none of its audiences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.messages import Card
from bot.playbook.access import Viewer, affected_unit, in_audience, lineage, may_know, roles
from bot.playbook.model import Initiative, Playbooks
from bot.playbook.shared_files import Unit
from bot.store.announcements import Audience, Wording
from bot.store.people import PersonRecord

# What everybody or a whole deployment has does not make an initiative one's own.
_GENERAL_ROLES = {"employee", "admin"}


def viewer_of(person: PersonRecord) -> Viewer:
    """The person as far as permission goes, when they are written to directly."""
    return Viewer(
        email=person.email if person.member else "",
        unit=person.unit if person.member else "",
        location=person.location,
        admin="admin" in person.roles and person.member,
        outsider=not person.member,
    )


def includes(audience: Audience, viewer: Viewer, initiative: Initiative, units: Mapping[str, Unit]) -> bool:
    """Whether this viewer is meant. See `Audience` for how its parts go together."""
    if viewer.outsider or not may_know(viewer, initiative, units) or viewer.email in audience.without:
        return False
    if viewer.email and viewer.email in audience.people:
        return True
    if not (audience.name or audience.units or audience.roles or audience.locations):
        return False
    if audience.name and not in_audience(viewer, audience.name, initiative, units):
        return False
    if audience.units and not set(lineage(viewer.unit, units)) & set(audience.units):
        return False
    if audience.roles and not roles(viewer, initiative) & set(audience.roles):
        return False
    return not audience.locations or viewer.location in audience.locations


def concerning(viewer: Viewer, playbooks: Playbooks) -> tuple[Initiative, ...]:
    """The initiatives that affect this viewer's unit, or in which the viewer has a role."""
    units = playbooks.organisation.units
    return tuple(
        i
        for i in playbooks.initiatives.values()
        if may_know(viewer, i, units) and (affected_unit(viewer, i, units) or roles(viewer, i) - _GENERAL_ROLES)
    )


def card_for(
    wordings: Iterable[Wording], locale: str, unit: str, original: str, units: Mapping[str, Unit]
) -> Card | None:
    """The card for a reader of this locale in this unit: of the nearest unit there is one for, else everybody's;
    of these in the locale itself, its language, English, the language it was written in, or whatever there is."""
    for place in (*lineage(unit, units), ""):
        here = {w.locale: w.card for w in wordings if w.unit == place}
        if here:
            wished = (locale, locale.partition("-")[0], "en", original)
            return next((here[language] for language in wished if language in here), next(iter(here.values())))
    return None
