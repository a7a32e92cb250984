"""Takes the pictures of the documentation anew, from the running page with the sample playbooks: `make screenshots`."""

from __future__ import annotations

import base64
import secrets
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.board.link import give
from bot.playbook.folder import read_folder
from bot.playbook.load import assemble
from bot.store import Seal, Store, people
from tests.browser.raised import fill
from tests.browser.windows import MISSING, Windows, browser, chromium, says, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"
LARGEST = 200_000
SCREEN = {"width": 1200, "height": 760}
HALF = {"width": 780, "height": 660}
PHONE = {"width": 390, "height": 780}
RAISED = 40
UNKNOWN = "is there a canteen near the training room?"


def main() -> int:
    """Writes every picture; 1 where there is no browser, or a picture is too large to be kept."""
    if not chromium():
        print(MISSING, file=sys.stderr)  # noqa: T201 - a command's word to whoever started it
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        browser() as running,
        served(Path(folder), ROOT / "playbooks") as server,
    ):
        windows = Windows(running, server.address)
        for take in (start, light, dark, phone, german, two_windows, channel):
            take(windows)
            windows.close()
        queue(windows, Path(folder))
        windows.close()
    large = [file.name for file in PICTURES.glob("*.png") if file.stat().st_size > LARGEST]
    for name in large:
        print(f"{name} is larger than {LARGEST // 1000} kB", file=sys.stderr)  # noqa: T201 - as above
    return bool(large) or 0


def start(windows: Windows) -> None:
    """Where one chooses who to be."""
    keep(windows.open(viewport=SCREEN), "start")


def light(windows: Windows) -> None:
    """An answer with its source."""
    page = windows.talk("carmen.ibarra", viewport=SCREEN)
    says(page, "why are they taking Visita away from us??")
    answered(page, 2)
    keep(page, "light")


def dark(windows: Windows) -> None:
    """The same page at night, with the clock moved."""
    page = windows.talk("terrence.boyd", viewport=SCREEN, color_scheme="dark")
    says(page, "when does it start?")
    answered(page, 2)
    page.locator(".clock summary").click()
    keep(page, "dark")


def phone(windows: Windows) -> None:
    """On a phone."""
    page = windows.talk("brian.kowalczyk", viewport=PHONE, color_scheme="light", device_scale_factor=1.5)
    says(page, "who decided this?")
    answered(page, 2)
    keep(page, "phone")


def german(windows: Windows) -> None:
    """In German."""
    page = windows.talk("doreen.pfeiffer", viewport=SCREEN)
    says(page, "Wer ist dafür verantwortlich?")
    answered(page, 2)
    keep(page, "german")


def channel(windows: Windows) -> None:
    """A channel with a thread."""
    windows.talk("luana.ferraz", "general", viewport=SCREEN)
    page = windows.talk("danielle.okafor", "general", viewport=SCREEN)
    says(page, "why are they taking the old system away from us?")
    page.locator(".replies .of-bot").last.wait_for()
    keep(page, "channel")


def two_windows(windows: Windows) -> None:
    """A question is passed on: the employee's window and the project manager's, side by side."""
    employee = windows.talk("hannah.weissman", viewport=HALF)
    manager = windows.talk("nuno.falcao", viewport=HALF)
    says(employee, UNKNOWN)
    employee.get_by_role("button", name="Ask Nuno").last.click()
    manager.locator(".card button").last.click()
    field = manager.locator("textarea[name='field.text']").last
    field.fill("Yes: on the ground floor, open from 8 to 15.")
    manager.locator(".submit").last.click()
    employee.get_by_text("on the ground floor").last.wait_for()
    settled(employee)
    settled(manager)
    shots = [base64.b64encode(page.screenshot()).decode() for page in (employee, manager)]
    both = windows.open("/healthz", viewport={"width": 2 * HALF["width"] + 48, "height": HALF["height"] + 32})
    frame = "".join(
        f'<img style="border-radius:10px;box-shadow:0 1px 8px #0003" src="data:image/png;base64,{s}">' for s in shots
    )
    both.set_content(f'<body style="margin:16px;display:flex;gap:16px;background:#d8d6cf">{frame}</body>')
    both.wait_for_function("[...document.images].every(image => image.complete)")
    both.screenshot(path=PICTURES / "two-windows.png")


def queue(windows: Windows, folder: Path) -> None:
    """What people have raised, as the project manager sees it."""
    now, secret = datetime.now(UTC), (folder / "var/secret").read_text("utf-8").strip()
    store = Store.open(f"sqlite:///{folder}/var/throughline.db", secret=Seal([secret]))
    fill(store, assemble(read_folder(ROOT / "playbooks")[0]), now, "crm-renewal", RAISED)
    with store.begin() as tx:
        manager = people.person_by_email(tx, "nuno.falcao@example.com")
        key = manager.key if manager else ""
        people.set_setting(tx, key, "language", "en")
        link = give(tx, key, windows.address, "queue", now, secrets.randbelow)
    store.close()
    page = windows.open(link.removeprefix(windows.address), viewport=SCREEN)
    page.get_by_role("button").click()
    page.wait_for_url("**/board/queue")
    keep(page, "queue")


def answered(page: Page, cards: int) -> None:
    """Waits until the bot has posted so many cards."""
    page.locator(".of-bot").nth(cards - 1).wait_for()


def settled(page: Page) -> None:
    """Lets the newest card come to rest, with nothing focused."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")


def keep(page: Page, name: str) -> None:
    """Writes the picture of a window."""
    settled(page)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
