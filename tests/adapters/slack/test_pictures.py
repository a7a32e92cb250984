"""Pictures of our own: uploaded to Slack once, shown by the message alone, and told in words where they cannot be."""

from __future__ import annotations

import asyncio
import zlib
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.calls import Answer
from adapters.slack.pictures import FAILED_SECONDS, KEPT_SECONDS, PROCESSED_SECONDS, UPLOAD_SECONDS, Pictures
from adapters.slack.platform import Slack
from bot.messages import PICTURE, Card, Later, Outcome, Place, Post, Sent, Unknown
from bot.store import Store, deliveries
from bot.store.patience import PATIENCE
from tests.adapters.slack import fake as faults
from tests.adapters.slack.deployment import Way, deployed, settled_town
from tests.adapters.slack.fake import FakeSlack, Fault
from tests.adapters.slack.payloads import CHANNEL, DIRECT, TEAM
from tests.adapters.slack.test_contract import HERE, THERE, do, shown

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = "Two thirds agree"
# What a comment in a PNG takes besides its text.
COMMENT = 20
UPLOADING = ("files.getUploadURLExternal", "upload_url", "files.completeUploadExternal")


def png(width: int = 2, height: int = 1, padding: int = 0) -> bytes:
    """A picture, all black, with so many bytes of comment."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes((width + 1) * height))
    comment = chunk(b"tEXt", b"Comment\0" + b"x" * padding) if padding else b""
    made = chunk(b"IHDR", header) + comment + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + made


def carrying(content: bytes, body: str = "What you said:", kind: str = PICTURE) -> Card:
    """A card with this picture."""
    return Card(body=body, image=kind + b64encode(content).decode(), image_text=WORDS)


CARD = carrying(png())


def pictures(message: dict[str, Any]) -> list[str]:
    """The ids of the files that it shows."""
    return [block["slack_file"]["id"] for block in message["blocks"] if block["type"] == "image"]


def in_words(message: dict[str, Any]) -> bool:
    """Whether its text says what the picture would show."""
    return not pictures(message) and WORDS in shown(message)


def calls(fake: FakeSlack) -> list[int]:
    """How often each of the three calls was made."""
    return [fake.count(method) for method in UPLOADING]


# The way of a card from the outbox to Slack.


def deliver(store: Store, folder: Path, *cards: Card, fault: tuple[str, Fault] | None = None) -> FakeSlack:
    """Ana's conversation after these cards were queued and time has passed, minute by minute."""
    time = [NOW]
    fake = settled_town(FakeSlack())

    async def run() -> None:
        async with fake.serving(), deployed(store, folder, lambda: time[0], fake, Way()) as here:
            if fault:
                fake.fail(*fault)
            posts = [Post(f"k{n}", card, Place("slack", TEAM, DIRECT)) for n, card in enumerate(cards)]
            with store.begin() as tx:
                deliveries.enqueue(tx, posts, time[0])
            for _ in range(3):
                await here.settle()
                time[0] += timedelta(minutes=1)
            assert fake.refused == []

    asyncio.run(run())
    return fake


def test_a_picture_arrives_as_a_file_once(sqlite_store: Store, small: Path) -> None:
    """As it was, shared with nobody but by the message, with its words for who does not see it."""
    fake = deliver(sqlite_store, small, CARD, carrying(png(), "Again:"))

    first, second = fake.posted(DIRECT)
    (file,) = fake.files.values()
    assert file.content == png()
    assert pictures(first) == pictures(second) == [file.id]
    assert WORDS in first["text"]
    assert [block["alt_text"] for block in first["blocks"] if block["type"] == "image"] == [WORDS]
    (completed,) = [arguments for method, arguments in fake.calls if method == "files.completeUploadExternal"]
    assert not {"channel_id", "channels", "initial_comment"} & set(completed)
    assert calls(fake) == [1, 1, 1]


@pytest.mark.parametrize("method", UPLOADING)
def test_a_rate_limit_of_uploads_delays_the_message(method: str, sqlite_store: Store, small: Path) -> None:
    fake = deliver(sqlite_store, small, CARD, fault=(method, faults.limited(30)))

    (message,) = fake.posted(DIRECT)
    assert len(pictures(message)) == 1


