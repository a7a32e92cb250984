"""What the project manager sees before anything goes out: a planned post with whom it reaches, or a new date. Pure.

A text of the project manager's own stands for the milestone's sentence in one language: date and units stay as planned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.delivery.announcing import Preview
from bot.messages import Ask, Card, Choice
from bot.milestones.plan import AFTER_WEEK, AGENTS, WEEK, Planned
from bot.milestones.standing import said
from bot.milestones.words import (
    Subject,
    Written,
    brief_news,
    moved,
    news,
    paragraphs,
    reach_facts,
    read_as,
    units_concerned,
    wordings,
)
from bot.playbook.model import Initiative
from bot.store.milestones import ASKED, AT_RISK, HELD, OUT, Edited, PostId, Shown, Slip
from bot.words import LANGUAGES, Words

LONGEST_TEXT = 3000


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A planned post with what it is about, and the project manager's own texts by language. `agents` is under which
    id the heads-up is noted; `brief`: what it means in each unit was told a week before."""

    subject: Subject
    planned: Planned
    id: PostId
    agents: PostId
    edited: Mapping[str, Edited]
    brief: bool = False

    @property
    def written(self) -> Written:
        """What it says."""
        return brief_news if self.brief else news

    @property
    def key(self) -> str:
        """Under which key it is announced."""
        return key_of(self.id)

    @property
    def ref(self) -> str:
        """How a button names it."""
        return f"{self.subject.ref} {self.id.date} {self.id.stage}"

    def with_texts(self, edited: Mapping[str, Edited]) -> Upcoming:
        """The same with these own texts."""
        own = {locale: one.text for locale, one in edited.items()}
        return replace(self, subject=replace(self.subject, own=own), edited=edited)

    def planned_text(self, locale: str) -> str:
        """What the playbook says in this language."""
        return said(self.subject.initiative, self.subject.standing.milestone, locale)[1].say.strip()


def upcoming(subject: Subject, planned: Planned, shown: Mapping[PostId, Shown]) -> Upcoming:
    """A planned post of a milestone, with what was noted of its posts."""
    id = PostId(subject.initiative.id, subject.standing.id, subject.standing.on, planned.stage)
    week = shown.get(replace(id, stage=WEEK))
    brief = planned.stage in AFTER_WEEK and week is not None and week.state == OUT
    post = Upcoming(subject, planned, id, replace(id, stage=AGENTS), {}, brief)
    return post.with_texts(shown[id].edited) if id in shown else post


def key_of(id: PostId) -> str:
    """Under which key a post is announced: one for each date and stage, so that nobody is told twice."""
    return f"milestone:{id.initiative}:{id.milestone}:{id.date}:{id.stage}"


def version(post: Upcoming) -> str:
    """A fingerprint of what a post says, and on which day; where own texts stand, of what they stand for too."""
    text = "".join(f"{w.locale}{w.unit}{w.card.to_json()}" for w in wordings(post.subject, post.written))
    planned = "".join(post.planned_text(locale) for locale in sorted(post.edited))
    return hashlib.sha256(f"{post.planned.day}{text}{planned}".encode()).hexdigest()[:16]


def preview_card(post: Upcoming, words: Words, dry_run: Preview, state: str) -> Card:
    """What the project manager sees of a planned post in this state, with whom it reaches."""
    subject, planned = post.subject, post.planned
    lead = {ASKED: "milestone.preview-late", HELD: "milestone.preview-held"}.get(state, "milestone.preview-lead")
    agents = words("milestone.preview-agents", date=words.weekday(planned.heads_up)) if planned.heads_up else ""
    shown = post.written(subject, words, "")
    body = paragraphs(
        words(lead, date=words.weekday(planned.day)),
        agents,
        f"**{shown.title}**",
        shown.body,
        *for_units(post, words),
        *own_texts(post, words),
    )
    return Card(
        title=words("milestone.preview-title", project=subject.project(words), name=subject.title(words)),
        body=body,
        facts=(*reach_facts(words, dry_run, planned.to_people), *risk(subject, words)),
        choices=_choices(post, words, state),
        locale=words.language,
    )


