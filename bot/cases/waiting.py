"""A word to whoever raised a case and waits: that its day passes or has passed, and when they hear again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases.chasing import day_of, goes_on_card, waits_card
from bot.cases.clock import started
from bot.cases.escalation import WEEK, WEEKLY_DAYS, next_up, told_before, waits_prefix
from bot.cases.looking import Look
from bot.cases.telling import to_author
from bot.delivery.moment import right_moment
from bot.messages import Card, Post, escape
from bot.people.calendar import calendar_for
from bot.people.hours import due_after
from bot.store import case_clocks, cases, deliveries, people
from bot.store.case_clocks import Running
from bot.words import Words


def waits(look: Look, one: Running) -> int:
    """Whoever waits is told before the day passes, and else weekly."""
    passes = told_before(one.due_at, look.calendar(one.owner, one.unit)) <= look.now
    # What is noted for this very word does not count.
    lately = case_clocks.told_since(look.tx, waits_prefix(one), look.now - WEEK, before=look.now)
    return 0 if lately and not passes else tell_author(look, one, passes=passes)


def tell_author(look: Look, one: Running, *, passes: bool) -> int:
    """Says who has it and when they hear again: `passes` that the day passes without an answer."""
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


def tell_resumed(look: Look, one: Running) -> int:
    """Says that it goes on without the answer that was asked for, and by when."""
    case = cases.case(look.tx, one.id)
    if case is None:
        return 0

    def say(words: Words) -> Card:
        return goes_on_card(case, words, day_of(one, case.due_at, words.zone))

    posts = to_author(look.tx, look.playbooks, case, say, look.now, f"case:{one.number}:goes-on:{look.now:%Y%m%dT%H%M}")
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
