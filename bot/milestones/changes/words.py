"""What is said of a change: to who had asked, to everybody, to the project manager, and in the decision log. Pure.

What was decided is shown as it is written in the file: a sentence of the scope stays in the file's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.delivery.announcing import Preview
from bot.learning.counting import people
from bot.learning.facts import GOALS, LEADER, SPONSOR
from bot.messages import Ask, Card, Choice, escape
from bot.milestones.changes.facts import SCOPE, milestone_of, target_of
from bot.milestones.words import Subject, moved, paragraphs, reach_facts
from bot.playbook.model import Initiative, Organisation
from bot.store.announcements import Wording
from bot.store.changes import SENT, Change
from bot.store.milestones import Slip
from bot.words import LANGUAGES, Words

LONGEST_REASON = 1000
MOST_LOGGED = 5
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class About:
    """What the texts of a change need: the initiative, the organisation, the name of whoever has an address, and the
    milestone where its date changed and it is still planned."""

    initiative: Initiative
    organisation: Organisation
    name: Callable[[str], str]
    subject: Subject | None = None

    def project(self, words: Words) -> str:
        """The initiative's name as people say it."""
        return self.initiative.text(words.locale).name.partition(":")[0].strip()


def told_card(change: Change, about: About, words: Words, asked: bool = False) -> Card:
    """That something has changed, with the old state and the reason; `asked`: for somebody who had asked about it."""
    card = _date_card(change, about, words) or _fact_card(change, about, words)
    return replace(card, body=paragraphs(words("change.had-asked"), card.body)) if asked else card


def _date_card(change: Change, about: About, words: Words) -> Card | None:
    if about.subject is None or not change.after:
        return None
    days = date.fromisoformat(change.before), date.fromisoformat(change.after)
    slip = Slip(change.id, change.initiative, about.subject.standing.id, *days, change.reason, change.state)
    return moved(slip)(about.subject, words, "")


def _fact_card(change: Change, about: About, words: Words) -> Card:
    what = _what(change, about, words)
    now, before = _differing(change)
    body = paragraphs(
        words("change.now", text=_text(change.fact, now, about, words)),
        words("change.before", text=_text(change.fact, before, about, words)),
        escape(change.reason),
    )
    return Card(
        title=words("change.title", project=about.project(words), what=what),
        body=body,
        source=words("source.team", name=about.name(about.initiative.written.project_manager)),
        choices=(Choice(words("decided.button"), f"decided {about.initiative.id}"),),
        locale=words.language,
    )


def _what(change: Change, about: About, words: Words) -> str:
    """What has changed, in a few words."""
    text = about.initiative.text(words.locale)
    if milestone := milestone_of(change.fact):
        named = next((one.name for one in text.milestones if one.id == milestone), "")
        return named or milestone.replace("-", " ")
    if target := target_of(change.fact):
        named = next((one.name for one in text.kpis if one.id == target), "")
        return named or target.replace("-", " ")
    key = {
        SCOPE: "change.scope",
        GOALS: "change.goals",
        SPONSOR: "change.sponsor",
        LEADER: "change.leader",
    }[change.fact]
    return words(key)


def _differing(change: Change) -> tuple[str, str]:
    """What is new and what is gone; of the scope only the lines that differ."""
    if change.fact != SCOPE:
        return change.after, change.before
    after, before = change.after.split("\n"), change.before.split("\n")
    new, gone = [one for one in after if one not in before], [one for one in before if one not in after]
    return "\n".join(new), "\n".join(gone)


def _text(fact: str, value: str, about: About, words: Words) -> str:
    if not value:
        return words("changed.nothing")
    if fact in (SPONSOR, LEADER):
        return about.name(value)
    if fact == GOALS:
        translated = about.organisation.translated_goals.get(words.language, {})
        goals = [translated.get(id) or about.organisation.goals.get(id) for id in value.split("\n")]
        return words.all_of([goal.name for goal in goals if goal])
    return _ISO_DATE.sub(lambda found: words.day(date.fromisoformat(found.group())), " · ".join(value.split("\n")))


def wordings(card: Callable[[Words], Card], organisation: Organisation) -> tuple[Wording, ...]:
    """A card in every language that the bot speaks."""
    own = organisation.policy.word_for
    return tuple(Wording(words.language, card(words)) for words in (Words(one, own=own) for one in LANGUAGES))


def release_card(change: Change, about: About, words: Words, dry_run: Preview | None, askers: int) -> Card:
    """The change as a finished message, for the project manager to release; without a dry run it goes only to those
    who had asked."""
    shown = told_card(change, about, words)
    reach = reach_facts(words, dry_run, to_people=True) if dry_run else ()
    asked = ((words("change.asked"), people(words, askers)),) if askers else ()
    lead = words("change.release-wide" if dry_run else "change.release-asked")
    return Card(
        title=words("change.release-title", project=about.project(words)),
        body=paragraphs(lead, f"**{shown.title}**", shown.body, f"_{words('change.reason-missing')}_"),
        facts=(*asked, *reach),
        choices=(
            Choice(words("release.send"), f"release tell {change.id}", style="primary"),
            Choice(words("release.drop"), f"release keep {change.id}"),
        ),
        locale=words.language,
    )


def reason_form(change: Change, about: About, words: Words) -> Card:
    """Asks for the reason, which everybody who is told reads; handing it in sends the message."""
    shown = told_card(change, about, words)
    return Card(
        title=words("change.release-title", project=about.project(words)),
        body=paragraphs(f"**{shown.title}**", shown.body),
        asks=(Ask("reason", words("milestone.slip-reason"), longest=LONGEST_REASON, hint=words("change.reason-hint")),),
        submits=f"release tell {change.id}",
        submit_label=words("release.send"),
        locale=words.language,
    )


def logged(changes: Iterable[Change], about: About, words: Words) -> tuple[str, ...]:
    """The newest changes as lines of the decision log: what, on which day it was noticed, new and old, and why."""
    found = []
    for change in list(changes)[:MOST_LOGGED]:
        now, before = _differing(change)
        what = _what(change, about, words)
        fields = {
            "what": what[:1].upper() + what[1:],
            "date": words.day(change.at.astimezone(ZoneInfo(words.zone)).date()),
            "now": _text(change.fact, now, about, words),
            "before": _text(change.fact, before, about, words),
        }
        reason = escape(change.reason) if change.state == SENT else ""
        found.append(" ".join(part for part in (words("change.logged", **fields), reason) if part))
    return tuple(found)
