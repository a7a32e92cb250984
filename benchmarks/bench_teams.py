"""Teams: activities a second and how long they take, beside a bare Bot Framework echo bot that keeps and knows nothing.

Platform, people and bot are in one process and share its cores, for both alike: the figures are for comparing. The pace
that Teams documents (50 calls a second) is off, or both would measure that.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import (
    ChannelValidation,
    JwtTokenExtractor,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)

from bot.store import Seal, Store
from tests.adapters.teams.activities import APP
from tests.adapters.teams.actors import Account
from tests.adapters.teams.deployment import Deployment, buttons, deployment
from tests.adapters.teams.fake import PASSWORD, FakeTeams

SMALL = Path(__file__).parent.parent / "tests/transcripts/playbooks/small"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PEOPLE = 40
ACTIVITIES = 400
AT_ONCE = 20
# What neither is at its limit with.
RATE, CALM = 15, 90
QUESTION = "can i keep my number?"

Post = Callable[[dict[str, Any]], Awaitable[int]]


def main() -> None:
    """Prints a line for each way of speaking to each bot."""
    print(f"{ACTIVITIES} activities of {PEOPLE} people, {AT_ONCE} at once")
    print(f"{'':34} {'a second':>9} {'taken p50':>10} {'p95':>7} {'p99':>7} {'answered p50':>13} {'p95':>7}   (ms)")
    with tempfile.TemporaryDirectory() as name:
        store = Store.open(f"sqlite:///{name}/throughline.db", secret=Seal(["a secret for benchmarks only"]))
        store.migrate()
        shutil.copytree(SMALL, Path(name) / "playbooks")
        with deployment(store, Path(name) / "playbooks", NOW) as teams:
            _meet(teams)
            teams.runner.run(_measured_echo(teams))
            teams.runner.run(_measured(teams))
        store.close()


def _meet(teams: Deployment) -> None:
    """Everybody has said hello before, to both."""
    for number in range(PEOPLE):
        teams.fake.accounts[f"p{number}"] = Account(f"Person {number}", f"p{number}@example.com")
        teams.posted(teams.typed(f"p{number}", "hello"))


async def _measured_echo(teams: Deployment) -> None:
    async with _echo_bot(teams.fake) as post:
        await _round(teams, post)
        await _print("bare echo bot, typed", teams, post, _typed(teams))
        await _print(f"the same, {RATE} a second", teams, post, _typed(teams)[:CALM], RATE)


async def _measured(teams: Deployment) -> None:
    stop = asyncio.Event()
    sending = asyncio.create_task(teams.sender.run(stop))

    async def post(activity: dict[str, Any]) -> int:
        return (await teams.post(activity, _signed(teams.fake))).status

    await _round(teams, post)
    await _print("Throughline, a question, answered", teams, post, _typed(teams))
    await _print(f"the same, {RATE} a second", teams, post, _typed(teams)[:CALM], RATE)
    message = next(m for m in reversed(teams.fake.messages) if "That helps" in buttons(m.card))
    action = buttons(message.card)["That helps"]
    value = {"action": {"type": "Action.Execute", "verb": "says", "data": action["data"]}, "trigger": "manual"}
    more: dict[str, Any] = {"name": "adaptiveCard/action", "value": value, "replyToId": message.id}
    presses = [teams.activity(f"p{n % PEOPLE}", "invoke", **more) for n in range(ACTIVITIES)]
    await _print("Throughline, a press, decided", teams, post, presses)
    stop.set()
    await sending


def _typed(teams: Deployment) -> list[dict[str, Any]]:
    return [teams.typed(f"p{n % PEOPLE}", QUESTION) for n in range(ACTIVITIES)]


def _signed(fake: FakeTeams) -> dict[str, str]:
    return {"Authorization": f"Bearer {fake.token(time.time())}"}


async def _round(teams: Deployment, post: Post) -> None:
    """One of each, so that nothing is measured that happens once."""
    teams.fake.posted.clear()
    await post(teams.typed("p0", QUESTION))
    await teams.fake.posted.wait()


async def _print(name: str, teams: Deployment, post: Post, activities: list[dict[str, Any]], rate: int = 0) -> None:
    """Posts them, all at once or so many a second, and prints what it took."""
    fake, free = teams.fake, asyncio.Semaphore(AT_ONCE)
    posted: list[float] = []
    seen = len(fake.messages)
    began: list[float] = []
    taken: list[float] = []

    async def one(number: int, activity: dict[str, Any]) -> None:
        if rate:
            await asyncio.sleep(number / rate)
        async with free:
            start = time.perf_counter()
            began.append(start)
            assert await post(activity) in (200, 201)
            taken.append(time.perf_counter() - start)

    async def watch() -> None:
        while len(posted) < len(activities):
            await fake.posted.wait()
            fake.posted.clear()
            posted.extend([time.perf_counter()] * (len(fake.messages) - seen - len(posted)))

    gc.collect()
    fake.posted.clear()
    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    start = time.perf_counter()
    await asyncio.gather(*(one(number, activity) for number, activity in enumerate(activities)))
    await watching
    whole = time.perf_counter() - start
    waited = [end - first for end, first in zip(sorted(posted), sorted(began), strict=False)]
    print(
        f"{name:34} {len(activities) / whole:9.0f} {_at(taken, 50):10.1f} {_at(taken, 95):7.1f} {_at(taken, 99):7.1f}"
        f" {_at(waited, 50):13.1f} {_at(waited, 95):7.1f}"
    )


def _at(seconds: list[float], percent: int) -> float:
    """That percentile, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


class _Echo(ActivityHandler):  # type: ignore[misc]  # the SDK carries no types
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


class _Constant(MicrosoftAppCredentials):  # type: ignore[misc]  # the same
    """The SDK's token endpoint must be https, so its bot is given a token."""

    token = "a token for benchmarks only"  # noqa: S105 - it opens nothing

    def get_access_token(self, force_refresh: bool = False) -> str:
        return self.token


class _Factory(PasswordServiceClientCredentialFactory):  # type: ignore[misc]  # the same
    async def create_credentials(self, app_id: str, *_: Any, **__: Any) -> _Constant:
        return _Constant(app_id, self.password)


class _Settings:
    APP_ID, APP_PASSWORD = APP, PASSWORD


@asynccontextmanager
async def _echo_bot(fake: FakeTeams) -> Any:
    """The echo bot of the SDK's own samples, on the same platform."""
    fake.tokens.add(_Constant.token)
    ChannelValidation.open_id_metadata_endpoint = fake.metadata
    # It fetches keys on the event loop, and would wait there for ever for a platform on the same loop.
    keys = JwtTokenExtractor.get_open_id_metadata(fake.metadata)
    await asyncio.to_thread(lambda: asyncio.run(keys.get("k1")))
    factory = _Factory(APP, PASSWORD)
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(_Settings(), credentials_factory=factory))
    bot = _Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        answered: web.StreamResponse = await adapter.process(request, bot)
        return answered

    app = web.Application()
    app.add_routes([web.post("/api/messages", messages)])
    server = TestServer(app)
    await server.start_server()
    async with ClientSession() as client:

        async def post(activity: dict[str, Any]) -> int:
            address = server.make_url("/api/messages")
            async with client.post(address, json=activity, headers=_signed(fake)) as response:
                return response.status

        yield post
    await server.close()


if __name__ == "__main__":
    main()
