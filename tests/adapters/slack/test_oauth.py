"""Installing by OAuth: into the workspaces that are named and no others; sealed, renewed, forgotten when taken out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from yarl import URL

from bot.messages import Card, Place, Refused, Sent
from bot.store import Store, slack_installs
from bot.store.tables import install
from tests.adapters.slack import fake as faults
from tests.adapters.slack import payloads as slack
from tests.adapters.slack.deployment import Deployment, Way, deployed, settled_town
from tests.adapters.slack.fake import FakeSlack, Team
from tests.adapters.slack.payloads import ANA, BOT, TEAM

HERE = Place("slack", TEAM, ANA)
CREDENTIALS = {
    "bot_token": "",
    "client_id": "1.2",
    "client_secret": "a client secret",
    "public_url": "https://bot.example.com",
    "teams": frozenset({TEAM, "E0ALL"}),
}
# slack_sdk 3.47 still hands aiohttp its old BasicAuth.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
Scene = Callable[[Deployment], Awaitable[None]]


@dataclass
class Time:
    """A clock that tests move. It begins at the real time, by which Slack's library reckons when a token ends."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


def play(store: Store, folder: Path, scene: Scene, time: Time, book: slack_installs.Book | None = None) -> None:
    """Runs a scene in front of a Slack that installs the app by OAuth."""

    async def run() -> None:
        fake = settled_town(FakeSlack())
        fake.teams.clear()
        way = Way(credentials=CREDENTIALS, book=book or slack_installs.Book(store, time))
        async with fake.serving(), deployed(store, folder, time, fake, way) as here:
            await scene(here)

    asyncio.run(run())


@dataclass(frozen=True)
class Page:
    """What a browser is shown."""

    status: int
    text: str


async def install_page(here: Deployment) -> tuple[dict[str, list[str]], str]:
    """Somebody opens the install page: where they are led, and the cookie they take along."""
    there = _site(here).with_path("/slack/install")
    async with here.side.session.get(there, allow_redirects=False) as answer:
        assert answer.status == 302
        cookie = re.match(r"[^;]+", answer.headers["Set-Cookie"])
        assert cookie is not None
        assert "Secure" in answer.headers["Set-Cookie"]
        return parse_qs(urlsplit(answer.headers["Location"]).query), cookie[0]


def _site(here: Deployment) -> URL:
    return URL(here.side.address)


async def come_back(here: Deployment, cookie: str, **query: str) -> Page:
    """Slack sends the browser back."""
    there = _site(here).with_path("/slack/oauth_redirect").with_query(query)
    async with here.side.session.get(there, headers={"Cookie": cookie}) as answer:
        return Page(answer.status, await answer.text())


async def installed(here: Deployment, team: str = TEAM, enterprise: str = "") -> Page:
    """Somebody installs the app into this workspace."""
    asked, cookie = await install_page(here)
    code = here.fake.code(Team(team, BOT, enterprise=enterprise))
    return await come_back(here, cookie, code=code, state=asked["state"][0])


def kept(store: Store) -> list[str]:
    """The workspaces whose install is kept."""
    with store.read() as tx:
        return slack_installs.workspaces(tx)


