"""`concern`: the form, what is asked before it goes out, and the way to whoever answers for it.

Handing in is the yes without which nothing is kept of a worry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import confidence
from bot.capabilities.concerns.forms import (
    CONFIDENCE,
    OTHER,
    Kept,
    asked_of_similar,
    raised_form,
    raised_of,
    short,
    sure_form,
)
from bot.capabilities.concerns.joining import join
from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.dialogue import handed_back, problems, refilled
from bot.messages import Answers, Card
from bot.playbook.model import Initiative
from bot.pushback.alike import Similar, similar_to
from bot.pushback.sign import reason
from bot.raising import alone, given_away, promised_on
from bot.store import occurrences
from bot.store.times import end_of_day
from bot.triage import triage
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for

SURE = "sure"
LONGEST_BEGUN = 1500


@dataclass(frozen=True, slots=True)
class Concern:
    """`concern`, `concern <initiative>`, with or without what worries one behind it: all of them open the form, and the
    form says the first. `concern <initiative> sure …` is the second step in confidence.
    """

    name: str = "concern"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, with an initiative, or with a worry; a question that begins with the word is a question."""
        return not rest.rstrip().endswith("?")

    def secret(self, rest: str, answers: Answers) -> bool:
        """Whether this is heard without a trace: the form until it is handed in with a name."""
        _, _, behind = rest.strip().partition(" ")
        return not answers or behind.split(" ")[0] == SURE or answers.get("name") == CONFIDENCE

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form, or what becomes of it. Nothing is kept before it is handed in."""
        words, given = turn.words, turn.said.answers
        if not turn.person.member:
            return _card(turn, words("guest.only-public"))
        id, _, behind = rest.strip().partition(" ")
        named = turn.reader.initiative(id) if id else None
        if given:
            return _handed_in(turn, named, behind) if named else _card(turn, words("concern.gone"))
        initiative = named or initiative_for(turn.reader)
        begun = (behind if named else rest).strip()[:LONGEST_BEGUN]
        if initiative is None:
            return Reply(cards=(ask_which(turn.reader, f"{self.name} {{id}} {begun}".strip()),), personal=True)
        return Reply(cards=(_form(turn, initiative, begun),), personal=True)


def _form(turn: Turn, initiative: Initiative, begun: str) -> Card:
    unit = turn.reader.unit_in(initiative)
    judged = triage(begun).severity if begun else 1
    raised = Raised(kind="concern", initiative=initiative.id, text=begun, unit=unit, severity=judged)
    return raised_form(turn, initiative, raised, _similar(turn, initiative, unit, begun) if begun else None)


def _similar(turn: Turn, initiative: Initiative, unit: str, text: str) -> Similar | None:
    me, units = turn.person.email, turn.reader.playbooks.organisation.units
    answers_for = [id for id, one in units.items() if me and me in (one.owner, one.deputy)]
    return similar_to(turn.tx, initiative.id, unit, text, turn.person.key, answers_for)


def _handed_in(turn: Turn, initiative: Initiative, behind: str) -> Reply:
    given = turn.said.answers
    first, _, picked = behind.partition(" ")
    kept = Kept.decode(picked) if first == SURE else None
    if kept is not None:
        if not str(given.get("text", "")).strip():
            return _wrong(turn, sure_form(turn, initiative, given, (), None), {"text": turn.words("form.needed")})
        return _in_confidence(turn, initiative, kept)
    form = _form(turn, initiative, "")
    wrong = problems(form.asks, given, turn.words)
    if wrong:
        return _wrong(turn, form, wrong)
    raised = raised_of(turn, initiative, given, Kept.of(given, turn.reader.unit_in(initiative)))
    secretly = given.get("name") == CONFIDENCE
    if joined := _joins(turn, initiative, secretly):
        return joined
    similar = None if given.get("alike") else _similar(turn, initiative, raised.unit, raised.text)
    if secretly:
        return Reply(cards=(sure_form(turn, initiative, given, _telling(turn, given), similar),), personal=True)
    if similar:
        return Reply(cards=(asked_of_similar(turn, initiative, refilled(form, given), similar),), personal=True)
    return _by_name(turn, initiative, raised)


def _wrong(turn: Turn, form: Card, wrong: dict[str, str]) -> Reply:
    return handed_back(form, turn.said.answers, wrong)


def _joins(turn: Turn, initiative: Initiative, secretly: bool) -> Reply | None:
    """Joining what others raised, where that was picked."""
    picked = str(turn.said.answers.get("alike", ""))
    return None if picked in ("", OTHER) else join(turn, initiative, picked, secretly)


def _telling(turn: Turn, given: Answers) -> tuple[str, ...]:
    return given_away(turn, "\n".join(str(given.get(name, "")) for name in ("text", "works", "affects")))


def _judged(raised: Raised) -> Raised:
    """The worry with the driver that its words show; how bad it is was said by its author."""
    return replace(raised, driver=reason(triage(raised.text), raised.text))


def _by_name(turn: Turn, initiative: Initiative, raised: Raised) -> Reply:
    words = turn.words
    once = turn.tx.seal.mark("raised", turn.person.key, initiative.id, raised.text)
    if not occurrences.first_time(turn.tx, once, end_of_day(turn.now)):
        return _card(turn, words("concern.raised-already"))
    case, posts = open_raised(
        turn.tx,
        turn.reader.playbooks,
        _judged(raised),
        asker=turn.person.key,
        reply_to=alone(turn),
        now=turn.now,
        draw=turn.draw,
    )
    date = words.weekday(promised_on(case, words.zone))
    done = words("concern.done", name=turn.reader.names(case.owner), number=case.number, date=date)
    return replace(_card(turn, done), posts=posts)


def _in_confidence(turn: Turn, initiative: Initiative, kept: Kept) -> Reply:
    words = turn.words
    if joined := _joins(turn, initiative, secretly=True):
        return joined
    raised = _judged(raised_of(turn, initiative, turn.said.answers, kept))
    taken = confidence.submit(turn.tx, turn.reader.playbooks, turn.person.key, raised, turn.now)
    return _card(turn, words("concern.received" if taken else "confidence.too-many", name=short(turn, initiative)))


def _card(turn: Turn, body: str) -> Reply:
    return Reply(cards=(Card(body=body, locale=turn.words.language),), personal=True)
