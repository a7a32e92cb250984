"""Decides about what waits for its recipient's right moment: to send it, put it off, gather it, or not to send it.

It makes no message but the digest, and sends nothing. What it decides about a person depends on the person, the
playbooks and the time alone.

The rules:
- What the person switched off is not sent, and nothing is sent to somebody who has left or whom no platform reaches.
- It comes at the right moment (`moment.py`), and not within `REST` after the last message that the bot sent of its own
  accord.
- In one week (ISO, in the person's zone) there are no more of these messages than the strictest `weekly_cap` of the
  initiatives that concern the person, else the usual cap; urgent ones, and what change agents get ahead of others, pass
  and are counted. What is too much waits for the next week's first right moment.
- What is due at the same moment comes as one digest, which counts once.
- A message that would have to be put off for longer than its kind is worth waiting for (`kinds.py`) is not sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery import kinds
from bot.delivery.digest import digest
from bot.delivery.moment import right_moment
from bot.messages import Post
from bot.people.audience import concerning, viewer_of
from bot.people.calendar import calendar_for, language_of
from bot.people.hours import Calendar, clock_shows
from bot.playbook.initiative_file import Messaging
from bot.playbook.model import Playbooks
from bot.playbook.values import Hours
from bot.store import Session, Store, deliveries
from bot.store import gathering as waiting
from bot.store.gathering import Recipient
from bot.store.lanes import Lane
from bot.store.times import monday
from bot.words import Words

CHUNK = 500
MOST_IN_A_TICK = 10_000
# Long enough that two announcements on one morning become one message, short enough for both to come that morning.
REST = timedelta(hours=1)
DIGEST_KIND = "gathered"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for one person: when they work, when it is quiet, and how many messages a week they get."""

    calendar: Calendar
    quiet: tuple[Hours, ...] = ()
    weekly_cap: int = Messaging().weekly_cap


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of what waits for one person, by delivery. `now` is sent, as one message; the others have their
    reason or their moment."""

    now: tuple[str, ...] = ()
    later: Mapping[str, datetime] = field(default_factory=dict)
    suppressed: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)


def gather(store: Store, playbooks: Playbooks, now: datetime, at_most: int = MOST_IN_A_TICK) -> int:
    """Decides about everything whose moment may have come, in short transactions, at most about so many messages (and
    a few more); says about how many. What is left is decided at the next tick. Several clocks may do this at once."""
    with store.begin() as tx:
        done = waiting.release_places(tx, now)
    while done < at_most:
        with store.begin() as tx:
            recipients = waiting.due(tx, now, CHUNK)
            _carry_out(tx, recipients, playbooks, now)
        if not recipients:
            break
        done += sum(len(recipient.waiting) for recipient in recipients)
    return done


def circumstances(recipient: Recipient, playbooks: Playbooks) -> Circumstances:
    """What the playbooks and the person's settings say of the person."""
    person = recipient.person
    if person is None:
        return Circumstances(Calendar(assumed=True))
    messaging = [i.written.messaging for i in concerning(viewer_of(person), playbooks)] or [Messaging()]
    return Circumstances(
        calendar=calendar_for(person, recipient.reach.settings, playbooks.organisation.units),
        quiet=tuple(dict.fromkeys(m.quiet_hours for m in messaging)),
        weekly_cap=min(m.weekly_cap for m in messaging),
    )


