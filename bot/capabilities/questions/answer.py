"""The answer of those who answer for a question, or for whatever else was raised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.cases import accountable, deciding, told
from bot.cases.steps import Posts, Step
from bot.cases.telling import to_author
from bot.cases.words import kind_of
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, Choice, escape, quoted
from bot.people.audience import viewer_of
from bot.playbook.access import Viewer
from bot.raising import show_answered
from bot.store import audit, case_history, cases, people
from bot.store.cases import Case
from bot.turn import Reply, Turn
from bot.wins import evidence
from bot.words import Words

LONGEST = 3000
NUMBER = re.compile(r"^#?(\d{1,9})\b[ :]*(.*)$", re.DOTALL)


def case_and_rest(turn: Turn, rest: str) -> tuple[Case | None, str]:
    """The case of the number at the beginning of a text, if there is one, and what stands behind it."""
    found = NUMBER.match(rest.strip())
    if not found:
        return None, ""
    return cases.case_by_number(turn.tx, int(found[1])), found[2].strip()


def plain_no(turn: Turn, key: str, **fields: object) -> Reply:
    """A plain answer, for this person alone."""
    return Reply(
        cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),),
        personal=True,
    )


def not_yours(turn: Turn, rest: str) -> Reply:
    """The same whether there is no such case or it is not theirs."""
    found = NUMBER.match(rest.strip())
    return Reply(cards=(told.not_known(turn.words, "case.not-yours", found[1] if found else ""),), personal=True)


def may_answer(turn: Turn, case: Case) -> bool:
    """Whoever is accountable or takes care of it, a deputy, and the project manager of the initiative."""
    there = turn.person.member and turn.person.left_on is None
    return there and accountable.may_answer(turn.tx, turn.reader.playbooks, case, turn.person.email)


@dataclass(frozen=True, slots=True)
class Answer:
    """`answer 14 …`: the owner of a question answers it; without a text it is asked for in a form."""

    name: str = "answer"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Records the answer once and brings it to where the question was asked."""
        words = turn.words
        case, text = case_and_rest(turn, rest)
        if case is None or not may_answer(turn, case):
            return not_yours(turn, rest)
        if case.state not in cases.OPEN or case.merged_into:
            return plain_no(turn, f"answer.already{apart(case)}", number=case.number)
        form = _form(turn, case)
        if turn.said.answers:
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return handed_back(form, turn.said.answers, wrong)
            text = str(turn.said.answers["text"]).strip()
        if not text:
            return Reply(cards=(form,), personal=True)
        return _answered(turn, case, text[:LONGEST])


def _form(turn: Turn, case: Case) -> Card:
    words = turn.words
    return Card(
        title=words(f"answer.form-title{apart(case)}", number=case.number),
        body="\n\n".join(filter(None, [quoted(case.text), _evidence(turn, case)])),
        asks=(
            Ask(
                "text",
                words("answer.form-text"),
                longest=LONGEST,
                hint=words("answer.form-hint"),
            ),
        ),
        submits=f"answer {case.number}",
        submit_label=words("answer.send"),
        locale=words.language,
    )


def _evidence(turn: Turn, case: Case) -> str:
    """What got better that whoever is worried may read, and that the answer could mention; often nothing."""
    if case.kind != "concern":
        return ""
    asker = people.person(turn.tx, case.asker) if case.asker else None
    viewer = viewer_of(asker) if asker else Viewer(crowd=True)
    happened = evidence(turn.tx, viewer, turn.words, turn.reader.playbooks, case.initiative, case.text)
    return turn.words("win.for-answer", happened=happened) if happened else ""


def _answered(turn: Turn, case: Case, text: str) -> Reply:
    words = turn.words
    posts = _answer_given(turn, case, text)
    if posts is None:
        return plain_no(turn, f"answer.already{apart(case)}", number=case.number)
    if case.kind == "question":
        next_one = Choice(words("answer.add"), f"add-answer case {case.number}")
    else:
        next_one = Choice(words("case.show-button"), f"case {case.number}")
    body = words(f"answer.sent{apart(case)}", number=case.number)
    done = Card(body=body, choices=(next_one,), locale=words.language)
    return Reply(cards=(done,), personal=True, posts=posts)


def _answer_given(turn: Turn, case: Case, text: str) -> Posts:
    step = step_of(turn)
    if case.kind != "question":
        return deciding.answered(step, case, text)
    if not case_history.change_state(turn.tx, case.id, "answered", actor=turn.person.key, text=text, now=turn.now):
        return None
    audit.note(turn.tx, turn.person.key, "case.answered", f"case {case.number}", turn.now)
    show_answered(turn, case)
    return to_author(turn.tx, turn.reader.playbooks, case, lambda words: _told(turn, case, text, words), turn.now)


def apart(case: Case) -> str:
    """The ending of the keys of texts that say what kind of case it is."""
    return "" if case.kind == "question" else f"-{kind_of(case)}"


def step_of(turn: Turn) -> Step:
    """What the person takes a step with."""
    return Step(turn.tx, turn.reader.playbooks, turn.person.key, turn.now)


def _told(turn: Turn, case: Case, text: str, words: Words) -> Card:
    name = turn.person.name or turn.reader.names(case.owner)
    body = "\n\n".join(
        [
            words("for-colleague.told" if case.for_colleague else "answer.told", number=case.number, name=name),
            escape(text),
            words("answer.you-asked", text=escape(" ".join(case.text.split()))),
        ]
    )
    choices = (
        Choice(words("answer.settled"), f"settled {case.number}"),
        Choice(words("answer.not-settled"), f"not-settled {case.number}"),
    )
    return Card(body=body, choices=choices, locale=words.language)
