"""A served page and real browser windows on it, for browser tests, screenshots and the benchmark."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.messages import Card
from bot.store import Seal, Store, deliveries, web_messages
from tests.commands.deployment import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "NO CHROMIUM HERE: nothing was tried in a real browser. Install it (on Debian: apt install chromium) to do that"
)
PATIENCE_MS = 15_000


def chromium() -> str:
    """The Chromium of this machine, '' if there is none."""
    return next((found for name in CHROMIUMS if (found := shutil.which(name))), "")


@contextmanager
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, running."""
    from playwright.sync_api import sync_playwright

    # As root, as in containers, Chromium starts only without its sandbox.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium(), args=arguments)
        yield running
        running.close()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def served(folder: Path, playbooks: Path) -> Server:
    """A server on a port of its own, the same after each start; to be entered."""
    return Server(folder, ("--port", str(free_port()), "--playbooks", str(playbooks)))


@dataclass
class Windows:
    """Windows of a browser, each with somebody in it, and what their consoles complained about."""

    browser: Browser
    address: str
    opened: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/", address: str = "", **settings: Any) -> Page:
        """A new window of its own browser profile."""
        settings.setdefault("viewport", {"width": 1280, "height": 800})
        context = self.browser.new_context(locale="en-GB", **settings)
        context.set_default_timeout(PATIENCE_MS)
        self.opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda wrong: self._complain(str(wrong)))
        page.goto((address or self.address) + path)
        return page

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def talk(self, who: str, room: str = "direct", **settings: Any) -> Page:
        """A new window in which somebody talks."""
        return self.open(f"/as/{who}@example.com/{room}", **settings)

    def expect_losses(self) -> None:
        """That connections were lost is no complaint."""
        self.complaints[:] = [c for c in self.complaints if "net::ERR_" not in c]

    def close(self) -> None:
        """Closes all windows."""
        for context in self.opened:
            context.close()
        self.opened.clear()


def says(page: Page, text: str) -> None:
    """Types this and sends it."""
    page.get_by_label("Message", exact=False).and_(page.locator("textarea")).first.fill(text)
    page.keyboard.press("Enter")


def log(page: Page) -> Locator:
    """Where the messages stand."""
    return page.get_by_role("log")


def tab_to(page: Page, name: str, back: bool = False) -> None:
    """Goes on with the tabulator until what has the focus bears this name."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if name in focused(page):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{name!r} cannot be reached")


def focused(page: Page) -> str:
    """The text of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"))


def eventually(holds: Callable[[], bool], otherwise: Callable[[], object]) -> None:
    """Does the other thing until this holds; fails if that takes too long."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < end
        otherwise()


class Kept:
    """What the server keeps, changed beside it as by another process that sends."""

    def __init__(self, server: Server) -> None:
        secret = (server.folder / "var/secret").read_text("utf-8")
        self._store = Store.open(f"sqlite:///{server.folder}/var/throughline.db", secret=Seal([secret]))
        self.close = self._store.close

    def posts(self, name: str, card: Card) -> int:
        """Posts a card in the channel of everybody."""
        now = datetime.now(UTC)
        with self._store.begin() as tx:
            return web_messages.add(tx, key=f"{name} {now}", place="channel:partners", card=card, now=now)

    def everything_is_sent(self) -> bool:
        """Whether nothing waits, and it is noted of everything how it ended."""
        with self._store.read() as tx:
            return set(deliveries.counts(tx)) == {"sent"}

    def changes(self, number: int, card: Card) -> None:
        """Puts another card in the place of what was posted."""
        with self._store.begin() as tx:
            assert web_messages.change(tx, number, card)

    def takes_back(self, *numbers: int) -> None:
        """Takes back what was posted."""
        with self._store.begin() as tx:
            for number in numbers:
                web_messages.remove(tx, number)


class Cable:
    """A way to the server that can be cut and mended: it passes on bytes and knows nothing of them."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._to = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self.cut_off = False
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """Where to connect."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut(self) -> None:
        """Breaks all connections and lets no new one through."""
        self.cut_off = True
        for end in self._ends:
            _hang_up(end)
        self._ends.clear()

    def mend(self) -> None:
        """Lets connections through again."""
        self.cut_off = False

    def close(self) -> None:
        """Ends for good."""
        self.cut()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.cut_off:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            to.sendall(data)
    _hang_up(source)
    _hang_up(to)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
