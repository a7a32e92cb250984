"""The local page in a real browser: two people in two windows, forms, losses, a restart, the keyboard, barriers."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest

from tests.browser.windows import PATIENCE_MS, Cable, Kept, Windows, eventually, focused, log, says, tab_to
from tests.commands.deployment import Server

pytest.importorskip("playwright", reason="playwright is not installed: nothing was tried in a real browser")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

UNKNOWN = "new phones: is there a canteen near the training room?"
KNOWN = "can I keep my number?"
ANSWER = "moves to the new phone"


def test_a_question_is_passed_on_and_answered_in_two_windows(windows: Windows) -> None:
    """Lea passes on what nobody wrote; Pavel sees it at once, answers in a form, and Lea sees that at once."""
    lea, pavel = windows.talk("lea"), windows.talk("pm")
    says(lea, UNKNOWN)
    lea.get_by_role("button", name="Ask Pavel").click()
    expect(log(pavel)).to_contain_text("canteen")
    pavel.get_by_role("button", name="Answer").last.click()
    field = pavel.get_by_label("Your answer").last
    field.fill("  ")
    pavel.locator(".submit").last.click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("Yes, on the ground floor.")
    pavel.locator(".submit").last.click()
    expect(pavel.locator(".done").last).to_be_focused()
    expect(log(lea)).to_contain_text("Yes, on the ground floor.")
    lea.reload()
    expect(log(lea)).to_contain_text("Yes, on the ground floor.")


def test_a_channel_and_its_threads(windows: Windows) -> None:
    """What is said in a channel reaches others at once, and whoever is elsewhere too; answers stand in the thread."""
    lea, otto, pavel = windows.talk("lea", "general"), windows.talk("otto", "general"), windows.talk("pm")
    says(lea, KNOWN)
    for window in (lea, otto):
        expect(window.locator(".replies .of-bot").last).to_contain_text(ANSWER)
    expect(pavel.get_by_role("link", name="general new messages")).to_be_visible()
    otto.get_by_role("link", name="Reply to Lea Lang").last.click()
    expect(otto.locator("textarea")).to_be_focused()
    otto.get_by_label("Ask @throughline").uncheck()
    says(otto, "Good to know")
    expect(lea.locator(".replies").last).to_contain_text("Good to know")
    lea.get_by_role("link", name="Show as… another platform").last.click()
    lea.get_by_role("link", name="Card as data").click()
    expect(lea.locator(".shown-as pre")).to_contain_text('"body"')


def test_a_lost_connection_comes_back_without_losing_or_doubling_a_message(windows: Windows) -> None:
    """What is said meanwhile appears once, in order; what could not be sent stays in the field."""
    cable = Cable(windows.address)
    lea, otto = windows.talk("lea", "general", address=cable.address), windows.talk("otto", "general")
    otto.get_by_label("Ask @throughline").uncheck()
    says(otto, "before the loss")
    expect(log(lea)).to_contain_text("before the loss")
    cable.cut()
    expect(lea.locator("#lost")).to_contain_text("Connection lost")
    for n in range(5):
        says(otto, f"meanwhile {n}")
    expect(log(otto)).to_contain_text("meanwhile 4")
    says(lea, "can you hear me")
    expect(lea.get_by_role("alert")).to_contain_text("did not arrive")
    expect(lea.locator("textarea")).to_have_value("can you hear me")
    cable.mend()
    expect(log(lea)).to_contain_text("meanwhile 4")
    expect(lea.locator("#lost")).to_be_empty()
    lea.keyboard.press("Enter")
    expect(log(otto)).to_contain_text("can you hear me")
    for window in (lea, otto):
        shown = [t for t in log(window).locator(".typed").all_inner_texts() if "meanwhile" in t]
        assert shown == [f"meanwhile {n}" for n in range(5)]
        assert sum("can you hear me" in text for text in log(window).locator(".typed").all_inner_texts()) == 1
    windows.close()
    cable.close()
    windows.expect_losses()


def test_what_is_told_twice_is_shown_once(windows: Windows) -> None:
    """As when something was said between the making of the page and the beginning of the stream."""

    def as_if_made_earlier(route: Route) -> None:
        made = route.fetch()
        route.fulfill(response=made, body=re.sub(r'data-after="\d+"', 'data-after="0"', made.text()))

    page = windows.talk("otto", "general")
    page.get_by_label("Ask @throughline").uncheck()
    says(page, "first")
    expect(log(page).locator(".typed").last).to_have_text("first")
    page.route("**/general", as_if_made_earlier)
    page.reload()
    page.get_by_label("Ask @throughline").uncheck()
    says(page, "second")
    expect(log(page).locator(".typed").last).to_have_text("second")
    numbers = [message.get_attribute("id") for message in log(page).locator(".message").all()]
    assert len(numbers) == len(set(numbers)) >= 2


def test_the_server_starts_again_under_an_open_page(windows: Windows, server: Server) -> None:
    """Killed and started again: the page goes on, nothing is there twice, and buttons of before still work."""
    hilda = windows.talk("head")
    says(hilda, KNOWN)
    expect(log(hilda)).to_contain_text(ANSWER)
    before = log(hilda).locator(".message").count()
    kept = Kept(server)
    eventually(kept.everything_is_sent, lambda: hilda.wait_for_timeout(20))
    kept.close()
    server.end(signal.SIGKILL)
    expect(hilda.locator("#lost")).to_contain_text("Connection lost")
    server.start()
    expect(hilda.locator("#lost")).to_be_empty()
    assert log(hilda).locator(".message").count() == before
    hilda.get_by_role("button", name="Who sees what?").last.click()
    # What a process held that was killed is free for the next one when its lease has run out.
    expect(log(hilda).locator(".message")).to_have_count(before + 2, timeout=2 * PATIENCE_MS)
    says(hilda, "who pays for a broken screen?")
    expect(log(hilda)).to_contain_text("The company pays for one broken screen a year.")
    windows.expect_losses()


def test_everything_can_be_done_with_the_keyboard(windows: Windows) -> None:
    """Choose a person, ask, write two lines, press a button of the answer: no mouse, and one sees where one is."""
    page = windows.open()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("otto")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=otto")
    tab_to(page, "Otto Ort")
    page.keyboard.press("Enter")
    page.wait_for_url("**/as/otto@example.com/direct")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("can I keep")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("my number?")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text(ANSWER)
    expect(page.locator("textarea")).to_be_focused()
    tab_to(page, "Who sees what?", back=True)
    page.keyboard.press("Enter")
    expect(log(page).locator(".pressed").last).to_contain_text("Who sees what?")
    assert "Who sees what?" in focused(page)


def test_it_works_without_scripts(windows: Windows) -> None:
    """Every button and form is a plain form; the page is loaded anew, and that is all."""
    stranger, otto = (
        windows.open(f"/as/{who}/direct", java_script_enabled=False) for who in ("visitor", "otto@example.com")
    )
    stranger.locator("textarea").fill("new phones: where can I park my bicycle?")
    stranger.get_by_role("button", name="Send").click()
    reloaded(stranger, lambda: stranger.get_by_role("button", name="Ask without my name"))
    stranger.get_by_role("button", name="Ask without my name").last.click()
    reloaded(stranger, lambda: stranger.get_by_text("without your name. You get the answer"))
    otto.locator(".clock summary").click()
    otto.get_by_role("button", name="7 days").click()
    expect(otto.locator(".clock .tag")).to_have_text("moved")
    otto.locator(".clock summary").click()
    otto.get_by_role("button", name="Back to the real time").click()
    expect(otto.locator(".clock .tag")).to_have_count(0)


def reloaded(page: Page, shows: Callable[[], Locator]) -> None:
    """Loads the page again until it shows something; without scripts nothing appears by itself."""
    eventually(lambda: shows().count() > 0, page.reload)


def test_the_clock_is_moved_for_everybody(windows: Windows) -> None:
    """One moves it to next Monday; the other's window says so by itself."""
    lea, otto = windows.talk("lea"), windows.talk("otto")
    lea.locator(".clock summary").click()
    lea.get_by_role("button", name="Next Monday 09:00").click()
    expect(lea.locator("#now")).to_contain_text("Monday")
    expect(otto.locator("#now")).to_contain_text("Monday")
    lea.get_by_role("button", name="Back to the real time").click()
    expect(lea.locator(".clock .tag")).to_have_count(0)


