"""Passing a question on: it becomes a case with one owner and a due time, with or without the asker's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.answers.rank import find
from bot.capabilities.questions.overview import promised_on
from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Choice, Option, Place, Post, quoted
from bot.people.hours import Calendar, calendar_of, due_after
from bot.playbook.model import Initiative
from bot.store import audit, cases, occurrences, people
from bot.store.cases import Case
from bot.store.times import end_of_day
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for, near, question_owner

LONGEST = 1500
NAMED = ("named", "unnamed")


@dataclass(frozen=True, slots=True)
class AskOwner:
    """`ask-owner <initiative> named: <text>`; without a text it is asked for in a form."""

    name: str = "ask-owner"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of an initiative that the person may know of, or alone."""
        id = rest.split(" ", maxsplit=1)[0] if rest else ""
        return not id or turn.reader.initiative(id) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Opens the case and tells the owner; the same question pressed twice is one case."""
        words = turn.words
        id, _, tail = rest.partition(" ")
        if not turn.person.member:
            return Reply(cards=(Card(body=words("guest.only-public"), locale=words.language),))
        initiative = turn.reader.initiative(id) if id else initiative_for(turn.reader)
        if initiative is None:
            return Reply(cards=(ask_which(turn.reader, "ask-owner {id}"),))
        how, colon, text = tail.partition(":")
        named = how.strip() != "unnamed"
        if turn.said.answers:
            form = _form(turn, initiative)
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong)
            text, named = (
                str(turn.said.answers["text"]),
                turn.said.answers.get("name") != "unnamed",
            )
        elif not colon or not text.strip():
            return Reply(cards=(_form(turn, initiative),))
        return _open(turn, initiative, text.strip()[:LONGEST], named)


def _form(turn: Turn, initiative: Initiative) -> Card:
    words = turn.words
    name = initiative.text(words.locale).name
    return Card(
        title=words("ask.form-title"),
        body=words("ask.form-body", name=name),
        asks=(
            Ask("text", words("ask.form-text"), longest=LONGEST),
            Ask(
                "name",
                words("ask.form-name"),
                kind="choice",
                options=(
                    Option("named", words("ask.with-name")),
                    Option("unnamed", words("ask.without-name")),
                ),
            ),
        ),
        submits=f"ask-owner {initiative.id}",
        submit_label=words("ask.send"),
        locale=words.language,
    )


def _open(turn: Turn, initiative: Initiative, text: str, named: bool) -> Reply:
    words = turn.words
    owner = _owner(turn, initiative, text)
    name = turn.reader.names(owner)
    once = turn.tx.seal.mark("asked", turn.person.key, initiative.id, text)
    # Only the day: the moment would say who asked without a name.
    if not occurrences.first_time(turn.tx, once, end_of_day(turn.now)):
        return Reply(cards=(Card(body=words("ask.already", name=name), locale=words.language),))
    due = _due(turn, initiative, owner)
    opened = cases.open_case(
        turn.tx,
        kind="question",
        initiative=initiative.id,
        unit=turn.person.unit if named else "",
        text=text,
        asker=turn.person.key if named else None,
        reply_to=_reply_to(turn, named),
        owner=owner,
        due_at=due,
        now=turn.now,
        draw=turn.draw,
    )
    if named:
        audit.note(turn.tx, turn.person.key, "case.opened", f"case {opened.number}", turn.now)
    key = "ask.done" if named else "ask.done-unnamed"
    done = words(key, name=name, number=opened.number, date=words.weekday(due.date()))
    posts = _to_owner(turn, initiative, opened, named)
    return Reply(cards=(Card(body=done, locale=words.language),), posts=posts)


def _reply_to(turn: Turn, named: bool) -> Place:
    """Where they asked; who asked without a name in front of others gets the answer alone, where that is known."""
    place = turn.said.place
    if named or place.kind == "direct":
        return place
    account = people.account_for_writing(turn.tx, turn.person.key)
    return account.direct if account and account.direct else place


def _to_owner(turn: Turn, initiative: Initiative, case: Case, named: bool) -> tuple[Post, ...]:
    recipient = people.person_by_email(turn.tx, case.owner)
    if recipient is None:
        return ()
    words = turn.words_for(recipient)
    if named:
        unit = turn.reader.unit_name(turn.person.unit)
        who = words(
            "ask.from",
            name=turn.person.name or words("name.somebody"),
            unit=f" ({unit})" if unit else "",
        )
    else:
        who = words("ask.from-somebody")
    promised = words("ask.owner-due", date=words.weekday(promised_on(case, words.zone)))
    card = Card(
        title=words(
            "ask.owner-title",
            number=case.number,
            name=initiative.text(words.locale).name,
        ),
        body=f"{who}\n\n{quoted(case.text)}\n\n{promised}",
        choices=(Choice(words("ask.answer-button"), f"answer {case.number}", style="primary"),),
        locale=words.language,
    )
    return (Post(key=f"case:{case.number}:asked", card=card, person=recipient.key),)


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
