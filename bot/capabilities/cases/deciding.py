"""Deciding on a case: one of four, always with a reason, a yes perhaps with a date. And changing what was decided."""

from __future__ import annotations

from datetime import date

from bot.capabilities.cases.there import Held, done, handed_in, not_yours, step_of, text_of, too_late
from bot.cases import deciding
from bot.cases.counting import unnamed
from bot.cases.deciding import DATED
from bot.cases.raised import DECISIONS
from bot.cases.standing import subject
from bot.cases.told import is_open
from bot.cases.words import decision_name
from bot.cues import is_one_of, plain
from bot.messages import Answers, Ask, Card, Choice, Option, quoted
from bot.turn import Reply, Turn
from bot.words import Words

LONGEST = 3000


def decide(turn: Turn, held: Held) -> Reply:
    """A form; what is handed in is decided, once."""
    if not held.answers:
        return not_yours(turn)
    if not is_open(held.case):
        return too_late(turn, held.case)
    return _decided(turn, held, "decide")


def revise(turn: Turn, held: Held) -> Reply:
    """The same form with what was decided in it; everybody who was told hears of the change."""
    if not held.answers:
        return not_yours(turn)
    if held.case.state not in ("answered", "resolved") or not held.case.decision or held.case.merged_into:
        return too_late(turn, held.case)
    return _decided(turn, held, "revise")


def kept(turn: Turn, held: Held) -> Reply:
    """What was promised is done."""
    if not held.answers:
        return not_yours(turn)
    return done(turn, held, deciding.kept(step_of(turn), held.case), "case.kept-done")


def _decided(turn: Turn, held: Held, verb: str) -> Reply:
    form = _form(turn, held, verb)
    given, reply = handed_in(turn, form, _wrong(turn))
    if given is None:
        return reply
    promised = text_of(given, "date")
    step, take = step_of(turn), deciding.revised if verb == "revise" else deciding.decided
    day = date.fromisoformat(promised) if promised else None
    posts = take(step, held.case, text_of(given, "decision"), _reason(given), day)
    publish = Choice(turn.words("case.publish-button"), f"case publish {held.case.number}")
    change = Choice(turn.words("case.revise-button"), f"case revise {held.case.number}")
    return done(turn, held, posts, "case.decided-done", publish, change)


def _reason(given: Answers) -> str:
    """The reason, with what else may help where something does."""
    return "\n\n".join(part for part in (text_of(given, "reason"), text_of(given, "helps")) if part)


def _wrong(turn: Turn) -> dict[str, str]:
    """A date goes with a yes alone, and lies ahead."""
    given = turn.said.answers
    promised, decision = text_of(given, "date"), text_of(given, "decision")
    try:
        day = date.fromisoformat(promised) if promised else None
    except ValueError:
        return {}  # the form itself says so
    if day is None:
        return {}
    if decision in DECISIONS and decision not in DATED:
        return {"date": turn.words("case.date-only-yes")}
    return {"date": turn.words("case.date-past")} if day < turn.reader.today else {}


def _form(turn: Turn, held: Held, verb: str) -> Card:
    words, case = turn.words, held.case
    options = tuple(Option(one, decision_name(one, words)) for one in DECISIONS)
    said, reason = _begun(held.rest) if verb == "decide" else (case.decision, case.answer)
    promised = case.promised_for.isoformat() if verb == "revise" and case.promised_for else ""
    about = subject(turn.tx, turn.reader.playbooks, case, unnamed(turn.tx, case))
    better = about.better(words, turn.person)
    hint = words("case.reason-hint-confidence" if case.confidential else "case.reason-hint")
    return Card(
        title=words(f"case.{verb}-title", number=case.number),
        body="\n\n".join(part for part in (quoted(case.text), better) if part),
        asks=(
            Ask("decision", words("case.decision"), kind="choice", options=options, value=said),
            Ask("reason", words("case.reason"), longest=LONGEST, value=reason[:LONGEST], hint=hint),
            *((_helps(words),) if case.kind == "request" else ()),
            _date(words, promised),
        ),
        submits=f"case {verb} {case.number}",
        submit_label=words("case.decide-button"),
        locale=words.language,
    )


def _date(words: Words, promised: str) -> Ask:
    only_with = tuple(f"decision={one}" for one in DATED)
    hint = words("case.date-hint")
    return Ask("date", words("case.date"), "date", optional=True, value=promised, hint=hint, only_with=only_with)


def _helps(words: Words) -> Ask:
    return Ask("helps", words("case.helps"), longest=LONGEST // 2, optional=True)


def _begun(text: str) -> tuple[str, str]:
    """What was typed behind the number: a decision, as people of all languages call it, and its reason."""
    parts = text.replace(":", " ").split()
    for length in (3, 2, 1):
        head = plain(" ".join(parts[:length]))
        for one in ("yes-but", "not-now", "yes", "no"):
            if len(parts) >= length and is_one_of(head, f"cue.case-{one}"):
                return one, " ".join(parts[length:]).lstrip(" ,:")
    return "", text
