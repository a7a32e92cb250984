"""Faults: whatever breaks, nothing that was acknowledged is lost or said twice, and people see what happened.

The one exception is named: in a channel, which the bot cannot read, a message of which nobody knows is sent again, and
counted.
"""

from __future__ import annotations

import asyncio
import time as real
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from adapters.slack.inside import Inside
from bot.messages import Said
from bot.store import Store, StoreUnavailable, deliveries, hearing
from tests.adapters.slack import fake as faults
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.deployment import PACE, TOKEN, Deployment, Way, account, deployed, settled_town
from tests.adapters.slack.fake import FakeSlack, Fault
from tests.adapters.slack.payloads import CHANNEL, TEAM
from tests.adapters.slack.somebody import Somebody

# Only what a scene is about is hasty, so that a busy machine tells it no other way.
QUICK_CALLS = replace(PACE, call=1.0)
HASTY = replace(PACE, decide=0.5, accept=0.5)
SORRY = "Something went wrong on my side"
Scene = Callable[[Deployment], Awaitable[None]]


@dataclass
class Time:
    """A clock that tests move."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


def play(store: Store, folder: Path, scene: Scene, time: Time | None = None) -> None:
    """Runs a scene in front of a fresh Slack, which must have had nothing to refuse for its form."""
    acts(store, folder, (Way(pace=QUICK_CALLS), scene), time=time)


def acts(store: Store, folder: Path, *scenes: tuple[Way, Scene], time: Time | None = None) -> None:
    """The same in several acts, each in a process of its own."""

    async def run() -> None:
        fake = settled_town(FakeSlack())
        async with fake.serving():
            for way, scene in scenes:
                async with deployed(store, folder, time or Time(), fake, way) as here:
                    await scene(here)
                    assert fake.refused == []

    asyncio.run(run())


async def later(here: Deployment, time: Time, minutes: int = 5) -> None:
    """Time passes, minute by minute, and what is due is done."""
    for _ in range(minutes):
        time.now += timedelta(minutes=1)
        await asyncio.to_thread(here.core.tick, time.now)
        await here.settle()


def told(here: Deployment, somebody: Somebody) -> list[str]:
    """What stands in somebody's conversation with the bot."""
    return [one["text"] for one in here.fake.posted(somebody.direct.id)]


def lea_of(here: Deployment) -> Somebody:
    """Lea, who is in the directory."""
    return here.somebody(account(here.fake, "lea"))


STORM: dict[str, list[Fault]] = {
    "called too often": [faults.limited(2)] * 6,
    "out of order": [faults.broken(503)] * 4,
    "broken, and nothing done": [faults.broken(500)] * 2,
    "broken, but done": [faults.broken(500, done=True)],
    "reset, and nothing done": [faults.reset()] * 2,
    "reset, but done": [faults.reset(done=True)],
    "no answer, but done": [faults.stalled(QUICK_CALLS.call * 2, done=True)],
    "no answer, and nothing done": [faults.stalled(QUICK_CALLS.call * 2)],
    "everything": [faults.limited(1), faults.broken(502), faults.reset(), faults.refused("internal_error")],
}


