"""`throughline serve` as a real process, spoken to by Slack and by Teams: their calls in, its calls out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.adapters.slack.deployment import APP_TOKEN, TOKEN, settled_town
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.slack.payloads import ANA
from tests.adapters.slack.side import SECRET, Side
from tests.adapters.slack.somebody import Somebody
from tests.adapters.teams.activities import ANA as ANA_IN_TEAMS
from tests.adapters.teams.activities import APP, TENANT
from tests.adapters.teams.activities import typed as typed_in_teams
from tests.adapters.teams.actors import Account
from tests.adapters.teams.fake import PASSWORD, FakeTeams
from tests.commands.deployment import Server, write_playbooks

PATIENCE_SECONDS = 30.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small playbooks, made live."""
    write_playbooks(tmp_path / "playbooks")
    return tmp_path


async def until(holds: Callable[[], bool]) -> None:
    """Waits until this holds; fails if it does not in time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def in_a_thread(work: Callable[[], Any]) -> Any:
    """What takes its time, without keeping the fakes from answering."""
    return await asyncio.get_running_loop().run_in_executor(None, work)


def variables(fake: FakeSlack, **more: str) -> dict[str, str]:
    """What one workspace over HTTP needs."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{fake.address}/api/", **more}


def test_slack_asks_over_http_and_is_answered(folder: Path) -> None:
    """A direct message in; the welcome and the answer out; a press, and the process ends in time."""

    async def run() -> None:
        fake = FakeSlack()
        async with fake.serving():
            settled_town(fake)
            with Server(folder, variables=variables(fake)) as server:
                # Whoever is not in the directory is welcome too; local mode is off with a platform.
                assert (await in_a_thread(lambda: server.get("/"))).status == 404
                side = Side(fake, f"{server.address}/slack/events")
                ana = Somebody(fake, side, ANA)

                assert (await ana.says("Where do I find my old sheets?")).status == 200
                await until(lambda: "archive" in str(fake.posted(ana.direct.id)))
                assert (await ana.presses("That helps")).status == 200

                await side.close()
                assert await in_a_thread(server.end) == 0
                assert "archive" not in server.logged()
            assert fake.refused == []

    asyncio.run(run())


def test_slack_asks_over_a_socket_and_is_answered(folder: Path) -> None:
    """Nothing listens for Slack then: the process opens the connection."""

    async def run() -> None:
        fake = FakeSlack()
        async with fake.serving():
            settled_town(fake)
            given = variables(fake, SLACK_APP_TOKEN=APP_TOKEN)
            del given["SLACK_SIGNING_SECRET"]
            with Server(folder, variables=given) as server:
                await until(lambda: bool(fake.sockets))
                side = Side(fake)
                ana = Somebody(fake, side, ANA)

                await ana.says("Where do I find my old sheets?")

                await until(lambda: "archive" in str(fake.posted(ana.direct.id)))
                await side.close()
                assert await in_a_thread(server.end) == 0

    asyncio.run(run())


def test_teams_asks_and_is_answered(folder: Path) -> None:
    """A signed activity in, the card out to the Connector; one that is not signed changes nothing."""

    async def run() -> None:
        async with FakeTeams() as fake, aiohttp.ClientSession() as client:
            fake.accounts["ana"] = Account("Ana Reis", "ana.reis@example.com", object_id=ANA_IN_TEAMS)
            given = {
                "MicrosoftAppId": APP,
                "MicrosoftAppPassword": PASSWORD,
                "MicrosoftAppTenantId": TENANT,
                "BotOpenIdMetadata": fake.metadata,
                "THROUGHLINE_TEAMS_TOKEN_URL": fake.address("/token"),
                "THROUGHLINE_TEAMS_SERVICE_HOSTS": "127.0.0.1",
            }
            with Server(folder, variables=given) as server:
                asked = typed_in_teams("Where do I find my old sheets?", serviceUrl=fake.service, locale="en-US")
                asked["from"]["id"] = fake.accounts["ana"].id
                asked["conversation"] = {**asked["conversation"], "id": fake.accounts["ana"].conversation}
                at = f"{server.address}/api/messages"
                async with client.post(at, json=asked) as refused:
                    assert refused.status == 401
                token = fake.token(time.time())
                async with client.post(at, json=asked, headers={"Authorization": f"Bearer {token}"}) as taken:
                    assert taken.status in (200, 201)

                await until(lambda: any("archive" in str(m.activity) for m in fake.messages))
                assert await in_a_thread(server.end) == 0

    asyncio.run(run())
