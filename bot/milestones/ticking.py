"""What is due of milestones: the project manager is shown what is planned, what was seen goes out, owners are asked.

The only part that acts by the clock. Each step is noted in the transaction that does it, so that several clocks, or
one that ends in the middle, do it once. What a playbook says now is what is planned; what was announced stays said.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.moment import right_moment
from bot.milestones import plan, telling
from bot.milestones.asking import question_card, silence_card
from bot.milestones.changes import noticing
from bot.milestones.changes.facts import fact_of
from bot.milestones.plan import AGENTS
from bot.milestones.previews import Upcoming, key_of, upcoming, version
from bot.milestones.standing import Standing, standings
from bot.milestones.together import IN_ONE, Seen, previews_card
from bot.milestones.words import Subject, heads_up, quoted
from bot.playbook.model import Initiative, Playbooks
from bot.store import Session, Store, occurrences, wins
from bot.store import milestones as kept
from bot.store.milestones import ASKED, DONE, GONE, HELD, OUT, SHOWN, WAITS, PostId, Shown

# Nothing of a milestone is done earlier before its date than this, and no owner is asked later after it.
SOONEST, LATEST = timedelta(days=60), timedelta(days=20)
# As the engine does: somewhere on earth a day begins so long before it does in UTC.
EARLIEST_ZONE = timedelta(hours=14)
# And somewhere it ends so long after it does in UTC.
LATEST_ZONE = timedelta(hours=12)


def due(store: Store, playbooks: Playbooks, now: datetime) -> int:
    """Does what is due at `now` (aware); says how many things that were. Call it before announcements are expanded."""
    done = 0
    for initiative in playbooks.initiatives.values():
        with store.begin() as tx:
            done += _Work(tx, initiative, playbooks, now).do()
    return done


class _Work:
    """What is due of one initiative, within one transaction."""

    def __init__(self, tx: Session, initiative: Initiative, playbooks: Playbooks, now: datetime) -> None:
        self._tx, self._initiative, self._playbooks, self._now = tx, initiative, playbooks, now
        self._leader = telling.leader(tx, initiative, playbooks)
        self._calendar = telling.project_calendar(self._leader, initiative, playbooks)
        self._today = now.astimezone(ZoneInfo(self._calendar.zone)).date()
        self._name = telling.names(tx)
        self._seen: list[Seen] = []

    def do(self) -> int:
        shown = {one.id: one for one in kept.posts(self._tx, self._initiative.id)}
        all_of_them = standings(self._initiative, kept.reports(self._tx, self._initiative.id))
        # Before posts are stopped: which went out says which dates people were told of.
        done, waiting = noticing.notice(self._tx, self._initiative, all_of_them, self._playbooks, self._now)
        found = all_of_them if telling.is_told(self._initiative) else ()
        done += self._stop_what_is_not_planned(shown, found)
        near = [one for one in found if one.report.state != DONE and -LATEST < one.on - self._today < SOONEST]
        # Nobody reads a new date before they are told that the one they know has changed.
        posts = [post for one in near if fact_of(one.id) not in waiting for post in self._posts(one, shown)]
        until = plan.shown_until((one.planned for one, was, _ in posts if was is None), self._calendar, self._today)
        for post, was, over in posts:
            done += kept.turn(self._tx, post.id, GONE, of=WAITS) if over else self._post(post, was, until)
        return done + self._show_to_leader() + sum(self._ask(one) for one in near)

    def _stop_what_is_not_planned(self, shown: dict[PostId, Shown], found: tuple[Standing, ...]) -> int:
        """Of a date that holds no longer, or that has passed everywhere, nothing more goes out; of one that has passed
        nothing more is offered."""
        dates = {(one.id, one.on) for one in found if one.report.state != DONE}
        done = 0
        for one in shown.values():
            holds = (one.id.milestone, one.id.date) in dates
            passed = one.id.date < self._today
            over = one.id.date < (self._now - LATEST_ZONE).astimezone(UTC).date()
            if one.state in WAITS and not holds:
                done += kept.unshow(self._tx, one.id)
            elif one.state in WAITS and passed:
                done += kept.turn(self._tx, one.id, GONE, of=WAITS)
            elif one.state == OUT and (over if passed else not holds) and kept.turn(self._tx, one.id, GONE, of=[OUT]):
                telling.stop(self._tx, key_of(one.id), self._now)
                done += 1
        return done

    def _posts(self, standing: Standing, shown: dict[PostId, Shown]) -> list[tuple[Upcoming, Shown | None, bool]]:
        """The posts of a date with what was noted of each, and whether the next one has taken its place."""
        subject = Subject(self._initiative, standing, self._playbooks.organisation, self._name)
        agents = PostId(self._initiative.id, standing.id, standing.on, AGENTS)
        mine = [one for one in shown.values() if replace(one.id, stage=AGENTS) == agents]
        stopped = {one.id.stage for one in mine if one.state in (ASKED, HELD, GONE)}
        read = bool(telling.channels_of(self._tx, subject))
        planned = plan.posts(standing.on, self._calendar, self._today, agents in shown, stopped, channels=read)
        found: list[tuple[Upcoming, Shown | None, bool]] = []
        for one, following in zip(planned, (*planned[1:], None), strict=True):
            post = upcoming(subject, one, shown)
            was = shown.get(post.id)
            found.append((post, was, bool(was and following and following.day <= self._today)))
        return found

    def _post(self, post: Upcoming, was: Shown | None, until: date) -> int:
        """Shows it if that is to be done until this day, shows it again where it says something else, or lets it go."""
        planned = post.planned
        if was is None:
            soon = plan.shown_from(planned, self._calendar) <= until and self._today <= planned.day
            return self._show(post) if soon else 0
        if was.state not in WAITS:
            return 0
        now_says = version(post)
        if now_says != was.version and kept.renew(self._tx, was, now_says):
            return self._see(post, now_says, was.state)
        if was.state == HELD:
            return self._remind(post, was)
        if was.state == ASKED:
            return 0
        return self._heads_up(post) + self._let_go(post, was.state)

    def _show(self, post: Upcoming) -> int:
        says, moment = version(post), right_moment(self._now, self._calendar)
        seen_on = moment.astimezone(ZoneInfo(self._calendar.zone)).date()
        state = SHOWN if plan.silence_is_yes(post.planned, seen_on, self._calendar) else ASKED
        return self._see(post, says, state) if kept.show(self._tx, post.id, state, says) else 0

    def _see(self, post: Upcoming, says: str, state: str) -> int:
        # Under "silence" whatever goes out unless somebody says no.
        key = f"{post.key}:shown:{says}:{'word' if state == ASKED else 'silence'}"
        return self._preview(post, key, state)

    def _remind(self, post: Upcoming, was: Shown) -> int:
        """On the working day before a held post the project manager is asked once more, unless they held it then."""
        day = plan.working_days_before(post.planned.day, 1, self._calendar)
        if not day <= self._today < post.planned.day or (was.decided_on is not None and was.decided_on >= day):
            return 0
        key = f"{post.key}:held:{was.decided_on}"
        return self._preview(post, key, HELD) if occurrences.first_time(self._tx, key, self._now) else 0

    def _preview(self, post: Upcoming, key: str, state: str) -> int:
        """Notes that the project manager sees it, in one message with what else they are to see now."""
        if self._leader is not None:
            post = self._with_wins(post)
            dry_run = telling.post_dry_run(self._tx, post, self._playbooks)
            self._seen.append(Seen(key, post, state, dry_run))
        return 0

    def _show_to_leader(self) -> int:
        """Writes to the project manager what they are to see. What they hold is asked for alone, so that no word for
        several releases it."""
        if self._leader is None:
            return 0
        others = [one for one in self._seen if one.state != HELD]
        messages = [[one] for one in self._seen if one.state == HELD]
        messages += [others[n : n + IN_ONE] for n in range(0, len(others), IN_ONE)]
        for seen in messages:
            mark = self._tx.seal.mark("previews", *(one.key for one in seen))
            key = seen[0].key if len(seen) == 1 else f"milestone-previews:{self._initiative.id}:{mark}"
            telling.to_one(self._tx, key, self._leader, previews_card(seen, self._leader.words), self._now)
        return len(messages)

    def _with_wins(self, post: Upcoming) -> Upcoming:
        """The post with the wins that it may quote, where people get it: those that no other post has quoted."""
        if not post.planned.to_people:
            return post
        found = wins.unquoted(self._tx, self._initiative.id, post.key)
        return replace(post, subject=replace(post.subject, wins=tuple(found)))

    def _heads_up(self, post: Upcoming) -> int:
        day = post.planned.heads_up
        if day is None or not self._begins(day) or not kept.show(self._tx, post.agents, OUT, ""):
            return 0
        announcement = telling.for_agents(self._tx, post.subject, key_of(post.agents), heads_up, day)
        return telling.announce(self._tx, announcement, self._now)

    def _let_go(self, post: Upcoming, state: str) -> int:
        day = post.planned.day
        if not self._begins(day) or not kept.turn(self._tx, post.id, OUT, of=[state]):
            return 0
        post = self._with_wins(post)
        for win in quoted(post.subject):
            wins.quote(self._tx, win.id, post.key)
        if post.planned.to_people:
            telling.announce(self._tx, telling.for_people(post.subject, post.key, post.written, day), self._now)
        telling.to_channels(self._tx, post.subject, post.key, post.written, day, self._now)
        return 1

    def _begins(self, day: date) -> bool:
        """Whether the morning of this day has come, or comes so soon that somebody on earth may have it."""
        return datetime.combine(day, telling.IN_THE_MORNING, UTC) <= self._now + EARLIEST_ZONE

    def _ask(self, standing: Standing) -> int:
        """Asks the owner how it stands; where the directory does not know them, the project manager."""
        owner = telling.reader(self._tx, standing.milestone.owner, self._playbooks) or self._leader
        if owner is None:
            return 0
        here = self._now.astimezone(ZoneInfo(owner.calendar.zone))
        asked = plan.question(standing, owner.calendar, here.date())
        key = f"milestone-ask:{self._initiative.id}:{standing.id}:{standing.on}"
        if asked is None or here < owner.calendar.begin_of(here.date()):
            return 0
        if not occurrences.first_time(self._tx, f"{key}:{asked.number}", self._now):
            return 0
        subject = Subject(self._initiative, standing, self._playbooks.organisation, self._name)
        card = question_card(subject, owner.words, asked)
        telling.to_one(self._tx, f"{key}:{asked.number}", owner, card, self._now)
        leader = self._leader
        if asked.tell_leader and leader is not None and leader.person.key != owner.person.key:
            silence = silence_card(subject, leader.words, asked)
            telling.to_one(self._tx, f"{key}:{asked.number}:leader", leader, silence, self._now)
        return 1
