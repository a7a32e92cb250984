"""The pages in a real browser: a link from the chat, the pages with axe and on a phone, one sheet of A4."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: nothing was tried in a real browser")

from playwright.sync_api import Page, expect

from tests.browser.test_page import found_by_axe
from tests.browser.windows import Windows, says, tab_to

KIT = "/board/kit/phones/phones-out"
SHEETS_OF_PAPER = re.compile(rb"/Type\s*/Page\b(?!s)")


def entered(windows: Windows, who: str, **settings: Any) -> Page:
    """A window in which this person has opened the pages from the chat, with the keyboard alone."""
    chat = windows.talk(who, **settings)
    links = chat.get_by_role("link", name="Open my pages")
    before = links.count()
    says(chat, "my pages")
    expect(links).to_have_count(before + 1)
    chat.goto(links.last.get_attribute("href") or "")
    tab_to(chat, "Open my pages")
    chat.keyboard.press("Enter")
    chat.wait_for_url("**/board/")
    return chat


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_there_is_no_barrier_that_axe_can_find(windows: Windows, colours: str) -> None:
    """Neither before nor behind the link."""
    page = windows.open("/board/ask", color_scheme=colours)
    barriers = found_by_axe(page)
    pavel = entered(windows, "pm", color_scheme=colours)
    barriers += found_by_axe(pavel)
    for path in ("queue", "decided", "coverage", "broadcasts", "wins"):
        pavel.goto(f"{windows.address}/board/{path}")
        barriers += found_by_axe(pavel)
    pavel.goto(windows.address + KIT)
    assert barriers + found_by_axe(pavel) == []


def test_the_pages_fit_on_a_phone_and_are_left_with_one_press(windows: Windows) -> None:
    """No page scrolls sideways; after leaving there is nothing to see."""
    page = entered(windows, "pm", viewport={"width": 360, "height": 640})
    for path in ("overview", "queue", "decided", "coverage", KIT.removeprefix("/board/")):
        page.goto(f"{windows.address}/board/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left")
    page.goto(windows.address + "/board/ask")
    page.goto(windows.address + KIT + "?")
    windows.complaints[:] = [said for said in windows.complaints if "403" not in said]
    expect(page.get_by_role("heading", level=1)).to_have_text("These pages open with a personal link")


def fill_up(page: Page) -> None:
    """The longest texts that a sheet may hold, in each of its places."""
    long = "word " * 26
    page.locator(".paper").evaluate(
        """(paper, long) => {
          for (const part of paper.querySelectorAll('.part')) part.textContent = long;
          paper.querySelector('.headline').textContent = long.slice(0, 80);
          paper.querySelector('.headline').classList.add('long');
          paper.querySelector('.asking + .asking').textContent = 'No account? Ask Maximiliana Featherstonehaugh-Smith.';
        }""",
        long,
    )


def test_the_sheet_is_one_page_of_paper_and_can_be_read_from_two_metres(windows: Windows) -> None:
    """What is printed is the sheet alone. A capital letter is about 0.7 of the size: 5 mm and more."""
    page = entered(windows, "agent")
    page.goto(windows.address + KIT)
    fill_up(page)
    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    paper = page.locator(".paper")
    assert paper.evaluate("paper => paper.scrollHeight <= paper.clientHeight")
    assert len(SHEETS_OF_PAPER.findall(printed)) == 1
    expect(page.locator(".bar")).to_be_hidden()
    sizes = paper.evaluate(
        "paper => [...paper.querySelectorAll('.headline, .date, .part, .asking')]"
        ".map(one => parseFloat(getComputedStyle(one).fontSize) * 25.4 / 96)"
    )
    assert min(sizes) * 0.7 >= 5
