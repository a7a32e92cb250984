"""Two platforms in one server, as the bot meets them over a network: they accept, refuse, ask for patience, answer too
late, or break off before or after they took the message. They outlive whoever calls them and remember every call.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Literal

from aiohttp import web

from bot.messages import Window

Fault = Literal["busy", "down", "reset", "taken-reset", "taken-gateway", "slow", "taken-slow"]
FAULTS: tuple[Fault, ...] = ("busy", "busy", "down", "reset", "taken-reset", "taken-gateway", "slow", "taken-slow")
FAULTY, FAULTS_AT_MOST = 0.1, 2
BLOCKED = 0.02
WORKSPACE = "acme"
# A message that is on its way is never exactly as punctual as it was sent.
PUNCTUALITY = 0.75


@dataclass(frozen=True, slots=True)
class Call:
    """One call to send: for whom, by which process, and when it came."""

    key: str
    account: str
    process: int
    came: float


@dataclass
class Platform:
    """What one platform was asked and what it took. `history` says that it can be searched by key."""

    name: str
    history: bool
    window: Window
    calls: list[Call] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    account_of: dict[str, str] = field(default_factory=dict)
    broken_off: int = 0
    too_fast: int = 0
    two_at_once: int = 0
    _recent: deque[float] = field(default_factory=deque)
    _under_way: Counter[int] = field(default_factory=Counter)

    def comes(self, call: Call, alive: Callable[[int], bool]) -> bool:
        """Notes a call; False where it comes faster than is allowed."""
        self.calls.append(call)
        self.two_at_once += any(n and p != call.process and alive(p) for p, n in self._under_way.items())
        self._under_way[call.process] += 1
        while self._recent and call.came - self._recent[0] > self.window.seconds * PUNCTUALITY:
            self._recent.popleft()
        self._recent.append(call.came)
        allowed = len(self._recent) <= self.window.calls
        self.too_fast += not allowed
        return allowed

    def leaves(self, call: Call) -> None:
        """The call is over."""
        self._under_way[call.process] -= 1

    def take(self, call: Call) -> None:
        """The message is before somebody's eyes now."""
        self.taken[call.key] += 1
        self.account_of[call.key] = call.account

    @property
    def doubled(self) -> int:
        """How many messages too many people saw."""
        return sum(times - 1 for times in self.taken.values())


class Platforms:
    """The server. Attributes may be read from the test's thread; `address` is known once it runs."""

    def __init__(self, window: Window, seed: int, patience: float) -> None:
        """`patience` is how long the bot waits for an answer, in seconds."""
        self.known = {name: Platform(name, name == "readable", window) for name in ("readable", "blind")}
        self.address = ""
        self.waiting: dict[str, float] = {}
        self.acknowledged: list[str] = []
        self.killed: set[int] = set()
        self._seed = seed
        self._patience = patience
        self._faults: defaultdict[str, int] = defaultdict(int)

    def blocked(self, account: str) -> bool:
        """Whether this account takes no message from the bot."""
        return not account.startswith("asks") and self._drawn(account, "blocked").random() < BLOCKED

    def holder(self, platform: str) -> int:
        """The process that called last."""
        calls = self.known[platform].calls
        return calls[-1].process if calls else 0

    def _drawn(self, account: str, what: str) -> random.Random:
        return random.Random(f"{self._seed}:{what}:{account}")

    def _fault(self, account: str) -> Fault | None:
        """What goes wrong this time: the same for the same account and seed, and not for ever."""
        chance = self._drawn(account, "faults")
        planned = [chance.choice(FAULTS) for _ in range(FAULTS_AT_MOST) if chance.random() < FAULTY]
        met = self._faults[account]
        self._faults[account] += 1
        return planned[met] if met < len(planned) else None

    async def send(self, request: web.Request) -> web.StreamResponse:
        platform = self.known[request.match_info["platform"]]
        asked = await request.json()
        call = Call(asked["key"], asked["account"], asked["process"], time.monotonic())
        punctual = platform.comes(call, lambda process: process not in self.killed)
        try:
            if not punctual:
                return _patience(platform.window.seconds)
            if self.blocked(call.account):
                return web.json_response({"reason": "blocked"}, status=403)
            return await self._answer(platform, call, self._fault(call.account), request)
        finally:
            platform.leaves(call)

    async def _answer(
        self, platform: Platform, call: Call, fault: Fault | None, request: web.Request
    ) -> web.StreamResponse:
        if fault == "busy":
            return _patience(0.2)
        if fault == "down":
            return web.json_response({}, status=503)
        if fault is None:
            await asyncio.sleep(random.uniform(0, 0.02))
            platform.take(call)
        else:
            await self._break_off(platform, call, fault, request)
        return web.json_response({"id": call.key[:8]}, status=502 if fault == "taken-gateway" else 200)

    async def _break_off(self, platform: Platform, call: Call, fault: Fault, request: web.Request) -> None:
        """Lets the caller not know whether the message was taken."""
        platform.broken_off += 1
        if fault.startswith("taken"):
            platform.take(call)
        if fault in ("slow", "taken-slow"):
            await asyncio.sleep(self._patience * 1.2)
        if fault == "slow":
            platform.take(call)
        if fault in ("reset", "taken-reset") and request.transport:
            request.transport.abort()

    async def find(self, request: web.Request) -> web.Response:
        platform = self.known[request.match_info["platform"]]
        if not platform.history:
            return web.json_response({"reason": "no history"}, status=403)
        found = platform.taken[request.query["key"]]
        return web.json_response({"id": request.query["key"][:8]}, status=200 if found else 404)

    async def open(self, request: web.Request) -> web.Response:
        return web.json_response({"conversation": f"direct:{request.query['account']}"})

    async def take_event(self, request: web.Request) -> web.Response:
        """An event that nobody acknowledged lately; now and then one that was acknowledged comes again."""
        now = time.monotonic()
        due = [event for event, since in self.waiting.items() if now - since > 1]
        if due:
            self.waiting[due[0]] = now
            return web.json_response({"event": due[0]})
        again = random.choice(self.acknowledged) if self.acknowledged and random.random() < 0.05 else ""
        return web.json_response({"event": again})

    async def acknowledge(self, request: web.Request) -> web.Response:
        event = request.query["event"]
        if self.waiting.pop(event, None) is not None:
            self.acknowledged.append(event)
        return web.json_response({})

    @contextmanager
    def running(self) -> Iterator[Platforms]:
        """Serves in a thread of its own for as long as the block lasts."""
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_forever)
        thread.start()
        runner = asyncio.run_coroutine_threadsafe(self._serve(), loop).result()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _serve(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/{platform}/send", self.send)
        app.router.add_get("/{platform}/find", self.find)
        app.router.add_get("/{platform}/open", self.open)
        app.router.add_post("/events/take", self.take_event)
        app.router.add_post("/events/acknowledge", self.acknowledge)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


def _patience(seconds: float) -> web.Response:
    return web.json_response({}, status=429, headers={"Retry-After": str(seconds)})
