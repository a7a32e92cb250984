"""What changes under open windows of the local page, in a real browser, and the page of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Ask, Card
from tests.browser.windows import Cable, Kept, Windows, log, says, tab_to
from tests.commands.deployment import Server

pytest.importorskip("playwright", reason="playwright is not installed: nothing was tried in a real browser")

from playwright.sync_api import expect

ASKING = Card("Ask something", asks=(Ask("text", "What is missing?"),), submits="reply")


def test_a_form_handed_in_is_done_in_the_other_window_too(windows: Windows) -> None:
    """What is typed there meanwhile does not hold it up; the keyboard stays where it was."""
    otto, pavel, again = windows.talk("otto"), windows.talk("pm"), windows.talk("pm")
    says(otto, "new phones: where do I leave my bicycle on the training day?")
    otto.get_by_role("button", name="Ask Pavel").click()
    expect(log(pavel)).to_contain_text("bicycle")
    pavel.get_by_role("button", name="Answer").last.click()
    again.get_by_label("Your answer").last.fill("I wanted to say")
    pavel.get_by_label("Your answer").last.fill("In the basement.")
    pavel.locator(".submit").last.click()
    expect(again.locator(".done").last).to_be_focused()
    expect(again.locator("form.asks")).to_have_count(pavel.locator("form.asks").count())
    expect(log(otto)).to_contain_text("In the basement.")


def test_messages_change_and_go_under_open_windows(windows: Windows, server: Server) -> None:
    """Also while the connection is lost; each message is there once, in its place, and what was typed stays."""
    kept, cable = Kept(server), Cable(windows.address)
    root, alone, form = (kept.posts(name, Card(name)) for name in ("root", "alone", "form"))
    kept.changes(form, ASKING)
    windows_open = otto, lea = windows.talk("otto", "partners"), windows.talk("lea", "partners", address=cable.address)
    otto.locator(f"#m-{root}").get_by_role("link", name="Reply").click()
    otto.get_by_label("Ask @throughline").uncheck()
    says(otto, "a reply")
    expect(lea.locator(f"#m-{root} .replies")).to_contain_text("a reply")
    lea.get_by_label("What is missing?").last.fill("Not yet sent")
    kept.changes(form, replace(ASKING, body="Ask something else"))
    expect(log(lea)).to_contain_text("Ask something else")
    expect(lea.get_by_label("What is missing?").last).to_have_value("Not yet sent")
    expect(lea.get_by_label("What is missing?").last).to_be_focused()
    cable.cut()
    expect(lea.locator("#lost")).to_contain_text("Connection lost")
    kept.takes_back(root, alone)
    late, later = (kept.posts(name, Card(f"Posted {name}")) for name in ("late", "later"))
    kept.changes(late, Card("Posted late, and changed"))
    expect(log(otto)).to_contain_text("and changed")
    cable.mend()
    for window in windows_open:
        expect(log(window)).to_contain_text("Posted late, and changed")
        expect(window.locator(f"#m-{alone}")).to_have_count(0)
        expect(window.locator(f"#m-{root}")).to_contain_text("This message was taken back.")
        expect(window.locator(f"#m-{root} .replies")).to_contain_text("a reply")
        expect(window.get_by_role("status").filter(has_text="A message was taken back.")).to_be_attached()
        shown = [int((m.get_attribute("id") or "").removeprefix("m-")) for m in log(window).locator("> .message").all()]
        assert shown == sorted(set(shown))
        assert shown[-3:] == [form, late, later]
    kept.close()
    windows.close()
    cable.close()
    windows.expect_losses()


def test_my_page_leads_to_the_conversation(windows: Windows) -> None:
    """With the keyboard: there, a button, and what comes of it stands where one can write on."""
    page = windows.talk("lea")
    tab_to(page, "My page", back=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/as/lea@example.com/")
    expect(page.get_by_role("link", name="My page")).to_have_attribute("aria-current", "page")
    tab_to(page, "What changes for me?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/direct#text")
    expect(log(page).locator(".pressed").last).to_contain_text("What changes for me?")
    expect(log(page).locator(".of-bot").last).to_contain_text("what changes for Sales")
    expect(page.locator("textarea")).to_be_focused()


def test_whoever_reads_further_up_is_told_that_there_is_more_below(windows: Windows) -> None:
    """What they read stays in view; one press leads to the newest."""
    otto = windows.talk("otto", "general", viewport={"width": 360, "height": 640})
    otto.get_by_label("Ask @throughline").uncheck()
    says(otto, "\n".join(str(n) for n in range(60)))
    expect(log(otto).locator(".typed").last).to_contain_text("59")
    otto.evaluate("document.getElementById('log').scrollTop = 0")
    lea = windows.talk("lea", "general")
    lea.get_by_label("Ask @throughline").uncheck()
    says(lea, "far below")
    otto.get_by_role("button", name="New messages below").click()
    expect(log(otto).get_by_text("far below").last).to_be_in_viewport()
    expect(otto.get_by_role("button", name="New messages below")).to_be_hidden()
