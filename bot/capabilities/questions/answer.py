"""The owner's answer, and whether it settles the question for whoever asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answers.language import detect
from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Choice, Post, escape, quoted
from bot.people.audience import viewer_of
from bot.playbook.access import Viewer
from bot.raising import show_answered
from bot.store import audit, cases, people
from bot.store.cases import Case
from bot.turn import Reply, Turn
from bot.wins import evidence
from bot.words import LANGUAGES, Words

LONGEST = 3000
NUMBER = re.compile(r"^#?(\d{1,9})\b[ :]*(.*)$", re.DOTALL)


def _case(turn: Turn, rest: str) -> tuple[Case | None, str]:
    found = NUMBER.match(rest.strip())
    if not found:
        return None, ""
    return cases.case_by_number(turn.tx, int(found[1])), found[2].strip()


def _is_asker(turn: Turn, case: Case) -> bool:
    """Whoever asked under their name; without a name, whoever the answer was told to alone."""
    if case.asker:
        return case.asker == turn.person.key
    place, here = case.reply_to, turn.said.place
    same = (place.platform, place.workspace, place.conversation) == (
        here.platform,
        here.workspace,
        here.conversation,
    )
    return place.kind == "direct" and same


def _no(turn: Turn, key: str, **fields: object) -> Reply:
    return Reply(
        cards=(Card(body=turn.words(key, **fields), locale=turn.words.language),),
        personal=True,
    )


def may_answer(turn: Turn, case: Case) -> bool:
    """Whoever owns the question, and the project manager of the initiative."""
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    leader = initiative.written.project_manager if initiative else ""
    return bool(turn.person.member and turn.person.email) and turn.person.email in (
        case.owner,
        leader,
    )


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
        case, text = _case(turn, rest)
        if case is None or not may_answer(turn, case):
            return _no(turn, "case.not-yours")
        if case.state not in cases.OPEN:
            return _no(turn, "answer.already", number=case.number)
        form = _form(turn, case)
        if turn.said.answers:
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return Reply(
                    cards=(refilled(form, turn.said.answers),),
                    problems=wrong,
                    personal=True,
                )
            text = str(turn.said.answers["text"]).strip()
        if not text:
            return Reply(cards=(form,), personal=True)
        return _answered(turn, case, text[:LONGEST])


def _form(turn: Turn, case: Case) -> Card:
    words = turn.words
    return Card(
        title=words("answer.form-title", number=case.number),
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
    moved = cases.change_state(turn.tx, case.id, "answered", actor=turn.person.key, text=text, now=turn.now)
    if not moved:
        return _no(turn, "answer.already", number=case.number)
    audit.note(turn.tx, turn.person.key, "case.answered", f"case {case.number}", turn.now)
    show_answered(turn, case)
    add = Choice(words("answer.add"), f"add-answer case {case.number}")
    done = Card(
        body=words("answer.sent", number=case.number),
        choices=(add,) if case.kind == "question" else (),
        locale=words.language,
    )
    return Reply(cards=(done,), personal=True, posts=_to_asker(turn, case, text))


def _to_asker(turn: Turn, case: Case, text: str) -> tuple[Post, ...]:
    if not case.reply_to.platform:
        return ()  # whoever asked is erased
    words = _words_of_asker(turn, case)
    body = "\n\n".join(
        [
            words(
                "for-colleague.told" if case.for_colleague else "answer.told",
                number=case.number,
                name=turn.person.name or turn.reader.names(case.owner),
            ),
            escape(text),
            words("answer.you-asked", text=escape(" ".join(case.text.split()))),
        ]
    )
    card = Card(
        body=body,
        choices=(
            Choice(words("answer.settled"), f"settled {case.number}"),
            Choice(words("answer.not-settled"), f"not-settled {case.number}"),
        ),
        locale=words.language,
    )
    return (Post(key=_key(turn, case, "answered"), card=card, place=case.reply_to, reply=True),)


def _key(turn: Turn, case: Case, what: str) -> str:
    return f"case:{case.number}:{what}:{len(cases.history(turn.tx, case.id))}"


def _words_of_asker(turn: Turn, case: Case) -> Words:
    asker = people.person(turn.tx, case.asker) if case.asker else None
    if asker is not None:
        return turn.words_for(asker)
    initiative = turn.reader.playbooks.initiatives.get(case.initiative)
    spoken = detect(case.text, LANGUAGES) or (initiative.written.language if initiative else "en")
    return Words(spoken, "UTC", turn.words.own)


@dataclass(frozen=True, slots=True)
class Settled:
    """`settled 14`: the answer was what the asker needed."""

    name: str = "settled"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Closes the question; only whoever asked may."""
        case, _ = _case(turn, rest)
        if case is None or not _is_asker(turn, case):
            return _no(turn, "case.not-yours")
        cases.change_state(turn.tx, case.id, "resolved", actor=turn.person.key, now=turn.now)
        return Reply(cards=(Card(body=turn.words("settled.done"), locale=turn.words.language),))


@dataclass(frozen=True, slots=True)
class NotSettled:
    """`not-settled 14`: the answer does not answer it; the owner hears so, with the reason."""

    name: str = "not-settled"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With a number."""
        return NUMBER.match(rest.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Asks what is missing and reopens the question; only whoever asked may."""
        words = turn.words
        case, text = _case(turn, rest)
        if case is None or not _is_asker(turn, case):
            return _no(turn, "case.not-yours")
        if case.state not in ("answered", "resolved"):
            return _no(turn, "settled.open-already", number=case.number)
        form = Card(
            title=words("settled.form-title", number=case.number),
            body=words("settled.form-body"),
            asks=(Ask("text", words("settled.form-text"), longest=LONGEST),),
            submits=f"not-settled {case.number}",
            submit_label=words("ask.send"),
            locale=words.language,
        )
        if turn.said.answers:
            wrong = problems(form.asks, turn.said.answers, words)
            if wrong:
                return Reply(cards=(refilled(form, turn.said.answers),), problems=wrong)
            text = str(turn.said.answers["text"]).strip()
        if not text:
            return Reply(cards=(form,))
        return _reopened(turn, case, text[:LONGEST])


def _reopened(turn: Turn, case: Case, text: str) -> Reply:
    moved = cases.change_state(turn.tx, case.id, "reopened", actor=turn.person.key, text=text, now=turn.now)
    if not moved:
        return _no(turn, "settled.open-already", number=case.number)
    done = Card(
        body=turn.words("settled.reopened", name=turn.reader.names(case.owner)),
        locale=turn.words.language,
    )
    owner = people.person_by_email(turn.tx, case.owner)
    if owner is None:
        return Reply(cards=(done,))
    words = turn.words_for(owner)
    told = Card(
        title=words("settled.owner-title", number=case.number),
        body=quoted(text),
        choices=(Choice(words("ask.answer-button"), f"answer {case.number}", style="primary"),),
        locale=words.language,
    )
    return Reply(
        cards=(done,),
        posts=(Post(key=_key(turn, case, "reopened"), card=told, person=owner.key),),
    )