@pytest.mark.parametrize(("colours", "name"), [("light", "Ada Agent"), ("dark", "Rita Root")])
def test_there_is_no_barrier_that_axe_can_find(windows: Windows, colours: str, name: str) -> None:
    """Neither where one chooses who to be, nor in a conversation with cards, a form with faults, and a thread."""
    page = windows.open(color_scheme=colours)
    barriers = found_by_axe(page)
    page.get_by_role("searchbox").fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name).click()
    page.wait_for_url("**/direct")  # the key that sends is there with the script
    says(page, UNKNOWN)
    page.get_by_role("button", name="No, thanks").last.wait_for()
    page.get_by_role("button", name="Ask Pavel").last.click()
    page.locator(".clock summary").click()
    page.get_by_role("link", name="Show as…").first.click()
    page.locator(".shown-as pre").wait_for()
    barriers += found_by_axe(page)
    pavel = windows.talk("pm", color_scheme=colours)
    pavel.get_by_role("button", name="Answer").last.click()
    pavel.get_by_label("Your answer").last.fill(" ")
    pavel.locator(".submit").last.click()
    pavel.locator("[aria-invalid]").last.wait_for()
    barriers += found_by_axe(pavel)
    channel = windows.talk("otto", "partners", color_scheme=colours)
    says(channel, KNOWN)
    channel.locator(".replies .of-bot").last.wait_for()
    barriers += found_by_axe(channel)
    channel.get_by_role("link", name="My page").click()
    channel.wait_for_url("**/as/otto@example.com/")
    assert barriers + found_by_axe(channel) == []


