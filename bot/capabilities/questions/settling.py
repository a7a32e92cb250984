"""Whether what was answered or decided settles it for whoever raised it; whoever joined can say that it does not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capabilities.questions.answer import LONGEST, NUMBER, apart, case_and_rest, not_yours, plain_no, step_of
from bot.cases import life
from bot.cases.standing import TO_THE_OWNER, may_come_back
from bot.cases.telling import is_author
from bot.cases.words import last_word
from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Choice, Post, quoted
from bot.store import case_history, case_supporters, people
from bot.store.cases import Case
from bot.turn import Reply, Turn


def _is_asker(turn: Turn, case: Case) -> bool:
    """Whoever raised it under their name, or without a name in this very conversation; in confidence there are other
    buttons, which leave no trace."""
    return not case.confidential and turn.person.left_on is None and is_author(turn, case)


def _joined(turn: Turn, case: Case) -> bool:
    return turn.person.key in case_supporters.supporters(turn.tx, case.id)


@dataclass(frozen=True, slots=True)
class Settled:
    """`settled 14`: the answer was what the asker needed."""

    name: str = "settled"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Closes it; only whoever raised it may."""
        case, _ = case_and_rest(turn, rest)
        if case is None or not _is_asker(turn, case):
            return plain_no(turn, "settled.joined") if case and _joined(turn, case) else not_yours(turn, rest)
        posts: tuple[Post, ...] = ()
        if case.kind != "question":
            if case.state not in ("answered", "resolved"):
                return plain_no(turn, f"settled.open-already{apart(case)}", number=case.number)
            posts = life.thanked(step_of(turn), case) or ()
        else:
            case_history.change_state(turn.tx, case.id, "resolved", actor=turn.person.key, now=turn.now)
        body = turn.words(f"settled.done{apart(case)}", number=case.number)
        return Reply(cards=(Card(body=body, locale=turn.words.language),), posts=posts)


@dataclass(frozen=True, slots=True)
class NotSettled:
    """`not-settled 14`: the answer does not answer it; the owner hears so, with the reason."""

    name: str = "not-settled"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Asks what is missing and reopens it; only whoever raised it may, or joined it."""
        words = turn.words
        case, text = case_and_rest(turn, rest)
        if case is None or not (_is_asker(turn, case) or _joined(turn, case)):
            return not_yours(turn, rest)
        if case.state not in ("answered", "resolved") or case.merged_into:
            return plain_no(turn, f"settled.open-already{apart(case)}", number=case.number)
        if not may_come_back(case):
            return plain_no(turn, f"case.last-word{last_word(case)}", number=case.number)
        form = _form(turn, case)
        if turn.said.answers:
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong)
            text = str(turn.said.answers["text"]).strip()
        if not text:
            return Reply(cards=(form,))
        return _reopened(turn, case, text[:LONGEST])


def _form(turn: Turn, case: Case) -> Card:
    words = turn.words
    return Card(
        title=words(f"settled.form-title{apart(case)}", number=case.number),
        body=words("settled.form-body"),
        asks=(Ask("text", words("settled.form-text"), longest=LONGEST),),
        submits=f"not-settled {case.number}",
        submit_label=words("ask.send"),
        locale=words.language,
    )


def _reopened(turn: Turn, case: Case, text: str) -> Reply:
    if case.kind != "question":
        posts = life.not_solved(step_of(turn), case, text)
    else:
        posts = _question_reopened(turn, case, text)
    if posts is None:
        return plain_no(turn, f"settled.open-already{apart(case)}", number=case.number)
    up = case.kind != "question" and case.reopened >= TO_THE_OWNER
    name = turn.reader.names(_sponsor(turn, case) if up else case.handler or case.owner)
    body = turn.words("settled.reopened-up" if up else "settled.reopened", name=name)
    return Reply(cards=(Card(body=body, locale=turn.words.language),), posts=posts)


def _sponsor(turn: Turn, case: Case) -> str:
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    return initiative.written.sponsor if initiative else case.owner


def _question_reopened(turn: Turn, case: Case, text: str) -> tuple[Post, ...] | None:
    step = step_of(turn)
    also = {"due_at": life.anew(step, case)["due_at"]}
    if not case_history.change_state(
        step.tx, case.id, "reopened", actor=step.actor, text=text, now=turn.now, also=also
    ):
        return None
    owner = people.person_by_email(turn.tx, case.owner)
    if owner is None:
        return ()
    words = turn.words_for(owner)
    told = Card(
        title=words("settled.owner-title", number=case.number),
        body=quoted(text),
        choices=(Choice(words("ask.answer-button"), f"answer {case.number}", style="primary"),),
        locale=words.language,
    )
    nth = len(case_history.history(turn.tx, case.id))
    return (Post(key=f"case:{case.number}:reopened:{nth}", card=told, person=owner.key),)
