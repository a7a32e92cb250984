"""You said, we did: how a case was decided is told to everybody concerned, in words that the project manager approved.

What is proposed names nobody and quotes nobody; of what was said in confidence it says only where and how it ended.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cases import accountable
from bot.cases.deciding import DATED
from bot.cases.standing import Subject, unit_name
from bot.cases.steps import Posts, Step, say_answering, taken
from bot.cases.words import begun, decision_name, plainly
from bot.delivery import announcing
from bot.messages import Card, Choice, escape
from bot.milestones import telling
from bot.milestones.words import short
from bot.playbook.access import Viewer, affected_unit, roles
from bot.playbook.model import Initiative, Organisation, Playbooks
from bot.store import Session, announcements, case_history, case_news, deliveries, people
from bot.store.announcements import Announcement, Audience, Wording
from bot.store.case_news import ASKED, BACK, PUBLISHED, TAKEN_BACK, News
from bot.store.cases import Case
from bot.words import LANGUAGES, Words

KIND = "digests"
NEWEST = 5


def proposed(about: Subject, words: Words) -> tuple[str, str]:
    """What is proposed to be told: what was said, and what is done about it. No word of whoever raised it is in it; in
    confidence none of the reason either, since that may answer what only one person said."""
    case = about.case
    unit = about.unit(words) or about.project(words)
    at_stake = "" if case.confidential or case.at_stake not in _objectives(about) else case.at_stake
    what = ("request" if case.kind == "request" else "concern") + ("-about" if at_stake else "")
    you = words(f"case.news-you-{what}", unit=unit, about=at_stake)
    # What is done says "yes" by itself.
    decision = "" if case.decision in DATED else decision_name(case.decision, words)
    reason = "" if case.confidential else case.answer.strip()
    promised = words("case.promised", date=words.day(case.promised_for)) if case.promised_for else ""
    return you, " ".join(part for part in (f"{begun(decision)}." if decision else "", reason, promised) if part)


def _objectives(about: Subject) -> set[str]:
    """What stands in the playbook for everybody: only that can be named without quoting anybody."""
    units = about.initiative.written.units if about.initiative else ()
    return {objective for unit in units if unit.id == about.case.unit for objective in unit.objectives}


def drafted(step: Step, case: Case, you_said: str, we_did: str, units: tuple[str, ...]) -> Posts:
    """Puts the words before the project manager, or tells them at once where the project manager wrote them. None where
    it is told already, or is not decided."""
    initiative = step.playbooks.initiatives.get(case.initiative)
    if initiative is None or case.state not in ("answered", "resolved"):
        return None
    news = case_news.draft(step.tx, case.id, case.initiative, units, you_said, we_did, step.actor)
    if news is None:
        return None
    if approves(step.playbooks, case, step.address()):
        return approved(step, case, news.version)
    leader = telling.leader(step.tx, initiative, step.playbooks)
    return () if leader is None else _ask(step, case, news, leader.person.email)


def _ask(step: Step, case: Case, news: News, address: str) -> Posts:
    name, organisation = step.name(), step.playbooks.organisation
    return say_answering(
        step,
        case,
        lambda words: approval_card(case, news, words, name, organisation),
        (address,),
        f"news-{news.version}",
    )


def approves(playbooks: Playbooks, case: Case, address: str) -> bool:
    """Whether whoever has this address approves what is told: the project manager, and the sponsor."""
    initiative = playbooks.initiatives.get(case.initiative)
    if initiative is None or not address:
        return False
    return address in (accountable.manager(initiative), initiative.written.sponsor)


def approved(step: Step, case: Case, version: int) -> Posts:
    """It is told now. None where it is told already, or its words are others by now."""
    also = {"published_at": step.now}
    if not case_news.turn(step.tx, case.id, PUBLISHED, of=ASKED, version=version, **also):
        return None
    news, initiative = case_news.of_case(step.tx, case.id), step.playbooks.initiatives.get(case.initiative)
    if news is None or initiative is None:
        return None
    announcements.add(step.tx, _announcement(case, news, initiative, step.playbooks.organisation, step.now), step.now)
    case_history.step(
        step.tx, case.id, "published", actor=step.actor, now=step.now, of=("answered", "resolved", "reopened")
    )
    taken(step, case, "published")
    return ()


def sent_back(step: Step, case: Case, version: int) -> Posts:
    """It is not told; whoever wrote it hears that. None where it is told already, or its words are others by now."""
    if not case_news.turn(step.tx, case.id, BACK, of=ASKED, version=version):
        return None
    news = case_news.of_case(step.tx, case.id)
    author = people.person(step.tx, news.drafted_by) if news and news.drafted_by else None
    if author is None:
        return ()
    name = step.name()

    def say(words: Words) -> Card:
        again = Choice(words("case.publish-button"), f"case publish {case.number}")
        body = words("case.news-back", name=escape(name), case=begun(plainly(case, words)))
        return Card(body=body, choices=(again,), locale=words.language)

    return say_answering(step, case, say, (author.email,), f"back-{version}")


def taken_back(step: Step, case: Case) -> Posts:
    """Nobody else is told, and what was sent is deleted where that is possible. None where it is not told."""
    news = case_news.of_case(step.tx, case.id)
    if news is None or not case_news.turn(step.tx, case.id, TAKEN_BACK, of=PUBLISHED, version=news.version):
        return None
    announcing.cancel(step.tx, _key(case, news), step.now)
    deliveries.recall(step.tx, "what was told of a decision was taken back", step.now, batch=_key(case, news))
    return ()


def _key(case: Case, news: News) -> str:
    return f"case-news:{case.number}:{news.version}"


def _announcement(
    case: Case, news: News, initiative: Initiative, organisation: Organisation, now: datetime
) -> Announcement:
    own = organisation.policy.word_for
    cards = tuple(Wording(one, news_card(news, initiative, Words(one, own=own))) for one in LANGUAGES)
    audience = Audience(units=news.units) if news.units else Audience()
    return Announcement(_key(case, news), KIND, initiative.id, audience, cards, due_at=now)


def news_card(news: News, initiative: Initiative, words: Words) -> Card:
    """What everybody reads."""
    project = initiative.text(words.locale).name.partition(":")[0].strip()
    decided = Choice(words("case.news-more"), f"decided {initiative.id}")
    return Card(
        title=words("case.news-title", project=project),
        body=_text(news, words),
        choices=(decided,),
        locale=words.language,
    )


def _text(news: News, words: Words) -> str:
    you = words("case.news-you", text=escape(news.you_said))
    we = words("case.news-we", text=escape(news.we_did))
    return f"{you}\n\n{we}"


def approval_card(case: Case, news: News, words: Words, name: str, organisation: Organisation) -> Card:
    """To the project manager: what would be told, and to whom."""
    units = words.all_of([unit_name(organisation, one, words) for one in news.units])
    number, version = case.number, news.version
    return Card(
        title=words("case.news-approve-title", number=number),
        body=f"{words('case.news-approve', name=escape(name))}\n\n{_text(news, words)}",
        facts=((words("case.news-to"), units or words("case.news-everybody")),),
        choices=(
            Choice(words("case.news-approve-button"), f"case approve {number} {version}", style="primary"),
            Choice(words("case.news-change-button"), f"case publish {number}"),
            Choice(words("case.news-keep-button"), f"case keep {number} {version}"),
        ),
        locale=words.language,
    )


def lines(tx: Session, viewer: Viewer, initiative: Initiative, playbooks: Playbooks, words: Words) -> tuple[str, ...]:
    """What was told in an initiative and meant for this reader, as lines of its decisions, the newest first."""
    found = case_news.published(tx, initiative.id, NEWEST)
    units = playbooks.organisation.units
    mine = affected_unit(viewer, initiative, units)
    leads = roles(viewer, initiative) & {"sponsor", "project-manager"}
    shown = [one for one in found if not one.units or leads or mine in one.units]
    return tuple(_line(one, words) for one in shown if not viewer.outsider and not viewer.crowd)


def _line(news: News, words: Words) -> str:
    day = news.published_at.astimezone(ZoneInfo(words.zone)).date() if news.published_at else None
    said = words("case.news-line", you=escape(short(news.you_said)), we=escape(short(news.we_did)))
    return f"{words.day(day)}: {said}" if day else said
