"""What is said of wins: to a unit and to everybody, to whoever said it, decides about it, or is thanked. Pure.

What somebody wrote stays word by word; everything around it is in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from bot.delivery.announcing import Preview
from bot.messages import Card, Choice, escape, quoted
from bot.milestones.words import reach_facts, short, win_quoted
from bot.playbook.model import Initiative, Organisation
from bot.store.announcements import Wording
from bot.store.wins import Said, Win
from bot.words import LANGUAGES, Words

Because = Literal["yes", "no", "silence", "undecided"]
"""Why a win goes out that waited for whoever is thanked; undecided: its author said nothing to their words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A win with all that its texts need. `author` is a name; `thanked` too: '' where nobody is to be named."""

    win: Win
    initiative: Initiative
    organisation: Organisation
    author: str = ""
    thanked: str = ""

    def project(self, words: Words) -> str:
        """The initiative's name as people say it: what stands before a colon."""
        return self.initiative.text(words.locale).name.partition(":")[0].strip()

    def unit(self, words: Words) -> str:
        """The name of the unit it happened in."""
        return unit_name(self.win.unit, self.organisation, words)


def unit_name(unit: str, organisation: Organisation, words: Words) -> str:
    """A unit's name in the language of these words."""
    translated = organisation.translated_units.get(words.language, {}).get(unit)
    found = translated or organisation.units.get(unit)
    return (found.name if found else "") or unit


def wordings(subject: Subject) -> tuple[Wording, ...]:
    """The card for many, in every language that the bot speaks."""
    own = subject.organisation.policy.word_for
    return tuple(Wording(language, news(subject, Words(language, own=own))) for language in LANGUAGES)


def news(subject: Subject, words: Words) -> Card:
    """The win itself, as everybody reads it."""
    more = Choice(words("wins.button"), f"wins {subject.initiative.id}")
    return Card(
        title=words("win.title", project=subject.project(words), unit=subject.unit(words)),
        body=_text(subject, words),
        facts=_facts(subject.win.said, words),
        choices=(*_link(subject.win.said, words), more),
        source=words("win.source", name=subject.author) if subject.author else "",
        locale=words.language,
    )


def happened(win: Win, organisation: Organisation, words: Words) -> str:
    """One sentence that quotes it."""
    return win_quoted(words, unit_name(win.unit, organisation, words), win.said.what)


def _text(subject: Subject, words: Words) -> str:
    thanks = ""
    if subject.thanked:
        thanks = escape(subject.win.said.thanks) or words("win.thanks", name=escape(subject.thanked))
    return _paragraphs(quoted(subject.win.said.what), thanks)


def _facts(said: Said, words: Words) -> tuple[tuple[str, str], ...]:
    given = ((words("win.whom"), said.whom), (words("win.evidence"), said.evidence))
    return tuple((label, value) for label, value in given if value)


def _link(said: Said, words: Words) -> tuple[Choice, ...]:
    return (Choice(words("win.link"), url=said.link),) if said.link else ()


def _around(
    subject: Subject, words: Words, title: str, lead: str, choices: tuple[Choice, ...], after: str = ""
) -> Card:
    """A card to one person that shows the win."""
    return Card(
        title=title,
        body=_paragraphs(lead, _text(subject, words), after),
        facts=_facts(subject.win.said, words),
        choices=(*choices, *_link(subject.win.said, words)),
        locale=words.language,
    )


def told_card(win: Win, words: Words, lead: str) -> Card:
    """To its author, that it goes out in the unit now: `lead` says why now."""
    return Card(body=lead, choices=(everybody_choice(win, words), withdraw_choice(win, words)), locale=words.language)


def out_card(subject: Subject, words: Words, because: Because) -> Card:
    """To its author, that it goes out in the unit now that whoever is thanked has said yes or no, or nothing."""
    key = {
        "yes": "win.out-yes",
        "no": "win.out-no",
        "silence": "win.out-silence",
        "undecided": "win.out-undecided",
    }[because]
    lead = words(key, name=escape(subject.thanked) or words("name.somebody"), unit=subject.unit(words))
    return told_card(subject.win, words, lead)


def passed_on_card(subject: Subject, words: Words) -> Card:
    """To its author, who is not change agent there any more: others decide about it."""
    return about_card(subject, words, words("win.passed-on", unit=subject.unit(words)))


def not_live_card(win: Win, words: Words) -> Card:
    """To its author: the initiative is not under way any more."""
    body = _paragraphs(words("win.not-live"), words("win.you-said"), quoted(short(win.said.what)))
    return Card(body=body, locale=words.language)


def everybody_choice(win: Win, words: Words) -> Choice:
    """The button that asks for it to be told beyond the unit."""
    return Choice(words("win.everybody-button"), f"win everybody {win.id}")


def withdraw_choice(win: Win, words: Words) -> Choice:
    """The button that takes it back."""
    return Choice(words("win.withdraw-button"), f"win withdraw {win.id}", style="danger")


def without_choice(win: Win, words: Words) -> Choice:
    """The button that does not wait for whoever is thanked."""
    return Choice(words("win.without-button"), f"win without {win.id}")