def decide(recipient: Recipient, here: Circumstances, now: datetime) -> Decision:
    """What becomes of everything that waits for this person, at `now` (aware)."""
    if failed := _unreachable(recipient):
        return Decision(failed=dict.fromkeys((w.id for w in recipient.waiting), failed))
    if recipient.person and recipient.person.left_on:
        return Decision(suppressed=dict.fromkeys((w.id for w in recipient.waiting), "the person has left"))
    settings = recipient.reach.settings
    suppressed = {w.id: f"switched off: {w.kind}" for w in recipient.waiting if kinds.switched_off(w.kind, settings)}
    if not here.weekly_cap:
        suppressed |= {w.id: "nothing is to be sent: weekly_cap is 0" for w in recipient.waiting}
    left = [w for w in recipient.waiting if w.id not in suppressed]
    if not left:
        return Decision(suppressed=suppressed)
    rested = _rested(recipient, here, now)
    capped = _within_cap(recipient, here, rested)
    moments = {w.id: rested if w.kind == kinds.AHEAD else capped for w in left}
    late = {w.id for w in left if moments[w.id] - w.since > kinds.worth_waiting(w.kind)}
    suppressed |= {id: f"too late: {_shown(moments[id])} would have been the next moment" for id in late}
    wished = {id: moment for id, moment in moments.items() if id not in late}
    later = {id: moment for id, moment in wished.items() if moment > now}
    return Decision(now=tuple(id for id in wished if id not in later), later=later, suppressed=suppressed)


def _unreachable(recipient: Recipient) -> str:
    if recipient.person is None:
        return "the person is no longer known"
    if recipient.person.left_on:
        return ""
    if not recipient.reach.accounts:
        return "no account on any platform"
    return recipient.reach.refused


def _rested(recipient: Recipient, here: Circumstances, now: datetime) -> datetime:
    """The first moment from now on that is right and rested."""
    now = now.astimezone(UTC)
    rested = max((at + REST for at in recipient.told if at <= now), default=now)
    return right_moment(max(now, rested), here.calendar, here.quiet)


def _within_cap(recipient: Recipient, here: Circumstances, moment: datetime) -> datetime:
    """This moment, or where its week has had enough the next week's first right one."""
    start, following = _week(moment, here.calendar.zone)
    if sum(start <= at < following for at in recipient.told) >= here.weekly_cap:
        return right_moment(following, here.calendar, here.quiet)
    return moment


def _week(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """When the week of this moment begins in that zone, and the next one, in UTC."""
    first = monday(moment.astimezone(ZoneInfo(zone)).date())
    start, following = (clock_shows(first + timedelta(days=n), time(), zone) for n in (0, 7))
    return start.astimezone(UTC), following.astimezone(UTC)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _carry_out(tx: Session, recipients: list[Recipient], playbooks: Playbooks, now: datetime) -> None:
    released: dict[str, Lane] = {}
    later: dict[str, datetime] = {}
    suppressed: dict[str, str] = {}
    failed: dict[str, str] = {}
    for recipient in recipients:
        lane = recipient.reach.lane
        decision = decide(recipient, circumstances(recipient, playbooks), now)
        later |= decision.later
        suppressed |= decision.suppressed
        failed |= decision.failed
        gathered = _gathered(tx, recipient, decision.now, playbooks, now) if len(decision.now) > 1 else None
        if gathered:
            suppressed |= dict.fromkeys(decision.now, f"in a digest: {gathered}")
            released[gathered] = lane
            continue
        for one in (w for w in recipient.waiting if w.id in decision.now and w.lane != lane):
            waiting.move(tx, one.id, lane)
        released |= dict.fromkeys(decision.now, lane)
    waiting.postpone(tx, later)
    waiting.end(tx, suppressed, "suppressed")
    waiting.end(tx, failed, "failed")
    waiting.release(tx, released, now)


def _gathered(
    tx: Session, recipient: Recipient, parts: tuple[str, ...], playbooks: Playbooks, now: datetime
) -> str | None:
    """Queues a digest of these and gives its delivery; None where one of them cannot be read: the sender says why."""
    cards, person = waiting.cards(tx, parts), recipient.person
    if cards is None or person is None:
        return None
    organisation = playbooks.organisation
    locale = language_of(person, recipient.reach.settings, organisation.units.get(person.unit))
    words = Words(locale, own=organisation.policy.word_for)
    card = digest(words, dict(zip(parts, cards, strict=True)))
    post = Post(key=f"gathered:{parts[0]}", card=card, person=person.key, kind=DIGEST_KIND)
    deliveries.enqueue(tx, [post], now)
    return waiting.id_of(tx, post.key)
