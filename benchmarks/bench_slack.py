"""Slack over HTTP, beside a bare slack-bolt app that only echoes: acknowledgements and replies, in the same run.

The whole product is served as a process of its own, in front of a fake Slack in this one, with Slack's real limits for
posting. So is the echo. `python -m benchmarks.bench_slack echo API_URL` is that echo.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.adapters.slack import payloads as slack
from tests.adapters.slack.deployment import TOKEN, account
from tests.adapters.slack.fake import Arguments, FakeSlack, Result, Team
from tests.adapters.slack.payloads import BOT, TEAM
from tests.adapters.slack.side import SECRET, Side
from tests.commands.deployment import ROOT, Server, clean_environment

PLAYBOOKS = ROOT / "tests/transcripts/playbooks/small"
PEOPLE = 30
# One question each, at a pace at which Slack takes the answers at once.
GENTLE_SECONDS = 0.3
BURST, AT_ONCE = 400, 8
PATIENCE_SECONDS = 90.0
QUESTION = "can i keep my number?"


@dataclass
class TimedSlack(FakeSlack):
    """It notes when something was posted where."""

    posted_at: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        FakeSlack.__init__(self)

    def _post(self, team: Team, arguments: Arguments) -> Result:
        result = super()._post(team, arguments)
        self.posted_at.setdefault(result["channel"], []).append(asyncio.get_running_loop().time())
        return result


def main() -> None:
    """Prints one line for each app."""
    print(f"{'':24}{'acknowledged':>34}{'in a burst':>34}{'replied':>24}")
    print(f"{'':24}" + f"{'p50':>10}{'p95':>12}{'p99':>12}" * 2 + f"{'p50':>12}{'p95':>12}" + f"{'events/s':>12}")
    asyncio.run(measure("slack-bolt, bare echo", echo))
    asyncio.run(measure("throughline", product))


async def measure(name: str, served: Any) -> None:
    """One line: how fast it is."""
    fake = TimedSlack()
    async with fake.serving():
        fake.team(TEAM, TOKEN, BOT)
        people = [account(fake, f"person{n}") for n in range(PEOPLE)]
        with served(fake.address) as address:
            side = Side(fake, address)
            await warm_up(fake, side, people)
            gentle, replies = await questions(fake, side, people)
            burst, rate = await storm(fake, side, people)
            await side.close()
    acks = "".join(f"{line(part)}" for part in (gentle, burst))
    shown = f"{at(replies, 50):>9.1f} ms{at(replies, 95):>9.1f} ms"
    print(f"{name:24}{acks}{shown}{rate:>12.0f}")


def line(seconds: list[float]) -> str:
    """The percentiles of one column."""
    return f"{at(seconds, 50):>7.1f} ms{at(seconds, 95):>9.1f} ms{at(seconds, 99):>9.1f} ms"


def at(seconds: list[float], percent: int) -> float:
    """This percentile, in milliseconds."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1_000


def event(fake: FakeSlack, person: str, text: str) -> dict[str, Any]:
    """Somebody writes directly."""
    return slack.typed(f"Ev{uuid4().hex}", text, user=person, channel=fake.direct(person, TEAM).id)


async def warm_up(fake: TimedSlack, side: Side, people: list[str]) -> None:
    """Everybody has been welcomed."""
    for person in people:
        assert (await side.event(event(fake, person, "hello"))).status == 200
    await everybody_answered(fake, people)
    await asyncio.sleep(2)


async def everybody_answered(fake: TimedSlack, people: list[str]) -> None:
    """Something was posted to each of them."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(fake.posted_at) < len(people):
            fake.changed.clear()
            await fake.changed.wait()


async def questions(fake: TimedSlack, side: Side, people: list[str]) -> tuple[list[float], list[float]]:
    """Everybody asks one question: the seconds until it was acknowledged, and until the answer was posted."""
    loop = asyncio.get_running_loop()
    acks: list[float] = []
    asked: dict[str, float] = {}
    fake.posted_at.clear()
    for person in people:
        asked[fake.direct(person, TEAM).id] = loop.time()
        acked = await side.event(event(fake, person, QUESTION))
        assert acked.status == 200
        acks.append(acked.seconds)
        await asyncio.sleep(GENTLE_SECONDS)
    await everybody_answered(fake, people)
    return acks, [min(fake.posted_at[channel]) - began for channel, began in asked.items()]


async def storm(fake: TimedSlack, side: Side, people: list[str]) -> tuple[list[float], float]:
    """Many events at once, while the answers to them are on their way: the seconds until each was acknowledged, and
    how many were in a second. What is not acknowledged is sent again, as Slack does.
    """
    acks: list[float] = []
    left = iter(range(BURST))
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def one_after_the_other() -> None:
        for number in left:
            began = loop.time()
            acked = await side.event(event(fake, people[number % len(people)], QUESTION), retries=3)
            assert acked.status == 200
            acks.append(loop.time() - began)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return acks, BURST / (loop.time() - began)


@contextmanager
def product(api: str) -> Iterator[str]:
    """The product, served."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PLAYBOOKS, folder / "playbooks")
        variables = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{api}/api/"}
        with Server(folder, variables=variables) as server:
            yield f"{server.address}/slack/events"


@contextmanager
def echo(api: str) -> Iterator[str]:
    """The echo, served."""
    command = [sys.executable, "-m", "benchmarks.bench_slack", "echo", f"{api}/api/"]
    variables = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


async def serve_echo(api: str) -> None:
    """Slack's own library as its documentation shows it, and nothing else."""
    app = AsyncApp(client=AsyncWebClient(token=TOKEN, base_url=api), signing_secret=SECRET)

    @app.event("message")
    async def echoed(event: dict[str, Any], say: Any) -> None:
        await say(event["text"])

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.add_routes([web.post("/slack/events", events)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["echo"]:
        os.environ.pop("SLACK_BOT_TOKEN", None)
        asyncio.run(serve_echo(sys.argv[2]))
    else:
        main()