@pytest.mark.parametrize("storm", STORM)
def test_an_answer_arrives_once_whatever_slack_does(storm: str, sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        lea = lea_of(here)
        here.fake.fail("chat.postMessage", *STORM[storm])
        await lea.says("why new phones?")
        await here.settle()
        await later(here, time, 12)
        welcome, answer = told(here, lea)
        assert welcome.startswith("Hi Lea.")
        assert "security updates" in answer

    play(sqlite_store, small, scene, time)


def test_in_a_channel_what_nobody_knows_is_sent_again_and_counted(sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        lea = lea_of(here)
        await lea.says("hello")
        await here.settle()
        here.fake.fail("chat.postMessage", faults.reset(done=True))
        await lea.mentions(CHANNEL, "why new phones?")
        await here.settle()
        await later(here, time)
        assert len(here.fake.posted(CHANNEL)) == 2

    play(sqlite_store, small, scene, time)
    with sqlite_store.read() as tx:
        assert deliveries.doubts(tx) == 1


def test_a_token_revoked_in_the_middle_is_reported_and_nothing_waits(
    sqlite_store: Store, small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        lea = lea_of(here)
        await lea.says("hello")
        await here.settle()
        here.fake.teams[TEAM].tokens.clear()
        assert (await lea.says("why new phones?")).status == 200
        await here.settle()
        await later(here, time, 2)
        here.fake.teams[TEAM].tokens.append(TOKEN)
        await lea.says("can i keep my number?")
        await here.settle()
        assert len(told(here, lea)) == 2

    play(sqlite_store, small, scene, time)
    assert [one.getMessage() for one in caplog.records].count(
        f"Slack, workspace {TEAM}: the app's token was revoked; install it again"
    ) == 1
    with sqlite_store.read() as tx:
        assert deliveries.counts(tx).get("failed") == 1


def test_a_slack_that_does_not_say_who_somebody_is_delays_the_answer(sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        lea = lea_of(here)
        here.fake.fail("users.info", faults.broken(503), faults.limited(5), faults.reset())
        assert (await lea.says("why new phones?")).status == 200
        await here.settle()
        assert told(here, lea) == []
        await later(here, time, 45)
        assert len(told(here, lea)) == 2

    play(sqlite_store, small, scene, time)


def test_a_form_outlives_the_process_that_opened_it(sqlite_store: Store, small: Path) -> None:
    async def run() -> None:
        fake = settled_town(FakeSlack())
        async with fake.serving():
            async with deployed(sqlite_store, small, Time(), fake) as one:
                lea = lea_of(one)
                await lea.commands("ask-owner phones")
                await one.settle()
                assert lea.looks() is not None
            async with deployed(sqlite_store, small, Time(), fake) as other:
                lea.side = other.side
                await lea.hands_in(text="", name="named")
                assert list(lea.errors.values()) == ["This is needed."]
                await lea.hands_in(text="Do the phones have a torch?", name="named")
                assert lea.screen is None
                await other.settle()
                assert sum(text.startswith("Done:") for text in told(other, lea)) == 1

    asyncio.run(run())


def test_an_event_that_a_process_accepted_and_never_answered_is_answered_by_the_next(
    sqlite_store: Store, small: Path
) -> None:
    """It was accepted with the account alone; the next process asks Slack who that is."""
    time = Time()

    async def run() -> None:
        fake = settled_town(FakeSlack())
        dying = Way(around=lambda inside: replace(inside, handle=lambda said: None))
        async with fake.serving():
            async with deployed(sqlite_store, small, time, fake, dying) as one:
                lea = lea_of(one)
                assert (await lea.says("why new phones?")).status == 200
            async with deployed(sqlite_store, small, time, fake) as other:
                await later(other, time, 1)
                welcome, answer = told(other, lea)
                assert welcome.startswith("Hi Lea.")
                assert "security updates" in answer

    asyncio.run(run())


# The database.


class Away:
    """A database that is away; its calls end only after `seconds`."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def between(self, inside: Inside) -> Inside:
        """The core behind it."""
        return replace(inside, accept=self._reached, hear=self._reached)

    def _reached(self, *_: object) -> Any:
        real.sleep(self.seconds)
        raise StoreUnavailable("the database is away")


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_while_the_database_is_away_nothing_is_lost_and_everybody_is_told(
    seconds: float, sqlite_store: Store, small: Path
) -> None:
    """It fails at once, or hangs for longer than Slack waits."""
    events: list[dict[str, Any]] = []
    before: list[str] = []

    async def well(here: Deployment) -> None:
        lea = lea_of(here)
        await lea.says("why new phones?")
        await lea.commands("ask-owner phones")
        await here.settle()
        before.extend(told(here, lea))

    async def away(here: Deployment) -> None:
        lea = lea_of(here)
        events.append(slack.typed("Ev1", "can i keep my number?", user=lea.account, channel=lea.direct.id))
        assert (await here.side.event(events[0])).status == 503
        assert (await lea.hands_in(text="Is there a torch?", name="named")).status == 200
        assert [error[: len(SORRY)] for error in lea.errors.values()] == [SORRY]
        assert lea.looks() is not None, "the form is still there, with what was typed"
        await lea.presses("What changes for me?")
        await here.app.finish()
        (whisper,) = here.fake.whispers
        assert (whisper["user"], whisper["text"][: len(SORRY)]) == (lea.account, SORRY)
        commanded = await lea.commands("when?")
        assert commanded.body["text"].startswith(SORRY)
        await lea.shortcut("settings")
        await here.settle()
        assert [text[: len(SORRY)] for text in told(here, lea)[len(before) :]] == [SORRY]

    async def back(here: Deployment) -> None:
        lea = lea_of(here)
        assert (await here.side.event(events[0], retries=1)).status == 200
        await lea.hands_in(text="Is there a torch?", name="named")
        assert lea.screen is None
        await here.settle()
        after = told(here, lea)[len(before) + 1 :]
        assert sum("number" in text for text in after) == 1
        assert sum(text.startswith("Done:") for text in after) == 1
        assert len(after) == 2

    hanging = Way(pace=HASTY, around=Away(seconds).between)
    acts(sqlite_store, small, (Way(), well), (hanging, away), (Way(), back))


def test_what_is_decided_too_late_does_not_count(sqlite_store: Store, small: Path) -> None:
    """Who was told that it failed presses again, and it is done once."""
    decided = Event()

    def slowly(inside: Inside) -> Inside:
        def hear(said: Said, wanted: Callable[[], bool]) -> Any:
            real.sleep(HASTY.decide * 2)
            try:
                return inside.hear(said, wanted)
            finally:
                decided.set()

        return replace(inside, hear=hear)

    async def opens(here: Deployment) -> None:
        await lea_of(here).commands("ask-owner phones")
        await here.settle()

    async def too_late(here: Deployment) -> None:
        lea = lea_of(here)
        await lea.hands_in(text="Is there a torch?", name="named")
        assert [error[: len(SORRY)] for error in lea.errors.values()] == [SORRY]
        assert await asyncio.to_thread(decided.wait, 20)
        await here.settle()
        assert not any(text.startswith("Done:") for text in told(here, lea))

    async def again(here: Deployment) -> None:
        lea = lea_of(here)
        await lea.hands_in(text="Is there a torch?", name="named")
        assert lea.screen is None
        await here.settle()
        assert sum(text.startswith("Done:") for text in told(here, lea)) == 1

    acts(sqlite_store, small, (Way(), opens), (Way(pace=HASTY, around=slowly), too_late), (Way(), again))


def test_what_is_recorded_too_late_to_be_acknowledged_is_answered_once(sqlite_store: Store, small: Path) -> None:
    first, answered, recorded = [True], Event(), Event()

    def slowly(inside: Inside) -> Inside:
        def accept(said: Said) -> bool:
            if not first:
                return inside.accept(said)
            first.pop()
            answered.wait(20)
            try:
                return inside.accept(said)
            finally:
                recorded.set()

        return replace(inside, accept=accept)

    async def scene(here: Deployment) -> None:
        lea = lea_of(here)
        event = slack.typed("Ev1", "why new phones?", user=lea.account, channel=lea.direct.id)
        assert (await here.side.event(event)).status == 503
        assert (await here.side.event(event, retries=3)).status == 200
        answered.set()
        assert await asyncio.to_thread(recorded.wait, 20)
        await here.settle()
        assert len(told(here, lea)) == 2

    acts(sqlite_store, small, (Way(pace=replace(PACE, accept=2.0), around=slowly), scene))
    with sqlite_store.read() as tx:
        assert hearing.counts(tx) == {"handled": 1}
