"""Raising: what somebody asks or worries about is put before whoever answers for it, as a case with one owner and a due
time, and a card. It knows no capability and no platform.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers.rank import find
from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.learning.personal import possible_names
from bot.messages import Card, Choice, Place, Post, quoted
from bot.people.hours import Calendar, calendar_of, due_after
from bot.playbook.access import lineage
from bot.playbook.model import Initiative
from bot.pushback.giving_away import gives_away
from bot.store import accounts, audit, case_history, deliveries, occurrences, people
from bot.store.cases import Case
from bot.store.people import PersonRecord
from bot.store.times import end_of_day
from bot.triage import triage
from bot.turn import Reply, Turn
from bot.which import near, question_owner

# Between what a colleague says and the name they agreed to.
_BY = "\n\n— "


def signed(text: str, name: str) -> str:
    """What a colleague says, with the name they agreed to: it stands in the case alone, sealed and deleted with it."""
    return f"{text}{_BY}{name}"


def unsigned(case: Case) -> str:
    """What was raised, without a colleague's name: agreed was to the project team, not to everybody."""
    return (case.text.rpartition(_BY)[0] or case.text) if case.for_colleague else case.text


def texts_of(kind: str) -> str:
    """Where the catalogues keep what is said about this kind of case."""
    return "concern" if kind == "concern" else "ask"


def pass_on(
    turn: Turn, initiative: Initiative, kind: str, text: str, named: bool, for_unit: str | None = None
) -> Reply:
    """Opens the case and tells its owner, once: the same text of the same person is one case.

    With `for_unit` the person, who is named, raises it for a colleague there without an account.
    """
    words, texts = turn.words, texts_of(kind)
    owner = _owner(turn, initiative, text)
    name = turn.reader.names(owner)
    apart = ([kind] if kind != "question" else []) + (["colleague"] if for_unit is not None else [])
    once = turn.tx.seal.mark("asked", turn.person.key, initiative.id, text, *apart)
    # Only the day: the moment would say who asked without a name.
    if not occurrences.first_time(turn.tx, once, end_of_day(turn.now)):
        return Reply(cards=(Card(body=words(f"{texts}.already", name=name), locale=words.language),))
    if kind == "concern":
        return _worry(turn, initiative, text, named, for_unit)
    due = _due(turn, initiative, owner)
    opened = case_history.open_case(
        turn.tx,
        kind=kind,
        initiative=initiative.id,
        unit=(turn.person.unit if named else "") if for_unit is None else for_unit,
        text=text,
        asker=turn.person.key if named else None,
        reply_to=turn.said.place if named and for_unit is None else alone(turn),
        for_colleague=for_unit is not None,
        owner=owner,
        due_at=due,
        now=turn.now,
        draw=turn.draw,
    )
    if named:
        audit.note(turn.tx, turn.person.key, "case.opened", f"case {opened.number}", turn.now)
    done = words(
        "for-colleague.done" if opened.for_colleague else f"{texts}.done" if named else f"{texts}.done-unnamed",
        name=name,
        number=opened.number,
        date=words.weekday(due.date()),
    )
    posts = _to_owner(turn, initiative, opened)
    card = Card(body=done, locale=words.language)
    return Reply(cards=(card,), posts=posts, personal=opened.for_colleague)


def _worry(turn: Turn, initiative: Initiative, text: str, named: bool, for_unit: str | None) -> Reply:
    """A worry goes the way of all worries, judged by its words."""
    words, judged = turn.words, triage(text)
    raised = Raised(
        kind="concern",
        initiative=initiative.id,
        text=text,
        unit=(turn.reader.unit_in(initiative) if named else "") if for_unit is None else for_unit,
        driver=judged.driver,
        severity=judged.severity,
        locale=words.language,
        for_colleague=for_unit is not None,
    )
    opened, posts = open_raised(
        turn.tx,
        turn.reader.playbooks,
        raised,
        asker=turn.person.key if named else None,
        reply_to=turn.said.place if named and for_unit is None else alone(turn),
        now=turn.now,
        draw=turn.draw,
    )
    key = "for-colleague.done" if opened.for_colleague else "concern.done" if named else "concern.done-unnamed"
    date = words.weekday(promised_on(opened, words.zone))
    done = words(key, name=turn.reader.names(opened.owner), number=opened.number, date=date)
    card = Card(body=done, locale=words.language)
    return Reply(cards=(card,), posts=posts, personal=opened.for_colleague)