def test_a_named_workspace_installs_and_is_served(store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        asked, _ = await install_page(here)
        assert asked["client_id"] == ["1.2"]
        assert asked["redirect_uri"] == ["https://bot.example.com/slack/oauth_redirect"]
        assert "chat:write" in asked["scope"][0]
        assert "channels:history" not in asked["scope"][0]
        page = await installed(here)
        assert (page.status, "Team T0HOME" in page.text) == (200, True)
        await here.side.event(slack.typed("Ev1", "why new phones?"))
        await here.settle()
        assert len(here.fake.posted(slack.DIRECT)) == 2
        assert here.fake.count("auth.test") == 1, "only once, when it was installed"

    play(store, small, scene, Time())
    assert kept(store) == [TEAM]
    with store.read() as tx:
        stored = " ".join(str(value) for row in tx.execute(install.select()) for value in row)
    assert "xox" not in stored


def test_the_administrator_can_ask_for_replies_to_be_heard(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        there = _site(here).with_path("/slack/install").with_query(hear_replies="1")
        async with here.side.session.get(there, allow_redirects=False) as answer:
            scopes = parse_qs(urlsplit(answer.headers["Location"]).query)["scope"][0].split(",")
        assert {"channels:history", "groups:history", "chat:write"} <= set(scopes)

    play(sqlite_store, small, scene, Time())


def test_a_workspace_that_is_not_named_is_refused_kindly(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        page = await installed(here, "T0ELSEWHERE")
        assert page.status == 403
        assert "THROUGHLINE_SLACK_TEAMS" in page.text
        assert "T0ELSEWHERE" in page.text
        assert here.fake.teams["T0ELSEWHERE"].tokens == [], "its token was given back"
        assert (await installed(here, "T0OTHER", enterprise="E0ALL")).status == 200

    play(sqlite_store, small, scene, Time())
    assert kept(sqlite_store) == ["T0OTHER"]


def test_an_installation_ends_once_in_time_and_in_the_browser_where_it_began(sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        asked, cookie = await install_page(here)
        state = asked["state"][0]
        assert (await come_back(here, "", code="c", state=state)).status == 400
        assert (await come_back(here, cookie, code="c", state="forged")).status == 400
        assert (await come_back(here, cookie, state=state)).status == 401
        code = here.fake.code(Team(TEAM, BOT))
        assert (await come_back(here, cookie, code=code, state=state)).status == 401, "its word was used up"
        asked, cookie = await install_page(here)
        time.now += timedelta(minutes=11)
        late = await come_back(here, cookie, code=code, state=asked["state"][0])
        assert (late.status, "ten minutes" in late.text) == (401, True)
        asked, cookie = await install_page(here)
        wrong = await come_back(here, cookie, code="none", state=asked["state"][0])
        assert (wrong.status, "code" in wrong.text) == (401, True)
        denied = await come_back(here, cookie, error="access_denied")
        assert (denied.status, "not allowed" in denied.text) == (200, True)
        hostile = await come_back(here, cookie, error="<script>alert(1)</script>")
        assert "<script>" not in hostile.text

    play(sqlite_store, small, scene, time)
    assert kept(sqlite_store) == []


def test_a_slack_that_is_away_does_not_break_the_page(sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        here.fake.fail("oauth.v2.access", faults.reset())
        page = await installed(here)
        assert (page.status, "Begin again" in page.text) == (502, True)

    play(sqlite_store, small, scene, Time())
    assert kept(sqlite_store) == []


@pytest.mark.parametrize("how", ["app_uninstalled", "tokens_revoked"])
def test_what_was_taken_out_is_forgotten(how: str, sqlite_store: Store, small: Path) -> None:
    async def scene(here: Deployment) -> None:
        await installed(here)
        assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k1"), Sent)
        only_users = slack.event("Ev0", None, type="tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
        await here.side.event(only_users)
        assert kept(sqlite_store) == [TEAM]
        gone = slack.event("Ev1", None, type=how, tokens={"oauth": [], "bot": [BOT]})
        assert (await here.side.event(gone)).status == 200
        assert kept(sqlite_store) == []
        assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k2"), Refused)
        await installed(here)
        assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k3"), Sent)

    play(sqlite_store, small, scene, Time())


def test_a_token_is_renewed_before_it_ends_by_one_of_two_processes(store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        await installed(here)
        way = Way(credentials=CREDENTIALS, book=slack_installs.Book(store, time))
        async with deployed(store, small, time, here.fake, way) as other:
            began = time.now
            for minutes, exchanges in ((0, 1), (9 * 60, 1), (11 * 60, 2), (11 * 60, 2), (20 * 60, 2), (23 * 60, 3)):
                time.now = began + timedelta(minutes=minutes)
                sent = [one.app.platform.send(HERE, Card(body="x"), "k") for one in (here, other) * 3]
                assert all(isinstance(one, Sent) for one in await asyncio.gather(*sent))
                await asyncio.sleep(0.05)
                assert here.fake.count("oauth.v2.access") == exchanges, f"after {minutes} minutes"

    play(store, small, scene, time)


def test_a_token_that_ended_is_renewed_first(sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        await installed(here)
        time.now += timedelta(hours=13)
        here.fake.teams[TEAM].tokens.clear()
        assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k"), Sent)

    play(sqlite_store, small, scene, time)


def test_a_token_that_another_process_replaced_is_asked_for_at_once(sqlite_store: Store, small: Path) -> None:
    time = Time()

    async def scene(here: Deployment) -> None:
        await installed(here)
        assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k1"), Sent)
        way = Way(credentials=CREDENTIALS, book=slack_installs.Book(sqlite_store, time))
        async with deployed(sqlite_store, small, time, here.fake, way) as other:
            here.fake.teams[TEAM].tokens.clear()
            await installed(other)
            assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k2"), Sent)

    play(sqlite_store, small, scene, time)


class CountingBook(slack_installs.Book):
    """It counts how often somebody wanted to renew a token."""

    renewals = 0

    def begin_renewal(self, workspace: str) -> str | None:
        """Counts."""
        self.renewals += 1
        return super().begin_renewal(workspace)


def test_a_renewal_that_fails_leaves_the_old_token_in_use(sqlite_store: Store, small: Path) -> None:
    time = Time()
    book = CountingBook(sqlite_store, time)

    async def scene(here: Deployment) -> None:
        await installed(here)
        time.now += timedelta(hours=11)
        here.fake.fail("oauth.v2.access", faults.broken(503))
        for _ in range(3):
            assert isinstance(await here.app.platform.send(HERE, Card(body="x"), "k"), Sent)
            await asyncio.sleep(0.05)
        assert here.fake.count("oauth.v2.access") == 2
        assert book.renewals == 1, "not with every call"

    play(sqlite_store, small, scene, time, book)
