"""The clock: it ticks at once and again, whatever happens, and lets a tick end before it stops."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from adapters.clock import Clock


def test_a_tick_that_is_under_way_ends_before_the_clock_does(caplog: pytest.LogCaptureFixture) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def tick(now: datetime) -> None:
        begun.set()
        may_end.wait(30)
        ended.set()

    async def run(pool: ThreadPoolExecutor) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Clock(tick, lambda: datetime.now(UTC), pool).run(stop))
        await asyncio.to_thread(begun.wait, 30)
        stop.set()
        await asyncio.sleep(0)
        assert not ended.is_set()
        may_end.set()
        await running
        assert ended.is_set()

    with ThreadPoolExecutor(1) as pool, caplog.at_level(logging.WARNING):
        asyncio.run(run(pool))
    assert caplog.records == []


def test_it_can_be_stopped_before_the_first_tick() -> None:
    async def run(pool: ThreadPoolExecutor) -> None:
        stop = asyncio.Event()
        stop.set()
        await Clock(lambda _: None, lambda: datetime.now(UTC), pool).run(stop)

    with ThreadPoolExecutor(1) as pool:
        asyncio.run(run(pool))


def test_a_tick_that_fails_does_not_stop_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    failed = threading.Event()

    def tick(now: datetime) -> None:
        failed.set()
        raise RuntimeError("no luck")

    async def run(pool: ThreadPoolExecutor) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Clock(tick, lambda: datetime.now(UTC), pool).run(stop))
        await asyncio.to_thread(failed.wait, 30)
        await asyncio.sleep(0)
        assert not running.done()
        stop.set()
        await running

    with ThreadPoolExecutor(1) as pool:
        asyncio.run(run(pool))
    assert "no luck" in caplog.text
