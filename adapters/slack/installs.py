"""In which workspaces the app is installed, and with which token it speaks there: one fixed token, or what OAuth gave.

What came with OAuth is in a book that is handed in (`Book`); it is asked once a minute at most for each workspace. A
token that expires is renewed two hours before, by one process alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from adapters.slack.calls import Answer
from adapters.slack.recent import Recent

Result = TypeVar("Result")
log = logging.getLogger(__name__)

# How long another process may go on with a token after this one learned that it is gone.
REMEMBERED_SECONDS = 60.0
WORKSPACES_REMEMBERED = 1_000
# docs, authentication/using-token-rotation: a token lives 12 hours.
RENEWED_BEFORE = timedelta(hours=2)
# Until so shortly before its end the old token is used while the new one is fetched.
USED_UNTIL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Install:
    """The app in one workspace, or in all of an Enterprise. `bot` is its account there, `expires` in Unix seconds."""

    workspace: str
    token: str
    bot: str = ""
    enterprise: str = ""
    name: str = ""
    refresh: str = ""
    expires: int = 0

    def to_json(self) -> str:
        """This, as text for the book."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Install:
        """What `to_json` wrote. Keys of a newer version are ignored."""
        return Install(**{k: v for k, v in json.loads(text).items() if k in Install.__slots__})


class Book(Protocol):
    """Where installs are kept. Synchronous: it is a database. Each call is a transaction of its own."""

    def keep(self, workspace: str, content: str) -> None:
        """Keeps this for the workspace; a renewal is over by it."""
        ...

    def find(self, workspace: str) -> str | None:
        """What is kept for it."""
        ...

    def forget(self, workspace: str) -> bool:
        """Deletes it."""
        ...

    def begin_renewal(self, workspace: str) -> str | None:
        """What is kept for it, for the one process that may renew it now."""
        ...

    def begin(self) -> str:
        """A random word with which an installation begins."""
        ...

    def end(self, word: str) -> bool:
        """Whether the installation of this word was begun a moment ago; once."""
        ...


Renew = Callable[[str], Awaitable[Answer]]


class Installs:
    """`renew` exchanges a refresh token; `now` is an aware clock."""

    def __init__(
        self,
        fixed: Install | None,
        book: Book | None,
        renew: Renew,
        executor: Executor,
        now: Callable[[], datetime],
    ) -> None:
        self.fixed = fixed
        self._book = book
        self._renew = renew
        self._executor = executor
        self._now = now
        self._seen = Recent[str, Install](REMEMBERED_SECONDS, WORKSPACES_REMEMBERED, self._count)
        self._tried = Recent[str, bool](REMEMBERED_SECONDS, WORKSPACES_REMEMBERED, self._count)
        self._renewing: dict[str, asyncio.Task[Install]] = {}

    async def of(self, workspace: str) -> Install | None:
        """The install that speaks in this workspace. Raises what the book raises when it cannot be read."""
        if self.fixed and (self._book is None or workspace == self.fixed.workspace):
            return self.fixed
        known = self._seen.get(workspace) or await self._found(workspace)
        if known is None or not known.expires:
            return known
        left = known.expires - self._count()
        if left > RENEWED_BEFORE.total_seconds() or self._tried.get(workspace):
            return known
        renewing = self._renewal(known)
        return known if left > USED_UNTIL.total_seconds() else await asyncio.shield(renewing)

    async def keep(self, install: Install) -> None:
        """Keeps a new install."""
        await self._work(lambda book: book.keep(install.workspace, install.to_json()))
        self._seen.keep(install.workspace, install)

    async def forget(self, workspace: str) -> None:
        """The app was taken out of this workspace, or its token revoked."""
        self._seen.forget(workspace)
        if self._book:
            await self._work(lambda book: book.forget(workspace))

    def doubt(self, workspace: str) -> None:
        """Slack did not take the token: the book is asked again, another process may have a new one."""
        self._seen.forget(workspace)

    async def _found(self, workspace: str) -> Install | None:
        content = await self._work(lambda book: book.find(workspace)) if self._book and workspace else None
        if content is None:
            return None
        found = Install.from_json(content)
        self._seen.keep(workspace, found)
        return found

    def _renewal(self, install: Install) -> asyncio.Task[Install]:
        running = self._renewing.get(install.workspace)
        if running is None:
            self._tried.keep(install.workspace, True)
            running = self._renewing[install.workspace] = asyncio.create_task(self._renewed(install))
            running.add_done_callback(lambda _: self._renewing.pop(install.workspace, None))
        return running

    async def _renewed(self, install: Install) -> Install:
        """The install with a new token, or as it is where that cannot be had now."""
        try:
            content = await self._work(lambda book: book.begin_renewal(install.workspace))
            if content is None:
                return await self._found(install.workspace) or install
            current = Install.from_json(content)
            new = current if current.expires > install.expires else await self._exchanged(current)
            if new is not None:
                await self.keep(new)
        except Exception as fault:  # noqa: BLE001 - the database may be away; the old token still serves
            log.warning("the token of a workspace could not be renewed now: %s", type(fault).__name__)
            return install
        return new or install

    async def _exchanged(self, install: Install) -> Install | None:
        answer = await self._renew(install.refresh)
        if not answer.taken:
            log.error("the token for %s could not be renewed: %s", install.name or install.workspace, answer.reason())
            return None
        lives = int(answer.body["expires_in"])
        return replace(
            install,
            token=str(answer.body["access_token"]),
            refresh=str(answer.body.get("refresh_token") or install.refresh),
            expires=int(self._count()) + lives,
        )

    def _count(self) -> float:
        return self._now().timestamp()

    async def _work(self, work: Callable[[Book], Result]) -> Result:
        book = self._book
        if book is None:
            raise LookupError("the app is not installed by OAuth")
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(book))