def test_with_the_upload_server_down_the_message_arrives_in_words(sqlite_store: Store, small: Path) -> None:
    """Once, and at once."""
    fake = deliver(sqlite_store, small, CARD, fault=("upload_url", faults.broken(503)))

    (message,) = fake.posted(DIRECT)
    assert in_words(message)
    assert calls(fake) == [1, 1, 0]


@pytest.mark.parametrize("processing", [0.0, 10_000.0], ids=["shown", "in words"])
def test_a_pressed_card_is_exchanged_for_one_with_a_picture(
    processing: float, sqlite_store: Store, small: Path
) -> None:
    """At once: where Slack has not processed the picture by then, its words stand there."""

    @dataclass(frozen=True)
    class Exchanged:
        new: bool = True
        cards: tuple[Card, ...] = ()
        problems: dict[str, str] = field(default_factory=dict)
        form: Card | None = None
        instead: Card | None = CARD

    async def run() -> None:
        fake = settled_town(FakeSlack())
        fake.processing = processing
        way = Way(around=lambda inside: replace(inside, hear=lambda said, wanted: Exchanged()))
        async with fake.serving(), deployed(sqlite_store, small, lambda: NOW, fake, way) as here:
            ana = here.somebody()
            await ana.says("hello")
            await here.settle()
            await ana.presses("Quem vê o quê?")
            await here.settle()
            (changed,) = [one for one in fake.posted(DIRECT) if one.get("edited")]
            assert in_words(changed) if processing else len(pictures(changed)) == 1
            assert fake.count("chat.update") == 0
            assert fake.refused == []

    asyncio.run(run())


NO_PICTURE = {
    "too many bytes": carrying(png(padding=3_000_000)),
    "a byte too many": carrying(png(padding=1_000_001 - len(png()) - COMMENT)),
    "too wide": carrying(png(1_025, 1)),
    "too high": carrying(png(1, 1_025)),
    "no pixels": carrying(png(0, 1)),
    "a JPEG": carrying(b"\xff\xd8\xff\xe0" + png()[4:]),
    "called a JPEG": carrying(png(), kind="data:image/jpeg;base64,"),
    "an SVG": carrying(b"<svg/>", kind="data:image/svg+xml;base64,"),
    "cut off": carrying(png()[:18]),
    "no base64": Card(body="B", image=PICTURE + "a b!", image_text=WORDS),
    "other letters": Card(body="B", image=PICTURE + "é" * 40, image_text=WORDS),
    "nothing": Card(body="B", image=PICTURE, image_text=WORDS),
}


@pytest.mark.parametrize("name", NO_PICTURE)
def test_what_is_no_picture_of_ours_is_told_in_words(name: str) -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> tuple[dict[str, Any], list[int]]:
        assert isinstance(await adapter.send(HERE, NO_PICTURE[name], "k1"), Sent)
        assert fake.refused == []
        return fake.posted(DIRECT)[0], calls(fake)

    message, made = do(send)
    assert in_words(message)
    assert made == [0, 0, 0]


def test_the_largest_picture_there_may_be_is_shown() -> None:
    content = png(1_024, 1_024)
    content = png(1_024, 1_024, padding=1_000_000 - len(content) - COMMENT)
    assert len(content) == 1_000_000

    async def send(adapter: Slack, fake: FakeSlack) -> bool:
        await adapter.send(HERE, carrying(content), "k1")
        return next(iter(fake.files.values())).content == content and bool(pictures(fake.posted(DIRECT)[0]))

    assert do(send)


# Single calls.


def test_what_was_sent_again_changed_or_sent_to_many_at_once_is_uploaded_once() -> None:
    """For some minutes; another workspace has files of its own."""

    async def send(adapter: Slack, fake: FakeSlack) -> None:
        fake.fail("chat.postMessage", faults.reset())
        many = [adapter.send(place, CARD, f"k{n}") for n, place in enumerate([HERE, THERE] * 10)]
        outcomes = await asyncio.gather(*many)
        (unknown,) = [one for one in outcomes if isinstance(one, Unknown)]
        assert isinstance(await adapter.send(HERE, CARD, f"k{outcomes.index(unknown)}"), Sent)
        message = fake.posted(CHANNEL)[0]
        assert await adapter.edit(THERE, message["ts"], carrying(png(), "Other")) == Sent(message["ts"])
        assert calls(fake) == [1, 1, 1]
        assert pictures(message) == pictures(fake.posted(DIRECT)[0]) != []

        await adapter.send(replace(THERE, workspace="T0OTHER"), CARD, "k99")
        assert calls(fake) == [2, 2, 2]

    do(send)


