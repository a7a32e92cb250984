"""Saying a win, or suggesting one: which initiative and unit, the form, and what becomes of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.capabilities.wins.forms import LONGEST, Given, fields, handed_in
from bot.capabilities.wins.there import no, not_yours, plain_reply
from bot.messages import Card, Choice
from bot.milestones.standing import decides
from bot.people.audience import viewer_of
from bot.playbook.model import Initiative
from bot.store import audit, occurrences
from bot.store import wins as kept
from bot.store.wins import SUGGESTED, THANKS_ASKED, TOLD, WAITING, Said, Win
from bot.turn import Reply, Turn
from bot.wins import telling
from bot.wins.standing import Spot, deciders, spots
from bot.wins.words import told_card, unit_name, withdraw_choice, without_choice


def say(turn: Turn, rest: str) -> Reply:
    """Asks which initiative and unit, then in a form; and does what follows when it is handed in."""
    spot, behind, ask = _spot(turn, rest)
    if spot is None:
        return ask
    given, form = handed_in(turn, _form(turn, spot, behind), spot.initiative)
    if given is None:
        return form
    values = (spot.initiative.id, spot.unit, *map(str, turn.said.answers.values()))
    if not occurrences.first_time(turn.tx, turn.tx.seal.mark("win", turn.person.key, *values), turn.now):
        return plain_reply(turn, turn.words("win.said-already"))
    return _told(turn, spot, given) if spot.tells else _suggested(turn, spot, given)


def _spot(turn: Turn, rest: str) -> tuple[Spot | None, str, Reply]:
    """The initiative and unit that are meant and what stands behind them; else what to ask or say."""
    found = list(spots(viewer_of(turn.person), turn.reader.playbooks))
    first, _, behind = rest.partition(" ")
    named = [one for one in found if one.initiative.id == first.lower()]
    if turn.said.answers and not named:
        return None, "", no(turn, "win.not-live")
    among = named or [one for one in found if one.tells] or found
    if not among:
        return None, "", plain_reply(turn, turn.words("win.nowhere"))
    behind = behind.strip() if named else rest
    if len({one.initiative.id for one in among}) > 1:
        return None, "", _which(turn, among, behind)
    unit, _, left = behind.partition(" ")
    here = [one for one in among if one.unit == unit.lower()]
    if not here and unit.lower() in turn.reader.playbooks.organisation.units:
        return None, "", not_yours(turn)
    if len(here or among) > 1:
        return None, "", _which_unit(turn, among, behind)
    return (here or among)[0], left.strip() if here else behind, Reply()


def _which(turn: Turn, among: Sequence[Spot], behind: str) -> Reply:
    locale, there = turn.words.locale, {one.initiative.id: one.initiative for one in among}
    picks = [Choice(one.text(locale).name, f"win {id} {behind}".strip()) for id, one in there.items()]
    return plain_reply(turn, turn.words("which.ask"), *picks)


def _which_unit(turn: Turn, among: Sequence[Spot], behind: str) -> Reply:
    organisation = turn.reader.playbooks.organisation
    picks = [
        Choice(unit_name(one.unit, organisation, turn.words), f"win {one.initiative.id} {one.unit} {behind}".strip())
        for one in among
    ]
    return plain_reply(turn, turn.words("win.which-unit"), *picks)


def _form(turn: Turn, spot: Spot, begun: str) -> Card:
    words, units = turn.words, turn.reader.playbooks.organisation.units
    unit = unit_name(spot.unit, turn.reader.playbooks.organisation, words)
    leader = turn.reader.names(spot.initiative.written.project_manager)
    if decides(turn.person.email, spot.initiative):
        body = words("win.form-leads", unit=unit)
    elif spot.tells:
        body = words("win.form-tells", unit=unit, name=leader)
    else:
        agents = [turn.reader.names(one) for one in deciders(spot.initiative, spot.unit, units)]
        body = words("win.form-suggests", unit=unit, names=words.all_of(agents) or leader)
    name = spot.initiative.text(words.locale).name.partition(":")[0].strip()
    asks = fields(turn, Said(begun[:LONGEST]))
    return Card(
        title=words("win.form-title", project=name),
        body=body,
        asks=asks if spot.tells else tuple(one for one in asks if one.name != "worry"),
        submits=f"win {spot.initiative.id} {spot.unit}",
        submit_label=words("ask.send"),
        locale=words.language,
    )


def _told(turn: Turn, spot: Spot, given: Given) -> Reply:
    win = _new(turn, spot, given, WAITING if given.thanked else TOLD)
    audit.note(turn.tx, turn.person.key, "win.said", f"{win.initiative} {win.id}", turn.now)
    return tell(turn, win, spot.initiative)


def tell(turn: Turn, win: Win, initiative: Initiative) -> Reply:
    """A win that was just said or taken: it goes out in the unit, or waits for whoever is thanked."""
    words, playbooks = turn.words, turn.reader.playbooks
    unit = unit_name(win.unit, playbooks.organisation, words)
    if win.state == TOLD or win.waits_until is None:
        telling.tell_unit(turn.tx, win, initiative, playbooks, turn.now)
        return Reply(cards=(told_card(win, words, words("win.told", unit=unit)),), personal=True)
    telling.ask_thanked(turn.tx, win, initiative, playbooks, turn.now)
    thanked = telling.name_of(turn.tx, win.thanked)
    body = words("win.waits", name=thanked, unit=unit, until=words.moment(win.waits_until))
    return plain_reply(turn, body, without_choice(win, words), withdraw_choice(win, words))


def _suggested(turn: Turn, spot: Spot, given: Given) -> Reply:
    win = _new(turn, spot, given, SUGGESTED)
    names = telling.suggest(turn.tx, win, spot.initiative, turn.reader.playbooks, turn.now)
    if not names:
        telling.withdraw(turn.tx, win, turn.now)
        return plain_reply(turn, turn.words("win.nobody-decides"))
    audit.note(turn.tx, turn.person.key, "win.suggested", f"{win.initiative} {win.id}", turn.now)
    back = withdraw_choice(win, turn.words)
    return plain_reply(turn, turn.words("win.suggested", names=turn.words.all_of(names)), back)


def _new(turn: Turn, spot: Spot, given: Given, state: str) -> Win:
    tells = state != SUGGESTED
    asked = given.thanked if tells else None
    win = Win(
        id="",
        initiative=spot.initiative.id,
        unit=spot.unit,
        state=state,
        said=given.said,
        said_at=turn.now,
        driver=given.driver,
        author=turn.person.key if tells else "",
        suggested_by="" if tells else turn.person.key,
        thanked=given.thanked.key if given.thanked else "",
        thanks=THANKS_ASKED if asked else "",
        waits_until=telling.waits_until(turn.tx, asked, turn.reader.playbooks, turn.now) if asked else None,
        told_at=turn.now if state == TOLD else None,
    )
    return replace(win, id=kept.add(turn.tx, win))
