"""Cards as Slack messages: the laws of all adapters, the looks, and that nothing is ever refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack import home, views
from adapters.slack.parse import said
from adapters.slack.render import message
from bot.messages import (
    Absent,
    Ask,
    Card,
    Choice,
    Later,
    Limits,
    Option,
    Outcome,
    Place,
    Refused,
    Sent,
    escape,
    quoted,
)
from tests.adapters.contract import NASTY, AdapterContract, Platform
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.block_kit import refuse
from tests.adapters.slack.cards import WORST, cards

HERE = Place("slack", slack.TEAM, slack.DIRECT)


def texts(value: Any) -> Iterator[str]:
    """Everything that can be read or opened in blocks, in order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "alt_text", "url", "image_url", "initial_value") and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def shown(payload: dict[str, Any]) -> str:
    """What somebody reads of a message."""
    return "\n".join(texts(payload["blocks"]))


@dataclass
class Judged:
    """Slack reduced to its judgement: it takes what it would not refuse."""

    name: str = "slack"
    limits: Limits = Limits()  # noqa: RUF009 - immutable

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        """Sent or refused, with the reasons."""
        reasons = refuse(message(card))
        return Refused("; ".join(reasons)) if reasons else Sent(slack.NOW)

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        """As a new one."""
        return await self.send(place, card, "")

    async def delete(self, place: Place, message: str) -> Outcome:
        """Gone."""
        return Sent(message)

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        """Not here."""
        return Absent()

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        """For people that are known."""
        return HERE if account == slack.ANA else Refused("user_not_found")


class TestSlack(AdapterContract):
    """The laws, on what is read and what is shown."""

    platform: ClassVar[Platform] = Platform(
        parse=lambda payload: said(payload, slack.KNOWN),
        render=message,
        shown=shown,
        longest=12_000,
        adapter=Judged,
        typed=slack.typed,
        mentioned=slack.mentioned,
        pressed=slack.pressed,
        handed_in=lambda event, says, answers: slack.handed_in(event, slack.form(says, answers), answers),
        own=lambda text: slack.typed("e9", text, user=slack.BOT, bot_id="B0BOT"),
        known_account=slack.ANA,
        workspace=slack.TEAM,
    )


def test_a_card_at_its_best() -> None:
    """Header, text, facts, table, picture, buttons, source: in this order, each as its own block."""
    card = Card(
        title="Why Linden",
        body="It **fails** often.\n\n- one\n- _two_\n\n1. first\n2. second\n\n> said",
        facts=(("Language", "English"), ("Hours", "8-16")),
        table=(("Unit", "Date"), ("Sales", "10 May")),
        image="https://example.com/p.png",
        image_text="A chart",
        choices=(Choice("When?", "when crm", "primary"), Choice("Open", url="https://example.com")),
        source="From faq.md",
    )

    blocks = message(card)["blocks"]

    kinds = [block["type"] for block in blocks]
    assert kinds == ["header", "rich_text", "table", "image", "actions", "context"]
    assert [one["type"] for one in blocks[1]["elements"]] == [
        "rich_text_section",
        "rich_text_list",
        "rich_text_list",
        "rich_text_quote",
        "rich_text_section",
    ]
    assert {"type": "text", "text": "fails", "style": {"bold": True}} in blocks[1]["elements"][0]["elements"]
    assert {"type": "text", "text": "Language:", "style": {"bold": True}} in blocks[1]["elements"][4]["elements"]
    first, second = blocks[4]["elements"]
    assert (first["value"], first["style"], second["url"]) == ("when crm", "primary", "https://example.com")
    assert "value" not in second


def test_numbered_lists_go_on_counting_behind_what_is_nested() -> None:
    """Slack counts each list anew unless it is told."""
    (block,) = message(Card(body="3. c\n   - inner\n4. d"))["blocks"]

    assert [(one["style"], one.get("offset", 0), one.get("indent", 0)) for one in block["elements"]] == [
        ("ordered", 2, 0),
        ("bullet", 0, 1),
        ("ordered", 3, 0),
    ]


def test_what_people_wrote_stands_as_they_wrote_it() -> None:
    """No sign of theirs becomes markup, and nothing of it is lost."""
    typed = "*b* _i_ ~s~ `c` <b> & [x](http://a.example) # 1. :smile: 2 * 3"

    said_inline = shown(message(Card(body=escape(typed))))
    said_quoted = shown(message(Card(body=quoted(typed + "\n- more"))))

    assert "".join(said_inline.split("\n")) == typed.replace("(http://a.example)", "(http://a.examplehttp://a.example)")
    assert "- more" in said_quoted
    assert '"style"' not in json.dumps(message(Card(body=escape(typed)))["blocks"])


def test_nobody_is_called_by_what_people_wrote() -> None:
    """Neither in the blocks nor in the text of the notification, wherever the words stand."""
    for text in (NASTY, escape(NASTY), "<!here>", "<\u2060@U1>", "<<!channel>>", "&lt;!channel&gt;"):
        card = Card(body=text, title=text, facts=((text, text),), table=((text,),), source=text, image_text=text)
        made = message(card)

        assert "<!" not in made["text"]
        assert "<@" not in made["text"]
        assert not any(call in part for part in texts(made["blocks"]) for call in ("<!", "<@", "<#"))


