"""All that somebody has to do with: what waits for their word, what they raised and joined; and one case as a whole."""

from __future__ import annotations

from dataclasses import replace

from bot.capabilities.cases.there import Held
from bot.cases.accountable import manager, may_answer
from bot.cases.cards import answering_card
from bot.cases.counting import unnamed
from bot.cases.standing import subject
from bot.cases.told import author_view, is_open, joiner_view
from bot.cases.words import begun, by_when, history, plainly, stands
from bot.messages import Card, Choice, escape
from bot.milestones.words import short
from bot.store import case_supporters, cases
from bot.store.cases import Case
from bot.themes.cards import themes_card
from bot.turn import Reply, Turn
from bot.words import Words

SHOWN = 5


def overview(turn: Turn) -> Reply:
    """What waits for this person's word, what they raised, and what they stand behind."""
    raised = [one for one in cases.cases_asked_by(turn.tx, turn.person.key) if one.kind != "question"]
    behind = [cases.case(turn.tx, id) for id in case_supporters.supported_by(turn.tx, turn.person.key)]
    found = (
        _list(turn, "case.list-waiting", waiting(turn), answers=True),
        *_themes(turn),
        _list(turn, "case.list-raised", raised, answers=False),
        _list(turn, "case.list-joined", [one for one in behind if one], answers=False),
    )
    shown = tuple(card for card in found if card)
    nothing = Card(body=turn.words("case.none"), locale=turn.words.language)
    return Reply(cards=shown or (nothing,), personal=True)


def _themes(turn: Turn) -> list[Card | None]:
    """What belongs together of what was raised, for whoever leads an initiative."""
    me, pages = turn.person.email if turn.person.member else "", bool(turn.reader.pages)
    led = [one.id for one in turn.reader.playbooks.initiatives.values() if me and manager(one) == me]
    return [themes_card(turn.tx, turn.words, id, turn.now, pages) for id in led]


def waiting(turn: Turn) -> list[Case]:
    """The open cases that this person is accountable for or takes care of, the next due first."""
    if not (turn.person.member and turn.person.email):
        return []
    return cases.answering(turn.tx, turn.person.email)


def _list(turn: Turn, key: str, found: list[Case], answers: bool) -> Card | None:
    if not found:
        return None
    words = turn.words
    rows = "\n".join(f"- {_row(turn, one, answers)}" for one in found[:SHOWN])
    more = words("case.list-more", n=len(found) - SHOWN) if len(found) > SHOWN else ""
    buttons = tuple(Choice(words("case.show-number", number=one.number), f"case {one.number}") for one in found[:SHOWN])
    return Card(title=words(key), body="\n\n".join(filter(None, (rows, more))), choices=buttons, locale=words.language)


def _row(turn: Turn, case: Case, answers: bool) -> str:
    words, about = turn.words, subject(turn.tx, turn.reader.playbooks, case)
    own = answers or case.asker == turn.person.key
    text = f" {words('case.event-words', text=escape(short(case.text)))}" if own else ""
    when = by_when(about, words) if answers else ""
    state = when or (stands(about, words, author=own and not answers).partition("\n")[0])
    return f"{begun(plainly(case, words))}{text}: {state}"


def whole(turn: Turn, held: Held) -> Reply:
    """One case with its history, as this person may see it."""
    case = held.case
    if held.answers:
        return Reply(cards=(_for_answering(turn, case),), personal=True)
    view = author_view if held.author else joiner_view
    card = view(turn.tx, turn.reader.playbooks, case, turn.words)
    if held.joined and is_open(case):
        leaving = Choice(turn.words("case.leave-button"), f"case leave {case.number}")
        card = replace(card, choices=(*card.choices, leaving))
    return Reply(cards=(card,), personal=True)


def _merged(case: Case, words: Words) -> str:
    return f"{begun(plainly(case, words))} {words('case.event-words', text=escape(short(case.text)))}"


def _for_answering(turn: Turn, case: Case) -> Card:
    words, playbooks = turn.words, turn.reader.playbooks
    about = subject(turn.tx, playbooks, case, unnamed(turn.tx, case)).as_read_by(turn.person.email)
    card = answering_card(about, words, turn.person, whole=True)
    parts = [card.body]
    parts += [_merged(one, words) for one in about.merged if may_answer(turn.tx, playbooks, one, turn.person.email)]
    parts.append(f"**{words('case.history')}**\n{history(about, words, answers=True, author=False)}")
    return Card(
        title=card.title,
        body="\n\n".join(parts),
        facts=card.facts,
        choices=card.choices,
        locale=words.language,
    )
