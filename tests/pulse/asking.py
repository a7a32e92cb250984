"""A survey in a small world, as it is when people answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.local import parse
from bot.core import Handled
from bot.messages import Card, Said
from bot.store import people
from bot.store.surveys import Round, Snapshot
from tests.pulse.opened import open_round
from tests.world import World


def asked_in(here: World, asks: Snapshot, *names: str, named: bool = False) -> Round:
    """A round that asks this of people of an organisation, by the names of their accounts."""
    found = []
    with here.store.read() as tx:
        for name in names:
            person = people.person_by_email(tx, here.accounts[name]["email"])
            assert person is not None
            found.append((person.key, person.unit))
    return open_round(here.store, asks, found, named)


def opens(here: World, who: str, says: str) -> Card:
    """The form, or what is said instead, when somebody presses the button that says this."""
    handled = here.core.hear(_said(here, who, press=says))
    return shown(handled)


def hands_in(here: World, who: str, form: Card, answers: Mapping[str, Any]) -> Handled:
    """What comes of handing in a form: what stands in its fields beforehand is handed in with it."""
    filled = {ask.name: ask.value.split(",") if ask.kind == "multi" else ask.value for ask in form.asks}
    entered = {name: value for name, value in {**filled, **answers}.items() if name in filled}
    return here.core.hear(_said(here, who, form=form.submits, answers=entered))


def shown(handled: Handled) -> Card:
    """The card that somebody has in front of them then."""
    return next((card for card in handled.cards if card.asks), handled.cards[0])


def _said(here: World, who: str, **what: Any) -> Said:
    said = parse(here.payload(who, **what))
    assert said is not None
    return replace(said, opens=True)
