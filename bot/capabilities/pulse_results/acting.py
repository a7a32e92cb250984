"""What is done about a weak point: said, moved, given up or reported as done by whoever leads the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.capabilities.pulse_results.there import held, led, no, not_yours, shown_to
from bot.dialogue import handed_back, problems
from bot.messages import Ask, Card, quoted
from bot.pulse import action_words, reporting
from bot.pulse.actions import USUAL_DAYS
from bot.pulse.report import Report
from bot.pulse.result_words import paragraphs, weak_line
from bot.store import audit, results
from bot.store.results import DONE, NAMED, NOTHING, OPEN, Action
from bot.turn import Reply, Turn

LONGEST = 600


def overview(turn: Turn, number: int) -> Reply:
    """All weak points of a round, with what was said of them."""
    shown = shown_to(turn, number)
    if shown is None or not led(turn, shown) or not shown.actions:
        return not_yours(turn)
    return Reply(cards=(action_words.overview(shown, turn.words),), personal=True)


def named(turn: Turn, id: str) -> Reply:
    """What will be done, and by when."""
    found = held(turn, id)
    if found is None:
        return not_yours(turn)
    return _said(turn, *found, "name", NAMED, of=[OPEN, NAMED])


def moved(turn: Turn, id: str) -> Reply:
    """It takes longer, or is done otherwise."""
    found = held(turn, id)
    if found is None:
        return not_yours(turn)
    return _said(turn, *found, "moved", NAMED, of=[NAMED])


def nothing(turn: Turn, id: str) -> Reply:
    """Nothing is done about it, with the reason."""
    found = held(turn, id)
    if found is None:
        return not_yours(turn)
    return _said(turn, *found, "nothing", NOTHING, of=[OPEN, NAMED])


def done(turn: Turn, id: str) -> Reply:
    """It is done; those who were asked hear of it."""
    found = held(turn, id)
    if found is None:
        return not_yours(turn)
    shown, action = found
    if not results.say(turn.tx, action, DONE, action.said, action.until, turn.person.key, of=[NAMED]):
        return no(turn, "action.decided")
    _follow(turn, shown, replace(action, state=DONE))
    return no(turn, "action.thanks-done" if shown.closed.told else "action.thanks")


def _said(turn: Turn, shown: Report, action: Action, verb: str, state: str, of: Sequence[str]) -> Reply:
    """Asks for the words, and keeps them."""
    if action.state not in of:
        return no(turn, "action.decided")
    form = _form(turn, shown, action, verb)
    answers = {name: str(value).strip() for name, value in turn.said.answers.items()}
    wrong = problems(form.asks, answers, turn.words) if turn.said.answers else {}
    if not wrong and answers.get("until") and date.fromisoformat(answers["until"]) < turn.reader.today:
        wrong = {"until": turn.words("action.past")}
    if wrong or not turn.said.answers:
        return handed_back(form, turn.said.answers, wrong)
    until = date.fromisoformat(answers["until"]) if answers.get("until") else None
    if not results.say(turn.tx, action, state, answers["what"], until, turn.person.key, of=of):
        return no(turn, "action.decided")
    _follow(turn, shown, replace(action, state=state, said=answers["what"], until=until), moved=verb == "moved")
    again = shown_to(turn, shown.round.id)
    waits = again is not None and any(one.state == OPEN for one in again.actions)
    if again is None or not waits:
        return no(turn, "action.thanks-told" if shown.closed.told else "action.thanks-all")
    return Reply(cards=(action_words.overview(again, turn.words),), personal=True)


def _form(turn: Turn, shown: Report, action: Action, verb: str) -> Card:
    words = turn.words
    question = "action.why-nothing" if verb == "nothing" else "action.what"
    value = action.proposal if action.state == OPEN and verb == "name" else action.said if verb == "moved" else ""
    asks = [Ask("what", words(question), longest=LONGEST, value=value, hint=words("action.everybody-reads"))]
    if verb != "nothing":
        usual = turn.reader.today + timedelta(days=USUAL_DAYS)
        asks.append(Ask("until", words("action.until"), kind="date", value=usual.isoformat()))
    before = quoted(action.said) if action.said and verb != "name" else ""
    return Card(
        title=words(f"action.{verb}-button"),
        body=paragraphs(weak_line(shown, action.number, words), before),
        asks=tuple(asks),
        submits=f"action {verb} {action.id}",
        submit_label=words("ask.send"),
        locale=words.language,
    )


def _follow(turn: Turn, shown: Report, action: Action, *, moved: bool = False) -> None:
    audit.note(turn.tx, turn.person.key, f"survey.action-{action.state}", f"{shown.round.id} {action.id}", turn.now)
    reporting.became(turn.tx, turn.reader.playbooks, shown, action, turn.now, moved=moved)