def test_nothing_turns_the_direction_of_what_stands_behind_it() -> None:
    """A sign that cannot be seen would let people write backwards over the words of the bot."""
    made = message(Card(body="a \u202eb", title="\u202ec", facts=(("\u202dd", "e"),)))

    assert not any(sign in part for part in (*texts(made["blocks"]), made["text"]) for sign in "\u202d\u202e")


def test_a_list_in_a_list_in_a_list_is_whole() -> None:
    """However deep."""
    assert "level 17" in shown(message(WORST["deep list"]))


def test_the_notification_tells_the_card() -> None:
    """In words, escaped, and never empty."""
    assert message(Card(title="T", body="**a** & b <c>"))["text"] == "T\n\na &amp; b &lt;c&gt;"
    assert message(Card(body="<" * 9_000))["text"].startswith("&lt;&lt;")
    assert len(message(Card(body="& " * 9_000))["text"]) <= 4_000
    assert message(Card(body=""))["text"].strip()


def test_what_no_button_can_carry_is_shown_to_be_written() -> None:
    """A value is whole or it is not sent."""
    says = "ask-owner crm named: " + "why " * 600
    made = message(
        Card(body="B", choices=(Choice("Ask", says), Choice("No", "no-thanks"), Choice("X", url="/board/1")))
    )

    buttons = [one for block in made["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["value"] for one in buttons] == ["no-thanks"]
    assert says.split(":", maxsplit=1)[0] in shown(made)
    assert "/board/1" in shown(made)


def test_every_button_in_a_message_has_an_id_of_its_own() -> None:
    """However many rows they take."""
    card = Card(body="B", choices=tuple(Choice(f"No. {n}", f"show {n}") for n in range(40)))

    rows = [block for block in message(card)["blocks"] if block["type"] == "actions"]
    ids = [one["action_id"] for row in rows for one in row["elements"]]
    assert [len(row["elements"]) for row in rows] == [25, 15]
    assert len(set(ids)) == 40


def test_a_form_in_a_message_is_a_button_that_opens_it() -> None:
    """Pressing it says what the form is for, and so brings a trigger."""
    card = Card(body="B", title="Ask", asks=(Ask("text", "What?"),), submits="ask-owner crm", submit_label="Write")

    (button,) = message(card)["blocks"][-1]["elements"]

    assert (button["text"]["text"], button["value"]) == ("Write", "ask-owner crm")


def test_an_uploaded_picture_is_shown_and_an_unreachable_one_told() -> None:
    """Slack fetches from the web only, and an address it cannot fetch would make it refuse the message."""
    card = Card(body="B", image="pulse-7.svg", image_text="Two thirds agree")

    (_, uploaded) = message(card, picture="F00000123")["blocks"]
    assert (uploaded["slack_file"], uploaded["alt_text"]) == ({"id": "F00000123"}, "Two thirds agree")
    assert "Two thirds agree" in shown(message(card))
    assert "image" not in [block["type"] for block in message(card)["blocks"]]


def test_a_table_that_slack_does_not_take_is_text() -> None:
    """Aligned, and in a Home, where there are none."""
    wide = message(WORST["wide table"])
    small = Card(body="B", table=(("Name", "No."), ("Ana", "12")))

    assert "table" not in [block["type"] for block in wide["blocks"]]
    assert "c0  c1" in shown(wide)
    assert "Name  No.\nAna   12" in shown(home.view([small]))


def test_what_is_cut_says_so() -> None:
    """With an ellipsis where it ends, and the buttons below it."""
    card = Card(body="word " * 20_000, choices=(Choice("More", "more x"),), source="From faq.md")

    made = message(card)

    assert "…" in shown(made)
    assert [block["type"] for block in made["blocks"]][-2:] == ["actions", "context"]
    assert len(shown(made)) > 8_000


def test_a_home_is_its_cards_one_below_the_other() -> None:
    """Parted by lines, with ids that come once; what is too much is cut."""
    card = Card(body="B", title="T", choices=(Choice("When?", "when"), Choice("Why?", "why")))

    few, many = home.view([card] * 3), home.view([card] * 60)

    assert [block["type"] for block in few["blocks"]].count("divider") == 2
    assert refuse(few) == refuse(many) == refuse(home.view([])) == []
    assert many["blocks"][-1]["elements"][0]["text"] == "…"


@pytest.mark.parametrize("name", WORST)
def test_slack_takes_the_worst_cards(name: str) -> None:
    """As a message, as a form and in a Home."""
    card = WORST[name]

    assert refuse(message(card)) == []
    assert refuse(message(card, picture="F00000001")) == []
    assert refuse(views.modal(card, HERE)) == []
    assert refuse(views.reopen(card, {"text": "x" * 5_000})) == []
    assert refuse(home.view([card] * 5)) == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cards)
def test_slack_takes_every_card(card: Card) -> None:
    """Whatever stands in it."""
    assert refuse(message(card)) == []
    assert refuse(views.modal(card, HERE)) == []
    assert refuse(home.view([card, card])) == []


def test_options_of_a_form_are_all_there() -> None:
    """More than a hundred in groups that say what is in them."""
    options = tuple(Option(f"u{n}", f"Unit {n}") for n in range(250))
    view = views.modal(Card(body="", asks=(Ask("unit", "Which?", "choice", options),), submits="x"), HERE)

    groups = view["blocks"][0]["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 50]
    assert groups[0]["label"]["text"] == "Unit 0 – Unit 99"