def for_units(post: Upcoming, words: Words) -> list[str]:
    """What it means in each unit concerned, said once for those for which the same is written."""
    subject, found = post.subject, dict[str, list[str]]()
    for one in () if post.brief else units_concerned(subject, subject.initiative.text(words.locale), ""):
        if one.changes:
            found.setdefault(one.changes, []).append(subject.unit_name(one.id, words))
    return [words("milestone.for-unit", unit=words.all_of(names), text=text) for text, names in found.items()]


def own_texts(post: Upcoming, words: Words) -> list[str]:
    """What is said of own texts: for whom they are, what they say where the reader does not see it above, and what the
    file says by now where that is no longer what they were written for."""
    if not post.edited:
        return []
    found = [words("milestone.own-text")]
    others = [language(one, words) for one in languages_of(post.subject.initiative) if one not in post.edited]
    found += [words("milestone.own-text-others", languages=words.all_of(others))] if others else []
    shown = read_as(post.subject.initiative, words.locale)
    for locale, one in sorted(post.edited.items()):
        if locale != shown:
            found.append(f"**{language(locale, words)}**: {one.text}")
        if post.planned_text(locale) != one.instead:
            fields = {"language": language(locale, words), "text": post.planned_text(locale)}
            found.append(words("milestone.own-text-old", **fields))
    return found


def _choices(post: Upcoming, words: Words, state: str) -> tuple[Choice, ...]:
    label = "milestone.after-all-button" if state == HELD else "milestone.as-planned-button"
    found = [Choice(words(label), f"milestone as-planned {post.ref}", style="primary")]
    found += [Choice(words("milestone.hold-button"), f"milestone hold {post.ref}")] if state != HELD else []
    original, *others = languages_of(post.subject.initiative)
    found.append(Choice(words("milestone.edit-button"), f"milestone edit {post.ref} {original}"))
    if post.edited:
        found += [
            Choice(words("milestone.edit-in-button", language=language(one, words)), f"milestone edit {post.ref} {one}")
            for one in others
        ]
        found.append(Choice(words("milestone.unedit-button"), f"milestone unedit {post.ref}"))
    return tuple(found)


def edit_form(post: Upcoming, words: Words, locale: str, ahead: bool) -> Card:
    """The form for an own text in this language. `ahead`: change agents were told before it was handed in."""
    original, *others = languages_of(post.subject.initiative)
    names = words.all_of([language(one, words) for one in others])
    who = "milestone.edit-who" if locale != original else "milestone.edit-who-all"
    body = paragraphs(
        words(who, language=language(locale, words)),
        words("milestone.edit-others", languages=names) if others and locale == original else "",
        words("milestone.edit-agents") if ahead else "",
    )
    own = post.edited.get(locale)
    value = own.text if own else post.planned_text(locale)
    return Card(
        title=post.subject.title(words),
        body=body,
        asks=(Ask("text", words("milestone.edit-text"), longest=LONGEST_TEXT, value=value),),
        submits=f"milestone edit {post.ref} {locale}",
        submit_label=words("milestone.save"),
        locale=words.language,
    )


def languages_of(initiative: Initiative) -> list[str]:
    """The languages in which an initiative is written, the original one first."""
    return list(dict.fromkeys((initiative.written.language, *sorted(initiative.translations))))


def language(locale: str, words: Words) -> str:
    """A language's name in itself; the code of one that the bot does not speak."""
    base = locale.partition("-")[0]
    return Words(base, own=words.own)("language.own-name") if base in LANGUAGES else locale


def release_card(subject: Subject, words: Words, slip: Slip, dry_run: Preview) -> Card:
    """A new date as a finished message, for the project manager to release."""
    shown = moved(slip)(subject, words, "")
    return Card(
        title=words("milestone.slip-title", project=subject.project(words), name=subject.title(words)),
        body=paragraphs(words("milestone.slip-lead"), f"**{shown.title}**", shown.body),
        facts=reach_facts(words, dry_run, to_people=True),
        choices=(
            Choice(words("milestone.slip-send"), f"milestone send {slip.id}", style="primary"),
            Choice(words("milestone.slip-drop"), f"milestone drop {slip.id}"),
        ),
        locale=words.language,
    )


def risk(subject: Subject, words: Words) -> tuple[tuple[str, str], ...]:
    """Why it is at risk, as a fact, if it is."""
    report = subject.standing.report
    return ((words("milestone.risk"), report.note),) if report.state == AT_RISK else ()
