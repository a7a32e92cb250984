"""What whoever raised a case, and whoever joined it, is told and shown of it.

The cards of authors quote their own words, those of joiners never do. They carry the buttons that somebody under their
name presses; for those in confidence `telling` puts others in their place.
"""

from __future__ import annotations

from bot.cases.counting import unnamed
from bot.cases.mails import WORD as IN_CONFIDENCE
from bot.cases.standing import SHOWN_FROM, Subject, may_come_back, subject
from bot.cases.words import begun, decided, decision_name, history, kind_of, plainly, stands, yours
from bot.messages import Card, Choice, escape, quoted
from bot.playbook.model import Playbooks
from bot.store import Session
from bot.store.case_history import NUMBERS_WITHOUT_NAME
from bot.store.cases import OPEN, Case
from bot.words import Words


def author_view(tx: Session, playbooks: Playbooks, case: Case, words: Words) -> Card:
    """What a case shows whoever raised it: where it stands, what has happened, and what they can do about it."""
    about = subject(tx, playbooks, case, unnamed(tx, case))
    happened = history(about, words, answers=False, author=True)
    return Card(
        title=words(f"case.title-{kind_of(case)}", number=case.number, project=about.project(words)),
        body="\n\n".join((stands(about, words, author=True), words("case.you-said"), quoted(case.text), happened)),
        facts=_own_facts(case, words),
        choices=author_choices(case, words),
        locale=words.language,
    )


def joiner_view(tx: Session, playbooks: Playbooks, case: Case, words: Words) -> Card:
    """What a case shows whoever joined it: where it stands, and nothing of what its author wrote."""
    about = subject(tx, playbooks, case, unnamed(tx, case))
    return Card(
        title=words(f"case.title-{kind_of(case)}", number=case.number, project=about.project(words)),
        body="\n\n".join((words("case.joined-lead"), stands(about, words), history(about, words, False, False))),
        choices=joiner_choices(case, words),
        locale=words.language,
    )


def _own_facts(case: Case, words: Words) -> tuple[tuple[str, str], ...]:
    given = (("case.at-stake", case.at_stake), ("case.would-work", case.would_work), ("case.affects", case.affects))
    return tuple((words(label), value) for label, value in given if value)


def author_choices(case: Case, words: Words) -> tuple[Choice, ...]:
    """What whoever raised a case can do about it as it stands."""
    number = case.number
    if case.merged_into or case.state in ("withdrawn", "resolved"):
        again = case.state == "resolved" and not case.merged_into and may_come_back(case)
        return (Choice(words("case.not-solved-button"), f"not-settled {number}"),) if again else ()
    if case.state == "answered":
        return answer_choices(case, words)
    reply = (Choice(words("case.reply-button"), f"case reply {number}", style="primary"),) if case.paused_since else ()
    return (
        *reply,
        Choice(words("case.add-button"), f"case add {number}"),
        Choice(words("case.correct-button"), f"case correct {number}"),
        Choice(words("case.withdraw-button"), f"case withdraw {number}"),
    )


def joiner_choices(case: Case, words: Words) -> tuple[Choice, ...]:
    """What whoever joined can do: say that it is not solved."""
    if case.state not in ("answered", "resolved") or case.merged_into or not may_come_back(case):
        return ()
    return (Choice(words("case.not-solved-button"), f"not-settled {case.number}"),)


def answer_choices(case: Case, words: Words) -> tuple[Choice, ...]:
    """Whether it is solved; a request can be looked at again once."""
    thanks = Choice(words("case.thanks-button"), f"settled {case.number}")
    again = "case.check-again-button" if case.kind == "request" else "case.not-solved-button"
    if not may_come_back(case):
        return (thanks,)
    return thanks, Choice(words(again), f"not-settled {case.number}")


def where_it_stands(case: Case, words: Words) -> Choice:
    """The button to everything there is to know of a case."""
    return Choice(words("case.show-button"), f"case {case.number}")


def step_card(case: Case, words: Words, lead: str, said: str = "", choices: tuple[Choice, ...] = ()) -> Card:
    """A step that the author is told of: one sentence, what was said with it, and what they can do."""
    body = "\n\n".join(part for part in (lead, quoted(said) if said else "") if part)
    return Card(body=body, choices=choices or (where_it_stands(case, words),), locale=words.language)


def seen_card(about: Subject, words: Words, name: str) -> Card:
    """To the author: it has been seen, and who takes care of it."""
    case = about.case
    date = words.weekday(about.day(case.due_at, words.zone))
    lead = words("case.told-acknowledged", name=escape(name), case=yours(case, words), date=date)
    return step_card(case, words, lead)


def assigned_card(about: Subject, words: Words, by: str, to: str) -> Card:
    """To the author: somebody else takes care of it now."""
    lead = words("case.told-assigned", name=escape(by), to=escape(to), case=yours(about.case, words))
    return step_card(about.case, words, lead)


def asked_card(about: Subject, words: Words, name: str, question: str) -> Card:
    """To the author: a question about it, which only they can answer."""
    case = about.case
    reply = Choice(words("case.reply-button"), f"case reply {case.number}", style="primary")
    lead = words("case.told-asked", name=escape(name), case=yours(case, words))
    return step_card(case, words, lead, question, (reply, where_it_stands(case, words)))