def suggestion_card(subject: Subject, words: Words, who: str) -> Card:
    """To the change agents of the unit: somebody suggests it."""
    lead = words("win.suggestion-lead", name=escape(who) if who else words("name.somebody"), unit=subject.unit(words))
    choices = (
        Choice(words("win.take-button"), f"win take {subject.win.id}", style="primary"),
        Choice(words("win.decline-button"), f"win decline {subject.win.id}"),
    )
    return _around(subject, words, words("win.suggestion-title", project=subject.project(words)), lead, choices)


def thanks_card(subject: Subject, words: Words) -> Card:
    """To whoever is thanked, before anything goes out."""
    lead = words("win.thanks-lead", name=escape(subject.author), unit=subject.unit(words))
    until = subject.win.waits_until
    date = words.moment(until) if until else ""
    choices = (
        Choice(words("win.thanks-yes"), f"win thanks-yes {subject.win.id}", style="primary"),
        Choice(words("win.thanks-no"), f"win thanks-no {subject.win.id}"),
        Choice(words("win.thanks-words"), f"win thanks-words {subject.win.id}"),
    )
    title = words("win.thanks-title", project=subject.project(words))
    return _around(subject, words, title, lead, choices, words("win.thanks-until", date=date))


def own_words_card(subject: Subject, words: Words, sentence: str) -> Card:
    """To the author: whoever is thanked says yes, with this sentence."""
    lead = words("win.thanks-said-words", name=escape(subject.thanked))
    return Card(
        body=_paragraphs(lead, quoted(sentence)),
        choices=(
            Choice(words("win.thanks-accept"), f"win thanks-accept {subject.win.id}", style="primary"),
            without_choice(subject.win, words),
            withdraw_choice(subject.win, words),
        ),
        locale=words.language,
    )


def approval_card(subject: Subject, words: Words, reach: Preview) -> Card:
    """To the project manager: shall everybody hear it?"""
    lead = words("win.approve-lead", name=escape(subject.author), unit=subject.unit(words))
    choices = (
        Choice(words("win.everybody-button"), f"win approve {subject.win.id}", style="primary"),
        Choice(words("win.edit-button"), f"win edit {subject.win.id}"),
        Choice(words("win.back-button"), f"win back {subject.win.id}"),
    )
    card = _around(subject, words, words("win.approve-title", project=subject.project(words)), lead, choices)
    return replace(card, facts=(*card.facts, *reach_facts(words, reach, to_people=True)))


def approved_card(subject: Subject, words: Words, by: str, changed: bool) -> Card:
    """To the author: everybody hears it."""
    key = "win.approved-changed" if changed else "win.approved-told"
    body = _paragraphs(words(key, name=escape(by)), quoted(subject.win.said.what) if changed else "")
    return Card(body=body, choices=(withdraw_choice(subject.win, words),), locale=words.language)


def changed_card(win: Win, words: Words, by: str, said: Said) -> Card:
    """To whoever is thanked: the words beside their name are others now."""
    take_out = Choice(words("win.thanks-take-out"), f"win thanks-no {win.id}")
    body = _paragraphs(words("win.thanks-changed", name=escape(by)), quoted(said.what))
    return Card(body=body, choices=(take_out,), locale=words.language)


def sent_back_card(subject: Subject, words: Words, by: str, comment: str) -> Card:
    """To the author: not like this, with the reason."""
    lead = words("win.back-told", name=escape(by), unit=subject.unit(words))
    again = Choice(words("win.again-button"), f"win again {subject.win.id}")
    return Card(
        body=_paragraphs(lead, quoted(comment), words("win.you-said"), quoted(short(subject.win.said.what))),
        choices=(again, withdraw_choice(subject.win, words)),
        locale=words.language,
    )


def about_card(subject: Subject, words: Words, lead: str) -> Card:
    """To somebody who said or suggested it: what became of it, and what it was about."""
    body = _paragraphs(lead, words("win.you-said"), quoted(short(subject.win.said.what)))
    return Card(body=body, locale=words.language)


def declined_card(subject: Subject, words: Words, by: str, reason: str) -> Card:
    """To whoever suggested it: it is not told, and why."""
    lead = words("win.declined-told", name=escape(by))
    body = _paragraphs(lead, quoted(reason), words("win.you-said"), quoted(short(subject.win.said.what)))
    return Card(body=body, locale=words.language)


def row(subject: Subject, words: Words) -> str:
    """The win on a list of them; it was told."""
    at = subject.win.approved_at or subject.win.told_at or subject.win.said_at
    day = words.day(at.astimezone(ZoneInfo(words.zone)).date())
    lead = f"**{subject.unit(words)}, {day}** ({subject.project(words)})"
    return _paragraphs(lead, _text(subject, words), _evidence(subject.win.said, words))


def _evidence(said: Said, words: Words) -> str:
    parts = [f"{label}: {escape(value)}" for label, value in _facts(said, words)]
    parts += [f"[{words('win.link')}]({said.link})"] if said.link else []
    return " · ".join(parts)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
