"""`request`: the form for what IT could also do, with what came of such requests before; handed in it is a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import confidence
from bot.answers.text import key as comparable
from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.dialogue import handed_back, problems, refilled
from bot.messages import Answers, Card, escape
from bot.playbook.model import Initiative
from bot.raising import alone, given_away, promised_on
from bot.requests.queue import usual_days
from bot.requests.words import CONFIDENCE, earlier, form, usually
from bot.store import occurrences, requests
from bot.store.requests import Request
from bot.store.times import end_of_day
from bot.turn import Reply, Turn
from bot.which import ask_which, initiative_for

SURE = "sure"
LONGEST_BEGUN = 1500
LOOKED_BACK = timedelta(days=365)
URGENT, USUAL = 2, 1
"""What cannot be done without is put before those who decide at once; everything else comes in their daily list."""


@dataclass(frozen=True, slots=True)
class AskFor:
    """`request`, `request <initiative>`, with or without what is wished behind it: all of them open the form."""

    name: str = "request"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, with an initiative, or with a wish; a question that begins with the word is a question."""
        return not rest.rstrip().endswith("?")

    def secret(self, _rest: str, answers: Answers) -> bool:
        """Whether this is heard without a trace: the form until it is handed in with a name."""
        return not answers or answers.get("name") == CONFIDENCE

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form, or what becomes of it. Nothing is kept before it is handed in."""
        words = turn.words
        if not turn.person.member:
            return _card(turn, words("guest.only-public"))
        id, _, behind = rest.strip().partition(" ")
        named = turn.reader.initiative(id) if id else None
        if turn.said.answers:
            return _handed_in(turn, named, behind.strip()) if named else _card(turn, words("concern.gone"))
        initiative = named or initiative_for(turn.reader)
        begun = (behind if named else rest).strip()[:LONGEST_BEGUN]
        if initiative is None:
            return Reply(cards=(ask_which(turn.reader, f"request {{id}} {begun}".strip()),), personal=True)
        opened = _form(turn, initiative, begun)
        # Where the form is opened from a posted card, what it says is all that is known of what was begun.
        return Reply(cards=(replace(opened, submits=f"{opened.submits} {begun}".strip()),), personal=True)


def _form(turn: Turn, initiative: Initiative, begun: str, *above: str) -> Card:
    words, organisation = turn.words, turn.reader.playbooks.organisation
    decided = requests.decided(turn.tx, initiative.id, turn.reader.today - LOOKED_BACK)
    lead = (
        *above,
        words("request.form-body", name=turn.reader.names(initiative.written.project_manager)),
        usually(words, usual_days(decided)),
        earlier(words, _near(begun, decided)),
    )
    protects = words("confidence.who-can-see", platform=words("concern.the-platform"))
    return form(words, initiative, organisation, begun, lead, protects)


def _near(begun: str, decided: list[Request]) -> list[Request]:
    """Of what was decided, what shares most words with what is begun comes first; else the last ones."""
    wanted = set(comparable(begun).split())
    return sorted(decided, key=lambda one: -len(wanted & set(comparable(one.case.text).split())))


def _handed_in(turn: Turn, initiative: Initiative, behind: str) -> Reply:
    given, words = turn.said.answers, turn.words
    shown = _form(turn, initiative, "")
    if wrong := problems(shown.asks, given, words):
        return handed_back(shown, given, wrong)
    raised = _raised(turn, initiative, given)
    if given.get("name") != CONFIDENCE:
        return _by_name(turn, initiative, raised)
    found = () if behind == SURE else given_away(turn, f"{raised.text}\n{raised.would_work}")
    if found:
        bits = words.all_of([words("quote", text=escape(bit)) for bit in found])
        again = _form(turn, initiative, "", words("concern.sure-found", bits=bits))
        return Reply(cards=(refilled(replace(again, submits=f"request {initiative.id} {SURE}"), given),), personal=True)
    taken = confidence.submit(turn.tx, turn.reader.playbooks, turn.person.key, raised, turn.now)
    return _card(turn, words("request.received" if taken else "confidence.too-many"))


def _raised(turn: Turn, initiative: Initiative, given: Answers) -> Raised:
    value = str(given.get("value", ""))
    return Raised(
        kind="request",
        initiative=initiative.id,
        text=str(given.get("text", "")).strip(),
        unit=turn.reader.unit_in(initiative),
        severity=URGENT if value == "must" else USUAL,
        would_work=str(given.get("works", "")).strip(),
        locale=turn.words.language,
        value=value,
        effort=str(given.get("effort", "")),
        fit=str(given.get("fit", "")),
    )


def _by_name(turn: Turn, initiative: Initiative, raised: Raised) -> Reply:
    words = turn.words
    once = turn.tx.seal.mark("requested", turn.person.key, initiative.id, raised.text)
    if not occurrences.first_time(turn.tx, once, end_of_day(turn.now)):
        return _card(turn, words("request.already"))
    case, posts = open_raised(
        turn.tx,
        turn.reader.playbooks,
        raised,
        asker=turn.person.key,
        reply_to=alone(turn),
        now=turn.now,
        draw=turn.draw,
    )
    name, date = turn.reader.names(case.owner), words.weekday(promised_on(case, words.zone))
    done = words("request.done", number=case.number, name=name, date=date)
    return replace(_card(turn, done), posts=posts)


def _card(turn: Turn, body: str) -> Reply:
    return Reply(cards=(Card(body=body, locale=turn.words.language),), personal=True)
