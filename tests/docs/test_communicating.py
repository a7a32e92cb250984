"""docs/communicating.md: what it tells people to say is understood, its cards are real, its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from bot.capabilities import by_name
from bot.cues import plain
from bot.playbook.initiative_file import Messaging
from bot.words import Words, catalogue
from tests.docs.shown import document

GUIDE = document("docs/communicating.md")
WORDS = Words("en")
QUIET = "word.quiet"
CARDS = re.findall(r"^```text\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
# What the guide tells people to say: in tables of what one writes, after "Say", and as a sentence's subject.
SAID = sorted(
    {*re.findall(r"^\| `([^`]+)` \|", GUIDE, re.MULTILINE), *re.findall(r"[Ss]ay `([^`]+)`", GUIDE)}
    | {"hand over", "wins", "nominate", "coverage", "my dates", "what did I miss", "roadmap", "be quieter"}
)


def known() -> set[str]:
    """Every phrase that calls a capability, in English."""
    keys = [*(f"word.{name}" for name in by_name()), QUIET]
    texts = [str(catalogue("en").gettext(key)) for key in keys]
    return {plain(phrase) for text in texts for phrase in text.split("|")}


@pytest.mark.parametrize("said", SAID)
def test_what_it_tells_people_to_say_is_understood(said: str) -> None:
    """Each begins with a phrase that calls a capability."""
    assert any(plain(said) == word or plain(said).startswith(f"{word} ") for word in known()), said


@pytest.mark.parametrize("label", sorted({label for card in CARDS for label in re.findall(r"\[([^]…]+)\]", card)}))
def test_buttons_on_its_cards_are_real(label: str) -> None:
    """Each stands in the catalogue."""
    assert f'msgstr "{label}"' in document("bot/locales/en/messages.po")


def test_sentences_of_the_bot_are_those_of_the_catalogue() -> None:
    """The cards that are shown begin or end with what the bot says today."""
    told = " ".join(" ".join(CARDS).split())
    for key in ("milestone.preview-lead", "milestone.agents-lead", "milestone.agents-points", "milestone.moved"):
        pieces = [piece for piece in re.split(r"\{\w+\}|\*\*", str(catalogue("en").gettext(key))) if piece.strip(" .")]
        assert [piece for piece in pieces if " ".join(piece.split()) not in told] == [], key


def test_it_names_what_can_be_set() -> None:
    """The settings of `messaging` that concern it, and what people can switch off, under the bot's own names."""
    named = {"weekly_cap", "approve_above", "author_limit"}
    assert named <= set(Messaging.model_fields)
    assert [one for one in named if f"messaging.{one}" not in GUIDE] == []
    text = " ".join(GUIDE.split())
    assert [k for k in ("milestones", "wins", "surveys", "digests") if WORDS(f"settings.kind-{k}") not in text] == []


def test_links_within_it_lead_somewhere() -> None:
    """Headings that the guide links to are there."""
    slugs = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)}
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", GUIDE) if link not in slugs] == []
