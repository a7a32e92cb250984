"""What is done when a step of a case is due: it is handed over, goes up, or comes again to whoever answers for it.

That a step is due is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cases.cards import owner_card
from bot.cases.chasing import led, promise_card
from bot.cases.clock import resumed, started
from bot.cases.escalation import WEEKLY_DAYS, clocks_of, next_up, waits_prefix
from bot.cases.looking import Look
from bot.cases.waiting import tell_author, tell_resumed, waits
from bot.messages import escape
from bot.people.hours import due_after
from bot.store import case_clocks, cases, occurrences
from bot.store.case_clocks import Running
from bot.words import Words


def _hand_over(look: Look, one: Running) -> int:
    to = look.heir(one)
    if not to:
        return 0
    clocks = started(look.sla(one), one.severity, look.now, look.calendar(to, one.unit))
    respond = one.respond_until and max(one.respond_until, clocks.respond_until or one.respond_until)
    # What was promised to whoever waits stays promised, unless it has passed.
    due_at = one.due_at if one.due_at > look.now else clocks.decide_until
    if not case_clocks.move(
        look.tx, one, "handed-over", look.now, owner=to, respond_until=respond, due_at=due_at, escalated=0
    ):
        return 0
    name = escape(look.name(one.owner)) if one.owner else ""

    def lead(words: Words) -> str:
        return words("case-late.given", name=name) if name else words("case-late.given-nobody")

    return _show(look, one, to, "given", lead, look.now)


def _late(look: Look, one: Running) -> int:
    """Nobody answered in time: one step up, or where nobody is above, all of them again, every week."""
    following = next_up(look.ladder(one), one)
    done = _up(look, one, *following) if following else _again(look, one)
    passed = one.due_at <= look.now
    if done and passed and occurrences.first_time(look.tx, f"{waits_prefix(one)}{one.due_at:%Y%m%dT%H%M}", look.now):
        done += tell_author(look, one, passes=False)
    return done


def _up(look: Look, one: Running, level: int, address: str) -> int:
    clocks = started(look.sla(one), one.severity, look.now, look.calendar(address, one.unit))
    due_at = one.due_at if one.due_at > look.now else clocks.decide_until
    respond = clocks.respond_until if one.respond_until else None
    if not case_clocks.move(look.tx, one, "escalated", look.now, escalated=level, due_at=due_at, respond_until=respond):
        return 0
    owner, name = escape(look.name(one.owner)), escape(look.name(address))
    done = _show(look, one, address, f"up-{level}", lambda words: words("case-late.up", name=owner), one.due_at)
    for who in dict.fromkeys(filter(None, (one.owner, one.handler))):
        done += _show(look, one, who, f"up-{level}", lambda words: words("case-late.up-owner", name=name), one.due_at)
    return done


def _again(look: Look, one: Running) -> int:
    until = due_after(look.now, WEEKLY_DAYS, look.calendar(one.owner, one.unit))
    if look.now < one.due_at <= until:
        # Only the first answer is late: all of them are asked when the decision is, and not twice in these days.
        case_clocks.start(look.tx, one, one.due_at, one.due_at)
        return 0
    due_at = one.due_at if one.due_at > look.now else until
    respond = until if one.respond_until else None
    if not case_clocks.move(look.tx, one, "reminded", look.now, due_at=due_at, respond_until=respond):
        return 0
    everybody = tuple(dict.fromkeys(filter(None, (one.owner, one.handler, *(who for _, who in look.ladder(one))))))

    def lead(words: Words) -> str:
        return words("case-late.weekly", names=words.all_of([escape(look.name(who)) for who in everybody]))

    return sum(_show(look, one, who, "again", lead, look.now) for who in everybody)


def _warn(which: str) -> Callable[[Look, Running], int]:
    def warn(look: Look, one: Running) -> int:
        until = one.respond_until if which == "respond" and one.respond_until else one.due_at
        # Once it went up, whoever it went up to is reminded, as its author is told.
        has_it = next((who for level, who in look.ladder(one) if one.escalated and level == one.escalated), one.owner)
        concerned = dict.fromkeys(filter(None, (has_it, one.handler)))
        return sum(
            _show(look, one, who, which, lambda words: words(f"case-late.warn-{which}"), until) for who in concerned
        )

    return warn


def _forgotten(look: Look, one: Running) -> int:
    if not case_clocks.move(look.tx, one, "reminded", look.now):
        return 0
    last = one.last_at or one.created_at

    def lead(words: Words) -> str:
        return words("case-late.forgotten", date=words.weekday(last.astimezone(ZoneInfo(words.zone)).date()))

    return sum(
        _show(look, one, who, "forgotten", lead, look.now)
        for who in dict.fromkeys(filter(None, (one.handler, one.owner)))
    )


def _unanswered(look: Look, one: Running) -> int:
    """Whoever raised it was asked something and did not answer: it goes on without that."""
    if one.paused_since is None:
        return 0
    calendar = look.calendar(one.owner, one.unit)
    due_at = resumed(clocks_of(one), one.paused_since, look.now, calendar).decide_until
    if due_at <= look.now:
        due_at = started(look.sla(one), one.severity, look.now, calendar).decide_until
    if not case_clocks.move(look.tx, one, "resumed", look.now, paused_since=None, due_at=due_at):
        return 0

    def lead(words: Words) -> str:
        return words("case-late.goes-on")

    concerned = dict.fromkeys(filter(None, (one.handler, one.owner)))
    return sum(_show(look, one, who, "goes-on", lead, look.now) for who in concerned) + tell_resumed(look, one)


def _promised(look: Look, one: Running) -> int:
    whom, case = look.reader(one.owner), cases.case(look.tx, one.id)
    if whom is None or case is None:
        return 0
    today = look.now.astimezone(ZoneInfo(whom.calendar.zone)).date()
    card = promise_card(case, owner_card(look.tx, look.playbooks, case, whom), whom.words, today)
    return look.tell(one.owner, _key(one, "promise", look.now, whom.person.key), card, one.severity)


def _show(look: Look, one: Running, address: str, what: str, lead: Callable[[Words], str], at: datetime) -> int:
    """Shows somebody who answers for it the case as it stands, with a sentence why it comes again."""
    whom, case = look.reader(address), cases.case(look.tx, one.id)
    if whom is None or case is None:
        return 0
    card = led(lead(whom.words), owner_card(look.tx, look.playbooks, case, whom))
    return look.tell(address, _key(one, what, at, whom.person.key), card, one.severity)


def _key(one: Running, what: str, at: datetime, address: str) -> str:
    return f"case:{one.number}:{what}:{at:%Y%m%dT%H%M}:{address}"


DOES: dict[str, Callable[[Look, Running], int]] = {
    "hand-over": _hand_over,
    "late": _late,
    "warn-respond": _warn("respond"),
    "warn-decide": _warn("decide"),
    "forgotten": _forgotten,
    "unanswered": _unanswered,
    "waits": waits,
    "promised": _promised,
}
