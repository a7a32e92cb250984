"""The plan as it is shown in front of each platform: as a picture, with its words, and below what a platform takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.plain import plain_text
from adapters.slack.render import message as slack_message
from adapters.teams.render import message as teams_message
from adapters.web.render import render as web_card
from bot.composition.teams import look
from bot.messages import Card, picture_of
from bot.milestones.roadmap import picture
from bot.milestones.standing import standings
from bot.milestones.words import Subject
from bot.pictures import png
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.words import LANGUAGES, Words

SAMPLE = Path(__file__).parent.parent.parent / "playbooks"
TODAY = datetime(2027, 1, 20, tzinfo=UTC).date()
PLAYBOOKS = assemble(read_folder(SAMPLE)[0])


def plan(id: str, language: str) -> Card:
    one, words = PLAYBOOKS.initiatives[id], Words(language)
    subjects = [Subject(one, it, PLAYBOOKS.organisation, str) for it in standings(one, {})]
    drawn, shows = picture(subjects, words, TODAY, words("roadmap.title", name=one.written.name))
    return Card(body="The plan", image=png(drawn), image_text=shows, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", sorted(PLAYBOOKS.initiatives))
def test_every_sample_plan_is_a_picture_that_every_platform_takes(id: str, language: str) -> None:
    card = plan(id, language)

    assert picture_of(card) is not None
    assert card.image_text in plain_text(card)


def test_it_stands_in_the_card_of_each_platform() -> None:
    """In Teams a picture of this size gives way to its words: see `limits.ACTIVITY_BYTES`."""
    card = plan("crm-renewal", "en")

    slack = json.dumps(slack_message(card, "F123"))
    teams = json.dumps(teams_message(card, look("")))
    page = str(web_card(card))

    assert '"slack_file": {"id": "F123"}' in slack
    assert f'src="{card.image}"' in page.replace("&#43;", "+")
    for shown in (slack, teams, page):
        assert card.image_text[:30] in shown


def test_without_dates_there_is_no_picture() -> None:
    assert picture([], Words("en"), TODAY, "The plan") == ("", "")
