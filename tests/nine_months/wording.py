"""How what everybody got may never be worded. Each check names what it found, one sentence each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from babel.messages.pofile import read_po

from bot.answers.language import detect
from bot.words import FOLDER, LANGUAGES
from tests.nine_months.living import Got, posts
from tests.nine_months.organisation import Organisation

# Not in anybody's language: words of this program's makers, and of project managers among themselves.
EVERYWHERE = ["playbook", "triage", "sla", "stakeholder", "rollout", "go-live", "kick-off", "onboarding"]
JARGON: Mapping[str, tuple[str, ...]] = {
    "en": (*EVERYWHERE, "initiative", "pulse", "acknowledged", "driver", "severity", "breach", "cohort", "please note"),
    "pt": (*EVERYWHERE, "iniciativa", "severidade", "triagem", "coorte", "entregável"),
    "de": (*EVERYWHERE, "initiative", "schweregrad", "kohorte", "bitte beachten"),
    "es": (*EVERYWHERE, "iniciativa", "gravedad", "triaje", "cohorte", "entregable", "tenga en cuenta"),
}
UNFILLED = re.compile(r"\{\w*\}|%\(\w+\)|%s|\*\*|\[\[|\]\(|\bNone\b|\bnull\b")
RAW = re.compile(r"\b[0-9a-f]{16,}\b|\b20\d\d-\d\d-\d\d\b|\b[\w.]+@example\.com\b")
# What is for many is read standing; who is asked something, sums up a week or is to answer others takes more time.
LONGEST_LABEL = 80
FIELD = re.compile(r"\{\w+\}")
LONGEST_FOR_MANY, LONGEST_FOR_ONE, LONGEST_TITLE = 1_200, 3_000, 120
# Written by a colleague, in the colleague's language and words.
IN_THEIR_WORDS = re.compile(r"(broadcast|win|change|milestone-done|milestone-at-risk)\b")


def in_another_language(got: Iterable[Got], here: Organisation) -> list[str]:
    """Buttons are in the reader's language, and so is the text, where what it is about is written in that language."""
    found = []
    for one in got:
        language = here.language(one)
        foreign = [label for label in one.labels if not _is_said(label, language)]
        found += [f"{one.where} ({language}): button {label!r}" for label in foreign]
        told = detect(one.text, LANGUAGES)
        abouts = [a for a in map(here.about, one.keys) if a is not None]
        may = {language} | {a.written.language for a in abouts if language not in (a.written.language, *a.translations)}
        own_words = any(IN_THEIR_WORDS.match(key) for key in one.keys)
        if told is not None and told not in may and not own_words:
            found.append(f"{one.where} ({language}) reads {told}: {one.title}")
    return found


def jargon(got: Iterable[Got], here: Organisation) -> list[str]:
    """No words of the trade."""
    found = []
    for one in got:
        words = re.compile(rf"\b({'|'.join(map(re.escape, JARGON[here.language(one)]))})\b", re.IGNORECASE)
        found += [f"{one.where}: {hit!r} in {one.title}" for hit in words.findall(" ".join([one.text, *one.labels]))]
    return found


def unfilled(got: Iterable[Got], _here: Organisation) -> list[str]:
    """No place that nothing was put into, and no markup."""
    return [f"{one.where}: {hit!r} in {one.title}" for one in got for hit in UNFILLED.findall(one.text)]


def too_long(got: Iterable[Got], _here: Organisation) -> list[str]:
    """What goes to many is short, what is for one may be longer; a title is a line."""
    found = []
    for one in got:
        many = (one.kind not in ("", "digests") or one.channel) and not any(stage == 0 for _, stage in posts(one))
        longest = LONGEST_FOR_MANY if many else LONGEST_FOR_ONE
        if len(one.text) > longest or len(one.title) > LONGEST_TITLE:
            found.append(f"{one.where}: {len(one.text)} letters, {len(one.title)} in its title: {one.title}")
    return found


def raw_names(got: Iterable[Got], here: Organisation) -> list[str]:
    """No name that only files and databases know, no address and no date for machines."""
    ids = re.compile(rf"(?<![\w/-])({'|'.join(map(re.escape, sorted(here.ids)))})(?![\w-])")
    return [
        f"{one.where}: {hit!r} in {one.title}"
        for one in got
        for hit in (*RAW.findall(one.text), *ids.findall(one.text))
    ]


def _is_said(label: str, language: str) -> bool:
    return any(pattern.fullmatch(label) for pattern in _labels(language))


@cache
def _labels(language: str) -> tuple[re.Pattern[str], ...]:
    with (FOLDER / language / "messages.po").open("rb") as file:
        texts = {text for message in read_po(file) for text in ([message.string] if message.string else [])}
    # What is a field alone would fit whatever a button says.
    own = [text for text in texts if isinstance(text, str) and FIELD.sub("", text).strip(" :,.")]
    patterns = (".+".join(map(re.escape, FIELD.split(text))) for text in own if len(text) < LONGEST_LABEL)
    return tuple(map(re.compile, patterns))


ALL: tuple[Callable[[Iterable[Got], Organisation], list[str]], ...] = (
    in_another_language,
    jargon,
    unfilled,
    too_long,
    raw_names,
)
