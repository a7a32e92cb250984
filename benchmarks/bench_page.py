"""The local page with 2,000 messages in a real browser, beside an empty one: until usable, and from key to card."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.messages import Card, Choice
from bot.store import Seal, Store, web_messages
from tests.browser.windows import MISSING, Windows, browser, chromium, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLAYBOOKS = Path(__file__).parent.parent / "tests/transcripts/playbooks/small"
MESSAGES = 2_000
ROUNDS = 11
WHEN = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANSWER = Card(
    "An answer of a few lines, as they come: what is decided, by whom, and what it means. " * 4, title="Title"
)

# From the key to the first frame after the answer stands in the page.
FROM_KEY_TO_CARD = """text => new Promise(done => {
  const field = document.getElementById("text");
  const before = document.querySelectorAll(".of-bot").length;
  new MutationObserver((_, watching) => {
    if (document.querySelectorAll(".of-bot").length === before) return;
    watching.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  }).observe(document.getElementById("log"), { childList: true, subtree: true });
  field.value = text;
  const began = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})"""
UNTIL_USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    """Prints one line for each page; says so where there is no browser."""
    if not chromium():
        print(MISSING)
        return
    with tempfile.TemporaryDirectory() as name, browser() as running:
        folder = Path(name)
        shutil.copytree(PLAYBOOKS, folder / "playbooks")
        with served(folder, folder / "playbooks") as server:
            windows = Windows(running, server.address)
            print(f"{'':32} {'usable after':>14} {'key to card':>14} {'slowest':>10}")
            measure("an empty conversation", windows.talk("otto"))
            fill(folder / "var", "direct:lea@example.com")
            page = windows.talk("lea")
            measure(f"{MESSAGES} messages, the newest shown", page)
            show_all(page)
            measure(f"{MESSAGES} messages, all shown", page, reload=False)
            windows.close()


def fill(folder: Path, place: str) -> None:
    """Puts the messages of a long conversation into the database."""
    store = Store.open(f"sqlite:///{folder}/throughline.db", secret=Seal([(folder / "secret").read_text("utf-8")]))
    with store.begin() as tx:
        for n in range(MESSAGES // 2):
            web_messages.add(tx, key=f"q{n}", place=place, sender="lea@example.com", text=f"Question {n}?", now=WHEN)
            card = Card(ANSWER.body, title=f"Answer {n}", choices=(Choice("When?", "when"), Choice("Who?", "who")))
            web_messages.add(tx, key=f"a{n}", place=place, card=card, now=WHEN)
    store.close()


def show_all(page: Page) -> None:
    """Opens earlier messages until there are none."""
    while page.locator("a.earlier").count():
        shown = page.locator(".message").count()
        page.locator("a.earlier").click()
        page.locator(".message").nth(shown).wait_for(state="attached")
    assert page.locator(".message").count() >= MESSAGES


def measure(what: str, page: Page, reload: bool = True) -> None:
    """One line: until the page can be used, and from pressing Enter to seeing the card."""
    usable = []
    for _ in range(ROUNDS if reload else 0):
        page.reload()
        usable.append(page.evaluate(UNTIL_USABLE))
    page.evaluate(FROM_KEY_TO_CARD, "can I keep my number?")
    cards = [page.evaluate(FROM_KEY_TO_CARD, "can I keep my number?") for _ in range(ROUNDS)]
    after = f"{statistics.median(usable):.0f} ms" if usable else "-"
    print(f"{what:32} {after:>14} {statistics.median(cards):>11.0f} ms {max(cards):>7.0f} ms")


if __name__ == "__main__":
    main()