def found_by_axe(page: Page) -> list[str]:
    """What axe calls a violation, in a line each."""
    return [
        f"{page.url}: {wrong['id']} ({wrong['impact']}): {node['target']}"
        for wrong in Axe().run(page).response["violations"]
        for node in wrong["nodes"]
    ]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400)], ids=["a phone", "zoomed to 200 %"])
def test_nothing_is_cut_off_where_there_is_little_room(windows: Windows, width: int, height: int) -> None:
    """No page scrolls sideways, and one can read and write."""
    page = windows.open(viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page = windows.talk("lea", viewport={"width": width, "height": height})
    says(page, KNOWN)
    expect(log(page)).to_contain_text(ANSWER)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("textarea")).to_be_in_viewport()
    page.get_by_role("link", name="My page").click()
    page.wait_for_url("**/as/lea@example.com/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_picture_stays_within_its_card(windows: Windows) -> None:
    """However large it is, and wide words stay whole."""
    page = windows.talk("lea", viewport={"width": 640, "height": 800})
    says(page, "roadmap")
    picture = log(page).locator("figure img").last
    picture.wait_for()
    card = log(page).locator(".card:has(figure img)").last
    inside, around = picture.bounding_box(), card.bounding_box()
    assert inside
    assert around
    assert inside["x"] + inside["width"] <= around["x"] + around["width"]


def test_right_to_left_text_is_shown_from_the_right(windows: Windows) -> None:
    """Within a page that runs from the left."""
    page = windows.talk("otto", "general")
    page.get_by_label("Ask @throughline").uncheck()
    says(page, "متى يبدأ التغيير؟")
    typed = log(page).locator(".typed").last
    expect(typed).to_have_text("متى يبدأ التغيير؟")
    assert typed.evaluate("element => getComputedStyle(element).direction") == "rtl"