def test_a_file_is_uploaded_again_when_it_is_forgotten() -> None:
    async def send(adapter: Slack, fake: FakeSlack) -> list[int]:
        await adapter.send(HERE, CARD, "k1")
        fake.ahead += KEPT_SECONDS + 1
        await adapter.send(HERE, CARD, "k2")
        return calls(fake)

    assert do(send) == [2, 2, 2]


def test_the_message_waits_while_slack_processes_its_picture() -> None:
    """And is sent in words where that does not end."""

    async def send(adapter: Slack, fake: FakeSlack) -> list[Outcome]:
        fake.processing = 5.0
        came = [await adapter.send(HERE, CARD, "k1")]
        assert fake.posted(DIRECT) == []
        fake.ahead += 5.0
        came.append(await adapter.send(HERE, CARD, "k1"))
        assert len(pictures(fake.posted(DIRECT)[0])) == 1

        fake.processing = 10_000.0
        other = carrying(png(3, 3))
        came.append(await adapter.send(HERE, other, "k2"))
        fake.ahead += PROCESSED_SECONDS
        came.append(await adapter.send(HERE, other, "k2"))
        assert in_words(fake.posted(DIRECT)[1])
        assert calls(fake) == [2, 2, 2]
        return came

    waits, sent, again, told = do(send)
    assert waits == again == Later(2.0, "Slack has not yet processed the picture of this message")
    assert isinstance(sent, Sent)
    assert isinstance(told, Sent)


def test_without_the_permission_or_the_upload_server_messages_are_not_held_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of many messages one finds out, which is said in the log; a minute later it is tried again."""

    async def send(adapter: Slack, fake: FakeSlack) -> None:
        fake.scopes = "chat:write"
        await asyncio.gather(*(adapter.send(HERE, CARD, f"k{n}") for n in range(5)))
        assert all(in_words(one) for one in fake.posted(DIRECT))
        assert calls(fake) == [1, 0, 0]
        fake.scopes = "chat:write,files:write"
        fake.ahead += FAILED_SECONDS + 1
        await adapter.send(HERE, CARD, "k5")
        assert len(pictures(fake.posted(DIRECT)[5])) == 1

    do(send)
    told = [one.getMessage() for one in caplog.records if "picture" in one.getMessage()]
    assert told == [
        f"Slack, workspace {TEAM}: a picture is shown in words: "
        "the app lacks a permission; update it from the manifest and install it again"
    ]


BROKEN = {
    "500": faults.broken(500),
    "503": faults.broken(503),
    "500, but done": faults.broken(500, done=True),
    "no JSON": faults.broken(200),
    "reset": faults.reset(),
    "reset, but done": faults.reset(done=True),
    "refused": faults.refused("file_uploads_disabled"),
}


@pytest.mark.parametrize("method", UPLOADING)
@pytest.mark.parametrize("broken", BROKEN)
def test_whatever_breaks_an_upload_the_message_is_sent(broken: str, method: str) -> None:
    """In words, by the same call; what Slack answers is never taken for a fault of the message."""

    async def send(adapter: Slack, fake: FakeSlack) -> dict[str, Any]:
        fake.fail(method, BROKEN[broken])
        assert isinstance(await adapter.send(HERE, CARD, "k1"), Sent)
        assert fake.refused == []
        return fake.posted(DIRECT)[0]

    assert in_words(do(send))


def test_an_upload_that_hangs_leaves_time_for_the_message() -> None:
    async def hangs(address: str, content: bytes) -> Answer:
        await asyncio.Event().wait()
        return Answer()

    async def send(adapter: Slack, fake: FakeSlack) -> dict[str, Any]:
        adapter.pictures = Pictures(adapter.call, hangs, fake.now, 0.1)
        assert isinstance(await adapter.send(HERE, CARD, "k1"), Sent)
        return fake.posted(DIRECT)[0]

    assert PATIENCE.call.total_seconds() > UPLOAD_SECONDS
    assert in_words(do(send))
