"""Settings: in which language, when, where and about what the bot writes to somebody, and what will come."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cues import plain
from bot.dialogue import problems, refilled
from bot.messages import Ask, Card, Choice, Option
from bot.store import accounts
from bot.turn import Reply, Turn
from bot.words import LANGUAGES, Words, catalogue

KINDS = ("milestones", "wins", "surveys", "digests")
HOURS = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)\s*(?:-|–|to|bis|a|até|às)\s*([01]?\d|2[0-3]):([0-5]\d)$")


def own_name(language: str) -> str:
    """A product language's name in itself."""
    return catalogue(language).gettext("language.own-name")


@dataclass(frozen=True, slots=True)
class Settings:
    """`settings`, and `settings language de`, `settings hours 08:00-16:00`, `settings kinds …`, `settings quiet`."""

    name: str = "settings"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone or with the name of a setting."""
        return not rest or rest.split(" ", maxsplit=1)[0] in _CHANGES

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Shows everything, or asks for one setting, or changes it. Always told to the person directly."""
        what, _, value = rest.partition(" ")
        change = _CHANGES.get(what)
        if change is None:
            return Reply(cards=(_overview(turn),), personal=True)
        return change(turn, value.strip())


def _overview(turn: Turn) -> Card:
    words, settings = turn.words, turn.settings
    off = [k for k in KINDS if k in settings.get("off", "").split(",")]
    unset = words("settings.automatic")
    facts = (
        (words("settings.language"), own_name(words.language)),
        (
            words("settings.hours"),
            settings.get("hours", "") or words("settings.hours-unit"),
        ),
        (words("settings.platform"), settings.get("platform", "").title() or unset),
        (
            words("settings.off"),
            words.all_of([words(f"settings.kind-{k}") for k in off]) or words("settings.none"),
        ),
    )
    choices = tuple(
        Choice(words(f"settings.change-{what}"), f"settings {what}")
        for what in ("language", "hours", "platform", "kinds")
    )
    quiet = Choice(words("settings.quiet-button"), "settings quiet")
    return Card(
        title=words("settings.title"),
        body=_what_comes(turn),
        facts=facts,
        choices=(*choices, quiet),
        locale=words.language,
    )


def _what_comes(turn: Turn) -> str:
    words = turn.words
    mine = [i for i in turn.reader.initiatives() if turn.reader.unit_in(i)]
    if not mine:
        return words("settings.nothing-comes")
    cap = min(i.written.messaging.weekly_cap for i in mine)
    dates = sum(1 for i in mine for m in i.written.milestones if m.date >= turn.reader.today)
    surveys = sum(len(i.written.pulses) for i in mine)
    names = words.all_of([i.text(words.locale).name for i in mine])
    return words(
        "settings.comes",
        names=names,
        cap=words.count("settings.cap", cap),
        dates=words.count("settings.dates", dates),
        surveys=words.count("settings.surveys", surveys),
    )


def _done(card: Card, *notes: tuple[str, str]) -> Reply:
    return Reply(cards=(card,), personal=True, notes=notes)


def _said(words: Words, key: str, **fields: object) -> Card:
    return Card(body=words(key, **fields), locale=words.language)


def _asked(turn: Turn, what: str, ask: Ask) -> tuple[Card, str, dict[str, str]]:
    words = turn.words
    form = Card(
        title=words(f"settings.change-{what}"),
        body="",
        asks=(ask,),
        submits=f"settings {what}",
        submit_label=words("settings.save"),
        locale=words.language,
    )
    given = turn.said.answers.get(ask.name, "")
    wrong = problems(form.asks, turn.said.answers, words) if turn.said.answers else {}
    return (
        refilled(form, turn.said.answers),
        given if isinstance(given, str) else ",".join(given),
        wrong,
    )


def _language(turn: Turn, value: str) -> Reply:
    options = tuple(Option(language, own_name(language)) for language in LANGUAGES)
    ask = Ask("language", turn.words("settings.language-question"), kind="choice", options=options)
    form, given, wrong = _asked(turn, "language", ask)
    wished = next(
        (o.value for o in options if plain(value or given) in (o.value, plain(o.label))),
        "",
    )
    if wrong or not wished:
        return Reply(cards=(form,), personal=True, problems=wrong)
    new = Words(wished, turn.words.zone, turn.words.own)
    return _done(_said(new, "settings.language-done"), ("language", wished))


def _hours(turn: Turn, value: str) -> Reply:
    words = turn.words
    ask = Ask("hours", words("settings.hours-question"), longest=20, hint=words("settings.hours-hint"))
    form, given, wrong = _asked(turn, "hours", ask)
    text = value or given
    if not text or wrong:
        return Reply(cards=(form,), personal=True, problems=wrong)
    found = HOURS.match(text.strip())
    if not found or found.group(1, 2) == found.group(3, 4):
        return Reply(
            cards=(form,),
            personal=True,
            problems={"hours": words("settings.hours-wrong")},
        )
    hours = f"{int(found[1]):02d}:{found[2]}-{int(found[3]):02d}:{found[4]}"
    return _done(_said(words, "settings.hours-done", hours=hours), ("hours", hours))


def _platform(turn: Turn, value: str) -> Reply:
    words = turn.words
    there = sorted({a.platform for a in accounts.of_person(turn.tx, turn.person.key)})
    if len(there) <= 1:
        return _done(_said(words, "settings.platform-one"))
    options = tuple(Option(p, p.title()) for p in there)
    ask = Ask("platform", words("settings.platform-question"), kind="choice", options=options)
    form, given, wrong = _asked(turn, "platform", ask)
    wished = (value or given).strip().lower()
    if wrong or wished not in there:
        return Reply(cards=(form,), personal=True, problems=wrong)
    return _done(_said(words, "settings.platform-done", name=wished.title()), ("platform", wished))


def _kinds(turn: Turn, value: str) -> Reply:
    words = turn.words
    options = tuple(Option(k, words(f"settings.kind-{k}")) for k in KINDS)
    ask = Ask(
        "off",
        words("settings.kinds-question"),
        kind="multi",
        options=options,
        optional=True,
        value=turn.settings.get("off", ""),
    )
    form, given, wrong = _asked(turn, "kinds", ask)
    if wrong or not (turn.said.answers or value):
        return Reply(cards=(form,), personal=True, problems=wrong)
    off = [k for k in KINDS if k in (value or given).replace(" ", ",").split(",")]
    names = words.all_of([words(f"settings.kind-{k}") for k in off]) or words("settings.none")
    return _done(_said(words, "settings.kinds-done", names=names), ("off", ",".join(off)))


def _quiet(turn: Turn, _value: str) -> Reply:
    card = Card(
        body=turn.words("settings.quiet-done"),
        choices=(Choice(turn.words("settings.change-kinds"), "settings kinds"),),
        locale=turn.words.language,
    )
    return _done(card, ("off", ",".join(KINDS)))


_CHANGES: Mapping[str, Callable[[Turn, str], Reply]] = {
    "language": _language,
    "hours": _hours,
    "platform": _platform,
    "kinds": _kinds,
    "quiet": _quiet,
}
