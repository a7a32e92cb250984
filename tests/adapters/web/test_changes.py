"""What changes under open windows, and the page of one's own: over real HTTP, on both databases."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from aiohttp import ClientResponse

from adapters.web.parse import channel_room, direct_room
from bot.messages import Ask, Card, Choice, Refused, Sent
from bot.store import Store
from tests.adapters.web.site import LEA, PAVEL, Site, Told, as_read, events, hidden, site

OTTO = "otto@example.com"
GENERAL = channel_room("general", outsiders=False).place()
NASTY = "<script>alert(1)</script>"
FORM = Card("Fill in", asks=(Ask("text", "What?"),), submits="reply")


def visit(store: Store, visiting: Callable[[Site], Coroutine[Any, Any, None]]) -> None:
    """Opens the page, and visits it."""

    async def open_and_visit() -> None:
        async with site(store) as opened:
            await visiting(opened)

    asyncio.run(open_and_visit())


async def told(stream: ClientResponse, until: int) -> list[Told]:
    """What is told of messages up to this count; what the clock says is left out."""
    found: list[Told] = []
    async for one in events(stream):
        if one.event != "clock":
            found.append(one)
        if int(one.id or 0) >= until:
            return found
    raise AssertionError("the stream ended")


def test_what_the_sender_edits_and_takes_back_is_told_to_open_windows(store: Store) -> None:
    """In its order, each as it is now; whoever comes back later is told only what they have not heard."""

    async def visiting(opened: Site) -> None:
        web, lea = opened.platform, opened.at(LEA, "general")
        first, second = [await web.send(GENERAL, Card(body), key) for body, key in (("one", "1"), ("two", "2"))]
        assert (first, second) == (Sent("1"), Sent("2"))
        async with opened.client.get(lea.address + "/live?after=2") as stream:
            assert await web.edit(GENERAL, "1", Card("uno")) == Sent("1")
            (edited,) = await told(stream, 3)
            assert (edited.event, edited.id) == ("message", "3")
            assert 'id="m-1"' in edited.data
            assert 'data-changed="3"' in edited.data
            assert "changed since uno" in as_read(edited.data)
            assert await web.delete(GENERAL, "2") == Sent("2")
            (gone,) = await told(stream, 4)
            assert 'id="m-2"' in gone.data
            assert "data-removed" in gone.data
            assert "two" not in gone.data
        headers = {"Last-Event-ID": "3"}
        async with opened.client.get(lea.address + "/live?after=0", headers=headers) as stream:
            assert [one.id for one in await told(stream, 4)] == ["4"]
        page = as_read((await lea.sees()).partition('role="log"')[2])
        assert "uno" in page
        assert "two" not in page
        assert "taken back" not in page

    visit(store, visiting)


def test_elsewhere_only_what_is_new_is_worth_a_mark(store: Store) -> None:
    """A place in which something was edited or taken back has no new message."""

    async def visiting(opened: Site) -> None:
        web, lea = opened.platform, opened.at(LEA)
        for n in range(3):
            await web.send(GENERAL, Card(f"body {n}"), str(n))
        await web.edit(GENERAL, "1", Card("other"))
        await web.delete(GENERAL, "2")
        await web.send(direct_room(LEA).place(), Card("here"), "last")
        async with opened.client.get(lea.address + "/live?after=3") as stream:
            assert [one.event for one in await told(stream, 6)] == ["message"]
        async with opened.client.get(lea.address + "/live?after=0") as stream:
            assert [one.event for one in await told(stream, 6)] == ["elsewhere", "elsewhere", "message"]

    visit(store, visiting)


def test_a_message_with_replies_says_that_it_was_taken_back(store: Store) -> None:
    """The replies stay readable; nothing can be done with the message any more."""

    async def visiting(opened: Site) -> None:
        web, lea = opened.platform, opened.at(LEA, "general")
        await web.send(GENERAL, replace(FORM, choices=(Choice("Go", "why"),)), "1")
        assert (await lea.posts("say", {"text": "thank you", "event": "a", "thread": "1"})).status == 303
        await web.delete(GENERAL, "1")
        page = as_read((await lea.sees()).partition('role="log"')[2])
        assert "This message was taken back." in page
        assert "thank you" in page
        for what, fields in (
            ("press", {"message": "1", "choice": "0"}),
            ("form", {"message": "1", "event": "1", "field.text": "x"}),
            ("say", {"text": "x", "event": "b", "thread": "1"}),
        ):
            answer = await lea.posts(what, fields)
            assert (answer.status, await answer.text()) == (404, "that message was taken back\n")

    visit(store, visiting)


def test_what_cannot_be_edited_is_refused_and_never_raised(store: Store) -> None:
    """Ids that nobody gave, what people said, and what is gone; taking back twice is done."""

    async def visiting(opened: Site) -> None:
        web = opened.platform
        opened.stage.post(GENERAL.conversation, key="t", sender=LEA, text="mine")
        await web.send(GENERAL, Card("x"), "1")
        for _ in range(2):
            assert await web.delete(GENERAL, "2") == Sent("2")
        for message in ("1", "2", "99", "", "x", "9" * 40):
            assert isinstance(await web.edit(GENERAL, message, Card("y")), Refused)
            await web.delete(GENERAL, message)
        assert "mine" in as_read(await opened.at(LEA, "general").sees())

    visit(store, visiting)


def test_a_form_that_was_handed_in_is_done_in_every_window(store: Store) -> None:
    """The others are told at once; whoever hands it in all the same learns that, and nothing is heard twice."""

    async def visiting(opened: Site) -> None:
        lea, otto = opened.at(LEA, "general"), opened.at(OTTO, "general")
        await opened.platform.send(GENERAL, FORM, "1")
        async with opened.client.get(otto.address + "/live?after=1") as stream:
            answer = await lea.posts("form", {"message": "1", "event": "a", "field.text": "can I keep my number?"})
            assert answer.status == 303
            async for one in events(stream):
                if 'id="m-1"' in one.data:
                    break
            assert "Handed in" in as_read(one.data)
            assert "<form" not in one.data
        before = opened.stage.newest()
        again = {"message": "1", "event": "b", "field.text": "mine"}
        late = await otto.posts("form", again)
        assert late.status == 409
        assert "handed in already" in as_read(await late.text())
        short = await otto.posts("form", again, {"HX-Request": "true"})
        assert (short.status, await short.text()) == (409, "That form was handed in already, in another window.")
        assert not [m for m in opened.stage.since(before, [GENERAL.conversation]) if m.changed == m.number == 1]

    visit(store, visiting)


def test_my_page_shows_what_concerns_me_and_its_buttons_lead_to_the_bot(store: Store) -> None:
    """What is pressed there is said to the bot directly; pressed twice in a row it is said once."""

    async def visiting(opened: Site) -> None:
        lea = opened.at(LEA)
        assert f'href="/as/{LEA}/"' in await lea.sees()
        page = await lea.site.client.get(f"/as/{LEA}/")
        text = await page.text()
        assert page.status == 200
        assert "New phones" in as_read(text)
        assert 'aria-current="page"' in text
        assert 'role="group" aria-label="New phones"' in text
        assert opened.stage.newest() == 0
        says, label = re.findall(r'name="press" value="([^"]+)">([^<]+)<', text)[0]
        fields = {"token": hidden(text, "token"), "event": hidden(text, "event"), "press": says, "label": label}
        for _ in range(2):
            pressed = await opened.client.post(f"/as/{LEA}/", data=fields, allow_redirects=False)
            assert (pressed.status, pressed.headers["Location"]) == (303, f"/as/{LEA}/direct#text")
        await lea.hears("")
        log = as_read((await lea.sees()).partition('role="log"')[2])
        assert log.count(f"pressed {label}") == 1

    visit(store, visiting)


def test_my_page_is_for_everybody_and_takes_only_what_it_handed_out(store: Store) -> None:
    """A guest and a stranger see what they may; nothing is said without the token, a text and its mark."""

    async def visiting(opened: Site) -> None:
        for who in ("guest", "visitor"):
            page = await (await opened.client.get(f"/as/{who}/")).text()
            assert as_read(page.partition('id="cards"')[2])
            assert ("/general" in page) is (who == "visitor")
        assert (await opened.client.get("/as/nobody/")).status == 404
        token = hidden(await opened.at(LEA).sees(), "token")
        good = {"token": token, "event": NASTY, "press": "why", "label": NASTY}
        for wrong, status in (({"token": "0"}, 403), ({"press": ""}, 404), ({"label": ""}, 404), ({"event": ""}, 404)):
            answer = await opened.client.post(f"/as/{LEA}/", data={**good, **wrong}, allow_redirects=False)
            assert answer.status == status, wrong
        foreign = await opened.client.post(f"/as/{LEA}/", data=good, headers={"Origin": "https://evil.example"})
        assert foreign.status == 403
        assert opened.stage.newest() == 0
        assert (await opened.client.post(f"/as/{LEA}/", data=good, allow_redirects=False)).status == 303
        assert NASTY not in await opened.at(LEA).sees()

    visit(store, visiting)


def test_my_page_shows_what_waits_for_me(store: Store) -> None:
    """The project manager answers from there."""

    async def visiting(opened: Site) -> None:
        lea, pavel = opened.at(LEA), opened.at(PAVEL)
        await lea.says("new phones: is there a canteen near the training room?", hears="Shall I ask Pavel Manager?")
        await lea.presses("Ask Pavel", hears="Pavel Manager")
        page = await (await opened.client.get(f"/as/{PAVEL}/")).text()
        says = re.findall(r'name="press" value="(answer \d+)"', page)
        assert says
        fields = {"token": hidden(page, "token"), "event": "e", "press": says[0], "label": "Answer"}
        assert (await opened.client.post(f"/as/{PAVEL}/", data=fields, allow_redirects=False)).status == 303
        await pavel.hears("Your answer")

    visit(store, visiting)
