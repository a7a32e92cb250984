"""The card of a case for those who answer for it, each in their own language, and keeping it up to date.

Whoever holds a card can press it at any time; whether they may is checked where it is heard.
"""

from __future__ import annotations

from datetime import datetime

from bot.cases import accountable, counting
from bot.cases.standing import Subject, subject
from bot.cases.words import behind, by_when, how_bad, kind_of, others, stands
from bot.messages import Card, Choice, Post, escape, quoted
from bot.milestones import telling
from bot.milestones.telling import Reader
from bot.playbook.model import Playbooks
from bot.requests.words import weighed
from bot.store import Session, deliveries
from bot.store.cases import OPEN, Case
from bot.store.people import PersonRecord
from bot.words import Words


def owner_card(tx: Session, playbooks: Playbooks, case: Case, whom: Reader) -> Card:
    """The card of a case as it stands now, for somebody who answers for it."""
    return answering_card(subject(tx, playbooks, case, counting.unnamed(tx, case)), whom.words, whom.person)


def card_key(case: Case, person: str) -> str:
    """The key of the post with which somebody who answers for the case was shown it first."""
    return f"case:{case.number}:card:{person}"


def card_posts(tx: Session, playbooks: Playbooks, case: Case) -> tuple[Post, ...]:
    """The card for everybody who answers for the case and is there; whoever was shown it before is not again."""
    about = subject(tx, playbooks, case, counting.unnamed(tx, case))
    return tuple(
        Post(card_key(case, whom.person.key), answering_card(about, whom.words, whom.person), person=whom.person.key)
        for whom in _whoever_answers(tx, playbooks, case)
    )


def refresh(tx: Session, playbooks: Playbooks, case: Case, now: datetime) -> frozenset[str]:
    """The cards of those who answer say from now on how the case stands now; the addresses of those who have one."""
    about = subject(tx, playbooks, case, counting.unnamed(tx, case))
    return frozenset(
        whom.person.email
        for whom in _whoever_answers(tx, playbooks, case)
        if deliveries.edit(tx, card_key(case, whom.person.key), answering_card(about, whom.words, whom.person), now)
    )


def _whoever_answers(tx: Session, playbooks: Playbooks, case: Case) -> list[Reader]:
    found = (telling.reader(tx, one, playbooks) for one in accountable.readers_of(tx, playbooks, case))
    return [one for one in found if one]


def answering_card(about: Subject, words: Words, whom: PersonRecord, whole: bool = False) -> Card:
    """What somebody who answers for a case needs: whose worry in which words, what it is about, by when, what has been
    done, and the buttons. With `whole` every button there is."""
    case, about = about.case, about.as_read_by(whom.email)
    title = words(f"case.title-{kind_of(case)}", number=case.number, project=about.project(words))
    first = by_when(about, words)
    parts = (
        f"**{first}**" if first else stands(about, words),
        who(about, words),
        quoted(case.text),
        _came_back(about, words),
        others(about, words, whom.email),
        about.better(words, whom) if case.state in OPEN else "",
    )
    return Card(
        title=title,
        body="\n\n".join(part for part in parts if part),
        facts=facts(about, words),
        choices=_choices(about, words, whole),
        locale=words.language,
    )


def _came_back(about: Subject, words: Words) -> str:
    """Why it is open again."""
    said = next((one.text for one in reversed(about.history) if one.what == "reopened"), "")
    return f"{words('case.not-solved-said')}\n\n{quoted(said)}" if said and about.case.state == "reopened" else ""


def who(about: Subject, words: Words) -> str:
    """Whose worry it is: the author's name, or that they told it in confidence, or that nobody knows any more."""
    case, kind = about.case, kind_of(about.case)
    unit = about.unit(words)
    behind_it = f" ({escape(unit)})" if unit else ""
    if about.author is not None:
        name = escape(about.author.name) or words("name.somebody")
        key = "colleague" if case.for_colleague else kind
        return words(f"case.from-{key}", name=name, unit=behind_it)
    if about.nameless:
        return words("queue.name-not-shown")
    how = ("confidence" if case.confidential else "nobody") + ("-in" if unit else "")
    return words(f"case.from-{how}", unit=escape(unit))


def facts(about: Subject, words: Words) -> tuple[tuple[str, str], ...]:
    """What the author said besides, and what is known of it; plain text, which the platforms escape themselves."""
    case = about.case
    given = (
        (words("case.at-stake"), case.at_stake),
        (words("case.would-work"), case.would_work),
        (words("case.affects"), case.affects),
        (words("case.how-bad"), how_bad(case, words) if case.kind == "concern" else ""),
        *(weighed(words, about.organisation, about.request) if about.request else ()),
        (words("case.not-for"), words.all_of(list(about.not_for))),
        (words("case.behind"), behind(about, words)),
        (words("case.cause"), case.cause),
    )
    return tuple((label, value) for label, value in given if value)


def _choices(about: Subject, words: Words, whole: bool) -> tuple[Choice, ...]:
    case = about.case
    number = case.number
    wholly = () if whole else (Choice(words("case.whole-button"), f"case {number}"),)
    if case.merged_into:
        apart = (Choice(words("case.split-button"), f"case split {number}"),) if whole else ()
        return (*wholly, *apart)
    if case.state in OPEN:
        return (*_open_choices(case, words), *(_more_choices(about, words) if whole else ()), *wholly)
    if case.state in ("answered", "resolved") and case.kind != "question":
        publish = Choice(words("case.publish-button"), f"case publish {number}")
        revise = Choice(words("case.revise-button"), f"case revise {number}")
        return (publish, *((revise,) if whole and case.decision else ()), *wholly)
    return wholly


def _open_choices(case: Case, words: Words) -> tuple[Choice, ...]:
    if case.kind == "question":
        return (Choice(words("case.answer-button"), f"answer {case.number}", style="primary"),)
    fresh = case.state in ("new", "reopened")
    take = (Choice(words("case.take-button"), f"case acknowledge {case.number}", style="primary"),) if fresh else ()
    other = (Choice(words("case.offer-button"), f"case offer {case.number}"),) if case.kind == "request" else ()
    return (
        *take,
        Choice(words("case.decide-button"), f"case decide {case.number}", style="" if fresh else "primary"),
        *other,
        Choice(words("case.ask-button"), f"case ask {case.number}"),
        Choice(words("case.workshop-button"), f"case workshop {case.number}"),
    )


def _more_choices(about: Subject, words: Words) -> tuple[Choice, ...]:
    number = about.case.number
    split = tuple(
        Choice(words("case.split-one-button", number=one.number), f"case split {one.number}") for one in about.merged
    )
    answer = (Choice(words("case.answer-button"), f"answer {number}"),) if about.case.kind != "question" else ()
    return (
        *answer,
        Choice(words("case.assign-button"), f"case assign {number}"),
        Choice(words("case.merge-button"), f"case merge {number}"),
        Choice(words("case.cause-button"), f"case cause {number}"),
        *split,
        *(_about_words(about, words) if about.case.confidential else ()),
    )


def _about_words(about: Subject, words: Words) -> tuple[Choice, ...]:
    number = about.case.number
    hide = () if about.hidden else (Choice(words("confidence.hide-button"), f"hide-words {number}"),)
    close = () if about.closed else (Choice(words("confidence.close-button"), f"close-mailbox {number}"),)
    return (*hide, *close)