def offered_card(case: Case, words: Words, name: str, instead: str, reason: str) -> Card:
    """To the author of a request: what is offered instead, and why; they take it or say why not."""
    body = "\n\n".join(
        (
            words("case.told-offered", name=escape(name), case=yours(case, words)),
            quoted(instead),
            words("case.offered-because"),
            quoted(reason),
        )
    )
    choices = (
        Choice(words("case.accept-button"), f"case accept {case.number}", style="primary"),
        Choice(words("case.decline-button"), f"case reply {case.number}"),
        where_it_stands(case, words),
    )
    return Card(body=body, choices=choices, locale=words.language)


def answered_card(about: Subject, words: Words, name: str, author: bool) -> Card:
    """To the author, or to whoever joined: what was answered, or decided with its reason; they say if it solves it."""
    case = about.case
    which = yours(case, words) if author else words("case.joined-which", case=plainly(case, words))
    if case.decision:
        lead = begun(words("case.told-decided", case=which, decision=decision_name(case.decision, words)))
    else:
        lead = words("case.told-answered", case=which, name=escape(name))
    promised = words("case.promised", date=words.day(case.promised_for)) if case.promised_for else ""
    by = _decided_by(about, words, name, author) if case.decision else ""
    return Card(
        body="\n\n".join(part for part in (lead, quoted(case.answer), promised, by) if part),
        choices=answer_choices(case, words) if author else joiner_choices(case, words),
        locale=words.language,
    )


def _decided_by(about: Subject, words: Words, name: str, author: bool) -> str:
    date = words.weekday(about.case.decided_on) if about.case.decided_on else ""
    # Its author in confidence is one of those who are not named.
    unnamed = about.unnamed - int(about.case.confidential)
    others = about.named + (unnamed if unnamed >= SHOWN_FROM else 0)
    if author and others:
        return words.count("case.told-after", others, name=escape(name), date=date)
    return words("case.told-by", name=escape(name), date=date)


def changed_card(about: Subject, words: Words, author: bool) -> Card:
    """To the author, or to whoever joined: what was decided says something else now."""
    case = about.case
    which = yours(case, words) if author else words("case.joined-which", case=plainly(case, words))
    body = "\n\n".join((words("case.told-changed", case=which), decided(about, words)))
    choices = answer_choices(case, words) if author else joiner_choices(case, words)
    return Card(body=body, choices=choices, locale=words.language)


def done_note(case: Case, words: Words, name: str) -> Card:
    """To those who answer for it besides: somebody has done it."""
    return step_card(case, words, words("case.note-decided", case=begun(plainly(case, words)), name=escape(name)))


def kept_card(about: Subject, words: Words, name: str, author: bool) -> Card:
    """To the author, or to whoever joined: what was promised is done."""
    case = about.case
    which = yours(case, words) if author else words("case.joined-which", case=plainly(case, words))
    choices = answer_choices(case, words) if author else joiner_choices(case, words)
    body = words("case.told-kept", name=escape(name), case=which)
    return Card(body=body, choices=choices, locale=words.language)


def merged_card(case: Case, into: Case, words: Words, author: bool) -> Card:
    """To the author, or to whoever joined: it goes on together with another one, and they hear of that."""
    which = yours(case, words) if author else words("case.joined-which", case=plainly(case, words))
    lead = words("case.told-merged", case=which, number=into.number)
    return step_card(case, words, lead)


def split_card(case: Case, words: Words) -> Card:
    """To the author: it goes on by itself again."""
    return step_card(case, words, words("case.told-split", case=yours(case, words)))


def reopened_card(case: Case, words: Words, name: str, author: bool) -> Card:
    """To the author, or to whoever joined: somebody said that it is not solved, and it is looked at again."""
    which = yours(case, words) if author else words("case.joined-which", case=plainly(case, words))
    return step_card(case, words, words("case.told-reopened", case=which, name=escape(name)))


def closed_card(case: Case, words: Words) -> Card:
    """To the author: nobody said that it is not solved, so it is closed, and can be opened again."""
    lead = words("case.told-closed", case=yours(case, words))
    again = Choice(words("case.not-solved-button"), f"not-settled {case.number}")
    return step_card(case, words, lead, choices=(again, where_it_stands(case, words)))


def not_known(words: Words, key: str, number: str) -> Card:
    """To somebody for whom there is nothing under this number, the same whether there is such a case or not. Where
    such numbers are drawn for cases without a name it says where one looks who raised it in confidence."""
    if not (number.isdecimal() and int(number) in NUMBERS_WITHOUT_NAME):
        return Card(body=words(key), locale=words.language)
    look = Choice(words("confidence.show"), f"{IN_CONFIDENCE} show {int(number)}")
    return Card(body=f"{words(key)}\n\n{words('confidence.look-there')}", choices=(look,), locale=words.language)


def is_open(case: Case) -> bool:
    """Whether something is still to be done about it."""
    return case.state in OPEN and not case.merged_into
