"""Telling the results of a closed round: to whoever leads the project, to change agents, to everybody who was asked;
and following what is done about them. It acts in the transaction it is given and leaves the posts to its caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery.announcing import PEOPLE
from bot.delivery.moment import right_moment
from bot.messages import Card, Post
from bot.milestones import telling
from bot.milestones.telling import Reader
from bot.people.audience import viewer_of
from bot.playbook.model import Playbooks
from bot.pulse import action_words, actions
from bot.pulse.action_words import told_card
from bot.pulse.report import Report, report, scopes_for, spoken_of
from bot.pulse.result_words import card, few_card
from bot.pulse.results import Outcome, tallied
from bot.pulse.rounds import audience_of
from bot.pulse.rules import weak_points
from bot.store import Session, announcements, participation, people, results, surveys
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.participation import NEVER, people_by_key
from bot.store.results import NAMED, OPEN, Action, Closed
from bot.store.surveys import CLOSED, DESTROYED, Round
from bot.words import LANGUAGES, Words

KIND = "surveys"
MOST_BY_NAME = 3_000
"""Of a part of an audience larger than this the whole audience is told; a longer list would be slow to go through."""


def closed(tx: Session, playbooks: Playbooks, round: Round, now: datetime) -> tuple[Post, ...]:
    """What is told at once of a round that was just closed or destroyed. What may ever be shown of it is fixed in this
    transaction; called again it does nothing."""
    snapshot = surveys.snapshot(tx, round.id)
    if round.state not in (CLOSED, DESTROYED) or snapshot is None:
        return ()
    units, today = playbooks.organisation.units, now.astimezone(ZoneInfo(round.zone)).date()
    asked = results.asked_by_unit(tx, round.id)
    given, commented = results.given(tx, round.id), results.commented(tx, round.id)
    tallies = tallied(snapshot.template, given, commented, units, round.minimum)
    before = next((one.id for one in _before(tx, round)), 0)
    if not results.keep(tx, Closed(round.id, today, before, asked, told=False), tallies):
        return ()
    outcome = Outcome(snapshot.template, tallies, asked, round.asked, units)
    if outcome.everybody:
        found = [
            Action("", round.id, n, weak.cell.question.id, weak.cell.scope.key, weak.proposal)
            for n, weak in enumerate(weak_points(outcome, snapshot.rules))
        ]
        results.propose(tx, found or [Action("", round.id, 0, "", outcome.everybody.key)])
    shown = report(tx, playbooks, round)
    return tuple(_at_once(tx, playbooks, shown, now)) if shown else ()


def _before(tx: Session, round: Round) -> Iterator[Round]:
    for one in surveys.closed(tx, round.initiative):
        same = (one.template, one.audience, one.named) == (round.template, round.audience, round.named)
        if one.id < round.id and same and one.state == CLOSED:
            yield one


def _at_once(tx: Session, playbooks: Playbooks, shown: Report, now: datetime) -> Iterator[Post]:
    """To project manager and sponsor, and to change agents for their units."""
    written = shown.initiative.written
    agents = [address for those in written.change_agents.values() for address in those]
    leading = (written.project_manager, written.sponsor)
    for address in dict.fromkeys((*leading, *agents)):
        reader = telling.reader(tx, address, playbooks)
        if reader is None:
            continue
        leads = address in leading
        if shown.destroyed:
            made = few_card(shown, reader.words, leads=True)
            yield from [_post(f"survey-results:{shown.round.id}", reader, made, now)] if leads else []
        elif scopes := scopes_for(viewer_of(reader.person), shown):
            made = card(shown, scopes, reader.words, leads=leads)
            yield _post(f"survey-results:{shown.round.id}", reader, made, now)


def _post(key: str, reader: Reader, card: Card, now: datetime) -> Post:
    moment = right_moment(now, reader.calendar)
    return Post(key=f"{key}:{reader.person.key}", card=card, person=reader.person.key, not_before=moment)


def due(tx: Session, playbooks: Playbooks, now: datetime) -> tuple[Post, ...]:
    """What is due of closed rounds: those asked are told what came out and what will be done; whoever leads is reminded
    that nothing was said; whoever promised something is asked how it stands."""
    for one in results.untold(tx):
        _tell(tx, playbooks, one, now)
    found: dict[int, list[Action]] = {}
    for action in results.unfinished(tx):
        found.setdefault(action.round, []).append(action)
    return tuple(post for id, some in found.items() for post in _followed(tx, playbooks, id, some, now))


def _tell(tx: Session, playbooks: Playbooks, one: Closed, now: datetime) -> None:
    round = surveys.round(tx, one.round)
    initiative = playbooks.initiatives.get(round.initiative) if round else None
    if round is None or initiative is None:
        return
    leader = telling.leader(tx, initiative, playbooks)
    calendar = telling.project_calendar(leader, initiative, playbooks)
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    if not actions.are_told(results.actions(tx, one.round), one.closed_on, today, calendar):
        return
    shown = report(tx, playbooks, round)
    if shown is None or not results.tell(tx, one.round):
        return
    name = _name(leader) or initiative.written.project_manager
    spoken = spoken_of(tx, shown)
    announce(tx, shown, f"survey-told:{round.id}", lambda words: told_card(shown, spoken, words, name), now)


def _followed(tx: Session, playbooks: Playbooks, id: int, some: list[Action], now: datetime) -> Iterator[Post]:
    round, kept = surveys.round(tx, id), results.closed(tx, id)
    initiative = playbooks.initiatives.get(round.initiative) if round else None
    leader = telling.leader(tx, initiative, playbooks) if initiative else None
    if round is None or kept is None or leader is None:
        return
    today = now.astimezone(ZoneInfo(leader.calendar.zone)).date()
    late = [one for one in some if actions.is_reminded(one, kept.closed_on, today, leader.calendar)]
    asked = [one for one in some if actions.is_asked(one, today, leader.calendar)]
    shown = report(tx, playbooks, round) if late or asked else None
    if shown is None:
        return
    if [one for one in late if results.asked(tx, one, today)]:
        key = f"survey-late:{id}:{today}"
        yield _post(key, leader, action_words.reminder(shown, leader.words), now)
    for one in asked:
        whom = _promised_by(tx, playbooks, one) or leader
        if results.asked(tx, one, today):
            yield _post(f"survey-how:{one.id}:{today}", whom, action_words.how_card(shown, one, whom.words), now)


def _promised_by(tx: Session, playbooks: Playbooks, action: Action) -> Reader | None:
    person = people.person(tx, action.named_by) if action.named_by else None
    return telling.reader(tx, person.email, playbooks) if person and person.email else None


def name(tx: Session, playbooks: Playbooks, shown: Report) -> str:
    """Who answers for it, by name."""
    return _name(telling.leader(tx, shown.initiative, playbooks)) or shown.initiative.written.project_manager


def _name(leader: Reader | None) -> str:
    return (leader.person.name or leader.person.email) if leader else ""


def became(
    tx: Session, playbooks: Playbooks, shown: Report, action: Action, now: datetime, *, moved: bool = False
) -> None:
    """Tells those who were asked what has become of something, once they were told of it at all."""
    if not shown.closed.told or action.state == OPEN:
        return
    leader, state = name(tx, playbooks, shown), f"{action.state}:{action.until or ''}"
    made: Callable[[Words], Card] = lambda words: action_words.news_card(shown, action, words, leader, moved=moved)  # noqa: E731
    announce(tx, shown, f"survey-action:{action.id}:{state if action.state == NAMED else action.state}", made, now)


def announce(tx: Session, shown: Report, key: str, made: Callable[[Words], Card], now: datetime) -> None:
    """Writes to everybody who was asked in this round, in their language and at their moment."""
    if not telling.is_told(shown.initiative):
        return
    own = shown.organisation.policy.word_for
    wordings = tuple(Wording(language, made(Words(language, own=own))) for language in LANGUAGES)
    audience = _asked(tx, shown.round)
    announcements.add(tx, Announcement(key, KIND, shown.initiative.id, audience, wordings, due_at=now), now)


def _asked(tx: Session, round: Round) -> Audience:
    """Everybody who was asked, wherever they are now, but for those who want no survey of this kind any more."""
    there = participation.asked(tx, round.id)
    wanted = {one.person for one in there if one.state != NEVER}
    if len(there) > MOST_BY_NAME:
        refused = people_by_key(tx, [one.person for one in there if one.person not in wanted])
        without = tuple(one.email for one in refused.values() if one.email)
        return replace(audience_of(round.audience), to=PEOPLE, without=without)
    found = people_by_key(tx, wanted).values()
    return Audience("", people=tuple(sorted(one.email for one in found if one.email)))
