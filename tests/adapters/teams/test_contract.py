"""Teams takes the exam of all adapters, with a Connector over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from adapters.teams import limits, parse, render
from adapters.teams.connector import Connector
from adapters.teams.platform import LIMITS, Teams
from adapters.teams.token import Credentials
from bot.messages import Absent, Adapter, Card, Later, Outcome, Place, Refused, Said, Sent
from bot.store import Seal, Store
from bot.store.teams_references import References
from tests.adapters.contract import AdapterContract, Platform
from tests.adapters.teams import activities
from tests.adapters.teams.activities import APP, LOOK, TENANT
from tests.adapters.teams.actors import Account
from tests.adapters.teams.conftest import NOW
from tests.adapters.teams.deployment import LOOPBACK, texts
from tests.adapters.teams.fake import PASSWORD, FakeTeams
from tests.conftest import opened

Result = TypeVar("Result")
ANA = "99999999-0000-4000-8000-00000000000a"


class _Alone:
    """The adapter with a platform of its own for each call, since each is made on an event loop of its own."""

    name = "teams"
    limits = LIMITS

    def __init__(self, store: Store) -> None:
        self._store = store

    async def send(self, place: Place, card: Card, key: str) -> Outcome:
        return await self._with(lambda teams: teams.send(place, card, key))

    async def edit(self, place: Place, message: str, card: Card) -> Outcome:
        return await self._with(lambda teams: teams.edit(place, message, card))

    async def delete(self, place: Place, message: str) -> Outcome:
        return await self._with(lambda teams: teams.delete(place, message))

    async def find(self, place: Place, key: str, since: datetime, until: datetime) -> Sent | Absent | Later | Refused:
        return await self._with(lambda teams: teams.find(place, key, since, until))

    async def open_direct(self, account: str, workspace: str) -> Place | Refused | Later:
        return await self._with(lambda teams: teams.open_direct(account, workspace))

    async def _with(self, call: Callable[[Teams], Awaitable[Result]]) -> Result:
        async with FakeTeams() as fake:
            fake.accounts["ana"] = Account("Ana", "ana@example.com", object_id=ANA)
            credentials = Credentials(APP, PASSWORD, TENANT, fake.address("/token"))
            references = References(self._store, lambda: NOW)
            teams = Teams(Connector(credentials, LOOPBACK), references, LOOK, APP, fake.service)
            # Each platform has another port.
            references.keep_conversation(TENANT, fake.accounts["ana"].conversation, {"serviceUrl": fake.service})
            try:
                return await call(teams)
            finally:
                await teams.close()


def _said(activity: dict[str, Any]) -> Said | None:
    """What is said, with the event as the platform alone names it."""
    found = parse.said(activity, member=activities.member())
    return replace(found, event=found.event.partition("|")[2]) if found else None


@pytest.fixture(scope="module", autouse=True)
def _store_of_the_adapter(migrated_file: Path, seal: Seal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    path = tmp_path_factory.mktemp("contract") / "throughline.db"
    shutil.copy(migrated_file, path)
    with opened(f"sqlite:///{path}", seal) as store:
        TestTeams.platform = replace(TestTeams.platform, adapter=lambda: _Alone(store))
        yield


def _not_yet() -> Adapter:
    raise AssertionError("the fixture gives the adapter")


def _shown(rendered: dict[str, Any]) -> str:
    """All that can be read, with the addresses behind links."""
    return texts(rendered["attachments"][0]["content"])


class TestTeams(AdapterContract):
    """The laws, in Teams."""

    platform: ClassVar[Platform] = Platform(
        parse=_said,
        render=lambda card: render.message(card, LOOK),
        shown=_shown,
        longest=limits.ACTIVITY_BYTES,
        adapter=_not_yet,
        typed=lambda event, text: activities.typed(text, event),
        mentioned=lambda event, text: activities.mentioned(text, event),
        pressed=lambda event, says: activities.executed({parse.SAYS: says}, event),
        handed_in=lambda event, form, answers: activities.dialog(
            "task/submit", {parse.SUBMITS: form, **{f"text.{name}": value for name, value in answers.items()}}, event
        ),
        own=lambda text: activities.typed(text) | {"from": activities.BOT},
        known_account=ANA,
        workspace=TENANT,
    )
