"""What the clock brings to cases: digests, warnings, steps up, reminders, and a word to whoever waits.

Each step is decided by how the case stands, and changes that or is noted in the transaction that does it: so several
clocks, one that ends in the middle, or one that was away for days, do it once and not for each day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.cases import auditing, deciding, digest
from bot.cases.cards import owner_card
from bot.cases.chasing import day_of, led, promise_card, waits_card
from bot.cases.clock import started
from bot.cases.escalation import WEEK, WEEKLY_DAYS, Step, next_up, promise_step, steps, told_before, waits_prefix
from bot.cases.looking import Look
from bot.cases.telling import to_author
from bot.delivery.moment import right_moment
from bot.messages import Card, Post, escape
from bot.people.calendar import calendar_for
from bot.people.hours import due_after
from bot.playbook.model import Playbooks
from bot.store import Session, Store, StoreUnavailable, case_clocks, cases, deliveries, occurrences, people
from bot.store.case_clocks import Running
from bot.words import Words

log = logging.getLogger(__name__)
Part = Callable[[Store, Playbooks, datetime], int]


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many posts were queued. Whatever fails, the audit comes after it."""
    open_ones = _Open()
    parts = (partial(_steps, open_ones), partial(_digests, open_ones), deciding.close_unobjected)
    queued = sum(_whatever_fails(part, store, playbooks, now) for part in parts)
    return queued + auditing.audited(store, playbooks, now)


class _Open:
    """What runs, read once for all parts, and again after one of them has done something."""

    def __init__(self) -> None:
        self._read: list[Running] | None = None

    def of(self, tx: Session) -> list[Running]:
        """All that runs."""
        if self._read is None:
            self._read = case_clocks.running(tx)
        return self._read

    def changed(self) -> None:
        """It is not as it was read any more."""
        self._read = None


def _whatever_fails(part: Part, store: Store, playbooks: Playbooks, now: datetime) -> int:
    try:
        return part(store, playbooks, now)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("what was due of cases could not be done")
        return 0


def _steps(open_ones: _Open, store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.read() as tx:
        look = Look(tx, playbooks, now)
        due_now = [(one, step) for one in open_ones.of(tx) for step in _due(look, one)]
        due_now += [
            (one, step) for one in case_clocks.promised(tx, (now + 2 * WEEK).date()) for step in _owed(look, one)
        ]
        done = case_clocks.noted(tx, [step.key for _, step in due_now if step.key])
    todo = [(one, step) for one, step in due_now if step.key not in done]
    if todo:
        open_ones.changed()
    return sum(_guarded(store, look, one, step) for one, step in todo)


def _digests(open_ones: _Open, store: Store, playbooks: Playbooks, now: datetime) -> int:
    with store.read() as tx:
        look = Look(tx, playbooks, now)
        wanted = digest.wanted(look, open_ones.of(tx))
    if not wanted:
        return 0
    with store.begin() as tx:
        return sum(digest.give(look.at(tx), one) for one in wanted)


def _due(look: Look, one: Running) -> list[Step]:
    return list(steps(one, look.sla(one), look.calendar(one.owner, one.unit), look.now))


def _owed(look: Look, one: Running) -> list[Step]:
    found = promise_step(one, look.calendar(one.owner, one.unit), look.now)
    return [found] if found else []


def _guarded(store: Store, look: Look, one: Running, step: Step) -> int:
    """One case that cannot be dealt with does not stop the others; the auditor finds it."""
    try:
        with store.begin() as tx:
            if step.key and not occurrences.first_time(tx, step.key, look.now):
                return 0
            return _DOES[step.what](look.at(tx), one)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("what was due of case %d could not be done", one.number)
        return 0


def _key(one: Running, what: str, at: datetime, address: str) -> str:
    return f"case:{one.number}:{what}:{at:%Y%m%dT%H%M}:{address}"


def _show(look: Look, one: Running, address: str, what: str, lead: Callable[[Words], str], at: datetime) -> int:
    """Shows somebody who answers for it the case as it stands, with a sentence why it comes again."""
    whom, case = look.reader(address), cases.case(look.tx, one.id)
    if whom is None or case is None:
        return 0
    card = led(lead(whom.words), owner_card(look.tx, look.playbooks, case, whom))
    return look.tell(address, _key(one, what, at, whom.person.key), card, one.severity)


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
        done += _tell_author(look, one, passes=False)
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


def _waits(look: Look, one: Running) -> int:
    """Whoever waits is told before the day passes, and else weekly."""
    passes = told_before(one.due_at, look.calendar(one.owner, one.unit)) <= look.now
    # What is noted for this very word does not count.
    lately = case_clocks.told_since(look.tx, waits_prefix(one), look.now - WEEK, before=look.now)
    return 0 if lately and not passes else _tell_author(look, one, passes=passes)


def _tell_author(look: Look, one: Running, *, passes: bool) -> int:
    case = cases.case(look.tx, one.id)
    if case is None:
        return 0
    ladder = look.ladder(one)
    has_it = next((who for level, who in ladder if level == case.escalated), case.handler or case.owner)
    following = next_up(ladder, replace(one, escalated=case.escalated)) if passes else None
    until = _hears_again(look, one, following) if passes else case.due_at
    names = (escape(look.name(has_it)), escape(look.name(following[1])) if following else "")

    def say(words: Words) -> Card:
        day = day_of(one, one.due_at, words.zone) if passes else None
        return waits_card(case, words, names, day, day_of(one, until, words.zone))

    posts = to_author(look.tx, look.playbooks, case, say, look.now, f"case:{one.number}:waits:{look.now:%Y%m%dT%H%M}")
    return deliveries.enqueue(look.tx, [_at_their_moment(look, post) for post in posts], look.now)


def _hears_again(look: Look, one: Running, following: tuple[int, str] | None) -> datetime:
    """When whoever waits hears again if the day passes: by then whoever is asked next has had their time."""
    if following is None:
        return due_after(one.due_at, WEEKLY_DAYS, look.calendar(one.owner, one.unit))
    calendar = look.calendar(following[1], one.unit)
    return started(look.sla(one), one.severity, one.due_at, calendar).decide_until


def _at_their_moment(look: Look, post: Post) -> Post:
    person = people.person(look.tx, post.person) if post.person else None
    if person is None:
        return post
    calendar = calendar_for(person, people.settings(look.tx, person.key), look.playbooks.organisation.units)
    return replace(post, not_before=right_moment(look.now, calendar))


def _promised(look: Look, one: Running) -> int:
    whom, case = look.reader(one.owner), cases.case(look.tx, one.id)
    if whom is None or case is None:
        return 0
    today = look.now.astimezone(ZoneInfo(whom.calendar.zone)).date()
    card = promise_card(case, owner_card(look.tx, look.playbooks, case, whom), whom.words, today)
    return look.tell(one.owner, _key(one, "promise", look.now, whom.person.key), card, one.severity)


_DOES: dict[str, Callable[[Look, Running], int]] = {
    "hand-over": _hand_over,
    "late": _late,
    "warn-respond": _warn("respond"),
    "warn-decide": _warn("decide"),
    "forgotten": _forgotten,
    "waits": _waits,
    "promised": _promised,
}
