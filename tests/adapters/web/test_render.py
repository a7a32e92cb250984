"""The local page takes the exam of all adapters, and shows cards without letting anything in them take effect."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

import adapters.web
from adapters.web.parse import BOT, Fields, channel_room, direct_room, mentions, parse
from adapters.web.platform import Web
from adapters.web.render import LONGEST_BODY, Acts, link, render
from adapters.web.times import next_monday, next_morning, zone_of
from adapters.web.view import initials
from bot.messages import PICTURE, Ask, Card, Choice, Option, Person, Said, escape
from tests.adapters.contract import NASTY, AdapterContract, Platform

ANA = Person("web", "local", "ana", name="Ana")
# The beginning of a PNG of 1 x 1.
DRAWN = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"
STATIC = Path(adapters.web.__file__).parent / "static"


@dataclass
class Somebody:
    """Somebody one can be, as far as a platform needs it."""

    person: Person


class Kept:
    """A stage that knows Ana and counts what it keeps."""

    def speakers(self) -> list[Somebody]:
        """Ana alone."""
        return [Somebody(ANA)]

    def post_card(self, place: str, **_: Any) -> int:
        """The first message."""
        return 1


@dataclass
class Payload:
    """What a browser hands in, with who and where."""

    fields: Fields
    channel: bool = False
    account: str = "ana"


def heard(payload: Payload) -> Said | None:
    """What the page makes of it."""
    room = channel_room("sales", outsiders=False) if payload.channel else direct_room("ana")
    return parse(Person("web", "local", payload.account), room, payload.fields)


def fields(event: str, **more: str) -> dict[str, list[str]]:
    """Fields of a form, as they are handed in."""
    return {"event": [event], **{name: [value] for name, value in more.items()}}


def form(event: str, says: str, answers: Mapping[str, str]) -> dict[str, list[str]]:
    """A form with its answers."""
    return {**fields(event, form=says), **{f"field.{name}": [value] for name, value in answers.items()}}


def as_read(fragment: str) -> str:
    """The words of a fragment, and the addresses of its links."""
    shown = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>', r" \1 ", fragment)
    return html.unescape(re.sub(r"<[^>]+>", "", shown))


class TestWeb(AdapterContract):
    """The laws, on the local page."""

    platform: ClassVar[Platform] = Platform(
        parse=heard,
        render=render,
        shown=as_read,
        longest=LONGEST_BODY + 1_000,
        adapter=lambda: Web(Kept(), lambda: None, ThreadPoolExecutor(1)),  # type: ignore[arg-type]  # of a stage it needs only these
        typed=lambda event, text: Payload(fields(event, text=text)),
        mentioned=lambda event, text: Payload(fields(event, text=f"@{BOT} {text}"), channel=True),
        pressed=lambda event, says: Payload(fields(event, press=says)),
        handed_in=lambda event, says, answers: Payload(form(event, says, answers)),
        own=lambda text: Payload(fields("e9", text=text), account=BOT),
    )


def test_without_a_mention_a_channel_is_not_heard() -> None:
    """Colleagues may talk about the bot without it answering."""
    assert heard(Payload(fields("e1", text="throughline is a nice name"), channel=True)) is None
    assert mentions("what do you think, @Throughline?")
    assert not mentions("write to x@throughline.example")


def test_several_answers_are_several_and_one_is_one() -> None:
    """What was picked of a multiple choice arrives as it is, also when it is a single one; line ends are our own."""
    asks = (Ask("units", "Which?", "multi"), Ask("text", "What?"))
    said = parse(ANA, direct_room("ana"), {**form("e", "x", {"text": "a\r\nb"}), "field.units": ["a"]}, asks=asks)
    assert said is not None
    assert said.answers == {"units": ("a",), "text": "a\nb"}


EVERYWHERE = Card(
    body=escape(NASTY),
    title=NASTY,
    facts=((NASTY, NASTY),),
    table=((NASTY, NASTY), (NASTY, NASTY)),
    image="javascript:alert(1)",
    image_text=NASTY,
    choices=(Choice(NASTY, NASTY, "primary"), Choice(NASTY, url="javascript:alert(1)")),
    asks=(
        Ask(NASTY, NASTY, "text", value=NASTY, hint=NASTY),
        Ask(NASTY, NASTY, "text", longest=50, value=NASTY),
        Ask("c", NASTY, "choice", (Option(NASTY, NASTY),)),
        Ask("l", NASTY, "choice", (Option(NASTY, NASTY),) * 20),
        Ask("m", NASTY, "multi", (Option(NASTY, NASTY),)),
        Ask("d", NASTY, "date", value=NASTY),
    ),
    submits=NASTY,
    submit_label=NASTY,
    source=NASTY,
    details=NASTY,
    locale=NASTY,
)


class Tags(HTMLParser):
    """The elements of a fragment, with their attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Each element that begins."""
        self.tags.append((tag, attrs))


@pytest.mark.parametrize("problems", [{}, {"c": NASTY, "": NASTY, NASTY: NASTY}])
def test_nothing_in_any_text_of_a_card_takes_effect(problems: dict[str, str]) -> None:
    """No element, no attribute and no address of theirs comes into being, in any field, attribute or problem."""
    nasty = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    spoilt = Card.from_json(EVERYWHERE.to_json().replace("*bold*", nasty.replace('"', '\\"')))
    fragment = render(spoilt, Acts("/as/ana/direct", "token", "event", 7, {"c": nasty, NASTY: nasty}, problems))
    found = Tags()
    found.feed(fragment)
    assert len(found.tags) > 40
    assert not {name for name, _ in found.tags} & {"script", "img", "iframe", "style", "object"}
    attributes = [(name, value or "") for _, given in found.tags for name, value in given]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    led_to = [value for name, value in attributes if name in ("href", "src", "action", "hx-post", "hx-get")]
    assert not [value for value in led_to if not value.startswith("/as/ana/direct/")]
    assert "alert(1)" in as_read(fragment)


@pytest.mark.parametrize(
    ("address", "is_shown"),
    [
        (PICTURE + DRAWN, True),
        ("/pictures/x.png", True),
        (PICTURE + "AAAA", False),
        (PICTURE + DRAWN + '" onerror="alert(1)', False),
        ("data:image/svg+xml;base64," + DRAWN, False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("https://example.com/p.png", False),
    ],
)
def test_a_picture_is_of_this_page_or_in_the_card(address: str, is_shown: bool) -> None:
    """No other site is asked for one, and nothing else than a picture can stand in its place; its words always do."""
    found = Tags()
    found.feed(fragment := render(Card("B", image=address, image_text="Two bars")))
    assert [given for name, given in found.tags if name == "img"] == [[("src", address), ("alt", "")]] * is_shown
    assert "Two bars" in fragment


def test_no_picture_of_people_is_shown() -> None:
    """Not in a body, whatever it is addressed to."""
    for address in (PICTURE + DRAWN, "/static/icon.svg", "https://example.com/p.png"):
        assert "<img" not in render(Card(f"![x]({address}) <img src={address}>", details=f"![x]({address})"))


def test_markdown_is_a_small_subset() -> None:
    """Emphasis, lists, quotations and links; no picture, heading or HTML, and no address that could be a script."""
    shown = render(
        Card("# a\n\n**b** [c](https://example.com) [d](javascript:alert(1)) ![e](https://example.com/e.png)")
    )
    assert "<strong>b</strong>" in shown
    assert 'href="https://example.com" target="_blank" rel="noopener noreferrer"' in shown
    assert "<h1" not in shown
    assert "<img" not in shown
    assert "javascript:" not in re.sub(r">[^<]*<", "", shown)


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://example.com", True),
        ("/calendar/x.ics", True),
        ("mailto:a@example.com", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (" javascript:alert(1)", False),
    ],
)
def test_buttons_lead_only_to_addresses(address: str, leads: bool) -> None:
    """Anything else is not a link."""
    assert bool(link(address)) is leads


def test_a_form_that_was_handed_in_is_not_shown_again() -> None:
    """Only that it arrived, never what was in it."""
    card = Card("x", asks=(Ask("text", "What?", value="secret"),), submits="y")
    shown = render(card, Acts("/as/ana/direct", done=True))
    assert "Handed in" in shown
    assert "secret" not in shown


def test_initials() -> None:
    """Of the first and the last word, and something for whoever has no name."""
    assert [initials(n) for n in ("Ana Maria Lopes", "Élodie", "")] == ["AL", "É", "?"]


SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 23, 11, 59, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC)),
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)),
        (datetime(2026, 11, 30, 2, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)),
    ],
)
def test_next_monday_is_nine_in_the_zone(now: datetime, monday: datetime) -> None:
    """Later than now, and by the calendar of the place."""
    assert next_monday(now, SAO_PAULO) == monday


def test_tomorrow_is_nine_also_when_the_clocks_change() -> None:
    """The night in which Berlin's clocks go back is an hour longer."""
    berlin = zone_of("Europe/Berlin")
    assert next_morning(datetime(2026, 10, 24, 10, tzinfo=UTC), berlin) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert zone_of("Nowhere/Atall").key == "UTC"


def test_what_is_kept_of_others_is_what_its_row_says() -> None:
    """The file is unchanged, and its licence stands beside it."""
    vendor = STATIC / "vendor"
    rows = re.findall(
        r"^\| `([^`]+)` .*\(`([^`]+)`\) \| `([0-9a-f]{64})` \|$", (vendor / "README.md").read_text("utf-8"), re.M
    )
    assert {name for name, _, _ in rows} == {file.name for file in vendor.glob("*.js")}
    for name, licence, digest in rows:
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest
        assert (vendor / licence).is_file()