def alone(turn: Turn) -> Place:
    """Where the author is told alone, as far as that place is known; else where they spoke."""
    account = None if turn.reader.direct else accounts.account_for_writing(turn.tx, turn.person.key)
    return account.direct if account and account.direct else turn.said.place


def given_away(turn: Turn, text: str) -> tuple[str, ...]:
    """What in the text could give its author away: names, numbers, what only they can say."""
    there = people.directory(turn.tx)
    names, mine = set(possible_names(text)), lineage(turn.person.unit, turn.reader.playbooks.organisation.units)
    whole = [one.name for one in there if one.name in names]
    return gives_away(text, whole, [one.name for one in there if one.unit in mine])


def _to_owner(turn: Turn, initiative: Initiative, case: Case) -> tuple[Post, ...]:
    recipient = people.person_by_email(turn.tx, case.owner)
    if recipient is None:
        return ()
    return (Post(key=_key(case), card=_owner_card(turn, initiative, case, recipient), person=recipient.key),)


def show_answered(turn: Turn, case: Case) -> None:
    """The card that the owner got says from now on who answered, and cannot be pressed any more."""
    recipient = people.person_by_email(turn.tx, case.owner)
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    if recipient is None or initiative is None:
        return
    words, card = turn.words_for(recipient), _owner_card(turn, initiative, case, recipient)
    by = words("ask.answered-by", name=turn.person.name or turn.reader.names(turn.person.email))
    deliveries.edit(turn.tx, _key(case), replace(card, body=f"{card.body}\n\n{by}", choices=()), turn.now)


def _key(case: Case) -> str:
    return f"case:{case.number}:asked"


def _owner_card(turn: Turn, initiative: Initiative, case: Case, recipient: PersonRecord) -> Card:
    words, texts = turn.words_for(recipient), texts_of(case.kind)
    asker = people.person(turn.tx, case.asker) if case.asker else None
    if asker:
        unit = turn.reader.unit_name(case.unit if case.for_colleague else asker.unit)
        name = asker.name or words("name.somebody")
        key = "for-colleague" if case.for_colleague else texts
        who = words(f"{key}.from", name=name, unit=f" ({unit})" if unit else "")
    else:
        who = words(f"{texts}.from-somebody")
    promised = words("ask.owner-due", date=words.weekday(promised_on(case, words.zone)))
    about = initiative.text(words.locale).name
    return Card(
        title=words(f"{texts}.owner-title", number=case.number, name=about),
        body=f"{who}\n\n{quoted(case.text)}\n\n{promised}",
        choices=(Choice(words("ask.answer-button"), f"answer {case.number}", style="primary"),),
        locale=words.language,
    )


def _owner(turn: Turn, initiative: Initiative, text: str) -> str:
    found = find(
        turn.reader.index,
        text,
        locale=turn.words.locale,
        allowed=turn.reader.permission(),
        initiative=initiative.id,
    )
    return question_owner(turn.reader, initiative, near(found))


def _due(turn: Turn, initiative: Initiative, owner: str) -> datetime:
    colleague = turn.reader.directory(owner)
    unit = turn.reader.playbooks.organisation.units.get(colleague.unit) if colleague else None
    calendar = calendar_of(unit) if unit else Calendar(zone=turn.words.zone)
    return due_after(turn.now, initiative.written.sla.answer_days, calendar)


def promised_on(case: Case, zone: str) -> date:
    """The day by which an answer is promised. Of a case without a name only the day is kept, as its end in UTC."""
    last_moment = case.due_at - timedelta(seconds=1)
    return last_moment.astimezone(ZoneInfo(zone if case.asker else "UTC")).date()
