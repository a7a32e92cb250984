"""Every survey that is shipped, from its start to what everybody is told, in all languages of the product."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages import Ask, Card
from bot.store import Seal, Store
from bot.words import LANGUAGES
from tests.pulse.asking import hands_in, opens, shown
from tests.pulse.bakery import BAKEHOUSE, FOLDER, SHOP, VANS
from tests.world import SAMPLE, World, world

NOW = datetime(2027, 4, 6, 10, 0, tzinfo=UTC)
SHIPPED = sorted(file.name.partition(".")[0] for file in (SAMPLE / "pulse").glob("*.yaml") if file.name.count(".") == 1)
TUESDAY = 1
ASKED = (*BAKEHOUSE, *SHOP, *VANS)
TEXT = {
    "en": "More training in small groups, number {n}.",
    "pt": "Mais treinamento em grupos pequenos, número {n}.",
    "de": "Mehr Training in kleinen Gruppen, Nummer {n}.",
    "es": "Más capacitación en grupos pequeños, número {n}.",
}
NOT_FILLED = re.compile(r"\{[a-z_]+\}|\b(?:results|survey|action)\.[a-z]")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The bakery with the surveys that are shipped, while its project is being assessed; a quarter speaks each of the
    languages, and everybody has written to the bot once."""
    scratch = tmp_path_factory.mktemp("templates")
    shutil.copytree(FOLDER, scratch / "playbooks")
    for file in (SAMPLE / "pulse").glob("*.yaml"):
        shutil.copy(file, scratch / "playbooks" / "pulse")
    written = scratch / "playbooks" / "ovens" / "initiative.yaml"
    written.write_text(re.sub(r"(?m)^phase: .*", "phase: assess", written.read_text("utf-8")), "utf-8")
    store = Store.open(f"sqlite:///{scratch / 'templates.db'}", secret=Seal(["t" * 40]))
    store.migrate()
    with world(store, scratch / "playbooks", NOW, forms=frozenset({"local"})) as made:
        for number, who in enumerate((*ASKED, "piet")):
            made.set_locale(f"{who}@example.com", LANGUAGES[number % len(LANGUAGES)])
            made.says(who, "thanks")
        yield made
    store.close()


def _answers(here: World, who: str, form: Card, number: int, chance: random.Random) -> Card:
    """Answers page after page; gives the card at the end."""
    for _ in range(6):
        if not form.asks:
            return form
        new = {ask.name: _answer(ask, form.locale, number, chance) for ask in form.asks if not ask.value}
        form = shown(hands_in(here, who, form, new))
    raise AssertionError(f"{who} is asked again and again: {form}")


def _answer(ask: Ask, locale: str, number: int, chance: random.Random) -> str | list[str]:
    if ask.kind == "text":
        return TEXT[locale].format(n=number)
    value = chance.choice([option.value for option in ask.options])
    return [value] if ask.kind == "multi" else value


def _later(here: World, *days: int) -> list[dict[str, Any]]:
    before = len(here.platform.posted)
    for some in days:
        here.time += timedelta(days=some)
        here.core.tick(here.time)
        here.drain()
    return [{"to": place.conversation.removeprefix("direct:"), **card} for place, card in here.platform.posted[before:]]


@pytest.mark.parametrize("template", SHIPPED)
def test_a_shipped_survey_runs_from_its_start_to_what_everybody_is_told(here: World, template: str) -> None:
    chance = random.Random(template)
    translated = here.library.current.playbooks.organisation.translated_pulses
    assert all(template in translated[language] for language in LANGUAGES if language != "en")

    here.time += timedelta(days=(TUESDAY - here.time.weekday()) % 7 or 7)
    looked_at = here.says("piet", f"survey start ovens {template} all-affected")
    go = next(button for button in looked_at[-1]["buttons"] if button["says"].startswith("survey go"))
    here.presses("piet", go["label"])
    invited = {card["to"]: card for card in _later(here, 1) if any("take-survey" in b["says"] for b in card["buttons"])}
    assert set(invited) >= set(ASKED)
    for number, who in enumerate(ASKED):
        begin = next(b["says"] for b in invited[who]["buttons"] if b["says"].startswith("take-survey"))
        assert not _answers(here, who, opens(here, who, begin), number, chance).asks

    told, round = _later(here, 7, 6, 2, 2), begin.split()[-1]
    assert any(card["to"] == "piet" and f"action {round}" in str(card["buttons"]) for card in told)
    heard = {card["to"] for card in told if not card["buttons"]}
    assert heard >= set(ASKED), set(ASKED) - heard

    read = [here.says("piet", f"results {round} {more}".strip()) for more in ("", "comments", "spread", "drafts")]
    assert all(read)
    assert not NOT_FILLED.search(str([told, read])), NOT_FILLED.findall(str([told, read]))
